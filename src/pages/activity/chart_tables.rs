//! The numbers of the charts as tables.

use leptos::prelude::*;

use super::chart_words;
use super::charts::{Summary, author_name, period_words};
use domain::Tally;
use i18n::{format_number, text};
use ui::{Button, Variant};

/// Outcomes by period, newest first. A period with changes can be chosen.
pub(super) fn outcomes_table(
    summary: Summary,
    title: Signal<String>,
    choose: Callback<(i64, i64)>,
) -> AnyView {
    let rows = move || {
        let summary = summary.get();
        let period = summary.period;
        let row = |one: &ledger_worker::PeriodOutcomes| {
            let one = *one;
            let Tally { n_done, n_same, n_refused, n_unknown, n_not_sent, .. } = one.tally;
            let name = move || period_words(period, &one);
            let head = if one.tally.n_all() > 0 {
                let press = move || choose.run((one.first_day, one.last_day));
                view! { <Button label=name variant=Variant::Link small=true on_press=press /> }.into_any()
            } else {
                view! { <span>{name}</span> }.into_any()
            };
            view! {
                <tr>
                    <th class="nowrap" scope="row">
                        {head}
                    </th>
                    {[n_done, n_same, n_refused, n_unknown, n_not_sent].map(number).collect_view()}
                </tr>
            }
        };
        summary.outcomes.iter().rev().map(row).collect_view()
    };
    let heads = [
        text::results_done as fn() -> String,
        text::results_same,
        text::results_refused,
        text::results_unknown,
        text::results_not_sent,
    ];
    table(title, &[text::ledger_day], &heads, rows.into_any())
}

/// Operations by author.
pub(super) fn authors_table(summary: Summary) -> AnyView {
    let rows = move || {
        let authors = summary.with(|summary| summary.authors.clone());
        let rows = authors.into_iter().flat_map(|author| {
            let name = author_name(&author);
            author.operations.into_iter().map(move |one| {
                let name = name.clone();
                view! {
                    <tr>
                        <th scope="row">
                            <bdi translate="no">{name}</bdi>
                        </th>
                        <td>{chart_words::operation(&one.value)}</td>
                        {number(one.count)}
                    </tr>
                }
            })
        });
        rows.collect_view()
    };
    let heads = [text::ledger_author as fn() -> String, text::ledger_what];
    table(Signal::derive(text::ledger_by_author), &heads, &[text::ledger_changes], rows.into_any())
}

/// People by place and scope.
pub(super) fn scopes_table(summary: Summary) -> AnyView {
    let rows = move || {
        let places = summary.with(|summary| summary.places.clone());
        let rows = places.into_iter().flat_map(|place| {
            let name = place.name;
            place.states.into_iter().map(move |(state, n_people)| {
                let name = name.to_string();
                view! {
                    <tr>
                        <th scope="row">
                            <bdi translate="no">{name}</bdi>
                        </th>
                        <td>{chart_words::state_badge(state)}</td>
                        {number(n_people)}
                    </tr>
                }
            })
        });
        rows.collect_view()
    };
    let heads = [text::ledger_place as fn() -> String, text::ledger_scope];
    table(Signal::derive(text::ledger_by_scope), &heads, &[text::ledger_people], rows.into_any())
}

fn number(n: usize) -> AnyView {
    view! { <td class="num">{move || format_number(n as f64)}</td> }.into_any()
}

/// A table with columns of words, then of numbers.
fn table(
    caption: Signal<String>,
    words: &[fn() -> String],
    numbers: &[fn() -> String],
    rows: AnyView,
) -> AnyView {
    let words = words.iter().map(|head| view! { <th scope="col">{*head}</th> }).collect_view();
    let numbers = numbers
        .iter()
        .map(|head| {
            view! {
                <th class="num" scope="col">
                    {*head}
                </th>
            }
        })
        .collect_view();
    view! {
        <div class="grid-card">
            <div class="grid-scroll ledger-table" tabindex="0" role="group" aria-label=caption>
                <table class="grid">
                    <caption class="sr-only">{caption}</caption>
                    <thead>
                        <tr>{words} {numbers}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}
