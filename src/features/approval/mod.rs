//! Reviews by a second person: asking for one, who signed, and the files that travel.
//!
//! Forms have the button only. The dialog is fetched when it is pressed, and brings `review` along.

pub mod ask;
pub mod files;
pub mod name_form;
pub mod open_words;
pub mod pass_on;
pub mod place;
pub mod policy;
pub mod second_key;
pub mod send_back;
pub mod signer;

use std::sync::Arc;

use domain::receipt::ReceiptRow;
use domain::{Approval, Connection, Millis, Plan, PlanId, Vendor};
use leptos::prelude::*;

use crate::features::fetched::open_with_code;
use crate::features::reviewing::Draft;
use crate::state::code::{Code, Fetch};
use i18n::text;
use ui::Button;

/// A plan that someone else is to look at.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The connection that the plan is for.
    pub connection: Arc<Connection>,
    /// The plan.
    pub plan: Arc<Plan>,
    /// The hash of the request that this one replaces, after an edit.
    pub parent: Option<Box<str>>,
}

/// Draws the dialog that makes a request, and calls back when it is closed.
pub type Ask = fn(Asked, Callback<()>) -> AnyView;

/// The results of a run of an approved request, for its author.
#[derive(Clone, Debug)]
pub struct SentBack {
    /// Where it ran.
    pub vendor: Vendor,
    /// The run.
    pub run: PlanId,
    /// Who approved it.
    pub approval: Approval,
    /// When it began and ended.
    pub ran: (Millis, Millis),
    /// Its rows.
    pub rows: Vec<ReceiptRow>,
}

/// Draws the dialog that signs results, and calls back when it is closed.
pub type SendBack = fn(SentBack, Callback<()>) -> AnyView;

thread_local! {
    static ASK: Code<Ask> = const { Code::new() };
    static SEND_BACK: Code<SendBack> = const { Code::new() };
}

/// Sets how the dialog is fetched that signs results.
pub fn provide_send_back(fetch: Fetch<SendBack>) {
    SEND_BACK.with(|code| code.provide(fetch));
}

/// A button that gives the author of a request its results. `results` are read when it is pressed.
pub fn send_back_button(results: impl Fn() -> Option<SentBack> + Send + Sync + 'static) -> AnyView {
    let (is_fetching, dialog) = (RwSignal::new(false), RwSignal::new(None::<(SendBack, SentBack)>));
    let press = move || {
        let Some(results) = untrack(&results) else { return };
        open_with_code(&SEND_BACK, is_fetching, move |send_back| dialog.set(Some((send_back, results))));
    };
    let close = Callback::new(move |()| dialog.set(None));
    let drawn = move || dialog.get().map(|(send_back, results)| send_back(results, close));
    view! {
        <Button
            label=text::review_send_back
            small=true
            icon="send"
            has_popup="dialog"
            busy=is_fetching
            on_press=press
        />
        {drawn}
    }
    .into_any()
}

/// Sets how the dialog is fetched.
pub fn provide_ask(fetch: Fetch<Ask>) {
    ASK.with(|code| code.provide(fetch));
}

/// A button that asks someone else to look at a plan first. `off` is why it cannot be sent, and `parent` the hash of the
/// request that the new one replaces.
pub fn ask_button(
    label: Signal<String>,
    (connection, plan): (Arc<Connection>, Draft),
    off: Signal<Option<String>>,
    parent: Option<Box<str>>,
) -> AnyView {
    let (is_fetching, dialog) = (RwSignal::new(false), RwSignal::new(None::<(Ask, Arc<Plan>)>));
    let press = move || {
        let Some(plan) = plan.get_untracked() else { return };
        open_with_code(&ASK, is_fetching, move |ask| dialog.set(Some((ask, plan))));
    };
    let close = Callback::new(move |()| dialog.set(None));
    let drawn = move || {
        let (ask, plan) = dialog.get()?;
        Some(ask(Asked { connection: connection.clone(), plan, parent: parent.clone() }, close))
    };
    view! {
        <Button label=label has_popup="dialog" disabled_reason=off busy=is_fetching on_press=press />
        {drawn}
    }
    .into_any()
}
