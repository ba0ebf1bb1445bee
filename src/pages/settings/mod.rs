//! The page for preferences and stored data on this device.

mod keys;
mod stored;

use crate::shell::frame::use_title;
use crate::shell::preferences::{Density, Preferences, Theme};
use i18n::{self, text};
use leptos::prelude::*;
use ui::{Segment, Segments, Select, SelectOption, effect_after};

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
        <div class="settings">{appearance()}{keys::keys()}{stored::stored()}</div>
    }
    .into_any()
}

fn appearance() -> AnyView {
    let Preferences { theme, density, .. } = expect_context();
    let themes = vec![
        Segment::new(Theme::System, text::settings_theme_system).with_icon("contrast"),
        Segment::new(Theme::Light, text::settings_theme_light).with_icon("sun"),
        Segment::new(Theme::Dark, text::settings_theme_dark).with_icon("moon"),
    ];
    let densities = vec![
        Segment::new(Density::Comfortable, text::settings_density_comfortable),
        Segment::new(Density::Compact, text::settings_density_compact),
    ];
    view! {
        <section class="card" aria-labelledby="appearance">
            <div class="card-head">
                <h2 id="appearance">{text::settings_appearance}</h2>
            </div>
            <div class="card-body stack">
                <Segments legend=text::settings_theme value=theme segments=themes />
                <Segments legend=text::settings_density value=density segments=densities />
                {language()}
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
