//! Reads the key of a keyboard event.

use leptos::ev::KeyboardEvent;

/// The key code of keys handled by an input method editor. Browsers also report it when `isComposing` is
/// false: Safari ends a composition before it reports the Enter that ended it.
const TAKEN_BY_EDITOR: u32 = 229;

/// The name of the pressed key; empty while composing, when Enter, Escape and the arrow keys belong to the
/// input method editor.
pub fn pressed(event: &KeyboardEvent) -> String {
    if event.is_composing() || event.key_code() == TAKEN_BY_EDITOR { String::new() } else { event.key() }
}

/// Like [`pressed`], for shortcuts: in lower case, and for a letter of another script the Latin letter that most
/// keyboards have in its place.
pub fn pressed_shortcut(event: &KeyboardEvent) -> String {
    let key = pressed(event);
    let code = event.code();
    let letter = code.strip_prefix("Key").filter(|_| !key.is_empty() && !key.is_ascii());
    letter.unwrap_or(&key).to_ascii_lowercase()
}
