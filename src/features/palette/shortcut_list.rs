//! The list of all shortcuts.

use leptos::prelude::*;

use super::keys::PAGES;
use crate::routing::paths;
use crate::shell::preferences::{OFF, Preferences};
use crate::shell::shortcuts::{GO, HELP, Shortcuts, search_keys};
use i18n::text;
use ui::{Button, Dialog, next_id};

/// Names of keys: a letter, or a word of the language.
type Keys = Vec<String>;

/// The dialog with the list.
pub(super) fn shortcut_list(shortcuts: Shortcuts) -> AnyView {
    let open = shortcuts.is_list_open;
    let Preferences { single_keys, .. } = expect_context();
    let off = move || {
        (single_keys.get() == OFF).then(|| {
            view! {
                <p>
                    {text::shortcuts_off}" " <a href=paths::settings() on:click=move |_| open.set(false)>
                        {text::shortcuts_settings}
                    </a>
                </p>
            }
        })
    };
    let foot = move || view! { <Button label=text::ui_close on_press=move || open.set(false) /> };
    view! {
        <Dialog title=text::shortcuts_title open=open foot=foot>
            {off}
            {section(
                text::shortcuts_everywhere,
                vec![
                    (vec![search_keys()], text::palette_label()),
                    (vec![HELP.to_owned()], text::shortcuts_title()),
                ],
            )}
            {section(
                text::shortcuts_go,
                PAGES.iter().map(|(key, _, name)| (vec![GO.to_owned(), (*key).to_owned()], name())).collect(),
            )}
            {section(text::shortcuts_table, in_a_table())}
        </Dialog>
    }
    .into_any()
}

fn in_a_table() -> Vec<(Keys, String)> {
    let keys = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Keys>();
    vec![
        (keys(&["↑", "↓"]), text::shortcuts_row()),
        (vec![text::shortcuts_key_page_up(), text::shortcuts_key_page_down()], text::shortcuts_page()),
        (vec![text::shortcuts_key_home(), text::shortcuts_key_end()], text::shortcuts_ends()),
        (vec![text::shortcuts_key_enter()], text::shortcuts_open()),
        (vec![text::shortcuts_key_escape()], text::shortcuts_close()),
        (keys(&["←", "→"]), text::shortcuts_scope()),
        (keys(&["←", "→"]), text::shortcuts_group()),
    ]
}

fn section(title: fn() -> String, rows: Vec<(Keys, String)>) -> AnyView {
    let id = next_id("shortcuts");
    let row = |(keys, what): (Keys, String)| {
        let keys = keys
            .into_iter()
            .map(|key| {
                view! {
                    <kbd translate="no">{key}</kbd>
                    " "
                }
            })
            .collect_view();
        view! {
            <div>
                <dt>{what}</dt>
                <dd>{keys}</dd>
            </div>
        }
    };
    view! {
        <section aria-labelledby=id.clone()>
            <h3 id=id.clone()>{title}</h3>
            <dl class="shortcuts">{rows.into_iter().map(row).collect_view()}</dl>
        </section>
    }
    .into_any()
}
