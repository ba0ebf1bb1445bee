//! The web app manifest. All its addresses are relative, so that the console can be hosted under a path.

use anyhow::{Context, Result};
use hosting::{Config, Feature, brand};
use serde_json::{Value, json};

use crate::build::Page;
use crate::dist::{IMPORT, RUNS};
use crate::files;

/// The smallest picture that browsers accept as the icon of an app.
const MIN_ICON: u32 = 192;

/// The manifest of a site with these settings: its page, the names of its files, and the bytes of its logo.
pub fn of(config: &Config, page: &str, names: &[String], logo: Option<&[u8]>) -> Result<Vec<u8>> {
    let texts: Value = serde_json::from_str(&files::read_text(&files::root().join("locales/en.json"))?)?;
    let text = |key: &str| -> Result<&str> {
        texts["shell"][key].as_str().with_context(|| format!("locales/en.json has no shell.{key}"))
    };
    let own = text("name")?;
    let name = config.brand.name.as_deref().unwrap_or(own);
    let page = Page::parse(page);
    let about = page.description().context("the page does not describe itself")?;
    let canvas = brand::CANVAS.hex();
    let mut manifest = json!({
        "name": name,
        "short_name": name,
        "description": about.replacen(own, name, 1),
        "lang": "en",
        "dir": "ltr",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": canvas,
        "theme_color": config.brand.accent.map_or(canvas, |accent| accent.light().hex()),
        "icons": icons(config, names, logo)?,
        // People are added on the page of a connection, and the overview has them all.
        "shortcuts": [
            { "name": text("section_add")?, "url": "./" },
            { "name": text("runs")?, "url": format!("./{RUNS}") },
        ],
    });
    if config.has(Feature::Import) {
        manifest["file_handlers"] = json!([
            { "action": format!("./{RUNS}/open"), "accept": { "application/json": [".json"] } },
            {
                "action": format!("./{IMPORT}"),
                "accept": {
                    "text/csv": [".csv"],
                    "text/tab-separated-values": [".tsv", ".tab"],
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": [".xlsx"],
                },
            },
        ]);
    }
    Ok(format!("{manifest:#}\n").into_bytes())
}

/// The host's logo, and Muster's own icons unless the logo is large enough.
fn icons(config: &Config, names: &[String], logo: Option<&[u8]>) -> Result<Vec<Value>> {
    let mut icons = Vec::new();
    if let (Some(path), Some(bytes)) = (&config.brand.logo, logo) {
        let path = path.as_str();
        if path.ends_with(".svg") {
            return Ok(vec![icon(path, "any", "any")]);
        }
        if let Some((width, height)) = png_size(bytes) {
            icons.push(icon(path, &format!("{width}x{height}"), "any"));
            if width.min(height) >= MIN_ICON {
                return Ok(icons);
            }
        }
    }
    for (stem, sizes, purpose) in [
        ("favicon", "any", "any"),
        ("icon-192", "192x192", "any"),
        ("icon-512", "512x512", "any"),
        ("icon-maskable-512", "512x512", "maskable"),
    ] {
        let is_it = |name: &&String| {
            let hash = name.strip_prefix("assets/").and_then(|name| name.strip_prefix(stem));
            hash.is_some_and(|rest| rest.starts_with('-') && rest.matches('-').count() == 1)
        };
        let name = names.iter().find(is_it).with_context(|| format!("the site has no {stem}"))?;
        icons.push(icon(name, sizes, purpose));
    }
    Ok(icons)
}

fn icon(path: &str, sizes: &str, purpose: &str) -> Value {
    let kind = hosting::headers::content_type(path);
    json!({ "src": path, "sizes": sizes, "type": kind, "purpose": purpose })
}

/// Width and height, from the first chunk of a PNG file.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(4..)?.strip_prefix(b"IHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(rest.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<meta name="description" content="Muster: one console.">"#;

    fn names() -> Vec<String> {
        let names = ["favicon-1.svg", "icon-192-2.png", "icon-512-3.png", "icon-maskable-512-4.png"];
        names.map(|name| format!("assets/{name}")).into()
    }

    fn manifest(settings: &str, logo: Option<&[u8]>) -> Value {
        let config = Config::parse(settings).expect("the settings are right");
        let text = of(&config, PAGE, &names(), logo).expect("the site has its icons");
        serde_json::from_slice(&text).expect("a manifest is JSON")
    }

    fn sources(manifest: &Value) -> Vec<&str> {
        let icons = manifest["icons"].as_array().expect("it has icons");
        icons.iter().filter_map(|icon| icon["src"].as_str()).collect()
    }

    fn png(size: u32) -> Vec<u8> {
        let size = size.to_be_bytes();
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &size, &size].concat()
    }

    #[test]
    fn every_address_is_relative() {
        let manifest = manifest("{}", None);
        assert_eq!((&manifest["start_url"], &manifest["scope"]), (&json!("./"), &json!("./")));
        assert_eq!(sources(&manifest), names());
        let addresses = [&manifest["shortcuts"][0]["url"], &manifest["shortcuts"][1]["url"]];
        assert_eq!(addresses, [&json!("./"), &json!(format!("./{RUNS}"))]);
        assert_eq!(manifest["file_handlers"][0]["action"], json!(format!("./{RUNS}/open")));
        assert!(manifest.get("id").is_none(), "an id would be relative to the origin");
    }

    #[test]
    fn the_brand_of_the_host_is_that_of_the_app() {
        let plain = manifest("{}", None);
        assert_eq!((&plain["name"], &plain["theme_color"]), (&json!("Muster"), &json!("#f9f8f5")));
        let brand = r##"{ "brand": { "name": "Harbour Desk", "logo": "own/mark.svg",
            "accent": { "light": "#8a1f4b", "dark": "#f4a6c4" } } }"##;
        let branded = manifest(brand, Some(b"<svg/>"));
        assert_eq!(branded["short_name"], "Harbour Desk");
        assert_eq!(branded["description"], "Harbour Desk: one console.");
        assert_eq!(branded["theme_color"], "#8a1f4b");
        assert_eq!(sources(&branded), ["own/mark.svg"]);
    }

    #[test]
    fn a_picture_too_small_for_an_app_does_not_stand_alone() {
        let brand = r#"{ "brand": { "logo": "mark.png" } }"#;
        assert_eq!(sources(&manifest(brand, Some(&png(191)))).len(), 5);
        let large = manifest(brand, Some(&png(192)));
        assert_eq!(large["icons"], json!([icon("mark.png", "192x192", "any")]));
        assert_eq!(sources(&manifest(brand, Some(b"no picture"))), names());
    }

    #[test]
    fn no_file_is_offered_where_files_cannot_be_imported() {
        assert!(manifest(r#"{ "features_off": ["import"] }"#, None).get("file_handlers").is_none());
    }

    #[test]
    fn the_icons_have_the_size_that_is_said_of_them() {
        for (name, size) in [("icon-192", 192), ("icon-512", 512), ("icon-maskable-512", 512)] {
            let path = files::root().join(format!("public/{name}.png"));
            assert_eq!(png_size(&files::read(&path).expect("it is there")), Some((size, size)), "{name}");
        }
    }
}
