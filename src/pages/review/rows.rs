//! The changes in a grid, the most dangerous first, and the panel of the one that the cursor is on.

use std::sync::Arc;

use domain::{ChangeId, Operation, Title, TitleKind, TitlePlace};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use review::{Danger, Drift, ReviewedChange, Ruling};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use super::compared::Compared;
use super::decision_panel;
use crate::features::directory::list_columns::list_columns;
use crate::features::results::change::{person_header, state_before, state_now};
use crate::features::words;
use i18n::{format_number, text};
use ui::{
    Button, Column, DrawRow, Grid, RowVersion, Segment, Segments, Selection, Tone, Variant, badge, grid_card,
    icon_flip, pressed_shortcut,
};

/// Which changes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Show {
    All,
    Dangerous,
    /// Those that are no longer as planned.
    Drifted,
    Undecided,
}

const SHOWS: [Show; 4] = [Show::All, Show::Dangerous, Show::Drifted, Show::Undecided];

/// The changes on the page. Copies share the same signals.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    compared: Compared,
    show: Selection<Show>,
    /// The position of the cursor among those that are shown.
    cursor: RwSignal<Option<usize>>,
    shown: Memo<Shown>,
}

/// The changes that are shown, by position among all.
#[derive(Clone)]
struct Shown {
    show: Show,
    places: Arc<Vec<usize>>,
}

impl Rows {
    pub(super) fn new(compared: Compared) -> Self {
        let show = Selection::new(&SHOWS, Show::All);
        let shown = Memo::new_with_compare(
            move |before: Option<&Shown>| {
                let show = show.get();
                // A decision leaves its change where it is: the reason may still have to be typed.
                let before = before.filter(|before| before.show == show).map(|before| before.places.clone());
                let was_shown =
                    |place| before.as_ref().is_some_and(|before| before.binary_search(&place).is_ok());
                let all = compared.changes.with_value(|changes| 0..changes.len());
                let places = all.filter(|place| was_shown(*place) || is_shown(compared, *place, show));
                Shown { show, places: Arc::new(places.collect()) }
            },
            |_, _| true,
        );
        Self { compared, show, cursor: RwSignal::new(None), shown }
    }

    /// The change that the cursor is on, at first the first one; tracked.
    pub(super) fn current(self) -> Option<ReviewedChange> {
        let at = self.cursor.get().unwrap_or_default();
        let place = self.shown.with(|shown| shown.places.get(at).copied())?;
        Some(self.compared.at(place))
    }

    /// Moves the cursor to a change. Shows all changes if that one is not shown.
    pub(super) fn go_to(self, change: ChangeId) {
        let find = || {
            self.shown.with_untracked(|shown| {
                shown.places.iter().position(|place| self.compared.at(*place).id == change)
            })
        };
        let mut at = find();
        if at.is_none() {
            self.show.set(Show::All);
            at = find();
        }
        self.cursor.set(at);
    }

    /// Decides the change of the cursor. An approval goes on to the next, a refusal to its reason.
    pub(super) fn rule(self, ruling: Ruling) {
        let Some(change) = untrack(|| self.current()) else { return };
        if ruling == Ruling::Approved && !change.drift.can_be_approved() {
            return;
        }
        self.compared.review.rulings.rule(change.id, Some(ruling));
        match ruling {
            Ruling::Approved => self.step(1),
            Ruling::Declined => decision_panel::focus_reason(),
        }
    }

    fn step(self, by: isize) {
        let n = self.shown.with_untracked(|shown| shown.places.len());
        let at = self.cursor.get_untracked().unwrap_or_default();
        self.cursor.set(n.checked_sub(1).map(|last| at.saturating_add_signed(by).min(last)));
    }

    fn on_key(self, event: &KeyboardEvent) {
        let is_plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        let target = event.target();
        let is_typed = target.as_ref().is_some_and(|target| {
            target.has_type::<HtmlTextAreaElement>() || target.has_type::<HtmlInputElement>()
        });
        if !is_plain || is_typed {
            return;
        }
        match pressed_shortcut(event).as_str() {
            "j" => self.step(1),
            "k" => self.step(-1),
            "y" => self.rule(Ruling::Approved),
            "n" => self.rule(Ruling::Declined),
            _ => return,
        }
        event.prevent_default();
    }

    pub(super) fn view(self) -> AnyView {
        let n_of = move |show| {
            let all = self.compared.changes.with_value(|changes| 0..changes.len());
            all.filter(|place| is_shown(self.compared, *place, show)).count()
        };
        let segment = move |show, name: fn() -> String| {
            let label = move || {
                let n = format_number(n_of(show) as f64);
                text::review_show_n(text::ReviewShowN { n: &n, name: &name() })
            };
            Segment { value: show, label: Signal::derive(label), icon: "" }
        };
        let segments = vec![
            segment(Show::All, text::review_show_all),
            segment(Show::Dangerous, text::review_show_dangerous),
            segment(Show::Drifted, text::review_show_drifted),
            segment(Show::Undecided, text::review_show_undecided),
        ];
        let rulings = self.compared.review.rulings;
        let approve_all = move || {
            let ids = self.compared.changes.with_value(|changes| {
                let can = |change: &&ReviewedChange| change.drift.can_be_approved();
                changes.iter().filter(can).map(|change| change.id).collect::<Vec<_>>()
            });
            rulings.rule_all(ids, Some(Ruling::Approved));
        };
        let none = move || {
            let ids = self
                .compared
                .changes
                .with_value(|changes| changes.iter().map(|change| change.id).collect::<Vec<_>>());
            rulings.rule_all(ids, None);
        };
        let foot = move || {
            let n = self.compared.changes.with_value(|changes| changes.len());
            text::review_decided(text::ReviewDecided {
                approved: &format_number(rulings.count(Ruling::Approved) as f64),
                declined: &format_number(rulings.count(Ruling::Declined) as f64),
                total: &format_number(n as f64),
            })
        };
        let foot = view! {
            <span role="status">{foot}</span>
            <span class="push cluster">
                <Button label=text::review_approve_all small=true on_press=approve_all />
                <Button label=text::review_decide_none small=true variant=Variant::Link on_press=none />
            </span>
        };
        let grid = grid_card(Signal::derive(text::review_changes), self.grid(), Some(foot.into_any()));
        view! {
            <div class="toolbar">
                <Segments legend=text::review_show value=self.show segments=segments quiet=true />
            </div>
            <div class="split review-split" on:keydown=move |event| self.on_key(&event)>
                <div class="stack-2">{grid} <p class="help">{text::review_keys_help}</p></div>
                <div class="aside">{decision_panel::panel(self.compared, self)}</div>
            </div>
        }
        .into_any()
    }

    fn grid(self) -> AnyView {
        let columns = vec![
            Column::new("person", text::activity_col_person).fixed(),
            Column::new("change", text::run_col_change).fixed(),
            Column::new("drift", text::review_col_now).fixed(),
            Column::new("decision", text::review_col_decision).fixed(),
        ];
        let columns = list_columns("review", columns);
        let at = move |row: usize| self.shown.with(|shown| shown.places.get(row).copied());
        let draw: DrawRow = Arc::new(move |row| {
            untrack(|| at(row).map_or_else(|| ().into_any(), |place| self.cells(place))).into()
        });
        let version: RowVersion = Arc::new(move |row| {
            let change = self.compared.at(at(row)?);
            let ruling = match self.compared.review.rulings.of(change.id).ruling {
                None => 0,
                Some(Ruling::Approved) => 1,
                Some(Ruling::Declined) => 2,
            };
            Some(u64::from(change.id.0) * 3 + ruling)
        });
        view! {
            <Grid
                label=text::review_changes
                class="review-grid"
                columns=columns
                count=Signal::derive(move || self.shown.with(|shown| shown.places.len()))
                of=Signal::stored(String::new())
                row=draw
                version=version
                open=Signal::derive(move || Some(self.cursor.get().unwrap_or_default()))
                on_open=Callback::new(move |row| self.cursor.set(Some(row)))
                cursor=self.cursor
            />
        }
        .into_any()
    }

    fn cells(self, place: usize) -> AnyView {
        let change = self.compared.at(place);
        let (person, group, operation) = self.compared.review.with_request(|request| {
            let operation = request.operation(change.id).clone();
            let group = operation
                .group()
                .map(|id| request.groups.get(id).map_or_else(|| id.to_string(), |name| name.to_string()));
            (request.changes[change.id.as_idx()].person.clone(), group, operation)
        });
        let group = group.map(|group| {
            view! {
                <bdi translate="no" class="tiny muted id-clip">
                    {group}
                </bdi>
            }
        });
        let ruled = self.compared.review.rulings.of(change.id);
        view! {
            {person_header(&person)}
            <div class="vcell v-change" role="gridcell">
                {states(&change, &operation)}
                {group}
            </div>
            <div class="vcell v-drift" role="gridcell">
                {change.danger.map(danger_badge)}
                {drift_badge(change.drift)}
            </div>
            <div class="vcell" role="gridcell">
                {ruling_badge(ruled.ruling)}
            </div>
        }
        .into_any()
    }
}

fn is_shown(compared: Compared, place: usize, show: Show) -> bool {
    let change = compared.at(place);
    match show {
        Show::All => true,
        Show::Dangerous => change.danger.is_some(),
        Show::Drifted => !matches!(change.drift, Drift::AsPlanned | Drift::Unread),
        Show::Undecided => compared.review.rulings.of(change.id).ruling.is_none(),
    }
}

/// What was, what is if that differs, and what would be. An operation on a group is named instead.
pub(super) fn states(change: &ReviewedChange, operation: &Operation) -> AnyView {
    if is_about_group(operation) {
        return view! { <span>{operation_words(operation, None)}</span> }.into_any();
    }
    let is = (change.drift == Drift::Changed).then(|| {
        view! {
            {state_now(change.is)}
            {icon_flip("arrow-right")}
        }
    });
    view! {
        <span class="change">
            {state_before(change.was)} {icon_flip("arrow-right")} {is}
            <span class="sr-only">{text::common_becomes}</span> {state_now(change.would_be)}
        </span>
    }
    .into_any()
}

fn is_about_group(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::CreateGroup(_)
            | Operation::EditGroup { .. }
            | Operation::DeleteGroup { .. }
            | Operation::CreateCommunity(_)
    )
}

/// An operation on one person, or on a group, in words.
pub(super) fn operation_words(operation: &Operation, group: Option<&str>) -> String {
    let place = match (group, operation.group()) {
        (Some(name), _) => TitlePlace::Named(name.into()),
        (None, Some(id)) => TitlePlace::Named(id.as_str().into()),
        (None, None) => TitlePlace::Community,
    };
    words::title(&Title { kind: TitleKind::of(operation), count: 1, place })
}

fn danger_badge(danger: Danger) -> AnyView {
    let words = match danger {
        Danger::Admin => text::review_danger_admin,
        Danger::Ban => text::review_danger_ban,
        Danger::Deletion => text::review_danger_deletion,
        Danger::Message => text::review_danger_message,
        Danger::Moderator => text::review_danger_moderator,
    };
    badge(Tone::Unknown, words)
}

pub(super) fn drift_badge(drift: Drift) -> AnyView {
    let (tone, words): (Tone, fn() -> String) = match drift {
        Drift::AsPlanned => (Tone::Done, text::review_drift_as_planned),
        Drift::Unread => (Tone::Info, text::review_drift_unread),
        Drift::AlreadySo => (Tone::Same, text::review_drift_already),
        Drift::Changed => (Tone::Unknown, text::review_drift_changed),
        Drift::Gone => (Tone::Refused, text::review_drift_gone),
        Drift::NotAllowed => (Tone::Refused, text::review_drift_not_allowed),
    };
    badge(tone, words)
}

pub(super) fn ruling_badge(ruling: Option<Ruling>) -> AnyView {
    match ruling {
        Some(Ruling::Approved) => badge(Tone::Done, text::review_approved),
        Some(Ruling::Declined) => badge(Tone::Refused, text::review_declined),
        None => view! { <span class="muted small">{text::review_undecided}</span> }.into_any(),
    }
}

/// Focuses an element by its id, once it is there.
pub(super) fn focus(id: &'static str) {
    request_animation_frame(move || {
        let found = document().get_element_by_id(id).and_then(|found| found.dyn_into::<HtmlElement>().ok());
        if let Some(element) = found {
            // Focusing fails only for an element outside the document.
            let _ = element.focus();
        }
    });
}
