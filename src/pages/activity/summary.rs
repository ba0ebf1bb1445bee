//! The summary above the list: charts of what is shown, whose code and counts are fetched once it is open.

use std::sync::Arc;

use ledger_worker::LedgerSummary;
use leptos::prelude::*;

use super::charts;
use super::entries::{Entries, Reading};
use super::filters::Filters;
use super::standing::failure;
use crate::features::fetched::with_code;
use crate::routing::query;
use crate::state::code::{Code, Fetch};
use crate::state::ledger::ReadingError;
use i18n::text;
use ui::{failed, icon_sm, next_id, skeleton};

/// The parameter of the URL while it is open.
const OPEN: &str = "open";

/// What draws the charts; having it proves that the code is here. Few look at them, so the page comes without.
#[derive(Clone, Copy, Debug)]
pub struct Charting(fn(Filters, Signal<Arc<LedgerSummary>>) -> AnyView);

impl Charting {
    /// The code itself; what names it contains it.
    pub fn new() -> Self {
        Self(charts::charts)
    }
}

impl Default for Charting {
    fn default() -> Self {
        Self::new()
    }
}

thread_local! {
    static CHARTING: Code<Charting> = const { Code::new() };
}

/// Sets how the code is fetched that draws the charts.
pub fn provide_charting(fetch: Fetch<Charting>) {
    CHARTING.with(|code| code.provide(fetch));
}

/// The button, and below it the charts. Whether they are shown is in the URL.
pub(super) fn summary(entries: Entries, filters: Filters) -> AnyView {
    let (opened, set_opened) = query::quiet_choice("summary");
    let is_open = Memo::new(move |_| opened.with(|opened| opened == OPEN));
    let id = next_id("summary");
    let controls = id.clone();
    let toggle = move |_| set_opened.set((!is_open.get_untracked()).then(|| OPEN.to_owned()));
    view! {
        <div class="summary" role="group" aria-label=text::ledger_summary>
            <button
                class="btn btn-quiet btn-sm disclosure"
                type="button"
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                aria-controls=controls
                on:click=toggle
            >
                {text::ledger_summary}
                {move || icon_sm(if is_open.get() { "chevron-up" } else { "chevron-down" })}
            </button>
            <div id=id hidden=move || !is_open.get()>
                {move || is_open.get().then(|| counted(entries, filters))}
            </div>
        </div>
    }
    .into_any()
}

/// How far counting is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counting {
    Nothing,
    Reading,
    Failed(ReadingError),
    Done,
}

fn counted(entries: Entries, filters: Filters) -> AnyView {
    let filter = entries.filter();
    let read = LocalResource::new(move || {
        let filter = filter.get();
        // Entries that are added are counted.
        let is_here = entries.state().is_some();
        async move { if is_here { Some(entries.summary(filter).await) } else { None } }
    });
    // What was counted stays while another filter is applied, so that the charts keep their place.
    let summary = Memo::new(move |before: Option<&Arc<LedgerSummary>>| match read.get() {
        Some(Some(Ok(summary))) => Arc::new(summary),
        _ => before.cloned().unwrap_or_default(),
    });
    let stage = Memo::new(move |_| {
        if matches!(entries.reading(), Reading::Failed(_)) {
            return Counting::Nothing; // The page says why.
        }
        read.with(|read| match read {
            Some(Some(Ok(_))) => Counting::Done,
            Some(Some(Err(error))) => Counting::Failed(*error),
            Some(None) | None => Counting::Reading,
        })
    });
    let flaw = move || {
        let is_flawed = entries.state().is_some_and(|state| state.standing.flaw.is_some());
        is_flawed.then(|| view! { <p class="small">{text::ledger_summary_flaw}</p> })
    };
    let body = move || match stage.get() {
        Counting::Nothing => ().into_any(),
        Counting::Reading => skeleton(),
        Counting::Failed(error) => failed(failure(error), Some(Callback::new(move |()| entries.verify()))),
        Counting::Done => with_code(&CHARTING, move |Charting(draw)| draw(filters, summary.into())),
    };
    view! {
        {flaw}
        {body}
    }
    .into_any()
}
