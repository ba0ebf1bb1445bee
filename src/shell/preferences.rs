//! Theme and density, set on the page's root element, whether long lists have pages, the delay of locking keys, and
//! whether single keys are shortcuts. Persisted on this device.

use browser::local_storage;
use leptos::prelude::*;
use ui::{PagedLists, Selection, effect};

const THEME_KEY: &str = "muster.theme";
const DENSITY_KEY: &str = "muster.density";
const PAGES_KEY: &str = "muster.pages";
const LOCK_KEY: &str = "muster.lock";
const SHORTCUTS_KEY: &str = "muster.shortcuts";
/// The stored name of what is switched on.
pub const ON: &str = "on";
/// The stored name of what is switched off.
pub const OFF: &str = "off";
/// Default minutes after which keys are locked; the user or the host may set another limit.
const LOCK_AFTER: &str = "15";
const LOCK_CHOICES: [u32; 4] = [5, 15, 30, 60];
/// The choice of never locking keys automatically.
pub const NEVER: &str = "never";

/// The colours of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the operating system has them.
    System,
    Light,
    Dark,
}

impl Theme {
    /// All themes, the default first.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name in storage and style sheets.
    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// How much space rows take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    Comfortable,
    Compact,
}

impl Density {
    /// Both densities, the default first.
    pub const ALL: [Self; 2] = [Self::Comfortable, Self::Compact];

    /// The name in storage and style sheets.
    fn name(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Compact => "compact",
        }
    }
}

/// The preferences, for the whole page.
#[derive(Clone, Copy, Debug)]
pub struct Preferences {
    pub theme: Selection<Theme>,
    pub density: Selection<Density>,
    /// Whether long lists are shown in pages, which a screen reader reads from top to bottom.
    pub paged_lists: RwSignal<bool>,
    /// Minutes, or [`NEVER`].
    pub lock_after: RwSignal<String>,
    /// Whether single keys are shortcuts: [`ON`] or [`OFF`].
    pub single_keys: RwSignal<String>,
}

impl Preferences {
    /// Restores the defaults, which also deletes what was persisted.
    pub fn reset(self) {
        self.theme.set(Theme::System);
        self.density.set(Density::Comfortable);
        self.paged_lists.set(false);
        self.lock_after.set(LOCK_AFTER.to_owned());
        self.single_keys.set(ON.to_owned());
    }
}

/// Loads the preferences, persists later changes, and provides them as context.
pub fn provide_preferences() -> Preferences {
    let preferences = Preferences {
        theme: Selection::new(&Theme::ALL, one_stored(THEME_KEY, &Theme::ALL, Theme::name)),
        density: Selection::new(&Density::ALL, one_stored(DENSITY_KEY, &Density::ALL, Density::name)),
        paged_lists: RwSignal::new(stored(PAGES_KEY, OFF) == ON),
        lock_after: RwSignal::new(stored(LOCK_KEY, LOCK_AFTER)),
        single_keys: RwSignal::new(stored(SHORTCUTS_KEY, ON)),
    };
    let Preferences { theme, density, paged_lists, lock_after, single_keys } = preferences;
    let name = Signal::derive(move || theme.get().name().to_owned());
    persist(name, THEME_KEY, Some("data-theme"), Theme::System.name());
    let name = Signal::derive(move || density.get().name().to_owned());
    persist(name, DENSITY_KEY, Some("data-density"), Density::Comfortable.name());
    let name = Signal::derive(move || if paged_lists.get() { ON } else { OFF }.to_owned());
    persist(name, PAGES_KEY, None, OFF);
    persist(lock_after.into(), LOCK_KEY, None, LOCK_AFTER);
    persist(single_keys.into(), SHORTCUTS_KEY, None, ON);
    provide_context(PagedLists(paged_lists.into()));
    provide_context(preferences);
    preferences
}

/// Minutes after which keys are locked, read from storage so that all tabs agree; `None` for never. The
/// host's `most` is the upper limit.
pub fn lock_after_minutes(most: Option<u32>) -> Option<u32> {
    let stored = stored(LOCK_KEY, LOCK_AFTER);
    let chosen = if stored == NEVER { None } else { stored.parse().ok().or_else(|| LOCK_AFTER.parse().ok()) };
    match (chosen, most) {
        (Some(chosen), Some(most)) => Some(most.min(chosen)),
        (chosen, most) => chosen.or(most),
    }
}

/// The choices of minutes; `None` is never. The host's `most` is the upper limit.
pub fn lock_choices(most: Option<u32>) -> Vec<Option<u32>> {
    match most {
        None => LOCK_CHOICES.into_iter().map(Some).chain([None]).collect(),
        Some(most) => {
            LOCK_CHOICES.into_iter().filter(|minutes| *minutes < most).chain([most]).map(Some).collect()
        }
    }
}

fn stored(key: &str, otherwise: &str) -> String {
    local_storage()
        .and_then(|storage| storage.get_item(key).ok().flatten())
        .unwrap_or_else(|| otherwise.to_owned())
}

/// The stored one of some values; the first if there is none.
fn one_stored<T: Copy>(key: &str, values: &[T], name: fn(T) -> &'static str) -> T {
    let stored = stored(key, "");
    values.iter().copied().find(|value| name(*value) == stored).unwrap_or(values[0])
}

/// An effect, because the document and storage are outside of the reactive system.
fn persist(
    value: Signal<String>,
    key: &'static str,
    attribute: Option<&'static str>,
    otherwise: &'static str,
) {
    effect(move || {
        let value = value.get();
        let is_default = value == otherwise;
        if let (Some(html), Some(attribute)) = (document().document_element(), attribute) {
            // Constant, valid names cannot fail.
            let _ = if is_default {
                html.remove_attribute(attribute)
            } else {
                html.set_attribute(attribute, &value)
            };
        }
        if let Some(storage) = local_storage() {
            // Private windows may refuse to store: then the choice lasts as long as the page.
            let _ = if is_default { storage.remove_item(key) } else { storage.set_item(key, &value) };
        }
    });
}
