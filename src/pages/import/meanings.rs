//! What the words in columns of scopes, groups, roles and pricing plans stand for: asked once for each word.

use domain::capabilities::AddTarget;
use domain::list::{ColumnKind, folded};
use domain::person::{Price, Role};
use domain::{Connection, ConnectionId, GroupKind, Query, Scope, key};
use import_worker::{ColumnWord, ImportChange};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::columns::kind_word;
use super::importing::Importing;
use crate::features::reading::pickers;
use crate::features::words;
use crate::state::reads::read_page;
use crate::state::session::{Session, use_session};
use i18n::text;
use ui::{Select, SelectOption, SelectValue, effect, effect_after};

/// Most words that are asked about at once.
const MAX_WORDS: usize = 50;
/// The columns whose words are chosen a meaning from a list.
const SELECTED: [ColumnKind; 3] = [ColumnKind::Scope, ColumnKind::Role, ColumnKind::Price];
/// Most groups that are looked up by name.
const MAX_LOOKUPS: usize = 50;

/// The words that are or have to be chosen a meaning for; nothing without any.
pub(super) fn meanings(importing: Importing) -> AnyView {
    let words = Memo::new(move |_| {
        importing.summary.with(|summary| summary.as_ref().map(|it| it.words.clone()).unwrap_or_default())
    });
    look_up(importing, words);
    // A field stays while another one is chosen.
    let asked = Memo::new(move |_| {
        words.with(|words| {
            let one = |word: &ColumnWord| (word.kind, word.word.clone(), word.n_rows);
            words.iter().take(MAX_WORDS).map(one).collect::<Vec<_>>()
        })
    });
    let view = move || {
        let asked = asked.get();
        if asked.is_empty() {
            return None;
        }
        let n_more = words.with(|words| words.len().saturating_sub(MAX_WORDS));
        // Read once for all fields.
        let options: Vec<(ColumnKind, Signal<Vec<SelectOption>>)> = SELECTED
            .into_iter()
            .filter(|kind| asked.iter().any(|(own, ..)| own == kind))
            .map(|kind| (kind, options(importing, kind)))
            .collect();
        let of = |kind: ColumnKind| options.iter().find(|(own, _)| *own == kind).map(|(_, options)| *options);
        let fields: Vec<AnyView> = asked
            .iter()
            .map(|(kind, word, n_rows)| field(importing, words, *kind, word.clone(), *n_rows, of(*kind)))
            .collect();
        Some(view! {
            <fieldset class="stack-3 import-words">
                <legend class="label">{text::import_words}</legend>
                <p class="help">{text::import_words_help}</p>
                <div class="form-grid">{fields}</div>
                {(n_more > 0).then(|| view! { <p class="help">{text::import_words_more(n_more)}</p> })}
            </fieldset>
        })
    };
    view.into_any()
}

fn means(words: Memo<Vec<ColumnWord>>, kind: ColumnKind, word: &str) -> Option<Box<str>> {
    let is_it = |own: &&ColumnWord| own.kind == kind && *own.word == *word;
    words.with(|words| words.iter().find(is_it).and_then(|word| word.means.clone()))
}

fn field(
    importing: Importing,
    words: Memo<Vec<ColumnWord>>,
    kind: ColumnKind,
    word: Box<str>,
    n_rows: usize,
    options: Option<Signal<Vec<SelectOption>>>,
) -> AnyView {
    let label = {
        let word = word.clone();
        move || {
            let rows = text::import_n_rows(n_rows);
            let kind = kind_word(kind);
            text::import_word(text::ImportWord { word: &word, kind: &kind, rows: &rows })
        }
    };
    let choose = {
        let word = word.clone();
        move |chosen: String| {
            let means = Some(chosen).filter(|chosen| !chosen.trim().is_empty()).map(Into::into);
            importing.change(vec![ImportChange::Meaning { kind, word: word.clone(), means }]);
        }
    };
    let Some(options) = options else {
        return group_field(importing, words, word, Signal::derive(label), choose);
    };
    let now = move || means(words, kind, &word).unwrap_or_default().to_string();
    view! { <Select label=label value=SelectValue::new(now, choose) options=options /> }.into_any()
}

/// What a word of a column can stand for.
fn options(importing: Importing, kind: ColumnKind) -> Signal<Vec<SelectOption>> {
    let connection = importing.connection();
    let with_none = |choices: Vec<SelectOption>| {
        std::iter::once(SelectOption::words("", text::import_word_choose())).chain(choices).collect()
    };
    match kind {
        ColumnKind::Role => {
            let roles = pickers::roles(&connection);
            let option = |role: Role| SelectOption::data(role.id.as_str(), &*role.name);
            Signal::derive(move || with_none(roles.ready().into_iter().flatten().map(option).collect()))
        }
        ColumnKind::Price => {
            let prices = pickers::prices(&connection);
            let option = |price: Price| SelectOption::data(price.id.as_str(), &*price.name);
            Signal::derive(move || with_none(prices.ready().into_iter().flatten().map(option).collect()))
        }
        _ => {
            let option = |scope: Scope| SelectOption::words(scope.slug(), words::scope(scope));
            Signal::derive(move || with_none(Scope::ALL.into_iter().map(option).collect()))
        }
    }
}

fn group_field(
    importing: Importing,
    words: Memo<Vec<ColumnWord>>,
    word: Box<str>,
    label: Signal<String>,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    let connection = importing.connection();
    let is_community = vendors::capabilities(connection.vendor).add.target == AddTarget::Communities;
    let kind = if is_community { GroupKind::Community } else { GroupKind::Group };
    let now = Memo::new(move |_| means(words, ColumnKind::Group, &word).map(String::from));
    let value = RwSignal::new(now.get_untracked());
    // Found by its name meanwhile.
    effect(move || {
        if let Some(found) = now.get() {
            value.set(Some(found));
        }
    });
    effect_after(move |before: Option<Option<String>>| {
        let chosen = value.get();
        if before.is_some_and(|before| before != chosen) && untrack(|| now.get()) != chosen {
            choose(chosen.clone().unwrap_or_default());
        }
        chosen
    });
    let picker = pickers::group_picker(&connection, value, kind, Signal::stored(None));
    view! {
        <div class="stack-1" role="group" aria-label=label>
            <span class="label">
                <bdi translate="yes">{label}</bdi>
            </span>
            {picker}
        </div>
    }
    .into_any()
}

/// Finds the groups, roles and pricing plans that words name exactly. Each word is looked up once.
fn look_up(importing: Importing, words: Memo<Vec<ColumnWord>>) {
    let session = use_session();
    let tried = StoredValue::new(Vec::<(ColumnKind, Box<str>)>::new());
    effect(move || {
        let words = words.get();
        if !importing.is_open() {
            return;
        }
        let is_new = |word: &ColumnWord| {
            word.means.is_none()
                && word.kind != ColumnKind::Scope
                && tried.with_value(|tried| !tried.contains(&(word.kind, word.word.clone())))
        };
        let unknown: Vec<ColumnWord> = words.into_iter().filter(is_new).take(MAX_LOOKUPS).collect();
        if unknown.is_empty() {
            return;
        }
        tried.update_value(|tried| tried.extend(unknown.iter().map(|word| (word.kind, word.word.clone()))));
        let connection = importing.connection();
        spawn_local(async move {
            let mut found = Vec::new();
            for ColumnWord { kind, word, .. } in unknown {
                if let Some(means) = named(session, &connection, kind, &word).await {
                    found.push(ImportChange::Meaning { kind, word, means: Some(means.into()) });
                }
            }
            if !found.is_empty() {
                importing.change(found);
            }
        });
    });
}

/// The id of what a word names exactly.
async fn named(session: Session, connection: &Connection, kind: ColumnKind, word: &str) -> Option<String> {
    let is_it = |id: &str, name: &str| id == word || folded(name) == folded(word);
    let id = &connection.id;
    if kind != ColumnKind::Group {
        let query = if kind == ColumnKind::Role { Query::Roles } else { Query::Prices };
        let page = read_page(session, id, &query, None).await.ok()?;
        return match page.items {
            domain::Items::Roles(roles) => roles
                .into_iter()
                .find(|role| is_it(role.id.as_str(), &role.name))
                .map(|role| role.id.to_string()),
            domain::Items::Prices(prices) => prices
                .into_iter()
                .find(|price| is_it(price.id.as_str(), &price.name))
                .map(|price| price.id.to_string()),
            _ => None,
        };
    }
    if let Some(known) = connection.known_groups.iter().find(|group| is_it(group.id.as_str(), &group.name)) {
        return Some(known.id.to_string());
    }
    let can = vendors::capabilities(connection.vendor);
    if can.groups.is_some_and(|groups| groups.can_list) {
        return listed(session, id, word, is_it).await;
    }
    // Where groups cannot be read, an id is one by its form.
    let shape = can.identity.id_shape;
    key::id(word, shape).ok().map(|id| id.to_string())
}

async fn listed(
    session: Session,
    id: &ConnectionId,
    word: &str,
    is_it: impl Fn(&str, &str) -> bool,
) -> Option<String> {
    let query = Query::Groups { search: word.into() };
    let page = read_page(session, id, &query, None).await.ok()?;
    let groups = page.into_groups();
    // Two groups of one name have to be told apart by hand.
    let mut named = groups.iter().filter(|group| is_it(group.id.as_str(), &group.name));
    let exact = groups.iter().find(|group| group.id.as_str() == word);
    match (exact, named.next(), named.next()) {
        (Some(group), ..) | (None, Some(group), None) => Some(group.id.to_string()),
        _ => None,
    }
}
