//! Icons and glyphs from the sprite `icons.svg`.
//!
//! The sprite is fetched once and inserted into the document. A `<use>` of an external file would be resolved
//! again for every new icon, and would draw nothing when offline.

use browser::assets;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DomParser, Response, SupportedType};

use crate::vdom::VElement;

/// Inserts the sprite into the document.
pub fn mount_sprite() {
    spawn_local(async {
        if let Err(error) = fetch_sprite().await {
            leptos::logging::error!("the icons did not load: {error:?}");
        }
    });
}

async fn fetch_sprite() -> Result<(), JsValue> {
    let response: Response =
        JsFuture::from(window().fetch_with_str(&assets::address("icons.svg"))).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::from_f64(f64::from(response.status())));
    }
    let source = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    let parsed = DomParser::new()?.parse_from_string(&source, SupportedType::ImageSvgXml)?;
    if let (Some(sprite), Some(body)) = (parsed.document_element(), document().body()) {
        sprite.set_attribute("class", "sprite")?;
        sprite.set_attribute("aria-hidden", "true")?;
        body.prepend_with_node_1(&document().import_node_with_deep(&sprite, true)?)?;
    }
    Ok(())
}

fn svg(class: &'static str, view_box: &'static str, symbol: &str) -> AnyView {
    view! {
        <svg class=class viewBox=view_box aria-hidden="true">
            <use_ href=format!("#{symbol}") />
        </svg>
    }
    .into_any()
}

/// A 16 px line icon by its Lucide name, such as `user-plus`.
pub fn icon(name: &str) -> AnyView {
    svg("icon", "0 0 24 24", &format!("i-{name}"))
}

/// A 14 px line icon by its Lucide name.
pub fn icon_sm(name: &str) -> AnyView {
    svg("icon icon-sm", "0 0 24 24", &format!("i-{name}"))
}

/// A directional icon, mirrored in right-to-left languages.
pub fn icon_flip(name: &str) -> AnyView {
    svg("icon flip", "0 0 24 24", &format!("i-{name}"))
}

/// A filled glyph by its full name: `o-…` for outcomes, `s-…` for scopes.
pub fn glyph(name: &str) -> AnyView {
    svg("glyph", "0 0 16 16", name)
}

/// The same in a row of a grid.
pub fn glyph_element(name: &'static str) -> VElement {
    svg_element("glyph", "0 0 16 16", name)
}

/// [`icon_sm`] in a row of a grid.
pub(crate) fn icon_sm_element(name: &str) -> VElement {
    svg_element("icon icon-sm", "0 0 24 24", &["i-", name].concat())
}

fn svg_element(class: &'static str, view_box: &'static str, symbol: &str) -> VElement {
    let symbol = VElement::new("use").attribute("href", ["#", symbol].concat());
    let svg = VElement::of_class("svg", class).attribute("viewBox", view_box);
    svg.attribute("aria-hidden", "true").with(symbol)
}

/// The coloured mark of a vendor by its slug; `large` for the head of a card.
pub fn vendor_mark(slug: &str, large: bool) -> AnyView {
    let size = if large { " vendor-mark-lg" } else { "" };
    let mark = svg("", "0 0 16 16", &format!("v-{slug}"));
    view! { <span class=format!("vendor-mark vendor-{slug}{size}")>{mark}</span> }.into_any()
}

/// The mark of the console itself.
pub fn brand_mark() -> AnyView {
    svg("", "0 0 24 24", "mark")
}
