//! A person's picture or initials, and the cell of a row that names them.

use domain::Member;
use leptos::prelude::*;
use ui::VElement;

use crate::state::config::use_config;

/// The picture of a person if the host lets it be loaded, or else their initials.
pub fn portrait(person: &Member, large: bool) -> AnyView {
    match use_config().picture_of(person) {
        Some(url) => ui::picture(person.label(), url, large),
        None => ui::avatar(person.label(), large),
    }
}

/// The same in a row of a grid.
pub fn portrait_element(person: &Member) -> VElement {
    let name = person.label().to_owned();
    let Some(url) = use_config().picture_of(person).map(str::to_owned) else {
        return ui::avatar_element(&name);
    };
    let key = [&name, " ", &url].concat();
    VElement::of_class("span", "portrait").view(key, move || ui::picture(&name, &url, false))
}

/// The first cell of a person's row in a grid: the picture and the name.
pub fn person_cell(person: &Member) -> VElement {
    let name = VElement::name("person-name", person.label().to_owned());
    let cell = VElement::of_class("div", "vcell person v-person").attribute("role", "rowheader");
    cell.with(portrait_element(person)).with(name)
}
