//! A scope as a badge: glyph, word and weight, never colour alone.

use domain::Scope;
use leptos::prelude::*;

use crate::features::words;
use i18n::text;
use ui::{VElement, glyph, glyph_element, icon_flip};

/// The icon of a scope in the sprite; `None` is "not in the group".
pub fn scope_glyph(scope: Option<Scope>) -> &'static str {
    match scope {
        Some(Scope::Admin) => "s-admin",
        Some(Scope::Moderator) => "s-moderator",
        Some(Scope::Participant) => "s-participant",
        Some(Scope::Banned) => "s-banned",
        None => "s-none",
    }
}

fn slug_and_name(scope: Option<Scope>) -> (&'static str, String) {
    match scope {
        Some(scope) => (scope.slug(), words::scope(scope)),
        None => ("none", text::common_scope_not_in_group()),
    }
}

/// A scope in a row of a grid.
pub fn scope_element(scope: Scope) -> VElement {
    let (slug, name) = slug_and_name(Some(scope));
    let badge = VElement::of_class("span", ["scope scope-", slug].concat());
    badge.with(glyph_element(scope_glyph(Some(scope)))).text(name)
}

/// A scope; `None` is "not in the group".
pub fn scope_badge(scope: Option<Scope>) -> AnyView {
    let (slug, name) = slug_and_name(scope);
    view! { <span class=format!("scope scope-{slug}")>{glyph(scope_glyph(scope))}{name}</span> }.into_any()
}

/// Before and after, side by side.
pub fn scope_change(before: Option<Scope>, after: Option<Scope>) -> AnyView {
    view! {
        <span class="change">
            {scope_badge(before)} {icon_flip("arrow-right")}
            <span class="sr-only">{text::common_becomes}</span> {scope_badge(after)}
        </span>
    }
    .into_any()
}
