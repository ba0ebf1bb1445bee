//! Targets that read user-supplied files and texts, the config, and the vault's records.

use domain::connection_file::ConnectionFile;
use domain::export::{Opened, ResultFile, command};
use domain::kept::KeptReading;
use domain::vault::{DirectoryHead, Header, Record};
use domain::whole::WholeList;
use domain::{Paging, Vendor, export, key, list, plain};
use hosting::{Config, headers};

/// The vendor (from the first byte) and the text of an input, if it is UTF-8.
fn text(input: &[u8]) -> Option<(Vendor, &str)> {
    let (first, rest) = input.split_first()?;
    Some((Vendor::ALL[usize::from(*first) % Vendor::ALL.len()], str::from_utf8(rest).ok()?))
}

/// Checks a list: nothing of it is lost, every usable entry has a person with a valid key, and what is written of a
/// person reads as the same person.
pub(crate) fn list(input: &[u8]) {
    let Some((vendor, text)) = text(input) else { return };
    let rules = list::Rules::new(vendors::capabilities(vendor).identity);
    let read = list::read(text, &rules);
    let mut places: Vec<_> = read.entries.iter().map(|entry| entry.at.clone()).chain(read.headers).collect();
    places.sort_by_key(|at| at.start);
    let mut end = 0;
    for at in places {
        assert!(at.start >= end, "no text is in two places");
        assert!(!text[end..at.start].contains(char::is_alphanumeric), "no text is lost: {text:?}");
        end = at.end;
    }
    assert!(!text[end..].contains(char::is_alphanumeric), "no text is lost: {text:?}");
    for entry in read.entries {
        assert_eq!(&*entry.typed, &text[entry.at.clone()], "what was typed is kept");
        assert_eq!(entry.status == list::EntryStatus::Refused, entry.person.is_none());
        let Some(person) = entry.person else { continue };
        let key = person.key.as_str();
        assert_eq!(plain::id(key), Some(key), "a key is one that a vendor can have");
        assert!(!person.label().chars().any(list_hides), "{:?}", person.label());
        let again = list::read(&list::write(&person, entry.scope), &rules).entries;
        let [again] = &again[..] else { panic!("{person:?} reads as {again:?}") };
        assert_eq!((again.person.as_ref(), again.scope), (Some(&person), entry.scope));
    }
}

fn list_hides(c: char) -> bool {
    key::is_hidden(c) && !matches!(c, '\u{200C}' | '\u{200D}')
}

/// Checks results read from a CSV table.
pub(crate) fn results_table(input: &[u8]) {
    let Some((_, text)) = text(input) else { return };
    opened(&Opened::from_csv(text));
}

/// Checks results read from a JSON file.
pub(crate) fn results_json(input: &[u8]) {
    let Ok(file) = serde_json::from_slice::<ResultFile>(input) else { return };
    opened(&file.open());
    // Writing and reading back gives the same, as JSON and as a table.
    let json = serde_json::to_string(&file).expect("a file of texts can be written");
    assert_eq!(serde_json::from_str::<ResultFile>(&json).expect("it was written"), file);
    let rows = Opened::from_csv(&export::to_csv(file.rows.clone())).rows;
    let again = rows.iter().map(|row| (&row.person, &row.operation, row.verdict));
    let whole = ResultFile { muster: export::MARK.into(), format: export::FORMAT, ..file }.open();
    assert!(again.eq(whole.rows.iter().map(|row| (&row.person, &row.operation, row.verdict))));
}

fn opened(opened: &Opened) {
    for row in &opened.rows {
        let key = row.person.key.as_str();
        assert_eq!(plain::id(key), Some(key), "a key is one that a vendor can have");
        assert!(!row.person.label().chars().any(list_hides), "{:?}", row.person.label());
    }
    let _ = command(&opened.rows, None);
}

/// Checks connection files: writing and reopening an opened file gives the same.
pub(crate) fn connections(input: &[u8]) {
    let Ok(file) = serde_json::from_slice::<ConnectionFile>(input) else { return };
    for is_page_secure in [true, false] {
        let Ok(opened) = file.open(is_page_secure) else { continue };
        for one in opened {
            let Ok(connection) = one.result else { continue };
            assert_eq!(domain::plain::name(&connection.name), *connection.name, "nothing has to be changed");
            let again = ConnectionFile::of([&connection]).open(is_page_secure).expect("it was written");
            assert_eq!(again[0].result.as_ref(), Ok(&connection));
        }
    }
}

/// Checks `config.json`: an accepted config results in a well-formed policy with exact hosts.
pub(crate) fn config(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let config = match Config::parse(text) {
        Ok(config) => config,
        Err(problems) => {
            assert!(!problems.is_empty(), "whatever is refused has a reason");
            for problem in problems {
                assert!(problem.to_string().len() < 1_000, "a reason is short: {problem}");
            }
            return;
        }
    };
    let policy = headers::content_security_policy(&config);
    assert!(!policy.contains(['*', '\n', '\r', ',']) && policy.is_ascii(), "{policy}");
    let honest = headers::content_security_policy(&Config::default());
    let names = |policy: &str| -> Vec<String> {
        policy.split(';').filter_map(|part| part.split_whitespace().next().map(str::to_owned)).collect()
    };
    assert_eq!(names(&policy), names(&honest), "nothing ends a directive");
    for (name, value) in headers::security(&config) {
        assert!(http::HeaderValue::from_str(&value).is_ok(), "{name}: {value:?}");
    }
}

/// Checks what is kept on the device, the parts of the vault and how far a reading is: encoding is the inverse of
/// decoding.
pub(crate) fn vault(input: &[u8]) {
    if let Ok(header) = Header::decode(input) {
        assert_eq!(header.encode(), input);
    }
    if let Ok(record) = Record::decode(input) {
        assert_eq!(record.encode(), input);
        assert!(Header::decode(input).is_err(), "nothing is both");
    }
    if let Ok(head) = DirectoryHead::decode(input) {
        assert_eq!(head.encode(), input);
    }
    if let Some(kept) = KeptReading::decode(input) {
        assert_eq!(KeptReading::decode(&kept.encode()), Some(kept));
    }
    for paging in [Paging::Offset(1_000), Paging::Pages(1_000)] {
        if let Some(list) = WholeList::resumed(paging, 4, input) {
            let saved = list.saved();
            let again = WholeList::resumed(paging, 4, &saved).expect("what is written is read");
            assert_eq!(again.saved(), saved);
        }
    }
}
