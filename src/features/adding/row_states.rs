//! What tables of typed rows share: the filter by the state of a row, and the cell that says what is wrong with it.

use i18n::{text, without_isolates};
use leptos::prelude::*;
use ui::{Segment, Segments, Selection, Tone};

/// The states to choose from, each with its number of rows; none while all rows are in the usual state.
pub fn state_filter<S: Copy + PartialEq + Send + Sync + 'static>(
    legend: fn() -> String,
    filter: Selection<Option<S>>,
    counted: Vec<(S, usize)>,
    usual: S,
    words: fn(S, usize) -> String,
) -> Option<AnyView> {
    if counted.iter().all(|(state, n)| *state == usual || *n == 0) {
        return None;
    }
    let n_all = counted.iter().map(|(_, n)| n).sum();
    let all = Segment { value: None, label: Signal::derive(move || text::results_all(n_all)), icon: "" };
    let one = |(state, n): (S, usize)| Segment {
        value: Some(state),
        label: Signal::derive(move || words(state, n)),
        icon: "",
    };
    let segments = std::iter::once(all).chain(counted.into_iter().filter(|(_, n)| *n > 0).map(one)).collect();
    Some(view! { <Segments legend=legend value=filter segments=segments quiet=true /> }.into_any())
}

/// What is wrong with a row, in one line; nothing if that is nothing.
pub fn row_problem(tone: Tone, said: String) -> Option<AnyView> {
    if said.is_empty() {
        return None;
    }
    // An attribute is one text of its own direction.
    let whole = without_isolates(&said);
    let problem = view! {
        <span class=["row small ", tone.class()].concat() title=whole>
            {tone.glyph()}
            <span class="clip">{said}</span>
        </span>
    };
    Some(problem.into_any())
}
