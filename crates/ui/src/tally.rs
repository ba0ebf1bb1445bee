//! Counts by outcome, in a fixed order, as text and as a bar.

use super::tone::Tone;
use i18n::{format_list, text};
use leptos::prelude::*;

/// Number of rows by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Applied.
    pub done: usize,
    /// Nothing to do.
    pub same: usize,
    /// Refused or failed.
    pub refused: usize,
    /// Unknown outcome.
    pub unknown: usize,
    /// Never sent, and not going to be.
    pub not_sent: usize,
    /// Not yet sent.
    pub waiting: usize,
}

impl Tally {
    /// Number of all rows.
    pub fn total(&self) -> usize {
        self.parts().iter().map(|(_, count)| count).sum()
    }

    fn parts(&self) -> [(Tone, usize); 6] {
        [
            (Tone::Done, self.done),
            (Tone::Same, self.same),
            (Tone::Refused, self.refused),
            (Tone::Unknown, self.unknown),
            (Tone::NotSent, self.not_sent),
            (Tone::Waiting, self.waiting),
        ]
    }

    /// The counts as a sentence, without zeros.
    pub fn sentence(&self) -> String {
        let parts: Vec<String> = self
            .parts()
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(tone, count)| words(tone, count))
            .collect();
        if parts.is_empty() { text::ui_tally_nothing() } else { format_list(&parts) }
    }
}

fn words(tone: Tone, count: usize) -> String {
    match tone {
        Tone::Done | Tone::Info => text::ui_tally_done(count),
        Tone::Same => text::ui_tally_same(count),
        Tone::Refused => text::ui_tally_refused(count),
        Tone::Unknown => text::ui_tally_unknown(count),
        Tone::NotSent => text::ui_tally_not_sent(count),
        Tone::Waiting => text::ui_tally_waiting(count),
    }
}

/// The counts of all five outcomes, and of waiting rows if there are any.
pub fn tally(counts: Signal<Tally>) -> AnyView {
    let entry = |(tone, count): (Tone, usize)| {
        let zero = if count == 0 { " is-zero" } else { "" };
        let class = format!("{}{zero}", tone.class());
        view! { <li class=class>{tone.glyph()}<span>{move || words(tone, count)}</span></li> }
    };
    let entries = move || {
        let parts = counts.get().parts().into_iter();
        parts.filter(|(tone, count)| *tone != Tone::Waiting || *count > 0).map(entry).collect_view()
    };
    view! {
        <ul class="tally" aria-label=text::ui_tally_label>
            {entries}
        </ul>
    }
    .into_any()
}

/// The share of `n` in `total`, in hundredths of a percent.
pub(super) fn hundredths(n: usize, total: usize) -> u64 {
    n as u64 * 10_000 / total as u64
}

/// "12.05%", of hundredths of a percent. Formatting a fraction would link 16 KB.
pub fn percent(hundredths: u64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The counts as a bar. The lengths are SVG attributes, never styles.
pub fn tally_bar(counts: Signal<Tally>) -> AnyView {
    let bars = move || {
        let counts = counts.get();
        let total = counts.total().max(1);
        let mut n_before = 0;
        let bar = |(tone, count): (Tone, usize)| {
            let start = hundredths(n_before, total);
            n_before += count;
            let length = hundredths(n_before, total) - start;
            let (class, fill) = match tone {
                Tone::Unknown => ("is-unknown has-tex", Some("url(#p-unknown)")),
                _ => (tone.class(), None),
            };
            let (x, width) = (percent(start), percent(length));
            view! { <rect class=class x=x width=width height="100%" fill=fill /> }
        };
        let parts = counts.parts().into_iter();
        parts.filter(|(tone, count)| *tone != Tone::Waiting && *count > 0).map(bar).collect_view()
    };
    view! {
        <svg class="bar bar-lg" role="img" aria-label=move || counts.get().sentence()>
            {bars}
        </svg>
    }
    .into_any()
}
