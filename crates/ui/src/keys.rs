//! Which key was pressed: the one place that asks an event for it.

use leptos::ev::KeyboardEvent;

/// What browsers give as the code of a key that an input-method editor took, also where they forget to say that it
/// is composing: Safari ends a composition before it tells of the Enter that ended it.
const TAKEN_BY_EDITOR: u32 = 229;

/// The name of the key; empty while letters are composed, when Enter, Escape and the arrow keys belong to the
/// input-method editor and mean nothing here.
pub fn pressed(event: &KeyboardEvent) -> String {
    if event.is_composing() || event.key_code() == TAKEN_BY_EDITOR { String::new() } else { event.key() }
}
