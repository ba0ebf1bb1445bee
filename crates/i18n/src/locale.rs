//! The current language: how it is chosen, changed and stored.

use super::{TAGS, catalogue, format, track};
use browser::{assets, local_storage};
use js_sys::Intl::DisplayNames;
use js_sys::{Array, JSON, JsString, Object, Reflect};
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortSignal, RequestInit, Response};

/// The pseudo-locale for testing, offered only if the address asks for it.
pub const PSEUDO: &str = "en-XA";

/// Most time for a language to arrive: the console waits for it before it starts.
const FETCH_MS: u32 = 5_000;
const STORED_AT: &str = "muster.locale";
const RIGHT_TO_LEFT: [&str; 5] = ["ar", "fa", "he", "ur", "yi"];

thread_local! {
    static TAG: RefCell<String> = const { RefCell::new(String::new()) };
    static VERSION: ArcRwSignal<u32> = ArcRwSignal::new(0);
}

pub(super) fn version() -> ArcRwSignal<u32> {
    VERSION.with(Clone::clone)
}

/// The tag of the current language; tracked.
pub fn current() -> String {
    track();
    current_untracked()
}

pub(super) fn current_untracked() -> String {
    TAG.with_borrow(|tag| if tag.is_empty() { "en".to_owned() } else { tag.clone() })
}

/// Whether the current language is written from right to left; not tracked.
pub(super) fn is_right_to_left() -> bool {
    TAG.with_borrow(|tag| RIGHT_TO_LEFT.contains(&tag.split('-').next().unwrap_or_default()))
}

/// The languages to choose from.
pub fn available() -> Vec<String> {
    let mut tags: Vec<String> = TAGS.iter().map(|tag| (*tag).to_owned()).collect();
    if query("locale").as_deref() == Some(PSEUDO) {
        tags.push(PSEUDO.to_owned());
    }
    tags
}

/// The name of a language in that language, such as "Deutsch".
pub fn display_name(tag: &str) -> String {
    let options = Object::new();
    // Setting a property of a fresh plain object cannot fail.
    let _ = Reflect::set(&options, &"type".into(), &"language".into());
    let names = DisplayNames::new(&Array::of1(&JsString::from(tag)), &options);
    names.of(tag).map(String::from).unwrap_or_else(|| tag.to_owned())
}

/// Chooses the language at startup: from the address (`?locale=`), the stored choice, or the browser.
/// `?dir=rtl` mirrors the page for any language.
/// Returns once its texts are here, or could not be fetched: then the console starts in English.
pub async fn init() {
    #[cfg(debug_assertions)]
    super::live::follow();
    choose().await;
}

async fn choose() {
    let asked = query("locale").filter(|tag| is_known(tag));
    let kept = || local_storage()?.get_item(STORED_AT).ok()?.filter(|tag| is_known(tag));
    apply(&asked.or_else(kept).or_else(preferred).unwrap_or_else(|| "en".to_owned())).await;
}

/// The first of the browser's languages that the console has, in any of its regions.
fn preferred() -> Option<String> {
    let wanted = window().navigator().languages();
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
    wanted.iter().filter_map(|tag| tag.as_string()).find_map(|tag| {
        let exact = TAGS.iter().find(|known| **known == tag);
        let alike = || TAGS.iter().find(|known| primary(known) == primary(&tag));
        exact.or_else(alike).map(|known| (*known).to_owned())
    })
}

/// Changes the language and stores the choice on this device.
pub fn set_locale(tag: &str) {
    if !is_known(tag) {
        return;
    }
    if let Some(storage) = local_storage() {
        // Private windows may refuse to store it: the choice then lasts as long as the page.
        let _ = storage.set_item(STORED_AT, tag);
    }
    let tag = tag.to_owned();
    spawn_local(async move { apply(&tag).await });
}

/// Forgets the stored choice and returns to the browser's language.
pub fn forget() {
    if let Some(storage) = local_storage() {
        // What could not be stored need not be removed.
        let _ = storage.remove_item(STORED_AT);
    }
    spawn_local(choose());
}

pub(super) async fn apply(tag: &str) {
    match tag {
        "en" => {
            catalogue::use_english();
            #[cfg(debug_assertions)]
            super::live::overlay();
        }
        PSEUDO => catalogue::use_pseudo(),
        _ => match fetch(tag).await {
            Ok(json) => catalogue::use_loaded(&json),
            Err(error) => return leptos::logging::error!("language {tag} not loaded: {error:?}"),
        },
    }
    switch(tag);
}

fn switch(tag: &str) {
    TAG.set(tag.to_owned());
    format::reset();
    if let Some(html) = document().document_element() {
        let rtl = query("dir").as_deref() == Some("rtl") || is_right_to_left();
        // The attribute names are valid constants.
        let _ = html.set_attribute("lang", tag);
        let _ = html.set_attribute("dir", if rtl { "rtl" } else { "ltr" });
    }
    version().update(|version| *version += 1);
}

async fn fetch(tag: &str) -> Result<JsValue, JsValue> {
    let address = assets::address(&format!("locales/{tag}.json"));
    let init = RequestInit::new();
    init.set_signal(Some(&AbortSignal::timeout_with_u32(FETCH_MS)));
    let response = JsFuture::from(window().fetch_with_str_and_init(&address, &init)).await?;
    let response: Response = response.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::from_f64(f64::from(response.status())));
    }
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    JSON::parse(&text)
}

fn is_known(tag: &str) -> bool {
    TAGS.contains(&tag) || tag == PSEUDO
}

fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    search.trim_start_matches('?').split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}
