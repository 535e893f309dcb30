//! Connectors: what can be read.

use alcove_plan::{
    expr::Compare,
    types::{Kind, Type},
};
use serde::Deserialize;

use crate::TypeName;

/// One data set of the platform.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connector {
    /// The name that configs use.
    pub name: String,
    /// One sentence for people who choose a connector.
    pub summary: String,
    /// Rows without a `limit` in the config.
    pub default_limit: u32,
    /// The largest `limit`.
    pub limit_max: u32,
    /// Its fields, in the order of rows without a projection.
    pub fields: Vec<Field>,
    /// Where its rows come from.
    pub binding: ConnectorBinding,
}

/// One field of a connector.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The name that configs use; also the column's name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: TypeName,
    /// Whether filters may name it.
    #[serde(default)]
    pub filterable: bool,
    /// Whether it is personal data: redacted in logs, subject to data-flow policy.
    #[serde(default)]
    pub pii: bool,
    /// Whether it is text for people to read, and nothing that decides: a model may have written it.
    #[serde(default)]
    pub prose: bool,
    /// The closed set of its values, where there is one.
    #[serde(default)]
    pub values: Vec<String>,
}

/// Where a connector's rows come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ConnectorBinding {
    /// A table or view whose columns are the fields, plus `tenant_id`.
    Sql {
        /// The table.
        table: String,
    },
    /// The state of the running app.
    AppState,
}

impl Connector {
    /// A field by its name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// Whether rows may be sorted by it: any scalar.
    pub fn sortable(&self) -> bool {
        matches!(self.ty.ty, Type::One(Kind::Bool | Kind::Int | Kind::Num | Kind::Str | Kind::Time))
    }

    /// The comparison operators that filters may use on it (`exists` is always among the operators, and `regex` for
    /// strings); empty where it is not filterable.
    pub fn operators(&self) -> &'static [Compare] {
        use Compare::{Contains, EndsWith, Eq, Gt, Gte, In, Lt, Lte, Ne, NotIn, StartsWith};
        if !self.filterable {
            return &[];
        }
        match self.ty.ty {
            Type::One(Kind::Str) => &[Eq, Ne, Gt, Gte, Lt, Lte, In, NotIn, Contains, StartsWith, EndsWith],
            Type::One(Kind::Int | Kind::Num | Kind::Time) => &[Eq, Ne, Gt, Gte, Lt, Lte, In, NotIn],
            Type::One(Kind::Bool) => &[Eq, Ne],
            Type::ListOf(_) | Type::One(Kind::List) => &[Contains],
            Type::One(Kind::Any | Kind::Object) => &[],
        }
    }
}
