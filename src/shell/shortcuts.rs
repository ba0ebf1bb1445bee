//! The command palette and the list of shortcuts: the button that opens the palette, and the keys that do. All else
//! is fetched when one of them is first pressed.

use std::cell::RefCell;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::shell::preferences::{OFF, Preferences};
use crate::state::code::{Code, Fetch, NotFetched, fetched};
use i18n::text;
use ui::{icon, pressed_shortcut, toast};

/// Begins the shortcuts that go to a page.
pub const GO: &str = "g";
/// Opens the list of shortcuts.
pub const HELP: &str = "?";
/// With Ctrl or ⌘, opens the command palette.
pub const SEARCH: &str = "k";

/// Where letters are text. The field of a dialog that was just closed may have the focus until the next frame.
const FIELDS: &str = ":is(input, textarea, select, [contenteditable]):not(dialog:not([open]) *)";

/// Draws the dialogs, which then listen to the keys.
pub type DrawDialogs = fn(Shortcuts) -> AnyView;

thread_local! {
    static DIALOGS: Code<DrawDialogs> = const { Code::new() };
    /// Keys that were pressed before the dialogs were fetched.
    static PRESSED: RefCell<Vec<KeyboardEvent>> = const { RefCell::new(Vec::new()) };
}

/// Sets how the dialogs are fetched.
pub fn provide_dialogs(fetch: Fetch<DrawDialogs>) {
    DIALOGS.with(|code| code.provide(fetch));
}

/// Which of the dialogs are open. Copies share state.
#[derive(Clone, Copy, Debug)]
pub struct Shortcuts {
    pub is_palette_open: RwSignal<bool>,
    pub is_list_open: RwSignal<bool>,
    is_fetched: RwSignal<bool>,
    preferences: Preferences,
}

/// Listens to the keys, and provides [`Shortcuts`] as context. Call once, after the preferences.
pub fn provide_shortcuts() -> Shortcuts {
    let shortcuts = Shortcuts {
        is_palette_open: RwSignal::new(false),
        is_list_open: RwSignal::new(false),
        is_fetched: RwSignal::new(false),
        preferences: expect_context(),
    };
    provide_context(shortcuts);
    // The listener lives as long as the page.
    drop(window_event_listener_untyped("keydown", move |event| {
        // Browsers that fill in a form send key events without a key.
        if let Some(event) =
            event.dyn_ref::<KeyboardEvent>().filter(|_| !shortcuts.is_fetched.get_untracked())
        {
            shortcuts.begin(event);
        }
    }));
    shortcuts
}

/// True for the key of the command palette.
pub fn is_search(event: &KeyboardEvent) -> bool {
    let (wanted, other) = (event.ctrl_key(), event.meta_key());
    let (wanted, other) = if is_mac() { (other, wanted) } else { (wanted, other) };
    wanted && !other && !event.alt_key() && !event.shift_key() && pressed_shortcut(event) == SEARCH
}

/// True where shortcuts take ⌘ instead of Ctrl.
fn is_mac() -> bool {
    let platform = window().navigator().platform().unwrap_or_default();
    platform.starts_with("Mac") || platform.starts_with("iP")
}

/// True while a dialog is open: every other has to wait until it is closed.
pub fn has_modal() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|found| found.is_some())
}

/// The keys of the command palette, in words.
pub fn search_keys() -> String {
    if is_mac() { text::palette_keys_mac() } else { text::palette_keys() }
}

impl Shortcuts {
    /// True if a single key may be a shortcut: there is no modifier, it is not typed into a field, and the user has
    /// not switched these shortcuts off.
    pub fn may_be_single(self, event: &KeyboardEvent) -> bool {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_typed = target.is_some_and(|target| target.closest(FIELDS).is_ok_and(|found| found.is_some()));
        let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key() || event.repeat();
        !is_typed && !has_modifier && self.preferences.single_keys.with_untracked(|keys| keys != OFF)
    }

    /// Fetches the dialogs if this key may be a shortcut. They act on it, and on what is pressed meanwhile.
    fn begin(self, event: &KeyboardEvent) {
        // Once the dialogs are here, it may be closed: what was pressed before it opened is over, too.
        if has_modal() {
            PRESSED.with_borrow_mut(Vec::clear);
            return;
        }
        let is_first = PRESSED.with_borrow(Vec::is_empty);
        if is_search(event) {
            // Later it would be too late.
            event.prevent_default();
        } else if is_first && !(self.may_be_single(event) && [GO, HELP].contains(&&*pressed_shortcut(event)))
        {
            return;
        }
        PRESSED.with_borrow_mut(|pressed| pressed.push(event.clone()));
        if is_first {
            self.fetch(None);
        }
    }

    /// The keys that were pressed before the dialogs were fetched.
    pub fn pressed_before(self) -> Vec<KeyboardEvent> {
        PRESSED.take()
    }

    /// Opens the list of shortcuts.
    pub fn open_list(self) {
        self.fetch(Some(self.is_list_open));
    }

    /// Fetches the dialogs, and opens one of them.
    fn fetch(self, open: Option<RwSignal<bool>>) {
        spawn_local(async move {
            match fetched(&DIALOGS).await {
                Ok(_) => {
                    // Setting it again would draw them again.
                    if !self.is_fetched.get_untracked() {
                        self.is_fetched.set(true);
                    }
                    if let Some(open) = open {
                        open.set(true);
                    }
                }
                Err(NotFetched) => {
                    drop(PRESSED.take());
                    toast(text::ui_page_missing_body(), None);
                }
            }
        });
    }

    /// The dialogs, once they have been fetched.
    pub fn dialogs(self) -> AnyView {
        let drawn = move || self.is_fetched.get().then(|| DIALOGS.with(Code::fetched).map(|draw| draw(self)));
        drawn.into_any()
    }

    /// The button of the top bar that opens the command palette: like a field, or an icon on a narrow screen.
    pub fn search_button(self) -> AnyView {
        view! {
            <button
                class="btn search"
                type="button"
                aria-haspopup="dialog"
                aria-keyshortcuts=if is_mac() { "Meta+K" } else { "Control+K" }
                on:click=move |_| self.fetch(Some(self.is_palette_open))
            >
                {icon("search")}
                <span class="search-name">{text::palette_label}</span>
                <kbd class="hide-narrow">{search_keys}</kbd>
            </button>
        }
        .into_any()
    }
}
