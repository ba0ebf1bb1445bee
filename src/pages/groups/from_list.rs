//! The form that creates the groups of a list: pasted, or read from a file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use domain::capabilities::{Groups, Identity};
use domain::form::group_column::GroupColumn;
use domain::form::group_list::{GroupListRules, GroupRowStatus, ListedGroups, MAX_GROUPS, read_groups};
use domain::list::{decode, without};
use domain::outcome::Verdict;
use domain::{Connection, GroupId, GroupKind, KnownGroup, Operation};
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::list::reading_line;
use super::listed_rows::{column_name, rows};
use super::new_group::{random_uuid, remember};
use crate::features::adding::group_fields::json_object;
use crate::features::adding::sending::{Sending, is_under_way, sending};
use crate::features::adding::unsent::{Unsent, unsent};
use crate::features::reading::pickers;
use crate::features::reviewing::draft;
use crate::state::directory::ReadingStage;
use crate::state::group_list::GroupList;
use crate::state::runs::{PlanInput, RunView, Runs, use_runs};
use crate::state::session::{Session, use_session};
use i18n::{format_list, format_number, text};
use ui::{Checkbox, Latest, TextArea, Tone, Upload, notice};

/// Largest accepted file. A list has at most [`MAX_GROUPS`] rows.
const MAX_BYTES: f64 = 5_000_000.0;

/// The contents of the form.
#[derive(Clone, Copy)]
struct Form {
    text: RwSignal<String>,
    community: RwSignal<Option<String>>,
    is_discoverable: RwSignal<bool>,
    /// The file could not be read.
    is_file_bad: RwSignal<bool>,
    /// The file that was chosen last.
    files: Latest,
    /// The ids of groups without one, by community and name: the same text must not create a group twice.
    made: StoredValue<BTreeMap<(String, String), String>>,
    existing: Existing,
    groups: Groups,
    identity: Identity,
}

/// The groups that are known to exist.
#[derive(Clone, Copy)]
enum Existing {
    /// All are read.
    Listed(StoredValue<GroupList, LocalStorage>),
    /// The connection remembers those that were created or opened here.
    Known(Session, StoredValue<Arc<Connection>>),
}

/// The form and its results.
pub(super) fn from_list(connection: Arc<Connection>, groups: Groups) -> AnyView {
    let (session, runs) = (use_session(), use_runs());
    let existing = if groups.can_list {
        Existing::Listed(StoredValue::new_local(GroupList::open(session, runs, &connection)))
    } else {
        Existing::Known(session, StoredValue::new(connection.clone()))
    };
    let form = Form::new(groups, vendors::capabilities(connection.vendor).identity, existing);
    let listed = Memo::new(move |_| form.listed());
    let kept = Unsent {
        connection: connection.clone(),
        form: "groups-from-list".to_owned(),
        holds: Callback::new(move |()| form.stored(listed)),
        restore: Callback::new(move |held| form.restore(held)),
        clear: Callback::new(move |()| form.restore(StoredForm::default())),
        take_out: Callback::new(move |sent: StoredForm| form.take_out(&sent)),
        is_sent: is_under_way("run"),
    };
    let plan = {
        let connection = connection.clone();
        draft(move || plan_input(listed, &connection, runs))
    };
    let on_end = {
        let connection = connection.clone();
        Callback::new(move |(run,): (RunView,)| form.settle(&run, session, &connection))
    };
    let n_refused = Signal::derive(move || listed.with(|list| list.count(GroupRowStatus::Refused)));
    let around = Sending {
        connection: connection.clone(),
        plan,
        label: Signal::derive(move || {
            let n_new = listed.with(|list| list.count(GroupRowStatus::New));
            if n_new == 0 { text::groups_create() } else { text::plan_create_groups(n_new) }
        }),
        reason: Signal::derive(move || form.reason(listed)),
        n_unusable: n_refused,
        on_end,
        run_key: "run",
    };
    unsent(kept, move || sending(around, fields(&connection, form, listed)))
}

/// The kept contents of an unsent form, without passwords.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct StoredForm {
    text: String,
    community: Option<String>,
    is_hidden: bool,
}

impl Form {
    fn new(groups: Groups, identity: Identity, existing: Existing) -> Self {
        Self {
            text: RwSignal::new(String::new()),
            community: RwSignal::new(None),
            is_discoverable: RwSignal::new(true),
            is_file_bad: RwSignal::new(false),
            files: Latest::new(),
            made: StoredValue::new(BTreeMap::new()),
            existing,
            groups,
            identity,
        }
    }

    /// What the list says; tracked.
    fn listed(self) -> ListedGroups {
        self.text.with(|text| self.read(text))
    }

    fn read(self, text: &str) -> ListedGroups {
        let community = self.community.get();
        let known = self.existing.ids();
        let exists = |id: &GroupId| known.contains(id) || self.existing.has_listed(id);
        let rules = GroupListRules {
            groups: &self.groups,
            identity: &self.identity,
            community: community.as_deref(),
            is_discoverable: self.is_discoverable.get(),
            exists: &exists,
            id_for: &|community, name| self.made_id(community, name),
            metadata: &json_object,
        };
        read_groups(text, &rules)
    }

    fn made_id(self, community: &str, name: &str) -> String {
        let key = (community.to_owned(), name.to_owned());
        let made = self.made.with_value(|made| made.get(&key).cloned());
        made.unwrap_or_else(|| {
            let id = random_uuid();
            self.made.update_value(|made| drop(made.insert(key, id.clone())));
            id
        })
    }

    /// `None` if there is no list: selections alone are quickly made again.
    fn stored(self, listed: Memo<ListedGroups>) -> Option<StoredForm> {
        let text = self.text.with(|text| listed.with(|list| apart_from(text, &list.passwords)));
        let held =
            StoredForm { text, community: self.community.get(), is_hidden: !self.is_discoverable.get() };
        (!held.text.trim().is_empty()).then_some(held)
    }

    fn restore(self, held: StoredForm) {
        self.community.set(held.community);
        self.is_discoverable.set(!held.is_hidden);
        self.text.set(held.text);
    }

    /// Removes rows from the list, and the header when no row is left.
    fn remove(self, places: &[Range<usize>]) {
        let rest = self.text.with_untracked(|text| without(text, places));
        // A header that is left alone would be read as a row.
        let is_left = untrack(|| self.listed().rows.iter().any(|row| !places.contains(&row.at)));
        self.text.set(if is_left { rest } else { String::new() });
    }

    /// Removes what another tab has sent.
    fn take_out(self, sent: &StoredForm) {
        let places = untrack(|| {
            let own = self.listed();
            let kept = self.text.with(|text| apart_from(text, &own.passwords));
            let (kept_rows, sent_rows) = (self.read(&kept).rows, self.read(&sent.text).rows);
            let sent: BTreeSet<&str> = sent_rows.iter().map(|row| &sent.text[row.at.clone()]).collect();
            let rows = own.rows.iter().zip(&kept_rows);
            let rows = rows.filter(|(_, row)| sent.contains(&kept[row.at.clone()]));
            rows.map(|(own, _)| own.at.clone()).collect::<Vec<_>>()
        });
        self.remove(&places);
    }

    /// Removes from the list what exists now, and remembers it where groups cannot be listed.
    fn settle(self, run: &RunView, session: Session, connection: &Connection) {
        let mut there = BTreeSet::new();
        let mut is_all = true;
        for row in run.receipt().rows {
            let Operation::CreateGroup(new) = &*row.change.operation else { continue };
            match row.outcome.as_ref().map(|outcome| outcome.verdict()) {
                Some(Verdict::Done) if !self.groups.can_list => {
                    let (id, name) = (new.id.clone(), new.name.clone());
                    remember(session, connection, &KnownGroup { id, name, kind: GroupKind::Group });
                }
                Some(Verdict::Done | Verdict::Same) => {}
                _ => {
                    is_all = false;
                    continue;
                }
            }
            there.insert(new.id.to_string());
        }
        let list = untrack(|| self.listed());
        let is_there = |id: &str| there.contains(id);
        let places: Vec<_> =
            list.rows.iter().filter(|row| is_there(&row.id)).map(|row| row.at.clone()).collect();
        self.made.update_value(|made| made.retain(|_, id| !is_there(id)));
        self.remove(&places);
        if !is_all && let Existing::Listed(list) = self.existing {
            // Some may exist all the same.
            list.with_value(GroupList::again);
        }
    }

    /// Why nothing can be sent yet, as a sentence.
    fn reason(self, listed: Memo<ListedGroups>) -> Option<String> {
        let n_sent = listed.with(|list| list.count(GroupRowStatus::New) + list.count(GroupRowStatus::Exists));
        if n_sent > MAX_GROUPS {
            return Some(text::groups_list_too_many(&format_number(MAX_GROUPS as f64)));
        }
        if n_sent == 0 {
            let is_empty = listed.with(|list| list.rows.is_empty());
            return Some(if is_empty { text::groups_list_empty() } else { text::groups_list_mend() });
        }
        self.existing.is_being_read().then(text::groups_list_reading)
    }

    fn read_file(self, file: File) {
        let (reading, before) = (self.files.begin(), self.text.get_untracked());
        spawn_local(async move {
            let bytes =
                if file.size() > MAX_BYTES { None } else { JsFuture::from(file.array_buffer()).await.ok() };
            // What was typed meanwhile stays.
            if !reading.is_latest() || self.text.with_untracked(|text| *text != before) {
                return;
            }
            let text = bytes.map(|bytes| decode(Uint8Array::new(&bytes).to_vec()).0);
            let text = text.filter(|text| !text.contains('\0'));
            self.is_file_bad.set(text.is_none());
            if let Some(text) = text {
                self.text.set(text);
            }
        });
    }
}

impl Existing {
    /// The groups that the connection remembers; tracked.
    fn ids(self) -> BTreeSet<GroupId> {
        let Self::Known(session, connection) = self else { return BTreeSet::new() };
        let now = connection.with_value(|connection| session.connection_now(&connection.id));
        let known = now.into_iter().flat_map(|connection| connection.known_groups.clone());
        known.filter(|group| group.kind == GroupKind::Group).map(|group| group.id).collect()
    }

    /// Whether a group was listed; tracked.
    fn has_listed(self, id: &GroupId) -> bool {
        let Self::Listed(list) = self else { return false };
        list.with_value(GroupList::groups).with(|groups| groups.contains_key(id))
    }

    /// Whether groups are being read that would be found to exist; tracked.
    fn is_being_read(self) -> bool {
        let Self::Listed(list) = self else { return false };
        let stage = list.with_value(GroupList::status).with(|status| status.stage.clone());
        matches!(stage, ReadingStage::Reading | ReadingStage::Waiting(_))
    }
}

/// The text without these places, which are in its order.
fn apart_from(text: &str, places: &[Range<usize>]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        kept.push_str(&text[at..place.start]);
        at = place.end;
    }
    kept.push_str(&text[at..]);
    kept
}

fn plan_input(listed: Memo<ListedGroups>, connection: &Arc<Connection>, runs: Runs) -> Option<PlanInput> {
    let (command, snapshot) = listed.with(ListedGroups::command)?;
    Some(PlanInput { connection: connection.clone(), id: runs.next_plan_id(), command, snapshot })
}

fn fields(connection: &Arc<Connection>, form: Form, listed: Memo<ListedGroups>) -> AnyView {
    let groups = form.groups;
    let community = groups.belongs_to_community.then(|| {
        view! {
            {pickers::group_picker(connection, form.community, GroupKind::Community, Signal::stored(None))}
            <Checkbox
                label=text::groups_discoverable
                checked=form.is_discoverable
                help=Signal::derive(text::groups_discoverable_help)
            />
        }
    });
    let line = match form.existing {
        Existing::Listed(list) => {
            let status = list.with_value(GroupList::status);
            Some(reading_line(list).view(status, connection))
        }
        Existing::Known(..) => None,
    };
    let help = move || {
        let names: Vec<String> = GroupColumn::of(&groups).map(column_name).collect();
        text::groups_list_help(&format_list(&names))
    };
    let file_error = move || {
        let is_bad = form.is_file_bad.get();
        is_bad.then(|| notice(Tone::Refused, text::groups_list_file_bad))
    };
    let on_file = move |file: File| form.read_file(file);
    let unused = move || {
        let unused = listed.with(|list| list.unused.iter().map(|name| name.to_string()).collect::<Vec<_>>());
        (!unused.is_empty()).then(|| {
            let unused = format_list(&unused);
            notice(Tone::Info, move || text::groups_list_unused(&unused))
        })
    };
    let has_passwords = Memo::new(move |_| listed.with(|list| !list.passwords.is_empty()));
    let passwords = move || has_passwords.get().then(|| notice(Tone::Info, text::groups_list_passwords));
    view! {
        {community}
        <TextArea label=text::groups_list_box value=form.text rows=8 help=Signal::derive(help) />
        <Upload
            label=text::import_file
            help=text::groups_list_file_help
            accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
            on_file=on_file
        />
        {file_error}
        {line}
        {unused}
        {passwords}
        {rows(listed, connection.vendor)}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::Vendor;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_password_is_not_kept() {
        let text = "name,password\nä,\"1, 2\"\nb,34\n";
        let places = [17..23, 26..28];
        assert_eq!(apart_from(text, &places), "name,password\nä,\nb,\n");
        assert_eq!(apart_from(text, &[]), text);
    }

    #[wasm_bindgen_test]
    fn the_columns_that_are_named_are_read() {
        for groups in Vendor::ALL.into_iter().filter_map(|vendor| vendors::capabilities(vendor).groups) {
            let names: Vec<String> = GroupColumn::of(&groups).map(column_name).collect();
            let identity = vendors::capabilities(Vendor::CometChat).identity;
            let rules = GroupListRules {
                groups: &groups,
                identity: &identity,
                community: None,
                is_discoverable: true,
                exists: &|_| false,
                id_for: &|_, _| String::new(),
                metadata: &json_object,
            };
            let filled = vec!["a"; names.len()].join("\t");
            let list = read_groups(&[&names.join("\t"), "\n", &filled].concat(), &rules);
            assert_eq!((list.rows.len(), &*list.unused), (1, &[][..]), "{names:?}");
        }
    }
}
