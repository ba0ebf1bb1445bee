//! The dialog that deletes the personal data of someone: what is deleted, what is not, and where else it is.

use browser::clock;
use browser::search::search_for;
use domain::{Person, PersonKey};
use ledger_worker::AboutPerson;
use ledger_worker::message::{LedgerAnswer, LedgerQuestion};
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{Digest, PersonalData};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::super::entries::Entries;
use super::super::filters::Filters;
use super::failed_words;
use crate::features::words;
use crate::routing::paths;
use crate::state::ledger::{DeleteError, ReadingError, ledger};
use crate::state::runs::use_runs;
use i18n::{format_list, text};
use ui::{Button, Dialog, TextInput, Tone, Variant, announce, notice, opened_dialog, skeleton};

/// Links to runs and requests that are listed; more are counted.
const MAX_LINKS: usize = 5;
/// Shortest name, in characters, that a reason must not have: "Al" is in too many words.
const SHORTEST: usize = 3;

/// What is known of the person.
#[derive(Clone)]
struct Found {
    about: AboutPerson,
    /// The requests that this device has.
    requests: Vec<Digest>,
}

/// The dialog. Copies share state.
#[derive(Clone, Copy)]
struct Deletion {
    entries: Entries,
    filters: Filters,
    person: StoredValue<PersonalData>,
    found: RwSignal<Option<Found>>,
    why: RwSignal<String>,
    error: RwSignal<Option<String>>,
    is_busy: RwSignal<bool>,
    open: RwSignal<bool>,
}

pub(super) fn dialog(
    entries: Entries,
    filters: Filters,
    person: PersonalData,
    on_close: Callback<()>,
) -> AnyView {
    let deletion = Deletion {
        entries,
        filters,
        person: StoredValue::new(person),
        found: RwSignal::new(None),
        why: RwSignal::default(),
        error: RwSignal::new(None),
        is_busy: RwSignal::new(false),
        open: opened_dialog(on_close),
    };
    let open = deletion.open;
    deletion.look();
    let is_found = Memo::new(move |_| {
        deletion.found.with(|found| found.as_ref().is_some_and(|found| found.about.n_entries > 0))
    });
    let foot = move || {
        view! {
            <Button label=text::common_cancel on_press=move || open.set(false) />
            {move || {
                is_found
                    .get()
                    .then(|| {
                        view! {
                            <Button
                                label=text::ledger_delete_person_now
                                variant=Variant::Danger
                                busy=deletion.is_busy
                                on_press=move || deletion.delete()
                            />
                        }
                    })
            }}
        }
    };
    view! {
        <Dialog title=text::ledger_delete_person_title open=open foot=foot>
            <div class="stack-3">
                {move || match deletion.found.get() {
                    Some(found) => deletion.body(&found),
                    None if deletion.error.with(Option::is_none) => skeleton(),
                    None => ().into_any(),
                }}
                {move || {
                    let said = deletion.error.get()?;
                    Some(notice(Tone::Refused, view! { <p>{said}</p> }))
                }}
            </div>
        </Dialog>
    }
    .into_any()
}

impl Deletion {
    fn key(self) -> PersonKey {
        self.person.with_value(|person| person.key.clone())
    }

    /// The name that the person is known by here.
    fn label(self) -> String {
        self.person.with_value(|person| {
            Person { key: person.key.clone(), name: person.name.clone() }.label().to_owned()
        })
    }

    /// Asks what there is about the person.
    fn look(self) {
        let (reader, question) = (self.entries.reader(), LedgerQuestion::About(self.key()));
        spawn_local(async move {
            let found = match reader.ask(&question).await {
                Ok(LedgerAnswer::About(about)) => {
                    let mut requests = Vec::new();
                    if let Some(storage) = reader.session().storage().await {
                        for request in &about.requests {
                            // One that cannot be read is there all the same.
                            if !matches!(storage.review_file(*request).await, Ok(None)) {
                                requests.push(*request);
                            }
                        }
                    }
                    Ok(Found { about: *about, requests })
                }
                Ok(_) => Err(DeleteError::Reading(ReadingError::Worker)),
                Err(error) => Err(error.into()),
            };
            // The dialog may be gone by now.
            match found {
                Ok(found) => drop(self.found.try_set(Some(found))),
                Err(error) => drop(self.error.try_set(Some(failed_words(error)))),
            }
        });
    }

    /// What is wrong with a reason that names the person: it would stay.
    fn naming(self) -> Option<String> {
        let why = self.why.get();
        let names = |text: &str| {
            let search = search_for(text);
            text.chars().count() >= SHORTEST && search.fold(&why).contains(search.wanted())
        };
        let is_named = self
            .person
            .with_value(|person| names(person.key.as_str()) || person.name.as_deref().is_some_and(names));
        is_named.then(text::ledger_why_names)
    }

    fn body(self, found: &Found) -> AnyView {
        let Found { about, requests } = found;
        let n_entries = about.n_entries;
        // The entry is from a copy of this ledger.
        if n_entries == 0 {
            return view! { <p>{text::ledger_delete_none}</p> }.into_any();
        }
        let places = about.places.iter().map(ToString::to_string).collect::<Vec<_>>();
        let n_mentions = about.n_mentions;
        let mentions = (n_mentions > 0).then(|| {
            view! { <li>{move || text::ledger_delete_mentions(n_mentions)}</li> }
        });
        view! {
            <p>{move || text::ledger_delete_what(n_entries, &self.label())}</p>
            <p>{move || text::ledger_delete_places(&format_list(&places))}</p>
            <p>{text::ledger_delete_rest}</p>
            <div class="stays stack-1">
                <h3 class="label">{text::ledger_delete_stays}</h3>
                <ul>
                    {mentions} <li>{text::ledger_delete_keys}</li> <li>{text::ledger_delete_copies}</li>
                    {runs(about)}
                    {links(
                        text::ledger_delete_requests,
                        requests
                            .iter()
                            .map(|request| (paths::review_of(&request.to_string()), short(request)))
                            .collect(),
                    )}
                </ul>
            </div>
            <TextInput
                label=text::ledger_why
                help=text::ledger_why_help
                value=self.why
                optional=true
                error=Signal::derive(move || self.naming())
            />
        }
        .into_any()
    }

    fn delete(self) {
        // The field says what is wrong.
        if untrack(|| self.naming()).is_some() {
            return;
        }
        self.is_busy.set(true);
        self.error.set(None);
        let (reader, key, why) = (self.entries.reader(), self.key(), self.why.get_untracked());
        spawn_local(async move {
            let deleted = ledger().redact(reader.session(), &reader, &key, &why).await;
            // The dialog may be gone by now.
            if self.is_busy.try_set(false).is_some() {
                return;
            }
            match deleted {
                Ok(n_entries) => {
                    // The address does not keep the person either.
                    if untrack(|| self.filters.person.get()).iter().any(|one| *one == key.as_str()) {
                        self.filters.person.clear();
                    }
                    self.open.set(false);
                    announce(text::ledger_redacted(n_entries as usize));
                    // The dialog gives the focus back to its button first, which goes with the person.
                    clock::sleep(0).await;
                    focus_entry();
                }
                Err(error) => self.error.set(Some(failed_words(error))),
            }
        });
    }
}

/// Moves the focus to the heading of the entry.
fn focus_entry() {
    let heading = document().query_selector(".drawer h2").ok().flatten();
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        // Focusing fails only for an element outside the document.
        let _ = heading.focus();
    }
}

/// The runs that this device has.
fn runs(about: &AboutPerson) -> Option<AnyView> {
    let runs = use_runs();
    let here = about.runs.iter().filter_map(|run| untrack(|| runs.summary(run)));
    let all = here.map(|run| (paths::run(run.id.as_str()), words::ended_title(&run.title, &run.tally)));
    links(text::ledger_delete_runs, all.collect())
}

/// A line with links, the first of which are shown.
fn links(said: fn() -> String, all: Vec<(String, String)>) -> Option<AnyView> {
    let n_more = all.len().saturating_sub(MAX_LINKS);
    if all.is_empty() {
        return None;
    }
    let shown = all.into_iter().take(MAX_LINKS).map(|(path, name)| {
        view! {
            <li>
                <a href=path>
                    <bdi translate="yes">{name}</bdi>
                </a>
            </li>
        }
    });
    let more = (n_more > 0).then(|| view! { <li>{move || text::results_n_more(n_more)}</li> });
    Some(view! { <li>{said} <ul>{shown.collect_view()} {more}</ul></li> }.into_any())
}

/// The first digits of a hash.
fn short(hash: &Digest) -> String {
    hash.to_string().chars().take(16).collect()
}
