//! Announces that the host has another release, and loads it on request.

use crate::shell::releases::{self, use_releases};
use i18n::text;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{Button, Tone, Variant, banner, effect};

/// A quiet line across the page once another release is available.
pub fn new_version() -> AnyView {
    let releases = use_releases();
    releases.keep_looking();
    let pathname = use_location().pathname;
    effect(move || {
        pathname.track();
        releases.look_sometimes();
    });
    let shown = move || {
        releases.is_newer().then(|| {
            let later = Callback::new(move |()| releases.put_off());
            banner(
                Tone::Info,
                view! {
                    <span class="grow">{text::shell_new_version}</span>
                    {load_button(Variant::Plain)}
                    <Button
                        label=text::shell_new_version_later
                        variant=Variant::Quiet
                        small=true
                        on_press=later
                    />
                },
            )
        })
    };
    view! {
        <div class="new-version" role="status">
            {shown}
        </div>
    }
    .into_any()
}

/// Loads the other release.
pub fn load_button(variant: Variant) -> AnyView {
    let load = Callback::new(|()| releases::load());
    view! { <Button label=text::shell_new_version_load variant=variant small=true on_press=load /> }
        .into_any()
}
