//! The form that changes a group.

use std::sync::Arc;

use domain::capabilities::{GroupForm, IdShape};
use domain::form::group::GroupTexts;
use domain::group::{PictureEdit, names, text_edit};
use domain::receipt::ReceiptRow;
use domain::{Connection, Group, GroupEdit, Operation, Vendor};
use leptos::prelude::*;

use super::edit::group_plan;
use crate::features::adding::group_fields::{
    AccessFields, MetadataField, NumbersField, PictureField, bad_numbers, bad_picture, too_long, typed,
};
use crate::features::adding::sending::{Sending, sending};
use crate::features::reviewing::draft;
use crate::state::runs::{RunView, use_runs};
use i18n::text;
use ui::{Checkbox, Segment, Segments, Selection, TextArea, TextInput};

/// Whether the group can be found: as it is, or as chosen.
const FOUND: [Option<bool>; 3] = [None, Some(true), Some(false)];

/// The form that changes a group. Known values are filled in, and clearing such a field clears the value. An
/// empty field of an unknown value leaves it unchanged; a checkbox below clears it.
pub(super) fn edit_form(
    connection: Arc<Connection>,
    group: Group,
    is_known: bool,
    again: Callback<()>,
) -> AnyView {
    let runs = use_runs();
    let form = Form::new(connection.vendor, group, is_known);
    let fields = form.fields(connection.vendor);
    let plan = {
        let connection = connection.clone();
        draft(move || {
            let edit = form.edit();
            if edit == GroupEdit::default() || form.unreadable().is_some() {
                return None;
            }
            let id = form.group.with(|group| group.id.clone());
            let wanted = Operation::EditGroup { group: id.clone(), edit: Box::new(edit) };
            let known = form.is_known.then(|| form.group.get());
            Some(group_plan(&connection, runs, &id, wanted, known))
        })
    };
    let around = Sending {
        connection,
        plan,
        label: Signal::derive(text::groups_save),
        reason: Signal::derive(move || form.reason()),
        n_unusable: Signal::stored(0),
        on_end: Callback::new(move |(run,): (RunView,)| {
            if run.tally().n_done > 0 {
                form.take_over(&run);
                again.run(());
            }
        }),
        run_key: "edit",
    };
    sending(around, fields)
}

/// The fields, and the group as it is known. Copies share the same signals.
#[derive(Clone, Copy)]
struct Form {
    asks: GroupForm,
    shape: IdShape,
    has_owner: bool,
    is_known: bool,
    group: RwSignal<Group>,
    known: RwSignal<Known>,
    name: RwSignal<String>,
    description: RwSignal<String>,
    tags: RwSignal<String>,
    owner: RwSignal<String>,
    access: AccessFields,
    picture: PictureField,
    topics: NumbersField,
    metadata: MetadataField,
    found: Selection<Option<bool>>,
    // Offered only where the current value is unknown.
    clears_description: RwSignal<bool>,
    clears_tags: RwSignal<bool>,
    clears_metadata: RwSignal<bool>,
}

impl Form {
    fn new(vendor: Vendor, group: Group, is_known: bool) -> Self {
        let capabilities = vendors::capabilities(vendor);
        let asks = capabilities.groups.map_or(GroupForm::LEAST, |groups| groups.form);
        let text_of = |value: Option<&str>| RwSignal::new(value.unwrap_or_default().to_owned());
        let known = Known::of(&group, is_known);
        Self {
            asks,
            shape: capabilities.identity.id_shape,
            has_owner: capabilities.groups.is_some_and(|groups| !groups.belongs_to_community),
            is_known,
            name: text_of(is_known.then_some(&*group.name)),
            description: text_of(known.description.as_deref()),
            tags: text_of(known.tags.as_deref()),
            owner: text_of(group.owner.as_deref()),
            access: AccessFields::new(group.access.as_ref()),
            picture: PictureField::new(asks.picture, group.picture.as_deref()),
            topics: NumbersField::default(),
            metadata: MetadataField::new(known.metadata.as_deref()),
            found: Selection::new(&FOUND, None),
            clears_description: RwSignal::new(false),
            clears_tags: RwSignal::new(false),
            clears_metadata: RwSignal::new(false),
            known: RwSignal::new(known),
            group: RwSignal::new(group),
        }
    }

    fn has_same_picture(self) -> bool {
        self.group.with(|group| self.picture.typed() == group.picture)
    }

    /// An invalid picture is reported by `unreadable`, which blocks sending.
    fn picture_edit(self) -> Option<PictureEdit> {
        match self.picture.picture().ok().filter(|_| !self.has_same_picture())? {
            Some(picture) => Some(PictureEdit::Set(picture)),
            None => self.asks.can_clear_picture.then_some(PictureEdit::Clear),
        }
    }

    /// Why a field cannot be sent, as a sentence.
    fn unreadable(self) -> Option<String> {
        let picture = self.picture.picture().err().filter(|_| !self.has_same_picture());
        let numbers = || self.topics.numbers().err().as_ref().map(bad_numbers);
        let exceeded = || {
            let texts = GroupTexts {
                name: &self.name.get(),
                description: &self.description.get(),
                n_password: self.access.password_len(),
                tags: &self.tags.get(),
                metadata: &self.metadata.object()?,
            };
            self.asks.max?.exceeded(&texts).map(too_long)
        };
        picture.map(bad_picture).or_else(numbers).or_else(|| self.metadata.problem()).or_else(exceeded)
    }

    /// The difference between the fields and the group.
    fn edit(self) -> GroupEdit {
        let Self { access, has_owner, .. } = self;
        self.group.with(|group| GroupEdit {
            name: typed(self.name).filter(|name| *name != group.name),
            description: self.known.with(|known| {
                let typed = typed(self.description).unwrap_or_default();
                text_edit(known.description.as_deref(), &typed, self.clears_description.get())
            }),
            tags: self.known.with(|known| {
                let typed = one_line(&names(&typed(self.tags).unwrap_or_default()));
                text_edit(known.tags.as_deref(), &typed, self.clears_tags.get())
            }),
            access: (has_owner && access.differs_from(group.access.as_ref()))
                .then(|| access.access())
                .flatten(),
            owner: typed(self.owner).filter(|owner| has_owner && group.owner.as_ref() != Some(owner)),
            is_discoverable: self.found.get(),
            picture: self.picture_edit(),
            topics: self.topics.numbers().ok().filter(|topics| !topics.is_empty()),
            metadata: self.known.with(|known| {
                let typed = self.metadata.object()?;
                let known = known.metadata.as_deref();
                let is_same = known.is_some_and(|known| is_same_object(known, &typed));
                let is_asked = self.asks.has_metadata && !is_same;
                is_asked.then(|| text_edit(known, &typed, self.clears_metadata.get())).flatten()
            }),
        })
    }

    fn has_password(self) -> bool {
        self.group.with(|group| !self.access.differs_from(group.access.as_ref()))
            || self.access.access().is_some()
    }

    fn bad_owner(self) -> Option<String> {
        let Some(owner) = typed(self.owner) else {
            // An owner can be replaced, but not removed.
            return self.group.with(|group| group.owner.is_some()).then(text::groups_owner_needed);
        };
        domain::key::id(&owner, self.shape).is_err().then(text::groups_bad_id)
    }

    /// Why nothing can be sent yet.
    fn reason(self) -> Option<String> {
        if self.is_known && typed(self.name).is_none() {
            Some(text::groups_why_name())
        } else if !self.has_password() {
            Some(text::groups_why_password())
        } else if let Some(bad_owner) = self.bad_owner().filter(|_| self.has_owner) {
            Some(if typed(self.owner).is_some() { text::groups_why_owner() } else { bad_owner })
        } else if let Some(unreadable) = self.unreadable() {
            Some(unreadable)
        } else {
            (self.edit() == GroupEdit::default()).then(text::groups_why_nothing)
        }
    }

    /// Makes what was sent the new current state: it must not be sent again with the next change. A run in the
    /// URL from before does not match the form.
    fn take_over(self, run: &RunView) {
        let now = self.edit();
        let is_what_was_sent = |row: &ReceiptRow| matches!(&*row.change.operation, Operation::EditGroup { edit, .. } if **edit == now);
        if run.receipt().rows.iter().any(is_what_was_sent) {
            self.group.update(|group| apply_edit(group, &now));
            self.known.set(Known::of(&self.group.get_untracked(), self.is_known));
            for clears in [self.clears_description, self.clears_tags, self.clears_metadata] {
                clears.set(false);
            }
            self.access.forget_password();
            self.topics.clear();
            self.found.set(None);
        }
    }

    fn fields(self, vendor: Vendor) -> AnyView {
        let Self { asks, has_owner, description, tags, metadata, .. } = self;
        let owner = has_owner.then(|| self.owner_fields());
        let topics = asks
            .has_topics
            .then(|| self.topics.view(text::groups_topics, text::groups_topics_replace, false));
        let found = (!has_owner).then(|| self.found_field());
        let (knows_description, knows_tags, knows_metadata) = self.known.with_untracked(|known| {
            (known.description.is_some(), known.tags.is_some(), known.metadata.is_some())
        });
        let is_empty = move |value: RwSignal<String>| Signal::derive(move || typed(value).is_none());
        let no_description = (!knows_description).then(|| {
            clear_box(is_empty(description), text::groups_clear_description, self.clears_description)
        });
        let no_tags =
            (!knows_tags).then(|| clear_box(is_empty(tags), text::groups_clear_tags, self.clears_tags));
        let no_metadata = (asks.has_metadata && !knows_metadata).then(|| {
            let is_empty = Signal::derive(move || metadata.is_empty());
            clear_box(is_empty, text::groups_clear_metadata, self.clears_metadata)
        });
        let metadata = asks.has_metadata.then(|| {
            let help =
                if knows_metadata { text::groups_metadata_edit } else { text::groups_metadata_replace };
            metadata.view(help)
        });
        let tags_help = if knows_tags { text::groups_tags_edit } else { text::groups_tags_replace };
        let as_it_is = (!self.is_known).then(|| view! { <p class="help">{text::groups_empty_stays}</p> });
        view! {
            {as_it_is}
            <TextInput label=text::groups_name value=self.name />
            <TextArea label=text::groups_description value=description optional=true rows=2 />
            {no_description}
            <TextInput label=text::groups_tags value=tags optional=true help=Signal::derive(tags_help) />
            {no_tags}
            {owner}
            {self.picture.view(text::groups_picture, vendor)}
            {topics}
            {found}
            {metadata}
            {no_metadata}
        }
        .into_any()
    }

    fn owner_fields(self) -> AnyView {
        view! {
            {self.access.view()}
            <TextInput
                label=text::groups_owner
                value=self.owner
                mono=true
                help=Signal::derive(text::groups_owner_transfer)
                error=Signal::derive(move || self.bad_owner())
            />
        }
        .into_any()
    }

    fn found_field(self) -> AnyView {
        let answers = vec![
            Segment::new(None, text::groups_found_stays),
            Segment::new(Some(true), text::groups_found_yes),
            Segment::new(Some(false), text::groups_found_no),
        ];
        view! { <Segments legend=text::groups_found value=self.found segments=answers /> }.into_any()
    }
}

/// The checkbox that clears an unknown value, while its field is empty.
fn clear_box(is_empty: Signal<bool>, label: fn() -> String, clears: RwSignal<bool>) -> AnyView {
    let tick = move || {
        // Typing a value and clearing it exclude each other.
        clears.set(false);
        is_empty.get().then(|| view! { <Checkbox label=label checked=clears /> })
    };
    view! { <div>{tick}</div> }.into_any()
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
fn apply_edit(group: &mut Group, edit: &GroupEdit) {
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
