//! Targets that decode vendor responses with any status, headers and body.
//!
//! An input consists of one byte for the vendor, one for the operation, two for the status, one for the
//! length of the headers, the headers (lines that start with a byte for the name), and the body.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{
    ApiError, Batch, BatchId, BatchItem, ChangeId, Cursor, Flow, GroupEdit, GroupId, Items, NewCommunity,
    NewGroup, Operation, Person, RoleId, Scope, Vendor, plain,
};
use vendors::examine::samples::queries;
use vendors::{KeyKind, Response, changes, protocol};

/// The headers that clients read.
const HEADERS: [&str; 8] = [
    "content-type",
    "retry-after",
    "gn-access-token",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-ratelimit-limit",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
];

/// The input for a response. `place` chooses the operation.
pub(crate) fn input(vendor: usize, place: u8, status: u16, headers: &[(u8, &str)], body: &[u8]) -> Vec<u8> {
    let lines: Vec<Vec<u8>> =
        headers.iter().map(|(name, value)| [&[*name], value.as_bytes()].concat()).collect();
    let headers = lines.join(&b'\n');
    let mut bytes = vec![vendor as u8, place];
    bytes.extend(status.saturating_sub(100).to_be_bytes());
    bytes.push(headers.len() as u8);
    bytes.extend(headers);
    bytes.extend(body);
    bytes
}

/// The index of a header in [`HEADERS`].
pub(crate) fn header_place(name: &str) -> Option<u8> {
    HEADERS.iter().position(|known| known.eq_ignore_ascii_case(name)).map(|place| place as u8)
}

fn open(input: &[u8]) -> Option<(Vendor, usize, Response)> {
    let ([vendor, place, high, low, n_headers], rest) = input.split_first_chunk()?;
    let (headers, body) = rest.split_at_checked(usize::from(*n_headers))?;
    let mut response = Response::new(body.to_vec());
    let status = 100 + u16::from_be_bytes([*high, *low]) % 900;
    *response.status_mut() = http::StatusCode::from_u16(status).ok()?;
    for line in headers.split(|byte| *byte == b'\n') {
        let Some((name, value)) = line.split_first() else { continue };
        if let Ok(value) = http::HeaderValue::from_bytes(value) {
            response.headers_mut().append(HEADERS[usize::from(*name) % HEADERS.len()], value);
        }
    }
    let vendor = Vendor::ALL[usize::from(*vendor) % Vendor::ALL.len()];
    Some((vendor, usize::from(*place), response))
}

/// Checks the decoding of a batch's outcomes.
pub(crate) fn write(input: &[u8]) {
    let Some((vendor, place, response)) = open(input) else { return };
    let batches = batches();
    let batch = &batches[place % batches.len()];
    match changes(vendor).decode(batch, &response) {
        Ok(reply) => {
            let told: BTreeSet<ChangeId> = reply.outcomes.iter().map(|(change, _)| *change).collect();
            assert_eq!(told.len(), reply.outcomes.len(), "each change is spoken of once");
            assert!(told.iter().all(|change| batch.items.iter().any(|item| item.change == *change)));
            reply.outcomes.iter().filter_map(|(_, outcome)| outcome.error()).for_each(fit_error);
            fit_items(&Items::Members(reply.members));
            fit_items(&Items::Groups(reply.group.into_iter().collect()));
        }
        Err(failure) => fit_error(&failure.error),
    }
}

/// Checks the decoding of a page.
pub(crate) fn read(input: &[u8]) {
    let Some((vendor, place, response)) = open(input) else { return };
    let queries = queries();
    let query = &queries[place % queries.len()];
    let cursor = [None, Some((0, 2)), Some((2, 0)), Some((u64::MAX, u64::MAX))][place / queries.len() % 4]
        .map(|(start, len)| Cursor { start, len });
    match protocol(vendor).decode_page(query, cursor, &response) {
        Ok(page) => {
            let at = cursor.map_or(0, |cursor| cursor.start);
            assert!(page.next.is_none_or(|next| next.start > at), "pages move forwards");
            fit_items(&page.items);
        }
        Err(error) => fit_error(&error),
    }
}

/// Checks the decoding of a sign-in and of rate limit headers.
pub(crate) fn sign_in(input: &[u8]) {
    let Some((vendor, place, response)) = open(input) else { return };
    match protocol(vendor).decode_sign_in(&response) {
        Ok(token) => {
            assert!(response.status().is_success());
            assert!(token != domain::Secret::new(""), "a token is never empty");
            let credentials = domain::Credentials::Token(token);
            if vendors::profile(vendor).keys.contains(&KeyKind::Token) {
                assert!(protocol(vendor).authorization(&credentials).is_some(), "a token can be sent");
            }
        }
        Err(error) => fit_error(&error),
    }
    let _ = protocol(vendor).is_token_expired(&response, u64::MAX);
    let now = place as u64 * 1_000_000_000;
    if let Some(hint) = protocol(vendor).rate_hint(&response, now) {
        let mut budget = domain::Budget::new(vendors::limits(vendor, false).windows);
        budget.note_rate(hint, now);
        let held = budget.held_until().saturating_sub(now);
        assert!(held <= 2 * 3_600_000, "no header ends a run for good: {held} ms");
    }
}

fn fit_error(error: &ApiError) {
    assert!(error.code.len() <= 4 * plain::MAX_NAME, "a code is short");
    fit_prose(error.message.as_deref());
    for (field, said) in &error.details {
        fit_prose(Some(field));
        fit_prose(Some(said));
    }
}

fn fit_items(items: &Items) {
    match items {
        Items::Members(members) => {
            for member in members {
                fit_name(member.name.as_deref());
                let role = member.role.as_ref();
                fit_name(role.map(|(_, name)| &**name));
                let keys = [&member.email, &member.phone, &member.invite_id].into_iter().flatten();
                keys.chain([&member.id]).for_each(|key| fit_id(key));
                assert!(!member.label().is_empty(), "somebody is called something");
            }
        }
        Items::Groups(groups) => {
            for group in groups {
                fit_id(group.id.as_str());
                fit_name(Some(&group.name));
                fit_prose(group.description.as_deref());
            }
        }
        Items::Roles(roles) => {
            for role in roles {
                fit_name(Some(&role.name));
                fit_prose(Some(&role.description));
            }
        }
        Items::Prices(prices) => prices.iter().for_each(|price| fit_name(Some(&price.name))),
    }
}

fn fit_id(id: &str) {
    assert!(id.is_empty() || plain::id(id) == Some(id), "an id is exact: {id:?}");
}

fn fit_name(name: Option<&str>) {
    // A name can be an id, which may be longer.
    let name = name.unwrap_or_default();
    assert!(name.chars().count() <= plain::MAX_ID, "a name is short");
    assert!(!name.chars().any(turns), "a name turns nothing: {name:?}");
}

fn fit_prose(text: Option<&str>) {
    let text = text.unwrap_or_default();
    assert!(text.chars().count() <= plain::MAX_PROSE + 1, "a text is short");
    assert!(!text.chars().any(turns), "a text turns nothing: {text:?}");
}

/// True for characters that override the text direction or control a terminal.
fn turns(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') || (c.is_control() && c != '\n')
}

fn batch(people: impl IntoIterator<Item = Person>, operation: Operation) -> Batch {
    let operation = Arc::new(operation);
    let item = |(person, id)| BatchItem { change: ChangeId(id), person, operation: Arc::clone(&operation) };
    Batch { id: BatchId(0), n_attempts: 0, items: people.into_iter().zip(10..).map(item).collect() }
}

/// One batch for each way in which a response is decoded.
fn batches() -> Vec<Batch> {
    let group = || GroupId::new("hikers");
    let role = || RoleId::new("5f0000000000000000000a04");
    let ids = || ["mila", "noor", "u1"].map(Person::by_id);
    let mails = || ["ada", "bo"].map(|name| Person::by_email(format!("{name}@example.org")).with_name(name));
    let phones = [Person::by_phone("15550123456"), Person::by_id("30000000-0000-4000-8000-000000000001")];
    let one = || ids().into_iter().take(1);
    let come_in = Operation::AddToCommunity { community: group(), flow: Flow::Direct, is_onboarding: true };
    let register = |flow| Operation::Register { flow, role: role(), price: None, password: None };
    let edit = GroupEdit { name: Some("Hikers".into()), tags: Some("a".into()), ..GroupEdit::default() };
    vec![
        batch(ids(), Operation::AddToGroup { group: group(), scope: Scope::Participant }),
        batch(phones, come_in),
        batch(ids(), Operation::MakeModerator { community: group() }),
        batch(mails().into_iter().take(1), register(Flow::Direct)),
        batch(mails().into_iter().take(1), register(Flow::Invite)),
        batch(mails(), Operation::Invite { role: role(), note: None, prices: Vec::new() }),
        batch(one(), Operation::SetScope { group: group(), scope: Scope::Moderator }),
        batch(one(), Operation::Kick { group: group() }),
        batch(one(), Operation::Ban { group: group() }),
        batch(one(), Operation::Unban { group: group() }),
        batch(ids(), Operation::Unsubscribe { group: group() }),
        batch(one(), Operation::CreateGroup(Box::new(NewGroup::new(group(), "Hikers")))),
        batch(one(), Operation::EditGroup { group: group(), edit: Box::new(edit) }),
        batch(one(), Operation::DeleteGroup { group: group() }),
        batch(one(), Operation::CreateCommunity(Box::new(NewCommunity::new("hikers", "Hikers")))),
    ]
}

/// The number of operations that an input can choose from.
pub(crate) fn n_places() -> u8 {
    batches().len().max(queries().len()) as u8
}
