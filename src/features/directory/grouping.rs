//! What the people of a list are grouped by, as it is in the URL, and the words for the groups.

use directory_worker::message::ShownHeader;
use directory_worker::{ACTIVE, GroupBy, RowGroup};
use domain::Scope;
use i18n::text;
use leptos::prelude::*;
use ui::{GroupHeader, Select, SelectOption, SelectValue, SelectedAll};

use crate::features::reading::person_details::active_words;
use crate::features::words;
use crate::routing::query;

/// The grouping of the current page. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
pub struct Grouping {
    by: Memo<Option<GroupBy>>,
    offered: Signal<Vec<GroupBy>>,
    set: SignalSetter<Option<String>>,
}

impl Grouping {
    /// The grouping in the URL, if the page knows it. `offered` are those with more than one group.
    pub fn of_page(known: &'static [GroupBy], offered: Signal<Vec<GroupBy>>) -> Self {
        let (chosen, set) = query::quiet_choice("group");
        let by =
            Memo::new(move |_| chosen.with(|chosen| known.iter().copied().find(|by| name(*by) == chosen)));
        Self { by, offered, set }
    }

    /// What people are grouped by; tracked.
    pub fn get(self) -> Option<GroupBy> {
        self.by.get()
    }

    /// The field that chooses it; nothing while there is nothing to choose.
    pub fn field(self) -> AnyView {
        let offered = Memo::new(move |_| {
            let mut offered = self.offered.get();
            offered.extend(self.by.get().filter(|by| !offered.contains(by)));
            offered
        });
        let options = Signal::derive(move || {
            let option = |by| SelectOption::words(name(by), label(by));
            let none = SelectOption::words("", text::directory_no_grouping());
            std::iter::once(none).chain(offered.get().into_iter().map(option)).collect::<Vec<_>>()
        });
        let choose = move |value: String| self.set.set(Some(value).filter(|value| !value.is_empty()));
        let value = SelectValue::new(move || self.by.get().map_or("", name).to_owned(), choose);
        let has_any = Memo::new(move |_| !offered.with(Vec::is_empty));
        let field = move || {
            has_any
                .get()
                .then(|| view! { <Select label=text::directory_group_by value=value options=options /> })
        };
        field.into_any()
    }
}

/// The name in the URL.
fn name(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Scope => "scope",
        GroupBy::Role => "role",
        GroupBy::State => "state",
        GroupBy::Domain => "domain",
    }
}

fn label(by: GroupBy) -> String {
    match by {
        GroupBy::Scope => text::scopes_scope(),
        GroupBy::Role => text::members_role(),
        GroupBy::State => text::members_state(),
        GroupBy::Domain => text::directory_domain(),
    }
}

/// The header of a group, in words.
pub fn header(by: GroupBy, header: &ShownHeader) -> GroupHeader {
    let ShownHeader { group: RowGroup { value, name, n_people }, n_selected, is_collapsed } = header;
    let own = match (by, value.as_deref()) {
        (GroupBy::Scope, Some(slug)) => Scope::from_slug(slug).map(words::scope),
        (GroupBy::State, Some(state)) => Some(active_words(state == ACTIVE)),
        (GroupBy::Scope, None) => Some(text::directory_no_scope()),
        (GroupBy::Role, None) => Some(text::directory_no_role()),
        (GroupBy::State, None) => Some(text::directory_no_state()),
        (GroupBy::Domain, None) => Some(text::directory_no_domain()),
        (GroupBy::Role | GroupBy::Domain, Some(_)) => None,
    };
    let is_data = own.is_none();
    let data = || {
        let name = Some(&**name).filter(|name| !name.trim().is_empty());
        name.or(value.as_deref()).unwrap_or_default().to_owned()
    };
    let selected = match *n_selected {
        0 => SelectedAll::None,
        n if n == *n_people => SelectedAll::All,
        _ => SelectedAll::Some,
    };
    GroupHeader {
        name: own.unwrap_or_else(data),
        is_data,
        count: *n_people,
        is_expanded: !is_collapsed,
        selected,
    }
}
