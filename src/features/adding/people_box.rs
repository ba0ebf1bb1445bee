//! A box that takes typed and pasted lists and shows the people recognised in them.

use domain::list::{EntryStatus, ListEntry};
use domain::order;
use domain::{PersonKey, ProblemCode, Severity, Vendor};
use leptos::prelude::*;

use super::people::People;
use super::people_questions::questions;
use super::people_table::table;
use crate::features::words;
use i18n::text;
use ui::{Button, TextArea, Tone, Variant, chip, next_id};

/// Maximum number of chips; a longer list is shown as a table.
const MAX_CHIPS: usize = 20;
/// Maximum number of sentences about faulty entries.
const MAX_SENTENCES: usize = 5;

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
    let rows = move || {
        let remove = Callback::new(move |idx| people.remove_entry(idx));
        let draw = table().filter(|_| is_table.get() && !as_text.get())?;
        Some(draw(people.entries, vendor, people.identity.takes_scopes, remove))
    };
    let chips = move || {
        people.entries.with(|entries| {
            let shown = entries.iter().take(if is_table.get() { 0 } else { MAX_CHIPS }).enumerate();
            shown
                .map(|(idx, entry)| entry_chip(entry, Callback::new(move |()| people.remove_entry(idx))))
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
                                on:drop=move |event| people.on_drop(&event)
                                on:blur=move |_| people.commit()
                            />
                        </li>
                    </ul>
                </div>
            </Show>
            {move || sentences(people, vendor)}
            {questions(people)}
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
        return if people.is_unread() { String::new() } else { text::add_nobody_yet() };
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

fn entry_chip(entry: &ListEntry, on_remove: Callback<()>) -> AnyView {
    let (icon, id) = match entry.person.as_ref().map(|person| &person.key) {
        Some(PersonKey::Phone(digits)) => ("phone", Some(digits.to_string())),
        Some(key) => ("", Some(key.as_str().to_owned())),
        None => ("", None),
    };
    let label = match &entry.person {
        Some(person) => person.label().to_owned(),
        None => entry.typed.to_string(),
    };
    let tone = match entry.status {
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
