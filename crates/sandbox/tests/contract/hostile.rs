//! With a hostile key every client still terminates, with plain texts and exact ids or with a named error.

use domain::outcome::Verdict;
use domain::{
    ApiError, Credentials, GroupId, Items, Operation, Page, Person, Query, Scope, Secret, Vendor, plain,
};
use sandbox::{ids, sentinels};

use crate::console::Console;
use crate::samples::{self, queries};

fn console(vendor: Vendor, kind: &str) -> Console {
    let key = format!("hostile-{kind}-key-of-a-test");
    // A token where there are tokens, as a sign-in would exchange a key.
    let kind = vendors::profile(vendor).keys.last().expect("a vendor has a kind of key");
    Console::new(vendor).keyed(kind.filled(&key))
}

/// The texts of a page that the console shows.
fn shown(page: &Page) -> Vec<String> {
    let mut texts: Vec<Option<String>> = Vec::new();
    let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
    match &page.items {
        Items::Members(members) => {
            for member in members {
                texts.extend([text(&member.name), text(&member.email), Some(member.label().to_owned())]);
                texts.push(member.role.as_ref().map(|(_, name)| name.to_string()));
            }
        }
        Items::Groups(groups) => {
            for group in groups {
                texts.extend([Some(group.name.to_string()), text(&group.description), text(&group.owner)]);
            }
        }
        Items::Roles(roles) => {
            texts.extend(
                roles
                    .iter()
                    .flat_map(|role| [Some(role.name.to_string()), Some(role.description.to_string())]),
            );
        }
        Items::Prices(prices) => texts.extend(prices.iter().map(|price| Some(price.name.to_string()))),
    }
    texts.into_iter().flatten().collect()
}

fn n_rows(page: &Page) -> usize {
    match &page.items {
        Items::Members(members) => members.len(),
        Items::Groups(groups) => groups.len(),
        Items::Roles(roles) => roles.len(),
        Items::Prices(prices) => prices.len(),
    }
}

#[track_caller]
fn is_plain(text: &str) {
    let turns = |c: char| {
        matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') || (c.is_control() && c != '\n')
    };
    assert!(!text.chars().any(turns), "{text:?}");
    assert!(text.chars().count() <= plain::MAX_PROSE + 1, "{} characters", text.chars().count());
}

#[track_caller]
fn is_plain_error(error: &ApiError) {
    is_plain(&error.code);
    error.message.iter().for_each(|message| is_plain(message));
    error.details.iter().flat_map(|(field, said)| [field, said]).for_each(|text| is_plain(text));
}

/// Runs every query of a vendor and checks that its texts are plain.
fn read(vendor: Vendor, kind: &str) -> Vec<Result<Page, ApiError>> {
    let mut console = console(vendor, kind);
    let pages: Vec<_> = queries(vendor).iter().map(|query| console.read(query, None)).collect();
    for page in &pages {
        match page {
            Ok(page) => shown(page).iter().for_each(|text| is_plain(text)),
            Err(error) => is_plain_error(error),
        }
    }
    pages
}

#[test]
fn hostile_words_are_read_as_plain_ones_and_everybody_is_still_there() {
    for vendor in [Vendor::Networked, Vendor::CometChat] {
        let pages = read(vendor, "words");
        let honest: Vec<Page> = queries(vendor)
            .iter()
            .map(|query| Console::new(vendor).read(query, None).expect("it is read"))
            .collect();
        for (page, honest) in pages.into_iter().zip(honest) {
            let page = page.expect("only words are hostile");
            assert_eq!(n_rows(&page), n_rows(&honest), "{vendor:?}");
        }
    }
}

#[test]
fn whoever_is_picked_from_a_hostile_list_is_who_is_added() {
    let mut console = console(Vendor::CometChat, "words");
    let found = console.read(&Query::People { search: ids::NEWCOMER.into() }, None).expect("it is read");
    let picked = found.into_members().first().expect("she is there").id.clone();
    assert_ne!(&*picked, ids::NEWCOMER, "a hostile id");
    let groups = console.read(&Query::Groups { search: "".into() }, None).expect("it is read");
    let Items::Groups(groups) = groups.items else { panic!("groups") };
    let group = groups[0].id.clone();
    for person in [Person::by_id(&picked), Person::by_id("fan-300")] {
        let add = Operation::AddToGroup { group: group.clone(), scope: Scope::Participant };
        let outcome = console.apply(person.clone(), add);
        assert!(matches!(outcome.verdict(), Verdict::Done | Verdict::Same), "{person:?}: {outcome:?}");
    }
    let refused = console
        .apply(Person::by_id("uid-not-found"), Operation::AddToGroup { group, scope: Scope::Participant });
    assert_eq!(refused.verdict(), Verdict::Refused, "{refused:?}");
    is_plain_error(refused.error().expect("a reason"));
}

#[test]
fn what_cannot_be_read_has_a_name() {
    for vendor in [Vendor::Networked, Vendor::CometChat] {
        for (kind, codes) in [
            ("huge", &["decode.too_large"][..]),
            ("deep", &["decode.too_deep"]),
            ("json", &["decode.not_json", "decode.not_utf8", "decode.truncated", "decode.shape"]),
        ] {
            for page in read(vendor, kind) {
                let error = page.expect_err(kind);
                assert!(codes.contains(&&*error.code), "{kind}: {error:?}");
            }
        }
    }
}

#[test]
fn wrong_types_long_names_and_headers_leave_what_can_be_read() {
    for vendor in [Vendor::Networked, Vendor::CometChat] {
        for kind in ["types", "long", "headers", "errors"] {
            let n_read = read(vendor, kind).iter().filter(|page| page.is_ok()).count();
            assert_eq!(n_read > 0, kind != "errors", "{vendor:?} {kind}");
        }
    }
}

#[test]
fn lists_without_end_move_on() {
    for vendor in [Vendor::Networked, Vendor::CometChat] {
        let mut console = console(vendor, "endless");
        let query = Query::People { search: "".into() };
        let mut cursor = None;
        for _ in 0..5 {
            let page = console.read(&query, cursor).expect("it is read");
            assert!(
                page.next.map(|next| next.start) > cursor.map(|one| one.start),
                "the same place would be read for ever"
            );
            cursor = page.next;
        }
    }
}

#[test]
fn every_write_ends_in_an_outcome_in_plain_words() {
    for sentinel in sentinels().into_iter().filter(|one| one.provokes.starts_with("hostile-")) {
        let kind = sentinel.provokes.trim_start_matches("hostile-");
        for vendor in Vendor::ALL {
            let mut console = console(vendor, kind);
            let (person, operation) = samples::write(vendor);
            let outcome = console.apply(person, operation);
            if let Some(error) = outcome.error() {
                is_plain_error(error);
            }
            let is_done = outcome.verdict() == Verdict::Done;
            assert!(!is_done || !console.happened.is_empty(), "{vendor:?} {kind}: done means done");
        }
    }
}

#[test]
fn whoever_signs_in_with_a_hostile_key_goes_on_with_it() {
    let said = |key: &str| {
        let key = Credentials::KeyAndSecret { key: Secret::new(key), secret: Secret::new("s") };
        let mut console = Console::new(Vendor::Genuin).keyed(key);
        let community = GroupId::new(ids::GENUIN_SMALL_COMMUNITY);
        let moderator = Operation::MakeModerator { community };
        let outcome = console.apply(Person::by_id("00005168-0000-4000-8000-000000000001"), moderator);
        outcome.error().and_then(|error| error.message.clone()).expect("the sandbox says why")
    };
    assert_ne!(said("hostile-words-key"), said("an-honest-key"));
}
