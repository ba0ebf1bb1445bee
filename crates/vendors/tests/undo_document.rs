//! `docs/undo.md` has the table of each vendor's reversals.
//! `UPDATE_DOCS=1 cargo test -p vendors --test undo_document` regenerates it.

use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use domain::group::Access;
use domain::{
    Action, Batch, BatchId, BatchItem, Change, ChangeId, Flow, Group, GroupEdit, GroupField, GroupKind,
    Inverse, Irreversible, Loss, Operation, Person, PersonKey, Reversal, Scope, State, Vendor,
};
use vendors::examine::samples::operations;

/// The introduction of the document.
const HEAD: &str = "# What can be undone

An undo is a plan like any other: it is shown before anything is sent, and its run can be undone as well.
Three answers are possible, before a change is sent and again when it is undone:

- **Exact**: the previous state is restored.
- **Best effort**: the previous state is restored except for what the table names.
- **Impossible**: the table says why.

Undoing leaves out people who changed again since, and says so: it compares their state now with the one that the change left. The same holds for a group whose fields were changed again, and for a new group that others have joined. Who is changed between the plan and its request is left out as well: each request compares once more. Where a vendor cannot be read, only later changes made with Muster show.

Changes of several runs, or entries of the activity, are undone together: all changes of a person in a group become one request that leads to the state before the first of them, and a group gets each field back as it was before the first edit of it. If only an earlier change is chosen, a later one has changed the person since, and they are left out. Changes that lead back to where they began send nothing. One undo goes through one connection. Of a run that was deleted, the activity still has additions, scopes, removals and bans, but not the fields of groups.

An edited group gets the fields back that were read before the edit. What a vendor records of the changes themselves stays: messages in a conversation that report them, and the time of the last change.

The tables below are generated from `reversal.rs` in each vendor’s folder. A test applies every change that is called exact in the sandbox, undoes it, and compares the whole state; it also holds best effort to what it names.
";

/// A row: what was known before, what undoes the change, and what is lost or why it cannot be undone.
type Row = (String, String, String);

fn change_of(operation: &Operation) -> &'static str {
    match operation {
        Operation::AddToGroup { scope: Scope::Banned, .. } | Operation::Ban { .. } => "Ban",
        Operation::AddToGroup { .. } => "Add to a group",
        Operation::AddToCommunity { flow: Flow::Direct, .. } => "Add to a community",
        Operation::AddToCommunity { flow: Flow::Invite, .. } => "Invite to a community",
        Operation::AddToCommunity { flow: Flow::SingleTap, .. } => "Add by single tap",
        Operation::AddToCommunity { flow: Flow::ApproveRequest, .. } => "Approve a request to join",
        Operation::MakeModerator { .. } => "Make a moderator",
        Operation::Register { flow: Flow::Direct, .. } => "Add directly",
        Operation::Register { .. } | Operation::Invite { .. } => "Invite",
        Operation::SetScope { .. } => "Change a scope",
        Operation::Kick { .. } => "Remove from a group",
        Operation::Unban { .. } => "Unban",
        Operation::Unsubscribe { .. } => "End a subscription",
        Operation::CreateGroup(_) => "Create a group",
        Operation::EditGroup { .. } => "Edit a group",
        Operation::DeleteGroup { .. } => "Delete a group",
        Operation::CreateCommunity(_) => "Create a community",
    }
}

fn undone_by(inverse: Inverse) -> &'static str {
    match inverse {
        Inverse::Add(_) => "adding them again",
        Inverse::SetScope(_) => "the scope before",
        Inverse::Kick => "removing them",
        Inverse::Ban => "banning them again",
        Inverse::Unban => "lifting the ban",
        Inverse::DeleteGroup => "deleting the group",
        Inverse::RestoreFields => "the fields before",
    }
}

fn lost(loss: Loss) -> &'static str {
    match loss {
        Loss::JoinedAt => "date of joining",
        Loss::Scope => "scope or role at the time",
        Loss::Membership => "membership, if they were a member",
        Loss::Ban => "ban, if they were banned",
        Loss::BanDetails => "date of the ban, scope before it",
        Loss::GroupContents => "messages and what else is in the group",
        Loss::Field(field) => match field {
            GroupField::Name => "name",
            GroupField::Description => "description",
            GroupField::Tags => "tags",
            GroupField::Access => "access and its password",
            GroupField::Owner => "owner",
            GroupField::Discoverable => "whether it can be found",
            GroupField::Picture => "picture",
            GroupField::Topics => "topics",
            GroupField::Metadata => "metadata",
        },
    }
}

fn why(reason: Irreversible) -> &'static str {
    match reason {
        Irreversible::MessageSent => "a message was sent",
        Irreversible::Approved => "the request was approved",
        Irreversible::Deleted => "members and messages are deleted",
        Irreversible::NoCall => "no call for it",
        Irreversible::StateUnknown => "what was before is unknown",
    }
}

const STATES: [(State, &str); 4] = [
    (State::Unread, "unknown"),
    (State::Absent, "not in the group"),
    (State::Scope(Scope::Participant), "member"),
    (State::Scope(Scope::Banned), "banned"),
];

/// The fields of a group as a vendor shows them.
fn shown(access: Access, owner: &str) -> Group {
    Group {
        access: Some(access),
        owner: Some(owner.into()),
        tags: Some(Vec::new()),
        metadata: Some("".into()),
        ..Group::new(domain::GroupId::new("hikers"), GroupKind::Group, "Hikers".into())
    }
}

/// Edits of a group that was read, and what the table calls them.
fn edits(vendor: Vendor) -> Vec<(&'static str, Operation, Option<Arc<GroupEdit>>)> {
    let groups = vendors::capabilities(vendor).groups.expect("a vendor that edits groups has groups");
    let of = |change: fn(&mut GroupEdit)| {
        let mut edit = GroupEdit::default();
        change(&mut edit);
        edit
    };
    let texts = of(|edit| (edit.name, edit.description) = (Some("x".into()), Some("x".into())));
    let opened = of(|edit| (edit.name, edit.access) = (Some("x".into()), Some(Access::Public)));
    let passed_on = of(|edit| edit.owner = Some("noor".into()));
    let password = || Access::Password(None);
    let cases = [
        ("read", texts.clone(), Some(shown(Access::Public, "mila"))),
        ("read, with a password that is changed", opened, Some(shown(password(), "mila"))),
        ("read, with an owner that is changed", passed_on, Some(shown(Access::Public, "mila"))),
        ("unknown", texts, None),
    ];
    let of_case = |(before, edit, group): (&'static str, GroupEdit, Option<Group>)| {
        let restoring = group.map(|group| Arc::new(edit.inverse(&group, &groups.form)));
        let group = domain::GroupId::new("hikers");
        (before, Operation::EditGroup { group, edit: Box::new(edit) }, restoring)
    };
    cases.into_iter().map(of_case).collect()
}

fn reversal(
    vendor: Vendor,
    operation: &Operation,
    before: State,
    restoring: Option<Arc<GroupEdit>>,
) -> Reversal {
    let (id, person, operation) = (ChangeId(0), Person::by_id("mila"), Arc::new(operation.clone()));
    let change = Change { id, person, operation, before, action: Action::Update, restoring };
    vendors::reversals(vendor)(&change)
}

fn row(before: &str, reversal: &Reversal) -> Row {
    let (how, rest) = match reversal {
        Reversal::Exact(inverse) => (format!("exact: {}", undone_by(*inverse)), "–".to_owned()),
        Reversal::BestEffort(inverse, all) => {
            let lost: Vec<_> = all.iter().map(|loss| lost(*loss)).collect();
            (format!("best effort: {}", undone_by(*inverse)), format!("lost: {}", lost.join("; ")))
        }
        Reversal::Impossible(reason) => ("impossible".to_owned(), why(*reason).to_owned()),
    };
    (before.to_owned(), how, rest)
}

fn rows(vendor: Vendor, operation: &Operation) -> Vec<Row> {
    if matches!(operation, Operation::EditGroup { .. }) {
        let mut rows: Vec<Row> = Vec::new();
        for (before, operation, restoring) in edits(vendor) {
            rows.push(row(before, &reversal(vendor, &operation, State::Present, restoring)));
        }
        return merged(rows);
    }
    // A known state in which nothing is sent needs no row.
    let is_sent = |(state, reversal): &(State, Reversal)| {
        *state == State::Unread || *reversal != Reversal::Impossible(Irreversible::StateUnknown)
    };
    let of_each = STATES.map(|(state, name)| (name, (state, reversal(vendor, operation, state, None))));
    let sent = of_each.into_iter().filter(|(_, of_state)| is_sent(of_state));
    merged(sent.map(|(name, (_, reversal))| row(name, &reversal)).collect())
}

/// Joins rows that say the same.
fn merged(rows: Vec<Row>) -> Vec<Row> {
    let n_rows = rows.len();
    let mut merged: Vec<Row> = Vec::new();
    for (before, how, rest) in rows {
        match merged.iter_mut().find(|row| (&row.1, &row.2) == (&how, &rest)) {
            Some(row) => row.0 = format!("{}, {before}", row.0),
            None => merged.push((before, how, rest)),
        }
    }
    if let ([row], true) = (&mut merged[..], n_rows > 1) {
        row.0 = "any".into();
    }
    merged
}

/// Whether the vendor has a call for an operation.
fn is_supported(vendor: Vendor, operation: &Operation) -> bool {
    let keys = [
        Person::by_id("mila"),
        Person::by_email("mila@example.org").with_name("Mila"),
        Person { key: PersonKey::Group("hikers".into()), name: None },
    ];
    keys.into_iter().any(|person| {
        let item = BatchItem { change: ChangeId(0), person, operation: Arc::new(operation.clone()) };
        let batch = Batch { id: BatchId(0), n_attempts: 0, items: vec![item] };
        vendors::changes(vendor).encode(&batch, None).is_ok()
    })
}

/// Every operation with every flow.
fn with_flows() -> Vec<Operation> {
    let flows = |operation: Operation| match operation {
        Operation::AddToCommunity { community, flow: Flow::Direct, .. } => Flow::ALL
            .into_iter()
            .map(|flow| Operation::AddToCommunity {
                community: community.clone(),
                flow,
                is_onboarding: false,
            })
            .collect(),
        Operation::AddToCommunity { .. } => Vec::new(),
        other => vec![other],
    };
    operations().into_iter().flat_map(flows).collect()
}

fn document() -> String {
    let mut text = HEAD.to_owned();
    for vendor in Vendor::ALL {
        text.push_str(&format!("\n## {}\n\n", vendor.name()));
        text.push_str("| Change | Known before | Undo | Lost, or why not |\n|---|---|---|---|\n");
        let mut lines: Vec<String> = Vec::new();
        for operation in with_flows().iter().filter(|operation| is_supported(vendor, operation)) {
            for (before, how, rest) in rows(vendor, operation) {
                lines.push(format!("| {} | {before} | {how} | {rest} |\n", change_of(operation)));
            }
        }
        for (idx, line) in lines.iter().enumerate() {
            if !lines[..idx].contains(line) {
                text.push_str(line);
            }
        }
    }
    text
}

#[test]
fn the_document_has_the_tables_of_the_vendors() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/undo.md");
    let wanted = document();
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &wanted).expect("the folder of documents is there");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == wanted,
        "docs/undo.md is out of date: run UPDATE_DOCS=1 cargo test -p vendors --test undo_document"
    );
}
