//! A person's picture, which a third-party server may be slow to send, or may not have.

use leptos::prelude::*;

use crate::person::{avatar_class, initials};

/// A round picture of a person, hidden from screen readers because the name is next to it. Their initials are
/// shown until the picture has been loaded, and instead of one that cannot be.
///
/// The page's policy must allow the URL. The request contains no referrer.
pub fn picture(name: &str, url: &str, large: bool) -> AnyView {
    let (is_loaded, has_failed) = (RwSignal::new(false), RwSignal::new(false));
    let (initials, url) = (initials(name), url.to_owned());
    let size = if large { "40" } else { "24" };
    // `src` is last, because a browser may start to load with the attributes that it has by then.
    let image = move || {
        (!has_failed.get()).then(|| {
            view! {
                <img
                    alt=""
                    width=size
                    height=size
                    loading="lazy"
                    decoding="async"
                    referrerpolicy="no-referrer"
                    on:load=move |_| is_loaded.set(true)
                    on:error=move |_| has_failed.set(true)
                    src=url.clone()
                />
            }
        })
    };
    view! {
        <bdi translate="no" class=avatar_class(large) aria-hidden="true">
            {move || (!is_loaded.get()).then(|| initials.clone())}
            {image}
        </bdi>
    }
    .into_any()
}
