//! What became of a request: the results that were sent back, each signed by the person who ran it.

use std::sync::Arc;

use domain::export::{Opened, OpenedRow};
use domain::outcome::Verdict;
use domain::receipt::ReceiptRow;
use domain::{Change, ChangeId, ConnectionId, Outcome, Snapshot, Tally};
use leptos::prelude::*;
use review::{ReviewFile, ReviewRequest, ReviewResults, Ruling, Signed};

use super::request::OpenedRequest;
use crate::features::adding::handover::hand_over;
use crate::features::error_words;
use crate::features::fetched::with_code;
use crate::features::results::change::{before_and_after, operation_word, person_name};
use crate::features::results::{run_words, tone, ui_tally};
use crate::features::words;
use crate::routing::{paths, use_go};
use crate::state::code::{Code, Fetch};
use i18n::text;
use ui::{Button, Pagination, Tone, tally, titled_notice};

/// Rows on a page.
const PER_PAGE: usize = 100;

/// What draws results; having it proves that the code is here. Most requests have none, so the page comes without.
#[derive(Clone, Copy, Debug)]
pub struct Received(fn(OpenedRequest) -> AnyView);

impl Received {
    /// The code itself; what names it contains it.
    pub fn new() -> Self {
        Self(received)
    }
}

impl Default for Received {
    fn default() -> Self {
        Self::new()
    }
}

thread_local! {
    static RECEIVED: Code<Received> = const { Code::new() };
}

/// Sets how the code is fetched that draws results.
pub fn provide_received(fetch: Fetch<Received>) {
    RECEIVED.with(|code| code.provide(fetch));
}

/// That results are of a request that this device did not have.
pub(super) fn news(is_new: RwSignal<bool>) -> AnyView {
    let notice = move || {
        let (title, body) = (text::review_receipt_new, text::review_receipt_new_body);
        is_new.get().then(|| titled_notice(Tone::Info, title(), body(), None))
    };
    notice.into_any()
}

/// The card of results, if there are any.
pub(super) fn results(review: OpenedRequest) -> AnyView {
    let has_results = Memo::new(move |_| review.file.with(|file| !file.results.is_empty()));
    let card = move || {
        has_results.get().then(|| {
            view! {
                <section class="card" aria-labelledby="results">
                    <div class="card-head">
                        <h2 id="results">{text::review_results}</h2>
                    </div>
                    <div class="card-body">{with_code(&RECEIVED, move |Received(draw)| draw(review))}</div>
                </section>
            }
        })
    };
    card.into_any()
}

/// Each receipt, the newest first.
fn received(review: OpenedRequest) -> AnyView {
    let list = move || {
        let file = review.file.get();
        let mut all: Vec<_> = file.results.iter().collect();
        all.sort_by_key(|results| std::cmp::Reverse(results.body().ended_at));
        all.into_iter().map(|results| one(review, &file, results)).collect_view()
    };
    view! { <ul class="stack">{list}</ul> }.into_any()
}

fn one(review: OpenedRequest, file: &Arc<ReviewFile>, results: &Signed<ReviewResults>) -> AnyView {
    let (signer, body) = (results.by().clone(), results.body());
    let (n, at) = (body.rows.len(), body.ended_at as f64);
    let sum = Tally::of(body.rows.iter().map(|(_, outcome)| Some(outcome)));
    let name = {
        let signer = signer.clone();
        move || review.known.name_of(&signer)
    };
    view! {
        <li class="stack-3">
            <p>
                <strong>
                    <bdi translate="no">{name}</bdi>
                </strong>
                " "
                {move || text::review_ran(n)}
                " "
                <span class="small muted">{move || run_words::moment(at)}</span>
            </p>
            {review.known.signer(&signer)}
            {tally(Signal::stored(ui_tally(sum)))}
            {retry(file.request.body(), body)}
            {table(file, body)}
        </li>
    }
    .into_any()
}

/// How one change of the request ended.
#[derive(Clone)]
enum Ended {
    Ran(Outcome),
    /// By whom, and why.
    Declined(Box<str>, Box<str>),
    /// Neither: it was not approved, or no longer counted.
    NotRun,
}

/// Of each change, by its place in the request.
fn ended(file: &ReviewFile, results: &ReviewResults, change: ChangeId) -> Ended {
    if let Some(outcome) = results.outcome(change) {
        return Ended::Ran(outcome.clone());
    }
    let hash = file.request.hash();
    let declines = file.decisions.iter().filter(|decision| decision.body().request == hash);
    let declined = declines.filter_map(|decision| {
        let decided = decision.body().about(change).filter(|one| one.ruling == Ruling::Declined)?;
        Some((decision.body().made_at, decision.by().name.clone(), decided.comment.clone()))
    });
    match declined.max_by_key(|(made_at, ..)| *made_at) {
        Some((_, by, why)) => Ended::Declined(by, why),
        None => Ended::NotRun,
    }
}

fn change_of(request: &ReviewRequest, id: ChangeId) -> Change {
    let asked = &request.changes[id.as_idx()];
    let operation = Arc::new(request.operation(id).clone());
    let change = Change::new(id, asked.person.clone(), operation, &Snapshot::default());
    Change { before: asked.before, ..change }
}

/// Every change of the request, a hundred at a time.
fn table(file: &Arc<ReviewFile>, results: &ReviewResults) -> AnyView {
    let (file, results) = (Arc::clone(file), Arc::new(results.clone()));
    let n_rows = file.request.body().changes.len();
    let n_pages = n_rows.div_ceil(PER_PAGE);
    let page = RwSignal::new(0);
    let rows = move || {
        let begin = page.get() * PER_PAGE;
        let shown = (begin..n_rows.min(begin + PER_PAGE)).map(|idx| ChangeId(idx as u32));
        shown.map(|id| row(&file, ended(&file, &results, id), id)).collect_view()
    };
    view! {
        <div class="grid-card">
            <div class="grid-scroll received-rows" tabindex="0" role="group" aria-label=text::review_results>
                <table class="grid">
                    <caption class="sr-only">{text::review_results}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{text::activity_col_person}</th>
                            <th scope="col">{text::run_col_change}</th>
                            <th scope="col">{text::run_col_outcome}</th>
                            <th scope="col">{text::run_col_reason}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(n_pages > 1)
                .then(|| {
                    view! {
                        <div class="grid-foot">
                            <Pagination
                                page=page
                                pages=Signal::stored(Some(n_pages))
                                has_more=Signal::stored(true)
                            />
                        </div>
                    }
                })}
        </div>
    }
    .into_any()
}

fn row(file: &ReviewFile, ended: Ended, id: ChangeId) -> AnyView {
    let request = file.request.body();
    let (vendor, change) = (request.place.vendor(), change_of(request, id));
    let (person, states) = (person_name(&change.person), before_and_after(&change));
    let (tone, word, reason) = match ended {
        Ended::Ran(outcome) => {
            let verdict = outcome.verdict();
            let row = ReceiptRow { change, outcome: Some(outcome), batch: None };
            // Where all went as planned, the reason says the change again.
            let reason = error_words::reason(vendor, &row);
            let is_change = reason == operation_word(&row.change.operation);
            (tone(Some(verdict)), words::verdict(verdict), if is_change { String::new() } else { reason })
        }
        Ended::Declined(by, reason) => {
            let why = text::ReviewLacksDeclined { by: &by, reason: &reason };
            (Tone::Refused, text::review_declined(), text::review_lacks_declined(why))
        }
        Ended::NotRun => (Tone::NotSent, text::results_not_sent(), text::review_not_in_run()),
    };
    let class = ["outcome ", tone.class()].concat();
    view! {
        <tr>
            <th scope="row">{person}</th>
            <td>{states}</td>
            <td>
                <span class=class>{tone.glyph()}{word}</span>
            </td>
            <td class="wrap">
                <bdi translate="yes">{reason}</bdi>
            </td>
        </tr>
    }
    .into_any()
}

/// The button that makes a plan of what was not done, which can be reviewed again.
fn retry(request: &ReviewRequest, results: &ReviewResults) -> Option<AnyView> {
    let is_open = |verdict| !matches!(verdict, Verdict::Done | Verdict::Same);
    let row = |(id, outcome): &(ChangeId, Outcome)| {
        let verdict = outcome.verdict();
        is_open(verdict).then(|| OpenedRow {
            line: id.0 + 1,
            vendor: request.place.vendor(),
            // That of the reviewer; the author chooses one of their own.
            connection: ConnectionId::new(""),
            person: request.changes[id.as_idx()].person.clone(),
            operation: request.operation(*id).clone(),
            had_password: false,
            verdict: Some(verdict),
        })
    };
    let rows: Vec<_> = results.rows.iter().filter_map(row).collect();
    let n = rows.len();
    let go = use_go();
    let press = move || {
        hand_over(&text::review_results(), Opened { rows: rows.clone(), problems: Vec::new() });
        go(&paths::open_results());
    };
    (n > 0).then(|| {
        view! {
            <div class="cluster">
                <Button label=move || text::review_retry(n) icon="refresh-cw" on_press=press />
            </div>
        }
        .into_any()
    })
}
