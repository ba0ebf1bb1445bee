//! The rows of a list of groups: what becomes of each, and what is wrong with it.

use std::sync::Arc;

use domain::form::group::GroupProblem;
use domain::form::group_column::GroupColumn;
use domain::form::group_list::{GroupRow, GroupRowProblem, GroupRowStatus, ListedGroups};
use domain::{Scope, Vendor, order};
use leptos::prelude::*;

use super::list::access_name;
use super::new_group::said;
use crate::features::adding::row_states::{row_problem, state_filter};
use crate::features::words;
use i18n::{format_number, text};
use ui::{Column, DrawRow, Grid, RowVersion, Selection, Tone, none_or};

const STATES: [GroupRowStatus; 4] =
    [GroupRowStatus::Refused, GroupRowStatus::Duplicate, GroupRowStatus::Exists, GroupRowStatus::New];
const FILTERS: [Option<GroupRowStatus>; STATES.len() + 1] = none_or(STATES);

/// The name of a column, which a header can have.
pub(super) fn column_name(column: GroupColumn) -> String {
    match column {
        GroupColumn::Name => text::groups_name(),
        GroupColumn::Id => text::groups_id(),
        GroupColumn::Community => text::groups_pick_community(),
        GroupColumn::Access => text::groups_access(),
        GroupColumn::Password => text::groups_password(),
        GroupColumn::Description => text::groups_description(),
        GroupColumn::Tags => text::groups_tags(),
        GroupColumn::Owner => text::groups_owner(),
        GroupColumn::Discoverable => text::groups_discoverable(),
        GroupColumn::Picture => text::groups_picture(),
        GroupColumn::Topics => text::groups_topics(),
        GroupColumn::Template => text::groups_template(),
        GroupColumn::MadeByAi => text::groups_list_by_ai(),
        GroupColumn::Metadata => text::groups_metadata(),
        GroupColumn::People(Scope::Participant) => text::groups_members(),
        // As typed in lists of people, in every language.
        GroupColumn::People(scope) => scope.slug().to_owned(),
    }
}

/// The rows with a filter, and in full what is said about the chosen one; nothing without a list.
pub(super) fn rows(listed: Memo<ListedGroups>, vendor: Vendor) -> AnyView {
    let is_empty = Memo::new(move |_| listed.with(|list| list.rows.is_empty()));
    (move || (!is_empty.get()).then(|| table(listed, vendor))).into_any()
}

fn table(listed: Memo<ListedGroups>, vendor: Vendor) -> AnyView {
    let filter = Selection::new(&FILTERS, None);
    // Positions in the list, rows with problems first.
    let shown = Memo::new(move |_| {
        let filter = filter.get();
        listed.with(|list| {
            let is_shown = |idx: &usize| filter.is_none_or(|wanted| list.rows[*idx].status == wanted);
            let mut shown: Vec<usize> = (0..list.rows.len()).filter(is_shown).collect();
            order::sort_by_key(&mut shown, |idx| (list.rows[*idx].status, *idx));
            shown
        })
    });
    let at = move |place: usize| {
        let idx = shown.with(|shown| shown.get(place).copied())?;
        listed.with(|list| list.rows.get(idx).cloned())
    };
    // Redrawn by version; nothing in a row tracks the list.
    let draw: DrawRow =
        Arc::new(move |place| untrack(|| at(place)).map(|row| cells(&row, vendor)).into_any().into());
    let n_changes = StoredValue::new(0_u64);
    let version = Memo::new(move |_| {
        listed.with(|_| ());
        shown.with(|_| ());
        n_changes.update_value(|n| *n += 1);
        n_changes.get_value()
    });
    let version: RowVersion = Arc::new(move |_| Some(version.get()));
    let chosen = RwSignal::new(None::<usize>);
    let choose = move |place| {
        let idx = shown.with_untracked(|shown| shown.get(place).copied());
        chosen.update(|chosen| *chosen = idx.filter(|idx| *chosen != Some(*idx)));
    };
    let open = Signal::derive(move || {
        let chosen = chosen.get()?;
        shown.with(|shown| shown.iter().position(|idx| *idx == chosen))
    });
    let whole = move || {
        let row = at(open.get()?)?;
        let sentences = sentences(&row, vendor);
        let tone = tone(row.status);
        let line = format_number(f64::from(row.line));
        Some(view! {
            <div class="stack-1">
                <strong>{move || text::import_line_n(&line)}</strong>
                <ul class="stack-1 small">
                    {sentences
                        .into_iter()
                        .map(|sentence| {
                            view! {
                                <li class=["row ", tone.class()]
                                    .concat()>{tone.glyph()}<span>{sentence}</span></li>
                            }
                        })
                        .collect_view()}
                </ul>
            </div>
        })
    };
    let columns = vec![
        Column::new("name", text::groups_name),
        Column::new("id", text::groups_id),
        Column::new("access", text::groups_access).with_class("mid"),
        Column::new("problem", text::add_col_problem),
    ];
    view! {
        <div class="people-table stack-2">
            {move || filters(listed, filter)}
            <Grid
                label=text::groups_list_rows
                class="listed-groups"
                columns=columns
                count=Signal::derive(move || shown.with(Vec::len))
                of=move || filter.get().map_or("", slug).to_owned()
                row=draw
                version=version
                open=open
                on_open=choose
            /> <div role="status">{whole}</div>
        </div>
    }
    .into_any()
}

fn slug(status: GroupRowStatus) -> &'static str {
    match status {
        GroupRowStatus::Refused => "invalid",
        GroupRowStatus::Duplicate => "duplicate",
        GroupRowStatus::Exists => "exists",
        GroupRowStatus::New => "new",
    }
}

fn tone(status: GroupRowStatus) -> Tone {
    match status {
        GroupRowStatus::Refused => Tone::Refused,
        GroupRowStatus::Duplicate | GroupRowStatus::Exists => Tone::Same,
        GroupRowStatus::New => Tone::Info,
    }
}

/// The states of the list to choose from; none while all groups are new.
fn filters(listed: Memo<ListedGroups>, filter: Selection<Option<GroupRowStatus>>) -> Option<AnyView> {
    let counted = listed.with(|list| STATES.map(|status| (status, list.count(status))));
    let words = |status, n| match status {
        GroupRowStatus::Refused => text::add_n_not_usable(n),
        GroupRowStatus::Duplicate => text::add_n_twice(n),
        GroupRowStatus::Exists => text::groups_list_n_exist(n),
        GroupRowStatus::New => text::groups_list_n_new(n),
    };
    state_filter(text::groups_list_show, filter, counted.into(), GroupRowStatus::New, words)
}

/// What is said about a row: its problems, or what becomes of it.
fn sentences(row: &GroupRow, vendor: Vendor) -> Vec<String> {
    match row.status {
        GroupRowStatus::Exists => vec![text::groups_list_exists()],
        GroupRowStatus::Duplicate => vec![text::problems_duplicate()],
        GroupRowStatus::Refused | GroupRowStatus::New => {
            let mut problems: Vec<&GroupRowProblem> = row.problems.iter().collect();
            order::sort_by_key(&mut problems, |problem| !problem.is_refusal());
            let mut said: Vec<String> =
                problems.into_iter().map(|problem| sentence(problem, vendor)).collect();
            if row.n_people() > 0 {
                said.push(text::groups_list_n_people(row.n_people()));
            }
            said
        }
    }
}

fn sentence(problem: &GroupRowProblem, vendor: Vendor) -> String {
    match problem {
        GroupRowProblem::IdMissing => text::groups_list_id_missing(),
        GroupRowProblem::Text(problem) => words::problem(problem, vendor),
        GroupRowProblem::Field(GroupProblem::Name) => text::groups_list_name_missing(),
        GroupRowProblem::Field(GroupProblem::Password) => text::groups_list_password_missing(),
        GroupRowProblem::Field(problem) => said(problem),
        GroupRowProblem::Access(word) => text::groups_list_access_bad(word),
        GroupRowProblem::Flag(word) => text::groups_list_flag_bad(word),
        GroupRowProblem::PasswordUnused => text::groups_list_password_unused(),
        GroupRowProblem::SameId(line) => text::groups_list_same_id(&format_number(f64::from(*line))),
        GroupRowProblem::Extra(found) => text::groups_list_extra(found),
    }
}

fn cells(row: &GroupRow, vendor: Vendor) -> AnyView {
    let problem = row_problem(tone(row.status), sentences(row, vendor).join(" "));
    let access = row.access.map(access_name);
    let name = if row.name.is_empty() { text::results_none() } else { row.name.to_string() };
    view! {
        <div class="vcell" role="rowheader">
            <bdi translate="no">{name}</bdi>
        </div>
        <div class="vcell" role="gridcell">
            <bdi translate="no" class="id id-clip">
                {row.id.to_string()}
            </bdi>
        </div>
        <div class="vcell" role="gridcell">
            {access}
        </div>
        <div class="vcell" role="gridcell">
            {problem}
        </div>
    }
    .into_any()
}
