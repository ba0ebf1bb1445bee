//! What is read from lists, and what is refused.

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
const UUID: &str = "5d2f9c34-1a6b-4e08-b7c3-90ab12cd34ef";

/// One entry in short: `Name=key:scope`, or its status, the code of its last problem and what was found.
fn short(entry: &ListEntry) -> String {
    match (entry.status, &entry.person) {
        (EntryStatus::Usable, Some(person)) => {
            let name = person.name.as_deref().map(|name| format!("{name}=")).unwrap_or_default();
            let scope = entry.scope.map(|scope| format!(":{}", scope.slug())).unwrap_or_default();
            format!("{name}{}{scope}", person.key.as_str())
        }
        (status, _) => {
            let last = entry.problems.last().expect("an entry that is not usable says why");
            format!("{status:?}:{}:{}", last.code.slug(), last.found)
        }
    }
}

fn check(text: &str, identity: &Identity, expected: &[&str]) {
    let list = read(text, &Rules::new(*identity));
    let found: Vec<String> = list.entries.iter().map(short).collect();
    assert_eq!(found, expected, "{text:?}");
}

/// The codes of the notices of the only entry.
fn notices(text: &str, identity: &Identity) -> Vec<(ProblemCode, String)> {
    let list = read(text, &Rules::new(*identity));
    assert_eq!(list.entries.len(), 1, "{text:?}");
    list.entries[0].problems.iter().map(|problem| (problem.code, problem.found.to_string())).collect()
}

#[test]
fn recognises_ids_as_they_come() {
    check("ada-okonkwo, tomasz_w\nlena-brandt", &SLUGS, &["ada-okonkwo", "tomasz_w", "lena-brandt"]);
    check("one two three", &SLUGS, &["one", "two", "three"]);
    check("not an id!", &SLUGS, &["Refused:bad_id:not-an-id"]);
    check("please add ada.", &SLUGS, &["Refused:bad_id:please-add-ada"]);
    check("Ada Okonkwo <ada-okonkwo>", &SLUGS, &["Ada Okonkwo=ada-okonkwo"]);
    check("Ada Okonkwo\tada-okonkwo", &SLUGS, &["Ada Okonkwo=ada-okonkwo"]);
    check("Chloe-M", &SLUGS, &["chloe-m"]);
    check("mateo.rivas", &SLUGS, &["Refused:bad_id:mateo-rivas"]);
    check("a@b.example", &SLUGS, &["Refused:wrong_kind:a@b.example"]);
    check("+44 7700 900142", &SLUGS, &["Refused:bad_id:44-7700-900142"]);
    check(&"x".repeat(101), &SLUGS, &["Refused:id_too_long:"]);
    check("priya-r\nPRIYA-R", &SLUGS, &["priya-r", "Duplicate:duplicate:1"]);
    check("a\u{200b}da", &SLUGS, &["ada"]);
    check("- fan-1\n2. fan-2\n• fan-3.", &SLUGS, &["fan-1", "fan-2", "fan-3"]);
    check("", &SLUGS, &[]);
    check(" ,;\n\t\n", &SLUGS, &[]);
}

#[test]
fn reads_a_column_of_scopes_and_keeps_two_scopes_of_one_person() {
    check(
        "ada,admin\nBo Berg\tbo-b\tModerator\ntroll; ban\ntroll, participant\nada, admin\nmoderator",
        &SLUGS,
        &[
            "ada:admin",
            "Bo Berg=bo-b:moderator",
            "troll:banned",
            "troll:participant",
            "Duplicate:duplicate:1",
            "moderator",
        ],
    );
    check("FAN-1, Moderatorin", &SLUGS, &["fan-1:moderator"]);
    check("admin, moderator", &SLUGS, &["admin:moderator"]);
}

#[test]
fn words_in_the_place_of_a_scope_are_never_ignored() {
    check("fan-1,Blocked", &SLUGS, &["Refused:unknown_scope:Blocked"]);
    check(
        "fan-1,moderator\nfan-2,Boss\nfan-3,lead",
        &SLUGS,
        &["fan-1:moderator", "Refused:unknown_scope:Boss", "Refused:unknown_scope:lead"],
    );
    check("fan-190,Night-Mod,Storm-Admin", &SLUGS, &["Refused:not_understood:Storm-Admin"]);
    check("ada, bo, moderator", &SLUGS, &["Refused:not_understood:moderator"]);
    check("fan-1 banned\nfan-2: moderator", &SLUGS, &["fan-1:banned", "fan-2:moderator"]);
    check("fan-1 (Blocked)", &SLUGS, &["Refused:unknown_scope:Blocked"]);
    check("Ada <fan-1> (banned)", &SLUGS, &["Ada=fan-1:banned"]);
    check("uid,role,community role\nfan-1,Member,Banned", &SLUGS, &["Refused:unknown_scope:Member, Banned"]);
    check("ada@x.org (Blocked)", &EMAILS, &["Refused:not_understood:Blocked"]);
    check(
        "Email,Name,Role\nada@x.org,Ada,Blocked\nbo@x.org,Bo,Editor",
        &EMAILS,
        &["Refused:not_understood:Blocked", "Bo=bo@x.org"],
    );
    check("ada@new.example, Blocked", &EMAILS, &["Refused:not_understood:Blocked"]);
    check("Ada, ada@new.example, Moderator", &EMAILS, &["Refused:not_understood:Moderator"]);
    let mut rules = Rules::new(SLUGS);
    rules.choose("BLOCKED", Some(Scope::Banned));
    let text = "uid,role\nfan-1,Blocked\nfan-2,Boss\nfan-3,boss";
    let list = read(text, &rules);
    let found: Vec<String> = list.entries.iter().map(short).collect();
    assert_eq!(found, ["fan-1:banned", "Refused:unknown_scope:Boss", "Refused:unknown_scope:boss"]);
    assert_eq!(list.scope_words(&rules), ["BLOCKED".into(), "Boss".into()]);
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
    check("ada@example.org (Ada)", &EMAILS, &["Ada=ada@example.org"]);
    check("ada@example.org", &EMAILS, &["Refused:name_missing:ada@example.org"]);
    check("Ada <ada@>", &EMAILS, &["Refused:bad_email:ada@"]);
    check("Ada <ada@localhost>", &EMAILS, &["Refused:bad_email:ada@localhost"]);
    check("Ada <ada@x.org>\nADA <ADA@X.ORG>", &EMAILS, &["Ada=ada@x.org", "Duplicate:duplicate:1"]);
    check("\u{202e}Ada\u{202c} <a\u{200b}da@x.org>", &EMAILS, &["Ada=ada@x.org"]);
    check("عائشة <aisha@x.org>", &EMAILS, &["عائشة=aisha@x.org"]);
}

#[test]
fn reads_mail_headers_as_mail_programs_do() {
    let two = ["Alain=alain@mail.example", "Michel=michel@mail.example"];
    check("Alain <alain@mail.example> Michel <michel@mail.example>", &EMAILS, &two);
    check("To: Alain <alain@mail.example>, Michel <michel@mail.example>", &EMAILS, &two);
    check("Team A: Alain <alain@mail.example>, Michel <michel@mail.example>;", &EMAILS, &two);
    check("alain@mail.example (Alain), michel@mail.example (Michel).", &EMAILS, &two);
    check("Alain <MAILTO:alain@mail.example>\rMichel [michel@mail.example]", &EMAILS, &two);
    let comma = ["Okonkwo, Ada=ada@x.org", "Berg, Bo=bo@x.org"];
    check("Okonkwo, Ada <ada@x.org>; Berg, Bo <bo@x.org>", &EMAILS, &comma);
    check("\"Okonkwo, Ada\" <ada@x.org>, \"Berg, Bo\" <bo@x.org>", &EMAILS, &comma);
    check("Okonkwo, Ada\tada@x.org\nBerg, Bo\tbo@x.org", &EMAILS, &comma);
    check("Okonkwo, Ada <ada@x.org>", &EMAILS, &comma[..1]);
    check("Ada: ada@x.org", &EMAILS, &["Ada=ada@x.org"]);
    check("Ada - ada@x.org", &EMAILS, &["Ada=ada@x.org"]);
    check("To: ada@x.org", &EMAILS, &["Refused:name_missing:ada@x.org"]);
    check(
        "“Ada” <ada@x.org>，Bo <bo@x.org>；Cy <cy@x.org>، Di <di@x.org>",
        &EMAILS,
        &["Ada=ada@x.org", "Bo=bo@x.org", "Cy=cy@x.org", "Di=di@x.org"],
    );
    assert_eq!(notices("Ada <ada@x.org> [external]", &EMAILS), [(ProblemCode::LeftOut, "external".into())]);
}

#[test]
fn words_that_belong_to_nobody_are_shown() {
    check("Alain <alain@x.org> Michel", &EMAILS, &["Alain=alain@x.org", "Refused:not_understood:Michel"]);
    check(
        "ada@x.org Bo cy@x.org",
        &Identity { needs_name: false, ..EMAILS },
        &["ada@x.org", "Refused:not_understood:Bo", "cy@x.org"],
    );
    check("ada@x.org, 2024-05-12", &EMAILS, &["Refused:not_understood:2024-05-12"]);
    check("Email: ada@x.org", &EMAILS, &["Refused:name_missing:ada@x.org"]);
    check(
        "ada@x.org, please remove bo@x.org now",
        &EMAILS,
        &["Refused:not_understood:please remove bo@x.org now"],
    );
    check("FAN-1, fan-2", &SLUGS, &["Refused:not_understood:FAN-1"]);
    check("Anne-Marie, fan-2", &SLUGS, &["Anne-Marie=fan-2"]);
    check("Ada, Okonkwo, x, ada@x.org", &EMAILS, &["Refused:not_understood:x"]);
    check("Ada \"Ace <ada@x.org>\nBo <bo@x.org>", &EMAILS, &["Refused:quote_open:", "Bo=bo@x.org"]);
}

#[test]
fn recognises_phones_and_uuids() {
    check("+44 7700 900 142", &PHONES, &["447700900142"]);
    check("+1 (202) 555-0143, 0044 7700 900142", &PHONES, &["12025550143", "447700900142"]);
    check("+44 7700 900142 +44 7700 900143", &PHONES, &["447700900142", "447700900143"]);
    check("447700900142 447700900143", &PHONES, &["447700900142", "447700900143"]);
    check("Ada Okonkwo +44 (0)7700 900142", &PHONES, &["Ada Okonkwo=447700900142"]);
    check(&UUID.to_uppercase(), &PHONES, &[UUID]);
    check(&format!("Kwame, {UUID}"), &PHONES, &[&format!("Kwame={UUID}")]);
    check("07700 900142", &PHONES, &["Refused:country_missing:07700 900142"]);
    check("4.47701E+11", &PHONES, &["Refused:digits_lost:4.47701E+11"]);
    check("irina@harbour.example", &PHONES, &["Refused:wrong_kind:irina@harbour.example"]);
    assert_eq!(notices("447700900142.0", &PHONES), [(ProblemCode::ReadAs, "+447700900142".into())]);
    check("Mila\t+447700900142\t2024-05-12", &PHONES, &["Refused:not_understood:2024-05-12"]);
    check("Event 12.05.2024", &PHONES, &["Refused:bad_id:Event 12.05.2024"]);
    check(
        "5550143 5550144",
        &PHONES,
        &["Refused:country_missing:5550143", "Refused:country_missing:5550144"],
    );
    check("+1 202 555 0143 (2)", &PHONES, &["Refused:bad_phone:+1 202 555 0143 (2)"]);
    check("Mobile: +44 7700 900142", &PHONES, &["447700900142"]);
    check("1e5", &SLUGS, &["1e5"]);
    check("Ada <_>", &SLUGS, &["Refused:key_missing:"]);
    let british = Rules { country: Country::of_code("+44"), ..Rules::new(PHONES) };
    assert_eq!(short(&read("07700 900142", &british).entries[0]), "447700900142");
}

#[test]
fn reads_tables_by_their_header() {
    check(
        "uid,scope\nfan-1,moderator\nfan-2,\n,admin",
        &SLUGS,
        &["fan-1:moderator", "fan-2", "Refused:key_missing:"],
    );
    check("Email\nada@x.org", &Identity { needs_name: false, ..EMAILS }, &["ada@x.org"]);
    check(
        "Vorname;Nachname;E-Mail\nAda;Okonkwo;ada@x.org\nBo;Berg;bo@x.org;x",
        &EMAILS,
        &["Ada Okonkwo=ada@x.org", "Refused:not_understood:x"],
    );
    check("Nom|Prénom|Courriel\nOkonkwo|Ada|ada@x.org", &EMAILS, &["Ada Okonkwo=ada@x.org"]);
    check("氏名,メールアドレス\n\"Okonkwo,\nAda\",ada@x.org", &EMAILS, &["Okonkwo, Ada=ada@x.org"]);
    check("person,by,name\n4512345678,phone,Ada", &PHONES, &["Ada=4512345678"]);
    check("User ID,Phone\n,+44 7700 900142", &PHONES, &["447700900142"]);
    check("scope,uid\nBlocked,fan-1", &SLUGS, &["Refused:unknown_scope:Blocked"]);
    check("name,email\n\"Ada \"\"Ace\"\" O\",ada@x.org", &EMAILS, &["Ada \"Ace\" O=ada@x.org"]);
    check(
        "name\temail\n'=Ada\tada@x.org\nada2@x.org\tBo",
        &EMAILS,
        &["=Ada=ada@x.org", "Refused:bad_email:Bo"],
    );
    // A line of another form after the table.
    check("name,email\nAda,ada@x.org\n\nBo <bo@x.org>", &EMAILS, &["Ada=ada@x.org", "Bo=bo@x.org"]);
    check("fan-1,member\nfan-2,moderator", &SLUGS, &["fan-1:participant", "fan-2:moderator"]);
    check("member,fan-1\nadmin,fan-3", &SLUGS, &["fan-1:participant", "fan-3:admin"]);
    check(
        "\"User ID\",\"Phone\"\n\"\",\"+44 7700 900142\"\n-,+44 7700 900143",
        &PHONES,
        &["447700900142", "447700900143"],
    );
    check("Name,Username,Phone\nAda,ada99,+44 7700 900142", &PHONES, &["Ada=447700900142"]);
    check("name,email\nBo <bo@x.org>,cy@x.org", &EMAILS, &["Refused:not_understood:Bo <bo@x.org>"]);
    // A word alone or beside a scope is an id.
    check("name", &SLUGS, &["name"]);
    check("user, member", &SLUGS, &["user:participant"]);
    check("id, banned\nfan-1", &SLUGS, &["id:banned", "fan-1"]);
    let list = read("email,name,company,joined\nada@x.org,Ada,Harbour,\n", &Rules::new(EMAILS));
    assert_eq!((list.unused, list.headers.first()), (vec!["company".into()], Some(&(0..25))));
}

#[test]
fn names_the_place_of_each_entry() {
    let text = "a-1\r\n\r\n  b-2 , c-3\rd-4\n\"e\nf\",e-5\nf-6";
    let list = read(text, &Rules::new(SLUGS));
    let places: Vec<(u32, &str)> =
        list.entries.iter().map(|entry| (entry.line, &text[entry.at.clone()])).collect();
    assert_eq!(places, [(1, "a-1"), (3, "b-2"), (3, "c-3"), (4, "d-4"), (5, "\"e\nf\",e-5"), (7, "f-6")]);
}

#[test]
fn the_rest_means_the_same_when_a_line_leaves() {
    let mut rules = Rules::new(SLUGS);
    let text = "fan-1,moderator\nfan-2,Boss\nfan-3,lead";
    let list = read(text, &rules);
    rules.scope_columns.clone_from(&list.scope_columns);
    let rest = read(&without(text, std::slice::from_ref(&list.entries[0].at)), &rules);
    let found: Vec<String> = rest.entries.iter().map(short).collect();
    assert_eq!(found, ["Refused:unknown_scope:Boss", "Refused:unknown_scope:lead"]);
    rules.choose("Boss", Some(Scope::Admin));
    assert_eq!(short(&read("fan-2,Boss", &rules).entries[0]), "fan-2:admin");
}

#[test]
fn lists_are_joined_and_parts_removed() {
    let rules = Rules::new(SLUGS);
    let text = joined("uid,scope\nfan-1,moderator\nfan-2,admin\n", "fan-3, fan-4");
    let of = |text: &str| read(text, &rules).entries.iter().map(short).collect::<Vec<_>>();
    assert_eq!(of(&text), ["fan-1:moderator", "fan-2:admin", "fan-3", "fan-4"]);
    assert_eq!(joined("fan-1\n", "\nfan-2\n"), "fan-1\nfan-2");
    let scopes = joined(&joined("fan-1, fan-2", "fan-3, admin"), "fan-4, fan-5");
    assert_eq!(of(&scopes), ["fan-1", "fan-2", "fan-3:admin", "fan-4", "fan-5"]);
    assert_eq!((joined("", "fan-1"), joined("fan-1", " \n")), ("fan-1".into(), "fan-1".into()));
    let places: Vec<Range<usize>> =
        read(&text, &rules).entries.iter().map(|entry| entry.at.clone()).collect();
    let rest = without(&text, &[places[0].clone(), places[3].clone()]);
    assert_eq!(rest, "uid,scope\nfan-2,admin\n\n\nfan-3, ");
    assert_eq!(of(&rest), ["fan-2:admin", "fan-3"]);
    assert_eq!(without("\"a\nb\" <c>\nd\ne", &[0..9, 12..13]), "d");
}

#[test]
fn bytes_that_are_no_text_are_never_sent() {
    check("Ad\u{fffd} <ada@x.org>", &EMAILS, &["Refused:undecodable:Ad\u{fffd}"]);
    check("fan-\u{fffd}", &SLUGS, &["Refused:undecodable:fan-\u{fffd}"]);
}

#[test]
fn warns_of_letters_that_look_alike() {
    let (code, _) = notices("Ada <\u{430}da@x.org>", &EMAILS).remove(0);
    assert_eq!(code, ProblemCode::MixedScripts);
}

/// Letters and digits, sorted.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> =
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    letters.sort_unstable();
    letters
}

/// Pieces of lists, in any order.
fn lists() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z]{1,4}@[a-z]{1,3}\\.org",
        "<[a-z]{1,4}@[a-z]{1,3}\\.org>",
        "[A-Z][a-z]{1,6}",
        "[a-z]{2}-[0-9]{1,3}",
        "[0-9]{1,4}[.)]",
        "\\+44 7700 90[0-9]{4}",
        "0[0-9]{6,12}(\\.0)?",
        Just("moderator".to_owned()),
        Just("Blocked".to_owned()),
        Just("email,name,role".to_owned()),
        Just("uid;scope".to_owned()),
        Just("To:".to_owned()),
        Just("mailto:x@y.org".to_owned()),
        Just("\"Doe, J\"".to_owned()),
        Just("(x)".to_owned()),
        "[\"'<>()\\[\\]:.-]",
        "\\PC{1,3}",
    ];
    let gap = prop_oneof![
        Just(" "),
        Just(","),
        Just(", "),
        Just(";"),
        Just("\t"),
        Just("|"),
        Just("\n"),
        Just("\r\n"),
        Just("，")
    ];
    prop::collection::vec((piece, gap), 0..14)
        .prop_map(|parts| parts.into_iter().flat_map(|(piece, gap)| [piece, gap.to_owned()]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Every letter and digit is in one entry, a header or a column that is named as unused.
    #[test]
    fn loses_nothing(text in lists()) {
        for identity in [SLUGS, EMAILS, PHONES] {
            let list = read(&text, &Rules::new(identity));
            let mut places: Vec<Range<usize>> =
                list.entries.iter().map(|entry| entry.at.clone()).chain(list.headers.clone()).collect();
            places.sort_by_key(|at| at.start);
            let mut end = 0;
            for at in &places {
                prop_assert!(at.start >= end, "{:?} {:?}", text, list);
                prop_assert_eq!(letters(&text[end..at.start]), [], "{:?} {:?}", text, list);
                end = at.end;
            }
            prop_assert_eq!(letters(&text[end..]), [], "{:?} {:?}", text, list);
        }
    }

    /// What a person is made of, and what is left out of their piece, is the piece.
    #[test]
    fn a_person_is_what_was_typed(text in lists()) {
        for identity in [SLUGS, EMAILS, PHONES] {
            let list = read(&text, &Rules::new(identity));
            // Columns without use are named for the whole list.
            for entry in list.entries.iter().filter(|_| list.unused.is_empty()) {
                let Some(person) = &entry.person else { continue };
                let left_out = entry.problems.iter().filter(|problem| problem.code == ProblemCode::LeftOut);
                let left_out: String = left_out.map(|problem| &*problem.found).collect();
                let mut typed = letters(&entry.typed);
                let mut take = |text: &str| {
                    let mut rest = typed.clone();
                    let is_there = letters(text).into_iter().all(|c| rest.iter().position(|own| *own == c).map(|at| rest.remove(at)).is_some());
                    if is_there {
                        typed = rest;
                    }
                    is_there
                };
                let is_typed = take(person.key.as_str()) && take(person.name.as_deref().unwrap_or_default()) && take(&left_out);
                prop_assert!(is_typed, "{:?}", entry);
                prop_assert!(entry.scope.is_none() || take("moderator"), "{:?}", entry);
                // The same scope may be in several cells.
                let n_scopes = if entry.scope.is_some() { entry.typed.matches("moderator").count() } else { 0 };
                let _ = (1..n_scopes).all(|_| take("moderator"));
                while entry.typed.contains("mailto:") && take("mailto") {}
                if entry.typed.starts_with("To:") {
                    take("to");
                }
                // A name may be in two cells.
                let name = person.name.as_deref().unwrap_or_default();
                let _ = entry.typed.matches(name).count() > 1 && take(name);
                // A bullet, or a prefix that is dialled: `7.`, `00`, `(0)`, `.0`.
                prop_assert!(typed.len() <= 7 && typed.iter().all(char::is_ascii_digit), "{:?} {:?}", typed, entry);
            }
        }
    }

    /// A key that was read reads the same again, by itself and when it is written.
    #[test]
    fn what_is_written_reads_the_same_again(text in lists()) {
        for identity in [SLUGS, EMAILS, PHONES] {
            let rules = Rules::new(identity);
            for entry in read(&text, &rules).entries {
                let Some(person) = entry.person else { continue };
                let again = read(&write(&person, entry.scope), &rules).entries;
                prop_assert_eq!(again.len(), 1, "{:?}", write(&person, entry.scope));
                prop_assert_eq!((again[0].person.as_ref(), again[0].scope), (Some(&person), entry.scope));
            }
        }
    }

    #[test]
    fn never_panics(text in "\\PC{0,80}(\n\\PC{0,40}){0,4}") {
        for identity in [SLUGS, EMAILS, PHONES] {
            read(&text, &Rules::new(identity));
        }
    }
}
