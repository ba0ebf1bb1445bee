//! Detects calls blocked by the page's Content-Security-Policy.
//!
//! `fetch` rejects with the same `TypeError` for a blocked call as for a dead connection; only the document's
//! `securitypolicyviolation` event tells them apart.

use std::cell::RefCell;

use crate::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, SecurityPolicyViolationEvent};

/// Maximum number of blocked addresses remembered.
const MAX_REMEMBERED: usize = 32;

thread_local! {
    static BLOCKED: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Starts listening, once per page.
pub(super) fn watch() {
    let is_first = BLOCKED.with_borrow_mut(|blocked| {
        let is_first = blocked.is_none();
        blocked.get_or_insert_default();
        is_first
    });
    if !is_first {
        return;
    }
    let listener = Closure::<dyn Fn(Event)>::new(|event: Event| {
        if let Some(violation) = event.dyn_ref::<SecurityPolicyViolationEvent>() {
            note(&violation.blocked_uri());
        }
    });
    let added = document()
        .add_event_listener_with_callback("securitypolicyviolation", listener.as_ref().unchecked_ref());
    // Without the listener a blocked call is reported as unreachable, which is also true.
    if added.is_ok() {
        listener.forget();
    }
}

/// True if the policy has blocked this address since [`watch`] was called. Each report is consumed once.
pub(super) fn take_blocked(url: &str) -> bool {
    BLOCKED.with_borrow_mut(|blocked| {
        let Some(blocked) = blocked else { return false };
        let Some(idx) = blocked.iter().position(|refused| is_same_target(refused, url)) else { return false };
        blocked.remove(idx);
        true
    })
}

fn note(uri: &str) {
    BLOCKED.with_borrow_mut(|blocked| {
        let blocked = blocked.get_or_insert_default();
        if blocked.len() == MAX_REMEMBERED {
            blocked.remove(0);
        }
        blocked.push(uri.to_owned());
    });
}

/// Browsers report the whole URL, or only the origin after a redirect.
fn is_same_target(refused: &str, url: &str) -> bool {
    let refused = refused.trim_end_matches('/');
    !refused.is_empty()
        && url.strip_prefix(refused).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}
