//! The compiler's check: types in, type out.

use alcove_plan::{
    types::{Kind, Type},
    value::Value,
};

use super::{Accepts, ArgType, LiteralRule, Output, Param, Signature, SignatureError};

impl Signature {
    /// The type of the result, or why the filter cannot be applied. `any` passes everywhere and is checked when the
    /// filter runs. Whether the result may be null is not said: null in gives null, and so does a missing item or a
    /// division by zero.
    pub fn check(&self, input: Type, args: &[ArgType]) -> Result<Type, SignatureError> {
        if !self.input.admits_type(input) {
            return Err(SignatureError::Input { expected: self.input.words(), found: input });
        }
        if args.len() > self.params.len() {
            return Err(SignatureError::TooManyArguments { max: self.params.len(), found: args.len() });
        }
        for (position, param) in self.params.iter().enumerate() {
            match args.get(position) {
                Some(arg) => self.check_argument(input, position, param, arg)?,
                None if param.required => return Err(SignatureError::MissingArgument { argument: param.name }),
                None => {}
            }
        }
        Ok(self.output.of(input, args))
    }

    fn check_argument(&self, input: Type, position: usize, param: &Param, arg: &ArgType) -> Result<(), SignatureError> {
        let argument = param.name;
        let accepts = param.accepts.beside(self.output, input);
        if !accepts.admits_type(arg.ty) {
            let expected = accepts.words();
            return Err(SignatureError::ArgumentType { argument, position, expected, found: arg.ty });
        }
        let Some(literal) = &arg.literal else {
            let demanded = match param.literal {
                LiteralRule::Free => false,
                LiteralRule::Always => true,
                LiteralRule::Strings => arg.ty == Type::One(Kind::Str),
            };
            return if demanded { Err(SignatureError::LiteralRequired { argument, position }) } else { Ok(()) };
        };
        (param.valid)(literal).map_err(|reason| SignatureError::ArgumentValue { argument, position, reason })
    }
}

impl Accepts {
    /// The narrower set that goes with the input, where one argument depends on it: in `plus` and `minus` a duration
    /// goes with a timestamp and a number with a number.
    fn beside(self, output: Output, input: Type) -> Self {
        let duration = self.kinds.contains(&Kind::Str);
        match (output, input) {
            (Output::Arithmetic, Type::One(Kind::Time)) if duration => Self::kinds(&[Kind::Str]),
            (Output::Arithmetic, Type::One(Kind::Int | Kind::Num)) if duration => Self::kinds(&[Kind::Num]),
            _ => self,
        }
    }

    fn admits_type(self, ty: Type) -> bool {
        let among = |kinds: &[Kind], kind: Kind| {
            kind == Kind::Any
                || kinds.iter().any(|k| *k == Kind::Any || *k == kind || (*k == Kind::Num && kind == Kind::Int))
        };
        match ty {
            Type::One(kind) => among(self.kinds, kind),
            Type::ListOf(item) => among(self.kinds, Kind::List) && among(self.items, item),
        }
    }
}

impl Output {
    fn of(self, input: Type, args: &[ArgType]) -> Type {
        let first = args.first();
        match self {
            Self::Fixed(ty) => ty,
            Self::SameAsInput => input,
            Self::Arithmetic => arithmetic(input, first.map_or(Type::One(Kind::Any), |arg| arg.ty)),
            Self::Rounded => match first {
                None => Type::One(Kind::Int),
                Some(arg) if arg.literal == Some(Value::Int(0)) => Type::One(Kind::Int),
                Some(_) => Type::One(Kind::Num),
            },
            Self::ItemOfInput => match input {
                Type::ListOf(kind) => Type::One(kind),
                Type::One(_) => Type::One(Kind::Any),
            },
            Self::FieldsOfItems => Type::One(Kind::List),
            Self::UnionWithArg => first.map_or(input, |arg| union(input, arg.ty)),
        }
    }
}

fn arithmetic(input: Type, arg: Type) -> Type {
    match (input, arg) {
        (Type::One(Kind::Time), _) | (_, Type::One(Kind::Str)) => Type::One(Kind::Time),
        (Type::One(Kind::Int), Type::One(Kind::Int)) => Type::One(Kind::Int),
        (Type::One(Kind::Any), Type::One(Kind::Any)) => Type::One(Kind::Any),
        _ => Type::One(Kind::Num),
    }
}

fn union(a: Type, b: Type) -> Type {
    match (a, b) {
        _ if a == b => a,
        (Type::One(Kind::Int | Kind::Num), Type::One(Kind::Int | Kind::Num)) => Type::One(Kind::Num),
        (Type::ListOf(_) | Type::One(Kind::List), Type::ListOf(_) | Type::One(Kind::List)) => Type::One(Kind::List),
        _ => Type::One(Kind::Any),
    }
}
