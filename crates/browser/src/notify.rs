//! System notifications, for what ends while the page is not seen.

use crate::local_storage;
use js_sys::Reflect;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

const STORED_AT: &str = "muster.notify";

/// True if the browser has notifications and the user has not blocked them for this site.
pub fn can_notify() -> bool {
    // Chrome on Android has the constructor, but it throws; `show` then does nothing.
    let has = Reflect::has(&super::window(), &"Notification".into()).unwrap_or(false);
    has && Notification::permission() != NotificationPermission::Denied
}

/// True if the user wants notifications and the browser allows them.
pub fn is_wanted() -> bool {
    let is_on = local_storage().and_then(|storage| storage.get_item(STORED_AT).ok().flatten()).is_some();
    is_on && can_notify() && Notification::permission() == NotificationPermission::Granted
}

/// Turns notifications on, for which the browser may ask the user, or off. Returns whether they are on.
pub async fn set_wanted(is_wanted: bool) -> bool {
    let is_allowed = is_wanted && can_notify() && is_granted().await;
    if let Some(storage) = local_storage() {
        // What cannot be stored is asked again after a reload.
        let _ = if is_allowed { storage.set_item(STORED_AT, "on") } else { storage.remove_item(STORED_AT) };
    }
    is_allowed
}

/// Shows a notification if the page is not seen and the user wants them.
pub fn show_unseen(title: &str, body: &str) {
    if super::document().hidden() && is_wanted() {
        let options = NotificationOptions::new();
        options.set_body(body);
        // Fails where only service workers may notify; nothing more can be done.
        let _ = Notification::new_with_options(title, &options);
    }
}

async fn is_granted() -> bool {
    let Ok(asked) = Notification::request_permission() else { return false };
    JsFuture::from(asked).await.is_ok_and(|answer| answer.as_string().as_deref() == Some("granted"))
}
