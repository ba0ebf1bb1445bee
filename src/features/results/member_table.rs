//! A table of people.

use domain::{Member, Vendor};
use leptos::prelude::*;

use crate::features::reading::person_details::person_details;
use crate::features::reading::portrait::portrait;
use crate::features::words;
use i18n::text;
use ui::next_id;

/// Members with name or initials, id, phone or e-mail, and role or scope; below them the details of the
/// chosen one.
pub fn member_table(vendor: Vendor, members: &[Member]) -> AnyView {
    let open = RwSignal::new(None::<usize>);
    let details_id = next_id("member");
    let chosen = StoredValue::new(members.to_vec());
    let details = move || {
        let person = chosen.with_value(|members| members.get(open.get()?).cloned())?;
        let title = person.label().to_owned();
        Some(view! {
            <h3>
                <bdi translate="no">{title}</bdi>
            </h3>
            {person_details(vendor, person)}
        })
    };
    let rows = members
        .iter()
        .enumerate()
        .map(|(idx, member)| {
            let name = member.label().to_owned();
            let is_open = move || open.get() == Some(idx);
            let toggle = move |_| open.set((!untrack(is_open)).then_some(idx));
            let id = member.id.to_string();
            let contact = member.email.as_ref().or(member.phone.as_ref()).map(ToString::to_string);
            // Where there are scopes, the app-wide role says nothing about the group.
            let role = member.role.as_ref().map(|(_, name)| name.to_string());
            let role = member.scope.map(words::scope).or(role);
            view! {
                <tr>
                    <th scope="row">
                        <span class="person">
                            {portrait(member, false)}
                            <button
                                class="row-open person-name"
                                type="button"
                                aria-expanded=move || if is_open() { "true" } else { "false" }
                                aria-controls=details_id.clone()
                                on:click=toggle
                            >
                                <bdi translate="no">{name.clone()}</bdi>
                            </button>
                        </span>
                    </th>
                    <td class="mid">
                        <bdi translate="no" class="id id-clip">
                            {id}
                        </bdi>
                    </td>
                    <td class="lo">
                        <bdi translate="no">{contact.unwrap_or_else(text::results_none)}</bdi>
                    </td>
                    <td>
                        <bdi translate="no">{role.unwrap_or_else(text::results_none)}</bdi>
                    </td>
                </tr>
            }
        })
        .collect_view();
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
                <tbody>{rows}</tbody>
            </table>
        </div>
        <div class="card-body stack-2" id=details_id hidden=move || open.get().is_none()>
            {details}
        </div>
    }
    .into_any()
}
