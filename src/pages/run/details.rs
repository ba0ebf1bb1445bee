//! One row beside the table: the change, its outcome, the call, and possible actions.

use domain::outcome::Verdict;
use domain::{ChangeId, Learned, Outcome};
use leptos::prelude::*;

use super::showing::Showing;
use super::{Here, again};
use crate::features::error_words;
use crate::features::results::call_details::call_details;
use crate::features::results::change::operation_word;
use crate::features::results::run_words::RunStage;
use crate::features::results::tone;
use crate::features::words;
use crate::routing::paths;
use i18n::{format_number, format_time, text};
use ui::{Button, Drawer, Variant, link_button};

/// The drawer of a row.
pub(super) fn drawer(here: Here, showing: Showing, change: ChangeId) -> AnyView {
    let run = here.run();
    let label = untrack(|| run.row(change.as_idx())).change.person.label().to_owned();
    // Redraws when the outcome changes, not with every answer.
    let outcome = {
        let run = run.clone();
        Memo::new(move |_| {
            let row = run.row(change.as_idx());
            (row.outcome, row.batch, run.learned(change))
        })
    };
    let body = move || {
        outcome.track();
        view! {
            {facts(here, change)}
            {actions(here, change)}
        }
    };
    let close = move |()| showing.open(None);
    view! {
        <Drawer title=label on_close=Callback::new(close)>
            {body}
        </Drawer>
    }
    .into_any()
}

fn facts(here: Here, change: ChangeId) -> AnyView {
    let run = here.run();
    let vendor = run.connection().vendor;
    let (row, learned) = untrack(|| (run.row(change.as_idx()), run.learned(change)));
    let verdict = row.outcome.as_ref().map(Outcome::verdict);
    let tone = tone(verdict);
    let word = verdict.map_or_else(text::results_waiting_word, words::verdict);
    let why = error_words::reason(vendor, &row);
    let learned = learned.map(|learned| {
        let said = match learned {
            Learned::Found { at } => text::run_learned_found(&format_time(at as f64)),
            Learned::NotFound { at } => text::run_learned_not_found(&format_time(at as f64)),
        };
        view! { <p class="small">{said}</p> }
    });
    let group = row.change.operation.group().map(|group| {
        view! {
            <dt>{text::run_group}</dt>
            <dd>
                <bdi translate="no">{group.to_string()}</bdi>
            </dd>
        }
    });
    let key = row.change.person.key.as_str().to_owned();
    let number = format_number(f64::from(change.0) + 1.0);
    view! {
        <div class="stack-2">
            <p>
                <span class=["outcome ", tone.class()].concat()>{tone.glyph()}{word}</span>
            </p>
            <p class="small">{why}</p>
            {learned}
        </div>
        <dl class="kv">
            <dt>{text::run_col_row}</dt>
            <dd>{number}</dd>
            <dt>{text::activity_col_person}</dt>
            <dd>
                <bdi translate="no">{key}</bdi>
            </dd>
            <dt>{text::run_col_change}</dt>
            <dd>{operation_word(&row.change.operation)}</dd>
            {group}
        </dl>
        {call_details(&run, vendor, &row)}
    }
    .into_any()
}

/// The actions on this row.
fn actions(here: Here, change: ChangeId) -> AnyView {
    let run = here.run();
    let id = StoredValue::new(run.id().clone());
    let verdict = untrack(|| run.row(change.as_idx()).outcome).as_ref().map(Outcome::verdict);
    let can_check = untrack(|| run.is_checkable(change));
    let is_open = RwSignal::new(false);
    let (retry, lift_dialog) = again::retry(here, Signal::stored(vec![change]));
    let buttons = move || {
        let stage = here.standing.with(|standing| standing.stage());
        match verdict {
            Some(Verdict::Refused) => {
                view! { <Button label=text::run_retry_one icon="refresh-cw" on_press=retry /> }.into_any()
            }
            Some(Verdict::NotSent) => {
                let send = move || here.runs.retry(&id.get_value(), &[change]);
                view! { <Button label=text::run_send_one icon="send" on_press=send /> }.into_any()
            }
            Some(Verdict::Unknown) => {
                let check = move || here.runs.check(&id.get_value(), &[change]);
                view! {
                    {can_check
                        .then(|| view! { <Button label=text::run_check_one icon="search" on_press=check /> })}
                    <Button
                        label=text::run_send_again
                        icon="send"
                        has_popup="dialog"
                        on_press=move || is_open.set(true)
                    />
                }
                .into_any()
            }
            Some(Verdict::Done) if stage == RunStage::Finished => {
                let row = (u64::from(change.0) + 1).to_string();
                let undo = paths::undo_row(id.get_value().as_str(), &row);
                link_button(undo, text::undo_one, Variant::Plain, false, "undo-2")
            }
            None if stage == RunStage::Waiting => {
                let skip = move || here.runs.skip(&id.get_value(), &[change]);
                view! {
                    <Button label=text::run_skip icon="x" on_press=skip />
                    <p class="help">{text::run_skip_help}</p>
                }
                .into_any()
            }
            _ => ().into_any(),
        }
    };
    view! {
        <div class="cluster">{buttons}</div>
        {lift_dialog}
        {again::send_again_dialog(here, is_open, Signal::stored(vec![change]))}
    }
    .into_any()
}
