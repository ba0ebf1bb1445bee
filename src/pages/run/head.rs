//! The title of the run, its connection, and the actions on the whole run.

use domain::{Pause, Status};
use leptos::html::Div;
use leptos::leptos_dom::helpers::queue_microtask;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::Here;
use crate::features::results::run_words::{self, RunStage};
use crate::routing::paths;
use crate::shell::frame::focus_page;
use crate::shell::page_head::head_with;
use i18n::text;
use ui::{Button, Variant, vendor_mark};

/// The head of the page.
pub(super) fn head(here: Here) -> AnyView {
    let run = here.run();
    let connection = run.connection().clone();
    let name = connection.name.to_string();
    let started = run.started_at() as f64;
    let way = view! {
        <li>
            <a href=paths::runs()>{text::runs_title}</a>
        </li>
        <li>
            <a href=paths::members(
                connection.id.as_str(),
            )>{vendor_mark(connection.vendor.slug(), false)}<bdi translate="no">{name}</bdi></a>
        </li>
        <li>
            <span aria-current="page">{move || text::run_crumb(&run_words::moment(started))}</span>
        </li>
    };
    let sub = Signal::derive(move || {
        let run = here.run();
        let began = run_words::moment(run.started_at() as f64);
        match run.finished_at() {
            Some(at) => text::run_sub_ended(text::RunSubEnded {
                count: run.n_rows(),
                started: &began,
                ended: &run_words::moment(at as f64),
            }),
            None => text::run_sub(run.n_rows(), &began),
        }
    });
    head_with(way.into_any(), Signal::derive(move || here.title()), sub, Some(actions(here)))
}

/// The buttons that the run's standing allows.
fn actions(here: Here) -> AnyView {
    // Counts change with every answer; the buttons only with the run's standing.
    let offered = Memo::new(move |_| here.standing.with(Offered::of));
    let frame = NodeRef::new();
    let buttons = move || {
        let offered = offered.get();
        keep_focus(frame);
        let id = StoredValue::new(here.run().id().clone());
        let pause = move || here.runs.pause(&id.get_value());
        let resume = move || here.runs.resume(&id.get_value());
        let stop = move || here.runs.stop(&id.get_value());
        let reason = Signal::stored(offered.is_stopping.then(text::results_stopping));
        view! {
            {offered
                .can_pause
                .then(|| view! { <Button label=text::run_pause icon="pause" on_press=pause /> })}
            {offered
                .can_go_on
                .then(|| {
                    view! {
                        <Button label=text::run_go_on variant=Variant::Primary icon="play" on_press=resume />
                    }
                })}
            {offered
                .can_stop
                .then(|| {
                    view! {
                        <Button
                            label=text::results_stop
                            variant=Variant::Danger
                            icon="square"
                            disabled_reason=reason
                            on_press=stop
                        />
                    }
                })}
        }
    };
    view! {
        <div class="cluster" node_ref=frame>
            {buttons}
        </div>
    }
    .into_any()
}

/// If a button had the focus, moves it to its replacement, or to the page if there is none.
fn keep_focus(frame: NodeRef<Div>) {
    let Some(frame) = frame.get_untracked() else { return };
    if !document().active_element().is_some_and(|active| frame.contains(Some(&active))) {
        return;
    }
    queue_microtask(move || {
        let button = frame.query_selector("button").ok().flatten();
        match button.as_ref().and_then(|button| button.dyn_ref::<HtmlElement>()) {
            // Fails only for an element outside of the document.
            Some(button) => drop(button.focus()),
            None => focus_page(),
        }
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Offered {
    can_pause: bool,
    can_go_on: bool,
    can_stop: bool,
    is_stopping: bool,
}

impl Offered {
    fn of(standing: &run_words::RunState) -> Self {
        let stage = standing.stage();
        // Where something has to be typed or decided first, the notice about it has the button.
        let has_notice = standing.needs_key
            || standing.is_gone
            || standing.is_moved
            || matches!(
                standing.status,
                Status::Paused(Pause::Key(_) | Pause::Password | Pause::Journal | Pause::Offline)
            );
        Self {
            can_pause: stage == RunStage::GoingOn && standing.status == Status::Running,
            can_go_on: stage == RunStage::Waiting && !has_notice,
            can_stop: stage != RunStage::Finished,
            is_stopping: stage == RunStage::GoingOn && standing.status == Status::Stopping,
        }
    }
}
