//! `/import`: reads a file of people, maps its columns, mends its rows, and hands them to `/import/preview`.

mod columns;
mod example;
mod importing;
mod meanings;
mod people;
mod picked;
mod plan;
mod prepared;
mod preview;
mod problem_rows;
mod problems;
mod rows;
mod source;

use std::sync::Arc;

use domain::capabilities::{Invites, Moderation};
use domain::form::people::Purpose;
use domain::{Connection, ConnectionId, Scope};
use hosting::Feature;
use leptos::prelude::*;

use crate::features::connecting::adding::add_connection;
use crate::features::connecting::connection_guard::with_key;
use crate::routing::query;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::session::{Session, use_session};
use i18n::text;
use importing::{ChosenSource, Importing, keep_left_nearby};
use ui::{Select, SelectOption, SelectValue, Variant, empty_state, skeleton};

pub use preview::ImportPreviewPage;

/// Brings a file of people into the form that the vendor wants.
#[component]
pub fn ImportPage() -> impl IntoView {
    use_title(text::import_title);
    keep_left_nearby();
    let session = use_session();
    let (connection_id, set_connection) = query::quiet_choice("connection");
    let connections = Memo::new(move |_| session.connections());
    let chosen = Memo::new(move |_| {
        let id = ConnectionId::new(connection_id.get());
        connections.with(|list| {
            let named = list.iter().find(|connection| connection.id == id);
            // Nothing has to be unlocked before there is a choice.
            let is_open = |connection: &&Arc<Connection>| !untrack(|| session.needs_key(connection));
            named.or_else(|| list.iter().find(is_open)).or(list.first()).cloned()
        })
    });
    let source = ChosenSource::new_local(None);
    let body = move || match chosen.get() {
        Some(connection) => {
            let choice = connection_choice(connections, connection.id.to_string(), set_connection);
            with_key(connection, move |connection| for_connection(session, connection, source, choice))
        }
        None if !session.is_loaded() => skeleton(),
        None => {
            let add = add_connection(Variant::Primary, false, "plus");
            let (title, body) = (text::import_no_connection(), text::import_no_connection_body());
            view! {
                {head()}
                {empty_state("file-up", title, body, add)}
            }
            .into_any()
        }
    };
    body.into_any()
}

fn head() -> AnyView {
    let (title, sub) = (Signal::derive(text::import_title), Signal::derive(text::import_sub));
    page_head(None, vec![(text::import_title(), None)], title, sub, None)
}

/// The select of the connection, drawn where the page wants it.
type Choice = Signal<Vec<SelectOption>>;

fn connection_choice(
    connections: Memo<Vec<Arc<Connection>>>,
    chosen: String,
    set: SignalSetter<Option<String>>,
) -> (SelectValue, Choice) {
    let options = Signal::derive(move || {
        let option =
            |connection: &Arc<Connection>| SelectOption::data(connection.id.as_str(), &*connection.name);
        connections.with(|list| list.iter().map(option).collect::<Vec<_>>())
    });
    (SelectValue::new(move || chosen.clone(), move |id| set.set(Some(id))), options)
}

/// What can be done with people at the vendor.
fn purposes(session: Session, connection: &Connection) -> Vec<Purpose> {
    let can = vendors::capabilities(connection.vendor);
    let is_there = |purpose: &Purpose| match purpose {
        Purpose::Add => true,
        Purpose::Invite => can.invites != Invites::None && session.has(Feature::Invites),
        Purpose::Moderate => can.moderation != Moderation::ByRole,
        Purpose::Ban => can.add.scopes.contains(&Scope::Banned),
    };
    Purpose::ALL.into_iter().filter(is_there).collect()
}

fn purpose_word(purpose: Purpose) -> String {
    match purpose {
        Purpose::Add => text::import_action_add(),
        Purpose::Invite => text::import_action_invite(),
        Purpose::Moderate => text::import_action_moderate(),
        Purpose::Ban => text::import_action_ban(),
    }
}

/// The steps for one connection.
fn for_connection(
    session: Session,
    connection: Arc<Connection>,
    source: ChosenSource,
    choice: (SelectValue, Choice),
) -> AnyView {
    let (action, set_action) = query::quiet_choice("action");
    let all = purposes(session, &connection);
    let purpose = {
        let all = all.clone();
        Memo::new(move |_| {
            let action = action.get();
            let named = all.iter().find(|purpose| purpose.slug() == action);
            named.or(all.first()).copied().unwrap_or(Purpose::Add)
        })
    };
    let options = Signal::derive(move || {
        let option = |purpose: &Purpose| SelectOption::words(purpose.slug(), purpose_word(*purpose));
        all.iter().map(option).collect::<Vec<_>>()
    });
    let action =
        SelectValue::new(move || purpose.get().slug().to_owned(), move |name| set_action.set(Some(name)));
    let (value, connections) = choice;
    let choices = view! {
        <div class="form-grid">
            <Select label=text::import_connection value=value options=connections />
            <Select label=text::import_action value=action options=options />
        </div>
    };
    let importing = Importing::new(&connection, source);
    let plan = {
        let connection = connection.clone();
        move || plan::plan(importing, connection.clone(), purpose.get())
    };
    view! {
        {head()}
        <div class="stack-6 import">
            {source::source(importing, choices.into_any())} {columns::columns(importing)}
            {people::people(importing)} {problems::problems(importing)} {plan}
        </div>
    }
    .into_any()
}

/// The element id of the title of a step.
fn step_id(n: u32) -> String {
    format!("step-{n}")
}

/// One step of the page: a card with a number.
fn step(n: u32, title: fn() -> String, note: impl Fn() -> String + Send + 'static, body: AnyView) -> AnyView {
    let id = step_id(n);
    let head_id = id.clone();
    view! {
        <section class="card" aria-labelledby=id>
            <div class="card-head">
                <h2 id=head_id tabindex="-1">
                    {move || text::import_step(text::ImportStep {
                        n: &n.to_string(),
                        title: &title(),
                    })}
                </h2>
                <span class="push tiny muted">{note}</span>
            </div>
            <div class="card-body stack-3">{body}</div>
        </section>
    }
    .into_any()
}
