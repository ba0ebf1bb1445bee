//! The text of a cell's value.

use calamine::{DataRef, ExcelDateTime};

/// From here on, integers have more digits than Excel keeps.
const LOST_DIGITS: f64 = 1e15;
/// Below this, a fraction has more zeros than digits.
const SMALL: f64 = 1e-5;
/// The day after 9999-12-31, the last one that Excel can show.
const END_OF_DAYS: f64 = 2_958_466.0;
const SECONDS_PER_DAY: f64 = 86_400.0;

/// Appends the text of a value.
pub(crate) fn write(value: &DataRef<'_>, to: &mut String) {
    match value {
        DataRef::Empty => {}
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => to.push_str(text),
        DataRef::SharedString(text) => to.push_str(text),
        DataRef::Int(number) => to.push_str(&float(*number as f64)),
        DataRef::Float(number) => to.push_str(&float(*number)),
        DataRef::Bool(true) => to.push_str("TRUE"),
        DataRef::Bool(false) => to.push_str("FALSE"),
        DataRef::Error(error) => to.push_str(&error.to_string()),
        DataRef::DateTime(time) => to.push_str(&date_time(time)),
    }
}

fn float(number: f64) -> String {
    let size = number.abs();
    if !number.is_finite() {
        "#NUM!".to_owned()
    } else if number == 0.0 {
        "0".to_owned() // also for a negative zero
    } else if !(SMALL..LOST_DIGITS).contains(&size) {
        let text = format!("{number:E}");
        // As Excel writes it in files.
        if text.contains("E-") { text } else { text.replace('E', "E+") }
    } else {
        number.to_string()
    }
}

fn date_time(time: &ExcelDateTime) -> String {
    let days = time.as_f64();
    if !(0.0..END_OF_DAYS).contains(&days) {
        return float(days);
    }
    if time.is_duration() {
        let seconds = (days * SECONDS_PER_DAY).round() as u64;
        return format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let mut clock = format!("{hour:02}:{minute:02}:{second:02}");
    if milli > 0 {
        clock.push_str(&format!(".{milli:03}"));
    }
    if days < 1.0 {
        return clock;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if clock == "00:00:00" { date } else { format!("{date}T{clock}") }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn text(value: &DataRef<'_>) -> String {
        let mut text = String::new();
        write(value, &mut text);
        text
    }

    #[test]
    fn numbers_are_digits_unless_excel_lost_some() {
        let table = [
            (0.0, "0"),
            (-0.0, "0"),
            (7.0, "7"),
            (-7.0, "-7"),
            (447_700_900_142.0, "447700900142"),
            (999_999_999_999_999.0, "999999999999999"),
            (1e15, "1E+15"),
            (4.477_01E15, "4.47701E+15"),
            (-1.234_567_890_123_45E16, "-1.23456789012345E+16"),
            (1e300, "1E+300"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (-2.5, "-2.5"),
            (0.00001, "0.00001"),
            (1e-7, "1E-7"),
            (f64::NAN, "#NUM!"),
            (f64::INFINITY, "#NUM!"),
        ];
        for (number, expected) in table {
            assert_eq!(text(&DataRef::Float(number)), expected);
        }
        assert_eq!(text(&DataRef::Int(42)), "42");
    }

    #[test]
    fn dates_and_times_are_iso() {
        let table = [
            (46_354.0, false, "2026-11-28"),
            (46_354.395_833_333_336, false, "2026-11-28T09:30:00"),
            (0.395_833_333_333_333, false, "09:30:00"),
            (46_354.000_002_893_52, false, "2026-11-28T00:00:00.250"),
            (0.0, false, "00:00:00"),
            (1.0, false, "1900-01-01"),
            (59.0, false, "1900-02-28"),
            (60.0, false, "1900-02-29"), // a day that Excel has
            (61.0, false, "1900-03-01"),
            (2_958_465.0, false, "9999-12-31"),
            (2_958_466.0, false, "2958466"),
            (-1.0, false, "-1"),
            (44_892.0, true, "2026-11-28"),
            (0.5, true, "12:00:00"),
        ];
        for (days, is_1904, expected) in table {
            let time = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, is_1904);
            assert_eq!(text(&DataRef::DateTime(time)), expected);
        }
        let duration = ExcelDateTime::new(1.145_833_333_333_333, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(text(&DataRef::DateTime(duration)), "27:30:00");
    }

    #[test]
    fn other_values_are_their_text() {
        assert_eq!(text(&DataRef::Bool(true)), "TRUE");
        assert_eq!(text(&DataRef::Bool(false)), "FALSE");
        assert_eq!(text(&DataRef::Error(CellErrorType::NA)), "#N/A");
        assert_eq!(text(&DataRef::SharedString(" 007 ")), " 007 ");
        assert_eq!(text(&DataRef::Empty), "");
    }
}
