//! Pictures of groups and communities, by name only: they are never loaded.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longest URL: the most that a vendor documents.
const MAX_ADDRESS: usize = 3_000;
/// Longest file name. Assumed: no page names one; file systems end here.
const MAX_FILE_NAME: usize = 255;

/// How a vendor identifies a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// By its URL.
    Address,
    /// By the name of a file uploaded to the vendor before.
    FileName,
}

/// A picture, by URL or by file name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Picture(Box<str>);

/// Why a text is not a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParsePictureError {
    /// The text is empty.
    #[error("nothing was typed")]
    Empty,
    /// It is too long for the vendor.
    #[error("it is too long")]
    TooLong,
    /// The URL does not begin with `https://`.
    #[error("the address does not begin with https://")]
    NotHttps,
    /// The URL has no host, or contains whitespace or credentials.
    #[error("this is no address of a picture")]
    BadAddress,
    /// It is a path, or has characters that are invalid in file names.
    #[error("this is no file name")]
    BadFileName,
}

impl Picture {
    /// Parses text as this kind of picture.
    ///
    /// # Errors
    /// If it is empty, too long, not `https:`, or not a valid URL or file name.
    pub fn parse(text: &str, kind: PictureKind) -> Result<Self, ParsePictureError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParsePictureError::Empty);
        }
        match kind {
            PictureKind::Address => check_address(text)?,
            PictureKind::FileName => check_file_name(text)?,
        }
        Ok(Self(text.into()))
    }

    /// Parses text as this kind of picture; `None` if it is empty.
    ///
    /// # Errors
    /// Like [`parse`](Self::parse), except for an empty text.
    pub fn parse_optional(text: &str, kind: PictureKind) -> Result<Option<Self>, ParsePictureError> {
        match Self::parse(text, kind) {
            Ok(picture) => Ok(Some(picture)),
            Err(ParsePictureError::Empty) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The URL or file name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_address(text: &str) -> Result<(), ParsePictureError> {
    if text.len() > MAX_ADDRESS {
        return Err(ParsePictureError::TooLong);
    }
    let scheme = text.get(..8).filter(|scheme| scheme.eq_ignore_ascii_case("https://"));
    let Some(rest) = scheme.and_then(|_| text.get(8..)) else {
        return Err(ParsePictureError::NotHttps);
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>\\^`{|}".contains(c);
    let is_host = !host.is_empty() && !host.starts_with(':') && !host.contains('@');
    if is_host && rest.chars().all(is_plain) { Ok(()) } else { Err(ParsePictureError::BadAddress) }
}

fn check_file_name(text: &str) -> Result<(), ParsePictureError> {
    if text.len() > MAX_FILE_NAME {
        return Err(ParsePictureError::TooLong);
    }
    let is_name = |c: char| !c.is_control() && !"/\\:*?\"<>|".contains(c);
    let is_step = matches!(text, "." | "..");
    if text.chars().all(is_name) && !is_step { Ok(()) } else { Err(ParsePictureError::BadFileName) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_https_and_whole() {
        use ParsePictureError::{BadAddress, Empty, NotHttps, TooLong};
        let long = format!("https://example.org/{}", "a".repeat(3_000));
        let table = [
            (" https://media.example.com/c/dp.png?x=1#y ", Ok("https://media.example.com/c/dp.png?x=1#y")),
            ("HTTPS://example.org/ü.png", Ok("HTTPS://example.org/ü.png")),
            ("", Err(Empty)),
            ("http://example.org/dp.png", Err(NotHttps)),
            ("javascript:alert(1)", Err(NotHttps)),
            ("data:image/png;base64,AAAA", Err(NotHttps)),
            ("//example.org/dp.png", Err(NotHttps)),
            ("https:///dp.png", Err(BadAddress)),
            ("https://:443/dp.png", Err(BadAddress)),
            ("https://user:secret@example.org/dp.png", Err(BadAddress)),
            ("https://example.org/a b.png", Err(BadAddress)),
            ("https://example.org/\"onload=1", Err(BadAddress)),
            (&long, Err(TooLong)),
        ];
        for (typed, expected) in table {
            let found = Picture::parse(typed, PictureKind::Address);
            assert_eq!(found.as_ref().map(Picture::as_str), expected.as_ref().copied(), "{typed}");
        }
    }

    #[test]
    fn file_names_hold_no_path() {
        use ParsePictureError::{BadFileName, Empty, TooLong};
        let long = "a".repeat(256);
        let table = [
            (" dp 1.png ", Ok("dp 1.png")),
            ("bañer.webp", Ok("bañer.webp")),
            (" ", Err(Empty)),
            ("..", Err(BadFileName)),
            ("c/dp.png", Err(BadFileName)),
            ("c\\dp.png", Err(BadFileName)),
            ("https://example.org/dp.png", Err(BadFileName)),
            (&long, Err(TooLong)),
        ];
        for (typed, expected) in table {
            let found = Picture::parse(typed, PictureKind::FileName);
            assert_eq!(found.as_ref().map(Picture::as_str), expected.as_ref().copied(), "{typed}");
        }
    }
}
