//! Checks the archive of a workbook before it is read: its format, and its true size.

use std::io::{BufReader, Cursor, Read};

use quick_xml::events::Event;
use zip::ZipArchive;
use zip::read::ZipFile;

use crate::{WorkbookError, WorkbookLimits};

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The first bytes of a compound file: `.xls`, or an encrypted workbook.
const COMPOUND_FILE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const FIRST_PART: &[u8] = b"PK\x03\x04";
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
const CONTENT_TYPES: &str = "[content_types].xml";
/// Enough for the types of every part.
const CONTENT_TYPES_BYTES: u64 = 4_000_000;
/// Where the root element of a part must begin.
const PROLOG_BYTES: u64 = 100_000;

/// Checks that a file is a workbook that can be read within the limits.
pub(crate) fn check(bytes: &[u8], limits: &WorkbookLimits) -> Result<(), WorkbookError> {
    if bytes.len() > limits.file_bytes {
        return Err(WorkbookError::TooLarge);
    }
    if bytes.starts_with(&COMPOUND_FILE) {
        return Err(compound_file(bytes));
    }
    if !bytes.starts_with(FIRST_PART) {
        return Err(WorkbookError::NotAWorkbook);
    }
    // The directory can declare any number of entries, but each of them begins with a signature.
    let n_entries = bytes.windows(DIRECTORY_ENTRY.len()).filter(|window| *window == DIRECTORY_ENTRY).count();
    if n_entries > limits.parts {
        return Err(WorkbookError::TooLarge);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let names = names(&archive)?;
    check_format(&mut archive, &names)?;
    let mut left = limits.inflated_bytes;
    for (place, name) in names.iter().enumerate() {
        measure(&mut archive, place, name, &mut left, limits)?;
    }
    Ok(())
}

/// An encrypted workbook has a stream of this name; without it, the compound file is an old workbook.
fn compound_file(bytes: &[u8]) -> WorkbookError {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) {
        WorkbookError::Encrypted
    } else {
        WorkbookError::OldFormat
    }
}

/// The names of all parts in lower case, because readers do not distinguish case.
fn names(archive: &Archive<'_>) -> Result<Vec<String>, WorkbookError> {
    archive.file_names().map(|name| Ok(name?.replace('\\', "/").to_lowercase())).collect()
}

fn check_format(archive: &mut Archive<'_>, names: &[String]) -> Result<(), WorkbookError> {
    let ends_with = |suffix: &str| names.iter().any(|name| name.ends_with(suffix));
    // OpenDocument, Excel's binary format, and Numbers.
    if names.iter().any(|name| name == "mimetype") || ends_with("workbook.bin") || ends_with(".iwa") {
        return Err(WorkbookError::OtherFormat);
    }
    if ends_with("vbaproject.bin") {
        return Err(WorkbookError::Macros);
    }
    let place = names.iter().position(|name| name == CONTENT_TYPES).ok_or(WorkbookError::NotAWorkbook)?;
    let mut types = Vec::new();
    archive
        .by_index(place)?
        .take(CONTENT_TYPES_BYTES)
        .read_to_end(&mut types)
        .map_err(|_| WorkbookError::NotAWorkbook)?;
    let types = String::from_utf8_lossy(&types).to_lowercase();
    if types.contains("macroenabled") {
        return Err(WorkbookError::Macros);
    }
    if types.contains("ms-excel.sheet.binary") {
        return Err(WorkbookError::OtherFormat);
    }
    Ok(())
}

/// Inflates a part once, and checks what becomes of it in memory.
fn measure(
    archive: &mut Archive<'_>,
    place: usize,
    name: &str,
    left: &mut u64,
    limits: &WorkbookLimits,
) -> Result<(), WorkbookError> {
    let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
    // Custom parts are not read, and can have data of any length.
    let text_bytes = if is_xml && !name.starts_with("customxml/") { limits.text_bytes } else { u64::MAX };
    let elements = elements(name, limits);
    let mut buffer = vec![0; 64 * 1024];
    let mut part = archive.by_index(place)?;
    let (mut n_bytes, mut n_elements, mut run) = (0_u64, 0_u64, 0_u64);
    loop {
        let n = part.read(&mut buffer).map_err(|_| WorkbookError::NotAWorkbook)?;
        if n == 0 {
            break;
        }
        n_bytes += n as u64;
        *left = left.checked_sub(n as u64).ok_or(WorkbookError::TooLarge)?;
        for text in buffer.get(..n).unwrap_or_default().split_inclusive(|byte| *byte == b'<') {
            run += text.len() as u64;
            if run > text_bytes {
                return Err(WorkbookError::TooLarge);
            }
            if text.ends_with(b"<") {
                n_elements += 1;
                run = 0;
            }
        }
        if n_elements > elements {
            return Err(WorkbookError::TooLarge);
        }
    }
    drop(part);
    if is_shared_strings(name) { check_count(archive.by_index(place)?, n_bytes, limits) } else { Ok(()) }
}

/// How many elements a part may have. Cells are counted when a sheet is read.
fn elements(name: &str, limits: &WorkbookLimits) -> u64 {
    let file = name.rsplit('/').next().unwrap_or(name);
    if is_shared_strings(name) {
        limits.string_elements
    } else if file.ends_with(".rels")
        || file.starts_with("workbook")
        || file == "styles.xml"
        || file == "theme1.xml"
    {
        limits.elements
    } else {
        u64::MAX
    }
}

fn is_shared_strings(name: &str) -> bool {
    name.ends_with("sharedstrings.xml")
}

/// Checks the declared number of shared strings, for which calamine allocates before it has read any.
fn check_count(
    part: ZipFile<'_, Cursor<&[u8]>>,
    n_bytes: u64,
    limits: &WorkbookLimits,
) -> Result<(), WorkbookError> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(part.take(PROLOG_BYTES)));
    // As calamine does, so that both find the same element.
    let config = reader.config_mut();
    config.check_end_names = false;
    config.check_comments = false;
    config.expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| WorkbookError::NotAWorkbook)? {
            Event::Start(element) if element.local_name().as_ref() == "sst" => {
                // `<si/>` is the shortest string.
                let possible = limits.string_elements.min(n_bytes / 5);
                let is_possible = counts(element.attributes_raw()).all(|count| count <= possible);
                return if is_possible { Ok(()) } else { Err(WorkbookError::NotAWorkbook) };
            }
            Event::Eof => return Err(WorkbookError::NotAWorkbook),
            _ => {}
        }
    }
}

/// The numbers of an attribute, also where the attributes are malformed.
fn counts(attributes: &str) -> impl Iterator<Item = u64> {
    attributes.split("uniqueCount").skip(1).filter_map(|rest| {
        let digits = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
        let n = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let digits = digits.get(..n).filter(|digits| !digits.is_empty())?;
        Some(digits.parse().unwrap_or(u64::MAX))
    })
}
