//! A request on its way to someone: a link to copy and a file to save.

use leptos::prelude::*;

use super::files::Passed;
use crate::features::results::download::{FileKind, save};
use i18n::text;
use ui::{Button, Variant, copy_text};

/// The buttons, the main one first, and a sentence about what travels. They are busy while the file is `None`, which is
/// then being written.
pub fn pass_on(passed: Signal<Option<Passed>, LocalStorage>) -> AnyView {
    let busy = Signal::derive(move || passed.with(Option::is_none));
    // Until a file is written, there may be a link.
    let has_link = Memo::new(move |before: Option<&bool>| {
        let has_link = passed.with(|passed| passed.as_ref().map(|passed| passed.link.is_some()));
        has_link.or(before.copied()).unwrap_or(true)
    });
    let link = move || passed.with_untracked(|passed| passed.as_ref().and_then(|passed| passed.link.clone()));
    let copy = move || {
        if let Some(link) = link() {
            copy_text(link);
        }
    };
    let save = move || {
        passed.with_untracked(|passed| {
            if let Some(passed) = passed {
                save("review", FileKind::Review, &passed.text);
            }
        });
    };
    let buttons = move || {
        let (copy, variant) = if has_link.get() {
            let copy = view! { <Button label=text::review_copy_link icon="copy" variant=Variant::Primary busy=busy on_press=copy /> };
            (Some(copy), Variant::Plain)
        } else {
            (None, Variant::Primary)
        };
        view! {
            {copy}
            <Button label=text::review_save_file icon="download" variant=variant busy=busy on_press=save />
        }
    };
    let travels =
        move || if has_link.get() { text::review_travels_link() } else { text::review_travels_file() };
    view! {
        <div class="stack-2">
            <div class="cluster">{buttons}</div>
            <p class="help">{travels}</p>
        </div>
    }
    .into_any()
}
