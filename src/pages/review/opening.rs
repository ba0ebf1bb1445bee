//! Opening a request: a file that was chosen or dropped, or what was pasted.

use js_sys::Uint8Array;
use leptos::prelude::*;
use review::MAX_BYTES;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::Page;
use crate::features::approval::files::{self, OpenError, OpenedFile};
use i18n::text;
use ui::{Button, TextArea, Upload};

/// The card that opens a request.
pub(super) fn opening(page: Page) -> AnyView {
    let typed = RwSignal::new(String::new());
    let open = move || page.open_text(typed.get_untracked());
    let reason = move || typed.with(|typed| typed.trim().is_empty()).then(text::review_paste_empty);
    view! {
        <section class="card" aria-labelledby="open-request">
            <div class="card-head">
                <h2 id="open-request">{text::review_open_title}</h2>
            </div>
            <div class="card-body stack">
                <Upload
                    label=text::review_file
                    help=text::review_file_help
                    accept=".json,application/json"
                    on_file=move |file| page.open_file(file)
                />
                <TextArea label=text::review_paste help=text::review_paste_help value=typed rows=2 />
                <div class="cluster">
                    <Button label=text::review_open disabled_reason=Signal::derive(reason) on_press=open />
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// Reads a file, unless it is larger than any request.
pub(super) async fn read(file: &File) -> Result<OpenedFile, OpenError> {
    if file.size() > MAX_BYTES as f64 {
        return Err(OpenError::TooLarge);
    }
    // A file that was moved away since is no request either.
    let bytes = JsFuture::from(file.array_buffer()).await;
    files::open_bytes(&bytes.map(|bytes| Uint8Array::new(&bytes).to_vec()).unwrap_or_default()).await
}
