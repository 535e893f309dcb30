use std::{env, fmt, str::FromStr};

/// Where the compiler for the guest comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The Rust toolchain in use, with its own standard library for the target.
    Rustup,
    /// Debian's packages; the standard library is compiled from source along with the guest.
    Debian,
}

/// A way that does not exist was asked for.
#[derive(Debug, thiserror::Error)]
#[error("`{variable}` is `{value}`, but must be `rustup` or `debian`", variable = Way::VARIABLE)]
pub struct UnknownWay {
    value: String,
}

impl Way {
    /// The environment variable that forces a way.
    pub const VARIABLE: &str = "ALCOVE_GUEST_TOOLCHAIN";

    /// All ways, the preferred one first.
    pub const ALL: [Self; 2] = [Self::Rustup, Self::Debian];

    /// The ways to try: the one that [`Way::VARIABLE`] forces, or all.
    ///
    /// # Errors
    /// The variable is set to something that is not a way.
    pub fn wanted() -> Result<Vec<Self>, UnknownWay> {
        match env::var_os(Self::VARIABLE) {
            None => Ok(Self::ALL.to_vec()),
            Some(value) => Ok(vec![value.to_string_lossy().parse()?]),
        }
    }
}

impl FromStr for Way {
    type Err = UnknownWay;

    fn from_str(value: &str) -> Result<Self, UnknownWay> {
        match value {
            "rustup" => Ok(Self::Rustup),
            "debian" => Ok(Self::Debian),
            _ => Err(UnknownWay { value: value.to_owned() }),
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rustup => "rustup",
            Self::Debian => "debian",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_read_as_it_is_written() {
        for way in Way::ALL {
            assert_eq!(way.to_string().parse::<Way>().unwrap(), way);
        }
    }

    #[test]
    fn an_unknown_way_is_refused_with_the_choices() {
        let message = "fedora".parse::<Way>().unwrap_err().to_string();
        assert_eq!(message, "`ALCOVE_GUEST_TOOLCHAIN` is `fedora`, but must be `rustup` or `debian`");
    }
}
