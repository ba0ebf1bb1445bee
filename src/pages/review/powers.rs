//! Who is an admin or moderator of each group, now and afterwards.

use std::collections::{BTreeMap, BTreeSet};

use domain::Scope;
use leptos::prelude::*;
use review::{GroupPowers, Ruling};

use super::compared::Compared;
use crate::features::scopes::scope_badge::{scope_badge, scope_change};
use i18n::{format_number, text};

/// Most people named in a group.
const MAX_NAMED: usize = 50;

/// A card for each group in which someone gets or loses power.
pub(super) fn powers(compared: Compared) -> AnyView {
    let review = compared.review;
    let found = Memo::new_with_compare(
        move |_| {
            let rulings = review.rulings;
            let chosen: BTreeSet<_> = compared.changes.with_value(|changes| {
                let can_be_sent = changes.iter().filter(|change| change.drift.can_be_approved());
                let ids = can_be_sent.map(|change| change.id);
                ids.filter(|id| rulings.of(*id).ruling != Some(Ruling::Declined)).collect()
            });
            let snapshot = compared.snapshot.get_value();
            let powers = review.with_request(|request| request.powers(&snapshot, |id| chosen.contains(&id)));
            powers.into_iter().filter(|powers| powers.before != powers.after).collect::<Vec<_>>()
        },
        |_, _| true,
    );
    let cards = move || {
        let found = found.get();
        (!found.is_empty()).then(|| {
            view! {
                <section class="card" aria-labelledby="powers">
                    <div class="card-head">
                        <h2 id="powers">{text::review_powers}</h2>
                    </div>
                    <div class="card-body stack">
                        {found.into_iter().map(|powers| one(compared, &powers)).collect_view()}
                    </div>
                </section>
            }
        })
    };
    cards.into_any()
}

fn one(compared: Compared, powers: &GroupPowers) -> AnyView {
    let (group, names) = compared.review.with_request(|request| {
        let group = request.groups.get(&powers.group);
        let group = group.map_or_else(|| powers.group.to_string(), |name| name.to_string());
        let named = request.changes.iter().filter_map(|change| {
            Some((change.person.key.as_str().to_owned(), change.person.name.as_deref()?.to_owned()))
        });
        (group, named.collect::<BTreeMap<_, _>>())
    });
    let count = |of: &BTreeMap<Box<str>, Scope>, scope| of.values().filter(|own| **own == scope).count();
    let counts = [Scope::Admin, Scope::Moderator].map(|scope| {
        let (before, after) = (count(&powers.before, scope), count(&powers.after, scope));
        let said = text::review_powers_count(text::ReviewPowersCount {
            after: &format_number(after as f64),
            before: &format_number(before as f64),
        });
        view! { <li>{scope_badge(Some(scope))} " " {said}</li> }
    });
    let mut ids: Vec<&str> = powers.before.keys().chain(powers.after.keys()).map(|id| &**id).collect();
    ids.sort_unstable();
    ids.dedup();
    // Those who change come first.
    let (changed, same): (Vec<_>, Vec<_>) =
        ids.into_iter().partition(|id| powers.before.get(*id) != powers.after.get(*id));
    let n_more = (changed.len() + same.len()).saturating_sub(MAX_NAMED);
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let person = |id: &&str| {
        let (before, after) = (powers.before.get(*id).copied(), powers.after.get(*id).copied());
        let state = if before == after { scope_badge(before) } else { scope_change(before, after) };
        view! {
            <li class=if before == after { "power" } else { "power is-changed" }>
                <bdi translate="no">{name(id)}</bdi>
                " "
                {state}
            </li>
        }
    };
    let people = changed.iter().chain(&same).take(MAX_NAMED).map(person).collect_view();
    let more = (n_more > 0).then(|| view! { <li class="muted">{text::add_more_people(n_more)}</li> });
    view! {
        <div class="stack-2">
            <h3>
                <bdi translate="no">{group}</bdi>
            </h3>
            <ul class="cluster">{counts}</ul>
            <ul class="powers">{people} {more}</ul>
        </div>
    }
    .into_any()
}
