//! A group whose people cannot be read: adds and removes by id, ends subscriptions, changes the group itself.

use std::sync::Arc;

use domain::capabilities::{Groups, Identity};
use domain::list::EntryStatus;
use domain::outcome::Verdict;
use domain::{Command, Connection, GroupId, Operation, PersonKey, Scope, Snapshot};
use leptos::prelude::*;

use super::crumbs;
use super::edit_form::edit_form;
use crate::features::adding::people::People;
use crate::features::adding::people_box::PeopleBox;
use crate::features::adding::sending::{Sending, is_under_way, sending};
use crate::features::adding::unsent::{Unsent, unsent};
use crate::features::reviewing::draft;
use crate::shell::page_head::named_head;
use crate::state::group_read::GroupRead;
use crate::state::runs::{PlanInput, RunView, Runs, use_runs};
use i18n::text;
use ui::{Tone, next_id, notice};

/// The boxes of the form.
#[derive(Clone, Copy)]
struct Form {
    added: People,
    removed: People,
    unsubscribed: People,
    groups: Groups,
}

/// The page of a group that can be changed without being read.
pub fn blind(connection: Arc<Connection>, id: GroupId) -> AnyView {
    let vendor = connection.vendor.name();
    let capabilities = vendors::capabilities(connection.vendor);
    let Some(groups) = capabilities.groups else { return ().into_any() };
    let name = connection.known_groups.iter().find(|known| known.id == id);
    let name = name.map_or_else(|| id.to_string(), |known| known.name.to_string());
    let head = named_head(
        &connection,
        crumbs(&connection, &name),
        Signal::stored(name.clone()),
        Signal::stored(Some(id.to_string()).filter(|id| *id != name).unwrap_or_default()),
        None,
    );
    let people = groups.has_blind_membership.then(|| {
        let form = people_form(connection.clone(), id.clone(), groups, capabilities.identity);
        part(text::groups_blind_people, form)
    });
    let itself = groups.can_edit.then(|| {
        let group = GroupRead::new(id.clone()).group;
        part(text::groups_blind_edit, edit_form(connection.clone(), group, false, Callback::new(|()| ())))
    });
    view! {
        {head}
        <div class="page-body stack-6">
            {notice(Tone::Info, move || text::groups_blind(vendor))} {people} {itself}
        </div>
    }
    .into_any()
}

fn part(title: fn() -> String, body: AnyView) -> AnyView {
    let id = next_id("part");
    let head_id = id.clone();
    view! {
        <section class="stack-3" aria-labelledby=id>
            <h2 id=head_id>{title}</h2>
            {body}
        </section>
    }
    .into_any()
}

fn people_form(connection: Arc<Connection>, id: GroupId, groups: Groups, identity: Identity) -> AnyView {
    let runs = use_runs();
    let vendor = connection.vendor;
    // People are removed by id only.
    let by_id = Identity { takes_phones: false, takes_emails: false, ..identity };
    let form = Form {
        added: People::new(identity),
        removed: People::new(by_id),
        unsubscribed: People::new(by_id),
        groups,
    };
    let kept = Unsent {
        connection: connection.clone(),
        form: ["people:", id.as_str()].concat(),
        holds: Callback::new(move |()| form.stored()),
        restore: Callback::new(move |held: StoredForm| {
            form.boxes().iter().zip(&held).for_each(|(people, lines)| people.restore(lines));
        }),
        clear: Callback::new(move |()| form.boxes().iter().for_each(People::clear)),
        take_out: Callback::new(move |sent: StoredForm| {
            form.boxes()
                .iter()
                .zip(&sent)
                .for_each(|(people, lines)| drop(people.take_out_typed(lines, &people.answers())));
        }),
        is_sent: is_under_way("run"),
    };
    let plan = {
        let connection = connection.clone();
        draft(move || form.plan_input(&connection, &id, runs))
    };
    let count = move || plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.to_send().count()));
    let around = Sending {
        connection,
        plan,
        label: Signal::derive(move || match count() {
            0 => text::groups_send_none(),
            n => text::scopes_send(n),
        }),
        reason: Signal::stored(None),
        n_unusable: Signal::derive(move || form.n_unusable()),
        on_end: Callback::new(move |(run,): (RunView,)| form.take_out(&run)),
        run_key: "run",
    };
    let subscribers = groups.has_subscribers.then(|| {
        view! {
            <PeopleBox
                people=form.unsubscribed
                vendor=vendor
                label=Signal::derive(text::groups_box_unsubscribe)
                help=text::groups_box_unsubscribe_help
            />
        }
    });
    let fields = view! {
        <PeopleBox
            people=form.added
            vendor=vendor
            label=Signal::derive(text::groups_box_add)
            help=text::groups_box_add_help
        />
        <PeopleBox
            people=form.removed
            vendor=vendor
            label=Signal::derive(text::groups_box_remove)
            help=text::groups_box_remove_help
        />
        {subscribers}
    };
    unsent(kept, move || sending(around, fields.into_any()))
}

/// The lines of each box.
type StoredForm = [Vec<String>; 3];

impl Form {
    fn boxes(&self) -> [People; 3] {
        [self.added, self.removed, self.unsubscribed]
    }

    fn stored(&self) -> Option<StoredForm> {
        let lines = self.boxes().map(|people| people.lines());
        lines.iter().any(|lines| !lines.is_empty()).then_some(lines)
    }

    fn n_unusable(&self) -> usize {
        self.boxes().iter().map(|people| people.count(EntryStatus::Refused)).sum()
    }

    fn plan_input(&self, connection: &Arc<Connection>, group: &GroupId, runs: Runs) -> Option<PlanInput> {
        let mut command = Command::new();
        for person in self.added.usable() {
            command.intent(person, Operation::AddToGroup { group: group.clone(), scope: Scope::Participant });
        }
        for person in self.removed.usable() {
            command.intent(person, Operation::Kick { group: group.clone() });
        }
        if self.groups.has_subscribers {
            for person in self.unsubscribed.usable() {
                command.intent(person, Operation::Unsubscribe { group: group.clone() });
            }
        }
        if command.items.is_empty() {
            return None;
        }
        // Nothing can be read, and what was done here may have been undone elsewhere, so the snapshot is
        // empty.
        let (id, snapshot) = (runs.next_plan_id(), Snapshot::default());
        Some(PlanInput { connection: connection.clone(), id, command, snapshot })
    }

    /// Removes people from the boxes whose changes succeeded.
    fn take_out(&self, run: &RunView) {
        let receipt = run.receipt();
        let done_with = |is_it: fn(&Operation) -> bool| -> Vec<PersonKey> {
            let is_done = |row: &&domain::receipt::ReceiptRow| {
                let verdict = row.outcome.as_ref().map(|outcome| outcome.verdict());
                matches!(verdict, Some(Verdict::Done | Verdict::Same)) && is_it(&row.change.operation)
            };
            receipt.rows.iter().filter(is_done).map(|row| row.change.person.key.clone()).collect()
        };
        self.added.take_out(&done_with(|operation| matches!(operation, Operation::AddToGroup { .. })));
        self.removed.take_out(&done_with(|operation| matches!(operation, Operation::Kick { .. })));
        self.unsubscribed
            .take_out(&done_with(|operation| matches!(operation, Operation::Unsubscribe { .. })));
    }
}
