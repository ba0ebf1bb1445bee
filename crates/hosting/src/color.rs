//! Colours and their contrast (WCAG 2.2, success criterion 1.4.3).

/// An sRGB colour, gamma-encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

/// The minimum contrast of text, in hundredths.
pub(crate) const TEXT_CONTRAST: u32 = 450;

impl Rgb {
    /// White.
    pub(crate) const WHITE: Self = Self([255; 3]);
    /// Black.
    pub(crate) const BLACK: Self = Self([0; 3]);

    /// Parses `#rrggbb`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// Formats the colour as `#rrggbb`.
    pub fn hex(self) -> String {
        self.0.iter().fold("#".to_owned(), |text, part| text + &format!("{part:02x}"))
    }

    /// Mixes `percent` of this colour with the rest of `ground`.
    pub fn over(self, ground: Self, percent: u16) -> Self {
        let percent = percent.min(100);
        let mix = |idx: usize| {
            let sum = u16::from(self.0[idx]) * percent + u16::from(ground.0[idx]) * (100 - percent);
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self([mix(0), mix(1), mix(2)])
    }

    /// Relative luminance, from 0 to 1.
    fn luminance(self) -> f64 {
        let linear = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    /// The contrast ratio of two colours in hundredths, rounded down: 100 to 2100.
    pub fn contrast(self, other: Self) -> u32 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        let ratio = if one > two { one / two } else { two / one };
        // The ratio is between 1 and 21, so the cast only drops the fraction.
        (ratio * 100.0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_six_digits() {
        assert_eq!(Rgb::parse("#0bF39a").unwrap().hex(), "#0bf39a");
        for bad in ["", "#fff", "0bf39a", "#0bf39", "#0bf39ag", "#+1+1+1", "#0bf39a80", "#é12é", "red"] {
            assert_eq!(Rgb::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn contrast_is_what_the_guideline_says() {
        assert_eq!(Rgb::WHITE.contrast(Rgb::BLACK), 2100);
        assert_eq!(Rgb::WHITE.contrast(Rgb::WHITE), 100);
        let gray = Rgb::parse("#777777").unwrap();
        assert_eq!(gray.contrast(Rgb::WHITE), 447);
        assert_eq!(Rgb::WHITE.contrast(gray), 447);
    }

    #[test]
    fn mixes_by_the_hundred() {
        assert_eq!(Rgb::WHITE.over(Rgb::BLACK, 50).hex(), "#808080");
        assert_eq!(Rgb::WHITE.over(Rgb::BLACK, 0), Rgb::BLACK);
        assert_eq!(Rgb::WHITE.over(Rgb::BLACK, 100), Rgb::WHITE);
    }
}
