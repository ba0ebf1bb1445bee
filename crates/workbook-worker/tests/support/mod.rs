//! Archives that are made by hand.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The content type of a workbook without macros.
pub(crate) const PLAIN: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";

/// An archive of these parts.
pub(crate) fn archive<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(name, options).expect("a new part");
        writer.write_all(bytes).expect("memory takes bytes");
    }
    writer.finish().expect("an archive").into_inner()
}

/// The parts of a workbook with one sheet, as their names and contents.
pub(crate) fn parts(sheet: &str) -> Vec<(&'static str, String)> {
    let relations = |target: &str, kind: &str| {
        format!(
            "<Relationships><Relationship Id=\"r1\" Target=\"{target}\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\"/></Relationships>"
        )
    };
    vec![
        (
            "[Content_Types].xml",
            format!("<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"{PLAIN}\"/></Types>"),
        ),
        ("_rels/.rels", relations("xl/workbook.xml", "officeDocument")),
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"People\" r:id=\"r1\"/></sheets></workbook>".into(),
        ),
        ("xl/_rels/workbook.xml.rels", relations("worksheets/sheet1.xml", "worksheet")),
        ("xl/worksheets/sheet1.xml", sheet.into()),
    ]
}

/// The workbook of these parts.
pub(crate) fn pack(parts: &[(&str, String)]) -> Vec<u8> {
    archive(parts.iter().map(|(name, text)| (*name, text.as_bytes())))
}

/// A workbook whose sheet has these rows, as XML.
pub(crate) fn workbook(rows: &str) -> Vec<u8> {
    pack(&parts(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")))
}
