//! The filters and the order of a list that was read whole, as they are in the URL.

use browser::clock;
use directory_worker::{SortColumn, ViewSort};
use domain::Millis;
use i18n::{format_number, text};
use js_sys::Date;
use leptos::prelude::*;
use ui::{Sort, SortBy, icon};

use crate::routing::query;

const DAY_MS: Millis = 86_400_000;

/// When people joined or were created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    Ever,
    Week,
    Month,
    Year,
}

impl Since {
    pub const ALL: [Self; 4] = [Self::Ever, Self::Week, Self::Month, Self::Year];

    /// The name in the URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ever => "",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The words for it.
    pub fn words(self) -> String {
        match self {
            Self::Ever => text::directory_any_time(),
            Self::Week => text::directory_last_week(),
            Self::Month => text::directory_last_month(),
            Self::Year => text::directory_this_year(),
        }
    }

    /// The earliest time; `None` for any.
    pub fn from(self) -> Option<Millis> {
        match self {
            Self::Ever => None,
            Self::Week => Some(clock::now().saturating_sub(7 * DAY_MS)),
            Self::Month => Some(clock::now().saturating_sub(30 * DAY_MS)),
            Self::Year => {
                let year = Date::new_0().get_full_year();
                Some(Date::new_with_year_month_day(year, 0, 1).get_time() as Millis)
            }
        }
    }
}

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

/// A parameter of the URL.
pub type Param = (Memo<String>, SignalSetter<Option<String>>);

/// An option of a [`filter_select`].
#[derive(Clone, Debug, PartialEq)]
pub struct FilterOption {
    /// The value, also in the URL; empty for any.
    pub value: String,
    /// The words for it.
    pub label: String,
    /// Whether the words are a vendor's, such as the name of a role.
    pub is_name: bool,
}

/// A select that filters; the first option is for everyone.
pub fn filter_select(
    label: fn() -> String,
    value: Signal<String>,
    set: Callback<String>,
    options: Signal<Vec<FilterOption>>,
) -> AnyView {
    let one = move |option: FilterOption| {
        let known = option.value.clone();
        let selected = move || value.with(|value| *value == known);
        view! {
            <option value=option.value prop:selected=selected translate=option.is_name.then_some("no")>
                {option.label}
            </option>
        }
    };
    view! {
        <span class="select filter-select" class:is-on=move || value.with(|value| !value.is_empty())>
            <select class="input" aria-label=label on:change=move |event| set.run(event_target_value(&event))>
                {move || options.get().into_iter().map(one).collect_view()}
            </select>
            {icon("chevron-down")}
        </span>
    }
    .into_any()
}

/// An option that says how many rows have it.
pub fn counted(value: &str, label: &str, count: usize) -> FilterOption {
    let label = [label, " (", &format_number(count as f64), ")"].concat();
    FilterOption { value: value.to_owned(), label, is_name: false }
}

/// An option with a name from the vendor that says how many rows have it.
pub fn counted_name(value: &str, name: &str, count: usize) -> FilterOption {
    FilterOption { is_name: true, ..counted(value, name, count) }
}

/// A filter by what the rows that were read have; hidden while they all have the same.
pub fn facet(
    label: fn() -> String,
    (value, set): Param,
    any: fn() -> String,
    options: Signal<Vec<FilterOption>>,
) -> AnyView {
    let all = Memo::new(move |_| {
        let mut all = vec![FilterOption { value: String::new(), label: any(), is_name: false }];
        all.extend(options.get());
        // A value from a link stays, also if no row has it.
        let chosen = value.get();
        if all.iter().all(|option| option.value != chosen) {
            all.push(FilterOption { value: chosen.clone(), label: chosen, is_name: true });
        }
        all
    });
    let has_choice = Memo::new(move |_| all.with(Vec::len) > 2 || value.with(|value| !value.is_empty()));
    let choose = Callback::new(move |value: String| set.set(Some(value).filter(|value| !value.is_empty())));
    let select = move || has_choice.get().then(|| filter_select(label, value.into(), choose, all.into()));
    select.into_any()
}
