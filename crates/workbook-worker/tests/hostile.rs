//! Files that are damaged, of another format, or made to exhaust the memory.

mod support;

use std::io::{Cursor, Write as _};

use support::{PLAIN, archive, pack, parts, workbook};
use workbook_worker::WorkbookError::*;
use workbook_worker::{Workbook, WorkbookError, WorkbookLimits};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const COMPOUND_FILE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

fn error(bytes: Vec<u8>) -> Option<WorkbookError> {
    Workbook::open(bytes).err()
}

/// The CSV of a workbook whose sheet has these rows, as XML.
fn csv(rows: &str) -> Result<String, WorkbookError> {
    Workbook::open(workbook(rows))?.csv(0)
}

fn cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// Replaces the content of a part, or adds it.
fn with(name: &'static str, content: &str) -> Vec<u8> {
    let mut parts = parts("<worksheet><sheetData/></worksheet>");
    parts.retain(|part| part.0 != name);
    parts.push((name, content.into()));
    pack(&parts)
}

#[test]
fn files_that_are_no_workbook_are_refused() {
    let docx = PLAIN.replace("spreadsheetml.sheet", "wordprocessingml.document");
    let table: [(&str, Vec<u8>); 8] = [
        ("nothing", Vec::new()),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("text", b"name,phone\r\nAda,1".to_vec()),
        ("the beginning of an archive", b"PK\x03\x04".to_vec()),
        ("an empty archive", archive([])),
        ("an archive of something else", archive([("notes.txt", &b"hello"[..])])),
        ("a document", archive([("[Content_Types].xml", docx.as_bytes()), ("word/document.xml", b"<w/>")])),
        ("half a workbook", workbook("").into_iter().take(400).collect()),
    ];
    for (what, bytes) in table {
        assert_eq!(error(bytes), Some(NotAWorkbook), "{what}");
    }
}

#[test]
fn other_formats_are_recognised() {
    let encrypted = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let macros =
        PLAIN.replace("openxmlformats-officedocument.spreadsheetml.sheet", "ms-excel.sheet.macroEnabled");
    let table = [
        (Encrypted, [&COMPOUND_FILE[..], &[0; 600], &encrypted, &[0; 90]].concat()),
        (OldFormat, [&COMPOUND_FILE[..], &[0; 600]].concat()),
        (OldFormat, COMPOUND_FILE.to_vec()),
        (OtherFormat, archive([("mimetype", &b"application/vnd.oasis.opendocument.spreadsheet"[..])])),
        (OtherFormat, archive([("xl/workbook.bin", &b"\x83\x01"[..])])),
        (OtherFormat, archive([("Index/Document.iwa", &b"x"[..])])),
        (Macros, with("xl/vbaProject.bin", "x")),
        (Macros, with("[Content_Types].xml", &macros)),
    ];
    for (expected, bytes) in table {
        assert_eq!(error(bytes), Some(expected));
    }
}

#[test]
fn an_archive_with_a_password_is_encrypted() {
    let plain = workbook("");
    let entry = plain.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    // Of the first part, in its header and in the directory: the flag, and the method, which AES replaces.
    for method in [8, 99] {
        let mut bytes = plain.clone();
        (bytes[6], bytes[8]) = (bytes[6] | 1, method);
        (bytes[entry + 8], bytes[entry + 10]) = (bytes[entry + 8] | 1, method);
        assert_eq!(error(bytes), Some(Encrypted), "{method}");
    }
}

#[test]
fn damaged_parts_are_refused() {
    for (name, content) in [
        ("_rels/.rels", "<Relationships>"),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"People\" r:id=\"r1\"/>"),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"People\" r:id=\"r9\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", "not XML"),
        ("xl/styles.xml", "<styleSheet><cellXfs><xf"),
        ("xl/sharedStrings.xml", "<sst><si><t>a"),
    ] {
        assert_eq!(error(with(name, content)), Some(NotAWorkbook), "{name}: {content}");
    }
    assert_eq!(error(with("xl/workbook.xml", "<workbook/>")), Some(NoSheets));
    for rows in [
        "<row><c r=\"A1\" t=\"s\"><v>3</v></c></row>",
        "<row><c r=\"A1\" t=\"n\"><v>x</v></c></row>",
        "<row><c",
    ] {
        assert_eq!(csv(rows), Err(NotAWorkbook), "{rows}");
    }
    assert_eq!(csv("").as_deref(), Ok(""));
}

#[test]
fn a_changed_byte_is_noticed() {
    let whole = workbook(&cell("A1", "Ada"));
    let name = b"xl/worksheets/sheet1.xml";
    let at = whole.windows(name.len()).position(|window| window == name).unwrap() + name.len() + 20;
    let mut bytes = whole;
    bytes[at] ^= 1;
    assert_eq!(error(bytes), Some(NotAWorkbook));
}

#[test]
fn parts_are_found_where_other_programs_put_them() {
    let sheet = format!("<worksheet><sheetData><row>{}</row></sheetData></worksheet>", cell("A1", "a"));
    let mut parts = parts(&sheet);
    for (name, text) in &mut parts {
        *text = text
            .replace("Target=\"xl/", "Target=\"/xl/")
            .replace("worksheets/sheet1", "/xl/Worksheets/SHEET1");
        if *name == "xl/worksheets/sheet1.xml" {
            *name = "xl\\worksheets\\sheet1.xml";
        }
    }
    assert_eq!(Workbook::open(pack(&parts)).unwrap().csv(0).as_deref(), Ok("a\r\n"));
}

#[test]
fn a_cell_in_the_last_corner_allocates_nothing() {
    let dimension = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row>";
    let sheet = |cells: &str| pack(&parts(&format!("{dimension}{cells}</row></sheetData></worksheet>")));
    let read = |cells: &str| Workbook::open(sheet(cells)).unwrap().csv(0);
    assert_eq!(read(&cell("XFD1048576", "x")), Err(TooLarge));
    assert_eq!(read(&cell("GR1", "x")).map(|csv| csv.len()), Ok(199 + 3));
    assert_eq!(read(&cell("GS1", "x")), Err(TooLarge), "201 columns");
    assert_eq!(read(&cell("A1048576", "x")).map(|csv| csv.len()), Ok(2 * 1_048_575 + 3));
    assert_eq!(read(&cell("A1048577", "x")), Err(TooLarge));
    assert_eq!(read(&cell("XFD1048576", "")).as_deref(), Ok(""), "a blank cell is not written");
}

#[test]
fn references_that_overflow_harm_nothing() {
    for place in ["ZZZZZZZZZZZZ1", "A99999999999999999999", "A0", "1", "é", ""] {
        let (Ok(_) | Err(NotAWorkbook | TooLarge)) = csv(&format!("<row>{}</row>", cell(place, "x"))) else {
            panic!("{place}");
        };
    }
    let backwards = "<worksheet><dimension ref=\"C9:A1\"/><sheetData/></worksheet>";
    assert_eq!(Workbook::open(pack(&parts(backwards))).unwrap().csv(0).as_deref(), Ok(""));
}

#[test]
fn a_bomb_is_defused_before_it_is_read() {
    let bomb = vec![b' '; 64 * 1024 * 1024];
    let bomb = [&b"<worksheet><sheetData/></worksheet>"[..], &bomb].concat();
    let bytes = with("xl/worksheets/sheet1.xml", &String::from_utf8(bomb).unwrap());
    assert!(bytes.len() < 100_000, "it is small: {}", bytes.len());
    let open = |limits: WorkbookLimits| Workbook::open_within(bytes.clone(), limits).err();
    assert_eq!(open(WorkbookLimits::default()), Some(TooLarge), "a text of 64 MB");
    let patient = WorkbookLimits { text_bytes: u64::MAX, ..WorkbookLimits::default() };
    assert_eq!(open(patient.clone()), None);
    assert_eq!(open(WorkbookLimits { inflated_bytes: 60_000_000, ..patient }), Some(TooLarge));
}

#[test]
fn a_gigabyte_is_too_much_wherever_it_is() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().large_file(true);
    writer.start_file("[Content_Types].xml", options).unwrap();
    writer.write_all(PLAIN.as_bytes()).unwrap();
    writer.start_file("xl/media/image1.png", options).unwrap();
    let zeros = vec![0; 1_000_000];
    for _ in 0..1_001 {
        writer.write_all(&zeros).unwrap();
    }
    assert_eq!(error(writer.finish().unwrap().into_inner()), Some(TooLarge));
}

#[test]
fn declared_sizes_are_not_believed() {
    let mut bytes = with("xl/worksheets/sheet1.xml", &"<a>".repeat(1_000_000));
    let limits = WorkbookLimits { inflated_bytes: 2_000_000, ..WorkbookLimits::default() };
    // Every part claims to be of 10 bytes, in its header and in the directory.
    for (signature, at) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let places: Vec<_> =
            (0..bytes.len() - 4).filter(|place| bytes[*place..].starts_with(signature)).collect();
        for place in places {
            bytes[place + at..place + at + 4].copy_from_slice(&10_u32.to_le_bytes());
        }
    }
    let found = Workbook::open_within(bytes, limits).err();
    assert!(matches!(found, Some(TooLarge | NotAWorkbook)), "{found:?}");
}

#[test]
fn the_number_of_parts_is_limited() {
    let names: Vec<String> = (0..10_001).map(|n| n.to_string()).collect();
    let bytes = archive(names.iter().map(|name| (&**name, &b""[..])));
    assert_eq!(error(bytes), Some(TooLarge));
}

#[test]
fn a_file_is_limited_before_anything_else() {
    let limits = WorkbookLimits { file_bytes: 10, ..WorkbookLimits::default() };
    assert_eq!(Workbook::open_within(workbook(""), limits).err(), Some(TooLarge));
}

#[test]
fn declared_numbers_of_strings_are_not_believed() {
    for count in ["4", "99999999", "18446744073709551615", "99999999999999999999999"] {
        let strings = format!("<sst a=\"&\" b uniqueCount = '{count}'><si><t>a</t></si></sst>");
        let found = error(with("xl/sharedStrings.xml", &strings));
        assert_eq!(found, (count != "4").then_some(NotAWorkbook), "{count}");
    }
}

#[test]
fn many_elements_are_too_many() {
    let xfs = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(2_000_001));
    assert_eq!(error(with("xl/styles.xml", &xfs)), Some(TooLarge));
    let strings = format!("<sst>{}</sst>", "<si/>".repeat(101));
    let limits = WorkbookLimits { string_elements: 100, ..WorkbookLimits::default() };
    let found = Workbook::open_within(with("xl/sharedStrings.xml", &strings), limits).err();
    assert_eq!(found, Some(TooLarge));
}

#[test]
fn one_text_in_many_cells_is_counted_in_each() {
    let text = "x".repeat(30_000);
    let strings = format!("<sst><si><t>{text}</t></si></sst>");
    let rows = "<row><c t=\"s\"><v>0</v></c></row>".repeat(10_000);
    let mut parts = parts(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"));
    parts.push(("xl/sharedStrings.xml", strings));
    assert_eq!(Workbook::open(pack(&parts)).unwrap().csv(0), Err(TooLarge));
}

#[test]
fn the_date_system_of_1904_is_honoured() {
    let sheet = "<worksheet><sheetData><row><c s=\"1\"><v>44892</v></c></row></sheetData></worksheet>";
    let mut parts = parts(sheet);
    let styles =
        "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>".to_owned();
    parts.push(("xl/styles.xml", styles));
    for (name, text) in &mut parts {
        if *name == "xl/workbook.xml" {
            *text = text.replace("<sheets>", "<workbookPr date1904=\"1\"/><sheets>");
        }
    }
    assert_eq!(Workbook::open(pack(&parts)).unwrap().csv(0).as_deref(), Ok("2026-11-28\r\n"));
}

#[test]
fn the_text_of_a_formula_keeps_its_zeros() {
    let rows = "<row r=\"2\"><c t=\"str\"><f>A1</f><v>007 &amp; up</v></c><c t=\"e\"><v>#N/A</v></c></row>";
    assert_eq!(csv(rows).as_deref(), Ok("\r\n007 & up,#N/A\r\n"));
}

#[test]
fn every_error_has_a_slug_of_its_own() {
    let mut slugs: Vec<_> = WorkbookError::ALL.iter().map(|error| error.slug()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), WorkbookError::ALL.len());
}
