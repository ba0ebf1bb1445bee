//! The keys by which vendors know people and groups: e-mail addresses, phone numbers and ids.

use email_address::{EmailAddress, Options};

use crate::capabilities::{IdShape, Identity};
use crate::phone::{self, Country};
use crate::{PersonKey, ProblemCode};

/// A key as it is sent, and whether it says the same in other words than the text did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReadKey {
    pub key: PersonKey,
    /// The code of the notice that says what was changed.
    pub changed: Option<ProblemCode>,
}

/// Parses a key by its form and by what the vendor accepts.
///
/// # Errors
/// What is wrong, and what was found or is suggested.
pub(crate) fn parse(
    text: &str,
    identity: &Identity,
    country: Option<Country>,
) -> Result<ReadKey, (ProblemCode, String)> {
    if phone::is_scientific(text) {
        return Err((ProblemCode::DigitsLost, text.into()));
    }
    if text.contains('@') {
        if !identity.takes_emails {
            return Err((ProblemCode::WrongKind, text.into()));
        }
        let address = email(text).ok_or((ProblemCode::BadEmail, text.into()))?;
        let changed = has_mixed_scripts(&address).then_some(ProblemCode::MixedScripts);
        return Ok(ReadKey { key: PersonKey::Email(address), changed });
    }
    if identity.takes_ids {
        match id(text, identity.id_shape) {
            Ok(id) => {
                let is_folded = matches!(identity.id_shape, IdShape::Slug { .. }) && *id != *text;
                let changed = is_folded.then_some(ProblemCode::FoldedCase);
                return Ok(ReadKey { key: PersonKey::Id(id), changed });
            }
            Err(code) if !identity.takes_phones => return Err((code, suggestion(text, identity.id_shape))),
            Err(_) => {}
        }
    }
    let is_phone = phone::is_like(text);
    if identity.takes_phones {
        if !is_phone {
            let code = if identity.takes_ids { ProblemCode::BadId } else { ProblemCode::BadPhone };
            return Err((code, text.into()));
        }
        let number = phone::parse(text, country).map_err(|code| (code, text.into()))?;
        let changed = (!number.is_same).then_some(ProblemCode::ReadAs);
        return Ok(ReadKey { key: PersonKey::Phone(number.digits), changed });
    }
    let code = if is_phone { ProblemCode::WrongKind } else { ProblemCode::BadEmail };
    Err((code, text.into()))
}

/// Parses an e-mail address whose domain has a dot, with the length limit of RFC 5321.
pub fn email(text: &str) -> Option<Box<str>> {
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    // The library takes more than mail servers and lists do: `a@b.org|c`.
    let is_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-') || !c.is_ascii();
    let is_plain = text.rsplit_once('@').is_some_and(|(local, host)| {
        host.chars().all(is_host) && !local.contains(|c: char| c == '|' || c.is_whitespace())
    });
    let is_ok = text.len() <= 254
        && is_plain
        && EmailAddress::parse_with_options(text, options).is_ok()
        && !text.starts_with('"');
    is_ok.then(|| text.into())
}

/// Parses an id of a shape.
///
/// # Errors
/// [`ProblemCode::IdTooLong`] or [`ProblemCode::BadId`].
pub fn id(text: &str, shape: IdShape) -> Result<Box<str>, ProblemCode> {
    match shape {
        IdShape::Slug { max } => {
            let folded = text.to_ascii_lowercase();
            if folded.is_empty() || !folded.bytes().all(is_slug_byte) {
                Err(ProblemCode::BadId)
            } else if folded.len() > max {
                Err(ProblemCode::IdTooLong)
            } else {
                Ok(folded.into())
            }
        }
        IdShape::Uuid if is_uuid(text) => Ok(text.to_ascii_lowercase().into()),
        IdShape::Hex24 if is_hex24(text) => Ok(text.to_ascii_lowercase().into()),
        IdShape::Uuid | IdShape::Hex24 => Err(ProblemCode::BadId),
    }
}

/// True for bytes of an id that is a slug, in the case in which the vendor keeps it.
pub(crate) fn is_slug_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
}

/// True for 8-4-4-4-12 hexadecimal digits.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(idx, b)| match idx {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// True for 24 hexadecimal digits.
pub(crate) fn is_hex24(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// True for invisible characters and those that change the direction of text.
pub fn is_hidden(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        || (c.is_control() && c != '\t')
}

/// True if a word of an address mixes Latin letters with Cyrillic or Greek ones, which look alike.
fn has_mixed_scripts(address: &str) -> bool {
    let is_greek_or_cyrillic = |c: char| matches!(c, '\u{370}'..='\u{52F}');
    address
        .split(['@', '.'])
        .any(|word| word.contains(is_greek_or_cyrillic) && word.contains(|c: char| c.is_ascii_alphabetic()))
}

/// A suggestion for a bad id, with hyphens for invalid characters; empty if there is none.
pub(crate) fn suggestion(text: &str, shape: IdShape) -> String {
    let IdShape::Slug { max } = shape else { return String::new() };
    let mut slug = String::new();
    for c in text.to_lowercase().chars() {
        if c.is_ascii() && is_slug_byte(c as u8) {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-');
    if slug.bytes().any(|b| b.is_ascii_alphanumeric()) && slug.len() <= max {
        slug.into()
    } else {
        String::new()
    }
}
