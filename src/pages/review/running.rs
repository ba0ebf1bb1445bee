//! Sending what was approved, with this device's own key at the vendor.

use std::collections::BTreeSet;

use domain::PlanId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{RequestLack, ReviewedChange, Ruling};

use super::compared::Compared;
use crate::features::approval::ask_button;
use crate::features::results::run_words;
use crate::features::reviewing::{Confirmed, SendFoot, ToSend, checks, draft};
use crate::routing::{paths, use_go};
use crate::state::runs::{PlanInput, use_runs};
use domain::Snapshot;
use i18n::text;
use ui::{Tone, notice};

/// The card that sends the approved changes, or says what they lack.
pub(super) fn running(compared: Compared) -> AnyView {
    let (runs, go) = (use_runs(), use_go());
    let connection = compared.connection.get_value();
    let vendor = connection.vendor;
    let approved = move || {
        let every = compared.changes.get_value();
        every.iter().map(|one| one.id).filter(|id| compared.is_approved(*id)).collect::<Vec<_>>()
    };
    let of = connection.clone();
    let plan = draft(move || compared.input(of.clone(), &approved()));
    let n = Memo::new(move |_| plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.to_send().count())));
    let lacks = move || {
        let lacks = compared.lacking.with(|lacking| lacking.request.clone());
        lacks
            .into_iter()
            .map(|lack| notice(Tone::Refused, view! { <p>{lack_words(lack)}</p> }))
            .collect_view()
    };
    let is_none = Memo::new(move |_| approved().is_empty());
    let none = move || {
        (is_none.get() && compared.lacking.with(|lacking| lacking.request.is_empty()))
            .then(|| view! { <p class="small">{text::review_none_approved}</p> })
    };
    let is_busy = RwSignal::new(false);
    let send = move |(to_send,): (ToSend,)| {
        let (before, go) = (untrack(approved), go.clone());
        is_busy.set(true);
        spawn_local(async move {
            // Decisions may have expired since the page was opened, and keys been withdrawn.
            while !is_busy.is_disposed() && !compared.review.known.refresh().await {}
            // The page may be gone by now. It says what was lost meanwhile.
            if is_busy.try_set(false).is_some() || untrack(approved) != before {
                return;
            }
            let to_send = to_send.approved(untrack(|| compared.approval()));
            if let Some(run) = to_send.start_anew(runs) {
                go(&paths::run(run.id().as_str()));
            }
        });
    };
    let confirmed = Confirmed::default();
    let send = Callback::new(send);
    let sending = move || {
        (!is_none.get()).then(|| {
            view! {
                <section class="card" aria-label=text::plan_before>
                    <div class="card-head">
                        <h3>{text::plan_before}</h3>
                    </div>
                    {checks(plan, vendor, confirmed, Signal::stored(0))}
                </section>
                <SendFoot
                    connection=connection.clone()
                    plan=plan
                    confirmed=confirmed
                    label=move || text::review_run(n.get())
                    reason=Signal::stored(None::<String>)
                    n_staying=Signal::stored(0)
                    busy=is_busy
                    approved=true
                    on_send=send
                />
            }
        })
    };
    view! {
        <section aria-labelledby="run-approved" class="stack">
            <div class="section-head">
                <h2 id="run-approved">{text::review_run_title}</h2>
            </div>
            {lacks}
            {none}
            {sending}
            {edited(compared)}
        </section>
    }
    .into_any()
}

/// The button that makes a new request of the changes that this reviewer does not decline.
fn edited(compared: Compared) -> AnyView {
    let (review, connection) = (compared.review, compared.connection.get_value());
    let of = connection.clone();
    let kept = move || {
        compared.changes.with_value(|changes| {
            let is_kept = |change: &&ReviewedChange| {
                change.drift.can_be_approved()
                    && review.rulings.of(change.id).ruling != Some(Ruling::Declined)
            };
            changes.iter().filter(is_kept).map(|change| change.id).collect::<Vec<_>>()
        })
    };
    let plan = draft(move || compared.input(of.clone(), &kept()));
    let n = Memo::new(move |_| plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.to_send().count())));
    let parent = review.file.with_untracked(|file| file.request.hash().to_string());
    let asked = (connection, plan);
    let off = Signal::derive(move || (n.get() == 0).then(text::plan_nothing));
    let label = Signal::derive(move || text::review_edit(n.get()));
    view! {
        <div class="stack-1">
            <p class="help">{text::review_edit_help}</p>
            <div class="cluster">{ask_button(label, asked, off, Some(parent.into()))}</div>
        </div>
    }
    .into_any()
}

impl Compared {
    /// What a plan of these changes is made from; `None` without any.
    fn input(
        self,
        connection: std::sync::Arc<domain::Connection>,
        changes: &[domain::ChangeId],
    ) -> Option<PlanInput> {
        let chosen: BTreeSet<_> = changes.iter().collect();
        let command = self.review.with_request(|request| request.command(|id| chosen.contains(&id)));
        if command.items.is_empty() {
            return None;
        }
        let snapshot = Snapshot::clone(&self.snapshot.get_value());
        Some(PlanInput { connection, id: PlanId::new("draft"), command, snapshot })
    }
}

fn lack_words(lack: RequestLack) -> String {
    match lack {
        RequestLack::OtherPlace => text::review_other_place(),
        RequestLack::Expired { at } => text::review_lack_expired(&run_words::moment(at as f64)),
        RequestLack::FromTheFuture { made_at } => {
            text::review_lack_future(&run_words::moment(made_at as f64))
        }
        RequestLack::AuthorUnknown => text::review_lack_unknown(),
        RequestLack::AuthorWithdrawn => text::review_lack_withdrawn(),
    }
}
