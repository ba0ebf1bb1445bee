//! A box that takes pasted text and shows the people recognised in it.
//!
//! Text is kept piece by piece, exactly as typed; [`People`] is parsed from the pieces, so that the two
//! cannot diverge. After a run only people who succeeded leave the box.

use domain::capabilities::Identity;
use domain::order;
use domain::paste::{self, EntryStatus, PasteEntry};
use domain::{Person, PersonKey, ProblemCode, Scope, Severity, Vendor};
use leptos::ev::{ClipboardEvent, KeyboardEvent};
use leptos::prelude::*;

use super::people_table::table;
use crate::features::words;
use crate::state::runs::fetch_engine;
use i18n::text;
use ui::{Button, TextArea, Tone, Variant, chip, effect, next_id, pressed};

/// Maximum number of chips; a longer list is shown as a table.
const MAX_CHIPS: usize = 20;
/// Maximum number of sentences about faulty pieces.
const MAX_SENTENCES: usize = 5;

/// The contents of the box.
#[derive(Clone, Copy, Debug)]
pub struct People {
    pieces: RwSignal<Vec<String>>,
    draft: RwSignal<String>,
    /// Whether the list is edited as text; then `text` is the list, and `pieces` is out of date.
    is_text: RwSignal<bool>,
    text: RwSignal<String>,
    entries: Memo<Vec<PasteEntry>>,
    /// `entries` with the entry field and the fields beside the box. Those move into the box on blur or on
    /// send, but count from the start.
    with_draft: Memo<Vec<PasteEntry>>,
    identity: Identity,
}

impl People {
    /// An empty box for people identified in this way.
    pub fn new(identity: Identity) -> Self {
        Self::with_beside(identity, Signal::stored(None))
    }

    /// The same, with fields beside it that hold one more line; their owner moves it into the box.
    pub fn with_beside(identity: Identity, beside: Signal<Option<String>>) -> Self {
        let pieces = RwSignal::new(Vec::<String>::new());
        let (is_text, text) = (RwSignal::new(false), RwSignal::new(String::new()));
        let list = move || if is_text.get() { text.get() } else { pieces.with(|pieces| pieces.join("\n")) };
        let entries = Memo::new(move |_| paste::parse(&list(), &identity));
        let draft = RwSignal::new(String::new());
        let with_draft = Memo::new(move |_| {
            let more = [draft.get(), beside.get().unwrap_or_default()].join("\n");
            if more.trim().is_empty() {
                return entries.get();
            }
            paste::parse(&[&list(), "\n", &more].concat(), &identity)
        });
        Self { pieces, draft, is_text, text, entries, with_draft, identity }
    }

    /// The people that can be sent, without duplicates.
    pub fn usable(&self) -> Vec<Person> {
        self.with_scopes().into_iter().map(|(person, _)| person).collect()
    }

    /// Number of people that can be sent. A person with two scopes counts once.
    pub fn n_people(&self) -> usize {
        order::distinct(self.usable().into_iter().map(|person| person.key.folded())).len()
    }

    /// The same people with the scope beside them, as in a sheet with a scope column. A person with two
    /// scopes appears twice; planning resolves that.
    pub fn with_scopes(&self) -> Vec<(Person, Option<Scope>)> {
        self.with_draft.with(|entries| {
            let usable = entries.iter().filter(|entry| entry.standing == EntryStatus::Usable);
            usable.filter_map(|entry| Some((entry.person.clone()?, entry.scope))).collect()
        })
    }

    /// Number of entries with a standing. The unfinished text of the entry field is never counted as refused.
    pub fn count(&self, standing: EntryStatus) -> usize {
        let entries = if standing == EntryStatus::Refused { self.entries } else { self.with_draft };
        entries.with(|entries| entries.iter().filter(|entry| entry.standing == standing).count())
    }

    /// Whether the entry field has text that is not yet in the box.
    pub fn has_draft(&self) -> bool {
        self.draft.with(|draft| !draft.trim().is_empty())
    }

    /// Adds more text.
    pub fn add(&self, more: &str) {
        let mut pieces = self.pieces_now();
        pieces.extend(more.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
        self.set_pieces(pieces);
        // Splits a line that names several people into several pieces.
        self.set_pieces(self.typed_entries(|_| true));
    }

    /// Everything in the box as typed, one line each, for keeping it while it is unsent.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = if self.is_text.get() {
            self.text.with(|text| text.lines().map(str::to_owned).collect())
        } else {
            self.pieces.get()
        };
        lines.push(self.draft.get());
        lines.retain(|line| !line.trim().is_empty());
        lines
    }

    /// Restores earlier contents.
    pub fn restore(&self, lines: &[String]) {
        self.clear();
        self.add(&lines.join("\n"));
    }

    pub fn clear(&self) {
        self.is_text.set(false);
        self.text.set(String::new());
        self.draft.set(String::new());
        self.pieces.set(Vec::new());
    }

    /// Moves the entry field into the box.
    pub fn commit(&self) {
        let draft = self.draft.get_untracked();
        if !draft.trim().is_empty() {
            self.draft.set(String::new());
            self.add(&draft);
        }
    }

    /// Removes these people; duplicates go with the first entry.
    pub fn take_out(&self, done: &[PersonKey]) {
        let done = order::distinct(done.iter().map(PersonKey::folded));
        let is_done = |entry: &PasteEntry| {
            entry.person.as_ref().is_some_and(|person| done.binary_search(&person.key.folded()).is_ok())
        };
        // Text stays as written if none of these people is in it.
        if self.entries.with_untracked(|entries| entries.iter().any(is_done)) {
            self.set_pieces(self.typed_entries(|entry| !is_done(entry)));
        }
    }

    /// Removes the people named in these lines, from the entry field as well, and returns their keys.
    pub fn take_out_typed(&self, lines: &[String]) -> Vec<PersonKey> {
        let done = self.keys_in(&lines.join("\n"));
        self.take_out(&done);
        let in_field = self.draft.with_untracked(|draft| self.keys_in(draft));
        if !in_field.is_empty() && in_field.iter().all(|key| done.contains(key)) {
            self.draft.set(String::new());
        }
        done
    }

    /// The people named in a text.
    pub fn keys_in(&self, text: &str) -> Vec<PersonKey> {
        let entries = paste::parse(text, &self.identity).into_iter();
        entries.filter_map(|entry| Some(entry.person?.key.folded())).collect()
    }

    /// The typed text of the entries that match, one piece each.
    fn typed_entries(&self, is_meant: impl Fn(&PasteEntry) -> bool) -> Vec<String> {
        self.entries.with_untracked(|entries| {
            entries.iter().filter(|entry| is_meant(entry)).map(|entry| entry.typed.to_string()).collect()
        })
    }

    /// The current pieces, from chips or text.
    fn pieces_now(&self) -> Vec<String> {
        if self.is_text.get_untracked() { self.typed_entries(|_| true) } else { self.pieces.get_untracked() }
    }

    /// Replaces the pieces, as chips and as text.
    fn set_pieces(&self, pieces: Vec<String>) {
        if self.is_text.get_untracked() {
            self.text.set(pieces.join("\n"));
        }
        self.pieces.set(pieces);
    }

    /// Switches between chips and text.
    fn toggle(&self) {
        self.commit();
        let pieces = self.pieces_now();
        self.is_text.update(|is_text| *is_text = !*is_text);
        self.set_pieces(pieces);
    }

    /// Removes one entry of the list.
    fn remove_entry(&self, idx: usize) {
        let typed = self.entries.with_untracked(|entries| {
            let others = entries.iter().enumerate().filter(|(other, _)| *other != idx);
            others.map(|(_, entry)| entry.typed.to_string()).collect()
        });
        self.set_pieces(typed);
    }

    fn remove(&self, idx: usize) {
        self.pieces.update(|pieces| {
            if idx < pieces.len() {
                pieces.remove(idx);
            }
        });
    }

    fn on_key(&self, event: &KeyboardEvent) {
        match pressed(event).as_str() {
            "Enter" | "," | ";" if self.has_draft() => {
                event.prevent_default();
                self.commit();
            }
            "Enter" => event.prevent_default(),
            "Backspace" if self.draft.with_untracked(String::is_empty) => {
                let last = self.pieces.with_untracked(Vec::len);
                if last > 0 {
                    // The last piece becomes text again, to be corrected rather than retyped.
                    let typed = self.pieces.with_untracked(|pieces| pieces[last - 1].clone());
                    self.remove(last - 1);
                    self.draft.set(typed);
                    event.prevent_default();
                }
            }
            _ => {}
        }
    }

    fn on_paste(&self, event: &ClipboardEvent) {
        let pasted = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
        if let Some(pasted) = pasted.filter(|pasted| pasted.contains(['\n', ',', ';', '\t'])) {
            event.prevent_default();
            let draft = self.draft.get_untracked();
            self.draft.set(String::new());
            self.add(&format!("{draft}{pasted}"));
        }
    }
}

/// The box with its label, its chips and the sentences about them.
#[component]
pub fn PeopleBox(
    people: People,
    vendor: Vendor,
    /// What can be pasted.
    #[prop(into)]
    help: Signal<String>,
    /// The label, for pages with several boxes.
    #[prop(optional, into)]
    label: MaybeProp<String>,
) -> impl IntoView {
    let label = move || label.get().unwrap_or_else(text::add_people);
    let id = next_id("people");
    let help_id = format!("{id}-help");
    let as_text = people.is_text;
    let is_table = Memo::new(move |_| people.entries.with(|entries| entries.len() > MAX_CHIPS));
    effect(move || {
        if is_table.get() {
            fetch_engine();
        }
    });
    let rows = move || {
        let remove = Callback::new(move |idx| people.remove_entry(idx));
        let draw = table().filter(|_| is_table.get() && !as_text.get())?;
        Some(draw(people.entries, vendor, people.identity.takes_scopes, remove))
    };
    let chips = move || {
        people.entries.with(|entries| {
            let shown = entries.iter().take(if is_table.get() { 0 } else { MAX_CHIPS }).enumerate();
            shown
                .map(|(idx, entry)| entry_chip(entry, Callback::new(move |()| people.remove(idx))))
                .collect_view()
        })
    };
    let is_chips = move || !as_text.get();
    let box_id = id.clone();
    let help_of_box = help_id.clone();
    view! {
        <div class="field">
            <label class="label" for=id>
                {label}
                <span class="opt">{move || recognised(people)}</span>
            </label>
            {rows}
            <Show
                when=is_chips
                fallback=move || {
                    view! { <TextArea label=text::add_people_as_text value=people.text rows=10 /> }
                }
            >
                <div class="input chips-box" class:is-short=is_table>
                    <ul class="chips" aria-label=text::add_recognised>
                        {chips}
                        <li class="grow">
                            <input
                                class="chip-entry"
                                id=box_id.clone()
                                dir="auto"
                                autocomplete="off"
                                autocapitalize="off"
                                spellcheck="false"
                                aria-describedby=help_of_box.clone()
                                placeholder=text::add_paste_here
                                prop:value=move || people.draft.get()
                                on:input=move |event| people.draft.set(event_target_value(&event))
                                on:keydown=move |event| people.on_key(&event)
                                on:paste=move |event| people.on_paste(&event)
                                on:blur=move |_| people.commit()
                            />
                        </li>
                    </ul>
                </div>
            </Show>
            {move || sentences(people, vendor)}
            <span class="help" id=help_id>
                {help}
            </span>
            <div class="cluster">
                <Button
                    label=move || if as_text.get() { text::add_as_chips() } else { text::add_as_text() }
                    variant=Variant::Link
                    small=true
                    on_press=move || people.toggle()
                />
            </div>
        </div>
    }
    .into_any()
}

fn recognised(people: People) -> String {
    let usable = people.count(EntryStatus::Usable);
    let twice = people.count(EntryStatus::Duplicate);
    let refused = people.count(EntryStatus::Refused);
    if usable + twice + refused == 0 {
        return text::add_nobody_yet();
    }
    let mut parts = vec![text::add_n_recognised(usable)];
    if twice > 0 {
        parts.push(text::add_n_twice(twice));
    }
    if refused > 0 {
        parts.push(text::add_n_not_usable(refused));
    }
    parts
        .into_iter()
        .reduce(|left, right| text::results_join(text::ResultsJoin { left: &left, right: &right }))
        .unwrap_or_default()
}

fn entry_chip(entry: &PasteEntry, on_remove: Callback<()>) -> AnyView {
    let (icon, id) = match entry.person.as_ref().map(|person| &person.key) {
        Some(PersonKey::Phone(digits)) => ("phone", Some(digits.to_string())),
        Some(key) => ("", Some(key.as_str().to_owned())),
        None => ("", None),
    };
    let label = match &entry.person {
        Some(person) => person.label().to_owned(),
        None => entry.typed.to_string(),
    };
    let tone = match entry.standing {
        EntryStatus::Usable => None,
        EntryStatus::Duplicate => Some(Tone::Same),
        EntryStatus::Refused => Some(Tone::Refused),
    };
    let id = id.filter(|id| *id != label);
    // The scope from the list is shown in place of the id, or beside it.
    let scope = entry.scope.map(words::scope);
    let id = match (id, scope) {
        (Some(id), Some(scope)) => {
            Some(text::add_id_and_scope(text::AddIdAndScope { id: &id, scope: &scope }))
        }
        (id, scope) => id.or(scope),
    };
    chip(tone, icon, label, id, on_remove)
}

/// The sentences below the box: each faulty piece with its reason, then minor notes.
fn sentences(people: People, vendor: Vendor) -> AnyView {
    people.entries.with(|entries| {
        let all = entries.iter().flat_map(|entry| entry.problems.iter().map(move |problem| (entry, problem)));
        let mut said: Vec<_> = all.filter(|(_, problem)| problem.code != ProblemCode::Duplicate).collect();
        order::sort_by_key(&mut said, |(_, problem)| std::cmp::Reverse(problem.severity));
        let rest = said.len().saturating_sub(MAX_SENTENCES);
        let lines = said
            .into_iter()
            .take(MAX_SENTENCES)
            .map(|(entry, problem)| {
                let is_refused = problem.severity >= Severity::Refused;
                let (class, mark) = if is_refused {
                    ("error", Tone::Refused.glyph())
                } else {
                    ("help row", Tone::Info.glyph())
                };
                let typed = entry.typed.to_string();
                let sentence = words::problem(problem, vendor);
                view! {
                    <span class=class>
                        {mark}<span>
                            <bdi translate="no" class="id">
                                {typed}
                            </bdi>
                            " "
                            {sentence}
                        </span>
                    </span>
                }
            })
            .collect_view();
        let more = (rest > 0).then(|| view! { <span class="help">{text::add_more_sentences(rest)}</span> });
        view! {
            {lines}
            {more}
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use domain::capabilities::Capabilities;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn labels(people: People) -> Vec<String> {
        people.usable().iter().map(|person| person.label().to_owned()).collect()
    }

    #[wasm_bindgen_test]
    fn the_text_is_the_list_while_it_is_edited() {
        let owner = Owner::new();
        owner.set();
        let Capabilities { identity, .. } = vendors::capabilities(Vendor::CometChat);
        let people = People::new(identity);
        people.add("fan-001\nfan-002 fan-003");
        people.draft.set("fan-004".to_owned());
        people.toggle();
        assert_eq!(people.text.get_untracked(), "fan-001\nfan-002\nfan-003\nfan-004");

        people.text.set("fan-001\nfan-003\nfan-005\nnot an id!".to_owned());
        assert_eq!(labels(people), ["fan-001", "fan-003", "fan-005"]);
        assert_eq!((people.n_people(), people.count(EntryStatus::Refused)), (3, 1));

        // Sending takes in the entry field, and people who were sent leave the text.
        people.commit();
        people.add("fan-006");
        people.take_out(&[PersonKey::Id("fan-001".into()), PersonKey::Id("fan-005".into())]);
        assert_eq!(people.text.get_untracked(), "fan-003\nnot an id!\nfan-006");
        assert_eq!(people.lines(), ["fan-003", "not an id!", "fan-006"]);
        people.toggle();
        assert_eq!(people.lines(), ["fan-003", "not an id!", "fan-006"]);
        assert_eq!(labels(people), ["fan-003", "fan-006"]);
        owner.cleanup();
    }
}
