//! State kept in the URL, so that every view can be linked, reloaded and navigated back to.

use std::cell::RefCell;
use std::time::Duration;

use leptos::leptos_dom::helpers::queue_microtask;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use ui::{Selection, effect};

/// Delay after the last keystroke before the list follows.
const PAUSE: Duration = Duration::from_millis(300);

/// A pending change of one parameter, and whether it makes a history entry.
struct Change {
    key: &'static str,
    values: Vec<String>,
    is_step: bool,
}

thread_local! {
    /// Changes collected for the next navigation.
    static CHANGES: RefCell<Vec<Change>> = const { RefCell::new(Vec::new()) };
}

/// The values of a parameter of the URL and their setter. Changes made at the same moment become one navigation. The router's
/// own signals write in the next frame, to the URL as it was, which would undo a link clicked in between.
fn parameter(key: &'static str, is_step: bool) -> (Memo<Vec<String>>, SignalSetter<Vec<String>>) {
    let (query, location, navigate) = (use_query_map(), use_location(), use_navigate());
    let read = Memo::new(move |_| query.with(|query| query.get_all(key).unwrap_or_default()));
    let write = SignalSetter::map(move |values| {
        let is_first = CHANGES.with_borrow_mut(|changes| {
            changes.push(Change { key, values, is_step });
            changes.len() == 1
        });
        if !is_first {
            return;
        }
        let (location, navigate) = (location.clone(), navigate.clone());
        let page = location.pathname.get_untracked();
        queue_microtask(move || {
            let changes = CHANGES.take();
            if location.pathname.get_untracked() != page {
                return; // the page was left at the same moment
            }
            // The path already includes the base, so the router must not add it again.
            let replace = !changes.iter().any(|change| change.is_step);
            let options =
                NavigateOptions { resolve: false, replace, scroll: false, ..NavigateOptions::default() };
            let mut query = location.query.get_untracked();
            for Change { key, values, .. } in changes {
                let mut values = values.into_iter();
                match values.next() {
                    Some(first) => query.replace(key, first),
                    None => {
                        query.remove(key);
                    }
                }
                values.for_each(|value| query.insert(key, value));
            }
            let parts = [page, query.to_query_string(), location.hash.get_untracked()];
            navigate(&parts.concat(), options);
        });
    });
    (read, write)
}

/// A parameter that has one value; of several, the last one counts.
fn single(key: &'static str, is_step: bool) -> (Memo<String>, SignalSetter<Option<String>>) {
    let (read, write) = parameter(key, is_step);
    let last = Memo::new(move |_| read.with(|values| values.last().cloned()).unwrap_or_default());
    (last, SignalSetter::map(move |value: Option<String>| write.set(value.into_iter().collect())))
}

/// A choice in the URL, empty if absent, and its setter. Each change makes a history entry.
pub fn choice(key: &'static str) -> (Memo<String>, SignalSetter<Option<String>>) {
    single(key, true)
}

/// Like [`choice`], without history entries.
pub fn quiet_choice(key: &'static str) -> (Memo<String>, SignalSetter<Option<String>>) {
    single(key, false)
}

/// Several values of one parameter, which is repeated in the URL, and their setter. Makes no history entries.
pub fn quiet_choices(key: &'static str) -> (Memo<Vec<String>>, SignalSetter<Vec<String>>) {
    parameter(key, false)
}

/// One of a list of values in the URL, by name. The first is the default, which the URL leaves out; unknown names
/// mean the default too.
pub fn selection<T: Copy + PartialEq>(
    key: &'static str,
    values: &'static [T],
    name: fn(T) -> &'static str,
) -> Selection<T> {
    Selection::of_index(values, index(key, values.iter().map(|value| name(*value)).collect()))
}

/// The index of a name in the URL.
fn index(key: &'static str, names: Vec<&'static str>) -> RwSignal<u32> {
    let (read, write) = choice(key);
    let names = StoredValue::new(names);
    let index_of = move |name: String| {
        names.with_value(|names| names.iter().position(|other| *other == name)).unwrap_or_default() as u32
    };
    let index = RwSignal::new(index_of(read.get_untracked()));
    effect(move || {
        let there = index_of(read.get());
        if index.get_untracked() != there {
            index.set(there);
        }
    });
    effect(move || {
        let here = index.get();
        if index_of(read.get_untracked()) != here {
            let name = names.with_value(|names| names[here as usize]);
            write.set((here > 0).then(|| name.to_owned()));
        }
    });
    index
}

/// A search in the URL: the text as typed, and the debounced text that the list follows.
pub fn search(key: &'static str) -> (RwSignal<String>, Memo<String>) {
    let (settled, write) = single(key, false);
    let typed = RwSignal::new(settled.get_untracked());
    let written = StoredValue::new(settled.get_untracked());
    let mut follow = debounce(PAUSE, move |text: String| {
        // `None` if the page was left.
        if settled.try_get_untracked().is_some_and(|there| there != text) {
            written.set_value(text.clone());
            write.set(Some(text).filter(|text| !text.is_empty()));
        }
    });
    // Also what is there already: it takes the place of what was typed a moment ago.
    effect(move || follow(typed.get().trim().to_owned()));
    // Follows history and links. An echo of what was typed here must not overwrite newer input.
    effect(move || {
        let there = settled.get();
        if written.get_value() != there {
            written.set_value(there.clone());
            typed.set(there);
        }
    });
    (typed, settled)
}

#[cfg(test)]
mod tests {
    use browser::clock::painted;
    use leptos::mount::mount_to;
    use leptos_router::components::Router;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::routing::use_go;

    /// Runs `act` on a page at `/list` and returns the resulting URL and the number of new history entries.
    async fn address_after(act: fn()) -> (String, u32) {
        let history = window().history().expect("a page has a history");
        let before = window().location().href().expect("a page has an address");
        let go_to = |address: &str| history.replace_state_with_url(&JsValue::NULL, "", Some(address));
        go_to("/list").expect("the address is of this origin");
        let length = history.length().expect("the page is shown");
        let stage: web_sys::HtmlElement =
            document().create_element("div").expect("it is an element").unchecked_into();
        let mounted = mount_to(stage, move || {
            view! {
                <Router>
                    {move || {
                        untrack(act);
                    }}
                </Router>
            }
        });
        for _ in 0..3 {
            painted().await;
        }
        let location = window().location();
        let address = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        let steps = history.length().expect("the page is shown") - length;
        drop(mounted);
        go_to(&before).expect("the address is of this origin");
        (address, steps)
    }

    #[wasm_bindgen_test]
    async fn a_page_that_is_opened_in_the_same_moment_stays_open() {
        let search_and_leave = || {
            choice("q").1.set(Some("ada".to_owned()));
            use_go()("/elsewhere");
        };
        assert_eq!(address_after(search_and_leave).await.0, "/elsewhere");
    }

    #[wasm_bindgen_test]
    async fn several_values_repeat_their_parameter() {
        let choose_three = || {
            choice("q").1.set(Some("ada".to_owned()));
            quiet_choices("role").1.set(["a,b", "c & d", "e"].map(str::to_owned).into());
        };
        assert_eq!(address_after(choose_three).await.0, "/list?q=ada&role=a%2Cb&role=c%20%26%20d&role=e");
    }

    #[wasm_bindgen_test]
    async fn what_changes_in_one_moment_is_one_step() {
        let change_two = || {
            quiet_choice("q").1.set(Some("ada & bo".to_owned()));
            choice("sort").1.set(Some("name".to_owned()));
        };
        let (address, steps) = address_after(change_two).await;
        assert_eq!(address, "/list?q=ada%20%26%20bo&sort=name");
        assert_eq!(steps, 1);
    }
}
