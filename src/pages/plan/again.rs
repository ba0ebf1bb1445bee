//! What can be done with rows that were refused, not sent or are unknown: send again, look up, send knowingly.

use domain::ChangeId;
use domain::outcome::Verdict;
use leptos::prelude::*;

use super::Here;
use crate::i18n::{format_list, text};
use crate::ui::{Button, Dialog, Variant};

/// So many people are named in a question; the rest is counted.
const N_NAMED: usize = 5;

/// The buttons above the table, each with the number of rows it is about.
pub(super) fn buttons(here: Here) -> AnyView {
    let counts = Memo::new(move |_| {
        let run = here.run();
        let unknown = run.rows_with(Some(Verdict::Unknown));
        let n_checkable = unknown.iter().filter(|change| run.is_checkable(**change)).count();
        let is_over = run.is_over();
        let (n_refused, n_not_sent) =
            (run.rows_with(Some(Verdict::Refused)).len(), run.rows_with(Some(Verdict::NotSent)).len());
        (n_refused, n_not_sent, n_checkable, unknown.len(), is_over)
    });
    let id = StoredValue::new(here.run().id().clone());
    let retry = move || {
        let refused = untrack(|| here.run().rows_with(Some(Verdict::Refused)));
        here.runs.retry(&id.get_value(), &refused);
    };
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
        let (n_refused, n_not_sent, n_checkable, n_unknown, is_over) = counts.get();
        let has = |n: usize| is_over && n > 0;
        view! {
            {has(n_refused).then(|| view! {
                <Button label=move || text::run_retry(n_refused) small=true icon="refresh-cw" on_press=retry />
            })}
            {has(n_not_sent).then(|| view! {
                <Button label=move || text::run_send_not_sent(n_not_sent) small=true icon="send" on_press=send />
            })}
            {has(n_checkable).then(|| view! {
                <Button label=move || text::run_check(n_checkable) small=true icon="search" on_press=check />
            })}
            {has(n_unknown).then(|| view! {
                <Button
                    label=move || text::run_send_n_again(n_unknown)
                    small=true
                    icon="send"
                    has_popup="dialog"
                    on_press=move || is_open.set(true)
                />
            })}
        }
    };
    view! { {shown}{send_again_dialog(here, is_open, unknown)} }.into_any()
}

/// Asks before people who may have it already get it a second time.
pub(super) fn send_again_dialog(here: Here, open: RwSignal<bool>, changes: Signal<Vec<ChangeId>>) -> AnyView {
    let send = move || {
        open.set(false);
        here.runs.retry(here.run().id(), &changes.get_untracked());
    };
    let foot = move || {
        let n = changes.with(Vec::len);
        view! {
            <Button label=text::common_cancel on_press=move || open.set(false) />
            <Button label=move || text::run_send_n_again(n) variant=Variant::Danger on_press=send />
        }
    };
    let body = move || {
        let run = here.run();
        let (n, names) = changes.with(|changes| {
            let named = changes.iter().take(N_NAMED);
            let names: Vec<String> =
                named.map(|change| run.row(change.as_idx()).change.person.label().to_owned()).collect();
            (changes.len(), names)
        });
        let rest = (n > N_NAMED).then(|| view! { <p>{text::results_n_more(n - N_NAMED)}</p> });
        view! {
            <p>{text::run_send_again_body(n)}</p>
            <p><bdi translate="no" class="medium">{format_list(&names)}</bdi></p>
            {rest}
        }
    };
    view! { <Dialog title=text::run_send_again_title open=open foot=foot>{body}</Dialog> }.into_any()
}
