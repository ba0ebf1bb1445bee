//! The page for preferences and stored data on this device.

mod keys;
mod stored;

use crate::features::directory::list_columns::{densities, paging};
use crate::shell::frame::use_title;
use crate::shell::preferences::{OFF, ON, Preferences, Theme};
use crate::shell::shortcuts::{Shortcuts, search_keys};
use i18n::{self, text};
use leptos::prelude::*;
use ui::{Button, Checkbox, Segment, Segments, Select, SelectOption, effect, effect_after};

/// The page for preferences and stored data on this device.
#[component]
pub fn SettingsPage() -> impl IntoView {
    use_title(text::settings_title);
    view! {
        <div class="page-head">
            <div class="page-title">
                <h1>{text::settings_title}</h1>
                <p class="page-sub">{text::settings_sub}</p>
            </div>
        </div>
        <div class="settings">{appearance()}{keyboard()}{keys::keys()}{stored::stored()}</div>
    }
    .into_any()
}

fn appearance() -> AnyView {
    let Preferences { theme, density, paged_lists, .. } = expect_context();
    let themes = vec![
        Segment::new(Theme::System, text::settings_theme_system).with_icon("contrast"),
        Segment::new(Theme::Light, text::settings_theme_light).with_icon("sun"),
        Segment::new(Theme::Dark, text::settings_theme_dark).with_icon("moon"),
    ];
    view! {
        <section class="card" aria-labelledby="appearance">
            <div class="card-head">
                <h2 id="appearance">{text::settings_appearance}</h2>
            </div>
            <div class="card-body stack">
                <Segments legend=text::settings_theme value=theme segments=themes />
                <Segments legend=text::settings_density value=density segments=densities() />
                {paging(paged_lists)}
                {language()}
            </div>
        </section>
    }
    .into_any()
}

fn keyboard() -> AnyView {
    let (Preferences { single_keys, .. }, shortcuts): (_, Shortcuts) = (expect_context(), expect_context());
    let is_on = RwSignal::new(true);
    // Erasing everything resets the preference too.
    effect(move || is_on.set(single_keys.get() != OFF));
    effect_after(move |before: Option<bool>| {
        let is_on = is_on.get();
        if before.is_some_and(|before| before != is_on) {
            single_keys.set(if is_on { ON } else { OFF }.to_owned());
        }
        is_on
    });
    view! {
        <section class="card" aria-labelledby="keyboard">
            <div class="card-head">
                <h2 id="keyboard">{text::shortcuts_keyboard}</h2>
            </div>
            <div class="card-body stack-3">
                <Checkbox
                    label=text::shortcuts_single
                    help=Signal::derive(|| text::shortcuts_single_help(&search_keys()))
                    checked=is_on
                />
                <div class="cluster">
                    <Button
                        label=text::shortcuts_title
                        has_popup="dialog"
                        on_press=move || shortcuts.open_list()
                    />
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn language() -> AnyView {
    let value = RwSignal::new(i18n::current());
    // An effect, because the language is outside of the reactive graph.
    effect_after(move |before: Option<String>| {
        let tag = value.get();
        if before.is_some_and(|before| before != tag) {
            i18n::set_locale(&tag);
        }
        tag
    });
    let options = || {
        let option = |tag: String| SelectOption::words(tag.clone(), i18n::display_name(&tag));
        i18n::available().into_iter().map(option).collect::<Vec<_>>()
    };
    view! {
        <Select label=text::settings_language help=text::settings_language_help value=value options=options />
    }
    .into_any()
}
