//! One value that provokes an error: where to use it, and what happens then.

use domain::{Search, Vendor};
use leptos::prelude::*;
use serde_json::Value;
use vendors::catalogue;

use i18n::{ERRORS, SANDBOX, lookup, text};
use ui::{copy_text, icon_sm, vendor_mark};

/// The place of e-mail addresses, of which the sandbox looks only at the part after the `@`.
const EMAIL: &str = "e-mail";
/// The part before the `@` in the examples.
const ANYBODY: &str = "anybody";

/// A value that provokes an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The vendor it works at; `None` for all.
    vendor: Option<Vendor>,
    /// What kind of input it is.
    place: String,
    /// What to type.
    value: String,
    /// The vendor's answer.
    provokes: String,
    /// The key of the text that explains it.
    key: String,
}

/// The values in the sandbox's answer; skips malformed ones.
pub fn read(list: &[Value]) -> Vec<Name> {
    let field = |row: &Value, name: &str| row.get(name)?.as_str().map(str::to_owned);
    let one = |row: &Value| {
        let (place, value) = (field(row, "place")?, field(row, "value")?);
        let value = if place == EMAIL { [ANYBODY, "@", &value].concat() } else { value };
        let vendor = field(row, "vendor").and_then(|slug| Vendor::from_slug(&slug));
        Some(Name { vendor, place, value, provokes: field(row, "provokes")?, key: field(row, "key")? })
    };
    list.iter().filter_map(one).collect()
}

impl Name {
    /// Whether it works at this vendor; always true without one.
    pub fn is_of(&self, vendor: Option<Vendor>) -> bool {
        vendor.is_none() || self.vendor.is_none() || self.vendor == vendor
    }

    /// Whether the search matches anything shown of it.
    pub fn has(&self, wanted: &Search) -> bool {
        wanted.finds_any([&*self.value, &*self.provokes, &*self.meaning(), &*self.place_words()])
    }

    /// The kind of input, in words.
    fn place_words(&self) -> String {
        let slug = self.place.replace([' ', '-'], "_");
        lookup(&SANDBOX, &["sandbox.place.", &slug].concat()).unwrap_or_else(|| self.place.clone())
    }

    /// What happens, in words: the fault, or the meaning of the vendor's code.
    fn meaning(&self) -> String {
        if let Some(vendor) = self.vendor {
            let entry = catalogue::find(vendor, &self.provokes, self.provokes.parse().ok());
            if self.is_code() && !entry.is_fallback {
                return lookup(&ERRORS, &entry.meaning_key()).unwrap_or_default();
            }
            if self.is_code() {
                return text::sandbox_answers_code(vendor.name());
            }
        }
        lookup(&SANDBOX, &self.key).unwrap_or_default()
    }

    /// Whether it provokes a vendor's code rather than a transport fault.
    fn is_code(&self) -> bool {
        self.key.ends_with(".code")
    }
}

/// The value as a table row.
pub fn row(name: Name) -> AnyView {
    let value = name.value.clone();
    let (copied, spoken) = (value.clone(), value.clone());
    let vendor = match name.vendor {
        Some(vendor) => {
            let mark = vendor_mark(vendor.slug(), false);
            view! { <span class="row">{mark}{vendor.name()}</span> }.into_any()
        }
        None => text::sandbox_every_vendor.into_any(),
    };
    let (placed, meant) = (name.clone(), name.clone());
    let code = name.is_code().then(|| {
        view! {
            " "
            <code translate="no" class="tiny">
                {name.provokes.clone()}
            </code>
        }
    });
    view! {
        <tr>
            <th class="row-wide" scope="row">
                <span class="row">
                    <bdi translate="no" class="id sentinel">
                        {value}
                    </bdi>
                    <button
                        class="btn btn-quiet btn-icon btn-sm"
                        type="button"
                        aria-label=move || text::sandbox_copy(&spoken)
                        on:click=move |_| copy_text(copied.clone())
                    >
                        {icon_sm("copy")}
                    </button>
                </span>
            </th>
            <td class="nowrap">{move || placed.place_words()}</td>
            <td class="row-wide wrap-ok">{move || meant.meaning()}{code}</td>
            <td class="nowrap">{vendor}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::read;
    use browser::search::search_for;
    use domain::Vendor;
    use serde_json::json;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn reads_names_and_leaves_out_what_it_cannot_read() {
        let at = Vendor::Networked.slug();
        let list = [
            json!({ "vendor": at, "place": "e-mail", "value": "cut.example", "provokes": "cut", "key": "sandbox.provokes.cut" }),
            json!({ "vendor": null, "place": "api key", "value": "cut-key", "provokes": "cut", "key": "sandbox.provokes.cut" }),
            json!({ "vendor": at, "place": "uid" }),
            json!("nothing"),
        ];
        let names = read(&list);
        assert_eq!(names.len(), 2);
        assert_eq!(names[0].value, "anybody@cut.example");
        assert!(names[0].is_of(None) && names[0].is_of(Some(Vendor::Networked)));
        assert!(!names[0].is_of(Some(Vendor::Genuin)));
        assert!(names[1].is_of(Some(Vendor::Genuin)));
        let has = |typed| names[1].has(&search_for(typed));
        assert!(has("cut-k") && has("Drops the cónnection") && !has("slow"));
    }
}
