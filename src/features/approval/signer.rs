//! A signer as people recognize them: the declared name, and the fingerprint of their key as words and as a picture.

use leptos::prelude::*;
use review::{Fingerprint, KeyStanding, N_WORDS, PICTURE_SIZE, Signer, has_mixed_scripts};

use i18n::{format_date, text};
use ui::Tone;

/// The fingerprint of a key: a picture to recognize, and words to compare.
pub fn fingerprint(key: Fingerprint) -> AnyView {
    let words = key.words();
    let rows = words.chunks(N_WORDS / 2).map(|row| view! { <span>{row.join(" ")}</span> }).collect_view();
    view! {
        <div class="fingerprint">
            {key_picture(key)} <code translate="no" class="fingerprint-words" dir="ltr" lang="en">
                {rows}
            </code>
        </div>
    }
    .into_any()
}

/// The picture of a key. The words beside it say all that it shows, so it is hidden from screen readers.
pub fn key_picture(key: Fingerprint) -> AnyView {
    let picture = key.picture();
    let mut path = String::new();
    for (y, row) in picture.cells.iter().enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, is_drawn)| **is_drawn) {
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    let size = format!("0 0 {PICTURE_SIZE} {PICTURE_SIZE}");
    view! {
        <svg class=format!("key-picture key-color-{}", picture.color) viewBox=size aria-hidden="true">
            <path d=path />
        </svg>
    }
    .into_any()
}

/// What is known of a signer's key: the tone, what is the case, and what it means.
pub fn standing_words(standing: &KeyStanding, signer: &Signer) -> (Tone, String, String) {
    let day = |at: u64| format_date(at as f64);
    match standing {
        KeyStanding::Trusted { name, since } => (
            Tone::Done,
            text::review_key_trusted(text::ReviewKeyTrusted { name, since: &day(*since) }),
            String::new(),
        ),
        KeyStanding::Named { name } => (Tone::Done, text::review_key_named(name), String::new()),
        KeyStanding::Withdrawn { name, at } => (
            Tone::Refused,
            text::review_key_withdrawn(text::ReviewKeyWithdrawn { name, since: &day(*at) }),
            text::review_key_withdrawn_body(),
        ),
        KeyStanding::Changed { since, .. } => (
            Tone::Refused,
            text::review_key_changed(text::ReviewKeyChanged { name: &signer.name, since: &day(*since) }),
            text::review_key_changed_body(),
        ),
        KeyStanding::LooksLike { name } => (
            Tone::Refused,
            text::review_key_alike(text::ReviewKeyAlike { known: name, name: &signer.name }),
            text::review_key_alike_body(),
        ),
        KeyStanding::Unknown => {
            let mixed = has_mixed_scripts(&signer.name).then(text::review_key_mixed);
            let body = text::review_key_unknown_body();
            let body = mixed.map_or(body.clone(), |mixed| [mixed, body].join(" "));
            (Tone::Unknown, text::review_key_unknown(&signer.name), body)
        }
    }
}
