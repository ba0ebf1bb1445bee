//! Days, weeks, months and years, as numbers of days since 1970.

use serde::{Deserialize, Serialize};

/// How long a period is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A day.
    #[default]
    Day,
    /// A week, which begins on Monday as in ISO 8601.
    Week,
    /// A month of the Gregorian calendar.
    Month,
    /// A year of the Gregorian calendar.
    Year,
}

impl Period {
    /// The first day of the period in which a day is.
    pub(crate) fn first_day(self, day: i64) -> i64 {
        let (year, month) = month_of(day);
        match self {
            Self::Day => day,
            // 1 January 1970 was a Thursday.
            Self::Week => day - (day + 3).rem_euclid(7),
            Self::Month => first_of(year, month),
            Self::Year => first_of(year, 1),
        }
    }

    /// The first day of the period after the one that begins on a day.
    pub(crate) fn next(self, first: i64) -> i64 {
        let (year, month) = month_of(first);
        match self {
            Self::Day => first + 1,
            Self::Week => first + 7,
            Self::Month if month == 12 => first_of(year + 1, 1),
            Self::Month => first_of(year, month + 1),
            Self::Year => first_of(year + 1, 1),
        }
    }
}

/// The year and the month, from 1, in which a day is.
fn month_of(day: i64) -> (i64, i64) {
    // Years begin in March here, so that a leap day is the last day of one; an era has 400 of them.
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let year = era * 400 + year_of_era;
    if month < 10 { (year, month + 3) } else { (year + 1, month - 9) }
}

/// The first day of a month.
fn first_of(year: i64, month: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use Period::{Day, Month, Week, Year};

    #[test]
    fn known_days_begin_their_periods() {
        // 29 November 2026, a Sunday, is day 20,786; 29 February 2024, a Thursday, is day 19,782.
        for (day, week, month, year) in [
            (0, -3, 0, 0),
            (20_786, 20_780, 20_758, 20_454),
            (19_782, 19_779, 19_754, 19_723),
            (-1, -3, -31, -365),
        ] {
            let firsts = [Day, Week, Month, Year].map(|period| period.first_day(day));
            assert_eq!(firsts, [day, week, month, year], "{day}");
        }
    }

    #[test]
    fn periods_follow_each_other_without_gaps_over_more_than_four_centuries() {
        for (period, lengths) in [(Day, 1..=1), (Week, 7..=7), (Month, 28..=31), (Year, 365..=366)] {
            let mut first = period.first_day(-40_000);
            while first < 120_000 {
                let next = period.next(first);
                assert!(lengths.contains(&(next - first)), "{period:?} {first}");
                assert_eq!(period.first_day(first), first, "{period:?}");
                assert_eq!(period.first_day(next - 1), first, "{period:?}");
                assert_eq!(period.first_day(next), next, "{period:?}");
                first = next;
            }
        }
    }
}
