//! What a list leaves open, asked once for the whole list: the country of phone numbers, and words that are no scope.

use domain::list::EntryStatus;
use domain::{ProblemCode, Scope};
use leptos::prelude::*;

use super::people::People;
use crate::features::words;
use i18n::{format_list, text};
use ui::{Select, SelectOption, SelectValue, TextInput};

/// Most words that are asked about at once.
const MAX_WORDS: usize = 8;

/// The questions below the box; nothing while the list leaves nothing open.
pub(super) fn questions(people: People) -> AnyView {
    let asks_country = Memo::new(move |_| {
        people.country.with(|code| !code.trim().is_empty())
            || people.entries.with(|entries| {
                entries
                    .iter()
                    .filter(|entry| entry.status == EntryStatus::Refused)
                    .flat_map(|entry| &entry.problems)
                    .any(|problem| problem.code == ProblemCode::CountryMissing)
            })
    });
    let country = move || asks_country.get().then(|| country_field(people));
    // A word keeps its question once it is answered, so that the answer can be changed.
    let scope_words = Memo::new(move |_| people.scope_words());
    let scopes = move || {
        let words = scope_words.get();
        let rest = words.len().saturating_sub(MAX_WORDS);
        let fields = words.into_iter().take(MAX_WORDS).map(|word| scope_field(people, word)).collect_view();
        let more = (rest > 0).then(|| view! { <span class="help">{text::add_more_words(rest)}</span> });
        (!scope_words.with(Vec::is_empty)).then(|| {
            view! {
                <div class="form-grid">{fields}</div>
                {more}
            }
        })
    };
    let unused = move || {
        let unused: Vec<String> =
            people.list.with(|list| list.unused.iter().map(ToString::to_string).collect());
        (!unused.is_empty()).then(|| {
            view! { <span class="help">{text::add_unused_columns(&format_list(&unused))}</span> }
        })
    };
    view! {
        {unused}
        {country}
        {scopes}
    }
    .into_any()
}

fn country_field(people: People) -> AnyView {
    let error = move || people.is_country_bad().then(text::add_country_bad);
    view! {
        <div class="form-grid">
            <TextInput
                label=text::add_country
                value=people.country
                help=Signal::derive(text::add_country_help)
                error=Signal::derive(error)
                kind="tel"
                placeholder=Signal::derive(|| "+44".to_owned())
                mono=true
            />
        </div>
    }
    .into_any()
}

fn scope_field(people: People, word: Box<str>) -> AnyView {
    let options = || {
        let none = SelectOption::words("", text::add_scope_word_choose());
        let scopes =
            Scope::ALL.into_iter().map(|scope| SelectOption::words(scope.slug(), words::scope(scope)));
        std::iter::once(none).chain(scopes).collect::<Vec<_>>()
    };
    let now = {
        let word = word.clone();
        move || people.rules.with(|rules| rules.scope_of(&word).map_or("", Scope::slug).to_owned())
    };
    let choose = {
        let word = word.clone();
        move |chosen: String| people.rules.update(|rules| rules.choose(&word, Scope::from_slug(&chosen)))
    };
    let value = SelectValue::new(now, choose);
    view! {
        <Select
            label=Signal::derive(move || text::add_scope_word(&word))
            value=value
            options=Signal::derive(options)
        />
    }
    .into_any()
}
