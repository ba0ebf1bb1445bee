//! A person's picture or initials, and the cell of a row that names them.

use domain::Member;
use leptos::prelude::*;

use crate::state::config::use_config;

/// The picture of a person if the host lets it be loaded, or else their initials.
pub fn portrait(person: &Member, large: bool) -> AnyView {
    match use_config().picture_of(person) {
        Some(url) => ui::picture(person.label(), url, large),
        None => ui::avatar(person.label(), large),
    }
}

/// The first cell of a person's row in a grid: the picture and the name.
pub fn person_cell(person: &Member) -> AnyView {
    let name = person.label().to_owned();
    view! {
        <div class="vcell v-person" role="rowheader">
            <span class="person">
                {portrait(person, false)} <bdi translate="no" class="person-name">
                    {name}
                </bdi>
            </span>
        </div>
    }
    .into_any()
}
