//! A request on its way to someone: a link to copy and a file to save.

use leptos::prelude::*;

use super::files::Passed;
use crate::features::results::download::{FileKind, save};
use i18n::text;
use ui::{Button, Variant, copy_text};

/// The buttons, the main one first, and a sentence about what travels.
pub fn pass_on(passed: &Passed) -> AnyView {
    let file = passed.text.to_string();
    let link = passed.link.clone();
    let has_link = link.is_some();
    let copy = link.map(|link| {
        view! {
            <Button
                label=text::review_copy_link
                icon="copy"
                variant=Variant::Primary
                on_press=move || copy_text(link.clone())
            />
        }
    });
    let save = move || save("review", FileKind::Review, &file);
    let variant = if has_link { Variant::Plain } else { Variant::Primary };
    view! {
        <div class="stack-2">
            <div class="cluster">
                {copy} <Button label=text::review_save_file icon="download" variant=variant on_press=save />
            </div>
            <p class="help">
                {if has_link { text::review_travels_link() } else { text::review_travels_file() }}
            </p>
        </div>
    }
    .into_any()
}
