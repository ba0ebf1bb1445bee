//! Exported results are read back as the same commands, and a corrupt file causes no failure.

use domain::api_error::ErrorOrigin;
use domain::export::{Opened, ResultFile, ResultRow, command, table, to_csv};
use domain::key::is_hidden;
use domain::plan::{Action, State};
use domain::{
    ApiError, Change, ChangeId, ConnectionId, ErrorClass, Flow, GroupId, Operation, Outcome, Person,
    PersonKey, Place, PriceId, ProblemCode, RoleId, Scope, Secret, Severity, Vendor, plain,
};
use proptest::prelude::*;

/// The byte order mark at the start of a table.
const MARK_OF_UTF8: char = '\u{feff}';

/// Text that is difficult for tables, spreadsheets and the UI.
fn text() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(vec![
        "",
        "=",
        "+1",
        "-",
        "@SUM(A1)",
        "'",
        "''=",
        "\"",
        "\"\"",
        ",",
        ";",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "مرحبا",
        "שלום",
        "\u{202e}",
        "\u{200b}",
        "\u{feff}",
        "＝1+1",
        "\0",
        "🧑‍🚀",
        " ",
        "Zoë",
        "007",
        "1234567890123456",
        "1E5",
        ";=1",
        ";\"=1",
        "|-1",
        "x; +1",
        "mar1",
        "May 5",
        "5 pm",
        "TRUE",
        "¥5",
        "１２",
    ]);
    let piece = prop_oneof![3 => awkward.prop_map(String::from), 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// A key that a vendor could have issued.
fn some_key() -> impl Strategy<Value = Box<str>> {
    text().prop_map(|text| {
        let exact: String = text.chars().filter(|c| !is_hidden(*c) && *c != '\t').collect();
        plain::id(&exact).unwrap_or("=x").into()
    })
}

fn person() -> impl Strategy<Value = Person> {
    let key = (0usize..3, some_key()).prop_map(|(kind, key)| match kind {
        0 => PersonKey::Id(key),
        1 => PersonKey::Phone(key),
        _ => PersonKey::Email(key),
    });
    let name = text().prop_map(|name| {
        let name = plain::name(&name);
        (!name.is_empty()).then(|| name.into())
    });
    (key, name).prop_map(|(key, name)| Person { key, name })
}

fn operation() -> impl Strategy<Value = Operation> {
    let id = || some_key().prop_map(|key| ["g", &key, "g"].concat());
    let group = move || id().prop_map(GroupId::new);
    let role = move || id().prop_map(RoleId::new);
    let price = move || id().prop_map(PriceId::new);
    let scope = || prop::sample::select(Scope::ALL.to_vec());
    let flow =
        || prop::sample::select(vec![Flow::Direct, Flow::Invite, Flow::SingleTap, Flow::ApproveRequest]);
    prop_oneof![
        (group(), scope()).prop_map(|(group, scope)| Operation::AddToGroup { group, scope }),
        (group(), flow(), any::<bool>()).prop_map(|(community, flow, is_onboarding)| {
            Operation::AddToCommunity { community, flow, is_onboarding }
        }),
        group().prop_map(|community| Operation::MakeModerator { community }),
        (flow(), role(), prop::option::of(price()), any::<bool>()).prop_map(|(flow, role, price, has)| {
            Operation::Register { flow, role, price, password: has.then(|| Secret::new("hunter2")) }
        }),
        (role(), prop::option::of(text()), prop::collection::vec(price(), 0..3))
            .prop_map(|(role, note, prices)| Operation::Invite { role, note: note.map(Into::into), prices }),
        (group(), scope()).prop_map(|(group, scope)| Operation::SetScope { group, scope }),
        group().prop_map(|group| Operation::Kick { group }),
        group().prop_map(|group| Operation::Ban { group }),
        group().prop_map(|group| Operation::Unban { group }),
        group().prop_map(|group| Operation::Unsubscribe { group }),
    ]
}

fn outcome() -> impl Strategy<Value = Option<Outcome>> {
    let error = |(code, says): (String, String)| {
        ApiError::new(ErrorClass::Refused, ErrorOrigin::Vendor, code).with_status(400).with_message(&says)
    };
    let error = move || (text(), text()).prop_map(error);
    prop_oneof![
        Just(None),
        Just(Some(Outcome::Applied)),
        Just(Some(Outcome::NoOp(None))),
        error().prop_map(|error| Some(Outcome::Rejected(error))),
        error().prop_map(|error| Some(Outcome::Unknown(error))),
        error().prop_map(|error| Some(Outcome::NotSent(error))),
    ]
}

fn results() -> impl Strategy<Value = Vec<(Change, Option<Outcome>)>> {
    let one = (person(), operation(), outcome());
    prop::collection::vec(one, 0..20).prop_map(|ended| {
        let one = |(idx, (person, operation, outcome)): (usize, (Person, Operation, Option<Outcome>))| {
            let id = ChangeId(idx as u32);
            let (operation, before, action) = (operation.into(), State::Unread, Action::Create);
            (Change { id, person, operation, before, action, restoring: None }, outcome)
        };
        ended.into_iter().enumerate().map(one).collect()
    })
}

fn rows(results: &[(Change, Option<Outcome>)]) -> Vec<ResultRow> {
    let connection = ConnectionId::new("fans");
    let one = |(change, outcome): &(Change, Option<Outcome>)| {
        ResultRow::of(Vendor::CometChat, &connection, change, outcome.as_ref(), "2026-11-22T04:00:00Z")
    };
    results.iter().map(one).collect()
}

/// Checks that the rows equal what was written, with or without a password.
fn check(opened: &Opened, results: &[(Change, Option<Outcome>)]) -> Result<(), TestCaseError> {
    prop_assert_eq!(&opened.problems, &[]);
    prop_assert_eq!(opened.rows.len(), results.len());
    let typed = Secret::new("typed again");
    let items = command(&opened.rows, Some(&typed));
    for (((change, outcome), row), (person, operation)) in results.iter().zip(&opened.rows).zip(&items.items)
    {
        prop_assert_eq!(person, &change.person);
        prop_assert_eq!(row.verdict, outcome.as_ref().map(Outcome::verdict));
        let mut expected = Operation::clone(&change.operation);
        if let Operation::Register { password: Some(password), .. } = &mut expected {
            password.clone_from(&typed);
        }
        prop_assert_eq!(&*items.operations[*operation as usize], &expected);
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_table_comes_back_as_the_same_wishes(results in results()) {
        let written = to_csv(rows(&results));
        prop_assert!(!written.contains("hunter2"));
        check(&Opened::from_csv(&written), &results)?;
    }

    #[test]
    fn json_comes_back_as_the_same_wishes(results in results()) {
        let file = ResultFile::new("p1", "Adds people.", rows(&results));
        let written = serde_json::to_string(&file).expect("texts are JSON");
        prop_assert!(!written.contains("hunter2"));
        let read: ResultFile = serde_json::from_str(&written).expect("it was written so");
        check(&read.open(), &results)?;
    }

    #[test]
    fn a_table_that_a_spreadsheet_wrote_anew_is_read(results in results()) {
        for separator in [b';', b'\t'] {
            let written = to_csv(rows(&results));
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_bytes());
            let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
            for record in reader.byte_records() {
                writer.write_byte_record(&record.expect("it was written so")).expect("a vector takes it");
            }
            let anew = String::from_utf8(writer.into_inner().expect("a vector takes it")).expect("UTF-8");
            check(&Opened::from_csv(&anew), &results)?;
        }
    }

    #[test]
    fn no_cell_is_a_formula(cells in prop::collection::vec(text(), 1..8)) {
        let written = table([&cells]);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_bytes());
        for record in reader.records() {
            for cell in &record.expect("it was written so") {
                let shown = cell.trim_start_matches(MARK_OF_UTF8);
                let is_formula = shown.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
                prop_assert!(!is_formula, "{:?}", cell);
            }
        }
    }

    #[test]
    fn no_cell_is_a_formula_whatever_the_separator(cells in prop::collection::vec(text(), 1..8)) {
        let written = table([&cells, &cells]);
        for separator in [b',', b';', b'\t', b'|'] {
            let mut reader = csv::ReaderBuilder::new();
            let mut reader = reader.has_headers(false).flexible(true).delimiter(separator).from_reader(written.as_bytes());
            for record in reader.records() {
                for cell in &record.expect("it was written so") {
                    let shown = cell.trim_start_matches(|c: char| c == '"' || c == MARK_OF_UTF8 || c.is_whitespace());
                    let is_formula = shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
                    prop_assert!(!is_formula, "{:?}: {:?}", written, cell);
                }
            }
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in text()) {
        let opened = Opened::from_csv(&text);
        prop_assert!(opened.rows.is_empty());
        prop_assert!(opened.problems.iter().any(|problem| problem.severity == Severity::Blocking));
    }

    #[test]
    fn what_somebody_cut_is_read_without_panic(results in results(), at in any::<prop::sample::Index>()) {
        let written = to_csv(rows(&results));
        let end = (0..=at.index(written.len())).rev().find(|idx| written.is_char_boundary(*idx)).unwrap_or(0);
        let opened = Opened::from_csv(&written[..end]);
        prop_assert!(opened.rows.len() <= results.len());
    }
}

#[test]
fn a_table_is_written_as_rfc_4180_says_and_guarded() {
    let cells =
        ["plain", "=1+1", "+49", "-x", "@sum", "\tx", "\r=1", "a,b", "say \"x\"", "=a,\"b\"", "'=x", "'x"];
    let expected = "\u{feff}plain,'=1+1,'+49,'-x,'@sum,'\tx,\"'\r'=1\",\"a,b\",\"say \"\"x\"\"\",\"'=a,\"\"b\"\"\",''=x,'x\r\n";
    assert_eq!(table([cells]), expected);
    assert_eq!(table([["a", "b"], ["c", ""]]), "\u{feff}a,b\r\nc,\r\n");
}

#[test]
fn a_number_that_a_spreadsheet_would_change_is_a_text() {
    for kept in [
        "404",
        "0",
        "12345678901",
        "fan-001",
        "2026-11-22T04:00:00Z",
        "a1",
        "12 monkeys",
        "mar",
        "May",
        "mark1",
        "sept",
        "1 mar may",
        "5 pm am",
        "pm",
        "truer",
        "true story",
        "untrue",
        "marc-1",
        "apr_1",
        "mar#1",
        "日本",
        "¥",
        "x5 pm",
    ] {
        assert_eq!(table([[kept]]), format!("\u{feff}{kept}\r\n"));
    }
    let numbers = [
        "1234567890123456",
        "491701234567",
        "007",
        "1E5",
        "1-2",
        "12:30",
        "49 170 1234567",
        "$5",
        "¥500",
        "500 ₹",
        "₹ 5.00",
        "￥5",
        "１２３",
        "１",
        "１２：３０",
        "5月3日",
    ];
    let dates = [
        "mar1",
        "sep10",
        "Sept 10",
        "dec-3",
        "DEC-3",
        "may 5",
        "1-mar",
        "1mar",
        "January 5",
        "5 August 2026",
        "Feb/3",
        "12:30 PM",
        "5 pm",
        "5pm",
        "5 p",
        "11:59:59 a",
        "1-mar-2026 5 PM",
    ];
    for changed in numbers.into_iter().chain(dates).chain(["true", "FALSE", "True"]) {
        assert_eq!(
            table([[changed]]).trim_start_matches(MARK_OF_UTF8).trim_end().trim_matches('"'),
            format!("'{changed}")
        );
        // Reading it back restores the text.
        let row = ResultRow {
            vendor: "cometchat".into(),
            by: "id".into(),
            person: "ada".into(),
            name: changed.into(),
            operation: "kick".into(),
            group: "fans".into(),
            ..ResultRow::default()
        };
        let written = to_csv([row]);
        assert!(written.contains(&format!("'{changed}")), "{written}");
        let opened = Opened::from_csv(&written);
        assert_eq!(opened.rows[0].person.name.as_deref(), Some(changed));
    }
}

#[test]
fn a_file_that_calls_refused_what_was_never_sent_is_read_as_not_sent() {
    let text = "vendor,by,person,operation,group,scope,outcome,code\n\
                cometchat,id,ada,kick,fans,,refused,console.stopped\n\
                cometchat,id,bo,kick,fans,,refused,ERR_X\n";
    let opened = Opened::from_csv(text);
    let verdicts: Vec<_> =
        opened.rows.iter().filter_map(|row| row.verdict).map(|verdict| verdict.slug()).collect();
    assert_eq!(verdicts, ["not_sent", "refused"]);
}

#[test]
fn json_with_more_rows_than_any_run_is_not_read() {
    let rows = vec!["{}"; domain::export::MAX_ROWS + 1].join(",");
    let text = ["{\"muster\":\"results\",\"format\":1,\"rows\":[", &rows, "]}"].concat();
    let error = serde_json::from_str::<ResultFile>(&text).expect_err("it has too many rows");
    assert!(error.to_string().contains("rows"), "{error}");
}

#[test]
fn each_line_that_cannot_be_used_is_told_with_its_number() {
    let text = "by,person,vendor,operation,group,scope,outcome\n\
                id,ada,cometchat,add_to_group,fans,participant,refused\n\
                id,\"two\nlines\",cometchat,add_to_group,fans,participant,done\n\
                id,,cometchat,add_to_group,fans,participant,done\n\
                passport,ada,cometchat,add_to_group,fans,participant,done\n\
                id,ada,elsewhere,add_to_group,fans,participant,done\n\
                id,ada,cometchat,promote,fans,,done\n\
                id,ada,cometchat,add_to_group,,participant,done\n\
                id,ada,cometchat,add_to_group,fans,emperor,done\n\
                id,ada,cometchat,kick,fans,,perhaps\n\
                group,fans,cometchat,delete_group,fans,,done\n\
                \n\
                id,bo,cometchat,kick,fans\n";
    let opened = Opened::from_csv(text);
    assert_eq!(opened, Opened::from_csv(&text.replace('\n', "\r\n").replace("two\r\n", "two\n")));
    let told: Vec<_> = opened
        .problems
        .iter()
        .map(|problem| match &problem.place {
            Place::Line(line) => (*line, problem.code, &*problem.found),
            other => panic!("{other:?}"),
        })
        .collect();
    let bad = |line, column| (line, ProblemCode::BadLine, column);
    assert_eq!(
        told,
        [
            bad(3, "person"),
            bad(5, "person"),
            bad(6, "by"),
            bad(7, "vendor"),
            bad(8, "operation"),
            bad(9, "group"),
            bad(10, "scope"),
            bad(11, "outcome"),
            (12, ProblemCode::GroupItself, ""),
        ]
    );
    let people: Vec<_> = opened.rows.iter().map(|row| (row.line, row.person.key.as_str())).collect();
    assert_eq!(people, [(2, "ada"), (14, "bo")]);
}

#[test]
fn a_file_that_is_none_of_results_is_told_once() {
    for text in ["", "\n\n", "name,email\nAda,ada@example.org\n", "{\"muster\":\"results\"}"] {
        let opened = Opened::from_csv(text);
        assert_eq!(opened.rows, []);
        let codes: Vec<_> = opened.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [ProblemCode::NotResults], "{text:?}");
    }
    let newer = ResultFile { format: domain::export::FORMAT + 1, ..ResultFile::new("p", "", Vec::new()) };
    assert_eq!(newer.open().problems[0].code, ProblemCode::NotResults);
}
