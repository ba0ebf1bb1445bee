//! Rows that are as they should be, decided on bytes. Everything else is read by `domain::list`, which is exact.

use domain::capabilities::{IdShape, Identity};
use domain::list::ColumnKind;

/// True if the cell is a key that the vendor accepts as it is, so that nothing has to be said about it.
pub(crate) fn is_key(cell: &[u8], kind: ColumnKind, identity: &Identity) -> bool {
    match kind {
        ColumnKind::Email => identity.takes_emails && is_email(cell),
        ColumnKind::Id if identity.takes_ids => match identity.id_shape {
            IdShape::Slug { max } => is_slug(cell) && cell.len() <= max,
            IdShape::Uuid | IdShape::Hex24 => false,
        },
        _ => false,
    }
}

/// True for text that is a name as it is, with or without quotation marks around the cell, or empty.
pub(crate) fn is_name(cell: &[u8]) -> bool {
    let inner = cell.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(cell);
    inner.iter().all(|byte| IS_OF_NAME[usize::from(*byte)])
}

/// Whether a byte is part of a name that is a name as it is.
const IS_OF_NAME: [bool; 256] = {
    let mut all = [false; 256];
    let mut byte = 0;
    while byte < all.len() {
        all[byte] = match byte as u8 {
            b'"' | b'\'' | b'@' | b'=' | b'<' | b'>' => false,
            b' '..=b'~' | 0xc3..=0xd7 | 0x80..=0xbf => true,
            _ => false,
        };
        byte += 1;
    }
    all
};

/// Whether a byte is part of a plain address before its `@`.
const IS_LOCAL: [bool; 256] = {
    let mut all = [false; 256];
    let mut byte = 0;
    while byte < all.len() {
        all[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'.' | b'_' | b'+' | b'-');
        byte += 1;
    }
    all
};

/// A plain address: `local@host.tld` of letters, digits and the usual marks.
fn is_email(cell: &[u8]) -> bool {
    let Some(at) = cell.iter().position(|byte| *byte == b'@') else { return false };
    let (local, host) = (&cell[..at], &cell[at + 1..]);
    if !(1..=64).contains(&local.len()) || cell.len() > 254 {
        return false;
    }
    if !local.iter().all(|byte| IS_LOCAL[usize::from(*byte)])
        || !local[0].is_ascii_alphanumeric()
        || has_double_dot(local)
    {
        return false;
    }
    if !local[local.len() - 1].is_ascii_alphanumeric() {
        return false;
    }
    let mut n_labels = 0;
    let mut last: &[u8] = &[];
    for label in host.split(|byte| *byte == b'.') {
        let is_label = (1..=63).contains(&label.len())
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && label[0] != b'-'
            && label[label.len() - 1] != b'-';
        if !is_label {
            return false;
        }
        n_labels += 1;
        last = label;
    }
    n_labels >= 2 && last.len() >= 2 && last.iter().all(u8::is_ascii_alphabetic)
}

fn has_double_dot(text: &[u8]) -> bool {
    text.windows(2).any(|pair| pair == b"..")
}

fn is_slug(cell: &[u8]) -> bool {
    let is_own =
        |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    cell.iter().all(is_own) && cell.iter().any(u8::is_ascii_alphanumeric)
}
