//! The groups that are shown: found, filtered and sorted here, because they are few.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use domain::group::{Access, AccessKind};
use domain::{Group, GroupId, order};
use leptos::prelude::*;

use crate::state::group_list::GroupsById;
use browser::search::search_for;
use i18n::compare;
use ui::{Sort, SortBy};

/// The columns that sort, by their names in the URL. The first sorts without one.
pub(super) const COLUMNS: [&str; 5] = ["name", "id", "access", "members", "created"];

/// The kinds of access, by their names in the URL.
pub(super) const ACCESS: [(&str, AccessKind); 3] =
    [("public", AccessKind::Public), ("private", AccessKind::Private), ("password", AccessKind::Password)];

/// A group, prepared for searching.
#[derive(Debug)]
struct Row {
    group: Arc<Group>,
    /// What a search looks into, a line for each text.
    folded: String,
    /// Another one whenever the group changes.
    version: u64,
}

/// All groups by name. What did not change is not compared again.
#[derive(Clone, Debug, Default)]
struct ByName {
    rows: Vec<Arc<Row>>,
    n_versions: u64,
}

impl ByName {
    fn of(before: Option<Self>, groups: &GroupsById) -> Self {
        let Self { mut rows, mut n_versions } = before.unwrap_or_default();
        rows.retain(|row| groups.get(&row.group.id).is_some_and(|group| Arc::ptr_eq(group, &row.group)));
        let known: BTreeSet<&GroupId> = rows.iter().map(|row| &row.group.id).collect();
        let fresh: Vec<_> = groups.values().filter(|group| !known.contains(&group.id)).cloned().collect();
        for group in fresh {
            n_versions += 1;
            let folded = folded(&group);
            rows.push(Arc::new(Row { group, folded, version: n_versions }));
        }
        // The rows from before are one sorted run, which a stable sort only checks.
        order::sort_by(&mut rows, |a, b| {
            compare(&a.group.name, &b.group.name).then_with(|| a.group.id.cmp(&b.group.id))
        });
        Self { rows, n_versions }
    }
}

fn folded(group: &Group) -> String {
    let search = search_for("");
    let tags = group.tags.iter().flatten().map(|tag| &**tag);
    let texts = [&*group.name, group.id.as_str()];
    let texts = texts.into_iter().chain(group.description.as_deref()).chain(group.owner.as_deref());
    let texts: Vec<String> = texts.chain(tags).map(|text| search.fold(text)).collect();
    texts.join("\n")
}

/// Which groups are shown, and in which order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The search as typed.
    pub(super) search: RwSignal<String>,
    /// The name of the kind of access, or empty for any.
    pub(super) access: Memo<String>,
    /// The order.
    pub(super) order: Signal<Option<SortBy>>,
}

/// The groups that are shown. Copies share state.
#[derive(Clone, Copy, Debug)]
pub(super) struct FoundGroups {
    all: Memo<ByName>,
    shown: Memo<Vec<Arc<Row>>>,
}

impl FoundGroups {
    /// The groups as they are wanted, following the list.
    pub(super) fn new(groups: ArcRwSignal<GroupsById>, wanted: Wanted) -> Self {
        let all = Memo::new_with_compare(
            move |before: Option<&ByName>| {
                // The order of names is that of the language.
                i18n::current();
                groups.with(|groups| ByName::of(before.cloned(), groups))
            },
            |_, _| true,
        );
        let shown = Memo::new_with_compare(
            move |_| {
                let search = wanted.search.with(|typed| search_for(typed));
                let access = wanted.access.with(|name| kind(name));
                let mut shown = all.with(|all| {
                    let fits = |row: &&Arc<Row>| {
                        let has_access = || row.group.access.as_ref().map(Access::kind) == access;
                        row.folded.contains(search.wanted()) && (access.is_none() || has_access())
                    };
                    all.rows.iter().filter(fits).cloned().collect::<Vec<_>>()
                });
                if let Some(by) = wanted.order.get() {
                    sort(&mut shown, by);
                }
                shown
            },
            |_, _| true,
        );
        Self { all, shown }
    }

    /// Number of groups shown; tracked.
    pub(super) fn count(self) -> Signal<usize> {
        let shown = self.shown;
        Memo::new(move |_| shown.with(Vec::len)).into()
    }

    /// Number of all groups; tracked.
    pub(super) fn n_all(self) -> usize {
        self.all.with(|all| all.rows.len())
    }

    /// Number of groups of each kind of access; tracked.
    pub(super) fn counts(self) -> [(&'static str, AccessKind, usize); ACCESS.len()] {
        self.all.with(|all| {
            let count = |kind| {
                let has = |row: &&Arc<Row>| row.group.access.as_ref().map(Access::kind) == Some(kind);
                all.rows.iter().filter(has).count()
            };
            ACCESS.map(|(name, kind)| (name, kind, count(kind)))
        })
    }

    /// The group in a row; untracked.
    pub(super) fn group(self, place: usize) -> Option<Arc<Group>> {
        self.shown.with_untracked(|shown| shown.get(place).map(|row| Arc::clone(&row.group)))
    }

    /// A number that changes with what a row says; tracked.
    pub(super) fn version(self, place: usize) -> Option<u64> {
        self.shown.with(|shown| shown.get(place).map(|row| row.version))
    }
}

fn kind(name: &str) -> Option<AccessKind> {
    ACCESS.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind)
}

/// Sorts groups that are in the order of names. Missing values are last in both directions.
fn sort(rows: &mut Vec<Arc<Row>>, by: SortBy) {
    let is_descending = by.sort == Sort::Descending;
    let place = |group: &Group| {
        let of = group.access.as_ref().map(Access::kind)?;
        ACCESS.iter().position(|(_, kind)| *kind == of).map(|place| place as u64)
    };
    let number: fn(&Group) -> Option<u64> = match by.key {
        "name" if is_descending => return rows.reverse(),
        "name" => return,
        "id" => {
            let sorted = |a: &Arc<Row>, b: &Arc<Row>| a.group.id.cmp(&b.group.id);
            return order::sort_by(rows, |a, b| if is_descending { sorted(b, a) } else { sorted(a, b) });
        }
        "access" => place,
        "members" => |group| group.n_members,
        _ => |group| group.created_at,
    };
    order::sort_by(rows, |a, b| match (number(&a.group), number(&b.group)) {
        (Some(a), Some(b)) if is_descending => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
}

#[cfg(test)]
mod tests {
    use domain::GroupKind;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn group(id: &str, name: &str, n_members: Option<u64>, access: Option<Access>) -> Group {
        Group { n_members, access, ..Group::new(GroupId::new(id), GroupKind::Group, name.into()) }
    }

    fn known(groups: impl IntoIterator<Item = Group>) -> GroupsById {
        groups.into_iter().map(|group| (group.id.clone(), Arc::new(group))).collect()
    }

    fn four() -> GroupsById {
        known([
            group("r", "Runners 10", Some(7), Some(Access::Private)),
            group("s", "runners 2", None, None),
            group("t", "Äpfel", Some(12), Some(Access::Public)),
            group("u", "Zebra", Some(7), Some(Access::Password(None))),
        ])
    }

    fn ids(rows: &[Arc<Row>]) -> String {
        rows.iter().map(|row| row.group.id.as_str()).collect()
    }

    #[wasm_bindgen_test]
    fn every_column_sorts_both_ways_and_what_is_missing_is_last() {
        let by_name = ByName::of(None, &four());
        for (key, up, down) in [
            ("name", "tsru", "urst"),
            ("id", "rstu", "utsr"),
            ("access", "trus", "urts"),
            ("members", "ruts", "trus"),
            ("created", "tsru", "tsru"),
        ] {
            for (sort_as, expected) in [(Sort::Ascending, up), (Sort::Descending, down)] {
                let mut rows = by_name.rows.clone();
                sort(&mut rows, SortBy { key, sort: sort_as });
                assert_eq!(ids(&rows), expected, "{key} {sort_as:?}");
            }
        }
    }

    #[wasm_bindgen_test]
    fn groups_that_did_not_change_keep_their_rows() {
        let mut groups = four();
        let before = ByName::of(None, &groups);
        groups.insert(GroupId::new("u"), Arc::new(group("u", "Ants", None, None)));
        groups.remove(&GroupId::new("s"));
        let after = ByName::of(Some(before.clone()), &groups);
        assert_eq!(ids(&after.rows), "utr");
        let version = |rows: &[Arc<Row>], id: &str| {
            rows.iter().find(|row| row.group.id.as_str() == id).map(|row| row.version)
        };
        assert_eq!(version(&after.rows, "r"), version(&before.rows, "r"));
        assert!(version(&after.rows, "u") > version(&before.rows, "u"));
    }

    #[wasm_bindgen_test]
    fn a_search_looks_into_every_text_of_a_group_and_filters_by_access() {
        let owner = Owner::new();
        owner.set();
        let mut groups = four();
        let told = Group {
            description: Some("Long  evenings".into()),
            owner: Some("ada".into()),
            tags: Some(vec!["Café".into()]),
            ..group("v", "Walks", None, Some(Access::Private))
        };
        groups.insert(told.id.clone(), Arc::new(told));
        let (search, access) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let wanted = Wanted { search, access: Memo::new(move |_| access.get()), order: Signal::stored(None) };
        let found = FoundGroups::new(ArcRwSignal::new(groups), wanted);
        for (typed, kind, expected) in [
            ("", "", "tsrvu"),
            ("RÜNNERS", "", "sr"),
            ("long evenings", "", "v"),
            ("cafe", "", "v"),
            (" ada ", "", "v"),
            ("walks v", "", ""),
            ("", "private", "rv"),
            ("run", "private", "r"),
            ("", "unheard-of", "tsrvu"),
        ] {
            search.set(typed.to_owned());
            access.set(kind.to_owned());
            assert_eq!(found.shown.with(|rows| ids(rows)), expected, "{typed:?} {kind}");
        }
        assert_eq!(found.counts().map(|(_, _, count)| count), [1, 2, 1]);
        owner.cleanup();
    }
}
