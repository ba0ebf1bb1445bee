//! A person as bytes: the texts that are searched, as they are compared, and what it takes to show them as they were.

use std::borrow::Cow;

use domain::{Member, Scope, Search};
use memchr::memchr;

/// Ends each searched text. No byte of UTF-8 is like it.
pub(crate) const SEPARATOR: u8 = 0xff;

/// A searched text of a person, in the order in which they are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextField {
    Name,
    Id,
    Email,
    Phone,
    Nickname,
}

impl TextField {
    /// Every field, in order.
    pub(crate) const ALL: [TextField; 5] =
        [TextField::Name, TextField::Id, TextField::Email, TextField::Phone, TextField::Nickname];
}

// How a text differs from the one that is searched, in two bits a field.
const SAME: u16 = 0;
/// A bit for each byte says which letters are capitals.
const CAPITALS: u16 = 1;
/// The text is kept beside the searched one.
const APART: u16 = 2;
/// The text is there, but empty.
const BLANK: u16 = 3;

// Texts that are not searched follow in this order, each if its bit is set.
const PICTURE: u16 = 1 << 10;
const SMALL_PICTURE: u16 = 1 << 11;
const BIO: u16 = 1 << 12;
const INVITE_ID: u16 = 1 << 13;
const SYSTEM_SHIFT: u16 = 14;

// The flags of a person.
const SCOPE_MASK: u16 = 7;
const ACTIVE_SHIFT: u16 = 3;
const AVATAR_SHIFT: u16 = 5;
/// Each word of the name begins with a capital, and there are no others.
const HAS_CAPITALIZED_NAME: u16 = 1 << 7;
/// Something is kept beside the searched texts.
const HAS_REST: u16 = 1 << 8;

/// Packs people one after another, into the same memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Packer {
    text: Vec<u8>,
    rest: Vec<u8>,
    flags: u16,
}

impl Packer {
    /// Packs a person. `search` folds texts.
    pub(crate) fn pack(&mut self, member: &Member, search: &Search) {
        self.text.clear();
        self.rest.clear();
        self.rest.extend([0; 2]);
        self.flags = scope_code(member.scope)
            | bool_code(member.is_active) << ACTIVE_SHIFT
            | bool_code(member.is_avatar) << AVATAR_SHIFT;
        let id = Some(&member.id).filter(|id| !id.is_empty());
        let texts = [
            member.name.as_ref(),
            id,
            member.email.as_ref(),
            member.phone.as_ref(),
            member.nickname.as_ref(),
        ];
        let (mut codes, mut end) = (bool_code(member.is_system) << SYSTEM_SHIFT, 0);
        for (field, text) in TextField::ALL.into_iter().zip(texts) {
            let start = self.text.len();
            let code = text.map_or(SAME, |text| self.push_text(field, text, search));
            codes |= code << (field as u16 * 2);
            end = if self.text.len() > start { self.text.len() + 1 } else { end };
            self.text.push(SEPARATOR);
        }
        // Fields after the last one that has text need no separators, but every person needs one.
        self.text.truncate(end.max(1));
        let beside = [
            (PICTURE, &member.picture),
            (SMALL_PICTURE, &member.small_picture),
            (BIO, &member.bio),
            (INVITE_ID, &member.invite_id),
        ];
        for (bit, text) in beside {
            if let Some(text) = text {
                codes |= bit;
                push_apart(&mut self.rest, text);
            }
        }
        if codes == 0 {
            self.rest.clear();
        } else {
            self.rest[..2].copy_from_slice(&codes.to_le_bytes());
            self.flags |= HAS_REST;
        }
    }

    /// The person that was packed.
    pub(crate) fn person(&self) -> PackedPerson<'_> {
        PackedPerson { text: &self.text, rest: &self.rest, flags: self.flags }
    }

    /// Returns memory that only a hostile person needed.
    pub(crate) fn shrink(&mut self) {
        const ENOUGH: usize = 1 << 16;
        self.text.clear();
        self.rest.clear();
        self.text.shrink_to(ENOUGH);
        self.rest.shrink_to(ENOUGH);
    }

    /// Appends a text. Returns how it differs from what is searched.
    fn push_text(&mut self, field: TextField, text: &str, search: &Search) -> u16 {
        if text.is_empty() {
            return BLANK;
        }
        if !is_folded_by_case(text) {
            let folded = search.fold(text);
            self.text.extend_from_slice(folded.as_bytes());
            if folded == text {
                return SAME;
            }
            push_apart(&mut self.rest, text);
            return APART;
        }
        self.text.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
        if !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            SAME
        } else if field == TextField::Name && capitalized(text.bytes()).eq(text.bytes()) {
            self.flags |= HAS_CAPITALIZED_NAME;
            SAME
        } else {
            for chunk in text.as_bytes().chunks(8) {
                let bits =
                    chunk.iter().rev().fold(0, |bits, byte| bits << 1 | u8::from(byte.is_ascii_uppercase()));
                self.rest.push(bits);
            }
            CAPITALS
        }
    }
}

/// True if folding a text only changes its case: ASCII with single spaces inside.
fn is_folded_by_case(text: &str) -> bool {
    let mut is_after_space = true;
    for byte in text.bytes() {
        let is_space = byte == b' ';
        let is_odd = !byte.is_ascii() || matches!(byte, b'\t'..=b'\r');
        if is_odd || (is_space && is_after_space) {
            return false;
        }
        is_after_space = is_space;
    }
    true
}

/// The text with a capital at the start of each word, and no others.
fn capitalized(text: impl Iterator<Item = u8>) -> impl Iterator<Item = u8> {
    let mut is_in_word = false;
    text.map(move |byte| {
        let is_start = !std::mem::replace(&mut is_in_word, byte.is_ascii_alphanumeric());
        if is_start { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() }
    })
}

fn push_apart(rest: &mut Vec<u8>, text: &str) {
    let mut left = text.len();
    while left >= 0x80 {
        rest.push(left as u8 | 0x80);
        left >>= 7;
    }
    rest.push(left as u8);
    rest.extend_from_slice(text.as_bytes());
}

/// Takes a text from the start of the rest.
fn take_apart<'a>(rest: &mut &'a [u8]) -> &'a str {
    let (mut len, mut shift) = (0_usize, 0_u32);
    while let Some((byte, after)) = rest.split_first() {
        *rest = after;
        len |= usize::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let (text, after) = rest.split_at(len.min(rest.len()));
    *rest = after;
    std::str::from_utf8(text).unwrap_or_default()
}

fn scope_code(scope: Option<Scope>) -> u16 {
    match scope {
        Some(Scope::Admin) => 0,
        Some(Scope::Moderator) => 1,
        Some(Scope::Participant) => 2,
        Some(Scope::Banned) => 3,
        None => 4,
    }
}

fn bool_code(value: Option<bool>) -> u16 {
    match value {
        None => 0,
        Some(true) => 1,
        Some(false) => 2,
    }
}

fn bool_of(code: u16) -> Option<bool> {
    match code & 3 {
        1 => Some(true),
        2 => Some(false),
        _ => None,
    }
}

/// A packed person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PackedPerson<'a> {
    /// The searched texts, each with a separator after it.
    pub(crate) text: &'a [u8],
    /// What it takes to show them, and texts that are not searched. Often empty.
    pub(crate) rest: &'a [u8],
    /// Scope, states and what is kept where.
    pub(crate) flags: u16,
}

impl<'a> PackedPerson<'a> {
    /// True if the flags are of a person who has a rest.
    pub(crate) fn has_rest(flags: u16) -> bool {
        flags & HAS_REST != 0
    }

    /// The scope of a person with these flags.
    pub(crate) fn scope(flags: u16) -> Option<Scope> {
        Scope::ALL.get(usize::from(flags & SCOPE_MASK)).copied()
    }

    /// Whether a person with these flags is active.
    pub(crate) fn is_active(flags: u16) -> Option<bool> {
        bool_of(flags >> ACTIVE_SHIFT)
    }

    /// True if this text is not blank.
    pub(crate) fn has(&self, field: TextField) -> bool {
        self.folded(field).iter().any(|byte| *byte != b' ') || {
            // Only accents and invisible characters: blank to the search, but not to the eye.
            self.code(field) == APART && !self.text(field, &mut String::new()).trim().is_empty()
        }
    }

    /// A text as it was.
    pub(crate) fn text<'b>(&self, field: TextField, buffer: &'b mut String) -> &'b str
    where
        'a: 'b,
    {
        if let Some(text) = self.kept_text(field) {
            return text;
        }
        let folded = self.folded(field);
        match self.code(field) {
            CAPITALS => {
                let bits = self.rest_of(field);
                let is_capital = |at: usize| bits.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1);
                let letters = folded.iter().enumerate();
                fill(
                    buffer,
                    letters.map(|(at, byte)| if is_capital(at) { byte.to_ascii_uppercase() } else { *byte }),
                )
            }
            _ => fill(buffer, capitalized(folded.iter().copied())),
        }
    }

    /// A text as it was, if it is kept as it was.
    pub(crate) fn kept_text(&self, field: TextField) -> Option<&'a str> {
        match self.code(field) {
            APART => Some(take_apart(&mut self.rest_of(field))),
            CAPITALS => None,
            _ if field == TextField::Name && self.flags & HAS_CAPITALIZED_NAME != 0 => None,
            _ => Some(std::str::from_utf8(self.folded(field)).unwrap_or_default()),
        }
    }

    /// The domain of the e-mail address, in lower case.
    pub(crate) fn email_domain<'b>(&self, buffer: &'b mut String) -> Option<Cow<'b, str>>
    where
        'a: 'b,
    {
        let (_, domain) = self.text(TextField::Email, buffer).rsplit_once('@')?;
        let domain = Some(domain.trim()).filter(|domain| !domain.is_empty())?;
        let is_lower = domain.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        Some(if is_lower { domain.into() } else { domain.to_lowercase().into() })
    }

    /// Writes the texts, the scope and the states into a member.
    pub(crate) fn unpack(&self, member: &mut Member) {
        let buffer = &mut String::new();
        member.id = self.text(TextField::Id, buffer).into();
        let texts = [
            (TextField::Name, &mut member.name),
            (TextField::Email, &mut member.email),
            (TextField::Phone, &mut member.phone),
            (TextField::Nickname, &mut member.nickname),
        ];
        for (field, into) in texts {
            let is_missing = self.code(field) == SAME && self.folded(field).is_empty();
            *into = (!is_missing).then(|| self.text(field, buffer).into());
        }
        let codes = self.codes();
        let mut rest = self.rest_after(TextField::ALL.len());
        let beside = [
            (PICTURE, &mut member.picture),
            (SMALL_PICTURE, &mut member.small_picture),
            (BIO, &mut member.bio),
            (INVITE_ID, &mut member.invite_id),
        ];
        for (bit, into) in beside {
            *into = (codes & bit != 0).then(|| take_apart(&mut rest).into());
        }
        member.is_system = bool_of(codes >> SYSTEM_SHIFT);
        member.is_avatar = bool_of(self.flags >> AVATAR_SHIFT);
        member.is_active = Self::is_active(self.flags);
        member.scope = Self::scope(self.flags);
    }

    /// A text as it is searched.
    pub(crate) fn folded(&self, field: TextField) -> &'a [u8] {
        let mut left = self.text;
        for _ in 0..field as usize {
            left = memchr(SEPARATOR, left).map_or(&[], |end| &left[end + 1..]);
        }
        memchr(SEPARATOR, left).map_or(left, |end| &left[..end])
    }

    fn codes(&self) -> u16 {
        self.rest.first_chunk().map_or(0, |codes| u16::from_le_bytes(*codes))
    }

    fn code(&self, field: TextField) -> u16 {
        self.codes() >> (field as u16 * 2) & 3
    }

    fn rest_of(&self, field: TextField) -> &'a [u8] {
        self.rest_after(field as usize)
    }

    /// The rest behind that of the first fields.
    fn rest_after(&self, n_fields: usize) -> &'a [u8] {
        let mut rest = self.rest.get(2..).unwrap_or_default();
        for field in TextField::ALL.into_iter().take(n_fields) {
            match self.code(field) {
                CAPITALS => {
                    rest = rest.get(self.folded(field).len().div_ceil(8)..).unwrap_or_default();
                }
                APART => {
                    take_apart(&mut rest);
                }
                _ => {}
            }
        }
        rest
    }
}

/// Puts ASCII bytes into a buffer.
fn fill(buffer: &mut String, bytes: impl Iterator<Item = u8>) -> &str {
    buffer.clear();
    buffer.extend(bytes.map(char::from));
    buffer
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Stands in for the browser.
    fn decompose(text: &str) -> String {
        text.replace('é', "e\u{301}").replace('\u{a0}', " ")
    }

    proptest! {
        #[test]
        fn a_text_is_shown_as_it_was_and_searched_as_it_is_folded(
            texts in prop::array::uniform5("([A-Za-z0-9 .'-]|[a-zé \t\u{0}ßK\u{301}\u{a0}か]|[A-Z]{9,20}){0,9}"),
            absent in prop::array::uniform5(any::<bool>()),
            picture in prop::option::of(".{0,300}"),
        ) {
            let text = |place: usize| (!absent[place]).then(|| Box::<str>::from(&*texts[place]));
            let member = Member {
                id: text(1).unwrap_or_default(),
                name: text(0),
                email: text(2),
                phone: text(3),
                nickname: text(4),
                picture: picture.map(Into::into),
                bio: text(0),
                invite_id: text(1),
                is_system: Some(absent[0]),
                is_active: Some(absent[1]),
                ..Member::default()
            };
            let search = Search::new("", decompose);
            let mut packer = Packer::default();
            packer.pack(&member, &search);
            let person = packer.person();
            let mut shown = Member::default();
            person.unpack(&mut shown);
            prop_assert_eq!(&shown, &member);
            for (place, field) in TextField::ALL.into_iter().enumerate() {
                let folded = text(place).map(|text| search.fold(&text)).unwrap_or_default();
                prop_assert_eq!(person.folded(field), folded.as_bytes());
                let is_there = text(place).is_some_and(|text| !text.trim().is_empty());
                prop_assert_eq!(person.has(field), is_there);
            }
        }
    }

    #[test]
    fn usual_people_have_no_rest() {
        let search = Search::new("", decompose);
        let mut packer = Packer::default();
        let member = Member {
            id: "0b6e7f1c-55aa".into(),
            name: Some("Anne-Marie O'Neil".into()),
            email: Some("anne@example.com".into()),
            scope: Some(Scope::Moderator),
            is_active: Some(true),
            ..Member::default()
        };
        packer.pack(&member, &search);
        assert_eq!(packer.person().rest, b"");
        assert_eq!(packer.person().text, b"anne-marie o'neil\xff0b6e7f1c-55aa\xffanne@example.com\xff");
        packer.pack(&Member::default(), &search);
        assert_eq!((packer.person().text, packer.person().rest), (&b"\xff"[..], &b""[..]));
    }
}
