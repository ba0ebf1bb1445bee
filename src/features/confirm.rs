//! Asking before something is deleted for good.

use leptos::prelude::*;

use i18n::text;
use ui::{Button, Dialog, Variant, effect};

/// What the dialog says.
#[derive(Clone, Copy, Debug)]
pub struct ConfirmWords {
    pub title: fn() -> String,
    /// What is lost.
    pub body: fn() -> String,
    /// The button that does it.
    pub action: fn() -> String,
}

/// A dialog that is open while `doomed` holds something, and calls `on_confirm` with that.
pub fn confirm<T: Clone + Send + Sync + 'static>(
    doomed: RwSignal<Option<T>>,
    words: ConfirmWords,
    on_confirm: impl Fn(T) + Copy + Send + Sync + 'static,
) -> AnyView {
    let is_asked = Signal::derive(move || doomed.with(Option::is_some));
    let close = Callback::new(move |()| doomed.set(None));
    let act = Callback::new(move |()| {
        let found = doomed.get_untracked();
        doomed.set(None);
        if let Some(found) = found {
            on_confirm(found);
        }
    });
    dialog(is_asked, words, close, act)
}

fn dialog(is_asked: Signal<bool>, words: ConfirmWords, close: Callback<()>, act: Callback<()>) -> AnyView {
    let open = RwSignal::new(false);
    effect(move || open.set(is_asked.get()));
    effect(move || {
        if !open.get() && is_asked.get_untracked() {
            close.run(());
        }
    });
    let foot = move || {
        view! {
            <Button label=text::common_cancel on_press=close />
            <Button label=words.action variant=Variant::Danger on_press=act />
        }
    };
    view! {
        <Dialog title=words.title open=open foot=foot>
            <p>{words.body}</p>
        </Dialog>
    }
    .into_any()
}
