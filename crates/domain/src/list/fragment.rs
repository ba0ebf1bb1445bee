//! Reads the keys and names in a piece of text without separators, such as one cell or one mail address.

use std::ops::Range;

use super::cells::{quotation, spreadsheet_text};
use super::has_slugs;
use super::words::{self, ColumnKind};
use crate::capabilities::Identity;
use crate::key::{self, is_hex24, is_hidden, is_slug_byte, is_uuid};
use crate::phone;

/// Opening marks before a word.
const OPENING: [char; 9] = ['\'', '"', '“', '„', '«', '‚', '‹', '‘', '¿'];
/// Closing marks and sentence punctuation after a word.
const CLOSING: [char; 15] = ['.', ',', ';', ':', '!', '?', '…', '。', '！', '？', '\'', '"', '”', '’', '»'];
/// Marks before the lines of a list.
const BULLETS: [&str; 17] =
    ["-", "*", "•", "·", "–", "—", "~", "+", "‣", "◦", "▪", "●", "○", "■", "⁃", "➢", "✓"];
/// Longest text in brackets, in characters: that of the longest address.
const MAX_BRACKETED: usize = 320;
/// Fewest digits of a phone number beside other words.
const MIN_PHONE: usize = 7;
/// Digits from which a word is a whole phone number.
const MOST_PART: usize = 10;

/// A key and the name beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    /// From the start of the name to the end of the key, or the other way round.
    pub at: Range<usize>,
    pub key: String,
    pub name: String,
    /// What is before the name and a colon, as the name of a group of addresses is.
    pub label: String,
    /// Whether the key is in brackets, so that what is before them is a name.
    pub is_bracketed: bool,
    /// A word for a scope or another role beside the key.
    pub role: String,
    /// Comments beside the key.
    pub comments: Vec<String>,
}

/// What one piece of text says.
#[derive(Clone, Debug, Default)]
pub(super) struct Fragment {
    pub pieces: Vec<Piece>,
    /// The places of words that belong to no key.
    pub rest: Vec<Range<usize>>,
    /// The whole text without bullets and closing punctuation.
    pub clean: String,
    /// Whether a key is among words that are no name, or a quoted cell has more than one person.
    pub is_mixed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Word,
    Quotation,
    /// A word for a scope after an id.
    Role,
    Key {
        is_bracketed: bool,
    },
    Comment,
}

#[derive(Clone, Debug)]
struct Token {
    at: Range<usize>,
    kind: Kind,
    text: String,
}

/// Reads a place of the text.
pub(super) fn fragment(text: &str, at: &Range<usize>, identity: &Identity) -> Fragment {
    let slice = &text[at.clone()];
    let whole = spreadsheet_text(slice);
    if *whole != *slice {
        // Everything in a quoted cell has the place of the cell.
        let mut inner = read(&whole, 0, identity);
        inner.pieces.iter_mut().for_each(|piece| piece.at = at.clone());
        if inner.pieces.len() > 1 || (!inner.pieces.is_empty() && !inner.rest.is_empty()) {
            inner = Fragment { clean: inner.clean, is_mixed: true, ..Fragment::default() };
        }
        inner.rest.iter_mut().for_each(|rest| *rest = at.clone());
        return inner;
    }
    read(slice, at.start, identity)
}

fn read(slice: &str, base: usize, identity: &Identity) -> Fragment {
    let mut tokens = tokens(slice);
    let clean = clean(slice, &tokens);
    let bullet = tokens.drain(..n_bullets(&tokens)).next().map(|bullet| bullet.at.start);
    mark_keys(slice, &mut tokens, identity);
    let mut fragment = pieces(slice, &tokens, identity);
    // A bullet is shown with what it marks.
    if let Some(start) = bullet {
        let places = fragment.pieces.iter_mut().map(|piece| &mut piece.at).chain(&mut fragment.rest);
        if let Some(first) = places.min_by_key(|at| at.start) {
            first.start = start;
        }
    }
    fragment.clean = clean;
    for at in fragment.pieces.iter_mut().map(|piece| &mut piece.at).chain(&mut fragment.rest) {
        *at = at.start + base..at.end + base;
    }
    fragment
}

fn tokens(slice: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = slice[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let quoted = Some(()).filter(|()| c == '"').and_then(|()| quotation(slice, at));
        let (end, kind, text) = if let Some((end, text)) = quoted {
            (end + 1, Kind::Quotation, text)
        } else if let Some((end, kind, inner)) = bracketed(slice, at, c) {
            (end, kind, slice[inner].to_owned())
        } else {
            let end = word_end(slice, at);
            (end, Kind::Word, slice[at..end].to_owned())
        };
        tokens.push(Token { at: at..end, kind, text });
        at = end;
    }
    tokens
}

/// A key in angle brackets or a comment at a place: its end, its kind and the place of its text.
fn bracketed(slice: &str, at: usize, c: char) -> Option<(usize, Kind, Range<usize>)> {
    let inner = at + c.len_utf8();
    match c {
        '<' => {
            let end = find_within(slice, inner, '>').unwrap_or(slice.len());
            let next = (end + 1).min(slice.len());
            Some((next, Kind::Key { is_bracketed: true }, inner..end))
        }
        '(' | '[' => {
            let close = if c == '(' { ')' } else { ']' };
            let end = find_within(slice, inner, close)?;
            let content = &slice[inner..end];
            // A bracket of a phone number is no comment.
            if content.chars().all(phone::is_of_number) {
                return None;
            }
            let is_key = content.contains('@') && !content.trim().contains(char::is_whitespace);
            let kind = if is_key { Kind::Key { is_bracketed: true } } else { Kind::Comment };
            Some((end + 1, kind, inner..end))
        }
        _ => None,
    }
}

/// The place of the bracket that closes one; brackets around long texts are no brackets.
fn find_within(slice: &str, from: usize, close: char) -> Option<usize> {
    let near = slice[from..].char_indices().take(MAX_BRACKETED);
    near.into_iter().find(|(_, c)| *c == close).map(|(at, _)| from + at)
}

fn word_end(slice: &str, at: usize) -> usize {
    let mut chars = slice[at..].char_indices();
    chars.next();
    let is_end = |(idx, c): &(usize, char)| {
        c.is_whitespace() || *c == '<' || (matches!(c, '(' | '[') && bracketed(slice, at + idx, *c).is_some())
    };
    chars.find(is_end).map_or(slice.len(), |(idx, _)| at + idx)
}

/// Number of tokens before the first word that only mark a line of a list: `-`, `1.`.
fn n_bullets(tokens: &[Token]) -> usize {
    let Some(first) = tokens.first().filter(|token| token.kind == Kind::Word && tokens.len() > 1) else {
        return 0;
    };
    let number = first.text.strip_suffix(['.', ')']).unwrap_or_default();
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    // `555) 010-1234` is a number of another kind.
    let is_phone = number.len() == 3 && tokens[1].text.chars().all(phone::is_of_number);
    usize::from((is_number && !is_phone) || BULLETS.contains(&&*first.text))
}

/// The text without a bullet.
pub(super) fn unbulleted(text: &str) -> &str {
    let tokens = tokens(text);
    tokens.get(n_bullets(&tokens)).map_or(text, |token| &text[token.at.start..])
}

/// The text without a bullet and closing punctuation, for a key that is recognised by no mark.
fn clean(slice: &str, tokens: &[Token]) -> String {
    let start = tokens.get(n_bullets(tokens)).map_or(0, |token| token.at.start);
    let rest = slice[start..].trim_end();
    let rest = rest.trim_end_matches(['.', '!', '?', '…', '。', '！', '？', ':']);
    (if rest.is_empty() { slice[start..].trim_end() } else { rest }).to_owned()
}

/// Marks the words that are keys.
fn mark_keys(slice: &str, tokens: &mut Vec<Token>, identity: &Identity) {
    for token in tokens.iter_mut() {
        match token.kind {
            Kind::Word => {
                let key = bare_key(&token.text);
                if is_strong(key) {
                    token.text = key.to_owned();
                    token.kind = Kind::Key { is_bracketed: false };
                }
            }
            Kind::Key { .. } => token.text = without_scheme(token.text.trim()).to_owned(),
            Kind::Quotation | Kind::Comment | Kind::Role => {}
        }
    }
    join_phones(slice, tokens, identity);
    // The name in `'bo@new.example' <bo@new.example>` is an address.
    for idx in 1..tokens.len() {
        let is_before_bracket = tokens[idx].kind == Kind::Key { is_bracketed: true };
        if is_before_bracket && tokens[idx - 1].kind == (Kind::Key { is_bracketed: false }) {
            tokens[idx - 1].kind = Kind::Word;
        }
    }
    let is_key = |token: &Token| matches!(token.kind, Kind::Key { .. });
    if tokens.iter().any(is_key) {
        return;
    }
    // Ids without a mark are keys only among themselves: a name is made of such words too.
    // Punctuation after the last of several makes a sentence.
    let is_sentence =
        tokens.len() > 1 && tokens.last().is_some_and(|last| last.text.ends_with(['.', '!', '?', '…']));
    let is_weak = |token: &Token| match token.kind {
        Kind::Word => is_slug(bare_key(&token.text)) && !is_sentence,
        Kind::Comment => true,
        Kind::Quotation | Kind::Key { .. } | Kind::Role => false,
    };
    let n_words = tokens.iter().filter(|token| token.kind == Kind::Word).count();
    if has_slugs(identity) && tokens.iter().all(is_weak) {
        // `fan-1 moderator`, and not the only word.
        if n_words > 1
            && let Some(last) = tokens.iter_mut().rfind(|token| token.kind == Kind::Word)
            && words::is_role(bare_key(&last.text))
        {
            last.text = bare_key(&last.text).to_owned();
            last.kind = Kind::Role;
        }
        for token in tokens.iter_mut().filter(|token| token.kind == Kind::Word) {
            token.text = bare_key(&token.text).to_owned();
            token.kind = Kind::Key { is_bracketed: false };
        }
    }
}

/// Makes one key of the words of a phone number.
fn join_phones(slice: &str, tokens: &mut Vec<Token>, identity: &Identity) {
    // WhatsApp puts marks of direction around numbers.
    let is_part = |token: &Token| {
        let is_of_number = |c: char| phone::is_of_number(c) || is_hidden(c);
        token.kind == Kind::Word && token.text.chars().all(is_of_number)
    };
    let begins = |text: &str| text.trim_start_matches(is_hidden).starts_with('+');
    let n_digits = phone::n_digits;
    let all = std::mem::take(tokens);
    let mut idx = 0;
    while idx < all.len() {
        let mut end = idx + 1;
        if !is_part(&all[idx]) {
            tokens.push(all[idx].clone());
            idx = end;
            continue;
        }
        let n_first = n_digits(&all[idx].text);
        while end < all.len() && is_part(&all[end]) && !begins(&all[end].text) {
            // A whole number, and another one beside it, are two people.
            let n_next = n_digits(&all[end].text);
            if n_first >= MOST_PART || (n_first >= MIN_PHONE && n_next >= MIN_PHONE) {
                break;
            }
            end += 1;
        }
        let at = all[idx].at.start..all[end - 1].at.end;
        let run = &slice[at.clone()];
        let is_phone = identity.takes_phones || begins(run);
        if is_phone && n_digits(run) >= MIN_PHONE && !is_date(run) {
            tokens.push(Token { at, kind: Kind::Key { is_bracketed: false }, text: run.to_owned() });
        } else {
            tokens.extend(all[idx..end].iter().cloned());
        }
        idx = end;
    }
}

/// True for a date such as `2024-05-12` or `12.05.2024`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '.', '/']).collect();
    let is_number = |part: &&str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    matches!(&parts[..], [a, b, c] if is_number(a, 4) && is_number(b, 2) && is_number(c, 4))
}

/// A word without quotation marks, punctuation and the scheme of a link.
fn bare_key(word: &str) -> &str {
    let word = word.trim_matches(is_hidden).trim_start_matches(OPENING).trim_end_matches(CLOSING);
    without_scheme(word)
}

fn without_scheme(key: &str) -> &str {
    match key.split_at_checked("mailto:".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => rest,
        _ => key,
    }
}

/// True for keys that cannot be words of a name.
fn is_strong(word: &str) -> bool {
    word.contains('@') || is_uuid(word) || is_hex24(word) || phone::is_scientific(word)
}

/// True for text that can be an id and nothing but ASCII in lower case.
fn is_slug(word: &str) -> bool {
    word.bytes().all(is_slug_byte) && word.bytes().any(|b| b.is_ascii_alphanumeric())
}

/// Gives each key its name: the words before a key in brackets, or beside the only key.
fn pieces(slice: &str, tokens: &[Token], identity: &Identity) -> Fragment {
    let mut found = Fragment::default();
    let keys: Vec<usize> =
        (0..tokens.len()).filter(|idx| matches!(tokens[*idx].kind, Kind::Key { .. })).collect();
    let words_before = |idx: usize, from: usize| &tokens[from..idx];
    // Bare keys have the names before them only if every key has one.
    let is_name_first = keys.len() == 1
        || (keys.last() == tokens.len().checked_sub(1).as_ref()
            && keys
                .iter()
                .enumerate()
                .all(|(n, idx)| *idx > keys.get(n.wrapping_sub(1)).map_or(0, |at| at + 1)));
    if let [only] = keys[..]
        && tokens[only].kind == (Kind::Key { is_bracketed: false })
        && words_in(slice, &tokens[..only]).is_some()
        && words_in(slice, tokens.get(only + 1..).unwrap_or_default())
            .is_some_and(|after| tokens[only + 1].kind != Kind::Comment && !after.is_empty())
    {
        // A sentence: the text doesn't say what to do with the person.
        return Fragment { is_mixed: true, ..found };
    }
    let mut from = 0;
    for (n, idx) in keys.iter().copied().enumerate() {
        let Token { at, kind, text } = &tokens[idx];
        let is_bracketed = *kind == Kind::Key { is_bracketed: true };
        let mut piece = Piece { at: at.clone(), key: text.clone(), is_bracketed, ..Piece::default() };
        let before = words_before(idx, from);
        if is_bracketed || is_name_first {
            take_labelled_name(slice, before, &mut piece);
        } else {
            found.rest.extend(words_in(slice, before));
        }
        from = idx + 1;
        // Comments belong to the key before them.
        while let Some(comment) = tokens.get(from).filter(|token| token.kind == Kind::Comment) {
            take_comment(comment, &mut piece, identity);
            from += 1;
        }
        if let Some(role) = tokens.get(from).filter(|token| token.kind == Kind::Role) {
            piece.at.end = role.at.end;
            role.text.clone_into(&mut piece.role);
            from += 1;
        }
        let after = &tokens[from..];
        if n + 1 == keys.len() && keys.len() == 1 && !is_bracketed && piece.name.is_empty() {
            take_name(slice, after, &mut piece);
            if words::is_role(&piece.name) {
                piece.role = std::mem::take(&mut piece.name);
            }
            from = tokens.len();
        }
        found.pieces.push(piece);
    }
    found.rest.extend(words_in(slice, &tokens[from..]));
    found
}

/// The place of the tokens, unless they are only punctuation.
fn words_in(slice: &str, tokens: &[Token]) -> Option<Range<usize>> {
    let at = rest_of(tokens)?;
    let is_mark =
        |c: char| c.is_whitespace() || c.is_ascii_punctuation() || CLOSING.contains(&c) || is_hidden(c);
    (!slice[at.clone()].chars().all(is_mark)).then_some(at)
}

/// The place of the tokens, if there are any.
fn rest_of(tokens: &[Token]) -> Option<Range<usize>> {
    Some(tokens.first()?.at.start..tokens.last()?.at.end)
}

fn take_comment(comment: &Token, piece: &mut Piece, identity: &Identity) {
    piece.at.end = piece.at.end.max(comment.at.end);
    let text = comment.text.trim();
    let first = text.chars().find(|c| c.is_alphabetic());
    if words::is_role(text) {
        text.clone_into(&mut piece.role);
    } else if piece.name.is_empty()
        && !piece.is_bracketed
        && first.is_some_and(|c| !c.is_lowercase())
        && is_name(text, identity)
    {
        // `ada@new.example (Ada)` is an old way to write a name.
        text.clone_into(&mut piece.name);
    } else {
        piece.comments.push(text.to_owned());
    }
}

/// Takes the name before a key, and the label before that.
fn take_labelled_name(slice: &str, tokens: &[Token], piece: &mut Piece) {
    let is_colon = |token: &Token| token.kind == Kind::Word && token.text.ends_with(':');
    let n_label = tokens.iter().position(is_colon).map_or(0, |idx| idx + 1);
    let (label, name) = tokens.split_at(n_label);
    take_name(slice, name, piece);
    if let Some(at) = rest_of(label) {
        piece.at.start = piece.at.start.min(at.start);
        piece.label = slice[at].trim_end_matches(':').to_owned();
    }
}

fn take_name(slice: &str, tokens: &[Token], piece: &mut Piece) {
    let Some(at) = rest_of(tokens) else { return };
    piece.at = piece.at.start.min(at.start)..piece.at.end.max(at.end);
    if let [Token { kind: Kind::Quotation, text, .. }] = tokens {
        text.trim().clone_into(&mut piece.name);
        return;
    }
    let is_plain = tokens.iter().all(|token| token.kind == Kind::Word);
    let name = if is_plain {
        slice[at].to_owned()
    } else {
        let (comments, words): (Vec<&Token>, Vec<&Token>) =
            tokens.iter().partition(|token| token.kind == Kind::Comment);
        piece.comments.extend(comments.iter().map(|token| token.text.clone()));
        words.iter().map(|token| &*token.text).collect::<Vec<_>>().join(" ")
    };
    piece.name = bare_name(&name).to_owned();
}

/// True for text that can be a name, and is no word for something else.
pub(super) fn is_name(text: &str, identity: &Identity) -> bool {
    let is_heading = words::column_of(text).is_some_and(ColumnKind::is_key);
    let is_id = has_slugs(identity) && is_like_id(text, identity);
    let is_other = text.contains('@') || words::is_role(text) || is_heading || is_id;
    text.contains(char::is_alphabetic) && !is_other
}

/// True for a word that is an id rather than a name: `fan-1`, `FAN-1`, but not `Anne-Marie`.
fn is_like_id(text: &str, identity: &Identity) -> bool {
    let is_marked = text.contains(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_'));
    let is_mixed = text.contains(char::is_lowercase) && text.contains(char::is_uppercase);
    is_marked && !is_mixed && key::id(text, identity.id_shape).is_ok()
}

/// A name without quotation marks around it and the dash or colon between it and its key.
pub(super) fn bare_name(name: &str) -> &str {
    let name = name.trim().trim_end_matches(|c: char| c.is_whitespace() || "-–—=:".contains(c));
    let is_quote = |c: char| matches!(c, '\'' | '"' | '“' | '”' | '„' | '‘' | '’' | '«' | '»');
    if name.starts_with(is_quote) { name.trim_matches(is_quote).trim() } else { name }
}
