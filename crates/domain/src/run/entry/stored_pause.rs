//! The persisted form of a pause.

use serde::{Deserialize, Serialize};

use super::Pause;
use crate::api_error::ErrorOrigin;
use crate::{ApiError, ConsoleCode, ErrorClass};

/// The pauses that every release can read. The two of plans that are compared are written as [`StoredPause::Pace`] with
/// an error that is no rate limit: an earlier release does not know them, and that pause ends only if the user resumes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoredPause {
    Person,
    Key(ApiError),
    Password,
    Offline,
    Journal,
    Pace(ApiError),
    Lost(ApiError),
}

impl From<Pause> for StoredPause {
    fn from(pause: Pause) -> Self {
        match pause {
            Pause::Person => Self::Person,
            Pause::Key(error) => Self::Key(error),
            Pause::Password => Self::Password,
            Pause::Offline => Self::Offline,
            Pause::Journal => Self::Journal,
            Pause::Pace(error) => Self::Pace(error),
            Pause::Lost(error) => Self::Lost(error),
            Pause::Changed => {
                Self::Pace(ApiError::new(ErrorClass::Refused, ErrorOrigin::Console, ConsoleCode::Changed))
            }
            Pause::Unchecked(error) => Self::Pace(error),
        }
    }
}

impl From<StoredPause> for Pause {
    fn from(stored: StoredPause) -> Self {
        match stored {
            StoredPause::Person => Self::Person,
            StoredPause::Key(error) => Self::Key(error),
            StoredPause::Password => Self::Password,
            StoredPause::Offline => Self::Offline,
            StoredPause::Journal => Self::Journal,
            StoredPause::Pace(error) if error.is(ConsoleCode::Changed) => Self::Changed,
            StoredPause::Pace(error) if error.class != ErrorClass::RateLimited => Self::Unchecked(error),
            StoredPause::Pace(error) => Self::Pace(error),
            StoredPause::Lost(error) => Self::Lost(error),
        }
    }
}
