//! The filter by the time of joining: lately, or between two days of the user's time zone.

use std::sync::Arc;

use browser::clock;
use domain::Millis;
use i18n::{format_date, text};
use js_sys::Date;
use leptos::prelude::*;
use ui::{TextInput, effect, effect_after};

use super::filters::{FilterChip, FilterOption, filter_select};
use crate::routing::query;

const DAY_MS: Millis = 86_400_000;

/// The option that shows the two dates.
const BETWEEN: &str = "between";
/// Stands between two days in the URL.
const TO: &str = "..";

/// A time that began lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Since {
    Week,
    Month,
    Year,
}

impl Since {
    const ALL: [Self; 3] = [Self::Week, Self::Month, Self::Year];

    /// The name in the URL.
    fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    fn words(self) -> String {
        match self {
            Self::Week => text::directory_last_week(),
            Self::Month => text::directory_last_month(),
            Self::Year => text::directory_this_year(),
        }
    }

    fn from(self) -> Millis {
        match self {
            Self::Week => clock::now().saturating_sub(7 * DAY_MS),
            Self::Month => clock::now().saturating_sub(30 * DAY_MS),
            Self::Year => {
                Date::new_with_year_month_day(Date::new_0().get_full_year(), 0, 1).get_time() as Millis
            }
        }
    }
}

/// A day of the calendar, as a date field has it: "2026-03-31".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Day(String);

impl Day {
    /// The day, if there is such one. The years before 1000 are those of a date that is being typed.
    fn of(text: &str) -> Option<Self> {
        let is_written_so =
            text.len() == 10 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
        let day = Self(text.to_owned());
        let (year, month, date) = day.parts()?;
        let start = day.start(0);
        let is_there =
            (start.get_full_year(), start.get_month() + 1, start.get_date()) == (year, month, date);
        (is_there && is_written_so && year >= 1000).then_some(day)
    }

    fn parts(&self) -> Option<(u32, u32, u32)> {
        let mut parts = self.0.splitn(3, '-').map(|part| part.parse().ok());
        Some((parts.next()??, parts.next()??, parts.next()??))
    }

    /// When the day begins, or one some days after it.
    fn start(&self, n_days: i32) -> Date {
        let (year, month, date) = self.parts().unwrap_or_default();
        Date::new_with_year_month_day(year, month as i32 - 1, date as i32 + n_days)
    }

    fn first_moment(&self) -> Millis {
        self.start(0).get_time().max(0.0) as Millis
    }

    fn last_moment(&self) -> Millis {
        (self.start(1).get_time() - 1.0).max(0.0) as Millis
    }

    fn words(&self) -> String {
        format_date(self.start(0).get_time())
    }
}

/// When people joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum When {
    #[default]
    Ever,
    Lately(Since),
    /// Both days included. One of them is there.
    Between(Option<Day>, Option<Day>),
}

impl When {
    /// Reads it from the URL. What makes no sense means ever.
    fn of(name: &str) -> Self {
        if let Some(since) = Since::ALL.into_iter().find(|since| since.name() == name) {
            return Self::Lately(since);
        }
        name.split_once(TO).and_then(|(from, to)| Self::between(from, to)).unwrap_or_default()
    }

    /// The days between two typed ones; `None` if they are in the wrong order or not whole.
    fn between(from: &str, to: &str) -> Option<Self> {
        let day = |text: &str| if text.is_empty() { Some(None) } else { Day::of(text).map(Some) };
        match (day(from)?, day(to)?) {
            (None, None) => Some(Self::Ever),
            (Some(from), Some(to)) if from > to => None,
            (from, to) => Some(Self::Between(from, to)),
        }
    }

    /// The name in the URL; `None` for ever.
    fn name(&self) -> Option<String> {
        let text = |day: &Option<Day>| day.as_ref().map_or_else(String::new, |day| day.0.clone());
        match self {
            Self::Ever => None,
            Self::Lately(since) => Some(since.name().to_owned()),
            Self::Between(from, to) => Some([&*text(from), TO, &*text(to)].concat()),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Ever => text::directory_any_time(),
            Self::Lately(since) => since.words(),
            Self::Between(Some(from), Some(to)) => {
                text::directory_from_to(text::DirectoryFromTo { from: &from.words(), to: &to.words() })
            }
            Self::Between(Some(from), None) => text::directory_from_day(&from.words()),
            Self::Between(None, to) => {
                text::directory_to_day(&to.as_ref().map(Day::words).unwrap_or_default())
            }
        }
    }
}

/// The filter by the time of joining, in the URL. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
pub struct JoinedFilter {
    when: Memo<When>,
    set: SignalSetter<Option<String>>,
    /// Whether the two dates are shown.
    is_open: RwSignal<bool>,
    from: RwSignal<String>,
    to: RwSignal<String>,
}

impl JoinedFilter {
    /// The filter of the current page.
    pub fn of_page() -> Self {
        let (name, set) = query::quiet_choice("joined");
        let when = Memo::new(move |_| name.with(|name| When::of(name)));
        let (from, to) = (RwSignal::default(), RwSignal::default());
        let filter = Self { when, set, is_open: RwSignal::new(false), from, to };
        effect_after(move |before: Option<bool>| {
            let when = when.get();
            filter.follow(&when, before == Some(true));
            matches!(when, When::Between(..))
        });
        effect(move || {
            let now = from.with(|from| to.with(|to| When::between(from, to)));
            if let Some(now) = now
                && filter.is_open.get_untracked()
                && filter.when.with_untracked(|when| *when != now)
            {
                filter.set.set(now.name());
            }
        });
        filter
    }

    /// The first and the last moment; tracked.
    pub fn limits(self) -> (Option<Millis>, Option<Millis>) {
        self.when.with(|when| match when {
            When::Ever => (None, None),
            When::Lately(since) => (Some(since.from()), None),
            When::Between(from, to) => {
                (from.as_ref().map(Day::first_moment), to.as_ref().map(Day::last_moment))
            }
        })
    }

    /// Shows everyone, whenever they joined.
    pub fn clear(self) {
        self.close();
        self.set.set(None);
    }

    /// The select with the times that began lately, and the two dates.
    pub fn select(self) -> AnyView {
        let is_on = Memo::new(move |_| self.when.with(|when| *when != When::Ever));
        let options = Signal::derive(move || {
            let others = |since: &Since| self.when.with(|when| *when != When::Lately(*since));
            let lately = Since::ALL.into_iter().filter(others);
            let lately = lately.map(|since| FilterOption::new(since.name(), since.words()));
            let between = FilterOption::new(BETWEEN, text::directory_between());
            lately.chain((!self.is_open.get()).then_some(between)).collect()
        });
        let choose = move |value: String| {
            if value == BETWEEN {
                self.is_open.set(true);
            } else {
                self.close();
                self.set.set(Some(value));
            }
        };
        let (label, any) = (text::scopes_joined, text::directory_any_time);
        filter_select(label, any, true, is_on.into(), options, Callback::new(choose))
    }

    /// The two dates, while they are wanted.
    pub fn dates(self) -> AnyView {
        let error = Signal::derive(move || {
            let (from, to) = (Day::of(&self.from.get())?, Day::of(&self.to.get())?);
            (from > to).then(text::directory_wrong_order)
        });
        let dates = move || {
            self.is_open.get().then(|| {
                view! {
                    <div class="cluster between" role="group" aria-label=text::scopes_joined>
                        <TextInput label=text::directory_from value=self.from kind="date" />
                        <TextInput label=text::directory_to value=self.to kind="date" error=error />
                    </div>
                }
            })
        };
        dates.into_any()
    }

    /// The active time.
    pub fn chips(self) -> Signal<Vec<FilterChip>> {
        let is_on = Memo::new(move |_| self.when.with(|when| *when != When::Ever));
        Signal::derive(move || {
            let chip = || FilterChip {
                key: "joined".to_owned(),
                filter: text::scopes_joined,
                value: Arc::new(move || self.when.with(When::words)),
                is_name: false,
                remove: Arc::new(move || self.clear()),
            };
            is_on.get().then(chip).into_iter().collect()
        })
    }

    /// Shows the days of the URL in the fields, unless they say the same.
    fn follow(self, when: &When, was_between: bool) {
        let When::Between(from, to) = when else {
            // Who empties both fields goes on typing.
            let has_typed =
                !self.from.with_untracked(String::is_empty) || !self.to.with_untracked(String::is_empty);
            if was_between && has_typed {
                self.close();
            }
            return;
        };
        self.is_open.set(true);
        for (field, day) in [(self.from, from), (self.to, to)] {
            let text = day.as_ref().map_or("", |day| &*day.0);
            if field.with_untracked(|typed| typed != text) {
                field.set(text.to_owned());
            }
        }
    }

    fn close(self) {
        self.is_open.set(false);
        self.from.set(String::new());
        self.to.set(String::new());
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_time_in_the_url_is_read_as_it_was_written() {
        for name in [
            "week",
            "year",
            "2026-01-01..2026-03-31",
            "2026-01-01..",
            "..2026-03-31",
            "2026-02-28..2026-02-28",
        ] {
            assert_eq!(When::of(name).name().as_deref(), Some(name));
        }
        for name in [
            "",
            "..",
            "ever",
            "2026-03-31..2026-01-01",
            "2026-02-29..",
            "2026-1-1..",
            "2026-+1-+2..",
            "0202-01-01..",
        ] {
            assert_eq!(When::of(name), When::Ever, "{name}");
        }
    }

    #[wasm_bindgen_test]
    fn a_day_lasts_until_the_next_one() {
        for (one, next) in
            [("2026-03-31", "2026-04-01"), ("2026-12-31", "2027-01-01"), ("2028-02-28", "2028-02-29")]
        {
            let day = |text| Day::of(text).expect("a day");
            assert_eq!(day(one).last_moment() + 1, day(next).first_moment());
        }
        assert_eq!(Day::of("1969-01-01").map(|day| day.first_moment()), Some(0));
    }
}
