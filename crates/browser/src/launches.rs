//! Files that the operating system opens with the installed console.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use crate::window;

#[wasm_bindgen]
extern "C" {
    type LaunchQueue;
    #[wasm_bindgen(method, js_name = setConsumer)]
    fn set_consumer(this: &LaunchQueue, consumer: &Function);

    type LaunchParams;
    #[wasm_bindgen(method, getter)]
    fn files(this: &LaunchParams) -> Option<Array>;

    type FileHandle;
    #[wasm_bindgen(method, catch, js_name = getFile)]
    fn get_file(this: &FileHandle) -> Result<Promise, JsValue>;
}

/// Calls `open` with the first file of every launch, including the one that opened this page.
pub fn on_file(open: impl Fn(File) + Clone + 'static) {
    let queue = Reflect::get(&window(), &"launchQueue".into()).unwrap_or_default();
    if queue.is_undefined() {
        return;
    }
    let consumer = Closure::<dyn Fn(LaunchParams)>::new(move |launch: LaunchParams| {
        let handle = launch.files().map(|files| files.get(0)).filter(|handle| !handle.is_undefined());
        let Some(handle) = handle else { return };
        let open = open.clone();
        spawn_local(async move {
            // Fails if the file was moved away since.
            let Ok(asked) = handle.unchecked_into::<FileHandle>().get_file() else { return };
            if let Ok(file) = JsFuture::from(asked).await {
                open(file.unchecked_into());
            }
        });
    });
    queue.unchecked_into::<LaunchQueue>().set_consumer(consumer.into_js_value().unchecked_ref());
}
