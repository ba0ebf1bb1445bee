//! `/import/preview`: what will be sent for the people of a file, before it is.

use std::rc::Rc;
use std::sync::Arc;

use domain::capabilities::Directory;
use domain::ledger::ImportedList;
use domain::{Connection, PlanId};
use leptos::prelude::*;

use super::importing::{forget_left, keep_left_nearby};
use super::prepared::{self, Prepared};
use crate::features::adding::sending::{Checked, checked};
use crate::features::connecting::connection_guard::with_key;
use crate::features::error_words;
use crate::features::reading::group_state::{GroupStates, is_unreadable, read_group_states};
use crate::features::reading::pickers;
use crate::features::reviewing::{ToSend, draft};
use crate::routing::{paths, use_go};
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::reads::{Read, reading};
use crate::state::runs::{PlanInput, use_runs};
use crate::state::session::use_session;
use browser::clock;
use i18n::text;
use ui::{Variant, empty_state, failed, link_button, skeleton};

/// The preview of an import, from which it is sent.
#[component]
pub fn ImportPreviewPage() -> impl IntoView {
    use_title(text::import_preview_title);
    let session = use_session();
    let prepared = prepared::prepared();
    keep_left_nearby();
    let connection_id = prepared.as_ref().map(|prepared| prepared.connection.clone());
    let prepared = StoredValue::new_local(prepared);
    let body = move || {
        let connection = connection_id.as_ref().and_then(|id| session.connection(id));
        match (connection, prepared.get_value()) {
            (Some(connection), Some(_)) => {
                with_key(connection, move |connection| match prepared.get_value() {
                    Some(prepared) => form(connection, prepared),
                    None => ().into_any(),
                })
            }
            _ if !session.is_loaded() => skeleton(),
            _ => {
                let again =
                    link_button(paths::import(), text::import_title, Variant::Primary, false, "file-up");
                let (title, body) = (text::import_gone(), text::import_gone_body());
                view! {
                    {head()}
                    {empty_state("file-up", title, body, Some(again))}
                }
                .into_any()
            }
        }
    };
    body.into_any()
}

fn head() -> AnyView {
    let way = vec![(text::import_title(), Some(paths::import())), (text::import_preview_title(), None)];
    let (title, sub) = (Signal::derive(text::import_preview_title), Signal::derive(text::import_preview_sub));
    page_head(None, way, title, sub, None)
}

fn form(connection: Arc<Connection>, prepared: Rc<Prepared>) -> AnyView {
    let (session, runs, go) = (use_session(), use_runs(), use_go());
    let vendor = connection.vendor;
    let can = vendors::capabilities(vendor);
    let can_read = can.groups.is_some_and(|groups| groups.can_list_members);
    let groups = if can_read { prepared.groups() } else { Vec::new() };
    let of = connection.clone();
    let known = reading(move || {
        let (connection, groups) = (of.clone(), groups.clone());
        async move { read_group_states(session, &connection, &groups).await }
    });
    let is_unreadable = move |read: &Read<_>| match read {
        Read::Failed(failed) => is_unreadable(&failed.error),
        Read::Loading | Read::Ready(_) => false,
    };
    let (name, n_people, n_left) = (prepared.name.clone(), prepared.people.len(), prepared.n_left);
    let has_groups = prepared.people.iter().any(|person| person.group.is_some());
    let action = prepared.asks.purpose.slug();
    let back = paths::import_for(connection.id.as_str(), action, prepared.fields.group.as_deref());
    let prepared = StoredValue::new_local(prepared);
    let of = connection.clone();
    let plan = draft(move || {
        let read = known.get();
        let states = match read {
            Read::Ready(states) => states,
            // The members cannot be read, but the groups may exist, and their ids are known.
            unread if is_unreadable(&unread) => GroupStates::default(),
            Read::Loading | Read::Failed(_) => return None,
        };
        let snapshot = states.into_snapshot(session, &of);
        let command = prepared.with_value(|prepared| prepared.command(&snapshot))?;
        let id = PlanId::new("draft");
        Some(PlanInput { connection: of.clone(), id, command, snapshot })
    });
    let reason = Signal::derive(move || match known.get() {
        Read::Ready(_) => None,
        Read::Loading => Some(text::add_reading_group()),
        unread if is_unreadable(&unread) => None,
        Read::Failed(failed) => Some(error_words::read_error(vendor, &failed.error).0),
    });
    let of = connection.clone();
    let trouble = move || match known.get() {
        Read::Failed(why) if !self::is_unreadable(&why.error) => {
            let failure = pickers::failure(&of, &why);
            Some(failed(failure, Some(Callback::new(move |()| known.again()))))
        }
        _ => None,
    };
    let n = Memo::new(move |_| plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.to_send().count())));
    let is_remembered = can.directory == Directory::Ledger;
    let file_name: Box<str> = name.as_str().into();
    let send = move |(to_send,): (ToSend,)| {
        if let Some(run) = to_send.start_anew(runs) {
            // For the directory of a vendor that has none.
            if let Some(plan) = plan.get_untracked().filter(|_| is_remembered) {
                session.note_imported(&plan, ImportedList { name: file_name.clone(), at: clock::now() });
            }
            prepared::forget();
            forget_left();
            go(&paths::run(run.id().as_str()));
        }
    };
    let connection_name = connection.name.to_string();
    let fields = view! {
        <dl class="kv">
            <dt>{text::import_file_name}</dt>
            <dd>
                <bdi translate="no">{name}</bdi>
            </dd>
            <dt>{text::import_connection}</dt>
            <dd>
                <bdi translate="no">{connection_name}</bdi>
            </dd>
            <dt>{text::import_step_people}</dt>
            <dd>
                {if has_groups { text::import_n_rows(n_people) } else { text::import_n_people(n_people) }}
            </dd>
        </dl>
        {(n_left > 0).then(|| view! { <p class="help">{text::import_rows_stay(n_left)}</p> })}
        {trouble}
        <div class="cluster">{link_button(back, text::import_back, Variant::Plain, true, "arrow-left")}</div>
    };
    let form = Checked {
        connection,
        plan,
        label: Signal::derive(move || text::scopes_send(n.get())),
        reason,
        n_unusable: Signal::stored(0),
        busy: Signal::stored(false),
        is_main: true,
    };
    view! {
        {head()}
        {checked(form, Callback::new(send), fields.into_any())}
    }
    .into_any()
}
