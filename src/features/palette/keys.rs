//! What pressed keys do on every page.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::routing::{paths, use_go};
use crate::shell::shortcuts::{GO, HELP, Shortcuts, has_modal, is_search};
use i18n::text;
use ui::pressed_shortcut;

/// A page with a shortcut: the key after [`GO`], its path and its name.
pub(super) type GoTo = (&'static str, fn() -> String, fn() -> String);

/// The pages with a shortcut.
pub(super) const PAGES: [GoTo; 5] = [
    ("o", paths::overview, text::shell_overview),
    ("r", paths::runs, text::shell_runs),
    ("a", paths::activity, text::shell_activity),
    ("c", paths::connections, text::shell_all_connections),
    ("s", paths::settings, text::shell_settings),
];

/// A pressed shortcut.
enum Pressed {
    Search,
    Help,
    /// The first key of a shortcut that goes to a page.
    Begin,
    Go(fn() -> String),
}

/// Acts on the keys that were pressed before this was fetched, and on all that follow.
pub(super) fn listen(shortcuts: Shortcuts) {
    let go = use_go();
    // A shortcut of two keys waits for the second one for as long as nothing else is pressed.
    let is_going = StoredValue::new(false);
    let act = move |event: &KeyboardEvent| {
        let was_going = is_going.get_value();
        is_going.set_value(false);
        match read(shortcuts, event, was_going) {
            // Pressed again, it closes the palette. The signal follows a frame after Escape.
            Some(Pressed::Search) => shortcuts.is_palette_open.set(!has_modal()),
            Some(Pressed::Help) => shortcuts.is_list_open.set(true),
            Some(Pressed::Begin) => is_going.set_value(true),
            Some(Pressed::Go(path)) => go(&path()),
            None => return,
        }
        event.prevent_default();
    };
    for event in shortcuts.pressed_before() {
        act(&event);
    }
    // The listeners live as long as the page.
    drop(window_event_listener_untyped("pointerdown", move |_| is_going.set_value(false)));
    drop(window_event_listener_untyped("keydown", move |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            act(event);
        }
    }));
}

fn read(shortcuts: Shortcuts, event: &KeyboardEvent, was_going: bool) -> Option<Pressed> {
    // Every other dialog has to be closed first.
    if is_search(event) {
        let is_free = !has_modal() || shortcuts.is_palette_open.get_untracked();
        return is_free.then_some(Pressed::Search);
    }
    if !shortcuts.may_be_single(event) || has_modal() {
        return None;
    }
    match &*pressed_shortcut(event) {
        HELP => Some(Pressed::Help),
        GO => Some(Pressed::Begin),
        key if was_going => PAGES.iter().find(|page| page.0 == key).map(|page| Pressed::Go(page.1)),
        _ => None,
    }
}
