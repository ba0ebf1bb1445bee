//! The buttons that change a group itself and delete it, and what they open.

use std::sync::Arc;

use domain::snapshot::GroupSnapshot;
use domain::{Command, Connection, Group, GroupId, Operation, Person, PersonKey, PlanId, Snapshot};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::CHANGING;
use super::board::Board;
use crate::features::fetched::with_code;
use crate::features::results::run_results;
use crate::routing::paths;
use crate::state::code::NotFetched;
use crate::state::runs::{PlanInput, RunView, Runs, engine, fetch_engine, use_runs};
use i18n::text;
use ui::{
    Button, Chosen, Dialog, Menu, MenuItem, TextInput, Tone, Variant, effect, link_button, next_id,
    titled_notice, toast,
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

    /// A menu of the rarer actions that the vendor supports.
    pub fn actions(self) -> AnyView {
        let groups = self.board.capabilities().groups;
        let item = |label: fn() -> String, icon, on_select: Callback<()>| MenuItem {
            label: Signal::derive(label),
            icon,
            chosen: Chosen::Action,
            on_select,
        };
        let edit = groups.is_some_and(|groups| groups.can_edit).then(|| {
            let toggle = move |()| self.is_editing.update(|is_editing| *is_editing = !*is_editing);
            item(text::groups_edit, "pencil", Callback::new(toggle))
        });
        let delete = groups.is_some_and(|groups| groups.can_delete).then(|| {
            item(text::groups_delete, "trash-2", Callback::new(move |()| self.is_deleting.set(true)))
        });
        let items: Vec<MenuItem> = edit.into_iter().chain(delete).collect();
        (!items.is_empty())
            .then(|| view! { <Menu label=text::groups_more icon="ellipsis" icon_only=true items=items /> })
            .into_any()
    }

    /// The form while it is open, the dialog, and the result of deleting.
    pub fn view(self, again: Callback<()>) -> AnyView {
        let form = move || {
            (self.is_editing.get() && !self.is_gone.get()).then(|| {
                let connection = self.board.connection.get_value();
                let group = untrack(|| self.board.group_read());
                with_code(&CHANGING, move |forms| {
                    (forms.edit)(connection.clone(), group.clone(), true, again)
                })
            })
        };
        let run = move || self.deleted.get().and_then(|id| untrack(|| self.runs.get(&id)));
        let came_of_it = move || run().map(|run| self.came_of_it(run));
        view! {
            {form}
            {came_of_it}
            {self.dialog()}
        }
        .into_any()
    }

    fn came_of_it(self, run: RunView) -> AnyView {
        let list = self.board.connection.with_value(|connection| paths::groups(connection.id.as_str()));
        let gone = move || {
            self.is_gone.get().then(|| {
                let list = link_button(list.clone(), text::groups_to_list, Variant::Plain, true, "");
                titled_notice(Tone::Done, text::groups_deleted(), text::groups_deleted_body(), Some(list))
            })
        };
        view! {
            {gone}
            {run_results(run, false)}
        }
        .into_any()
    }

    fn dialog(self) -> AnyView {
        let id = self.board.group.with_value(|group| group.to_string());
        let typed_id = RwSignal::new(String::new());
        effect(move || {
            if self.is_deleting.get() {
                typed_id.set(String::new());
                fetch_engine();
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
            let delete = Operation::DeleteGroup { group: group.clone() };
            let input = group_plan(&connection, self.runs, &group, delete, None);
            spawn_local(async move {
                match engine().await {
                    Ok(engine) => {
                        let plan = engine.plan(&input);
                        let run = engine.start(self.runs, plan);
                        self.deleted.try_set(run.map(|run| run.id().clone()));
                    }
                    Err(NotFetched) => toast(text::plan_not_loaded(), None),
                }
            });
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
        let name = move || self.board.group_read().name.to_string();
        let n_members = move || self.board.group_read().n_members.unwrap_or_default() as usize;
        let id_beside = next_id("group-id");
        view! {
            <Dialog title=move || text::groups_delete_title(&name()) open=self.is_deleting foot=foot>
                <p>{move || text::groups_delete_body(n_members())}</p>
                <p>
                    {text::groups_delete_id}" " <bdi translate="no" class="id" id=id_beside.clone()>
                        {id.clone()}
                    </bdi>
                </p>
                <TextInput label=text::groups_delete_type value=typed_id mono=true beside=id_beside.clone() />
            </Dialog>
        }
        .into_any()
    }
}

/// The input of a plan that changes the group itself. `known` is the group as it was read, from which the change can be
/// undone.
pub(super) fn group_plan(
    connection: &Arc<Connection>,
    runs: Runs,
    group: &GroupId,
    wanted: Operation,
    known: Option<Group>,
) -> PlanInput {
    let whole = Person { key: PersonKey::Group(group.as_str().into()), name: None };
    let command = Command::for_all(wanted, [whole]);
    let known =
        known.map(|known| (group.clone(), GroupSnapshot { group: Some(known), ..GroupSnapshot::default() }));
    let snapshot = Snapshot { groups: known.into_iter().collect(), ..Snapshot::default() };
    let id = runs.next_plan_id();
    PlanInput { connection: connection.clone(), id, command, snapshot }
}
