//! The change of the cursor with all that is known of it, and the signature under all decisions.

use std::sync::Arc;

use domain::plan::State;
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{ChainEvent, ChangeLack, Decision, ReviewFile, ReviewedChange, Ruling, Unsigned};

use super::compared::Compared;
use super::request::OpenedRequest;
use super::rows::{Rows, drift_badge, focus, operation_words, ruling_badge};
use super::rulings::SignedRulings;
use crate::features::approval::files;
use crate::features::approval::name_form::{NameForm, identity_words, ledger_words};
use crate::features::approval::open_words::open_failure;
use crate::features::approval::policy::page_policy;
use crate::features::approval::second_key;
use crate::features::results::change::{state_before, state_now};
use crate::features::results::run_words;
use crate::state::identity::review_time;
use crate::state::ledger::append_event;
use i18n::{format_number, text};
use ui::{Button, Tone, Variant, announce, notice};

/// The id of the field for the reason.
const REASON: &str = "review-reason";

/// Focuses the field for the reason.
pub(super) fn focus_reason() {
    focus(REASON);
}

/// The panel of the change that the cursor is on.
pub(super) fn panel(compared: Compared, rows: Rows) -> AnyView {
    let current = Memo::new(move |_| rows.current());
    let body = move || match current.get() {
        Some(change) => one(compared, rows, &change),
        None => view! { <p class="muted">{text::review_none_shown}</p> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="one-change">
            <div class="card-head">
                <h2 id="one-change">{text::review_one}</h2>
            </div>
            <div class="card-body stack-3">{body}</div>
        </section>
    }
    .into_any()
}

fn one(compared: Compared, rows: Rows, change: &ReviewedChange) -> AnyView {
    let review = compared.review;
    let (id, drift) = (change.id, change.drift);
    let (name, what) = review.with_request(|request| {
        let operation = request.operation(id);
        let group = operation.group().and_then(|group| request.groups.get(group)).map(|name| &**name);
        let person = request.changes[id.as_idx()].person.label().to_owned();
        (person, operation_words(operation, group))
    });
    let said = drift_words(change);
    let ruled = Memo::new(move |_| review.rulings.of(id));
    let typed = move |event| review.rulings.comment(id, &event_target_value(&event));
    let lacks_reason = move || ruled.with(|ruled| ruled.lacks_reason());
    let approve_off = Signal::derive(move || (!drift.can_be_approved()).then(text::review_cannot_approve));
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if ui::pressed(&event) == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            back_to_grid();
        }
    };
    view! {
        <p>
            <strong>
                <bdi translate="no">{name}</bdi>
            </strong>
            <br />
            <span class="small">{what}</span>
        </p>
        <div class="stack-1">
            <div>{drift_badge(drift)}</div>
            {said}
        </div>
        {move || lacks(compared, id)}
        <div class="field">
            <label class="label" for=REASON>
                {text::review_comment}
            </label>
            <textarea
                class="input"
                id=REASON
                rows="2"
                dir="auto"
                aria-describedby="review-reason-help"
                aria-invalid=move || lacks_reason().then_some("true")
                prop:value=move || ruled.with(|ruled| ruled.comment.to_string())
                on:input=typed
                on:keydown=on_key
            />
            <p class="help" id="review-reason-help">
                {move || {
                    if lacks_reason() { text::review_reason_needed() } else { text::review_comment_help() }
                }}
            </p>
        </div>
        <div class="cluster">
            <Button
                label=text::review_approve
                icon="check"
                disabled_reason=approve_off
                pressed=Signal::derive(move || ruled.with(|ruled| ruled.ruling == Some(Ruling::Approved)))
                on_press=move || rows.rule(Ruling::Approved)
            />
            <Button
                label=text::review_decline
                icon="x"
                pressed=Signal::derive(move || ruled.with(|ruled| ruled.ruling == Some(Ruling::Declined)))
                on_press=move || rows.rule(Ruling::Declined)
            />
            {move || {
                ruled
                    .with(|ruled| ruled.ruling.is_some())
                    .then(|| {
                        let undo = move || review.rulings.rule(id, None);
                        view! {
                            <Button
                                label=text::review_decide_not
                                variant=Variant::Link
                                small=true
                                on_press=undo
                            />
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

fn back_to_grid() {
    let grid = document().query_selector(".review-grid").ok().flatten();
    if let Some(grid) =
        grid.and_then(|grid| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(grid).ok())
    {
        // Focusing fails only for an element outside the document.
        let _ = grid.focus();
    }
}

/// What the state of a change means.
fn drift_words(change: &ReviewedChange) -> AnyView {
    use review::Drift;
    let said = match change.drift {
        Drift::AsPlanned if change.was == State::Unread => text::review_said_unread_then(),
        Drift::AsPlanned => text::review_said_as_planned(),
        Drift::Unread => text::review_said_unread(),
        Drift::AlreadySo => text::review_said_already(),
        Drift::Changed => {
            return view! {
                <p class="small">
                    {text::review_said_changed} " " {state_before(change.was)} " " {text::review_said_now} " "
                    {state_now(change.is)}
                </p>
            }
            .into_any();
        }
        Drift::Gone => text::review_said_gone(),
        Drift::NotAllowed => text::review_said_not_allowed(),
    };
    view! { <p class="small">{said}</p> }.into_any()
}

/// What a change lacks to be sent, and what others have decided about it.
fn lacks(compared: Compared, change: domain::ChangeId) -> AnyView {
    let known = compared.review.known;
    let found = compared.lacking.with(|lacking| {
        lacking
            .changes
            .iter()
            .find(|(id, _)| *id == change)
            .map(|(_, lacks)| lacks.clone())
            .unwrap_or_default()
    });
    let name_of = |key| known.trust.with(|trust| trust.name_of(key).unwrap_or_default().to_owned());
    let one = |lack: ChangeLack| {
        let said = match lack {
            ChangeLack::Approvals { have, need } => text::review_lacks_approvals(
                need.saturating_sub(have) as usize,
                &format_number(f64::from(need)),
            ),
            ChangeLack::Declined { by, reason } => {
                text::review_lacks_declined(text::ReviewLacksDeclined { by: &name_of(by), reason: &reason })
            }
            ChangeLack::Drifted { by, .. } => text::review_lacks_drifted(&name_of(by)),
            // The state above says so.
            ChangeLack::Gone | ChangeLack::NotAllowed | ChangeLack::NotCompared => return None,
        };
        Some(view! { <li>{said}</li> })
    };
    let items = found.into_iter().filter_map(one).collect_view();
    let decided = compared.review.file.with(|file| {
        let about = |decision: &review::Signed<Decision>| {
            let decided = decision.body().about(change)?;
            let by = known.name_of(decision.by());
            let comment = (!decided.comment.is_empty()).then(|| {
                view! {
                    <p class="small wrap-ok">
                        <bdi translate="no">{decided.comment.to_string()}</bdi>
                    </p>
                }
            });
            Some(view! { <li>{ruling_badge(Some(decided.ruling))} " " <bdi translate="no">{by}</bdi> {comment}</li> })
        };
        file.decisions.iter().filter_map(about).collect_view()
    });
    view! { <ul class="small stack-1">{decided} {items}</ul> }.into_any()
}

/// The card that signs what was decided.
pub(super) fn signing(compared: Compared, rows: Rows) -> AnyView {
    let review = compared.review;
    let (is_busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let name = NameForm::new("");
    let needs_name = move || {
        review.known.is_read.get()
            && review.known.identity.with(|own| own.as_ref().is_none_or(|own| !own.has_name()))
    };
    let sign = move || {
        if let Some(change) = untrack(|| review.rulings.without_reason()) {
            rows.go_to(change);
            focus_reason();
            return;
        }
        is_busy.set(true);
        error.set(None);
        let reviewed = compared.changes.get_value();
        let (file, rulings) = (review.file.get_untracked(), review.rulings.to_sign());
        spawn_local(async move {
            let signed = signed(review, name, &file, reviewed, rulings).await;
            // The page may be gone by now.
            if is_busy.try_set(false).is_some() {
                return;
            }
            match signed {
                Ok(true) => announce(text::review_signed()),
                // The field of the name says what is wrong.
                Ok(false) => {}
                Err(said) => error.set(Some(said)),
            }
        });
    };
    let n_hours = (page_policy(review.session).decision_ms / (60 * 60 * 1_000)) as usize;
    let decided = move || review.rulings.decided().len();
    let reason = Signal::derive(move || {
        if decided() == 0 {
            return Some(text::review_nothing_decided());
        }
        None
    });
    let label = move || {
        if decided() == 0 { text::review_sign_none() } else { text::review_sign(decided()) }
    };
    let said = move || error.get().map(|said| notice(Tone::Refused, view! { <p>{said}</p> }));
    view! {
        <section class="card" aria-labelledby="sign">
            <div class="card-head">
                <h2 id="sign">{text::review_sign_title}</h2>
            </div>
            <div class="card-body stack-3">
                <p class="small">{move || text::review_sign_body(n_hours)}</p>
                {move || needs_name().then(|| name.view())}
                {said}
                <div class="cluster">
                    <Button
                        label=label
                        variant=Variant::Primary
                        disabled_reason=reason
                        busy=is_busy
                        on_press=sign
                    />
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// Signs decisions and adds them to the file. False if there is no name to sign with.
///
/// Takes everything as it was when this was asked for: it may be changed meanwhile, or the page be gone.
async fn signed(
    review: OpenedRequest,
    name: NameForm,
    file: &ReviewFile,
    reviewed: Arc<Vec<ReviewedChange>>,
    signed: SignedRulings,
) -> Result<bool, String> {
    let known = review.known.identity.get_untracked().filter(|own| own.has_name());
    let identity = match known {
        Some(identity) => identity,
        None => match name.declare(review.session).await {
            Some(identity) => {
                review.known.set_identity(identity.clone());
                identity
            }
            None => return Ok(false),
        },
    };
    let time = review_time(review.session).await.map_err(run_words::storage)?;
    let times = (time.now, time.now + page_policy(review.session).decision_ms);
    let rulings = &signed.rulings;
    let decision = Decision::of(&file.request, &reviewed, rulings, times);
    let decision = decision.map_err(|_| text::review_sign_failed())?;
    let unsigned = Unsigned::new(decision, identity.signer().clone());
    let unsigned = unsigned.map_err(|_| text::review_sign_failed())?;
    let decision = identity.sign(unsigned).await.map_err(identity_words)?;
    let counted = |ruling| rulings.values().filter(|(own, _)| *own == ruling).count() as u32;
    let event = ChainEvent::Decided {
        request: file.request.hash(),
        decision: decision.hash(),
        n_approved: counted(Ruling::Approved),
        n_declined: counted(Ruling::Declined),
    };
    let mut file = file.clone();
    file.decisions.push(decision);
    let file = second_key::add_to(review.session, file).await;
    let file = file.map_err(|error| open_failure(error).detail)?;
    let file = files::keep(review.session, file).await.map_err(|error| open_failure(error).detail)?;
    append_event(review.session, time.now, event).await.map_err(ledger_words)?;
    review.rulings.forget(signed).await;
    // The page may be gone by now.
    if review.file.try_set(Arc::new(file)).is_none() {
        review.known.read();
    }
    Ok(true)
}
