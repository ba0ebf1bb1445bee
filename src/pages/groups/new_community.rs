//! The form that creates a community.

use std::sync::Arc;

use domain::capabilities::{GroupForm, Identity};
use domain::form::community::{CommunityFields, CommunityProblem};
use domain::group::{AccessKind, MadeByAi};
use domain::list::EntryStatus;
use domain::{Command, Connection, PersonKey, Snapshot};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::new_group::{created_group, remember};
use crate::features::adding::group_fields::{NumbersField, PictureField, bad_numbers, bad_picture};
use crate::features::adding::people::{Answers, People};
use crate::features::adding::people_box::PeopleBox;
use crate::features::adding::sending::{Sending, is_under_way, sending};
use crate::features::adding::unsent::{Unsent, unsent};
use crate::features::reviewing::draft;
use crate::routing::paths;
use crate::state::runs::{PlanInput, RunView, Runs, use_runs};
use crate::state::session::use_session;
use i18n::text;
use ui::{
    Checkbox, Segment, Segments, Selection, TextArea, TextInput, Tone, Variant, link_button, titled_notice,
};

/// The initially selected kind of community.
/// Who may join a community.
const KINDS: [AccessKind; 2] = [AccessKind::Public, AccessKind::Private];

/// The contents of the form.
#[derive(Clone, Copy)]
struct Form {
    asks: GroupForm,
    handle: RwSignal<String>,
    name: RwSignal<String>,
    description: RwSignal<String>,
    tags: RwSignal<String>,
    kind: Selection<AccessKind>,
    picture: PictureField,
    banner: PictureField,
    categories: NumbersField,
    new_categories: RwSignal<String>,
    /// For the community, its picture and its banner.
    made_by_ai: [RwSignal<bool>; 3],
    people: People,
}

fn kinds() -> Vec<Segment<AccessKind>> {
    vec![
        Segment::new(AccessKind::Public, text::groups_community_public),
        Segment::new(AccessKind::Private, text::groups_community_private),
    ]
}

/// The form and its results.
pub fn new_community(connection: Arc<Connection>) -> AnyView {
    let (session, runs) = (use_session(), use_runs());
    let capabilities = vendors::capabilities(connection.vendor);
    let asks = capabilities.groups.map_or(GroupForm::LEAST, |groups| groups.form);
    let form = Form::new(asks, capabilities.identity);
    let kept = Unsent {
        connection: connection.clone(),
        form: "new-community".to_owned(),
        holds: Callback::new(move |()| form.stored()),
        restore: Callback::new(move |held| form.restore(held)),
        clear: Callback::new(move |()| {
            form.clear();
            form.people.clear();
            form.kind.set(AccessKind::Public);
        }),
        take_out: Callback::new(move |sent: StoredForm| {
            if form.texts().map(|text| text.get())[..2] == sent.texts[..2] {
                form.clear_community();
                form.people.take_out_typed(&sent.people, &sent.answers);
            }
        }),
        is_sent: is_under_way("run"),
    };
    let plan = {
        let connection = connection.clone();
        draft(move || form.plan_input(&connection, runs))
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
        n_unusable: Signal::derive(move || form.people.count(EntryStatus::Refused)),
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
        <Segments legend=text::groups_access value=form.kind segments=kinds() />
        <TextArea label=text::groups_description value=form.description optional=true rows=2 />
        <TextInput
            label=text::groups_tags
            value=form.tags
            optional=true
            help=Signal::derive(text::groups_tags_help)
        />
        <PeopleBox people=form.people vendor=connection.vendor help=text::groups_first_members_ids />
        <div class="form-grid">
            {form.picture.view(text::groups_picture, connection.vendor)}
            {form.banner.view(text::groups_banner, connection.vendor)}
            {form.categories.view(text::groups_categories, text::groups_categories_help, false)}
            <TextInput
                label=text::groups_categories_new
                value=form.new_categories
                optional=true
                help=Signal::derive(text::groups_categories_new_help)
            />
        </div>
        <div class="stack-1">
            <Checkbox label=text::groups_made_by_ai_community checked=form.made_by_ai[0] />
            <Checkbox label=text::groups_made_by_ai_picture checked=form.made_by_ai[1] />
            <Checkbox label=text::groups_made_by_ai_banner checked=form.made_by_ai[2] />
        </div>
    };
    let form_view = unsent(kept, move || sending(around, fields.into_any()));
    view! {
        {done}
        {form_view}
    }
    .into_any()
}

/// The kept contents of an unsent form. Fields that an earlier release did not keep get their defaults.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct StoredForm {
    texts: [String; 5],
    people: Vec<String>,
    answers: Answers,
    /// Picture, banner and categories.
    more_texts: [String; 3],
    kind: Option<AccessKind>,
    made_by_ai: [bool; 3],
}

impl Form {
    fn new(asks: GroupForm, identity: Identity) -> Self {
        Self {
            asks,
            handle: RwSignal::new(String::new()),
            name: RwSignal::new(String::new()),
            description: RwSignal::new(String::new()),
            tags: RwSignal::new(String::new()),
            kind: Selection::new(&KINDS, AccessKind::Public),
            picture: PictureField::new(asks.picture, None),
            banner: PictureField::new(asks.picture, None),
            categories: NumbersField::default(),
            new_categories: RwSignal::new(String::new()),
            made_by_ai: [RwSignal::new(false), RwSignal::new(false), RwSignal::new(false)],
            // First members of a community are named by id only.
            people: People::new(Identity { takes_phones: false, takes_emails: false, ..identity }),
        }
    }

    fn more_texts(&self) -> [RwSignal<String>; 3] {
        [self.picture.text(), self.banner.text(), self.categories.text()]
    }

    fn texts(&self) -> [RwSignal<String>; 5] {
        [self.handle, self.name, self.description, self.tags, self.new_categories]
    }

    /// `None` if nothing was typed: selections alone are quickly made again.
    fn stored(&self) -> Option<StoredForm> {
        let (texts, people) = (self.texts().map(|text| text.get()), self.people.lines());
        let more_texts = self.more_texts().map(|text| text.get());
        let mut all_texts = texts.iter().chain(&more_texts);
        let is_empty = people.is_empty() && all_texts.all(|text| text.trim().is_empty());
        (!is_empty).then(|| StoredForm {
            texts,
            people,
            answers: self.people.answers(),
            more_texts,
            kind: Some(self.kind.get()),
            made_by_ai: self.made_by_ai.map(|is_in_effect| is_in_effect.get()),
        })
    }

    fn restore(&self, held: StoredForm) {
        let fields = self.texts().into_iter().chain(self.more_texts());
        for (field, text) in fields.zip(held.texts.into_iter().chain(held.more_texts)) {
            field.set(text);
        }
        if let Some(kind) = held.kind {
            self.kind.set(kind);
        }
        for (field, is_in_effect) in self.made_by_ai.into_iter().zip(held.made_by_ai) {
            field.set(is_in_effect);
        }
        self.people.restore(&held.people);
        self.people.restore_answers(&held.answers);
    }

    /// Clears what was created.
    fn clear(&self) {
        self.clear_community();
        let people: Vec<PersonKey> = self.people.usable().into_iter().map(|person| person.key).collect();
        self.people.take_out(&people);
    }

    fn clear_community(&self) {
        for field in self.texts() {
            field.set(String::new());
        }
        for field in self.made_by_ai {
            field.set(false);
        }
        self.picture.clear();
        self.banner.clear();
        self.categories.clear();
    }

    fn command(&self) -> Result<Command, CommunityProblem> {
        let [community, picture, banner] = self.made_by_ai.map(|is_in_effect| is_in_effect.get());
        let fields = CommunityFields {
            handle: self.handle.get(),
            name: self.name.get(),
            description: self.description.get(),
            tags: self.tags.get(),
            access: self.kind.get(),
            picture: self.picture.text().get(),
            banner: self.banner.text().get(),
            categories: self.categories.text().get(),
            new_categories: self.new_categories.get(),
            made_by_ai: MadeByAi { community, picture, banner },
        };
        fields.command(&self.asks, self.people.usable())
    }

    /// Why nothing can be sent yet, as a sentence.
    fn reason(&self) -> Option<String> {
        Some(match self.command().err()? {
            CommunityProblem::Name => text::groups_why_name(),
            CommunityProblem::Handle => text::groups_why_handle(),
            CommunityProblem::Picture(error) => bad_picture(error),
            CommunityProblem::Categories(error) => bad_numbers(&error),
        })
    }

    fn plan_input(&self, connection: &Arc<Connection>, runs: Runs) -> Option<PlanInput> {
        let (command, snapshot) = (self.command().ok()?, Snapshot::default());
        Some(PlanInput { connection: connection.clone(), id: runs.next_plan_id(), command, snapshot })
    }
}

#[cfg(test)]
mod tests {
    use domain::Vendor;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn form() -> Form {
        Form::new(GroupForm::LEAST, vendors::capabilities(Vendor::Genuin).identity)
    }

    #[wasm_bindgen_test]
    fn every_choice_comes_back() {
        let owner = Owner::new();
        owner.set();
        let (left, back) = (form(), form());
        left.kind.set(AccessKind::Private);
        left.made_by_ai[1].set(true);
        for (n, text) in left.texts().into_iter().chain(left.more_texts()).enumerate() {
            text.set(format!("text {n}"));
        }
        let held = left.stored().expect("something was typed");
        let json = serde_json::to_string(&held).expect("JSON");
        back.restore(serde_json::from_str(&json).expect("it is read"));
        assert_eq!(back.stored(), Some(held));

        // Kept by an earlier release.
        let kept = r#"{"texts":["crew","Crew","","",""],"people":[]}"#;
        let old = form();
        old.restore(serde_json::from_str(kept).expect("it is read"));
        let held = old.stored().expect("something was typed");
        assert_eq!((&*held.texts[1], held.kind), ("Crew", Some(AccessKind::Public)));
        owner.cleanup();
    }
}
