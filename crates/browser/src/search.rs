//! Searching in what the console has at hand: the one way in which every filter and picker compares texts.

use domain::Search;
use js_sys::JsString;

/// Looks for what was typed. The browser's own Unicode tables take accents off: a crate would bring them along,
/// and with them more than everything else here weighs together.
pub fn search_for(typed: &str) -> Search {
    Search::new(typed, |text| JsString::from(text).normalize("NFKD").into())
}

/// What is typed as a vendor is asked for it: composed, as names mostly are kept. What a vendor finds is up to it.
pub fn composed(typed: &str) -> Box<str> {
    let typed = typed.trim();
    if typed.is_ascii() { typed.into() } else { String::from(JsString::from(typed).normalize("NFC")).into() }
}

#[cfg(test)]
mod tests {
    use super::{composed, search_for};
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn accents_composition_case_and_width_make_no_difference() {
        for typed in ["Jose", "josé", "JOSE\u{301}", "Ｊｏｓｅ"] {
            for name in ["José", "Jose\u{301} Pérez", "ｊｏｓé", "jose"] {
                assert!(search_for(typed).finds(name), "{typed} in {name}");
            }
        }
        assert!(search_for("Łukasz").finds("lukasz") && search_for("ﬁ").finds("FILE"));
        assert!(!search_for("か").finds("き") && !search_for("jose").finds("Josua"));
    }

    #[wasm_bindgen_test]
    fn a_vendor_is_asked_for_composed_letters() {
        assert_eq!(&*composed(" Jose\u{301} "), "José");
        assert_eq!(&*composed("Jose"), "Jose");
    }
}
