//! What has to be known first: why the run waits, what to do, who else is sending, what is unknown.

use domain::driver::Hold;
use domain::export::ResultFile;
use domain::{ConnectionKind, Pause, Rechecks, Status, Target};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Here;
use super::take_along::rows_of;
use super::unlock::{key_form, password_form};
use crate::features::adding::handover::hand_over;
use crate::features::connecting::adding::add_connection;
use crate::features::error_words;
use crate::features::results::run_words::{self, RunStage, RunState};
use crate::features::words;
use crate::routing::paths;
use crate::routing::use_go;
use crate::state::runs::{DrivenBy, RunView};
use browser::storage::StorageError;
use i18n::text;
use ui::{Button, Tone, Variant, link_button, notice, titled_notice};

/// The notice at the top.
#[derive(Clone, PartialEq)]
enum Top {
    None,
    Gone,
    /// Its connection leads elsewhere now.
    Moved,
    NeedsKey {
        is_refused: bool,
    },
    NeedsPassword,
    Interrupted,
    Paused,
    Offline,
    Journal,
    Pace,
    Lost,
    Changed,
    Unchecked,
    Elsewhere,
}

impl Top {
    fn of(standing: &RunState, needs_password: bool) -> Self {
        let paused = match &standing.status {
            Status::Paused(why) => Some(why),
            Status::Running | Status::Stopping | Status::Stopped | Status::Done => None,
        };
        match (standing.stage(), paused) {
            (RunStage::Finished, _) => Self::None,
            (RunStage::GoingOn, _) if standing.driver == DrivenBy::Elsewhere => Self::Elsewhere,
            (RunStage::GoingOn, _) => Self::None,
            _ if standing.is_gone => Self::Gone,
            _ if standing.is_moved => Self::Moved,
            (_, Some(Pause::Key(_))) => Self::NeedsKey { is_refused: true },
            _ if standing.needs_key => Self::NeedsKey { is_refused: false },
            _ if needs_password => Self::NeedsPassword,
            (_, Some(Pause::Password)) => Self::NeedsPassword,
            (_, Some(Pause::Journal)) => Self::Journal,
            (_, Some(Pause::Pace(_))) => Self::Pace,
            (_, Some(Pause::Lost(_))) => Self::Lost,
            (_, Some(Pause::Changed)) => Self::Changed,
            (_, Some(Pause::Unchecked(_))) => Self::Unchecked,
            (_, Some(Pause::Offline)) if !standing.is_interrupted() => Self::Offline,
            (_, Some(Pause::Person)) if !standing.is_interrupted() => Self::Paused,
            _ => Self::Interrupted,
        }
    }
}

/// The notices of the page, most important first.
pub(super) fn notices(here: Here) -> AnyView {
    let top = Memo::new(move |_| {
        let needs_password = here.run().needs_password();
        here.standing.with(|standing| Top::of(standing, needs_password))
    });
    let open = untrack(|| words::undocumented_note(&here.run()));
    view! {
        {move || top_notice(here, top.get())}
        {unwritten(here)}
        {unknown(here)}
        {rechecks(&here.run())}
        {open}
    }
    .into_any()
}

fn top_notice(here: Here, top: Top) -> Option<AnyView> {
    let sentence = move || here.standing.with(|standing| standing.sentence());
    let said = move || view! { <p class="notice-title">{sentence}</p> };
    Some(match top {
        Top::None => return None,
        Top::Gone => {
            let add = add_connection(Variant::Plain, true, "plus");
            let body = view! {
                {said()}
                <p>{text::run_gone_body}</p>
                <div class="notice-actions">{add}</div>
            };
            notice(Tone::Unknown, body)
        }
        Top::Moved => moved(here)?,
        Top::NeedsKey { is_refused } => {
            let why = is_refused.then(|| reason(here));
            notice(
                Tone::Unknown,
                view! {
                    {said()}
                    {why}
                    {key_form(here)}
                },
            )
        }
        Top::NeedsPassword => notice(
            Tone::Unknown,
            view! {
                {said()}
                {password_form(here)}
            },
        ),
        Top::Interrupted => notice(
            Tone::Unknown,
            view! {
                {said()}
                <p>{text::run_interrupted_body}</p>
            },
        ),
        Top::Paused => notice(Tone::Waiting, said()),
        Top::Offline => notice(Tone::Waiting, said()),
        Top::Changed => notice(Tone::Unknown, said()),
        Top::Pace | Top::Lost | Top::Unchecked => notice(
            Tone::Unknown,
            view! {
                {said()}
                {reason(here)}
            },
        ),
        Top::Journal => journal(here),
        Top::Elsewhere => notice(Tone::Info, view! { <p>{text::run_elsewhere}</p> }),
    })
}

/// The error that paused the run.
fn reason(here: Here) -> Option<AnyView> {
    let vendor = here.run().connection().vendor;
    let (error, is_read) = here.standing.with_untracked(|standing| {
        let is_read = matches!(standing.status, Status::Paused(Pause::Unchecked(_)));
        Some((standing.error()?.clone(), is_read))
    })?;
    let words = if is_read { error_words::read_error } else { error_words::error };
    let (meaning, operator) = words(vendor, &error);
    Some(view! { <p>{meaning}" "{operator}</p> }.into_any())
}

/// Where the run began and where its connection leads now. Only a new run sends anything there.
fn moved(here: Here) -> Option<AnyView> {
    let go = use_go();
    let Some(Hold::Elsewhere { began, now }) = here.run().hold() else { return None };
    let line = |label: fn() -> String, target: &Target| {
        let kind = match target.kind {
            ConnectionKind::Relay => text::connections_relay(),
            ConnectionKind::Direct => text::connections_direct(),
            ConnectionKind::Sandbox => text::connections_in_browser(),
        };
        let who = target.acting_as.as_ref().map(|who| {
            view! {
                " · "
                {text::run_moved_as}
                " "
                <bdi translate="no">{who.to_string()}</bdi>
            }
        });
        let address = target.base_url.as_str().to_owned();
        view! {
            <dt>{label}</dt>
            <dd>
                <span translate="no">{target.vendor.name()}</span>
                " · "
                {kind}
                " · "
                <bdi translate="no">{address}</bdi>
                {who}
            </dd>
        }
    };
    let lines = view! {
        <dl class="kv kv-stacked">
            {line(text::run_moved_began, &began)} {now.as_ref().map(|now| line(text::run_moved_now, now))}
        </dl>
    };
    let edit = link_button(
        paths::connection(here.run().connection().id.as_str()),
        text::run_moved_edit,
        Variant::Primary,
        true,
        "pencil",
    );
    let anew = move || {
        let run = here.run();
        let rows = rows_of(&run);
        let title = words::title(run.title());
        hand_over(&title, ResultFile::new(run.id().as_str(), &title, rows).open());
        // Stops this run, because waiting rows must not be sent by both runs.
        here.runs.stop(run.id());
        go(&paths::open_results());
    };
    let body = view! {
        <p class="notice-title">{move || here.standing.with(|standing| standing.sentence())}</p>
        <p>{text::run_moved_body}</p>
        {lines}
        <div class="notice-actions">
            {edit} <Button label=text::run_moved_anew small=true on_press=anew />
        </div>
    };
    Some(notice(Tone::Unknown, body))
}

/// The journal cannot be written: free space, or continue without it.
fn journal(here: Here) -> AnyView {
    let problem = here.run().journal_problem();
    let why = problem.map(run_words::storage);
    let is_full = problem == Some(StorageError::QuotaExceeded);
    let again = move || here.runs.resume(here.run().id());
    let make_room = move || {
        spawn_local(async move {
            here.runs.remove_finished().await;
            // The page may be gone by now.
            if let Some(run) = here.run.try_get_value() {
                here.runs.resume(run.id());
            }
        });
    };
    let go_on = move || here.runs.go_on_without_journal(here.run().id());
    let body = view! {
        <p class="notice-title">{move || here.standing.with(|standing| standing.sentence())}</p>
        <p>{why}" "{text::run_journal_body}</p>
        <div class="notice-actions">
            {is_full
                .then(|| {
                    view! {
                        <Button
                            label=text::run_journal_room
                            variant=Variant::Primary
                            small=true
                            on_press=make_room
                        />
                    }
                })}
            {(!is_full)
                .then(|| {
                    view! {
                        <Button
                            label=text::run_journal_again
                            variant=Variant::Primary
                            small=true
                            on_press=again
                        />
                    }
                })} <Button label=text::run_journal_without small=true on_press=go_on />
        </div>
    };
    notice(Tone::Refused, body)
}

/// The run continues, but its progress is kept only while this page is open.
fn unwritten(here: Here) -> AnyView {
    let is_unwritten = Memo::new(move |_| {
        let is_asked = here.standing.with(|standing| {
            standing.stage() == RunStage::Finished
                || matches!(standing.status, Status::Paused(Pause::Journal))
        });
        !is_asked && here.run().is_unwritten()
    });
    let shown = move || {
        is_unwritten.get().then(|| {
            titled_notice(Tone::Unknown, text::run_unwritten_title(), text::run_unwritten_body(), None)
        })
    };
    shown.into_any()
}

/// Whether changes are checked again before they are sent.
fn rechecks(run: &RunView) -> Option<AnyView> {
    // The plan of a run never changes.
    let says = match untrack(|| run.with_run(domain::Run::rechecks)) {
        Rechecks::NotAsked => return None,
        Rechecks::Nothing => text::run_rechecked_nothing,
        Rechecks::Some => text::run_rechecked_some,
        Rechecks::All => text::run_rechecked_all,
    };
    Some(notice(Tone::Info, says))
}

/// How many outcomes are unknown, and what happens to them.
fn unknown(here: Here) -> AnyView {
    let vendor = here.run().connection().vendor;
    let counts = Memo::new(move |_| {
        let run = here.run();
        let unknown = run.rows_with(Some(domain::outcome::Verdict::Unknown));
        let can_check = unknown.first().is_some_and(|first| run.is_checkable(*first));
        (unknown.len(), can_check, run.is_over())
    });
    let shown = move || {
        let (n, can_check, is_over) = counts.get();
        (n > 0).then(|| {
            let body = match (can_check, is_over) {
                (true, false) => text::run_unknown_later(vendor.name()),
                (true, true) => text::run_unknown_checkable(vendor.name()),
                (false, _) => text::run_unknown_by_hand(vendor.name()),
            };
            titled_notice(Tone::Unknown, text::run_n_unknown(n), body, None)
        })
    };
    shown.into_any()
}
