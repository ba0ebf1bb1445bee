//! What can be done with the selected people of a directory, also with those beyond the screen.

use std::fmt;
use std::sync::Arc;

use browser::clock;
use directory_worker::message::Selecting;
use domain::export::table;
use domain::{Member, Scope};
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::people_view::PeopleView;
use crate::features::results::download::{FileKind, save};
use i18n::text;
use ui::{Button, Variant};

/// The columns of an exported selection.
const COLUMNS: [&str; 8] = ["id", "name", "email", "phone", "scope", "role", "joined", "created"];

/// The selected people of a list.
#[derive(Clone)]
pub struct SelectedPeople {
    /// Their number.
    pub n_selected: Signal<usize>,
    /// Reads them, also those beyond the screen; `None` if not all could be read.
    pub read: Arc<dyn Fn() -> LocalBoxFuture<'static, Option<Vec<Member>>> + Send + Sync>,
    /// Selects nobody.
    pub clear: Callback<()>,
}

impl SelectedPeople {
    /// Does something with all of them once they were read, unless its page is gone by then. `is_reading` belongs to the
    /// page: while it is true, nothing else is done.
    pub fn with_all(&self, is_reading: RwSignal<bool>, act: impl FnOnce(Vec<Member>) + 'static) {
        if is_reading.get_untracked() {
            return;
        }
        is_reading.set(true);
        let people = (self.read)();
        spawn_local(async move {
            let people = people.await;
            let is_gone = is_reading.try_set(false).is_some();
            if let Some(people) = people.filter(|_| !is_gone) {
                act(people);
            }
        });
    }
}

impl fmt::Debug for SelectedPeople {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SelectedPeople").field("n_selected", &self.n_selected).finish_non_exhaustive()
    }
}

impl From<PeopleView> for SelectedPeople {
    fn from(view: PeopleView) -> Self {
        Self {
            n_selected: view.n_selected(),
            read: Arc::new(move || Box::pin(view.selected())),
            clear: Callback::new(move |()| view.select(Selecting::Clear)),
        }
    }
}

/// The bar, while people are selected. `is_only` shows nobody else.
pub fn selection_bar(
    people: impl Into<SelectedPeople>,
    is_only: RwSignal<bool>,
    actions: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    bar(people.into(), is_only, Arc::new(actions))
}

fn bar(
    people: SelectedPeople,
    is_only: RwSignal<bool>,
    actions: Arc<dyn Fn() -> AnyView + Send + Sync>,
) -> AnyView {
    let (n_selected, select_nobody) = (people.n_selected, people.clear);
    let is_reading = RwSignal::new(false);
    let clear = move || {
        is_only.set(false);
        select_nobody.run(());
    };
    let export = Callback::new(move |()| {
        people.with_all(is_reading, |people| save("members", FileKind::Csv, &csv(&people)));
    });
    let only_label =
        move || if is_only.get() { text::scopes_show_all() } else { text::directory_show_selected() };
    let actions = move || {
        view! {
            {actions()}
            <Button
                label=only_label
                small=true
                on_press=move || is_only.update(|is_only| *is_only = !*is_only)
            />
            <Button
                label=text::directory_export
                small=true
                icon="download"
                busy=is_reading
                on_press=move || export.run(())
            />
        }
        .into_any()
    };
    bar_of(n_selected, actions, Callback::new(move |()| clear()))
}

/// The bar of any selection, while something is selected: how much, what can be done with it, and a way to select
/// nothing. It belongs below the list: above, it would move the rows just when the next one is about to be ticked.
pub fn bar_of(
    n_selected: Signal<usize>,
    actions: impl Fn() -> AnyView + Send + Sync + 'static,
    clear: Callback<()>,
) -> AnyView {
    let has_any = Memo::new(move |_| n_selected.get() > 0);
    let bar = move || {
        has_any.get().then(|| {
            view! {
                <div class="selection-bar bar-bottom" role="region" aria-label=text::directory_selection>
                    <p role="status">
                        <b>{move || text::directory_selected(n_selected.get())}</b>
                    </p>
                    {actions()}
                    <Button
                        label=text::directory_clear
                        small=true
                        variant=Variant::Quiet
                        on_press=move || clear.run(())
                    />
                </div>
            }
        })
    };
    bar.into_any()
}

fn csv(people: &[Member]) -> String {
    let time = |at: Option<domain::Millis>| at.map(clock::iso).unwrap_or_default();
    let cells = |person: &Member| -> [String; COLUMNS.len()] {
        let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
        [
            person.id.to_string(),
            text(&person.name),
            text(&person.email),
            text(&person.phone),
            person.scope.map_or("", Scope::slug).to_owned(),
            person.role.as_ref().map(|(_, name)| name.to_string()).unwrap_or_default(),
            time(person.joined_at),
            time(person.created_at),
        ]
    };
    let head = COLUMNS.map(str::to_owned);
    table(std::iter::once(head).chain(people.iter().map(cells)))
}
