//! Actions on rows: send again those that were refused or not sent, read back or repeat unknown ones, undo those that
//! were done.

use domain::outcome::Verdict;
use domain::{ChangeId, ConsoleCode, Outcome};
use leptos::prelude::*;

use super::Here;
use crate::routing::paths;
use i18n::{format_list, text};
use ui::{Button, Dialog, Variant, link_button};

/// Maximum number of people named in a question; the rest are counted.
const N_NAMED: usize = 5;

/// The buttons above the table, each with the number of rows it affects.
pub(super) fn buttons(here: Here) -> AnyView {
    let counts = Memo::new(move |_| {
        let run = here.run();
        let unknown = run.rows_with(Some(Verdict::Unknown));
        let n_checkable = unknown.iter().filter(|change| run.is_checkable(**change)).count();
        let is_over = run.is_over();
        let n_done = run.rows_with(Some(Verdict::Done)).len();
        let (n_refused, n_not_sent) =
            (run.rows_with(Some(Verdict::Refused)).len(), run.rows_with(Some(Verdict::NotSent)).len());
        (n_refused, n_not_sent, n_checkable, unknown.len(), n_done, is_over)
    });
    let id = StoredValue::new(here.run().id().clone());
    let refused = Signal::derive(move || here.run().rows_with(Some(Verdict::Refused)).to_vec());
    let (retry, lift_dialog) = retry(here, refused);
    let send = move || {
        let not_sent = untrack(|| here.run().rows_with(Some(Verdict::NotSent)));
        here.runs.retry(&id.get_value(), &not_sent);
    };
    let check = move || {
        let run = here.run();
        let unknown = untrack(|| run.rows_with(Some(Verdict::Unknown)));
        let checkable: Vec<ChangeId> =
            unknown.iter().copied().filter(|change| untrack(|| run.is_checkable(*change))).collect();
        here.runs.check(&id.get_value(), &checkable);
    };
    let is_open = RwSignal::new(false);
    let unknown = Signal::derive(move || here.run().rows_with(Some(Verdict::Unknown)).to_vec());
    let shown = move || {
        let (n_refused, n_not_sent, n_checkable, n_unknown, n_done, is_over) = counts.get();
        let has = |n: usize| is_over && n > 0;
        view! {
            {has(n_refused)
                .then(|| {
                    view! {
                        <Button
                            label=move || text::run_retry(n_refused)
                            small=true
                            icon="refresh-cw"
                            on_press=retry
                        />
                    }
                })}
            {has(n_not_sent)
                .then(|| {
                    view! {
                        <Button
                            label=move || text::run_send_not_sent(n_not_sent)
                            small=true
                            icon="send"
                            on_press=send
                        />
                    }
                })}
            {has(n_checkable)
                .then(|| {
                    view! {
                        <Button
                            label=move || text::run_check(n_checkable)
                            small=true
                            icon="search"
                            on_press=check
                        />
                    }
                })}
            {has(n_unknown)
                .then(|| {
                    view! {
                        <Button
                            label=move || text::run_send_n_again(n_unknown)
                            small=true
                            icon="send"
                            has_popup="dialog"
                            on_press=move || is_open.set(true)
                        />
                    }
                })}
            {has(n_done)
                .then(|| {
                    let undo = paths::undo(id.get_value().as_str());
                    link_button(undo, text::undo_title, Variant::Plain, true, "undo-2")
                })}
        }
    };
    view! {
        {shown}
        {lift_dialog}
        {send_again_dialog(here, is_open, unknown)}
    }
    .into_any()
}

/// The action that sends refused rows again, and the dialog that asks first if that could lift a ban.
pub(super) fn retry(
    here: Here,
    changes: Signal<Vec<ChangeId>>,
) -> (impl Fn() + Copy + Send + Sync + 'static, AnyView) {
    let is_open = RwSignal::new(false);
    let banned = Signal::derive(move || changes.with(|changes| banned(here, changes)));
    let press = move || {
        if banned.with_untracked(Vec::is_empty) {
            here.runs.retry(here.run().id(), &changes.get_untracked());
        } else {
            is_open.set(true);
        }
    };
    let words = Question { title: text::run_lift_title, body: text::run_lift_body, send: text::run_retry };
    (press, dialog(here, is_open, words, banned, changes))
}

/// The rows whose people were found banned when they were read back.
fn banned(here: Here, changes: &[ChangeId]) -> Vec<ChangeId> {
    let is_banned = |change: &ChangeId| {
        let outcome = here.run().row(change.as_idx()).outcome;
        outcome.as_ref().and_then(Outcome::error).is_some_and(|error| error.is(ConsoleCode::RowBanned))
    };
    changes.iter().copied().filter(is_banned).collect()
}

/// Asks before repeating changes for people who may already have them.
pub(super) fn send_again_dialog(here: Here, open: RwSignal<bool>, changes: Signal<Vec<ChangeId>>) -> AnyView {
    // The plan of a run never changes.
    let notifies = untrack(|| here.run().with_run(|run| run.plan().sends_messages()));
    let words = Question {
        title: text::run_send_again_title,
        body: if notifies { text::run_send_again_body } else { text::run_send_again_quietly },
        send: text::run_send_n_again,
    };
    dialog(here, open, words, changes, changes)
}

/// The words of a question.
#[derive(Clone, Copy)]
struct Question {
    title: fn() -> String,
    /// The body, by number of people asked about.
    body: fn(usize) -> String,
    /// The button, by number of rows sent.
    send: fn(usize) -> String,
}

/// Asks about the people of `asked` before sending `changes` again.
fn dialog(
    here: Here,
    open: RwSignal<bool>,
    words: Question,
    asked: Signal<Vec<ChangeId>>,
    changes: Signal<Vec<ChangeId>>,
) -> AnyView {
    let send = move || {
        open.set(false);
        here.runs.retry(here.run().id(), &changes.get_untracked());
    };
    let foot = move || {
        let n = changes.with(Vec::len);
        view! {
            <Button label=text::common_cancel on_press=move || open.set(false) />
            <Button label=move || (words.send)(n) variant=Variant::Danger on_press=send />
        }
    };
    let body = move || {
        let run = here.run();
        let (n, names) = asked.with(|changes| {
            let named = changes.iter().take(N_NAMED);
            let names: Vec<String> =
                named.map(|change| run.row(change.as_idx()).change.person.label().to_owned()).collect();
            (changes.len(), names)
        });
        let rest = (n > N_NAMED).then(|| view! { <p>{text::results_n_more(n - N_NAMED)}</p> });
        view! {
            <p>{(words.body)(n)}</p>
            <p>
                <bdi translate="no" class="medium">
                    {format_list(&names)}
                </bdi>
            </p>
            {rest}
        }
    };
    view! {
        <Dialog title=words.title open=open foot=foot>
            {body}
        </Dialog>
    }
    .into_any()
}
