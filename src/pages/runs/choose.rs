//! Selects rows of a file and a connection, and shows the resulting plan before it is sent.

use std::sync::Arc;

use domain::export::{Opened, OpenedRow, command};
use domain::order;
use domain::outcome::Verdict;
use domain::{Connection, ConnectionId, PlanId, Secret, Vendor};
use leptos::prelude::*;

use super::file;
use crate::features::adding::people_reader::people_reader;
use crate::features::adding::sending::{Checked, checked};
use crate::features::connecting::adding::add_connection;
use crate::features::error_words;
use crate::features::reading::group_state::read_group_states;
use crate::features::reviewing::{ToSend, draft};
use crate::features::words;
use crate::routing::paths;
use crate::routing::use_go;
use crate::state::reads::{Read, reading};
use crate::state::runs::{PlanInput, use_runs};
use crate::state::session::use_session;
use i18n::{format_number, text};
use ui::{Checkbox, PasswordInput, Select, SelectOption, Tone, Variant, titled_notice};

/// The outcomes of rows in display order; `None` for rows without one.
const KINDS: [Option<Verdict>; 6] = [
    Some(Verdict::Done),
    Some(Verdict::Same),
    Some(Verdict::Refused),
    Some(Verdict::Unknown),
    Some(Verdict::NotSent),
    None,
];

/// The selection in a file. Copies share the same signals.
#[derive(Clone, Copy)]
struct Choice {
    opened: StoredValue<Arc<Opened>>,
    kinds: [(Option<Verdict>, usize, RwSignal<bool>); 6],
    connection: RwSignal<String>,
    password: RwSignal<String>,
}

impl Choice {
    /// Preselects refused, unknown and unsent rows, which likely have to be repeated; the rest are done.
    fn new(opened: Arc<Opened>, connection: &str) -> Self {
        let kinds = KINDS.map(|kind| {
            let n = opened.rows.iter().filter(|row| row.verdict == kind).count();
            let is_open = !matches!(kind, Some(Verdict::Done | Verdict::Same));
            (kind, n, RwSignal::new(is_open && n > 0))
        });
        Self {
            opened: StoredValue::new(opened),
            kinds,
            connection: RwSignal::new(connection.to_owned()),
            password: RwSignal::default(),
        }
    }

    /// The selected rows of a vendor; tracked.
    fn rows(self, vendor: Vendor) -> Vec<OpenedRow> {
        let is_chosen = |row: &&OpenedRow| {
            let kind = self.kinds.iter().find(|(kind, ..)| *kind == row.verdict);
            row.vendor == vendor && kind.is_some_and(|(.., is_chosen)| is_chosen.get())
        };
        self.opened.with_value(|opened| opened.rows.iter().filter(is_chosen).cloned().collect())
    }
}

/// The selection and the resulting plan.
pub(super) fn choose(opened: Arc<Opened>) -> AnyView {
    let session = use_session();
    let vendors: Vec<Vendor> = Vendor::ALL
        .into_iter()
        .filter(|vendor| opened.rows.iter().any(|row| row.vendor == *vendor))
        .collect();
    let before = opened.rows.first().map(|row| row.connection.clone());
    let suitable = {
        let vendors = vendors.clone();
        Memo::new(move |_| {
            let mut list = session.connections();
            list.retain(|connection| vendors.contains(&connection.vendor));
            list
        })
    };
    let preferred = untrack(|| {
        suitable.with(|list| {
            let same = list.iter().find(|connection| Some(&connection.id) == before.as_ref());
            same.or(list.first()).map(|connection| connection.id.to_string())
        })
    });
    let choice = Choice::new(opened, preferred.as_deref().unwrap_or_default());
    let names: Vec<&str> = vendors.iter().map(|vendor| vendor.name()).collect();
    let names = names.join(", ");
    let body = move || {
        if suitable.with(Vec::is_empty) {
            let add = add_connection(Variant::Plain, true, "plus");
            let body = text::runs_no_connection_body(&names);
            return titled_notice(Tone::Unknown, text::runs_no_connection(), body, add);
        }
        let chosen = Memo::new(move |_| {
            let id = ConnectionId::new(choice.connection.get());
            suitable.with(|list| list.iter().find(|connection| connection.id == id).or(list.first()).cloned())
        });
        view! { {move || chosen.get().map(|connection| form(choice, suitable, connection))} }.into_any()
    };
    body.into_any()
}

fn form(choice: Choice, suitable: Memo<Vec<Arc<Connection>>>, connection: Arc<Connection>) -> AnyView {
    let (session, runs, go) = (use_session(), use_runs(), use_go());
    let vendor = connection.vendor;
    let capabilities = vendors::capabilities(vendor);
    let usable = Memo::new(move |_| file::usable(&choice.rows(vendor), &capabilities.identity));
    let has_password = Memo::new(move |_| usable.with(|(rows, _)| rows.iter().any(|row| row.had_password)));
    let n_unusable = Signal::derive(move || usable.with(|(_, problems)| problems.len()));
    let groups = Memo::new(move |_| {
        let of_row = |row: &OpenedRow| row.operation.group().cloned();
        usable.with(|(rows, _)| order::distinct(rows.iter().filter_map(of_row)))
    });
    let of = connection.clone();
    let known = reading(move || {
        let (connection, groups) = (of.clone(), groups.get());
        async move { read_group_states(session, &connection, &groups).await }
    });
    let of = connection.clone();
    let plan = draft(move || {
        let states = known.ready()?;
        let password = choice.password.with(|typed| (!typed.is_empty()).then(|| Secret::new(typed)));
        let command = usable.with(|(rows, _)| command(rows, password.as_ref()));
        if command.items.is_empty() {
            return None;
        }
        let snapshot = states.into_snapshot(session, &of);
        let id = PlanId::new("draft");
        Some(PlanInput { connection: of.clone(), id, command, snapshot })
    });
    let reason = Signal::derive(move || {
        let is_nothing = usable.with(|(rows, _)| rows.is_empty()) && people_reader().is_some();
        let lacks_password = has_password.get() && choice.password.with(String::is_empty);
        let is_unread = move || match known.get() {
            Read::Ready(_) => None,
            Read::Loading => Some(text::add_reading_group()),
            Read::Failed(failed) => Some(error_words::read_error(vendor, &failed.error).0),
        };
        let lacks_password = || lacks_password.then(text::run_password_empty);
        is_nothing.then(text::runs_choose_rows).or_else(lacks_password).or_else(is_unread)
    });
    // Counts what is sent, not what was selected: some rows may be so already, or be duplicates.
    let n = Memo::new(move |_| plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.to_send().count())));
    let label = move || text::runs_send(n.get());
    let send = move |(to_send,): (ToSend,)| {
        if let Some(run) = to_send.start_anew(runs) {
            go(&paths::run(run.id().as_str()));
        }
    };
    let options = Signal::derive(move || {
        suitable.with(|list| {
            let option =
                |connection: &Arc<Connection>| SelectOption::data(connection.id.as_str(), &*connection.name);
            list.iter().map(option).collect::<Vec<_>>()
        })
    });
    let fields = view! {
        <Select label=text::runs_connection value=choice.connection options=options />
        {ticks(choice)}
        {move || {
            has_password
                .get()
                .then(|| {
                    view! {
                        <PasswordInput
                            label=text::run_password
                            value=choice.password
                            help=text::run_password_help
                            autocomplete="new-password"
                        />
                    }
                })
        }}
    };
    let form = Checked {
        connection,
        plan,
        label: Signal::derive(label),
        reason,
        n_unusable,
        busy: Signal::stored(false),
        is_main: true,
    };
    checked(form, Callback::new(send), fields.into_any())
}

/// A checkbox for each kind of outcome in the file.
fn ticks(choice: Choice) -> AnyView {
    let one = |(kind, n, is_chosen): (Option<Verdict>, usize, RwSignal<bool>)| {
        (n > 0).then(|| {
            let label = move || {
                let word = kind.map_or_else(text::results_waiting_word, words::verdict);
                text::runs_kind(text::RunsKind { outcome: &word, n: &format_number(n as f64) })
            };
            view! { <Checkbox label=label checked=is_chosen /> }
        })
    };
    view! {
        <fieldset class="stack-1">
            <legend class="label">{text::runs_which}</legend>
            {choice.kinds.map(one).into_iter().collect_view()}
        </fieldset>
    }
    .into_any()
}
