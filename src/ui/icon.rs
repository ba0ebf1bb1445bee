//! Icons and glyphs, drawn from the sprite `icons.svg` that is fetched once and cached.

use leptos::prelude::*;

fn svg(class: &'static str, view_box: &'static str, symbol: &str) -> AnyView {
    view! {
        <svg class=class viewBox=view_box aria-hidden="true">
            <use_ href=format!("icons.svg#{symbol}") />
        </svg>
    }
    .into_any()
}

/// A line icon of 16 px by its Lucide name, such as `user-plus`.
pub fn icon(name: &str) -> AnyView {
    svg("icon", "0 0 24 24", &format!("i-{name}"))
}

/// The same icon at 14 px.
pub fn icon_sm(name: &str) -> AnyView {
    svg("icon icon-sm", "0 0 24 24", &format!("i-{name}"))
}

/// An icon that points along the line of text and turns around in right-to-left languages.
pub fn icon_flip(name: &str) -> AnyView {
    svg("icon flip", "0 0 24 24", &format!("i-{name}"))
}

/// A filled glyph by its full name: `o-…` outcomes, `s-…` scopes.
pub fn glyph(name: &str) -> AnyView {
    svg("glyph", "0 0 16 16", name)
}

/// The small coloured mark of a vendor by its slug; `large` for the head of a card.
pub fn vendor_mark(slug: &str, large: bool) -> AnyView {
    let size = if large { " vendor-mark-lg" } else { "" };
    let mark = svg("", "0 0 16 16", &format!("v-{slug}"));
    view! { <span class=format!("vendor-mark vendor-{slug}{size}")>{mark}</span> }.into_any()
}
