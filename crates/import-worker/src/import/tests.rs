//! Files as they are brought, and what is made of them.

use domain::Vendor;
use proptest::prelude::*;

use super::*;

fn import(vendor: Vendor, text: &str) -> Import {
    Import::new(text.as_bytes().to_vec(), vendor).expect("it is a table")
}

fn standings(import: &Import) -> Vec<Standing> {
    import.rows(RowFilter::All, 0, usize::MAX).into_iter().map(|row| row.standing).collect()
}

#[test]
fn a_table_is_read_by_its_header_and_mended_row_by_row() {
    let text = "Name;UID;Role\r\nMila;fan-1;Moderator\r\nNoor;fan-2;Blocked\r\nOle;;\r\nPia;FAN-1;admin\r\nMila;fan-1;moderator\r\nRia;fan-3;blocked\r\n";
    let mut import = import(Vendor::CometChat, text);
    let refused = Standing::Refused;
    assert_eq!(
        standings(&import),
        [
            Standing::Usable,
            refused(ProblemCode::UnknownScope),
            refused(ProblemCode::KeyMissing),
            Standing::Contradiction,
            Standing::Duplicate,
            refused(ProblemCode::UnknownScope),
        ]
    );
    let summary = import.summary();
    assert_eq!((summary.separator, summary.has_header, summary.n_rows), (Some(';'), true, 6));
    let asked: Vec<(&str, usize)> = summary.words.iter().map(|word| (&*word.word, word.n_rows)).collect();
    assert_eq!(asked, [("Blocked", 2)]);
    let problems = import.rows(RowFilter::Problems, 1, 2);
    assert_eq!(
        problems.iter().map(|row| (row.line, row.column)).collect::<Vec<_>>(),
        [(4, Some(1)), (5, Some(2))]
    );

    import.change(vec![
        meaning(ColumnKind::Scope, "blocked", "banned"),
        ImportChange::Cell { row: 3, column: 1, text: "fan-9".into() },
        ImportChange::LeaveOut { row: 4, is_out: true },
    ]);
    let (people, next) = import.people(0, 3);
    let (rest, end) = import.people(next.expect("there are more"), 9);
    let all = people.into_iter().chain(rest);
    let people: Vec<(String, Option<Scope>)> =
        all.map(|one| (one.person.key.as_str().to_owned(), one.scope)).collect();
    assert_eq!(end, None);
    let expected = [
        ("fan-1", Some(Scope::Moderator)),
        ("fan-2", Some(Scope::Banned)),
        ("fan-9", None),
        ("fan-3", Some(Scope::Banned)),
    ];
    assert_eq!(people, expected.map(|(key, scope)| (key.to_owned(), scope)));
    import.change(vec![ImportChange::LeaveOut { row: 4, is_out: false }]);
    assert_eq!(import.summary().n_usable, 4);
    import.change(vec![ImportChange::LeaveOutAll(Standing::Contradiction)]);
    assert_eq!(import.summary().n_problems(), 0);
    import.change(vec![ImportChange::TakeInAll]);
    assert_eq!(import.summary().n_problems(), 1);
    assert_eq!(import.rows(RowFilter::Problems, 0, 9)[0].contradicts, Some(2));
}

fn meaning(kind: ColumnKind, word: &str, means: &str) -> ImportChange {
    ImportChange::Meaning { kind, word: word.into(), means: Some(means.into()) }
}

#[test]
fn groups_and_roles_are_asked_about_once_for_each_word() {
    let text = "Email,Name,Role,Plan,Note\nmila@x.org,Mila,Coach,Gold,hi\nnoor@x.org,Noor,coach,,\nmila@x.org,Mila,Guest,Gold,\n";
    let mut import = import(Vendor::Networked, text);
    let kinds: Vec<ColumnKind> = import.summary().columns.iter().map(|column| column.kind).collect();
    let expected =
        [ColumnKind::Email, ColumnKind::Name, ColumnKind::Role, ColumnKind::Price, ColumnKind::Note];
    assert_eq!(kinds, expected);
    assert_eq!(standings(&import), [Standing::Refused(ProblemCode::UnknownValue); 3]);
    let row = &import.rows(RowFilter::All, 0, 1)[0];
    assert_eq!((row.column, &*row.problems[0].found), (Some(2), "Coach"));

    import.change(vec![
        meaning(ColumnKind::Role, "COACH", "role-1"),
        meaning(ColumnKind::Role, "guest", "role-2"),
        meaning(ColumnKind::Price, "Gold", "price-1"),
    ]);
    assert_eq!(standings(&import), [Standing::Usable, Standing::Usable, Standing::Contradiction]);
    let (people, _) = import.people(0, 9);
    let said =
        |idx: usize| (people[idx].role.as_deref(), people[idx].price.as_deref(), people[idx].note.as_deref());
    assert_eq!(said(0), (Some("role-1"), Some("price-1"), Some("hi")));
    assert_eq!(said(1), (Some("role-1"), None, None));
    import.change(vec![meaning(ColumnKind::Role, "guest", "role-1")]);
    assert_eq!(standings(&import)[2], Standing::Duplicate);
}

#[test]
fn a_person_may_be_in_several_groups_of_one_file() {
    let text = "uid\tgroup\nfan-1\tBooks\nfan-1\tFilms\nfan-1\tbooks\nfan-1\tBooks\nfan-2\t\n";
    let mut import = import(Vendor::CometChat, text);
    let known = |word: &str, id: &str| meaning(ColumnKind::Group, word, id);
    import.change(vec![known("Books", "g-1"), known("Films", "g-2"), known("books", "g-1")]);
    let (usable, duplicate) = (Standing::Usable, Standing::Duplicate);
    assert_eq!(standings(&import), [usable, usable, duplicate, duplicate, usable]);
    assert_eq!(import.summary().n_without_group, 1);
    let groups: Vec<Option<Box<str>>> = import.people(0, 9).0.into_iter().map(|one| one.group).collect();
    assert_eq!(groups, [Some("g-1".into()), Some("g-2".into()), None]);
}

#[test]
fn a_header_in_unknown_words_is_no_person() {
    let import = import(Vendor::Networked, "sähköposti,nimi\nmila@x.org,Mila\nnoor@x.org,Noor\n");
    let summary = import.summary();
    assert_eq!((summary.has_header, summary.n_usable), (true, 2));
    let column = &summary.columns[0];
    assert_eq!(
        (&*column.heading, column.source, column.fit),
        ("sähköposti", ColumnSource::Contents, Some((2, 2)))
    );
    assert_eq!(column.texts, ["mila@x.org".into(), "noor@x.org".into()]);
}

#[test]
fn columns_are_recognised_by_what_is_in_them() {
    let import = import(Vendor::CometChat, "fan-1,Mila,moderator\nfan-2,Noor,\nfan-3,Ole,Boss\n");
    let kinds =
        |import: &Import| import.summary().columns.iter().map(|column| column.kind).collect::<Vec<_>>();
    assert_eq!(kinds(&import), [ColumnKind::Id, ColumnKind::Name, ColumnKind::Scope]);
    assert_eq!(import.rows(RowFilter::Problems, 0, 9)[0].cells, ["fan-3", "Ole", "Boss"]);
    let emails = self::import(Vendor::Networked, "Mila,mila@x.org\nNoor,noor@x.org");
    assert_eq!(kinds(&emails), [ColumnKind::Name, ColumnKind::Email]);
    assert_eq!(kinds(&self::import(Vendor::CometChat, "fan-1\nfan-2")), [ColumnKind::Id]);
}

fn people(import: &Import) -> Vec<(String, Option<String>)> {
    let of = |one: ImportPerson| (one.person.key.as_str().to_owned(), one.person.name.map(String::from));
    import.people(0, usize::MAX).0.into_iter().map(of).collect()
}

#[test]
fn a_line_of_people_is_no_row_of_columns() {
    let check = |vendor, text: &str, expected: &[(&str, Option<&str>)]| {
        let expected: Vec<(String, Option<String>)> =
            expected.iter().map(|(key, name)| ((*key).to_owned(), name.map(str::to_owned))).collect();
        assert_eq!(people(&import(vendor, text)), expected, "{text:?}");
    };
    let ids = [("fan-1", None), ("fan-2", None), ("fan-3", None)];
    check(Vendor::CometChat, "fan-1, fan-2, fan-3", &ids);
    check(Vendor::CometChat, "fan-1; fan-2\nfan-3", &ids);
    check(Vendor::CometChat, "fan-1, fan-2\nfan-3, fan-1\n", &ids);
    check(Vendor::CometChat, "fan-1、fan-2、fan-3", &ids);
    let named = [("j@x.org", Some("Doe, John")), ("r@x.org", Some("Roe, Ann"))];
    check(Vendor::Networked, "Doe, John <j@x.org>, Roe, Ann <r@x.org>", &named);
    check(Vendor::Networked, "\"Doe, John\" <j@x.org>; \"Roe, Ann\" <r@x.org>;\r\n", &named);
    check(
        Vendor::Networked,
        "John <j@x.org> Ann <r@x.org>",
        &[("j@x.org", Some("John")), ("r@x.org", Some("Ann"))],
    );
    check(Vendor::Genuin, "+447700900141, +447700900142", &[("447700900141", None), ("447700900142", None)]);
    // Two addresses of one person, who has a name.
    let table = "Mila;mila@x.org;mila@home.example\nNoor;noor@x.org;\nOle;;ole@x.org\n";
    check(
        Vendor::Networked,
        table,
        &[("mila@x.org", Some("Mila")), ("noor@x.org", Some("Noor")), ("ole@x.org", Some("Ole"))],
    );
    let lines: Vec<u32> = import(Vendor::CometChat, "fan-1, fan-2\n\nfan-3")
        .rows(RowFilter::All, 0, 9)
        .iter()
        .map(|row| row.line)
        .collect();
    assert_eq!(lines, [1, 1, 3]);
}

#[test]
fn a_word_that_could_be_an_id_is_no_name() {
    let import = import(Vendor::CometChat, "fan-1,fan-2,moderator\nfan-3,fan-4,\n");
    let kinds: Vec<ColumnKind> = import.summary().columns.iter().map(|column| column.kind).collect();
    assert_eq!(kinds, [ColumnKind::Id, ColumnKind::Unused, ColumnKind::Scope]);
}

#[test]
fn words_that_differ_in_a_mark_are_two() {
    let text =
        "email,name,plan\nmila@x.org,Mila,Pro\nnoor@x.org,Noor,Pro+\nole@x.org,Ole,★\npia@x.org,Pia,☆\n";
    let mut import = import(Vendor::Networked, text);
    let words = |import: &Import| {
        import
            .summary()
            .words
            .iter()
            .map(|word| (word.word.to_string(), word.means.is_some()))
            .collect::<Vec<_>>()
    };
    import.change(vec![
        meaning(ColumnKind::Price, "pro", "price-1"),
        meaning(ColumnKind::Price, "★", "price-2"),
    ]);
    let expected = [("Pro", true), ("Pro+", false), ("★", true), ("☆", false)];
    assert_eq!(words(&import), expected.map(|(word, is_known)| (word.to_owned(), is_known)));
    let mut scopes = self::import(Vendor::CometChat, "uid,scope\nfan-1,★\nfan-2,☆\n");
    scopes.change(vec![meaning(ColumnKind::Scope, "★", "admin")]);
    assert_eq!(words(&scopes), [("★".to_owned(), true), ("☆".to_owned(), false)]);
}

#[test]
fn the_cell_to_mend_is_the_one_that_is_wrong() {
    let column = |import: &Import| {
        import.rows(RowFilter::Problems, 0, 9).iter().map(|row| row.column).collect::<Vec<_>>()
    };
    let named = import(Vendor::Networked, "email,city,first name,last name\nmila@x.org,Oslo,,\n");
    assert_eq!(column(&named), [Some(2)]);
    let nameless = import(Vendor::Networked, "email,city\nmila@x.org,Oslo\n");
    assert_eq!(column(&nameless), [None]);
    let open = import(Vendor::Networked, "email,name,city\nmila@x.org,Mila,\"Oslo\nnoor@x.org,Noor,Bergen\n");
    assert_eq!(column(&open), [Some(2)]);
    let bracketed = import(Vendor::Networked, "email,name\nmila@x.org,Mila <m@x.org>\n");
    assert_eq!(column(&bracketed), [Some(1)]);
    let mut twice = import(
        Vendor::Networked,
        "email,name,role,plan\nmila@x.org,Mila,Coach,Gold\nmila@x.org,Mila,Coach,Silver\n",
    );
    twice.change(vec![
        meaning(ColumnKind::Role, "coach", "role-1"),
        meaning(ColumnKind::Price, "gold", "price-1"),
        meaning(ColumnKind::Price, "silver", "price-2"),
    ]);
    assert_eq!(column(&twice), [Some(3)]);
}

#[test]
fn text_in_every_script_and_encoding_is_text() {
    let text = "почта;имя\r\nanna@x.org;Анна\r\nboris@x.org;Борис\r\n";
    for mark in ["", "\u{feff}"] {
        let bytes: Vec<u8> = [mark, text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect();
        let import = Import::new(bytes, Vendor::Networked).expect("it is text");
        assert_eq!((import.summary().encoding, import.summary().n_usable), (Encoding::Utf16Le, 2));
    }
    let wide = import(Vendor::Networked, "メール；名前\nhanako@x.org；山田、花子\n");
    assert_eq!(wide.summary().separator, Some('；'));
    assert_eq!(people(&wide), [("hanako@x.org".to_owned(), Some("山田、花子".to_owned()))]);
}

#[test]
fn a_nul_separates_nothing() {
    let import = import(Vendor::CometChat, "uid\nfan-1\0\nfan-2\n");
    assert_eq!(import.summary().columns.len(), 1);
}

#[test]
fn a_country_is_chosen_and_taken_back() {
    let mut import = import(Vendor::Genuin, "phone\n07700 900141\n07700 900142\n");
    let mut choose = |code: &str| {
        import.change(vec![ImportChange::Country(code.into())]);
        (import.summary().country, import.summary().n_usable)
    };
    assert_eq!(choose("+44"), (Some(44), 2));
    assert_eq!(choose("x"), (None, 0));
    assert_eq!(choose("0044"), (Some(44), 2));
    assert_eq!(choose(""), (None, 0));
}

#[test]
fn what_should_be_looked_at_is_apart() {
    let text =
        "email,name\nmila@x.org,Mila\nn\u{43e}\u{43e}r@x.org,Noor\nole\u{200b}@x.org,Ole\nole@x.org,Ole\n";
    let import = import(Vendor::Networked, text);
    assert_eq!(standings(&import), [Standing::Usable, Standing::Noted, Standing::Noted, Standing::Duplicate]);
    let rows = import.rows(RowFilter::Only(Standing::Noted), 0, 9);
    let codes: Vec<ProblemCode> =
        rows.iter().flat_map(|row| &row.problems).map(|problem| problem.code).collect();
    assert_eq!(codes, [ProblemCode::MixedScripts, ProblemCode::HiddenCharacters]);
    assert_eq!((import.summary().n_usable, people(&import).len()), (3, 3));
    assert_eq!(import.rows(RowFilter::Usable, 0, 9).len(), 3);
}

#[test]
fn a_mapping_and_a_header_can_be_changed() {
    let mut import = import(Vendor::Networked, "contact,label\nmila@x.org,Mila\n");
    import.change(vec![ImportChange::Header(true)]);
    import.change(vec![ImportChange::Columns(vec![ColumnKind::Email, ColumnKind::Name])]);
    assert_eq!((import.summary().n_usable, import.summary().n_rows), (1, 1));
    import.change(vec![ImportChange::Header(false)]);
    assert_eq!((import.summary().n_usable, import.summary().n_rows), (1, 2));
    import.change(vec![ImportChange::CellsLike { column: 0, from: "contact".into(), to: "c@x.org".into() }]);
    assert_eq!(import.summary().n_usable, 2);
}

#[test]
fn what_is_no_list_is_refused() {
    let error = |bytes: &[u8]| Import::new(bytes.to_vec(), Vendor::Networked).err();
    assert_eq!(error(b""), Some(ImportError::Empty));
    assert_eq!(error(b"\n \n"), Some(ImportError::Empty));
    assert_eq!(error(b"\x89PNG\r\n"), Some(ImportError::NoText));
    assert_eq!(error("a,".repeat(10_000).as_bytes()), Some(ImportError::TooManyColumns));
    let survey = ["Question?,".repeat(10_000), "I agree!,".repeat(10_000)].join("\n");
    for vendor in Vendor::ALL {
        let read = Import::new(survey.clone().into_bytes(), vendor).map(|import| import.summary().n_rows);
        assert_eq!(read, Err(ImportError::TooManyColumns), "{vendor:?}");
    }
    assert_eq!(error("a\u{1}\u{2}b".repeat(9).as_bytes()), Some(ImportError::NoText));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Deciding on bytes gives what reading gives.
    #[test]
    fn plain_rows_are_decided_as_they_are_read(
        rows in prop::collection::vec(
            ("[a-zA-Z0-9.@_+é\u{ad}\" '-]{0,12}(@[a-z0-9.-]{1,8}\\.[a-z]{1,3})?", "(\\PC{0,4}|\"\"|-)", "(moderator|Admin|x|-|)"),
            1..8,
        ),
    ) {
        for vendor in Vendor::ALL {
            let text: String = std::iter::once("email\tuid\tname\trole\n".to_owned())
                .chain(rows.iter().map(|(key, name, role)| format!("{key}\t{key}\t{name}\t{role}\n")))
                .collect();
            let import = import(vendor, &text);
            for row in import.rows(RowFilter::All, 0, usize::MAX) {
                let refused = row.problems.iter().any(|problem| problem.severity >= Severity::Refused);
                prop_assert_eq!(refused, row.standing.is_problem(), "{:?}", row);
            }
            prop_assert_eq!(import.people(0, usize::MAX).0.len(), import.summary().n_usable);
            let mut seen = BTreeSet::new();
            for ImportPerson { person, .. } in import.people(0, usize::MAX).0 {
                prop_assert!(seen.insert(person.key.folded()), "{:?} twice", person);
            }
        }
    }
}
