//! The path that a console is hosted under.

use std::str::FromStr;

use anyhow::{Error, Result, ensure};

/// A path that begins and ends with a slash, such as `/` or `/desk/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasePath(String);

impl BasePath {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_root(&self) -> bool {
        self.0 == "/"
    }
}

impl Default for BasePath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl FromStr for BasePath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_step = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_plain);
        let is_ok = text == "/" || inner.is_some_and(|inner| inner.split('/').all(is_step));
        ensure!(is_ok, "--base is a path with a slash at both ends, such as /desk/, and not {text}");
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_a_path_with_a_slash_at_both_ends() {
        for good in ["/", "/desk/", "/a/b-c.d/"] {
            assert_eq!(good.parse::<BasePath>().expect("it is a path").as_str(), good);
        }
        for bad in
            ["", "desk", "/desk", "desk/", "//", "/a//b/", "/../", "/a b/", "/\"/", "https://a.example/"]
        {
            assert!(bad.parse::<BasePath>().is_err(), "{bad}");
        }
    }
}
