//! Reads workbooks that another library writes.

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula};
use workbook_worker::server::{WorkbookReply, WorkbookRequest, WorkbookServer};
use workbook_worker::{Workbook, WorkbookError};

/// The CSV of a sheet that is filled by a function.
fn csv(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> String {
    let mut book = rust_xlsxwriter::Workbook::new();
    fill(book.add_worksheet());
    let bytes = book.save_to_buffer().expect("the library writes it");
    Workbook::open(bytes).expect("a workbook").csv(0).expect("a sheet")
}

#[test]
fn text_stays_as_it_is() {
    let csv = csv(|sheet| {
        let texts =
            ["+44 7700 900142", "007", " padded  ", "Zoë 😀", "a,b", "say \"x\"", "two\nlines", "=1+1"];
        for (row, text) in (0..).zip(texts) {
            sheet.write_string(row, 0, text).unwrap();
        }
    });
    assert_eq!(
        csv,
        "+44 7700 900142\r\n007\r\n padded  \r\nZoë 😀\r\n\"a,b\"\r\n\"say \"\"x\"\"\"\r\n\"two\nlines\"\r\n=1+1\r\n"
    );
}

#[test]
fn phones_that_became_numbers_are_digits_again() {
    let csv = csv(|sheet| {
        let numbers = [447_700_900_142.0, -3.0, 0.25, 4_477_009_001_421_230_000.0];
        for (column, number) in (0..).zip(numbers) {
            sheet.write_number(0, column, number).unwrap();
        }
        let scientific = Format::new().set_num_format("0.00E+00");
        sheet.write_number_with_format(0, 4, 447_700_900_142.0, &scientific).unwrap();
    });
    assert_eq!(csv, "447700900142,-3,0.25,4.47700900142123E+18,447700900142\r\n");
}

#[test]
fn dates_booleans_errors_and_formulas_are_written_as_documented() {
    let csv = csv(|sheet| {
        let (date, both) =
            (Format::new().set_num_format("dd/mm/yy"), Format::new().set_num_format("d mmm yyyy hh:mm"));
        let (time, hours) =
            (Format::new().set_num_format("hh:mm"), Format::new().set_num_format("[h]:mm:ss"));
        let day = ExcelDateTime::from_ymd(2026, 11, 28).unwrap();
        let morning = ExcelDateTime::from_ymd(2026, 11, 28).unwrap().and_hms(9, 30, 0).unwrap();
        sheet.write_datetime_with_format(0, 0, day, &date).unwrap();
        sheet.write_datetime_with_format(0, 1, morning, &both).unwrap();
        sheet.write_number_with_format(0, 2, 9.5 / 24.0, &time).unwrap();
        sheet.write_number_with_format(0, 3, 27.5 / 24.0, &hours).unwrap();
        sheet.write_boolean(0, 4, true).unwrap();
        sheet.write_formula(0, 5, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write_formula(0, 6, Formula::new("=40+2").set_result("42")).unwrap();
        sheet.write_formula(0, 7, Formula::new("=\"a\"&7").set_result("a7")).unwrap();
    });
    assert_eq!(csv, "2026-11-28,2026-11-28T09:30:00,09:30:00,27:30:00,TRUE,#DIV/0!,42,a7\r\n");
}

#[test]
fn line_n_is_row_n_and_blank_ends_are_left_out() {
    let csv = csv(|sheet| {
        sheet.write_string(2, 1, "x").unwrap();
        sheet.write_blank(2, 900, &Format::new().set_bold()).unwrap();
        sheet.write_blank(1_048_575, 0, &Format::new().set_bold()).unwrap();
    });
    assert_eq!(csv, "\r\n\r\n,x\r\n");
}

#[test]
fn lists_visible_worksheets_and_counts_hidden_ones() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("Übersicht & <x>").unwrap().write_string(0, 0, "a").unwrap();
    book.add_worksheet().set_name("Secret").unwrap().set_hidden(true);
    book.add_worksheet().set_name("Deep").unwrap().set_very_hidden(true);
    let mut chart = rust_xlsxwriter::Chart::new(rust_xlsxwriter::ChartType::Column);
    chart.add_series().set_values("Last!$A$1:$A$2");
    book.add_chartsheet().insert_chart(0, 0, &chart).unwrap();
    book.add_worksheet().set_name("Last").unwrap().write_string(0, 0, "b").unwrap();
    let mut workbook = Workbook::open(book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(workbook.sheets(), ["Übersicht & <x>", "Last"]);
    assert_eq!(workbook.n_hidden(), 2);
    assert_eq!((workbook.csv(0).unwrap(), workbook.csv(1).unwrap()), ("a\r\n".into(), "b\r\n".into()));
    assert_eq!(workbook.csv(2), Err(WorkbookError::NoSheets));
    assert_eq!(format!("{workbook:?}"), "Workbook { n_sheets: 2, .. }");
}

#[test]
fn the_server_answers_about_the_workbook_opened_last() {
    let mut server = WorkbookServer::default();
    assert_eq!(server.answer(WorkbookRequest::Sheet(0)), WorkbookReply::Failed(WorkbookError::NoSheets));
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(0, 0, "a").unwrap();
    let opened = server.answer(WorkbookRequest::Open(book.save_to_buffer().unwrap()));
    assert_eq!(opened, WorkbookReply::Opened { sheets: vec!["Sheet1".into()], n_hidden: 0 });
    assert_eq!(server.answer(WorkbookRequest::Sheet(0)), WorkbookReply::Csv("a\r\n".into()));
    let failed = server.answer(WorkbookRequest::Open(b"nothing".to_vec()));
    assert_eq!(failed, WorkbookReply::Failed(WorkbookError::NotAWorkbook));
    assert_eq!(server.answer(WorkbookRequest::Sheet(0)), WorkbookReply::Failed(WorkbookError::NoSheets));
}

/// A value and the text that is expected of it.
#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Number(f64, String),
    Bool(bool),
}

fn value() -> impl Strategy<Value = Value> {
    // Texts of Excel have no control characters besides tab and line feed.
    let text = "[ -~\t\né😀,\";'=+@]{1,12}";
    prop_oneof![
        text.prop_map(Value::Text),
        (-999_999_999_999_999_i64..=999_999_999_999_999)
            .prop_map(|number| Value::Number(number as f64, number.to_string())),
        (-1e6_f64..1e6).prop_map(|number| Value::Number(number, number.to_string())),
        any::<bool>().prop_map(Value::Bool),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn what_was_written_comes_back(
        cells in prop::collection::btree_map((0_u32..40, 0_u16..12), value(), 1..60)
    ) {
        // `1e-6` has an exponent, and is checked elsewhere.
        prop_assume!(cells.values().all(|value| !matches!(value, Value::Number(n, _) if n.abs() < 1e-4 && *n != 0.0)));
        let csv = csv(|sheet| {
            for (&(row, column), value) in &cells {
                match value {
                    Value::Text(text) => sheet.write_string(row, column, text).unwrap(),
                    Value::Number(number, _) => sheet.write_number(row, column, *number).unwrap(),
                    Value::Bool(is_so) => sheet.write_boolean(row, column, *is_so).unwrap(),
                };
            }
        });
        let mut found = std::collections::BTreeMap::new();
        // The library skips blank lines, so the number of a row is counted outside of quotes.
        for (row, line) in (0..).zip(lines(&csv)) {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            for record in reader.records() {
                for (column, field) in (0..).zip(record.unwrap().iter()) {
                    if !field.is_empty() {
                        found.insert((row, column), field.to_owned());
                    }
                }
            }
        }
        let expected: std::collections::BTreeMap<_, _> = cells
            .iter()
            .map(|(place, value)| {
                let text = match value {
                    Value::Text(text) | Value::Number(_, text) => text.clone(),
                    Value::Bool(is_so) => if *is_so { "TRUE".to_owned() } else { "FALSE".to_owned() },
                };
                (*place, text)
            })
            .collect();
        prop_assert_eq!(found, expected);
    }
}

/// The lines of a CSV, without splitting quoted fields.
fn lines(csv: &str) -> Vec<&str> {
    let (mut lines, mut from, mut is_quoted) = (Vec::new(), 0, false);
    for (at, byte) in csv.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => {
                lines.push(&csv[from..=at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    lines
}
