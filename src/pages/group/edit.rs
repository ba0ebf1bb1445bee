//! Changes a group itself, and deletes it.

use std::sync::Arc;

use domain::capabilities::GroupForm;
use domain::group::{PictureEdit, names, text_edit};
use domain::plan::plan;
use domain::receipt::Row;
use domain::{
    Command, Connection, Group, GroupEdit, GroupId, Operation, Person, PersonKey, Plan, PlanId, Snapshot,
};
use leptos::prelude::*;

use super::board::Board;
use crate::features::adding::group_fields::{
    AccessFields, MetadataField, NumbersField, PictureField, Texts, typed,
};
use crate::features::adding::sending::{Sending, sending};
use crate::features::results::RunResults;
use crate::features::reviewing::draft;
use crate::features::words;
use crate::routing::paths;
use crate::state::runs::{RunView, Runs, use_runs};
use i18n::text;
use ui::{
    Button, Checkbox, Dialog, Segment, Segments, TextArea, TextInput, Tone, Variant, link_button, next_id,
    titled_notice,
};

/// Which is open: the form, the dialog, or the run that deletes.
#[derive(Clone, Copy)]
pub struct Editing {
    board: Board,
    runs: Runs,
    is_editing: RwSignal<bool>,
    is_deleting: RwSignal<bool>,
    deleted: RwSignal<Option<PlanId>>,
    /// True once the group was deleted from here.
    pub is_gone: Memo<bool>,
}

impl Editing {
    /// The initial state, with everything closed.
    pub fn new(board: Board) -> Self {
        let runs = use_runs();
        let deleted = RwSignal::new(None::<PlanId>);
        let is_gone = Memo::new(move |_| {
            let run = deleted.get().and_then(|id| runs.get(&id));
            run.is_some_and(|run| run.is_over() && run.tally().n_done == 1)
        });
        let (is_editing, is_deleting) = (RwSignal::new(false), RwSignal::new(false));
        Self { board, runs, is_editing, is_deleting, deleted, is_gone }
    }

    /// The buttons that the vendor supports.
    pub fn actions(self) -> AnyView {
        let groups = self.board.capabilities().groups;
        let edit = groups.is_some_and(|groups| groups.can_edit).then(|| {
            let toggle = move || self.is_editing.update(|is_editing| *is_editing = !*is_editing);
            view! { <Button label=text::groups_edit icon="pencil" expanded=self.is_editing on_press=toggle /> }
        });
        let delete = groups.is_some_and(|groups| groups.can_delete).then(|| {
            let open = move || self.is_deleting.set(true);
            view! {
                <Button label=text::groups_delete variant=Variant::Danger has_popup="dialog" on_press=open />
            }
        });
        view! { {edit}{delete} }.into_any()
    }

    /// The form while it is open, the dialog, and the result of deleting.
    pub fn view(self, again: Callback<()>) -> AnyView {
        let form = move || {
            (self.is_editing.get() && !self.is_gone.get()).then(|| {
                let connection = self.board.connection.get_value();
                let group = self.board.roster.with_untracked(|roster| roster.group.clone());
                edit_form(connection, group, true, again)
            })
        };
        let run = move || self.deleted.get().and_then(|id| untrack(|| self.runs.get(&id)));
        let came_of_it = move || run().map(|run| self.came_of_it(run));
        view! { {form}{came_of_it}{self.dialog()} }.into_any()
    }

    fn came_of_it(self, run: RunView) -> AnyView {
        let list = self.board.connection.with_value(|connection| paths::groups(connection.id.as_str()));
        let gone = move || {
            self.is_gone.get().then(|| {
                let list = link_button(list.clone(), text::groups_to_list, Variant::Plain, true, "");
                titled_notice(Tone::Done, text::groups_deleted(), text::groups_deleted_body(), Some(list))
            })
        };
        view! { {gone}<RunResults run=run /> }.into_any()
    }

    fn dialog(self) -> AnyView {
        let id = self.board.group.with_value(|group| group.to_string());
        let typed_id = RwSignal::new(String::new());
        Effect::new(move |_| {
            if self.is_deleting.get() {
                typed_id.set(String::new());
            }
        });
        let reason = {
            let id = id.clone();
            Signal::derive(move || (typed_id.with(|typed| typed.trim() != id)).then(text::groups_delete_why))
        };
        let delete = move || {
            self.is_deleting.set(false);
            let connection = self.board.connection.get_value();
            let group = self.board.group.get_value();
            let plan =
                group_plan(&connection, self.runs, &group, Operation::DeleteGroup { group: group.clone() });
            let title = words::what(&plan, &connection);
            self.deleted.set(self.runs.start(plan, &title).map(|run| run.id().clone()));
        };
        let foot = move || {
            view! {
                <Button label=text::common_cancel on_press=move || self.is_deleting.set(false) />
                <Button
                    label=text::groups_delete_now
                    variant=Variant::Danger
                    disabled_reason=reason
                    on_press=delete
                />
            }
        };
        let name = move || self.board.roster.with(|roster| roster.group.name.to_string());
        let n_members =
            move || self.board.roster.with(|roster| roster.group.n_members.unwrap_or_default() as usize);
        let id_beside = next_id("group-id");
        view! {
            <Dialog title=move || text::groups_delete_title(&name()) open=self.is_deleting foot=foot>
                <p>{move || text::groups_delete_body(n_members())}</p>
                <p>
                    {text::groups_delete_id}" "
                    <bdi translate="no" class="id" id=id_beside.clone()>{id.clone()}</bdi>
                </p>
                <TextInput label=text::groups_delete_type value=typed_id mono=true beside=id_beside.clone() />
            </Dialog>
        }
        .into_any()
    }
}

/// The form that changes a group. Known values are filled in, and clearing such a field clears the value. An
/// empty field of an unknown value leaves it unchanged; a checkbox below clears it.
pub fn edit_form(connection: Arc<Connection>, group: Group, is_known: bool, again: Callback<()>) -> AnyView {
    let runs = use_runs();
    let capabilities = vendors::capabilities(connection.vendor);
    let shape = capabilities.identity.id_shape;
    let has_owner = capabilities.groups.is_some_and(|groups| !groups.belongs_to_community);
    let asks = capabilities.groups.map_or(GroupForm::LEAST, |groups| groups.form);
    let text_of = |value: Option<&str>| RwSignal::new(value.unwrap_or_default().to_owned());
    let known = Known::of(&group, is_known);
    let name = text_of(is_known.then_some(&*group.name));
    let description = text_of(known.description.as_deref());
    let tags = text_of(known.tags.as_deref());
    let owner = text_of(group.owner.as_deref());
    let access = AccessFields::new(group.access.as_ref());
    let picture = PictureField::new(asks.picture, group.picture.as_deref());
    let topics = NumbersField::default();
    let metadata = MetadataField::new(known.metadata.as_deref());
    // Offered only where the current value is unknown.
    let (clears_description, clears_tags, clears_metadata) =
        (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let known = RwSignal::new(known);
    let found = RwSignal::new("stays".to_owned());
    let group = RwSignal::new(group);
    // An invalid picture is reported by `reason` below, which blocks sending.
    let picture_edit = move || {
        let is_same = group.with(|group| picture.typed() == group.picture);
        match picture.picture().ok().filter(|_| !is_same)? {
            Some(picture) => Some(PictureEdit::Set(picture)),
            None => asks.can_clear_picture.then_some(PictureEdit::Clear),
        }
    };
    let unreadable = move || {
        let is_same = group.with(|group| picture.typed() == group.picture);
        let picture = picture.picture().err().filter(|_| !is_same);
        let texts = Texts { name, description, tags, access, metadata };
        let numbers = || topics.numbers().err();
        picture.or_else(numbers).or_else(|| metadata.object().err()).or_else(|| texts.too_long(asks))
    };
    let edit = move || {
        group.with(|group| GroupEdit {
            name: typed(name).filter(|name| *name != group.name),
            description: known.with(|known| {
                let typed = typed(description).unwrap_or_default();
                text_edit(known.description.as_deref(), &typed, clears_description.get())
            }),
            tags: known.with(|known| {
                let typed = one_line(&names(&typed(tags).unwrap_or_default()));
                text_edit(known.tags.as_deref(), &typed, clears_tags.get())
            }),
            access: (has_owner && access.differs_from(group.access.as_ref()))
                .then(|| access.access())
                .flatten(),
            owner: typed(owner).filter(|owner| has_owner && group.owner.as_ref() != Some(owner)),
            is_discoverable: match found.get().as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            picture: picture_edit(),
            topics: topics.numbers().ok().filter(|topics| !topics.is_empty()),
            metadata: known.with(|known| {
                let typed = metadata.object().ok()?;
                let known = known.metadata.as_deref();
                let is_same = known.is_some_and(|known| is_same_object(known, &typed));
                let is_asked = asks.has_metadata && !is_same;
                is_asked.then(|| text_edit(known, &typed, clears_metadata.get())).flatten()
            }),
        })
    };
    let has_password =
        move || group.with(|group| !access.differs_from(group.access.as_ref())) || access.access().is_some();
    let bad_owner = move || {
        let Some(owner) = typed(owner) else {
            // An owner can be replaced, but not removed.
            return group.with(|group| group.owner.is_some()).then(text::groups_owner_needed);
        };
        domain::paste::id(&owner, shape).is_err().then(text::groups_bad_id)
    };
    let plan = {
        let connection = connection.clone();
        draft(move || {
            let edit = edit();
            if edit == GroupEdit::default() || unreadable().is_some() {
                return None;
            }
            let id = group.with(|group| group.id.clone());
            let wanted = Operation::EditGroup { group: id.clone(), edit: Box::new(edit) };
            Some(group_plan(&connection, runs, &id, wanted))
        })
    };
    let reason = move || {
        if is_known && typed(name).is_none() {
            Some(text::groups_why_name())
        } else if !has_password() {
            Some(text::groups_why_password())
        } else if let Some(bad_owner) = bad_owner().filter(|_| has_owner) {
            Some(if typed(owner).is_some() { text::groups_why_owner() } else { bad_owner })
        } else if let Some(unreadable) = unreadable() {
            Some(unreadable)
        } else {
            (edit() == GroupEdit::default()).then(text::groups_why_nothing)
        }
    };
    let vendor = connection.vendor;
    let around = Sending {
        connection,
        plan,
        label: Signal::derive(text::groups_save),
        reason: Signal::derive(reason),
        n_unusable: Signal::stored(0),
        on_end: Callback::new(move |(run,): (RunView,)| {
            if run.tally().n_done == 0 {
                return;
            }
            // What was sent is the new current state and must not be sent again with the next change. A run
            // in the URL from before does not match the form.
            let now = edit();
            let is_what_was_sent = |row: &Row| matches!(&*row.change.operation, Operation::EditGroup { edit, .. } if **edit == now);
            if run.receipt().rows.iter().any(is_what_was_sent) {
                group.update(|group| take_in(group, &now));
                known.set(Known::of(&group.get_untracked(), is_known));
                for clears in [clears_description, clears_tags, clears_metadata] {
                    clears.set(false);
                }
                access.forget_password();
                topics.clear();
                found.set("stays".to_owned());
            }
            again.run(());
        }),
        run_key: "edit",
    };
    let owner_fields = has_owner.then(|| {
        view! {
            {access.view()}
            <TextInput
                label=text::groups_owner
                value=owner
                mono=true
                help=Signal::derive(text::groups_owner_transfer)
                error=Signal::derive(bad_owner)
            />
        }
    });
    let topics =
        asks.has_topics.then(|| topics.view(text::groups_topics, text::groups_topics_replace, false));
    let found = (!has_owner).then(|| {
        let answers = vec![
            Segment::new("stays", text::groups_found_stays),
            Segment::new("yes", text::groups_found_yes),
            Segment::new("no", text::groups_found_no),
        ];
        view! { <Segments legend=text::groups_found value=found segments=answers /> }
    });
    let takes_away =
        move |is_empty: Signal<bool>, is_known: bool, label: fn() -> String, clears: RwSignal<bool>| {
            let tick = move || {
                // Typing a value and clearing it exclude each other.
                clears.set(false);
                is_empty.get().then(|| view! { <Checkbox label=label checked=clears /> })
            };
            (!is_known).then(|| view! { <div>{tick}</div> })
        };
    let (knows_description, knows_tags, knows_metadata) = known.with_untracked(|known| {
        (known.description.is_some(), known.tags.is_some(), known.metadata.is_some())
    });
    let is_empty = move |value: RwSignal<String>| Signal::derive(move || typed(value).is_none());
    let no_description = takes_away(
        is_empty(description),
        knows_description,
        text::groups_clear_description,
        clears_description,
    );
    let no_tags = takes_away(is_empty(tags), knows_tags, text::groups_clear_tags, clears_tags);
    let no_metadata = takes_away(
        Signal::derive(move || metadata.is_empty()),
        knows_metadata || !asks.has_metadata,
        text::groups_clear_metadata,
        clears_metadata,
    );
    let metadata = asks.has_metadata.then(|| {
        let help = if knows_metadata { text::groups_metadata_edit } else { text::groups_metadata_replace };
        metadata.view(help)
    });
    let tags_help = if knows_tags { text::groups_tags_edit } else { text::groups_tags_replace };
    let as_it_is = (!is_known).then(|| view! { <p class="help">{text::groups_empty_stays}</p> });
    let fields = view! {
        {as_it_is}
        <TextInput label=text::groups_name value=name />
        <TextArea label=text::groups_description value=description optional=true rows=2 />
        {no_description}
        <TextInput label=text::groups_tags value=tags optional=true help=Signal::derive(tags_help) />
        {no_tags}
        {owner_fields}
        {picture.view(text::groups_picture, vendor)}
        {topics}
        {found}
        {metadata}
        {no_metadata}
    };
    sending(around, fields.into_any())
}

/// The known texts of a group, formatted as in the fields; `None` if unknown.
struct Known {
    description: Option<Box<str>>,
    tags: Option<Box<str>>,
    metadata: Option<Box<str>>,
}

impl Known {
    fn of(group: &Group, is_known: bool) -> Self {
        // A description that a read group lacks does not exist; its tags may be returned only on request.
        let description = group.description.as_deref().map(str::trim).unwrap_or_default();
        Self {
            description: (is_known || group.description.is_some()).then(|| description.into()),
            tags: group.tags.as_deref().map(|tags| one_line(&names(&one_line(tags)))),
            metadata: group.metadata.clone(),
        }
    }
}

/// Applies an edit that succeeded to the group.
fn take_in(group: &mut Group, edit: &GroupEdit) {
    let GroupEdit { name, description, tags, access, owner, picture, metadata, .. } = edit;
    if let Some(name) = name {
        group.name.clone_from(name);
    }
    if let Some(description) = description {
        group.description = Some(description.clone());
    }
    if let Some(tags) = tags {
        group.tags = Some(names(tags));
    }
    if access.is_some() {
        group.access.clone_from(access);
    }
    if owner.is_some() {
        group.owner.clone_from(owner);
    }
    match picture {
        Some(PictureEdit::Set(picture)) => group.picture = Some(picture.as_str().into()),
        Some(PictureEdit::Clear) => group.picture = None,
        None => {}
    }
    if metadata.is_some() {
        group.metadata.clone_from(metadata);
    }
}

fn one_line(names: &[Box<str>]) -> Box<str> {
    names.join(", ").into()
}

/// Whether two texts are the same object, regardless of formatting.
fn is_same_object(known: &str, typed: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    known == typed || (read(known).is_some() && read(known) == read(typed))
}

/// A plan that changes the group itself.
fn group_plan(connection: &Connection, runs: Runs, group: &GroupId, wanted: Operation) -> Plan {
    let whole = Person { key: PersonKey::Group(group.as_str().into()), name: None };
    let command = Command::for_all(wanted, [whole]);
    let capabilities = vendors::capabilities(connection.vendor);
    let (id, snapshot) = (runs.next_plan_id(), Snapshot::default());
    plan(id, connection.id.clone(), connection.vendor, &command, &snapshot, &capabilities)
}
