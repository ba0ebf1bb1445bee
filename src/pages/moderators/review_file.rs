//! The access review as a file: who had power in which group, and when that was read.

use std::sync::Arc;

use domain::export::table;
use domain::scope_review::{GroupStage, ReviewedGroup, ScopeHolding};
use domain::{Connection, Millis, Scope};
use serde::Serialize;

use crate::state::session::Failure;

/// Formats a time for a file.
type Iso = fn(Millis) -> String;

/// The value of `muster` in the file, to identify it.
const MARK: &str = "access_review";
/// The format written by this version.
const FORMAT: u32 = 1;
/// The columns of the table.
const COLUMNS: [&str; 7] = ["group", "group_name", "id", "name", "scope", "is_owner", "read_at"];

#[derive(Serialize)]
struct File<'a> {
    muster: &'static str,
    format: u32,
    vendor: &'static str,
    connection: &'a str,
    connection_name: &'a str,
    exported_at: String,
    groups: Vec<GroupInFile<'a>>,
}

#[derive(Serialize)]
struct GroupInFile<'a> {
    group: &'a str,
    group_name: &'a str,
    owner: Option<&'a str>,
    /// Without it, nothing is known of the group.
    read_at: Option<String>,
    /// The code of the error because of which it could not be read.
    error: Option<&'a str>,
    people: Vec<PersonInFile<'a>>,
}

#[derive(Serialize)]
struct PersonInFile<'a> {
    id: &'a str,
    name: Option<&'a str>,
    scope: Option<&'static str>,
    is_owner: bool,
}

/// A table of everyone with power, once for each group.
pub(super) fn review_csv(holdings: &[Arc<ScopeHolding>], iso: Iso) -> String {
    let cells = |holding: &Arc<ScopeHolding>| -> [String; COLUMNS.len()] {
        let person = &holding.person;
        [
            holding.group.to_string(),
            holding.group_name.to_string(),
            person.id.to_string(),
            person.name.as_deref().unwrap_or_default().to_owned(),
            person.scope.map_or("", Scope::slug).to_owned(),
            // A spreadsheet would change `true`.
            if holding.is_owner { "yes" } else { "no" }.to_owned(),
            iso(holding.read_at),
        ]
    };
    table(std::iter::once(COLUMNS.map(str::to_owned)).chain(holdings.iter().map(cells)))
}

/// The whole review, also the groups that nobody moderates or that could not be read.
pub(super) fn review_json(
    connection: &Connection,
    groups: &[ReviewedGroup<Failure>],
    now: Millis,
    iso: Iso,
) -> String {
    let groups = groups.iter().map(|group| {
        let people = group.holders.iter().map(|person| PersonInFile {
            id: &person.id,
            name: person.name.as_deref(),
            scope: person.scope.map(Scope::slug),
            is_owner: group.owner.as_ref() == Some(&person.id),
        });
        GroupInFile {
            group: group.id.as_str(),
            group_name: &group.name,
            owner: group.owner.as_deref(),
            read_at: group.read_at.map(iso),
            error: match &group.stage {
                GroupStage::Failed(failure) => Some(&failure.error.code),
                GroupStage::Wanted | GroupStage::Asked | GroupStage::Read => None,
            },
            people: people.collect(),
        }
    });
    let file = File {
        muster: MARK,
        format: FORMAT,
        vendor: connection.vendor.slug(),
        connection: connection.id.as_str(),
        connection_name: &connection.name,
        exported_at: iso(now),
        groups: groups.collect(),
    };
    // Texts, numbers and lists can always be written.
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::scope_review::ScopeReview;
    use domain::{Group, GroupId, GroupKind, Member};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_table_has_a_line_for_each_person_in_each_group() {
        let mut review = ScopeReview::<Failure>::new(1, None);
        let group = Group::new(GroupId::new("runners"), GroupKind::Group, "Trail, runners".into());
        review.list([Group { owner: Some("ada".into()), ..group }]);
        let asked = review.ask().expect("there is a group");
        let ada = Member {
            id: "ada".into(),
            name: Some("=Ada".into()),
            scope: Some(Scope::Admin),
            ..Member::default()
        };
        review.took(&asked, vec![ada], 5);
        let holdings: Vec<_> = review.holdings().into_iter().map(Arc::new).collect();
        let csv = review_csv(&holdings, |at| format!("at {at}"));
        let lines: Vec<_> = csv.trim_start_matches('\u{feff}').lines().collect();
        let expected = [
            "group,group_name,id,name,scope,is_owner,read_at",
            "runners,\"Trail, runners\",ada,'=Ada,admin,yes,at 5",
        ];
        assert_eq!(lines, expected);
    }
}
