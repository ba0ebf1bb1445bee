//! The fields of the form, each shown only where the vendor needs it.

use std::collections::BTreeMap;

use domain::capabilities::{Identity, Moderation};
use domain::form::people::Purpose;
use domain::person::{Price, RoleLevel};
use domain::{ConnectionKind, GroupKind, Person, PersonKey, Scope};
use leptos::prelude::*;

use super::Form;
use crate::features::adding::people_box::PeopleBox;
use crate::features::reading::pickers;
use crate::features::scopes::scope_badge::scope_glyph;
use crate::features::words;
use crate::state::reads::{Read, Reading};
use i18n::text;
use ui::{
    Button, Checkbox, Choice, Choices, Disclosure, PasswordInput, Segment, Segments, Select, SelectOption,
    SelectValue, TextArea, TextInput, Tone, chip, effect, effect_after, notice, person_cell,
};

pub(super) fn fields(form: Form) -> AnyView {
    let connection = form.connection();
    let vendor = connection.vendor;
    let one_person = form.asks.capabilities.identity.needs_name.then(|| form.one_person.view(form.people));
    let identity = form.asks.capabilities.identity;
    let examples = (connection.kind == ConnectionKind::Sandbox)
        .then(|| vendors::profile(vendor).sample.people)
        .flatten();
    let help = move || match examples {
        Some((first, last)) => {
            let examples = text::add_sample_people(text::AddSamplePeople { first, last });
            [people_help(identity, vendor.name()), examples].join(" ")
        }
        None => people_help(identity, vendor.name()),
    };
    let scopes = has_scopes(form).then(|| scope_fields(form));
    view! {
        {place_fields(form)}
        {one_person}
        <PeopleBox people=form.people vendor=vendor help=help />
        {flow_field(form)}
        {scopes}
        {role_fields(form)}
        {onboarding_field(form)}
    }
    .into_any()
}

/// The fields that hold for all people of a file.
pub(super) fn file_fields(form: Form) -> AnyView {
    let scopes = has_scopes(form).then(|| scope_field(form));
    view! {
        {place_fields(form)}
        {flow_field(form)}
        {scopes}
        {role_fields(form)}
        {onboarding_field(form)}
    }
    .into_any()
}

/// Where people are added.
fn place_fields(form: Form) -> AnyView {
    let group = (form.asks.has_group() && form.asks_group).then(|| group_field(form));
    let communities = form.asks.has_communities().then(|| community_fields(form));
    view! {
        {group}
        {communities}
    }
    .into_any()
}

fn has_scopes(form: Form) -> bool {
    form.asks.has_group() && form.asks.purpose == Purpose::Add
}

fn onboarding_field(form: Form) -> Option<AnyView> {
    let vendor = form.connection().vendor;
    let is_asked = form.asks.capabilities.add.has_onboarding && form.asks.purpose != Purpose::Moderate;
    is_asked.then(|| {
        view! {
            <Checkbox
                label=text::add_onboarding
                checked=form.is_onboarding
                help=move || text::add_onboarding_help(vendor.name())
            />
        }
        .into_any()
    })
}

fn people_help(identity: Identity, vendor: &str) -> String {
    if identity.takes_emails {
        text::add_people_help_emails()
    } else if identity.takes_phones {
        text::add_people_help_phones(vendor)
    } else {
        text::add_people_help_ids()
    }
}

fn group_field(form: Form) -> AnyView {
    let connection = form.connection();
    let picker = pickers::group_picker(&connection, form.group, GroupKind::Group, Signal::stored(None));
    let state = move || {
        form.group.get()?;
        let known = match form.state.get() {
            Read::Loading => Some(text::ui_loading()),
            Read::Failed(failed) => {
                let failure = pickers::failure(&form.connection(), &failed);
                return Some(ui::failed(failure, Some(Callback::new(move |()| form.state.again()))));
            }
            Read::Ready(state) => state
                .and_then(|state| state.n_members)
                .map(|n| text::add_group_has(usize::try_from(n).unwrap_or(usize::MAX))),
        };
        // The line stays, also empty: a button below it that moves while it is pressed would not be pressed.
        let line = known.unwrap_or_else(|| "\u{a0}".to_owned());
        Some(view! { <span class="help">{line}</span> }.into_any())
    };
    view! { <div class="stack-1">{picker}{state}</div> }.into_any()
}

fn community_fields(form: Form) -> AnyView {
    let shape = form.asks.capabilities.identity.id_shape;
    let error = Signal::derive(move || {
        let typed = form.group.get()?;
        domain::key::id(typed.trim(), shape).is_err().then(text::add_bad_community)
    });
    let connection = form.connection();
    let several = form.asks.purpose != Purpose::Moderate;
    // Redraws the picker once its community has been moved into the list.
    let n_added = Memo::new(move |_| form.communities.with(Vec::len));
    let picker = {
        let connection = connection.clone();
        move || {
            n_added.get();
            pickers::group_picker(&connection, form.group, GroupKind::Community, error)
        }
    };
    let add = move || {
        let typed = form.group.get_untracked().unwrap_or_default();
        if domain::key::id(typed.trim(), shape).is_ok() {
            form.group.set(None);
            form.communities.update(|ids| ids.push(typed));
        }
    };
    let name_of = move |id: &str| {
        let known = connection.known_groups.iter().find(|group| group.id.as_str() == id);
        known.map_or_else(|| id.to_owned(), |group| group.name.to_string())
    };
    let chips = move || {
        let ids = form.communities.get().into_iter().enumerate();
        let one = |(idx, id): (usize, String)| {
            let remove = Callback::new(move |()| {
                form.communities.update(|ids| {
                    ids.remove(idx);
                });
            });
            chip(None, "messages-square", name_of(&id), Some(id), remove)
        };
        let chips: Vec<_> = ids.map(one).collect();
        (!chips.is_empty()).then(|| {
            view! {
                <ul class="chips" aria-label=text::add_communities>
                    {chips}
                </ul>
            }
        })
    };
    let more = several.then(|| {
        view! {
            <div class="cluster">
                <Button label=text::add_another_community small=true icon="plus" on_press=add />
                <span class="help">{text::add_one_call_each}</span>
            </div>
        }
    });
    view! { <div class="stack-2">{chips}{picker}{more}</div> }.into_any()
}

fn flow_field(form: Form) -> Option<AnyView> {
    if !form.asks.has_flows() {
        return None;
    }
    let vendor = form.connection().vendor;
    let choices = form
        .asks
        .capabilities
        .add
        .flows
        .iter()
        .map(|flow| {
            let flow = *flow;
            Choice {
                value: flow,
                name: Signal::derive(move || words::flow(flow, vendor).0),
                help: Signal::derive(move || words::flow(flow, vendor).1),
                mark: None,
                is_off: false,
            }
        })
        .collect::<Vec<_>>();
    Some(view! { <Choices legend=text::add_how_they_join value=form.flow choices=choices /> }.into_any())
}

/// The scope of everyone without one of their own.
fn scope_field(form: Form) -> AnyView {
    let segments = form
        .asks
        .capabilities
        .add
        .scopes
        .iter()
        // Banning is not a way to add people and has a form of its own.
        .filter(|scope| scope.is_member())
        .map(|scope| {
            let (scope, icon) = (*scope, scope_glyph(Some(*scope)));
            Segment { value: scope, label: Signal::derive(move || words::scope(scope)), icon }
        })
        .collect::<Vec<_>>();
    view! { <Segments legend=text::add_scope_for_all value=form.scope segments=segments /> }.into_any()
}

fn scope_fields(form: Form) -> AnyView {
    let has_people = move || !form.people.usable().is_empty();
    view! {
        {scope_field(form)}
        <Show when=has_people>
            <Disclosure label=move || each_label(form)>{move || each_list(form)}</Disclosure>
        </Show>
    }
    .into_any()
}

fn each_label(form: Form) -> String {
    match form.each.with(BTreeMap::len) {
        0 => text::add_different_for_some(),
        n => text::add_different_for(n),
    }
}

/// Most people with a scope chosen individually; longer lists take scopes from a file.
const MAX_EACH: usize = 100;

/// A person with the scopes that the list has for them.
struct Listed {
    person: Person,
    scope: Option<Scope>,
    has_two: bool,
}

/// The first people of the list, each once: those first who have two scopes, of which one has to be chosen.
fn listed(form: Form) -> Vec<Listed> {
    let mut places: BTreeMap<PersonKey, usize> = BTreeMap::new();
    let mut listed: Vec<Listed> = Vec::new();
    for (person, scope) in form.people.with_scopes() {
        let place = *places.entry(person.key.folded()).or_insert(listed.len());
        match listed.get_mut(place) {
            Some(own) => own.has_two = true,
            None => listed.push(Listed { person, scope, has_two: false }),
        }
    }
    let (two, one): (Vec<Listed>, Vec<Listed>) = listed.into_iter().partition(|own| own.has_two);
    two.into_iter().chain(one).take(MAX_EACH).collect()
}

fn each_list(form: Form) -> AnyView {
    let one = |Listed { person, scope, has_two }: Listed| {
        let key = person.key.as_str().to_owned();
        let value = {
            let (read, write) = (key.clone(), key.clone());
            let now =
                move || form.each.with(|each| each.get(&read).map_or("", |scope| scope.slug()).to_owned());
            SelectValue::new(now, move |slug| form.set_scope_of(&write, Scope::from_slug(&slug)))
        };
        let options: Vec<SelectOption> = std::iter::once(SelectOption::words("", unchosen(scope, has_two)))
            .chain(
                form.asks
                    .capabilities
                    .add
                    .scopes
                    .iter()
                    .map(|scope| SelectOption::words(scope.slug(), words::scope(*scope))),
            )
            .collect();
        let name = person.label().to_owned();
        let id = matches!(person.key, PersonKey::Id(_)).then(|| key.clone()).filter(|id| *id != name);
        let label = {
            let name = name.clone();
            move || text::add_scope_of(&name)
        };
        view! {
            <li class="assign">
                {person_cell(name, id)} <Select label=label value=value options=Signal::stored(options) />
            </li>
        }
    };
    view! { <ul class="assigns">{listed(form).into_iter().map(one).collect_view()}</ul> }.into_any()
}

/// The option for a person without a scope chosen here: the scope that the list has, or the one for all.
fn unchosen(listed: Option<Scope>, has_two: bool) -> String {
    if has_two {
        return text::add_scope_word_choose();
    }
    listed.map_or_else(text::add_as_everybody, |scope| text::add_from_list(&words::scope(scope)))
}

fn role_fields(form: Form) -> Option<AnyView> {
    if !form.asks.has_roles() {
        return None;
    }
    let connection = form.connection();
    let is_by_role =
        form.asks.purpose == Purpose::Moderate && form.asks.capabilities.moderation == Moderation::ByRole;
    let only = is_by_role.then_some(RoleLevel::Moderator);
    let role =
        pickers::role_select(&connection, pickers::roles(&connection), form.role, only, Signal::stored(None));
    let is_invite = form.asks.purpose == Purpose::Invite;
    let prices = pickers::prices(&connection);
    let price = (!is_invite && form.asks.capabilities.add.has_prices)
        .then(|| pickers::price_select(&connection, prices, form.price));
    let choice = (is_invite && form.asks.capabilities.add.has_prices).then(|| price_choices(form, prices));
    let note = is_invite.then(|| {
        view! { <TextArea label=text::invites_note value=form.note optional=true help=text::invites_note_help /> }
    });
    let password = password_field(form);
    let fields = view! {
        {role}
        {price}
        {password}
        {note}
        {choice}
    };
    Some(fields.into_any())
}

fn password_field(form: Form) -> AnyView {
    let is_lost = move || form.is_password_lost();
    let without = move || form.has_lost_password.set(false);
    view! {
        <Show when=move || form.asks.has_password(form.flow.get())>
            <PasswordInput
                label=text::add_password
                value=form.password
                optional=true
                autocomplete="new-password"
                help=text::add_password_help
            />
            <Show when=is_lost>
                <div class="cluster">
                    <Button label=text::add_password_without small=true on_press=without />
                    <span class="help">{text::add_password_lost}</span>
                </div>
            </Show>
            {notice(Tone::Unknown, text::add_direct_warning)}
        </Show>
    }
    .into_any()
}

/// Price plans offered to the invited person.
fn price_choices(form: Form, prices: Reading<Vec<Price>>) -> AnyView {
    let one = move |price: Price| {
        let id = price.id.to_string();
        let is_chosen = {
            let id = id.clone();
            move || form.prices.with(|chosen| chosen.contains(&id))
        };
        let change = move |event| {
            let is_chosen = event_target_checked(&event);
            form.prices.update(|chosen| {
                chosen.retain(|other| *other != id);
                if is_chosen {
                    chosen.push(id.clone());
                }
            });
        };
        view! {
            <label class="check">
                <input class="tick" type="checkbox" prop:checked=is_chosen on:change=change />
                <bdi translate="no">{price.name.to_string()}</bdi>
            </label>
        }
    };
    let connection = form.connection();
    let view = move || match prices.get() {
        Read::Loading => ui::skeleton(),
        Read::Failed(failed) => {
            let why = pickers::failure(&connection, &failed).title;
            typed_prices(form, Signal::derive(move || text::invites_prices_typed_help(&why)))
        }
        Read::Ready(list) if list.is_empty() => {
            typed_prices(form, Signal::derive(text::invites_prices_none_help))
        }
        Read::Ready(list) => view! {
            <fieldset class="stack-1">
                <legend class="label">{text::invites_prices}</legend>
                <p class="help">{text::invites_prices_help}</p>
                {list.into_iter().map(one).collect_view()}
            </fieldset>
        }
        .into_any(),
    };
    view! { <div>{view}</div> }.into_any()
}

/// Price plan ids separated by commas, for connections that cannot read the plans.
fn typed_prices(form: Form, help: Signal<String>) -> AnyView {
    let typed = RwSignal::new(form.prices.with_untracked(|ids| ids.join(", ")));
    let ids_of =
        |typed: &str| -> Vec<String> { domain::group::names(typed).into_iter().map(String::from).collect() };
    effect_after(move |before: Option<()>| {
        let ids = ids_of(&typed.get());
        if before.is_some() {
            form.prices.set(ids);
        }
    });
    // Values restored into the form did not come from this field.
    effect(move || {
        let ids = form.prices.get();
        if typed.with_untracked(|typed| ids_of(typed) != ids) {
            typed.set(ids.join(", "));
        }
    });
    view! { <TextInput label=text::invites_price_ids value=typed mono=true optional=true help=help /> }
        .into_any()
}
