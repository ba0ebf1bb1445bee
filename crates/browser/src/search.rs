//! Text search in loaded data: how every filter and picker compares texts.

use domain::Search;
use domain::finder::WordSearch;
use js_sys::JsString;

/// A search for the typed text. Accents are removed with the browser's Unicode tables: a crate would bring
/// its own, larger than the rest of the search code.
pub fn search_for(typed: &str) -> Search {
    Search::new(typed, decomposed)
}

/// A search for the typed words in any order, for lists of several kinds of things.
pub fn words_for(typed: &str) -> WordSearch {
    WordSearch::new(typed, decomposed)
}

/// The text with its letters and accents apart, as the browser's Unicode tables say (NFKD).
pub fn decomposed(text: &str) -> String {
    JsString::from(text).normalize("NFKD").into()
}

/// The typed text in composed form (NFC), as most names are stored. How it is matched is up to the vendor.
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
