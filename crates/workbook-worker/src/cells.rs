//! The cells of a sheet, and their CSV.

use std::ops::Range;

use calamine::DataRef;

use crate::{WorkbookError, WorkbookLimits, cell};

/// The cells of a sheet that have a value. Memory depends on their number, not on where they are.
#[derive(Debug)]
pub(crate) struct SheetCells<'a> {
    limits: &'a WorkbookLimits,
    cells: Vec<Placed>,
    /// The texts of all cells.
    texts: String,
    n_seen: usize,
}

#[derive(Debug)]
struct Placed {
    row: u32,
    column: u32,
    text: Range<u32>,
}

impl<'a> SheetCells<'a> {
    /// No cells.
    pub(crate) fn new(limits: &'a WorkbookLimits) -> Self {
        Self { limits, cells: Vec::new(), texts: String::new(), n_seen: 0 }
    }

    /// Adds a cell, at a position that is counted from 0.
    pub(crate) fn add(
        &mut self,
        (row, column): (u32, u32),
        value: &DataRef<'_>,
    ) -> Result<(), WorkbookError> {
        self.n_seen += 1;
        let from = self.texts.len();
        cell::write(value, &mut self.texts);
        let to = self.texts.len();
        let is_blank = from == to;
        let is_outside = !is_blank && (row >= self.limits.rows || column >= self.limits.columns);
        if is_outside || self.n_seen > self.limits.cells || to > self.limits.csv_bytes {
            return Err(WorkbookError::TooLarge);
        }
        if !is_blank {
            let place = |at: usize| u32::try_from(at).map_err(|_| WorkbookError::TooLarge);
            self.cells.push(Placed { row, column, text: place(from)?..place(to)? });
        }
        Ok(())
    }

    /// The cells as CSV; line N is row N.
    pub(crate) fn into_csv(mut self) -> Result<String, WorkbookError> {
        // Files usually have them in order, where sorting is one pass. Of two values for a cell, the last one counts.
        self.cells.sort_by_key(|cell| (cell.row, cell.column));
        let mut csv = String::with_capacity(self.texts.len());
        let mut cells = self.cells.iter().peekable();
        let (mut row, mut column) = (0, 0);
        while let Some(cell) = cells.next() {
            if cells.peek().is_some_and(|next| (next.row, next.column) == (cell.row, cell.column)) {
                continue;
            }
            while row < cell.row {
                csv.push_str("\r\n");
                (row, column) = (row + 1, 0);
            }
            while column < cell.column {
                csv.push(',');
                column += 1;
            }
            let text = self.texts.get(cell.text.start as usize..cell.text.end as usize);
            push_field(&mut csv, text.unwrap_or_default());
            if csv.len() > self.limits.csv_bytes {
                return Err(WorkbookError::TooLarge);
            }
        }
        if !csv.is_empty() {
            csv.push_str("\r\n");
        }
        Ok(csv)
    }
}

/// Appends a field as RFC 4180 says.
fn push_field(csv: &mut String, text: &str) {
    if !text.contains([',', '"', '\r', '\n']) {
        return csv.push_str(text);
    }
    csv.push('"');
    for piece in text.split_inclusive('"') {
        csv.push_str(piece);
        if piece.ends_with('"') {
            csv.push('"');
        }
    }
    csv.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(cells: &[(u32, u32, &str)]) -> String {
        let limits = WorkbookLimits::default();
        let mut cells_so_far = SheetCells::new(&limits);
        for (row, column, text) in cells {
            cells_so_far.add((*row, *column), &DataRef::SharedString(text)).unwrap();
        }
        cells_so_far.into_csv().unwrap()
    }

    #[test]
    fn line_n_is_row_n() {
        assert_eq!(csv(&[]), "");
        assert_eq!(csv(&[(0, 0, "a"), (0, 2, "c"), (3, 1, "b")]), "a,,c\r\n\r\n\r\n,b\r\n");
    }

    #[test]
    fn blank_rows_and_cells_at_the_end_are_left_out() {
        assert_eq!(csv(&[(0, 0, "a"), (0, 900, ""), (1_048_575, 0, "")]), "a\r\n");
    }

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        assert_eq!(
            csv(&[(0, 0, "a,b"), (0, 1, "\"x\""), (0, 2, "1\n2"), (0, 3, " c "), (0, 4, "=1")]),
            "\"a,b\",\"\"\"x\"\"\",\"1\n2\", c ,=1\r\n"
        );
    }

    #[test]
    fn cells_in_any_order_are_where_they_belong() {
        assert_eq!(csv(&[(1, 0, "c"), (0, 1, "b"), (0, 0, "x"), (0, 0, "a")]), "a,b\r\nc\r\n");
    }

    #[test]
    fn limits_hold() {
        let limits =
            WorkbookLimits { rows: 2, columns: 2, cells: 3, csv_bytes: 10, ..WorkbookLimits::default() };
        let with = |cells: &[(u32, u32, &str)]| {
            let mut cells_so_far = SheetCells::new(&limits);
            for (row, column, text) in cells {
                cells_so_far.add((*row, *column), &DataRef::SharedString(text))?;
            }
            cells_so_far.into_csv()
        };
        assert_eq!(with(&[(1, 1, "a")]), Ok("\r\n,a\r\n".to_owned()));
        for cells in [
            &[(2, 0, "a")][..],
            &[(0, 2, "a")],
            &[(0, 0, ""), (0, 0, ""), (0, 0, ""), (0, 0, "")],
            &[(0, 0, "123456"), (0, 1, "12345")],
            &[(0, 0, "\"\"\"\"\"\"")],
        ] {
            assert_eq!(with(cells), Err(WorkbookError::TooLarge), "{cells:?}");
        }
    }
}
