//! The screen after a panic: a plain sentence and a way to continue.

use i18n::text;
use leptos::prelude::*;
use std::panic;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Installs a panic hook that shows the crash screen and logs the panic to the browser's console.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        if let Err(error) = show() {
            leptos::logging::error!("the crash screen failed too: {error:?}");
        }
    }));
}

/// Uses bare DOM calls, because the framework may be what broke.
fn show() -> Result<(), wasm_bindgen::JsValue> {
    let document = document();
    if document.get_element_by_id("crash").is_some() {
        return Ok(());
    }
    let Some(body) = document.body() else { return Ok(()) };
    let element = |name: &str, class: &str, content: &str| -> Result<Element, wasm_bindgen::JsValue> {
        let element = document.create_element(name)?;
        element.set_class_name(class);
        element.set_text_content(Some(content));
        Ok(element)
    };
    let screen = element("div", "crash", "")?;
    screen.set_id("crash");
    screen.set_attribute("role", "alert")?;
    screen.append_child(&*element("h1", "", &text::shell_crash_title())?)?;
    screen.append_child(&*element("p", "", &text::shell_crash_body())?)?;
    let reload = element("a", "btn btn-primary", &text::shell_crash_reload())?;
    reload.set_attribute("href", &window().location().href()?)?;
    reload.set_attribute("rel", "external")?;
    screen.append_child(reload.unchecked_ref())?;
    body.append_child(&screen)?;
    Ok(())
}
