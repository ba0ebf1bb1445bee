//! Reading connection files.

use super::*;

fn connection() -> Connection {
    Connection {
        id: ConnectionId::new("fans"),
        vendor: Vendor::CometChat,
        name: "Superhero fans".into(),
        kind: ConnectionKind::Direct,
        base_url: BaseUrl::parse("https://app.api-eu.cometchat.io/v3", true).expect("an address"),
        acting_as: Some("cap-admin".into()),
        is_small_plan: true,
        calls_per_minute: Some(30),
        known_groups: vec![KnownGroup {
            id: GroupId::new("g-1"),
            name: "Crew".into(),
            kind: GroupKind::Community,
        }],
        key_storage: KeyStorage::Memory,
        is_power_known: false,
    }
}

fn opened(json: &str) -> Result<Vec<OpenedConnection>, String> {
    let file: ConnectionFile = serde_json::from_str(json).map_err(|error| error.to_string())?;
    file.open(true).map_err(|error| error.to_string())
}

/// A file with one connection and some fields overridden.
fn with(changes: &[(&str, serde_json::Value)]) -> String {
    let mut file = serde_json::to_value(ConnectionFile::of([&connection()])).expect("JSON");
    for (field, value) in changes {
        file["connections"][0][*field] = value.clone();
    }
    file.to_string()
}

#[test]
fn connections_are_written_and_read_back() {
    let opened = opened(&with(&[])).expect("a file");
    let results: Vec<_> = opened.into_iter().map(|one| one.result).collect();
    assert_eq!(results, [Ok(connection())]);
}

#[test]
fn where_a_key_lives_stays_out_of_the_file() {
    let kept = Connection { key_storage: KeyStorage::Device, is_power_known: true, ..connection() };
    assert_eq!(ConnectionFile::of([&kept]), ConnectionFile::of([&connection()]));
}

#[test]
fn a_connection_to_the_sandbox_is_left_out() {
    let sample = Connection { kind: ConnectionKind::Sandbox, ..connection() };
    assert_eq!(ConnectionFile::of([&sample, &connection()]).connections.len(), 1);
    let problems = opened(&with(&[("reach", "sandbox".into())])).expect("a file").remove(0).result;
    assert_eq!(problems, Err(vec![EntryProblem::Kind]));
}

#[test]
fn a_key_in_a_file_is_a_fault_of_the_file() {
    for field in ["api_key", "key", "secret", "key_storage"] {
        let error = opened(&with(&[(field, "abc".into())])).expect_err("a field too many");
        assert!(error.contains(field), "{error}");
        assert!(!error.contains("abc"), "{error}");
    }
}

#[test]
fn a_file_of_something_else_is_told_apart() {
    let file = |muster: &str, format: u32, n: usize| {
        let one = ConnectionFile::of([&connection()]).connections.remove(0);
        ConnectionFile { muster: muster.into(), format, connections: vec![one; n] }.open(true).err()
    };
    assert_eq!(file("results", 1, 1), Some(FileProblem::OtherFile));
    assert_eq!(file(MARK, 2, 1), Some(FileProblem::Newer(2)));
    assert_eq!(file(MARK, 1, MAX_CONNECTIONS + 1), Some(FileProblem::TooMany(MAX_CONNECTIONS + 1)));
    assert_eq!(file(MARK, 0, 0), None);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let json = with(&[
        ("id", "New York".into()),
        ("vendor", "acme".into()),
        ("name", " ".into()),
        ("reach", "carrier pigeon".into()),
        ("base_url", "javascript:alert(1)".into()),
        ("acting_as", "a\nb".into()),
        ("known_groups", serde_json::json!([{ "id": "", "name": "x", "kind": "group" }])),
    ]);
    let problems = opened(&json).expect("a file").remove(0).result.expect_err("problems");
    assert_eq!(
        problems,
        [
            EntryProblem::Id,
            EntryProblem::Name,
            EntryProblem::ActingAs,
            EntryProblem::Groups,
            EntryProblem::Vendor,
            EntryProblem::Kind,
            EntryProblem::Url(ParseBaseUrlError::Scheme),
        ]
    );
}

#[test]
fn the_second_of_two_with_one_id_is_refused() {
    let mut file = ConnectionFile::of([&connection(), &connection()]);
    let results = |file: &ConnectionFile| -> Vec<bool> {
        file.open(true).expect("a file").iter().map(|one| one.result.is_ok()).collect()
    };
    assert_eq!(results(&file), [true, false]);
    file.connections[1].id = "others".into();
    assert_eq!(results(&file), [true, true]);
}

#[test]
fn an_id_is_part_of_an_address() {
    for (id, is_ok) in
        [("a", true), ("a-b_9", true), ("new", false), ("A", false), ("..", false), ("a/b", false)]
    {
        let found = opened(&with(&[("id", id.into())])).expect("a file").remove(0).result;
        assert_eq!(found.is_ok(), is_ok, "{id}");
    }
    let long = opened(&with(&[("id", "x".repeat(MAX_ID_CHARS + 1).into())])).expect("a file").remove(0);
    assert_eq!(long.result, Err(vec![EntryProblem::Id]));
}

#[test]
fn a_name_that_would_fill_the_screen_is_cut_where_it_is_shown() {
    let one = opened(&with(&[("name", "n".repeat(MAX_NAME_CHARS + 1).into())])).expect("a file").remove(0);
    assert_eq!(one.name.chars().count(), MAX_NAME_CHARS + 1, "with a sign that it was cut");
    assert_eq!(one.result, Err(vec![EntryProblem::Name]));
}

#[test]
fn nothing_in_a_file_can_turn_or_hide_what_is_shown() {
    let turned = "Fans\u{2069}\u{202e}elpmaxe.live";
    for (field, value, problem) in [
        ("name", turned.into(), EntryProblem::Name),
        ("acting_as", "cap\u{200b}-admin".into(), EntryProblem::ActingAs),
        (
            "known_groups",
            serde_json::json!([{ "id": "g", "name": turned, "kind": "group" }]),
            EntryProblem::Groups,
        ),
    ] {
        let one = opened(&with(&[(field, value)])).expect("a file").remove(0);
        assert_eq!(one.result, Err(vec![problem]), "{field}");
        assert!(!one.name.contains(['\u{2069}', '\u{202e}']), "{field}");
    }
}
