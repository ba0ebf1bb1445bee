//! The time, for the one half of Muster that may know it.

use domain::Millis;
use domain::idle::Moment;
use gloo_timers::future::TimeoutFuture;
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::Performance;

/// Longest wait that a browser's timer takes; longer ones fire at once.
const MAX_TIMER_MS: Millis = 0x7fff_ffff;

/// This moment.
pub fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// This moment by the clock on the wall and by the one that nobody can set.
pub fn moment() -> Moment {
    let wall = now();
    Moment { wall, steady: performance().map_or(wall, |clock| clock.now() as Millis) }
}

fn performance() -> Option<Performance> {
    let clock = Reflect::get(&js_sys::global(), &"performance".into()).ok()?;
    clock.is_object().then(|| clock.unchecked_into())
}

/// Waits so many milliseconds; dropping the future drops the timer.
pub async fn sleep(ms: Millis) {
    TimeoutFuture::new(ms.min(MAX_TIMER_MS) as u32).await;
}

/// Waits until a moment; one that has passed already still lets others have their turn.
pub async fn sleep_until(at: Millis) {
    sleep(at.saturating_sub(now())).await;
}
