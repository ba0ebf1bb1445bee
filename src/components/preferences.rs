//! Theme and density: kept on this device, set on the page's root element.

use leptos::prelude::*;

const THEME_KEY: &str = "muster.theme";
const DENSITY_KEY: &str = "muster.density";
const THEME: &str = "system";
const DENSITY: &str = "comfortable";

/// How the console looks, for the whole page.
#[derive(Clone, Copy, Debug)]
pub struct Preferences {
    /// `system`, `light` or `dark`.
    pub theme: RwSignal<String>,
    /// `comfortable` or `compact`.
    pub density: RwSignal<String>,
}

impl Preferences {
    /// Goes back to how the console looks at first, which also forgets what was kept.
    pub fn reset(self) {
        self.theme.set(THEME.to_owned());
        self.density.set(DENSITY.to_owned());
    }
}

/// Reads what was chosen before, keeps what is chosen from now on, and provides both.
pub fn provide_preferences() -> Preferences {
    let preferences = Preferences {
        theme: RwSignal::new(stored(THEME_KEY, THEME)),
        density: RwSignal::new(stored(DENSITY_KEY, DENSITY)),
    };
    keep(preferences.theme, THEME_KEY, "data-theme", THEME);
    keep(preferences.density, DENSITY_KEY, "data-density", DENSITY);
    provide_context(preferences);
    preferences
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn stored(key: &str, otherwise: &str) -> String {
    storage().and_then(|storage| storage.get_item(key).ok().flatten()).unwrap_or_else(|| otherwise.to_owned())
}

/// The document and the storage are outside of the reactive system, so this is an effect.
fn keep(value: RwSignal<String>, key: &'static str, attribute: &'static str, otherwise: &'static str) {
    Effect::new(move |_| {
        let value = value.get();
        let is_default = value == otherwise;
        if let Some(html) = document().document_element() {
            // Constant, valid names: the browser cannot refuse them.
            let _ = if is_default {
                html.remove_attribute(attribute)
            } else {
                html.set_attribute(attribute, &value)
            };
        }
        if let Some(storage) = storage() {
            // Private windows may refuse to store: then the choice lasts as long as the page.
            let _ = if is_default { storage.remove_item(key) } else { storage.set_item(key, &value) };
        }
    });
}
