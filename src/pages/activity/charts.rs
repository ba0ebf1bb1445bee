//! Charts of the entries that are shown, and the same numbers as tables.

use std::sync::Arc;

use js_sys::{Date, Object, Reflect};
use ledger_worker::{AuthorChanges, Counted, LedgerSummary, Period, PeriodOutcomes, PlaceScopes};
use leptos::html::H3;
use leptos::prelude::*;
use review::Fingerprint;
use wasm_bindgen::JsValue;

use super::chart_tables::{authors_table, outcomes_table, scopes_table};
use super::filters::Filters;
use super::{chart_words, days};
use crate::features::results::ui_tally;
use crate::state::ledger::author;
use i18n::{text, without_isolates};
use ui::{BarChoice, Disclosure, OutcomeChart, counted_bar, empty_state, outcome_chart, tally};

/// Number of bars that there is room for: few are not wider than those of two weeks.
const MIN_SLOTS: usize = 14;

/// What was counted; tracked.
pub(super) type Summary = Signal<Arc<LedgerSummary>>;

/// The three charts, or that there is nothing to count.
pub(super) fn charts(filters: Filters, summary: Summary) -> AnyView {
    let n_changes = Memo::new(move |_| summary.with(|summary| summary.n_changes));
    let is_empty = Memo::new(move |_| n_changes.get() == 0);
    let body = move || {
        if is_empty.get() {
            let (title, body) = (text::ledger_summary_none(), text::ledger_summary_none_body());
            let nothing = empty_state("scroll-text", title, body, None);
            return view! { <div class="card">{nothing}</div> }.into_any();
        }
        view! {
            <p class="small muted">{move || text::ledger_summary_of(n_changes.get())}</p>
            <div class="ledger-charts">
                {outcomes(filters, summary)} {authors(filters, summary)} {scopes(filters, summary)}
            </div>
        }
        .into_any()
    };
    view! { <div class="stack-2">{body}</div> }.into_any()
}

/// A card whose heading has the focus after something in it was chosen, because what was chosen is drawn again.
fn card(
    id: &'static str,
    class: &'static str,
    title: Signal<String>,
    heading: NodeRef<H3>,
    note: impl Fn() -> Option<String> + Send + 'static,
    body: AnyView,
) -> AnyView {
    let note = move || note().map(|note| view! { <p class="tiny muted">{note}</p> });
    view! {
        <section class=class aria-labelledby=id>
            <div class="card-head">
                <h3 id=id tabindex="-1" node_ref=heading>
                    {title}
                </h3>
                {note}
            </div>
            <div class="card-body stack-3">{body}</div>
        </section>
    }
    .into_any()
}

fn to_heading(heading: NodeRef<H3>) {
    if let Some(heading) = heading.get_untracked() {
        // A heading with a tab index can always be focused.
        let _ = heading.focus();
    }
}

fn outcomes(filters: Filters, summary: Summary) -> AnyView {
    let heading = NodeRef::new();
    let title = Signal::derive(move || chart_words::by_period(summary.with(|summary| summary.period)));
    let choose = Callback::new(move |(first, last): (i64, i64)| {
        to_heading(heading);
        filters.day.only(days::value_of(first, last));
    });
    let bars = move || {
        let summary = summary.get();
        let (period, all) = (summary.period, Arc::new(summary.outcomes.clone()));
        let (named, chosen) = (Arc::clone(&all), Arc::clone(&all));
        let name = move |idx: usize| {
            let one = &named[idx];
            let (period, outcomes) = (period_words(period, one), ui_tally(one.tally).sentence());
            let only = text::LedgerOnlyPeriod { outcomes: &outcomes, period: &period };
            without_isolates(&text::ledger_only_period(only))
        };
        let on_choose = Callback::new(move |idx: usize| {
            let PeriodOutcomes { first_day, last_day, .. } = chosen[idx];
            choose.run((first_day, last_day));
        });
        let ends = (all.first().copied(), all.last().copied());
        let axis = move || match ends {
            (Some(first), Some(last)) if first != last => {
                let (first, last) = (period_words(period, &first), period_words(period, &last));
                text::ledger_from_to(text::LedgerFromTo { first: &first, last: &last })
            }
            (first, _) => first.map(|first| period_words(period, &first)).unwrap_or_default(),
        };
        outcome_chart(OutcomeChart {
            bars: all.iter().map(|one| ui_tally(one.tally)).collect(),
            n_slots: MIN_SLOTS,
            label: title,
            described_by: "by-day",
            axis: view! { <span>{axis}</span> }.into_any(),
            choosing: Some(BarChoice { name: Arc::new(name), on_choose }),
        })
    };
    let sum = Signal::derive(move || {
        summary.with(|summary| {
            let mut sum = domain::Tally::default();
            summary.outcomes.iter().for_each(|one| sum += one.tally);
            ui_tally(sum)
        })
    });
    let body = view! {
        {bars}
        {tally(sum)}
        <div class="chart-data">
            <Disclosure label=text::ledger_outcomes_table>
                {outcomes_table(summary, title, choose)}
            </Disclosure>
        </div>
    };
    let note = move || chart_words::why_grouped(summary.with(|summary| summary.period));
    card("by-day", "card ledger-outcomes", title, heading, note, body.into_any())
}

fn authors(filters: Filters, summary: Summary) -> AnyView {
    let heading = NodeRef::new();
    let choose = Callback::new(move |key: String| {
        to_heading(heading);
        filters.author.only(key);
    });
    let blocks = move || {
        let all = summary.with(|summary| summary.authors.clone());
        let counts = all.iter().flat_map(|author| author.operations.iter().map(|one| one.count));
        let most = counts.max().unwrap_or_default();
        let block = |author: AuthorChanges| {
            let (name, key) = (author_name(&author), author.key.to_string());
            let rows = author.operations.into_iter().map(|Counted { value, count, .. }| {
                let word = chart_words::operation(&value);
                counted_bar(word.clone().into_any(), word, count, most)
            });
            block(&name, Callback::new(move |()| choose.run(key.clone())), rows.collect_view().into_any())
        };
        all.into_iter().map(block).collect_view()
    };
    let body = view! {
        {scrolled(text::ledger_by_author, blocks.into_any())}
        <div class="chart-data">
            <Disclosure label=text::ledger_authors_table>{authors_table(summary)}</Disclosure>
        </div>
    };
    let title = Signal::derive(text::ledger_by_author);
    card("by-author", "card", title, heading, || None, body.into_any())
}

fn scopes(filters: Filters, summary: Summary) -> AnyView {
    let heading = NodeRef::new();
    let choose = Callback::new(move |place: String| {
        to_heading(heading);
        filters.place.only(place);
    });
    let blocks = move || {
        let all = summary.with(|summary| summary.places.clone());
        if all.is_empty() {
            return view! { <p class="small muted">{text::ledger_by_scope_none}</p> }.into_any();
        }
        let counts = all.iter().flat_map(|place| place.states.iter().map(|(_, n_people)| *n_people));
        let most = counts.max().unwrap_or_default();
        let block = |PlaceScopes { id, name, states }: PlaceScopes| {
            let rows = states.into_iter().map(|(state, n_people)| {
                counted_bar(chart_words::state_badge(state), chart_words::state(state), n_people, most)
            });
            let on_press = Callback::new(move |()| choose.run(id.to_string()));
            block(&name, on_press, rows.collect_view().into_any())
        };
        all.into_iter().map(block).collect_view().into_any()
    };
    let deleted = move || {
        let n_deleted = summary.with(|summary| summary.n_deleted);
        (n_deleted > 0).then(|| {
            view! { <p class="tiny muted">{text::ledger_n_deleted(n_deleted)}</p> }
        })
    };
    let body = view! {
        {scrolled(text::ledger_by_scope, blocks.into_any())}
        {deleted}
        <div class="chart-data">
            <Disclosure label=text::ledger_scopes_table>{scopes_table(summary)}</Disclosure>
        </div>
    };
    let note = || Some(text::ledger_by_scope_why());
    card("by-scope", "card", Signal::derive(text::ledger_by_scope), heading, note, body.into_any())
}

/// As high as the chart of outcomes; more is scrolled to.
fn scrolled(label: fn() -> String, blocks: AnyView) -> AnyView {
    view! {
        <div class="ledger-blocks stack-3" tabindex="0" role="group" aria-label=label>
            {blocks}
        </div>
    }
    .into_any()
}

/// A name that can be chosen, with its bars.
fn block(name: &str, on_choose: Callback<()>, rows: AnyView) -> AnyView {
    let (name, named) = (name.to_owned(), name.to_owned());
    let label = move || without_isolates(&text::ledger_only_this(&named));
    view! {
        <div class="stack-1">
            <div>
                <button
                    class="btn btn-link btn-sm"
                    type="button"
                    aria-label=label
                    on:click=move |_| on_choose.run(())
                >
                    <bdi translate="no">{name}</bdi>
                </button>
            </div>
            {rows}
        </div>
    }
    .into_any()
}

/// The declared name of an author, or words of the key.
pub(super) fn author_name(one: &AuthorChanges) -> String {
    Fingerprint::parse(&one.key).map_or_else(|_| one.name.to_string(), |key| author(&one.name, key))
}

/// A day, week, month or year in words.
pub(super) fn period_words(period: Period, one: &PeriodOutcomes) -> String {
    match period {
        Period::Day => days::words(one.first_day, one.first_day),
        // The first period has all that is older, so it may be longer.
        Period::Week => text::ledger_week_of(&days::words(one.first_day, one.first_day)),
        Period::Month => written(one.first_day, &[("month", "short"), ("year", "numeric")]),
        Period::Year if one.last_day - one.first_day > 366 => days::words(one.first_day, one.last_day),
        Period::Year => written(one.first_day, &[("year", "numeric")]),
    }
}

fn written(day: i64, options: &[(&str, &str)]) -> String {
    let chosen = Object::new();
    for (name, value) in options {
        // A new object takes every property.
        let _ = Reflect::set(&chosen, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let date = Date::new(&JsValue::from_f64(days::start_of(day) as f64));
    date.to_locale_date_string(&i18n::current(), &chosen).into()
}
