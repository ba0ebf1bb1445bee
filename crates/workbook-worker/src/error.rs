//! Why a workbook cannot be read.

use calamine::XlsxError;
use zip::result::ZipError;

/// Why a workbook cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkbookError {
    /// The file is no workbook, or is damaged.
    NotAWorkbook,
    /// The workbook is protected by a password.
    Encrypted,
    /// The file has Excel's format of 2003 and before (`.xls`).
    OldFormat,
    /// The workbook has macros (`.xlsm`).
    Macros,
    /// The file is a spreadsheet of another format, such as `.ods` or `.xlsb`.
    OtherFormat,
    /// The workbook exceeds a limit.
    TooLarge,
    /// The workbook has no visible worksheet, or not the one that was asked for.
    NoSheets,
}

impl WorkbookError {
    /// All errors.
    pub const ALL: [Self; 7] = [
        Self::NotAWorkbook,
        Self::Encrypted,
        Self::OldFormat,
        Self::Macros,
        Self::OtherFormat,
        Self::TooLarge,
        Self::NoSheets,
    ];

    /// The name of the error in messages.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::NotAWorkbook => "not_a_workbook",
            Self::Encrypted => "encrypted",
            Self::OldFormat => "old_format",
            Self::Macros => "macros",
            Self::OtherFormat => "other_format",
            Self::TooLarge => "too_large",
            Self::NoSheets => "no_sheets",
        }
    }
}

impl std::fmt::Display for WorkbookError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotAWorkbook => "the file is no workbook, or is damaged",
            Self::Encrypted => "the workbook is protected by a password",
            Self::OldFormat => "the workbook has the format of Excel 2003",
            Self::Macros => "the workbook has macros",
            Self::OtherFormat => "the file is a spreadsheet of another format",
            Self::TooLarge => "the workbook is too large",
            Self::NoSheets => "the workbook has no such sheet",
        })
    }
}

impl std::error::Error for WorkbookError {}

impl From<ZipError> for WorkbookError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
                Self::Encrypted
            }
            _ => Self::NotAWorkbook,
        }
    }
}

impl From<XlsxError> for WorkbookError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => Self::Encrypted,
            XlsxError::Zip(error) => error.into(),
            _ => Self::NotAWorkbook,
        }
    }
}
