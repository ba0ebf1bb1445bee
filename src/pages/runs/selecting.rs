//! Which finished runs are selected, and undoing them together.

use domain::PlanId;
use leptos::prelude::*;

use crate::features::directory::selection_bar::bar_of;
use crate::routing::use_go;
use crate::state::runs::RunSummary;
use crate::state::undoing::choose_runs;
use i18n::text;
use ui::Button;

/// The selected runs. Copies share state.
#[derive(Clone, Copy)]
pub(super) struct Selecting {
    selected: RwSignal<Vec<PlanId>>,
    /// The runs that can be selected: those that have ended and changed something.
    undoable: Memo<Vec<PlanId>>,
}

impl Selecting {
    pub(super) fn new(runs: impl Fn() -> Vec<RunSummary> + Send + Sync + 'static) -> Self {
        let undoable = Memo::new(move |_| {
            let has_changed = |run: &RunSummary| run.is_over() && run.tally.n_done > 0;
            runs().into_iter().filter(has_changed).map(|run| run.id).collect()
        });
        Self { selected: RwSignal::default(), undoable }
    }

    /// The selected runs, in the order of the list; tracked.
    fn get(self) -> Vec<PlanId> {
        let mut ids = self.undoable.get();
        self.selected.with(|selected| ids.retain(|id| selected.contains(id)));
        ids
    }

    /// The checkbox of a run; the room for it, if it cannot be selected.
    pub(super) fn tick(self, id: PlanId, title: Memo<String>) -> AnyView {
        let can = {
            let id = id.clone();
            Memo::new(move |_| self.undoable.with(|undoable| undoable.contains(&id)))
        };
        let is_selected = {
            let id = id.clone();
            Memo::new(move |_| self.selected.with(|selected| selected.contains(&id)))
        };
        let set = StoredValue::new(id);
        let change = move |event| {
            let (id, is_on) = (set.get_value(), event_target_checked(&event));
            self.selected.update(|selected| {
                selected.retain(|other| *other != id);
                if is_on {
                    selected.push(id);
                }
            });
        };
        let tick = move || {
            if !can.get() {
                return view! { <span class="run-tick" /> }.into_any();
            }
            view! {
                <label class="run-tick">
                    <input
                        class="tick"
                        type="checkbox"
                        aria-label=move || text::ui_select_named(&title.get())
                        prop:checked=move || is_selected.get()
                        on:change=change
                    />
                </label>
            }
            .into_any()
        };
        tick.into_any()
    }

    /// The bar, while runs are selected.
    pub(super) fn bar(self) -> AnyView {
        let go = use_go();
        let n = Memo::new(move |_| self.get().len());
        let undo = Callback::new(move |()| go(&choose_runs(untrack(|| self.get()))));
        let actions = move || {
            view! {
                <Button
                    label=move || text::undo_of_runs(n.get())
                    small=true
                    icon="undo-2"
                    on_press=move || undo.run(())
                />
            }
            .into_any()
        };
        bar_of(n.into(), actions, Callback::new(move |()| self.selected.set(Vec::new())))
    }
}
