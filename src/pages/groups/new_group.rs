//! The form that creates a group.

use std::sync::Arc;

use domain::capabilities::{Groups, IdShape, Identity};
use domain::connection::KnownGroup;
use domain::form::group::{GroupFields, GroupProblem};
use domain::group::AccessKind;
use domain::list::EntryStatus;
use domain::outcome::Verdict;
use domain::{Command, Connection, GroupId, GroupKind, Operation, PersonKey, Snapshot};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::features::adding::group_fields::{
    AccessFields, MetadataField, NumbersField, PictureField, bad_number, bad_numbers, bad_picture, too_long,
    typed,
};
use crate::features::adding::people::{Answers, People};
use crate::features::adding::people_box::PeopleBox;
use crate::features::adding::sending::{Sending, is_under_way, sending};
use crate::features::adding::unsent::{Unsent, unsent};
use crate::features::reading::pickers;
use crate::features::reviewing::draft;
use crate::routing::paths;
use crate::state::runs::{PlanInput, RunView, Runs, use_runs};
use crate::state::session::{Session, use_session};
use browser::random;
use i18n::text;
use ui::{Checkbox, TextArea, TextInput, Tone, Variant, link_button, titled_notice};

/// The contents of the form.
#[derive(Clone, Copy)]
struct Form {
    id: RwSignal<String>,
    community: RwSignal<Option<String>>,
    name: RwSignal<String>,
    description: RwSignal<String>,
    tags: RwSignal<String>,
    access: AccessFields,
    owner: RwSignal<String>,
    is_discoverable: RwSignal<bool>,
    picture: PictureField,
    topics: NumbersField,
    template: NumbersField,
    is_ai_generated: RwSignal<bool>,
    metadata: MetadataField,
    people: People,
    groups: Groups,
    identity: Identity,
}

/// The form and its results.
pub fn new_group(connection: Arc<Connection>, groups: Groups) -> AnyView {
    let (session, runs) = (use_session(), use_runs());
    let identity = vendors::capabilities(connection.vendor).identity;
    let form = Form::new(groups, identity);
    let kept = Unsent {
        connection: connection.clone(),
        form: "new-group".to_owned(),
        holds: Callback::new(move |()| form.stored()),
        restore: Callback::new(move |held| form.restore(held)),
        clear: Callback::new(move |()| {
            form.clear();
            form.people.clear();
            form.choose_anew();
        }),
        take_out: Callback::new(move |sent: StoredForm| {
            if form.id.get().trim() == sent.id.trim() {
                form.clear_group();
                form.people.take_out_typed(&sent.people, &sent.answers);
            }
        }),
        is_sent: is_under_way("run"),
    };
    let plan = {
        let connection = connection.clone();
        draft(move || form.plan_input(&connection, runs))
    };
    let created = RwSignal::new(None::<GroupId>);
    let on_end = {
        let connection = connection.clone();
        Callback::new(move |(run,): (RunView,)| {
            if let Some(group) = created_group(&run) {
                if !groups.can_list {
                    remember(session, &connection, &group);
                }
                created.set(Some(group.id));
                form.clear();
            }
        })
    };
    let around = Sending {
        connection: connection.clone(),
        plan,
        label: Signal::derive(text::groups_create),
        reason: Signal::derive(move || form.reason()),
        n_unusable: Signal::derive(move || form.people.count(EntryStatus::Refused)),
        on_end,
        run_key: "run",
    };
    let id = connection.id.clone();
    let open = move || {
        created.get().map(|group| {
            let href = paths::group(id.as_str(), group.as_str());
            let open = link_button(href, text::groups_open, Variant::Plain, true, "");
            titled_notice(Tone::Done, text::groups_created(), group.to_string(), Some(open))
        })
    };
    let form_view = unsent(kept, move || sending(around, fields(&connection, form)));
    view! {
        {open}
        {form_view}
    }
    .into_any()
}

/// The kept contents of an unsent form, without the password. Fields that an earlier release did not keep get
/// their defaults.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct StoredForm {
    id: String,
    community: Option<String>,
    texts: [String; 4],
    people: Vec<String>,
    answers: Answers,
    /// Picture, topics, template and metadata.
    more_texts: [String; 4],
    access: Option<AccessKind>,
    is_discoverable: Option<bool>,
    is_ai_generated: bool,
}

impl Form {
    fn new(groups: Groups, identity: Identity) -> Self {
        let id = if identity.id_shape == IdShape::Uuid { random_uuid() } else { String::new() };
        Self {
            id: RwSignal::new(id),
            community: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            description: RwSignal::new(String::new()),
            tags: RwSignal::new(String::new()),
            access: AccessFields::new(None),
            owner: RwSignal::new(String::new()),
            is_discoverable: RwSignal::new(true),
            picture: PictureField::new(groups.form.picture, None),
            topics: NumbersField::default(),
            template: NumbersField::default(),
            is_ai_generated: RwSignal::new(false),
            metadata: MetadataField::new(None),
            people: People::new(identity),
            groups,
            identity,
        }
    }

    fn texts(&self) -> [RwSignal<String>; 4] {
        [self.name, self.description, self.tags, self.owner]
    }

    fn more_texts(&self) -> [RwSignal<String>; 4] {
        [self.picture.text(), self.topics.text(), self.template.text(), self.metadata.text()]
    }

    /// `None` if nothing was typed: selections alone are quickly made again.
    fn stored(&self) -> Option<StoredForm> {
        let (texts, people) = (self.texts().map(|text| text.get()), self.people.lines());
        let (id, more_texts) = (self.id.get(), self.more_texts().map(|text| text.get()));
        // A generated id is not worth keeping.
        let typed_id = (self.identity.id_shape != IdShape::Uuid).then_some(&id);
        let mut all_texts = texts.iter().chain(&more_texts).chain(typed_id);
        let is_empty = people.is_empty() && all_texts.all(|text| text.trim().is_empty());
        (!is_empty).then(|| StoredForm {
            id,
            community: self.community.get(),
            texts,
            people,
            answers: self.people.answers(),
            more_texts,
            access: Some(self.access.kind().get()),
            is_discoverable: Some(self.is_discoverable.get()),
            is_ai_generated: self.is_ai_generated.get(),
        })
    }

    fn restore(&self, held: StoredForm) {
        self.id.set(held.id);
        self.community.set(held.community);
        let fields = self.texts().into_iter().chain(self.more_texts());
        for (field, text) in fields.zip(held.texts.into_iter().chain(held.more_texts)) {
            field.set(text);
        }
        if let Some(kind) = held.access {
            self.access.kind().set(kind);
        }
        if let Some(is_discoverable) = held.is_discoverable {
            self.is_discoverable.set(is_discoverable);
        }
        self.is_ai_generated.set(held.is_ai_generated);
        self.people.restore(&held.people);
        self.people.restore_answers(&held.answers);
    }

    /// Restores the initial selections.
    fn choose_anew(&self) {
        self.access.kind().set(AccessKind::Public);
        self.access.forget_password();
        self.is_discoverable.set(true);
    }

    /// Clears what was created.
    fn clear(&self) {
        self.clear_group();
        // People who were not added are in the results, and can be added on the group's own page.
        let people: Vec<PersonKey> = self.people.usable().into_iter().map(|person| person.key).collect();
        self.people.take_out(&people);
    }

    fn clear_group(&self) {
        let id = if self.identity.id_shape == IdShape::Uuid { random_uuid() } else { String::new() };
        self.id.set(id);
        for field in self.texts() {
            field.set(String::new());
        }
        self.picture.clear();
        self.topics.clear();
        self.template.clear();
        self.metadata.clear();
        self.is_ai_generated.set(false);
    }

    /// The contents besides the people; tracked.
    fn fields(&self) -> GroupFields {
        GroupFields {
            id: self.id.get(),
            community: self.community.get(),
            name: self.name.get(),
            description: self.description.get(),
            tags: self.tags.get(),
            access: self.access.kind().get(),
            password: self.access.password(),
            owner: self.owner.get(),
            is_discoverable: self.is_discoverable.get(),
            picture: self.picture.text().get(),
            topics: self.topics.text().get(),
            template: self.template.text().get(),
            is_ai_generated: self.is_ai_generated.get(),
            metadata: self.metadata.object(),
        }
    }

    fn command(&self) -> Result<Command, GroupProblem> {
        self.fields().command(&self.groups, &self.identity, self.people.with_scopes())
    }

    /// Why nothing can be sent yet, as a sentence.
    fn reason(&self) -> Option<String> {
        self.command().err().as_ref().map(said)
    }

    fn plan_input(&self, connection: &Arc<Connection>, runs: Runs) -> Option<PlanInput> {
        let command = self.command().ok()?;
        let group = command.operations.first()?.group()?.clone();
        let snapshot = Snapshot::before_creation(group);
        Some(PlanInput { connection: connection.clone(), id: runs.next_plan_id(), command, snapshot })
    }
}

/// Why a group cannot be created yet, as a sentence.
pub(super) fn said(problem: &GroupProblem) -> String {
    match problem {
        GroupProblem::Community => text::groups_why_community(),
        GroupProblem::Id => text::groups_why_id(),
        GroupProblem::Name => text::groups_why_name(),
        GroupProblem::Password => text::groups_why_password(),
        GroupProblem::Owner => text::groups_why_owner(),
        GroupProblem::Picture(error) => bad_picture(*error),
        GroupProblem::Topics(error) => bad_numbers(error),
        GroupProblem::Template(error) => bad_number(error),
        GroupProblem::Metadata => text::groups_metadata_bad(),
        GroupProblem::TooLong(error) => too_long(*error),
        GroupProblem::TooManyFirst(most) => text::groups_too_many_first(*most),
    }
}

fn fields(connection: &Arc<Connection>, form: Form) -> AnyView {
    let vendor = connection.vendor;
    let shape = form.identity.id_shape;
    let bad_id = move |value: RwSignal<String>| {
        let typed = typed(value)?;
        domain::key::id(&typed, shape).is_err().then(text::groups_bad_id)
    };
    let has_community = form.groups.belongs_to_community;
    let community = has_community.then(|| {
        pickers::group_picker(connection, form.community, GroupKind::Community, Signal::stored(None))
    });
    let id_help = if shape == IdShape::Uuid { text::groups_id_help_made } else { text::groups_id_help };
    let owner = (!has_community).then(|| {
        view! {
            <TextInput
                label=text::groups_owner
                value=form.owner
                optional=true
                mono=true
                help=Signal::derive(text::groups_owner_help)
                error=Signal::derive(move || bad_id(form.owner))
            />
        }
    });
    let access = if has_community {
        view! {
            <Checkbox
                label=text::groups_discoverable
                checked=form.is_discoverable
                help=Signal::derive(text::groups_discoverable_help)
            />
        }
        .into_any()
    } else {
        form.access.view()
    };
    let asks = form.groups.form;
    let topics = asks.has_topics.then(|| {
        view! {
            <div class="form-grid">
                {form.topics.view(text::groups_topics, text::groups_topics_help, false)}
                {form.template.view(text::groups_template, text::groups_template_help, true)}
            </div>
            <Checkbox label=text::groups_made_by_ai_group checked=form.is_ai_generated />
        }
    });
    let metadata = asks.has_metadata.then(|| form.metadata.view(text::groups_metadata_help));
    let first_members = match asks.n_first_members {
        Some(_) => text::groups_first_members_scopes,
        None => text::groups_first_members_after,
    };
    view! {
        {community}
        <div class="form-grid">
            <TextInput label=text::groups_name value=form.name required=true />
            <TextInput
                label=text::groups_id
                value=form.id
                required=true
                mono=true
                help=Signal::derive(id_help)
                error=Signal::derive(move || bad_id(form.id))
            />
        </div>
        <TextArea label=text::groups_description value=form.description optional=true rows=2 />
        <TextInput
            label=text::groups_tags
            value=form.tags
            optional=true
            help=Signal::derive(text::groups_tags_help)
        />
        {access}
        {owner}
        <PeopleBox people=form.people vendor=vendor help=first_members />
        {form.picture.view(text::groups_picture, vendor)}
        {topics}
        {metadata}
    }
    .into_any()
}

/// The group that a run created, as far as its answer or its plan tells.
pub(super) fn created_group(run: &RunView) -> Option<KnownGroup> {
    let is_whole = |row: &domain::receipt::ReceiptRow| {
        matches!(*row.change.operation, Operation::CreateGroup(_) | Operation::CreateCommunity(_))
    };
    let row = run.receipt().rows.into_iter().find(is_whole)?;
    if row.outcome.as_ref().map(|outcome| outcome.verdict()) != Some(Verdict::Done) {
        return None;
    }
    let named = run.groups().into_iter().next();
    let (id, name, kind) = match &*row.change.operation {
        Operation::CreateGroup(new) => (Some(new.id.clone()), new.name.clone(), GroupKind::Group),
        Operation::CreateCommunity(new) => {
            (named.map(|group| group.id), new.name.clone(), GroupKind::Community)
        }
        _ => return None,
    };
    Some(KnownGroup { id: id?, name, kind })
}

/// Adds a group to the connection's known groups, for a vendor that cannot list them.
pub(super) fn remember(session: Session, connection: &Connection, group: &KnownGroup) {
    let Some(now) = session.connection_now(&connection.id) else { return };
    if now.known_groups.iter().any(|known| known.id == group.id && known.kind == group.kind) {
        return;
    }
    let mut changed = Connection::clone(&now);
    changed.known_groups.push(group.clone());
    session.save(changed);
}

/// A version 4 UUID. It only has to be unique, not secret.
pub(super) fn random_uuid() -> String {
    let mut hex = String::new();
    while hex.len() < 32 {
        let part = random::bits() as u32 % 65_536;
        hex.push_str(&format!("{part:04x}"));
    }
    let variant = ["8", "9", "a", "b"][random::bits() as usize % 4];
    [&hex[..8], "-", &hex[8..12], "-4", &hex[13..16], "-", variant, &hex[17..20], "-", &hex[20..32]].concat()
}

#[cfg(test)]
mod tests {
    use domain::{Vendor, group::Access};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// A form that asks who may join.
    fn form() -> Form {
        let mut all = Vendor::ALL.into_iter().map(vendors::capabilities);
        let asks = |groups: &Groups| !groups.belongs_to_community;
        let found = all.find_map(|it| it.groups.filter(asks).map(|groups| Form::new(groups, it.identity)));
        found.expect("a vendor has such groups")
    }

    #[wasm_bindgen_test]
    fn every_choice_comes_back_but_the_password() {
        let owner = Owner::new();
        owner.set();
        let (left, back) = (form(), form());
        left.id.set("crew".to_owned());
        left.name.set("Crew".to_owned());
        left.access.kind().set(AccessKind::Password);
        left.is_discoverable.set(false);
        left.is_ai_generated.set(true);
        for (n, text) in left.more_texts().into_iter().enumerate() {
            text.set(format!("text {n}"));
        }
        let held = left.stored().expect("something was typed");
        let json = serde_json::to_string(&held).expect("JSON");
        back.restore(serde_json::from_str(&json).expect("it is read"));
        assert_eq!(back.stored(), Some(held));
        assert_eq!(back.access.access(), None, "the password is asked for again");

        left.access.kind().set(AccessKind::Private);
        back.restore(left.stored().expect("something was typed"));
        assert_eq!(back.access.access(), Some(Access::Private));
        owner.cleanup();
    }

    #[wasm_bindgen_test]
    fn what_an_earlier_release_kept_is_read() {
        let owner = Owner::new();
        owner.set();
        let form = form();
        let kept = r#"{"id":"crew","community":null,"texts":["Crew","","a, b",""],"people":["fan-001"]}"#;
        form.restore(serde_json::from_str(kept).expect("it is read"));
        let held = form.stored().expect("something was typed");
        assert_eq!(
            (&*held.texts[0], &*held.texts[2], &*held.people),
            ("Crew", "a, b", &["fan-001".to_owned()][..])
        );
        assert_eq!((held.access, held.is_discoverable), (Some(AccessKind::Public), Some(true)));
        owner.cleanup();
    }
}
