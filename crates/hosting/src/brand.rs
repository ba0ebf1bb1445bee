//! The operator's name, logo and accent colour for the console.

use serde_json::Value;

use crate::color::{Rgb, TEXT_CONTRAST};
use crate::problem::Reason;
use crate::read::{Fields, Reader};

const MAX_NAME: usize = 40;
const MAX_LOGO: usize = 200;

/// The operator's branding. Fields that are `None` keep the default look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// The name of the console.
    pub name: Option<Box<str>>,
    /// An image that replaces the default mark.
    pub logo: Option<LogoPath>,
    /// The colour of buttons, links and the focus ring.
    pub accent: Option<Accent>,
}

/// A relative path to an image on the console's own origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoPath(Box<str>);

/// An accent colour per theme, legible on every surface of that theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent {
    light: Rgb,
    dark: Rgb,
}

/// The background of the page in the light theme, `--surface-canvas` in `style/tokens.css`.
pub const CANVAS: Rgb = Rgb([0xf9, 0xf8, 0xf5]);

/// The surfaces behind accent-coloured text, from `style/tokens.css`: name, light, dark.
const SURFACES: [(&str, Rgb, Rgb); 7] = [
    ("--surface-canvas", CANVAS, Rgb([0x11, 0x14, 0x18])),
    ("--surface-rail", Rgb([0xf2, 0xf0, 0xec]), Rgb([0x0c, 0x0f, 0x13])),
    ("--surface-raised", Rgb([0xfe, 0xfe, 0xfd]), Rgb([0x17, 0x1a, 0x1f])),
    ("--surface-sunken", Rgb([0xf4, 0xf2, 0xef]), Rgb([0x0e, 0x11, 0x15])),
    ("--surface-overlay", Rgb([0xff, 0xff, 0xff]), Rgb([0x1f, 0x22, 0x28])),
    ("--surface-picked", Rgb([0xf2, 0xf7, 0xfd]), Rgb([0x18, 0x20, 0x29])),
    ("--surface-selected", Rgb([0xe4, 0xef, 0xfb]), Rgb([0x1a, 0x2a, 0x3b])),
];
/// Index of the surface that the accent's wash is mixed with.
const RAISED: usize = 2;

#[derive(Clone, Copy)]
enum Theme {
    Light,
    Dark,
}

impl LogoPath {
    /// Parses a path below the console's own URL. Returns `None` unless it ends in `.svg` or `.png` and
    /// cannot lead elsewhere.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._/".contains(&byte);
        let is_step = |part: &str| !part.is_empty() && !part.starts_with('.');
        let is_picture = text.ends_with(".svg") || text.ends_with(".png");
        let is_ok = text.len() <= MAX_LOGO && text.bytes().all(is_plain) && text.split('/').all(is_step);
        (is_ok && is_picture).then(|| Self(text.into()))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Accent {
    /// The colour in the light theme.
    pub fn light(self) -> Rgb {
        self.light
    }

    /// The custom properties of `style/tokens.css` derived from the accent, with their values.
    pub fn tokens(&self) -> Vec<(&'static str, String)> {
        let both = |of: fn(Theme, Rgb) -> Rgb| {
            let (light, dark) = (of(Theme::Light, self.light), of(Theme::Dark, self.dark));
            format!("light-dark({}, {})", light.hex(), dark.hex())
        };
        vec![
            ("--accent", both(|_, color| color)),
            ("--accent-hover", both(hover)),
            ("--accent-text", both(|_, color| color)),
            ("--accent-soft", both(soft)),
            ("--accent-line", both(line)),
            ("--on-accent", both(|_, color| on(color))),
            ("--focus", both(|_, color| color)),
        ]
    }
}

fn raised(theme: Theme) -> Rgb {
    let (_, light, dark) = SURFACES[RAISED];
    match theme {
        Theme::Light => light,
        Theme::Dark => dark,
    }
}

/// Moves away from the colour of the text on it, which increases the contrast.
fn hover(_: Theme, color: Rgb) -> Rgb {
    let away = if on(color) == Rgb::WHITE { Rgb::BLACK } else { Rgb::WHITE };
    away.over(color, 14)
}

fn soft(theme: Theme, color: Rgb) -> Rgb {
    color.over(raised(theme), if matches!(theme, Theme::Light) { 8 } else { 16 })
}

fn line(theme: Theme, color: Rgb) -> Rgb {
    color.over(raised(theme), 40)
}

/// Black or white text: at least one of them has a contrast of 4.58 on any colour.
fn on(color: Rgb) -> Rgb {
    if color.contrast(Rgb::WHITE) >= color.contrast(Rgb::BLACK) { Rgb::WHITE } else { Rgb::BLACK }
}

/// Reports the surface with the lowest contrast if it is below `TEXT_CONTRAST`.
fn low_contrast(theme: Theme, color: Rgb) -> Option<Reason> {
    let surfaces = SURFACES.into_iter().map(|(name, light, dark)| match theme {
        Theme::Light => (name, light),
        Theme::Dark => (name, dark),
    });
    let all = surfaces.chain([("--accent-soft", soft(theme, color))]);
    let (name, is) = all.map(|(name, ground)| (name, color.contrast(ground))).min_by_key(|(_, is)| *is)?;
    let surface = match (theme, name) {
        (Theme::Light, "--accent-soft") => "its own wash (light)",
        (Theme::Dark, "--accent-soft") => "its own wash (dark)",
        (Theme::Light, _) => "a surface of the page (light)",
        (Theme::Dark, _) => "a surface of the page (dark)",
    };
    (is < TEXT_CONTRAST).then_some(Reason::LowContrast { surface, is, needs: TEXT_CONTRAST })
}

impl Brand {
    /// Reads the `brand` object.
    pub(crate) fn read(reader: &mut Reader, fields: Fields<'_>) -> Self {
        let mut brand = Self::default();
        let Some(value) = fields.get("brand") else { return brand };
        let path = fields.path_of("brand");
        let Some(fields) = reader.object(&path, value, &["name", "logo", "accent"]) else { return brand };
        if let Some(value) = fields.get("name") {
            brand.name = reader.label(&fields.path_of("name"), value, MAX_NAME);
        }
        if let Some(value) = fields.get("logo") {
            let path = fields.path_of("logo");
            brand.logo = reader.text(&path, value).and_then(LogoPath::parse);
            if value.is_string() && brand.logo.is_none() {
                reader.note(path, Reason::BadLogo);
            }
        }
        if let Some(value) = fields.get("accent") {
            brand.accent = accent(reader, &fields.path_of("accent"), value);
        }
        brand
    }
}

fn accent(reader: &mut Reader, path: &str, value: &Value) -> Option<Accent> {
    let fields = reader.object(path, value, &["light", "dark"])?;
    let mut color = |field, theme| {
        let value = reader.required(fields, field)?;
        let path = fields.path_of(field);
        let Some(color) = Rgb::parse(reader.text(&path, value)?) else {
            reader.note(path, Reason::BadColor);
            return None;
        };
        if let Some(reason) = low_contrast(theme, color) {
            reader.note(path, reason);
        }
        Some(color)
    };
    let (light, dark) = (color("light", Theme::Light), color("dark", Theme::Dark));
    Some(Accent { light: light?, dark: dark? })
}

#[cfg(test)]
#[path = "brand_tests.rs"]
mod tests;
