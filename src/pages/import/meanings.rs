//! What the words in columns of scopes, groups, roles and pricing plans stand for: asked once for each word.

use domain::capabilities::AddTarget;
use domain::list::ColumnKind;
use domain::person::{Price, Role};
use domain::{Connection, GroupId, GroupKind, Items, Query, Scope, key};
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
use ui::{Button, Select, SelectOption, SelectValue, Variant, effect, effect_after};

/// Words that are asked about at first, and added by "Show more".
const SHOWN: usize = 50;
/// The columns whose words are chosen a meaning from a list.
const SELECTED: [ColumnKind; 3] = [ColumnKind::Scope, ColumnKind::Role, ColumnKind::Price];
/// Most groups that are looked up by name at once: each takes a call.
const MAX_LOOKUPS: usize = 50;

/// The words whose meaning was chosen by hand, also those whose answers are awaited.
type ByHand = StoredValue<Vec<(ColumnKind, Box<str>)>>;

/// The words that are or have to be chosen a meaning for; nothing without any.
pub(super) fn meanings(importing: Importing) -> AnyView {
    let words = Memo::new(move |_| {
        importing.summary.with(|summary| summary.as_ref().map(|it| it.words.clone()).unwrap_or_default())
    });
    let by_hand = ByHand::default();
    look_up(importing, words, by_hand);
    // A field stays while another one is chosen.
    let most = RwSignal::new(SHOWN);
    let asked = Memo::new(move |_| {
        words.with(|words| {
            let one = |word: &ColumnWord| (word.kind, word.word.clone(), word.n_rows);
            words.iter().take(most.get()).map(one).collect::<Vec<_>>()
        })
    });
    let n_more = Memo::new(move |_| words.with(Vec::len).saturating_sub(most.get()));
    let view = move || {
        let asked = asked.get();
        if asked.is_empty() {
            return None;
        }
        // Read once for all fields.
        let options: Vec<(ColumnKind, Signal<Vec<SelectOption>>)> = SELECTED
            .into_iter()
            .filter(|kind| asked.iter().any(|(own, ..)| own == kind))
            .map(|kind| (kind, options(importing, kind)))
            .collect();
        let of = |kind: ColumnKind| options.iter().find(|(own, _)| *own == kind).map(|(_, options)| *options);
        let fields: Vec<AnyView> = asked
            .iter()
            .map(|(kind, word, n_rows)| {
                field(importing, words, by_hand, *kind, word.clone(), *n_rows, of(*kind))
            })
            .collect();
        Some(view! {
            <fieldset class="stack-3 import-words">
                <legend class="label">{text::import_words}</legend>
                <p class="help">{text::import_words_help}</p>
                <div class="form-grid">{fields}</div>
                <Show when=move || n_more.get() != 0>
                    <div class="cluster">
                        <Button
                            label=move || text::import_words_more(n_more.get())
                            variant=Variant::Link
                            small=true
                            on_press=move || most.update(|most| *most += SHOWN)
                        />
                    </div>
                </Show>
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
    by_hand: ByHand,
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
            by_hand.update_value(|by_hand| by_hand.push((kind, word.clone())));
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
    let can = vendors::capabilities(connection.vendor);
    let (is_community, shape) = (can.add.target == AddTarget::Communities, can.identity.id_shape);
    let kind = if is_community { GroupKind::Community } else { GroupKind::Group };
    let is_bad = move |typed: &str| is_community && key::id(typed.trim(), shape).is_err();
    let now = Memo::new(move |_| means(words, ColumnKind::Group, &word).map(String::from));
    let value = RwSignal::new(now.get_untracked());
    // Found by its name meanwhile.
    effect(move || {
        if let Some(found) = now.get() {
            value.set(Some(found));
        }
    });
    effect_after(move |before: Option<Option<String>>| {
        let chosen = value.get().filter(|typed| !is_bad(typed));
        if before.is_some_and(|before| before != chosen) && untrack(|| now.get()) != chosen {
            choose(chosen.clone().unwrap_or_default());
        }
        chosen
    });
    let error = Signal::derive(move || {
        value.with(|typed| typed.as_deref().is_some_and(is_bad)).then(text::add_bad_community)
    });
    let picker = pickers::group_picker(&connection, value, kind, error);
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
fn look_up(importing: Importing, words_now: Memo<Vec<ColumnWord>>, by_hand: ByHand) {
    let session = use_session();
    let tried = StoredValue::new(Vec::<(ColumnKind, Box<str>)>::new());
    effect(move || {
        let words = words_now.get();
        if !importing.is_open() {
            return;
        }
        let is_new = |word: &ColumnWord| {
            word.means.is_none()
                && word.kind != ColumnKind::Scope
                && tried.with_value(|tried| !tried.contains(&(word.kind, word.word.clone())))
        };
        let mut n_groups = 0;
        let is_soon = |word: &ColumnWord| {
            n_groups += usize::from(word.kind == ColumnKind::Group);
            word.kind != ColumnKind::Group || n_groups <= MAX_LOOKUPS
        };
        let unknown: Vec<ColumnWord> = words.into_iter().filter(is_new).filter(is_soon).collect();
        if unknown.is_empty() {
            return;
        }
        tried.update_value(|tried| tried.extend(unknown.iter().map(|word| (word.kind, word.word.clone()))));
        let connection = importing.connection();
        spawn_local(async move {
            let mut found = Vec::new();
            let choices = Choices::read(session, &connection, &unknown).await;
            for ColumnWord { kind, word, .. } in unknown {
                let means = match kind {
                    ColumnKind::Role => only_named(&choices.roles, &word),
                    ColumnKind::Price => only_named(&choices.prices, &word),
                    _ => group_named(session, &connection, &word).await,
                };
                if let Some(means) = means {
                    found.push((kind, word, means));
                }
            }
            // Another file may be open by now.
            let Some(words) = words_now.try_get_untracked() else { return };
            let found =
                by_hand.try_with_value(|by_hand| undecided(found, &words, by_hand)).unwrap_or_default();
            if !found.is_empty() {
                importing.change(found);
            }
        });
    });
}

/// What was found for words, but for those that were chosen by hand meanwhile.
fn undecided(
    found: Vec<(ColumnKind, Box<str>, String)>,
    words: &[ColumnWord],
    by_hand: &[(ColumnKind, Box<str>)],
) -> Vec<ImportChange> {
    // A choice whose answer is awaited is not among the words yet, and would be undone by what comes after it.
    let is_by_hand = |kind, word: &str| by_hand.iter().any(|(own, chosen)| *own == kind && **chosen == *word);
    let is_open = |(kind, word, _): &(ColumnKind, Box<str>, String)| {
        words.iter().any(|own| own.kind == *kind && own.word == *word && own.means.is_none())
            && !is_by_hand(*kind, word)
    };
    let of = |(kind, word, means): (ColumnKind, Box<str>, String)| ImportChange::Meaning {
        kind,
        word,
        means: Some(means.into()),
    };
    found.into_iter().filter(is_open).map(of).collect()
}

/// Ids with names.
type Named = Vec<(String, Box<str>)>;

/// The roles and pricing plans of the vendor, as far as words ask for them.
struct Choices {
    roles: Named,
    prices: Named,
}

impl Choices {
    async fn read(session: Session, connection: &Connection, words: &[ColumnWord]) -> Self {
        let has = |kind| words.iter().any(|word| word.kind == kind);
        let (mut roles, mut prices) = (Named::new(), Named::new());
        // What cannot be read is asked about, and the fields say why.
        if has(ColumnKind::Role)
            && let Ok(page) = read_page(session, &connection.id, &Query::Roles, None).await
            && let Items::Roles(all) = page.items
        {
            roles.extend(all.into_iter().map(|role| (role.id.to_string(), role.name)));
        }
        if has(ColumnKind::Price)
            && let Ok(page) = read_page(session, &connection.id, &Query::Prices, None).await
            && let Items::Prices(all) = page.items
        {
            prices.extend(all.into_iter().map(|price| (price.id.to_string(), price.name)));
        }
        Self { roles, prices }
    }
}

/// The id that a word is, or of the only thing that it names. Two of one name have to be told apart by hand.
fn only_named(all: &[(String, Box<str>)], word: &str) -> Option<String> {
    let word = word.trim();
    if let Some((id, _)) = all.iter().find(|(id, _)| id == word) {
        return Some(id.clone());
    }
    let mut named = all.iter().filter(|(_, name)| name.trim().to_lowercase() == word.to_lowercase());
    match (named.next(), named.next()) {
        (Some((id, _)), None) => Some(id.clone()),
        _ => None,
    }
}

/// The id of the group that a word names exactly.
async fn group_named(session: Session, connection: &Connection, word: &str) -> Option<String> {
    let of = |id: &GroupId, name: &str| (id.to_string(), Box::from(name));
    let known: Named = connection.known_groups.iter().map(|group| of(&group.id, &group.name)).collect();
    if let Some(id) = only_named(&known, word) {
        return Some(id);
    }
    let can = vendors::capabilities(connection.vendor);
    if !can.groups.is_some_and(|groups| groups.can_list) {
        // Where groups cannot be read, an id is one by its form.
        return key::id(word.trim(), can.identity.id_shape).ok().map(|id| id.to_string());
    }
    let query = Query::Groups { search: word.into() };
    let page = read_page(session, &connection.id, &query, None).await.ok()?;
    let listed: Named = page.into_groups().iter().map(|group| of(&group.id, &group.name)).collect();
    only_named(&listed, word)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_word_names_one_thing_or_nothing() {
        let all = [("g-1", "Pro"), ("g-2", "Pro+"), ("g-3", "Films"), ("g-4", "films"), ("Films", "Old")];
        let all: Named = all.map(|(id, name)| (id.to_owned(), name.into())).to_vec();
        let of = |word| only_named(&all, word);
        assert_eq!(of("pro").as_deref(), Some("g-1"));
        assert_eq!(of(" Pro+ ").as_deref(), Some("g-2"));
        assert_eq!(of("Films").as_deref(), Some("Films"), "an id before names");
        assert_eq!(of("FILMS"), None, "two of one name");
        assert_eq!(of("★"), None);
    }

    #[wasm_bindgen_test]
    fn what_was_chosen_by_hand_stays_even_before_it_is_answered() {
        let word = |kind, word: &str, means: Option<&str>| ColumnWord {
            kind,
            word: word.into(),
            n_rows: 1,
            means: means.map(Into::into),
        };
        let words = [
            word(ColumnKind::Group, "Films", None),
            word(ColumnKind::Group, "Books", None),
            word(ColumnKind::Role, "Films", None),
            word(ColumnKind::Role, "Guest", Some("r-1")),
        ];
        let found = [
            (ColumnKind::Group, "Films"),
            (ColumnKind::Group, "Books"),
            (ColumnKind::Role, "Films"),
            (ColumnKind::Role, "Guest"),
        ];
        let found = found.map(|(kind, word)| (kind, word.into(), "x-9".to_owned())).to_vec();
        let by_hand = [(ColumnKind::Group, "Films".into())];
        let of =
            |kind, word: &str| ImportChange::Meaning { kind, word: word.into(), means: Some("x-9".into()) };
        let expected = [of(ColumnKind::Group, "Books"), of(ColumnKind::Role, "Films")];
        assert_eq!(undecided(found, &words, &by_hand), expected);
    }
}
