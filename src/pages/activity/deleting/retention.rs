//! The dialog that sets for how long entries are kept. It says what that deletes at once.

use browser::clock;
use ledger_worker::OlderEntries;
use ledger_worker::message::{LedgerAnswer, LedgerQuestion};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::entries::Entries;
use super::{failed_words, retention_name};
use crate::state::ledger::{DeleteError, Retention, ledger};
use i18n::{format_date, text};
use ui::{
    Button, Dialog, Select, SelectOption, SelectValue, Tone, Variant, announce, effect, notice, opened_dialog,
};

/// What a retention deletes at once: how many, and the time before which they happened.
type Doomed = Option<(u64, u64)>;

/// The dialog. Copies share state.
#[derive(Clone, Copy)]
struct Setting {
    entries: Entries,
    chosen: RwSignal<Retention>,
    /// What the chosen one deletes; `None` until it is known.
    doomed: RwSignal<Option<Doomed>>,
    error: RwSignal<Option<String>>,
    is_busy: RwSignal<bool>,
    open: RwSignal<bool>,
}

pub(super) fn dialog(entries: Entries, on_close: Callback<()>) -> AnyView {
    let setting = Setting {
        entries,
        chosen: RwSignal::new(untrack(|| entries.retention())),
        doomed: RwSignal::new(None),
        error: RwSignal::new(None),
        is_busy: RwSignal::new(false),
        open: opened_dialog(on_close),
    };
    let open = setting.open;
    effect(move || {
        setting.chosen.track();
        // What is there may have changed too.
        entries.state();
        untrack(|| setting.look());
    });
    let n_doomed = move || setting.doomed.get().flatten().map_or(0, |(n_entries, _)| n_entries);
    let foot = move || {
        let save = move || {
            let is_known = setting.doomed.with(Option::is_some);
            is_known.then(|| match n_doomed() {
                0 => view! {
                    <Button
                        label=text::ledger_retention_save
                        variant=Variant::Primary
                        busy=setting.is_busy
                        on_press=move || setting.save()
                    />
                },
                n_entries => view! {
                    <Button
                        label=move || text::ledger_retention_delete(n_entries as usize)
                        variant=Variant::Danger
                        busy=setting.is_busy
                        on_press=move || setting.save()
                    />
                },
            })
        };
        view! {
            <Button label=text::common_cancel on_press=move || open.set(false) />
            {save}
        }
    };
    view! {
        <Dialog title=text::ledger_retention_change open=open foot=foot>
            <div class="stack-3">
                {setting.field()} <div role="status">{move || setting.said()}</div>
                {move || {
                    let said = setting.error.get()?;
                    Some(notice(Tone::Refused, view! { <p>{said}</p> }))
                }}
            </div>
        </Dialog>
    }
    .into_any()
}

impl Setting {
    fn field(self) -> AnyView {
        let name = |retention: Retention| retention.days().unwrap_or_default().to_string();
        let value = SelectValue::new(
            move || name(self.chosen.get()),
            move |value| {
                let chosen = Retention::ALL.into_iter().find(|one| name(*one) == value);
                self.chosen.set(chosen.unwrap_or_default());
            },
        );
        let options = move || {
            let one = |retention| SelectOption::words(name(retention), retention_name(retention));
            Retention::ALL.map(one).to_vec()
        };
        view! {
            <Select
                label=text::ledger_retention_label
                help=text::ledger_retention_help
                value=value
                options=Signal::derive(options)
            />
        }
        .into_any()
    }

    /// Asks what the chosen one would delete.
    fn look(self) {
        let chosen = self.chosen.get_untracked();
        self.doomed.set(None);
        let Some(before) = chosen.before(clock::now()) else {
            self.doomed.set(Some(None));
            return;
        };
        let reader = self.entries.reader();
        spawn_local(async move {
            let answer = reader.ask(&LedgerQuestion::Older(before)).await;
            // Another one may be chosen by now, or the dialog closed.
            if self.chosen.try_get_untracked() != Some(chosen) {
                return;
            }
            let found = match answer {
                Ok(LedgerAnswer::Older(older)) => older,
                Ok(_) => None,
                Err(error) => {
                    self.error.set(Some(failed_words(error.into())));
                    None
                }
            };
            let doomed = found.map(|OlderEntries { n_entries, .. }| (n_entries, before));
            self.doomed.set(Some(doomed.filter(|_| self.fits())));
        });
    }

    fn fits(self) -> bool {
        untrack(|| self.entries.state()).is_some_and(|state| state.standing.flaw.is_none())
    }

    /// What the chosen one would delete.
    fn said(self) -> Option<AnyView> {
        if self.chosen.get() == Retention::Forever {
            return None;
        }
        let doomed = self.doomed.get()?;
        if !self.fits() {
            return Some(notice(Tone::Unknown, view! { <p>{text::ledger_retention_flawed}</p> }));
        }
        let Some((n_entries, before)) = doomed else {
            return Some(view! { <p>{text::ledger_retention_none}</p> }.into_any());
        };
        let said = move || text::ledger_retention_now(n_entries as usize, &format_date(before as f64));
        Some(notice(Tone::Unknown, view! { <p>{said}</p> }))
    }

    fn save(self) {
        self.is_busy.set(true);
        self.error.set(None);
        let session = self.entries.reader().session();
        let chosen = self.chosen.get_untracked();
        spawn_local(async move {
            let saved = ledger().set_retention(session, chosen).await;
            // The dialog may be gone by now.
            if self.is_busy.try_set(false).is_some() {
                return;
            }
            match saved {
                // It holds from now on, and is applied once the entries fit.
                Err(DeleteError::Flawed) | Ok(0) => {
                    self.open.set(false);
                    announce(text::ledger_retention_is(&retention_name(chosen)));
                }
                Ok(n_entries) => {
                    self.open.set(false);
                    announce(text::ledger_retention_deleted(n_entries as usize));
                }
                Err(error) => self.error.set(Some(failed_words(error))),
            }
        });
    }
}
