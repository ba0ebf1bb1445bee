//! The target that reads workbooks.
//!
//! An input is a file, or texts of parts: a random archive nearly always fails its checksums, which hides the readers
//! of the parts behind them.

use std::io::{Cursor, Write as _};

use workbook_worker::{Workbook, WorkbookLimits};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The first byte of an input that has the texts of [`PARTS`]; any other begins a file.
pub(crate) const IS_PARTS: u8 = b'<';
/// Ends the text of a part in an input.
pub(crate) const END: u8 = 0;

/// The parts of a workbook that an input can have, in order.
pub(crate) const PARTS: [&str; 6] = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "_rels/.rels",
];

/// Small enough that no input takes long.
fn limits() -> WorkbookLimits {
    WorkbookLimits {
        file_bytes: 1_000_000,
        inflated_bytes: 10_000_000,
        string_elements: 100_000,
        elements: 100_000,
        cells: 100_000,
        csv_bytes: 4_000_000,
        ..WorkbookLimits::default()
    }
}

/// Checks a workbook: every sheet is a CSV within the limits, or is refused.
pub(crate) fn run(input: &[u8]) {
    let file = if input.first() == Some(&IS_PARTS) { pack(input) } else { input.to_vec() };
    let Ok(mut workbook) = Workbook::open_within(file, limits()) else { return };
    assert!(!workbook.sheets().is_empty(), "a workbook has a sheet");
    for sheet in 0..workbook.sheets().len().min(3) {
        let Ok(csv) = workbook.csv(sheet) else { continue };
        assert!(csv.len() <= limits().csv_bytes + 2, "a CSV is within the limits");
        assert!(csv.is_empty() || csv.ends_with("\r\n"), "the last line is whole");
        assert!(!csv.ends_with("\n\r\n") && csv != "\r\n", "no blank line is at the end");
        check_fields(&csv);
        assert_eq!(workbook.csv(sheet).as_deref(), Ok(&*csv), "a sheet can be read again");
    }
}

/// Checks that quotation marks are balanced, and that no line is wider than the limit.
fn check_fields(csv: &str) {
    let (mut is_quoted, mut width) = (false, 1);
    for byte in csv.bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => width += 1,
            b'\n' if !is_quoted => width = 1,
            _ => {}
        }
        assert!(width <= limits().columns, "no line is wider than the limit");
    }
    assert!(!is_quoted, "every quoted field ends");
}

/// A workbook of the texts in an input; what it lacks is as in a plain workbook.
fn pack(input: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut add = |name: &str, bytes: &[u8]| {
        writer.start_file(name, options).expect("a new part");
        writer.write_all(bytes).expect("memory takes bytes");
    };
    add("[Content_Types].xml", b"<Types/>");
    let mut texts = input.split(|byte| *byte == END);
    for (name, plain) in PARTS.iter().zip(plain()) {
        match texts.next() {
            Some(text) if !text.is_empty() => add(name, text),
            _ => add(name, plain.as_bytes()),
        }
    }
    writer.finish().expect("an archive").into_inner()
}

/// The texts of a plain workbook.
pub(crate) fn plain() -> [&'static str; PARTS.len()] {
    [
        r#"<worksheet><dimension ref="A1:C3"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>
        <c r="B1" t="inlineStr"><is><r><t>Ada</t></r><r><t xml:space="preserve"> O &amp; "x"</t></r></is></c></row>
        <row r="3"><c><v>447700900142</v></c><c s="1"><v>46354.395833333336</v></c><c t="b"><v>1</v></c>
        <c t="e"><v>#N/A</v></c><c t="str"><f>A1&amp;"x"</f><v>0_x000D_7</v></c><c t="d"><v>2026-11-28</v></c>
        <c s="2"><v>1.5</v></c><c r="XFD3"/></row></sheetData></worksheet>"#,
        r#"<sst count="1" uniqueCount="1"><si><t>name,phone</t></si></sst>"#,
        r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts>
        <fonts><font><sz val="11"/><color theme="1"/></font></fonts><fills><fill/></fills><borders><border/></borders>
        <cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="14"><alignment horizontal="left"/></xf>
        <xf numFmtId="164"/></cellXfs></styleSheet>"#,
        r#"<workbook><workbookPr date1904="0"/><sheets><sheet name="People" r:id="r1"/>
        <sheet name="Old" state="hidden" r:id="r1"/></sheets>
        <definedNames><definedName name="x">A1</definedName></definedNames></workbook>"#,
        r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        r#"<Relationships><Relationship Id="r1" Type="x/relationships/officeDocument" Target="xl/workbook.xml"/>
        </Relationships>"#,
    ]
}

/// Seed inputs: a plain workbook, as texts and as a file.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let texts = plain().join("\0").into_bytes();
    let sheet = plain()[0].as_bytes().to_vec();
    let compound_file = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    vec![pack(&texts), texts, sheet, compound_file]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_they_begin_with_is_a_workbook() {
        for seed in seeds().into_iter().take(3) {
            let file = if seed[0] == IS_PARTS { pack(&seed) } else { seed };
            let csv = Workbook::open_within(file, limits()).and_then(|mut workbook| workbook.csv(0));
            let expected = "\"name,phone\",\"Ada O & \"\"x\"\"\"\r\n\r\n\
                            447700900142,2026-11-28T09:30:00,TRUE,#N/A,\"0\r7\",2026-11-28,36:00:00\r\n";
            assert_eq!(csv.as_deref(), Ok(expected));
        }
    }
}
