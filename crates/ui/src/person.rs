//! People are shown by initials, because a picture would be loaded from a third-party server: see `picture`.

use leptos::prelude::*;

use crate::vdom::VElement;

/// The first letters of the first and last word of a name; empty if it has no letters. The style sheet shows them as
/// capitals.
pub(crate) fn initials(name: &str) -> String {
    let mut letters =
        name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = letters.next();
    let last = letters.next_back();
    first.into_iter().chain(last).collect()
}

/// The class of a round mark or picture.
pub(crate) fn avatar_class(large: bool) -> &'static str {
    if large { "avatar avatar-lg" } else { "avatar" }
}

/// A round mark with a person's initials, hidden from screen readers.
pub fn avatar(name: &str, large: bool) -> AnyView {
    view! {
        <bdi translate="no" class=avatar_class(large) aria-hidden="true">
            {initials(name)}
        </bdi>
    }
    .into_any()
}

/// The same in a row of a grid.
pub fn avatar_element(name: &str) -> VElement {
    VElement::name(avatar_class(false), initials(name)).attribute("aria-hidden", "true")
}

/// A person in a table cell: avatar, name, and an optional id below.
pub fn person_cell(name: String, id: Option<String>) -> AnyView {
    view! {
        <span class="person">
            {avatar(&name, false)} <span class="person-text">
                <bdi translate="no" class="person-name">
                    {name}
                </bdi>
                {id
                    .map(|id| {
                        view! {
                            <bdi translate="no" class="id id-clip">
                                {id}
                            </bdi>
                        }
                    })}
            </span>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::initials;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn initials_are_the_first_letters_of_the_first_and_last_word() {
        assert_eq!(initials("Ada Okonkwo"), "AO");
        assert_eq!(initials("  maria del carmen  ruiz "), "mr");
        assert_eq!(initials("ada"), "a");
        assert_eq!(initials("(Ada) \u{202e}noor"), "An");
        assert_eq!(initials("…"), "");
        assert_eq!(initials(""), "");
    }
}
