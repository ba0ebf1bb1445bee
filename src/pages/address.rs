//! State that lives in the address, so that every view can be linked, reloaded and gone back to.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;

/// How long somebody may pause in a word before the list follows.
const PAUSE: Duration = Duration::from_millis(300);

fn options(replace: bool) -> NavigateOptions {
    // The path carries the base already, so the router must not add it again.
    NavigateOptions { resolve: false, replace, scroll: false, ..NavigateOptions::default() }
}

/// A choice in the address: what it is, empty if it is not there, and how to change it. Each change is
/// a step that the browser can go back.
pub fn choice(key: &'static str) -> (Memo<String>, SignalSetter<Option<String>>) {
    let (read, write) = query_signal_with_options::<String>(key, options(false));
    (Memo::new(move |_| read.get().unwrap_or_default()), write)
}

/// The same without a step that the browser could go back.
pub fn quiet_choice(key: &'static str) -> (Memo<String>, SignalSetter<Option<String>>) {
    let (read, write) = query_signal_with_options::<String>(key, options(true));
    (Memo::new(move |_| read.get().unwrap_or_default()), write)
}

/// A choice in the address as a signal that controls can write.
pub fn choice_signal(key: &'static str, default: &'static str) -> RwSignal<String> {
    let (read, write) = choice(key);
    let or_default = move |value: String| if value.is_empty() { default.to_owned() } else { value };
    let value = RwSignal::new(or_default(read.get_untracked()));
    Effect::new(move |_| {
        let there = or_default(read.get());
        if value.with_untracked(|value| *value != there) {
            value.set(there);
        }
    });
    Effect::new(move |_| {
        let here = value.get();
        if or_default(read.get_untracked()) != here {
            write.set(Some(here).filter(|here| here != default));
        }
    });
    value
}

/// A search in the address: the text as it is typed, and the text that the list follows after a pause.
pub fn search(key: &'static str) -> (RwSignal<String>, Memo<String>) {
    let (read, write) = query_signal_with_options::<String>(key, options(true));
    let settled = Memo::new(move |_| read.get().unwrap_or_default());
    let typed = RwSignal::new(settled.get_untracked());
    let written = StoredValue::new(settled.get_untracked());
    let mut follow = debounce(PAUSE, move |text: String| {
        written.set_value(text.clone());
        write.set(Some(text).filter(|text| !text.is_empty()));
    });
    Effect::new(move |_| {
        let text = typed.get().trim().to_owned();
        if settled.get_untracked() != text {
            follow(text);
        }
    });
    // Somebody went back or followed a link; an echo of what was typed here must not undo newer letters.
    Effect::new(move |_| {
        let there = settled.get();
        if written.get_value() != there {
            written.set_value(there.clone());
            typed.set(there);
        }
    });
    (typed, settled)
}

/// The page of a list in the address, from 0, as a signal that a pagination can write.
pub fn page(key: &'static str) -> RwSignal<usize> {
    let (read, write) = query_signal_with_options::<usize>(key, options(false));
    let from_zero = move || read.get().unwrap_or(1).saturating_sub(1);
    let value = RwSignal::new(untrack(from_zero));
    Effect::new(move |_| {
        let there = from_zero();
        if value.get_untracked() != there {
            value.set(there);
        }
    });
    Effect::new(move |_| {
        let here = value.get();
        if untrack(from_zero) != here {
            write.set(Some(here + 1).filter(|_| here > 0));
        }
    });
    value
}
