//! How large a workbook may be.

/// How large a workbook may be; beyond, it is [`TooLarge`](crate::WorkbookError::TooLarge).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkbookLimits {
    /// Bytes of the file.
    pub file_bytes: usize,
    /// Bytes of all parts of the archive together, inflated.
    pub inflated_bytes: u64,
    /// Parts of the archive.
    pub parts: usize,
    /// Elements of the shared strings, each of which becomes a text in memory.
    pub string_elements: u64,
    /// Elements of any other part that is read when the workbook is opened.
    pub elements: u64,
    /// Bytes between two elements of a part: more than a cell can have, even with every character escaped.
    pub text_bytes: u64,
    /// The last row that may have a value, counted from 1.
    pub rows: u32,
    /// The last column that may have a value, counted from 1.
    pub columns: u32,
    /// Cells of a sheet, including blank ones.
    pub cells: usize,
    /// Bytes of the CSV of a sheet. One text can be in many cells, so that a small file can have a large CSV.
    pub csv_bytes: usize,
}

impl Default for WorkbookLimits {
    fn default() -> Self {
        Self {
            file_bytes: 100_000_000,
            inflated_bytes: 1_000_000_000,
            parts: 10_000,
            string_elements: 32_000_000,
            elements: 2_000_000,
            text_bytes: 1_000_000,
            rows: 1_048_576,
            columns: 200,
            cells: 20_000_000,
            csv_bytes: 256_000_000,
        }
    }
}
