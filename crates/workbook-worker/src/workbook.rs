//! A workbook, and its sheets as CSV.

use std::io::Cursor;

use calamine::{Reader as _, SheetType, SheetVisible, Xlsx};

use crate::cells::SheetCells;
use crate::{WorkbookError, WorkbookLimits, archive};

/// An open workbook.
pub struct Workbook {
    file: Xlsx<Cursor<Vec<u8>>>,
    limits: WorkbookLimits,
    sheets: Vec<String>,
    n_hidden: usize,
}

impl std::fmt::Debug for Workbook {
    // Its contents are people's data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workbook").field("n_sheets", &self.sheets.len()).finish_non_exhaustive()
    }
}

impl Workbook {
    /// Opens a workbook, and reads what its sheets share.
    ///
    /// # Errors
    /// If it is no workbook that can be read.
    pub fn open(bytes: Vec<u8>) -> Result<Self, WorkbookError> {
        Self::open_within(bytes, WorkbookLimits::default())
    }

    /// Opens a workbook within other limits.
    ///
    /// # Errors
    /// If it is no workbook that can be read.
    pub fn open_within(bytes: Vec<u8>, limits: WorkbookLimits) -> Result<Self, WorkbookError> {
        archive::check(&bytes, &limits)?;
        let file = Xlsx::new(Cursor::new(bytes))?;
        let (mut sheets, mut n_hidden) = (Vec::new(), 0);
        for sheet in file.sheets_metadata() {
            match (sheet.typ, sheet.visible) {
                (SheetType::WorkSheet, SheetVisible::Visible) => sheets.push(sheet.name.clone()),
                (SheetType::WorkSheet, SheetVisible::Hidden | SheetVisible::VeryHidden) => n_hidden += 1,
                _ => {}
            }
        }
        if sheets.is_empty() {
            return Err(WorkbookError::NoSheets);
        }
        Ok(Self { file, limits, sheets, n_hidden })
    }

    /// The names of the visible worksheets, in their order.
    pub fn sheets(&self) -> &[String] {
        &self.sheets
    }

    /// The number of worksheets that are hidden; they are not read.
    pub fn n_hidden(&self) -> usize {
        self.n_hidden
    }

    /// A sheet as CSV, by its place in [`sheets`](Self::sheets).
    ///
    /// # Errors
    /// If there is no such sheet, or it is damaged or too large.
    pub fn csv(&mut self, sheet: usize) -> Result<String, WorkbookError> {
        let name = self.sheets.get(sheet).ok_or(WorkbookError::NoSheets)?;
        let mut reader = self.file.worksheet_cells_reader(name)?;
        let mut cells = SheetCells::new(&self.limits);
        while let Some(cell) = reader.next_cell()? {
            cells.add(cell.get_position(), cell.get_value())?;
        }
        cells.into_csv()
    }
}
