//! The form that creates a community.

use std::sync::Arc;

use domain::capabilities::Identity;
use domain::paste::Standing;
use domain::plan::plan;
use domain::{Command, Connection, Effect as Wanted, NewCommunity, Person, PersonKey, Plan, Snapshot};
use leptos::prelude::*;

use super::new_group::{created_group, remember};
use crate::components::before_sending::draft;
use crate::components::people_box::{People, PeopleBox};
use crate::i18n::text;
use crate::pages::group_fields::typed;
use crate::pages::sending::{Sending, sending};
use crate::paths;
use crate::runs::{RunView, Runs, use_runs};
use crate::session::use_session;
use crate::ui::{Segment, Segments, TextArea, TextInput, Tone, Variant, link_button, titled_notice};

/// What the form holds.
#[derive(Clone, Copy)]
struct Form {
    handle: RwSignal<String>,
    name: RwSignal<String>,
    description: RwSignal<String>,
    tags: RwSignal<String>,
    kind: RwSignal<String>,
    people: People,
}

/// The form, and what came of it.
pub fn new_community(connection: Arc<Connection>) -> AnyView {
    let (session, runs) = (use_session(), use_runs());
    let identity = vendors::capabilities(connection.vendor).identity;
    let form = Form {
        handle: RwSignal::new(String::new()),
        name: RwSignal::new(String::new()),
        description: RwSignal::new(String::new()),
        tags: RwSignal::new(String::new()),
        kind: RwSignal::new("public".to_owned()),
        // First members of a community are named by id only.
        people: People::new(Identity { takes_phones: false, takes_emails: false, ..identity }),
    };
    let plan = {
        let connection = connection.clone();
        draft(move || form.plan(&connection, runs))
    };
    let created = RwSignal::new(None::<String>);
    let on_end = {
        let connection = connection.clone();
        Callback::new(move |(run,): (RunView,)| {
            if let Some(community) = created_group(&run) {
                remember(session, &connection, &community);
                created.set(Some(community.id.to_string()));
                form.clear();
            }
        })
    };
    let around = Sending {
        connection: connection.clone(),
        plan,
        label: Signal::derive(text::groups_create_community),
        reason: Signal::derive(move || form.reason()),
        n_unusable: Signal::derive(move || form.people.count(Standing::Refused)),
        on_end,
        run_key: "run",
    };
    let add = paths::add_members(connection.id.as_str());
    let done = move || {
        created.get().map(|id| {
            let add = link_button(add.clone(), text::shell_section_add, Variant::Plain, true, "user-plus");
            titled_notice(Tone::Done, text::groups_created_community(), id, Some(add))
        })
    };
    let kinds = vec![
        Segment::new("public", text::groups_community_public),
        Segment::new("private", text::groups_community_private),
    ];
    let fields = view! {
        <div class="form-grid">
            <TextInput label=text::groups_name value=form.name required=true />
            <TextInput
                label=text::groups_handle
                value=form.handle
                required=true
                mono=true
                help=Signal::derive(text::groups_handle_help)
            />
        </div>
        <Segments legend=text::groups_access value=form.kind segments=kinds />
        <TextArea label=text::groups_description value=form.description optional=true rows=2 />
        <TextInput label=text::groups_tags value=form.tags optional=true help=Signal::derive(text::groups_tags_help) />
        <PeopleBox people=form.people vendor=connection.vendor help=text::groups_first_members_ids />
    };
    view! { {done}{sending(around, fields.into_any())} }.into_any()
}

impl Form {
    /// What was created leaves the form.
    fn clear(&self) {
        for field in [self.handle, self.name, self.description, self.tags] {
            field.set(String::new());
        }
        let people: Vec<PersonKey> = self.people.usable().into_iter().map(|person| person.key).collect();
        self.people.take_out(&people);
    }

    fn reason(&self) -> Option<String> {
        if typed(self.name).is_none() {
            return Some(text::groups_why_name());
        }
        typed(self.handle).is_none().then(text::groups_why_handle)
    }

    fn plan(&self, connection: &Connection, runs: Runs) -> Option<Plan> {
        let (handle, name) = (typed(self.handle)?, typed(self.name)?);
        let new = NewCommunity {
            handle: handle.clone(),
            name: name.clone(),
            description: typed(self.description).unwrap_or_default(),
            tags: typed(self.tags).unwrap_or_default(),
            is_private: self.kind.with(|kind| kind == "private"),
            members: self.people.usable().into_iter().map(|person| person.key).collect(),
        };
        let whole = Person { key: PersonKey::Group(handle), name: Some(name) };
        let command = Command::for_all(Wanted::CreateCommunity(Box::new(new)), [whole]);
        let capabilities = vendors::capabilities(connection.vendor);
        let (id, snapshot) = (runs.next_plan_id(), Snapshot::default());
        Some(plan(id, connection.id.clone(), connection.vendor, &command, &snapshot, &capabilities))
    }
}
