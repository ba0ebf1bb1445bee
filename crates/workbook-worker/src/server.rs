//! Answers the page's messages.

use crate::{Workbook, WorkbookError};

/// A request of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkbookRequest {
    /// Open the workbook of these bytes, and forget the one before.
    Open(Vec<u8>),
    /// Give a sheet of the open workbook as CSV.
    Sheet(usize),
}

/// The reply to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkbookReply {
    /// The workbook is open.
    Opened {
        /// The names of its visible worksheets.
        sheets: Vec<String>,
        /// The number of its hidden worksheets.
        n_hidden: usize,
    },
    /// A sheet as CSV.
    Csv(String),
    /// The workbook or sheet cannot be read.
    Failed(WorkbookError),
}

/// Answers requests, about one workbook at a time.
#[derive(Debug, Default)]
pub struct WorkbookServer {
    workbook: Option<Workbook>,
}

impl WorkbookServer {
    /// Answers a request.
    pub fn answer(&mut self, request: WorkbookRequest) -> WorkbookReply {
        self.try_answer(request).unwrap_or_else(WorkbookReply::Failed)
    }

    fn try_answer(&mut self, request: WorkbookRequest) -> Result<WorkbookReply, WorkbookError> {
        match request {
            WorkbookRequest::Open(bytes) => {
                // First free the memory of the one before.
                self.workbook = None;
                let workbook = self.workbook.insert(Workbook::open(bytes)?);
                Ok(WorkbookReply::Opened {
                    sheets: workbook.sheets().to_vec(),
                    n_hidden: workbook.n_hidden(),
                })
            }
            WorkbookRequest::Sheet(place) => {
                let workbook = self.workbook.as_mut().ok_or(WorkbookError::NoSheets)?;
                workbook.csv(place).map(WorkbookReply::Csv)
            }
        }
    }
}
