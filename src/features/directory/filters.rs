//! The filters and the order of a directory, as they are in the URL.

use browser::clock;
use directory_worker::{SortColumn, ViewSort};
use domain::Millis;
use i18n::text;
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

/// The columns that sort, by their names in the URL.
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
    value: Memo<Option<(usize, bool)>>,
    set: SignalSetter<Option<String>>,
}

impl Order {
    /// The order of the current page.
    pub fn of_page() -> Self {
        let (text, set) = query::quiet_choice("sort");
        let value = Memo::new(move |_| {
            text.with(|text| {
                let name = text.trim_start_matches('-');
                let idx = COLUMNS.iter().position(|(known, _)| *known == name)?;
                Some((idx, text.starts_with('-')))
            })
        });
        Self { value, set }
    }

    /// The order; tracked. `None` is by name.
    pub fn sort(self) -> Option<ViewSort> {
        self.value.get().map(|(idx, is_descending)| ViewSort { column: COLUMNS[idx].1, is_descending })
    }

    /// The order, for the head of the grid.
    pub fn by(self) -> Signal<Option<SortBy>> {
        let by = |(idx, is_descending): (usize, bool)| SortBy {
            key: COLUMNS[idx].0,
            sort: if is_descending { Sort::Descending } else { Sort::Ascending },
        };
        Signal::derive(move || Some(self.value.get().map_or(by((0, false)), by)))
    }

    /// Sorts by a column, or the other way round if it is the one.
    pub fn on_sort(self) -> Callback<&'static str> {
        Callback::new(move |key: &'static str| {
            let (now, is_descending) = self.value.get_untracked().unwrap_or((0, false));
            let is_descending = COLUMNS[now].0 == key && !is_descending;
            let name = if is_descending { ["-", key].concat() } else { key.to_owned() };
            self.set.set(Some(name).filter(|name| name != "name"));
        })
    }
}

/// An option of a [`filter_select`].
#[derive(Clone, Debug, PartialEq)]
pub struct FilterOption {
    /// The value, also in the URL; empty for any.
    pub value: String,
    /// The words for it.
    pub label: String,
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
            <option value=option.value prop:selected=selected>
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
