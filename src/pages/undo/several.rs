//! `/undo`: changes of several runs, or of entries of the activity, compared with what is true now, and the plan that
//! undoes them.

use std::sync::Arc;

use domain::{Connection, PlanId};
use leptos::prelude::*;

use super::changes::{ToUndo, WhyStays};
use super::form::undoing;
use super::gather::{Found, Gathered, PlaceChanges, Wanted, gather};
use crate::features::connecting::adding::add_connection;
use crate::features::connecting::connection_guard::with_key;
use crate::features::results::run_words;
use crate::routing::{paths, query};
use crate::shell::frame::{focus_page, use_title};
use crate::shell::page_head::page_head;
use crate::state::ledger::ReadingError;
use crate::state::runs::use_runs;
use crate::state::session::{StoredList, use_session};
use i18n::text;
use ui::{
    Button, Failure, Tone, Variant, empty_state, failed, link_button, skeleton, titled_notice, vendor_mark,
};

/// The changes that the address names.
#[component]
pub fn UndoSeveralPage() -> impl IntoView {
    use_title(text::undo_title);
    let (session, runs) = (use_session(), use_runs());
    let wanted = Wanted::of_page();
    let is_read = Memo::new(move |_| runs.is_loaded() || session.stored_list() == StoredList::Nothing);
    let found = LocalResource::new(move || {
        let (wanted, is_read) = (wanted.get(), is_read.get());
        async move {
            if !is_read {
                return None;
            }
            let gathered = gather(session, runs, &wanted).await;
            Some((wanted, gathered))
        }
    });
    // What another address named is gone at once.
    let of_address = move || found.get().flatten().filter(|(of, _)| wanted.with(|wanted| wanted == of));
    let body = move || match of_address().map(|(_, gathered)| gathered) {
        None => view! {
            {head()}
            <p class="small muted" role="status">
                {text::undo_gathering}
            </p>
            {skeleton()}
        }
        .into_any(),
        Some(Err(error)) => {
            let detail = match error {
                ReadingError::Storage(error) => run_words::storage(error),
                ReadingError::Worker => text::ledger_failed_worker(),
            };
            let failure = Failure { title: text::undo_failed_title(), detail };
            view! {
                {head()}
                {failed(failure, Some(Callback::new(move |()| found.refetch())))}
            }
            .into_any()
        }
        Some(Ok(Gathered::ChooseAgain)) => choose_again(),
        Some(Ok(Gathered::Found(found))) => by_place(found),
    };
    body.into_any()
}

impl Wanted {
    fn of_page() -> Memo<Self> {
        let (runs, _) = query::quiet_choices("run");
        let (entries, _) = query::quiet_choices("entry");
        let (chosen, _) = query::quiet_choice("chosen");
        Memo::new(move |_| Self {
            runs: runs.get().into_iter().filter(|id| !id.is_empty()).map(PlanId::new).collect(),
            entries: entries.get().into_iter().filter(|key| !key.is_empty()).collect(),
            chosen: chosen.get(),
        })
    }
}

fn head() -> AnyView {
    let (runs, _) = query::quiet_choices("run");
    let is_of_runs = runs.with_untracked(|runs| !runs.is_empty());
    let from = if is_of_runs {
        (text::runs_title(), Some(paths::runs()))
    } else {
        (text::activity_title(), Some(paths::activity()))
    };
    let way = vec![from, (text::undo_crumb(), None)];
    page_head(None, way, Signal::derive(text::undo_title), Signal::derive(text::undo_sub), None)
}

/// The links to where changes are chosen.
fn choose_links() -> AnyView {
    view! {
        <div class="cluster">
            {link_button(paths::activity(), text::undo_choose_entries, Variant::Plain, false, "scroll-text")}
            {link_button(paths::runs(), text::undo_choose_runs, Variant::Plain, false, "list-checks")}
        </div>
    }
    .into_any()
}

fn choose_again() -> AnyView {
    let nothing =
        empty_state("undo-2", text::undo_again_title(), text::undo_again_body(), Some(choose_links()));
    view! {
        {head()}
        <div class="card">{nothing}</div>
    }
    .into_any()
}

/// The changes of the only connection, or of the one that is chosen in the URL.
fn by_place(found: Arc<Found>) -> AnyView {
    let (id, choose) = query::choice("connection");
    let has_several = found.places.len() > 1;
    let view = move || {
        let is_chosen = |place: &&PlaceChanges| !has_several || id.with(|id| *id == place.key());
        if let Some(place) = found.places.iter().find(is_chosen).cloned() {
            let found = found.clone();
            let above = move || {
                let other = has_several.then(|| other_place(choose));
                view! {
                    {other}
                    {notices(&found)}
                }
                .into_any()
            };
            return of_place(place, above);
        }
        let body = if has_several { Some(places(&found, choose)) } else { None };
        view! {
            {head()}
            <div class="stack">{notices(&found)} {body}</div>
        }
        .into_any()
    };
    view.into_any()
}

/// What of the choice is not here.
fn notices(found: &Found) -> AnyView {
    let missing = (found.n_missing > 0).then(|| {
        let (title, body) = (text::undo_missing_title(found.n_missing), text::undo_missing_body());
        titled_notice(Tone::Unknown, title, body, Some(choose_links()))
    });
    let running = (found.n_running > 0).then(|| {
        let title = text::undo_running_title(found.n_running);
        titled_notice(Tone::Info, title, text::undo_not_over_body(), None)
    });
    let is_nothing = found.places.is_empty() && missing.is_none() && running.is_none();
    let nothing = is_nothing.then(|| {
        let nothing = empty_state(
            "list-checks",
            text::undo_nothing_title(),
            text::undo_none_done(),
            Some(choose_links()),
        );
        view! { <div class="card">{nothing}</div> }
    });
    view! {
        {missing}
        {running}
        {nothing}
    }
    .into_any()
}

/// The connections of the changes, of which one is chosen.
fn places(found: &Found, choose: SignalSetter<Option<String>>) -> AnyView {
    let one = |place: &PlaceChanges| {
        let (n, key) = (place.changes.rows.len(), place.key());
        let name = place.name.to_string();
        let named = name.clone();
        let press = move || {
            choose.set(Some(key.clone()));
            focus_page();
        };
        view! {
            <li class="row">
                {vendor_mark(place.vendor.slug(), false)} <bdi translate="no" class="grow wrap-ok">
                    {name}
                </bdi>
                <Button
                    label=move || { text::undo_place(n, &named) }
                    small=true
                    icon="undo-2"
                    on_press=press
                />
            </li>
        }
    };
    view! {
        <section class="card" aria-labelledby="undo-places">
            <div class="card-head">
                <h2 id="undo-places">{text::undo_places_title}</h2>
            </div>
            <p class="card-body muted">{text::undo_places_body}</p>
            <ul class="list">{found.places.iter().map(one).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn other_place(choose: SignalSetter<Option<String>>) -> AnyView {
    let press = move || {
        choose.set(None);
        focus_page();
    };
    view! {
        <p>
            <Button label=text::undo_other_place variant=Variant::Link small=true on_press=press />
        </p>
    }
    .into_any()
}

/// The changes of one connection. `above` is what stands before them.
fn of_place(place: PlaceChanges, above: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let session = use_session();
    let connection = {
        let (id, vendor) = (place.id.clone(), place.vendor);
        let is_it = move |connection: &Arc<Connection>| connection.id == id && connection.vendor == vendor;
        Memo::new(move |_| session.connections().into_iter().find(|connection| is_it(connection)))
    };
    let place = StoredValue::new(place);
    let body = move || {
        let place = place.get_value();
        let Some(connection) = connection.get() else { return gone(&place) };
        let is_moved = |row: &ToUndo| matches!(row, ToUndo::Stays(it) if it.why == WhyStays::Moved);
        if place.changes.rows.iter().all(is_moved) {
            return moved(&connection);
        }
        let unsure = (place.is_place_unsure && !hosting::is_named(&connection.id)).then(|| {
            let body = text::undo_unsure_body(&connection.name);
            titled_notice(Tone::Info, text::undo_unsure_title(), body, None)
        });
        let changes = place.changes;
        view! {
            {unsure}
            {undoing(changes, connection)}
        }
        .into_any()
    };
    let page = move || {
        view! {
            {head()}
            <div class="stack">{above()} {body}</div>
        }
        .into_any()
    };
    // The form for a key is a page of its own, so the heading comes with the changes.
    match untrack(|| connection.get()) {
        Some(connection) => with_key(connection, move |_| page()),
        None => page(),
    }
}

fn gone(place: &PlaceChanges) -> AnyView {
    let add = add_connection(Variant::Plain, true, "plus");
    let body = text::undo_place_gone_body(&place.name);
    titled_notice(Tone::Unknown, text::undo_gone_title(), body, add)
}

fn moved(connection: &Connection) -> AnyView {
    let edit = paths::connection(connection.id.as_str());
    let edit = link_button(edit, text::run_moved_edit, Variant::Plain, true, "pencil");
    titled_notice(Tone::Unknown, text::undo_moved_title(), text::undo_place_moved_body(), Some(edit))
}
