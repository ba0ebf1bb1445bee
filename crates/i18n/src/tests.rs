//! Texts as formatted in a browser.

use super::{Arg, ERRORS, SANDBOX, VENDORS, compare, fill, format_list, format_number, lookup, pseudo, text};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_plural_takes_the_form_of_its_count() {
    assert_eq!(text::common_people(1), "1 person");
    assert_eq!(text::common_people(0), "0 people");
    assert_eq!(text::common_people(12_906), "12,906 people");
}

#[wasm_bindgen_test]
fn a_placeholder_is_filled_with_the_text_as_it_is() {
    assert_eq!(text::ui_take_out("<b>{name}</b>"), "Remove <b>{name}</b>");
}

#[wasm_bindgen_test]
fn a_name_of_the_other_direction_does_not_reorder_its_sentence() {
    let said = |name| fill("Add {name}. 1 request", &[("name", Arg::Text(name))]);
    assert_eq!(said("نادي"), "Add \u{2068}نادي\u{2069}. 1 request");
    assert_eq!(said("Ada"), "Add Ada. 1 request");
    assert_eq!(said("12"), "Add 12. 1 request");
}

#[wasm_bindgen_test]
fn a_text_may_name_a_placeholder_twice() {
    assert_eq!(fill("{who}, yes {who}", &[("who", Arg::Text("Ada"))]), "Ada, yes Ada");
}

#[wasm_bindgen_test]
fn a_key_known_at_run_time_is_found_or_not() {
    assert_eq!(lookup(&SANDBOX, "sandbox.title").as_deref(), Some(text::sandbox_title().as_str()));
    assert_eq!(lookup(&SANDBOX, "shell.nothing"), None);
}

#[wasm_bindgen_test]
fn tables_are_sorted_as_looking_up_needs_it() {
    for area in [&ERRORS, &SANDBOX, &VENDORS] {
        assert!(area.0.len() > 5 && area.0.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}

#[wasm_bindgen_test]
fn numbers_and_lists_follow_the_language() {
    assert_eq!(format_number(1_234_567.0), "1,234,567");
    assert_eq!(format_list(&["Ada".into(), "Noor".into(), "Kwame".into()]), "Ada, Noor, and Kwame");
}

#[wasm_bindgen_test]
fn names_are_ordered_as_people_look_for_them() {
    let mut names = ["Zoë", "fan 10", "Łukasz", "ben", "fan 2", "Anna", "Ägir"];
    names.sort_by(|a, b| compare(a, b));
    assert_eq!(names, ["Ägir", "Anna", "ben", "fan 2", "fan 10", "Łukasz", "Zoë"]);
}

#[wasm_bindgen_test]
fn the_made_up_language_keeps_placeholders_and_says_everything_twice() {
    assert_eq!(pseudo::accented("Take out {name}"), "⟦Táké óút {name} Táké óút {name}⟧");
}
