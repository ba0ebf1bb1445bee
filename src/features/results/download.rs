//! Saves files generated here as browser downloads.

use std::time::Duration;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use browser::clock;
use i18n::text;
use ui::{announce, announce_now};

/// How long the browser has to start saving before the object URL is revoked.
const KEPT: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug)]
pub enum FileKind {
    /// A table.
    Csv,
    /// For programs.
    Json,
    /// A request with its decisions, for another console.
    Review,
    /// For programs, a value on each line.
    JsonLines,
}

/// Saves text as a file and announces it. The date and extension are added to the name.
pub fn save(what: &str, kind: FileKind, content: &str) {
    save_parts(what, kind, &Array::of1(&JsValue::from_str(content)));
}

/// As [`save`], for texts and bytes that follow each other.
pub fn save_parts(what: &str, kind: FileKind, parts: &Array) {
    let (mime, ending) = match kind {
        FileKind::Csv => ("text/csv;charset=utf-8", "csv"),
        FileKind::Json => ("application/json", "json"),
        FileKind::Review => ("application/json", "muster.json"),
        FileKind::JsonLines => ("application/jsonl", "jsonl"),
    };
    let day = clock::iso(clock::now());
    let day = day.get(..10).unwrap_or_default();
    let name = ["muster-", what, "-", day, ".", ending].concat();
    match offer(&name, mime, parts) {
        Ok(()) => announce(text::activity_exported(&name)),
        Err(_) => failed_to_save(),
    }
}

/// Says that a file could not be created.
pub fn failed_to_save() {
    announce_now(text::activity_export_failed());
}

fn offer(name: &str, mime: &str, parts: &Array) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let blob = Blob::new_with_blob_sequence_and_options(parts, &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    let give_back = move || {
        // An object URL that cannot be revoked lasts as long as the page.
        let _ = Url::revoke_object_url(&address);
    };
    set_timeout(give_back, KEPT);
    Ok(())
}
