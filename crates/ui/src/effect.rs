//! Effects that share their code: Leptos compiles each of its own anew, at more than a kilobyte.

use leptos::prelude::*;

/// Runs soon, and again whenever a signal changes that `run` reads.
pub fn effect(run: impl FnMut() + 'static) {
    start(Box::new(run));
}

/// Like [`effect`]; each run is passed what the one before returned.
pub fn effect_after<T: 'static>(mut run: impl FnMut(Option<T>) -> T + 'static) {
    let mut before = None;
    effect(move || before = Some(run(before.take())));
}

fn start(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}
