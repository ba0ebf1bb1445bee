//! The clock. Pure crates such as `domain` get the time passed in.

use domain::Millis;
use domain::idle::Moment;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Performance;

/// Longest timeout a browser supports; longer ones fire immediately.
const MAX_TIMER_MS: Millis = 0x7fff_ffff;

/// The current wall-clock time.
pub fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// The current time by the wall clock and by the monotonic clock.
pub fn moment() -> Moment {
    let wall = now();
    Moment { wall, steady: performance().map_or(wall, |clock| clock.now() as Millis) }
}

fn performance() -> Option<Performance> {
    let clock = Reflect::get(&js_sys::global(), &"performance".into()).ok()?;
    clock.is_object().then(|| clock.unchecked_into())
}

/// A time as in RFC 3339, in UTC.
pub fn iso(at: Millis) -> String {
    js_sys::Date::new(&(at as f64).into()).to_iso_string().into()
}

/// Sleeps for `ms` milliseconds. Dropping the future cancels the timer.
pub async fn sleep(ms: Millis) {
    TimeoutFuture::new(ms.min(MAX_TIMER_MS) as u32).await;
}

/// Waits until the page was painted as it is now. Does not wait for a page that is hidden.
pub async fn painted() {
    if let Some(window) = web_sys::window()
        && window.document().is_some_and(|document| !document.hidden())
    {
        let frame = Promise::new(&mut |resolve, _| {
            // Without frames there is nothing to wait for.
            if window.request_animation_frame(&resolve).is_err() {
                drop(resolve.call0(&JsValue::UNDEFINED));
            }
        });
        drop(JsFuture::from(frame).await);
    }
    sleep(0).await;
}

/// Sleeps until `at`. Yields to other tasks even if `at` has passed.
pub async fn sleep_until(at: Millis) {
    sleep(at.saturating_sub(now())).await;
}
