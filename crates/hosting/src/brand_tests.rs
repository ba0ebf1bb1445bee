//! Checks the accent against the actual surfaces of the style sheets.

use super::*;

const TOKENS: &str = include_str!("../../../style/tokens.css");

/// Converts OKLCH to sRGB, after Björn Ottosson, "A perceptual color space for image processing".
fn from_oklch(text: &str) -> Rgb {
    let parts: Vec<f64> = text.split_whitespace().map(|part| part.parse().unwrap()).collect();
    let [lightness, chroma, hue] = parts[..] else { panic!("three numbers, found {text}") };
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    let linear = [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ];
    Rgb(linear.map(|part| {
        let part = if part <= 0.003_130_8 { 12.92 * part } else { 1.055 * part.powf(1.0 / 2.4) - 0.055 };
        (part.clamp(0.0, 1.0) * 255.0).round() as u8
    }))
}

fn token(name: &str) -> (Rgb, Rgb) {
    let line = TOKENS.lines().find(|line| line.trim_start().starts_with(&format!("{name}:"))).unwrap();
    let mut colors = line.split("oklch(").skip(1).map(|rest| from_oklch(rest.split(')').next().unwrap()));
    (colors.next().unwrap(), colors.next().unwrap())
}

#[test]
fn the_surfaces_are_those_of_the_style_sheet() {
    for (name, light, dark) in SURFACES {
        assert_eq!((light, dark), token(name), "{name}");
    }
    let n_surfaces = TOKENS.lines().filter(|line| line.trim_start().starts_with("--surface-")).count();
    assert_eq!(n_surfaces, SURFACES.len() + 3, "hover and press are washes, and no accent stands on inverse");
}

#[test]
fn the_accents_of_the_style_sheet_would_be_accepted() {
    let (light, dark) = token("--accent-text");
    assert_eq!((low_contrast(Theme::Light, light), low_contrast(Theme::Dark, dark)), (None, None));
}

#[test]
fn an_accent_for_the_other_theme_is_refused() {
    let (light, dark) = token("--accent-text");
    assert!(low_contrast(Theme::Dark, light).is_some());
    assert!(low_contrast(Theme::Light, dark).is_some());
}

#[test]
fn text_on_every_accepted_accent_can_be_read() {
    for value in 0..=255 {
        let color = Rgb([value, value / 2, 255 - value]);
        assert!(on(color).contrast(color) >= TEXT_CONTRAST, "{}", color.hex());
        let hover = hover(Theme::Light, color);
        assert!(on(color).contrast(hover) >= TEXT_CONTRAST, "{}", hover.hex());
    }
}

#[test]
fn every_token_is_one_of_the_style_sheet() {
    let accent = Accent { light: Rgb::BLACK, dark: Rgb::WHITE };
    for (name, value) in accent.tokens() {
        assert!(TOKENS.contains(&format!("{name}:")), "{name}");
        assert!(value.starts_with("light-dark(#") && value.ends_with(')'), "{value}");
    }
}

#[test]
fn a_logo_is_a_picture_beside_the_page() {
    for good in ["logo.svg", "brand/acme-logo_2.png", "a.b/c.svg"] {
        assert!(LogoPath::parse(good).is_some(), "{good}");
    }
    for bad in [
        "",
        "/logo.svg",
        "//evil.example/logo.svg",
        "https://evil.example/logo.svg",
        "../logo.svg",
        "a/../b.svg",
        "a/./b.svg",
        "a//b.svg",
        ".svg",
        "logo.gif",
        "logo.svg?x",
        "logo.svg#x.svg",
        "javascript:x.svg",
        "%2e%2e/logo.svg",
        "logo .svg",
        "a\\b.svg",
    ] {
        assert!(LogoPath::parse(bad).is_none(), "{bad}");
    }
}
