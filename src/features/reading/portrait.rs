//! A person's picture or initials.

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
