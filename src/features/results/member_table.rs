//! A table of people.

use domain::{Member, Vendor};
use leptos::prelude::*;

use crate::features::reading::person_details::person_details;
use crate::features::reading::portrait::portrait;
use crate::features::words;
use i18n::text;
use ui::{KeyedRow, keyed, next_id};

/// Members with name or initials, id, phone or e-mail, and role or scope; below them the details of the
/// chosen one. Members may be added at the end: rows and details that are drawn stay.
pub fn member_table(vendor: Vendor, members: Signal<Vec<Member>>) -> AnyView {
    let open = RwSignal::new(None::<usize>);
    let details_id = next_id("member");
    let chosen = Memo::new(move |_| members.with(|members| members.get(open.get()?).cloned()));
    let details = move || {
        let person = chosen.get()?;
        let title = person.label().to_owned();
        Some(view! {
            <h3>
                <bdi translate="no">{title}</bdi>
            </h3>
            {person_details(vendor, person)}
        })
    };
    let rows = {
        let details_id = details_id.clone();
        move || {
            let one = |(idx, member): (usize, &Member)| {
                let (member, details_id) = (member.clone(), details_id.clone());
                let key = [&idx.to_string(), " ", &member.id, " ", member.label()].concat();
                KeyedRow::new(key, move || member_row(&member, idx, open, details_id))
            };
            members.with(|members| members.iter().enumerate().map(one).collect())
        }
    };
    view! {
        <div class="grid-scroll" tabindex="0" role="region" aria-label=text::results_named_people>
            <table class="grid">
                <thead>
                    <tr>
                        <th scope="col">{text::results_col_name}</th>
                        <th class="mid" scope="col">
                            {text::results_col_id}
                        </th>
                        <th class="lo" scope="col">
                            {text::results_col_contact}
                        </th>
                        <th scope="col">{text::results_col_role}</th>
                    </tr>
                </thead>
                <tbody>{keyed(rows)}</tbody>
            </table>
        </div>
        <div class="card-body stack-2" id=details_id hidden=move || open.get().is_none()>
            {details}
        </div>
    }
    .into_any()
}

fn member_row(member: &Member, idx: usize, open: RwSignal<Option<usize>>, details_id: String) -> AnyView {
    let name = member.label().to_owned();
    let is_open = move || open.get() == Some(idx);
    let toggle = move |_| open.set((!untrack(is_open)).then_some(idx));
    let id = member.id.to_string();
    let contact = member.email.as_ref().or(member.phone.as_ref()).map(ToString::to_string);
    // Where there are scopes, the app-wide role says nothing about the group.
    let (scope, role) = (member.scope, member.role.as_ref().map(|(_, name)| name.to_string()));
    let role = move || scope.map(words::scope).or_else(|| role.clone()).unwrap_or_else(text::results_none);
    view! {
        <tr>
            <th scope="row">
                <span class="person">
                    {portrait(member, false)}
                    <button
                        class="row-open person-name"
                        type="button"
                        aria-expanded=move || if is_open() { "true" } else { "false" }
                        aria-controls=details_id
                        on:click=toggle
                    >
                        <bdi translate="no">{name}</bdi>
                    </button>
                </span>
            </th>
            <td class="mid">
                <bdi translate="no" class="id id-clip">
                    {id}
                </bdi>
            </td>
            <td class="lo">
                <bdi translate="no">{move || contact.clone().unwrap_or_else(text::results_none)}</bdi>
            </td>
            <td>
                <bdi translate="no">{role}</bdi>
            </td>
        </tr>
    }
    .into_any()
}
