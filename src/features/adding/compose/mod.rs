//! The form that adds, invites and assigns. It asks for what the connection's vendor needs.

mod draft;
mod fields;
mod file_form;
mod one_person;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::form::people::{GroupReading, Missing, PeopleFields, PeopleForm, Purpose};
use domain::list::EntryStatus;
use domain::outcome::Verdict;
use domain::snapshot::GroupSnapshot;
use domain::{Connection, Flow, GroupId, PersonKey, Plan, PlanId, Scope, Secret};
use leptos::prelude::*;
use one_person::OnePerson;

pub use file_form::FileForm;

use crate::features::adding::handover::handed_over_people;
use crate::features::adding::people::People;
use crate::features::adding::sending::{Checked, checked, form_or_results, when_over};
use crate::features::error_words;
use crate::features::reading::group_state::{is_unreadable, read_group_state};
use crate::features::results::leads_to_page;
use crate::features::reviewing::{ToSend, draft};
use crate::routing::paths;
use crate::routing::use_go;
use crate::state::reads::{Read, Reading, reading};
use crate::state::runs::{PlanInput, RunView, use_runs};
use crate::state::session::{Session, use_session};
use i18n::text;
use ui::Selection;

/// The contents of the form. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    asks: PeopleForm,
    connection: StoredValue<Arc<Connection>>,
    /// False if the page asks for the group elsewhere.
    asks_group: bool,
    people: People,
    /// The person in the two fields beside the box.
    one_person: OnePerson,
    /// The group, or the community in the picker.
    group: RwSignal<Option<String>>,
    /// Further communities.
    communities: RwSignal<Vec<String>>,
    flow: Selection<Flow>,
    scope: Selection<Scope>,
    /// Individual scopes by person id; everyone else gets `scope`.
    each: RwSignal<BTreeMap<String, Scope>>,
    role: RwSignal<String>,
    price: RwSignal<String>,
    prices: RwSignal<Vec<String>>,
    password: RwSignal<String>,
    /// Whether a password was typed before the form was left; it was not kept.
    has_lost_password: RwSignal<bool>,
    note: RwSignal<String>,
    is_onboarding: RwSignal<bool>,
    /// The group as read; `None` if there is nothing to read.
    state: Reading<Option<GroupSnapshot>>,
}

impl Form {
    fn new(
        connection: &Arc<Connection>,
        purpose: Purpose,
        group: RwSignal<Option<String>>,
        asks_group: bool,
    ) -> Self {
        let capabilities = vendors::capabilities(connection.vendor);
        let session = use_session();
        let can_read = capabilities.groups.is_some_and(|groups| groups.can_list_members);
        let of = connection.clone();
        let state = reading(move || {
            let (connection, group) = (of.clone(), group.get().map(GroupId::new));
            async move {
                match group {
                    Some(group) if can_read => read_group_state(session, &connection, &group).await.map(Some),
                    _ => Ok(None),
                }
            }
        });
        let one_person = OnePerson::new(capabilities.identity, connection.vendor);
        let beside = Signal::derive(move || one_person.person().ok().flatten());
        let first_flow = capabilities.add.flows.first().copied().unwrap_or(Flow::Direct);
        Self {
            asks: PeopleForm { purpose, capabilities },
            connection: StoredValue::new(connection.clone()),
            asks_group,
            people: People::with_beside(capabilities.identity, beside),
            one_person,
            group,
            communities: RwSignal::default(),
            flow: Selection::new(&Flow::ALL, first_flow),
            scope: Selection::new(&Scope::ALL, Scope::Participant),
            each: RwSignal::default(),
            role: RwSignal::default(),
            price: RwSignal::default(),
            prices: RwSignal::default(),
            password: RwSignal::default(),
            has_lost_password: RwSignal::new(false),
            note: RwSignal::default(),
            is_onboarding: RwSignal::new(false),
            state,
        }
    }

    fn connection(&self) -> Arc<Connection> {
        self.connection.get_value()
    }

    /// The contents besides the people; tracked.
    fn fields(&self) -> PeopleFields {
        PeopleFields {
            group: self.group.get(),
            communities: self.communities.get(),
            flow: self.flow.get(),
            scope: self.scope.get(),
            each: self.each.get(),
            role: self.role.get(),
            price: self.price.get(),
            prices: self.prices.get(),
            password: self.password.with(|typed| (!typed.is_empty()).then(|| Secret::new(typed))),
            is_password_lost: self.has_lost_password.get(),
            note: self.note.get(),
            is_onboarding: self.is_onboarding.get(),
        }
    }

    /// Whether the lost password has to be typed again or explicitly left out.
    fn is_password_lost(&self) -> bool {
        self.has_lost_password.get() && self.password.with(String::is_empty)
    }

    /// Forgets the password once it was sent. People who stay in the form need it again.
    fn forget_password(&self) {
        if !self.password.with_untracked(String::is_empty) {
            self.password.set(String::new());
            self.has_lost_password.set(true);
        }
    }

    /// Chooses a scope for one person; `None` for the scope of all.
    fn set_scope_of(&self, key: &str, scope: Option<Scope>) {
        self.each.update(|each| {
            match scope {
                Some(scope) => each.insert(key.to_owned(), scope),
                None => each.remove(key),
            };
        });
    }

    /// What is missing besides people, as a sentence.
    fn missing(&self) -> Option<String> {
        let state = self.state.get();
        let reading = match &state {
            // The members cannot be read, but the group may exist, and its id is known.
            Read::Failed(failed) if is_unreadable(&failed.error) => GroupReading::Done,
            Read::Failed(_) | Read::Loading => GroupReading::Missing,
            Read::Ready(_) => GroupReading::Done,
        };
        Some(match self.asks.missing(&self.fields(), reading)? {
            Missing::Group => text::add_choose_group_first(),
            Missing::GroupReading => match state {
                Read::Failed(failed) => error_words::read_error(self.connection().vendor, &failed.error).0,
                Read::Loading | Read::Ready(_) => text::add_reading_group(),
            },
            Missing::Community => text::add_choose_community_first(),
            Missing::Role => text::add_choose_role_first(),
            Missing::Password => text::add_password_lost(),
        })
    }

    fn plan_input(&self, session: Session) -> Option<PlanInput> {
        if self.missing().is_some() {
            return None;
        }
        let connection = self.connection();
        let mut snapshot = session.ledger_snapshot(&connection.id);
        snapshot.acting_as.clone_from(&connection.acting_as);
        if let (Some(group), Some(Some(state))) = (self.group.get(), self.state.ready()) {
            snapshot.groups.insert(GroupId::new(group), state);
        }
        let command = self.asks.command(&self.fields(), self.people.with_scopes(), &snapshot)?;
        // The plan gets its real id when it is sent.
        let id = PlanId::new("draft");
        Some(PlanInput { connection, id, command, snapshot })
    }

    /// Keeps only people who were refused or not sent, as typed. People with an unknown outcome, or none yet, leave the
    /// box too: another click could invite them twice.
    fn keep_refused(&self, session: Session, run: &RunView) {
        let rows = run.receipt().rows;
        let is_refused =
            |verdict: Option<Verdict>| matches!(verdict, Some(Verdict::Refused | Verdict::NotSent));
        let refused: Vec<_> = rows
            .iter()
            .filter(|row| is_refused(row.outcome.as_ref().map(domain::Outcome::verdict)))
            .map(|row| row.change.person.key.clone())
            .collect();
        let mut settled: Vec<_> = rows
            .iter()
            .map(|row| row.change.person.key.clone())
            .filter(|key| !refused.contains(key))
            .collect();
        // People typed by phone number but sent by id.
        let connection = self.connection();
        let by_id = self.people.usable().into_iter().filter_map(|person| {
            let PersonKey::Phone(phone) = &person.key else { return None };
            let id = PersonKey::Id(session.id_of_phone(&connection.id, phone)?.into());
            settled.contains(&id).then_some(person.key)
        });
        let by_id: Vec<_> = by_id.collect();
        settled.extend(by_id);
        self.people.take_out(&settled);
    }

    /// The button's label. It counts the people of the plan, as the sentence beside it and the checks do, or
    /// the people in the box while there is no plan.
    fn button(&self, plan: Option<&Plan>) -> String {
        let n = plan.map_or_else(|| self.people.n_people(), Plan::n_people_to_send);
        if n == 0 {
            return self.button_for_nobody();
        }
        let mut slugs = plan.into_iter().flat_map(Plan::to_send).map(|change| change.operation.slug());
        let first = slugs.next();
        if matches!(self.asks.purpose, Purpose::Add | Purpose::Ban) && slugs.any(|slug| Some(slug) != first) {
            // A mix of additions and bans is counted in changes, as in the sentence.
            return text::scopes_send(plan.map_or(n, |plan| plan.to_send().count()));
        }
        match self.asks.purpose {
            Purpose::Moderate => text::add_button_moderate(n),
            Purpose::Invite => text::add_button_invite(n),
            Purpose::Ban => text::add_button_ban(n),
            Purpose::Add if self.asks.has_flows() && self.asks.flow(self.flow.get()) == Flow::Invite => {
                text::add_button_invite(n)
            }
            Purpose::Add if first == Some("ban") => text::add_button_ban(n),
            Purpose::Add => text::add_button_add(n),
        }
    }
}

impl Form {
    /// The button's label without a count.
    fn button_for_nobody(&self) -> String {
        match self.asks.purpose {
            Purpose::Moderate => text::add_button_moderate_none(),
            Purpose::Invite => text::add_button_invite_none(),
            Purpose::Add => text::add_button_add_none(),
            Purpose::Ban => text::add_button_ban_none(),
        }
    }
}

/// The form with its preview or, once it was sent, the results.
#[component]
pub fn Compose(
    connection: Arc<Connection>,
    purpose: Purpose,
    /// The group that people are added to. Set `has_group_elsewhere` if the page asks for it elsewhere.
    group: RwSignal<Option<String>>,
    #[prop(optional)] has_group_elsewhere: bool,
) -> impl IntoView {
    let session = use_session();
    let runs = use_runs();
    let form = Form::new(&connection, purpose, group, !has_group_elsewhere);
    let plan = draft(move || form.plan_input(session));
    let run = RwSignal::new(None::<RunView>);
    let n_refused = Signal::derive(move || form.people.count(EntryStatus::Refused));
    let n_people = move || form.people.usable().len();
    let busy = Signal::derive(move || run.get().is_some_and(|run| !run.is_over()));
    let reason = Signal::derive(move || {
        // A half-typed person must not be left behind.
        let half_typed = form.one_person.person().err();
        let is_unread = form.people.is_unread() || form.one_person.is_unread();
        let is_empty = n_people() == 0 && !is_unread;
        half_typed.or_else(|| if is_empty { Some(text::problems_empty_list()) } else { form.missing() })
    });
    // People who were sent belong to the run; the kept form must not send them again.
    let has_left = RwSignal::new(false);
    let is_sent = Signal::derive(move || has_left.get() || busy.get());
    let go = use_go();
    let send = move |to_send: ToSend| {
        // The fields are sent with the rest, so they move into the box and leave it with the rest.
        form.people.commit();
        form.one_person.commit(form.people);
        match to_send.start_anew(runs) {
            Some(started) if leads_to_page(&started) => {
                has_left.set(true);
                go(&paths::run(started.id().as_str()));
            }
            started => run.set(started),
        }
        form.forget_password();
    };
    let on_end = move |(run,): (RunView,)| {
        form.keep_refused(session, &run);
        if form.people.lines().is_empty() {
            form.has_lost_password.set(false);
        }
        // What stays is planned against fresh state.
        form.state.again();
    };
    when_over(move || run.get(), Callback::new(on_end));
    let label = move || plan.with(|plan| form.button(plan.as_deref()));
    let to_send = Checked {
        connection,
        plan,
        label: Signal::derive(label),
        reason,
        n_unusable: n_refused,
        busy,
        is_main: true,
    };
    let on_send = Callback::new(move |(to_send,)| send(to_send));
    let form_view = move || {
        // After the unsent contents were restored, to which the people are added.
        form.people.give_read(handed_over_people(&form.connection().id));
        checked(to_send, on_send, fields::fields(form))
    };
    let more = move || match purpose {
        Purpose::Add => text::results_add_more(),
        Purpose::Moderate => text::results_moderate_more(),
        Purpose::Invite => text::results_invite_more(),
        Purpose::Ban => text::results_ban_more(),
    };
    let form_view = draft::with_draft(form, is_sent, form_view);
    let n_left = Signal::derive(move || form.people.n_entries());
    let back = Callback::new(move |()| {
        // Nobody follows the run from here on, and who was sent must not be sent again.
        if let Some(run) = run.get_untracked().filter(|run| untrack(|| !run.is_over())) {
            on_end((run,));
        }
        run.set(None);
    });
    form_or_results(run.into(), form_view, more, n_left, back)
}
