//! Fields that offer what a vendor has: groups, roles, price plans.

use std::sync::Arc;

use domain::person::{Price, Role, RoleLevel};
use domain::{Connection, GroupKind, Items, Query};
use leptos::prelude::*;

use crate::features::error_words;
use crate::features::reading::debounce::debounced;
use crate::state::reads::{Read, Reading, read_page, reading};
use crate::state::session::{Failure, use_session};
use browser::search::{composed, search_for};
use i18n::text;
use ui::{self, ComboOption, Combobox, Load, Select, SelectOption, TextInput, effect};

/// A failed read in words, for a screen or a popup.
pub fn failure(connection: &Connection, failed: &Failure) -> ui::Failure {
    let (title, detail) = error_words::read_error(connection.vendor, &failed.error);
    ui::Failure { title, detail }
}

/// A field for one group: listed by the vendor, known by hand, or typed as an id.
pub fn group_picker(
    connection: &Arc<Connection>,
    value: RwSignal<Option<String>>,
    kind: GroupKind,
    error: Signal<Option<String>>,
) -> AnyView {
    let query = RwSignal::new(value.get_untracked().unwrap_or_default());
    // Values restored into the form did not come from this field.
    effect(move || {
        if let Some(chosen) = value.get().filter(|_| query.with_untracked(|query| query.trim().is_empty())) {
            query.set(chosen);
        }
    });
    let groups = vendors::capabilities(connection.vendor).groups;
    let can_list = groups.is_some_and(|groups| groups.can_list);
    let options =
        if can_list { listed_groups(connection, query) } else { known_groups(connection, query, kind) };
    let label = match kind {
        GroupKind::Community => text::groups_pick_community,
        GroupKind::Group => text::groups_pick_group,
    };
    let help = if can_list { text::groups_pick_help } else { text::groups_type_help };
    view! { <Combobox label=label query=query value=value options=options free=true help=help error=error /> }
        .into_any()
}

fn listed_groups(connection: &Arc<Connection>, query: RwSignal<String>) -> Signal<Load<Vec<ComboOption>>> {
    let session = use_session();
    let typed = debounced(query.into());
    let id = connection.id.clone();
    let page = reading(move || {
        let (id, search) = (id.clone(), composed(&typed.get()));
        async move { read_page(session, &id, &Query::Groups { search }, None).await }
    });
    let connection = connection.clone();
    let is_typing = Memo::new(move |_| composed(&query.get()) != composed(&typed.get()));
    Signal::derive(move || {
        // What was found is of an earlier text.
        if is_typing.get() {
            return Load::Loading;
        }
        match page.get() {
            Read::Loading => Load::Loading,
            Read::Failed(failed) => Load::Failed(failure(&connection, &failed)),
            Read::Ready(page) => {
                let groups = page.into_groups().into_iter();
                some_or_empty(groups.map(|group| option(&group.name, group.id.as_str())).collect())
            }
        }
    })
}

fn known_groups(
    connection: &Arc<Connection>,
    query: RwSignal<String>,
    kind: GroupKind,
) -> Signal<Load<Vec<ComboOption>>> {
    let connection = connection.clone();
    Signal::derive(move || {
        let wanted = search_for(&query.get());
        let known = connection.known_groups.iter().filter(|group| group.kind == kind);
        let fitting = known.filter(|group| wanted.finds_any([&*group.name, group.id.as_str()]));
        Load::Ready(fitting.map(|group| option(&group.name, group.id.as_str())).collect())
    })
}

fn option(name: &str, id: &str) -> ComboOption {
    ComboOption { value: id.to_owned(), label: name.to_owned(), meta: id.to_owned() }
}

fn some_or_empty<T>(list: Vec<T>) -> Load<Vec<T>> {
    if list.is_empty() { Load::Empty } else { Load::Ready(list) }
}

/// The assignable roles, read once.
pub fn roles(connection: &Arc<Connection>) -> Reading<Vec<Role>> {
    let session = use_session();
    let id = connection.id.clone();
    reading(move || {
        let id = id.clone();
        async move {
            let page = read_page(session, &id, &Query::Roles, None).await?;
            Ok(match page.items {
                Items::Roles(roles) => roles,
                Items::Members(_) | Items::Groups(_) | Items::Prices(_) => Vec::new(),
            })
        }
    })
}

/// The price plans, read once.
pub fn prices(connection: &Arc<Connection>) -> Reading<Vec<Price>> {
    let session = use_session();
    let id = connection.id.clone();
    reading(move || {
        let id = id.clone();
        async move {
            let page = read_page(session, &id, &Query::Prices, None).await?;
            Ok(match page.items {
                Items::Prices(prices) => prices,
                Items::Members(_) | Items::Groups(_) | Items::Roles(_) => Vec::new(),
            })
        }
    })
}

/// A field for one role. Nothing is preselected: a role given by mistake is worse than a click. Offers only
/// roles of level `only`, if given. Where the roles cannot be read, or none fits, an id can be typed.
pub fn role_select(
    connection: &Arc<Connection>,
    roles: Reading<Vec<Role>>,
    value: RwSignal<String>,
    only: Option<RoleLevel>,
    error: Signal<Option<String>>,
) -> AnyView {
    let connection = connection.clone();
    let options = move |roles: Vec<Role>| {
        let fitting = roles.into_iter().filter(|role| only.is_none_or(|level| role.level == level));
        let choose = SelectOption::words("", text::add_choose_role());
        let roles: Vec<_> = fitting.map(|role| SelectOption::data(role.id.as_str(), &*role.name)).collect();
        (!roles.is_empty()).then(|| std::iter::once(choose).chain(roles).collect::<Vec<_>>())
    };
    let by_id = move |help: Signal<String>| {
        view! { <TextInput label=text::add_role_id value=value mono=true help=help error=error /> }.into_any()
    };
    let view = move || match roles.get() {
        Read::Loading => ui::skeleton(),
        Read::Failed(failed) => {
            let failure = failure(&connection, &failed);
            let field = by_id(Signal::derive(text::add_role_typed_help));
            let again = Callback::new(move |()| roles.again());
            view! { <div class="stack-2">{field}{ui::failed(failure, Some(again))}</div> }.into_any()
        }
        Read::Ready(list) => match options(list) {
            None => by_id(Signal::derive(text::add_role_none_help)),
            Some(options) => {
                // A value typed while there was no list, or restored from before, may not be in the list.
                if value.with_untracked(|value| options.iter().all(|option| option.value != *value)) {
                    value.set(String::new());
                }
                view! { <Select label=text::add_role value=value options=Signal::stored(options) error=error /> }
                    .into_any()
            }
        },
    };
    view! { <div>{view}</div> }.into_any()
}

/// A field for an optional price plan. Where the plans cannot be read, an id can be typed.
pub fn price_select(
    connection: &Arc<Connection>,
    prices: Reading<Vec<Price>>,
    value: RwSignal<String>,
) -> AnyView {
    let connection = connection.clone();
    let view = move || match prices.get() {
        Read::Loading => ui::skeleton(),
        Read::Failed(failed) => {
            let why = failure(&connection, &failed).title;
            let help = Signal::derive(move || text::add_price_typed_help(&why));
            view! { <TextInput label=text::add_price_id value=value mono=true optional=true help=help /> }
                .into_any()
        }
        Read::Ready(list) if list.is_empty() => {
            let help = text::add_price_none_help;
            view! { <TextInput label=text::add_price_id value=value mono=true optional=true help=help /> }
                .into_any()
        }
        Read::Ready(list) => {
            let none = SelectOption::words("", text::add_no_price());
            let prices = list.into_iter().map(|price| SelectOption::data(price.id.as_str(), &*price.name));
            let options: Vec<_> = std::iter::once(none).chain(prices).collect();
            view! { <Select label=text::add_price value=value options=Signal::stored(options) optional=true /> }.into_any()
        }
    };
    view! { <div>{view}</div> }.into_any()
}
