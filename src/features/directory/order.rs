//! The order of a list that was read whole, as it is in the URL.

use directory_worker::{SortColumn, ViewSort};
use leptos::prelude::*;
use ui::{Sort, SortBy};

use crate::routing::query;

/// The columns of people that sort, by their names in the URL.
const COLUMNS: [(&str, SortColumn); 9] = [
    ("name", SortColumn::Name),
    ("id", SortColumn::Id),
    ("email", SortColumn::Email),
    ("phone", SortColumn::Phone),
    ("scope", SortColumn::Scope),
    ("role", SortColumn::Role),
    ("state", SortColumn::State),
    ("joined", SortColumn::Joined),
    ("created", SortColumn::Created),
];

/// The order in the URL: a column, after a minus sign if the largest are first.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The column that sorts if the URL says nothing.
    first: &'static str,
    value: Memo<Option<SortBy>>,
    set: SignalSetter<Option<String>>,
}

impl Order {
    /// The order of the people on the current page.
    pub fn of_page() -> Self {
        Self::of_columns(COLUMNS.map(|(name, _)| name).into())
    }

    /// The order of the current page by one of these columns. The first one sorts if the URL says nothing.
    pub fn of_columns(names: Vec<&'static str>) -> Self {
        let (text, set) = query::quiet_choice("sort");
        let first = names.first().copied().unwrap_or_default();
        let value = Memo::new(move |_| {
            text.with(|text| {
                let name = text.trim_start_matches('-');
                let key = names.iter().copied().find(|known| *known == name)?;
                let sort = if text.starts_with('-') { Sort::Descending } else { Sort::Ascending };
                Some(SortBy { key, sort })
            })
        });
        Self { first, value, set }
    }

    /// The order of people; tracked. `None` is by name.
    pub fn sort(self) -> Option<ViewSort> {
        let by = self.value.get()?;
        let (_, column) = COLUMNS.into_iter().find(|(name, _)| *name == by.key)?;
        Some(ViewSort { column, is_descending: by.sort == Sort::Descending })
    }

    /// The column and the direction; tracked.
    pub fn now(self) -> SortBy {
        self.value.get().unwrap_or(SortBy { key: self.first, sort: Sort::Ascending })
    }

    /// The order, for the head of the grid.
    pub fn by(self) -> Signal<Option<SortBy>> {
        Signal::derive(move || Some(self.now()))
    }

    /// Sorts by a column, or the other way round if it is the one.
    pub fn on_sort(self) -> Callback<&'static str> {
        Callback::new(move |key: &'static str| {
            let is_turned = untrack(|| self.now()) == SortBy { key, sort: Sort::Ascending };
            let name = if is_turned { ["-", key].concat() } else { key.to_owned() };
            self.set.set(Some(name).filter(|name| name != self.first));
        })
    }
}
