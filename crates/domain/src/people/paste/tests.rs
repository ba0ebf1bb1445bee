//! What is recognised in pasted text, and what is refused.

use proptest::prelude::*;

use super::*;

const SLUGS: Identity = Identity {
    takes_ids: true,
    takes_phones: false,
    phones_only_add: false,
    takes_emails: false,
    id_shape: IdShape::Slug { max: 100 },
    needs_name: false,
    takes_scopes: true,
};
const EMAILS: Identity = Identity {
    takes_ids: false,
    takes_phones: false,
    phones_only_add: false,
    takes_emails: true,
    id_shape: IdShape::Hex24,
    needs_name: true,
    takes_scopes: false,
};
const PHONES: Identity = Identity {
    takes_ids: true,
    takes_phones: true,
    phones_only_add: false,
    takes_emails: false,
    id_shape: IdShape::Uuid,
    needs_name: false,
    takes_scopes: false,
};

fn check(text: &str, identity: &Identity, expected: &[&str]) {
    let found: Vec<String> = parse(text, identity)
        .into_iter()
        .map(|entry| match (entry.standing, entry.person) {
            (EntryStatus::Usable, Some(person)) => match person.name {
                Some(name) => format!("{name}={}", person.key.as_str()),
                None => person.key.as_str().to_owned(),
            },
            (standing, _) => {
                let last = entry.problems.last().expect("a piece that is not usable says why");
                format!("{standing:?}:{}:{}", last.code.slug(), last.found)
            }
        })
        .collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn recognises_ids_as_they_come() {
    check("ada-okonkwo, tomasz_w\nlena-brandt", &SLUGS, &["ada-okonkwo", "tomasz_w", "lena-brandt"]);
    check("one two three", &SLUGS, &["one", "two", "three"]);
    check("Ada Okonkwo <ada-okonkwo>", &SLUGS, &["Ada Okonkwo=ada-okonkwo"]);
    check("Ada Okonkwo\tada-okonkwo", &SLUGS, &["Ada Okonkwo=ada-okonkwo"]);
    check("Chloe-M", &SLUGS, &["chloe-m"]);
    check("mateo.rivas", &SLUGS, &["Refused:bad_id:mateo-rivas"]);
    check("a@b.example", &SLUGS, &["Refused:wrong_kind:a@b.example"]);
    check(&"x".repeat(101), &SLUGS, &["Refused:id_too_long:"]);
    check("priya-r\nPRIYA-R", &SLUGS, &["priya-r", "Duplicate:duplicate:1"]);
    check("a\u{200b}da", &SLUGS, &["ada"]);
    check("<img src=x onerror=alert(1)>", &SLUGS, &["Refused:bad_id:img-src-x-onerror-alert-1"]);
    check("", &SLUGS, &[]);
    check(" ,;\n\t\n", &SLUGS, &[]);
}

#[test]
fn reads_a_column_of_scopes_and_keeps_two_scopes_of_one_person() {
    let text = "ada,admin\nBo Berg\tbo-b\tModerator\ntroll; ban\ntroll, participant\nada, admin\nmoderator";
    let found: Vec<_> = parse(text, &SLUGS)
        .into_iter()
        .map(|entry| (entry.person.map(|person| person.key.as_str().to_owned()), entry.scope, entry.standing))
        .collect();
    let row = |id: &str, scope, standing| (Some(id.to_owned()), scope, standing);
    assert_eq!(
        found,
        [
            row("ada", Some(Scope::Admin), EntryStatus::Usable),
            row("bo-b", Some(Scope::Moderator), EntryStatus::Usable),
            row("troll", Some(Scope::Banned), EntryStatus::Usable),
            row("troll", Some(Scope::Participant), EntryStatus::Usable),
            row("ada", Some(Scope::Admin), EntryStatus::Duplicate),
            row("moderator", None, EntryStatus::Usable),
        ]
    );
}

#[test]
fn recognises_addresses_with_names() {
    check(
        "Ada <ada@example.org>; \"Bo B\" <bo@example.org>",
        &EMAILS,
        &["Ada=ada@example.org", "Bo B=bo@example.org"],
    );
    check("Ada Okonkwo ada@example.org", &EMAILS, &["Ada Okonkwo=ada@example.org"]);
    check("ada@example.org, Ada", &EMAILS, &["Ada=ada@example.org"]);
    check("ada@example.org", &EMAILS, &["Refused:name_missing:ada@example.org"]);
    check("Ada <ada@>", &EMAILS, &["Refused:bad_email:ada@"]);
    check("Ada <ada@localhost>", &EMAILS, &["Refused:bad_email:ada@localhost"]);
    check("Ada <ada@x.org>\nADA <ADA@X.ORG>", &EMAILS, &["Ada=ada@x.org", "Duplicate:duplicate:1"]);
    check("\u{202e}Ada\u{202c} <a\u{200b}da@x.org>", &EMAILS, &["Ada=ada@x.org"]);
    check("عائشة <aisha@x.org>", &EMAILS, &["عائشة=aisha@x.org"]);
}

#[test]
fn recognises_phones_and_uuids() {
    check("+44 7700 900 142", &PHONES, &["447700900142"]);
    check("+1 (202) 555-0143, 0044 7700 900142", &PHONES, &["12025550143", "447700900142"]);
    check("5D2F9C34-1a6b-4e08-b7c3-90ab12cd34ef", &PHONES, &["5d2f9c34-1a6b-4e08-b7c3-90ab12cd34ef"]);
    check(
        "Kwame, 5d2f9c34-1a6b-4e08-b7c3-90ab12cd34ef",
        &PHONES,
        &["Kwame=5d2f9c34-1a6b-4e08-b7c3-90ab12cd34ef"],
    );
    check("07700 900142", &PHONES, &["Refused:bad_phone:07700 900142"]);
    check("irina@harbour.example", &PHONES, &["Refused:wrong_kind:irina@harbour.example"]);
}

proptest! {
    #[test]
    fn never_panics_and_loses_no_line_with_text(text in "\\PC{0,80}(\n\\PC{0,40}){0,4}") {
        for identity in [&SLUGS, &EMAILS, &PHONES] {
            let entries = parse(&text, identity);
            for (idx, line) in text.lines().enumerate() {
                let has_text = line.split([',', ';', '\t']).any(|cell| !cell.trim().is_empty());
                let is_kept = entries.iter().any(|entry| entry.line == idx as u32 + 1);
                prop_assert_eq!(has_text, is_kept);
            }
        }
    }

    #[test]
    fn what_is_usable_reads_the_same_again(text in "[a-zA-Z0-9@._+ -]{0,60}") {
        for identity in [&SLUGS, &PHONES] {
            for entry in parse(&text, identity) {
                let Some(person) = entry.person else { continue };
                let again = parse_one(person.key.as_str(), "", identity);
                prop_assert_eq!(again.person.map(|p| p.key), Some(person.key));
            }
        }
    }
}
