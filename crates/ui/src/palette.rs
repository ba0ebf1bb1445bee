//! A modal dialog that finds and chooses things by typing, following the ARIA combobox pattern with a grouped
//! listbox.

use super::combobox::scroll_into_view;
use super::dialog::{follow_open, is_open_again};
use super::icon::{icon, vendor_mark};
use super::id::next_id;
use super::keys::pressed;
use crate::effect::effect;
use i18n::text;
use leptos::ev::{Event, KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A group of options with a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaletteGroup {
    /// The heading.
    pub title: String,
    /// How many there are, beside the heading.
    pub count: String,
    /// The options, never none.
    pub options: Vec<PaletteOption>,
}

/// Something to choose in a [`Palette`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaletteOption {
    /// What `on_choose` is called with.
    pub key: String,
    /// The text of the option.
    pub name: String,
    /// True for external data, such as a name, which browsers must not translate.
    pub is_data: bool,
    /// A second text at the end of the line, such as an id.
    pub meta: String,
    /// What is drawn before the text.
    pub mark: PaletteMark,
}

/// What is drawn before an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaletteMark {
    /// An icon by its Lucide name.
    Icon(&'static str),
    /// The mark of a vendor by its slug.
    Vendor(&'static str),
}

/// A dialog with a field and what is found for `query`, which the caller turns into `groups`. The first option is
/// active until the arrow keys or the pointer move. Choosing closes the dialog.
#[component]
pub fn Palette(
    /// The name of the dialog, its field and its list.
    #[prop(into)]
    label: Signal<String>,
    open: RwSignal<bool>,
    /// The typed text; cleared when the dialog opens or closes.
    query: RwSignal<String>,
    #[prop(into)] groups: Signal<Vec<PaletteGroup>>,
    /// What was found, in words, for everyone and announced to screen readers.
    #[prop(into)]
    status: Signal<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let list_id = next_id("palette");
    let node = NodeRef::<html::Dialog>::new();
    let list = Results { node, query, groups, on_choose, open, moved: RwSignal::new(0) };
    follow_open(node, open);
    let active_id = {
        let list_id = list_id.clone();
        move || list.active().map(|index| option_id(&list_id, index))
    };
    scroll_into_view(active_id.clone());
    // On opening too: the browser reports late that it was closed.
    effect(move || {
        open.track();
        list.set_query(String::new());
    });
    let closed = move |event: Event| {
        if !is_open_again(&event) {
            open.set(false);
        }
    };
    // The field is there before the dialog opens, so that opening can focus it.
    let body = list.body(label, list_id, active_id, status);
    view! {
        <dialog class="dialog palette" aria-label=label node_ref=node on:close=closed on:click=close_outside>
            {body}
        </dialog>
    }
    .into_any()
}

/// Closes the dialog on a click beside it: the dialog itself is only hit through its backdrop.
fn close_outside(event: MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlDialogElement>().ok());
    if let Some(dialog) = target {
        dialog.close();
    }
}

fn option_id(list_id: &str, index: usize) -> String {
    [list_id, "-", &index.to_string()].concat()
}

/// What a palette lists, and which option is active.
#[derive(Clone, Copy)]
struct Results {
    node: NodeRef<html::Dialog>,
    query: RwSignal<String>,
    groups: Signal<Vec<PaletteGroup>>,
    on_choose: Callback<String>,
    open: RwSignal<bool>,
    /// Where the arrow keys have moved to.
    moved: RwSignal<usize>,
}

impl Results {
    fn n_options(self) -> usize {
        self.groups.with(|groups| groups.iter().map(|group| group.options.len()).sum())
    }

    /// The active option; tracked. The list may have become shorter since it was moved to.
    fn active(self) -> Option<usize> {
        self.n_options().checked_sub(1).map(|last| self.moved.get().min(last))
    }

    fn set_query(self, typed: String) {
        self.moved.set(0);
        self.query.set(typed);
    }

    fn choose(self, key: String) {
        // Closing now gives the focus back before the choice moves it elsewhere.
        if let Some(dialog) = self.node.get_untracked() {
            dialog.close();
        }
        // The caller may drop what it offers when the dialog is closed.
        self.on_choose.run(key);
        self.open.set(false);
    }

    fn on_key(self, event: &KeyboardEvent) {
        let Some((now, last)) = untrack(|| self.active().zip(self.n_options().checked_sub(1))) else {
            return;
        };
        let is_plain = !(event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key());
        let next = match pressed(event).as_str() {
            "ArrowDown" => {
                if now >= last {
                    0
                } else {
                    now + 1
                }
            }
            "ArrowUp" => now.checked_sub(1).unwrap_or(last),
            "PageDown" => (now + self.page()).min(last),
            "PageUp" => now.saturating_sub(self.page()),
            // With a modifier, they move or select in the field.
            "Home" if is_plain => 0,
            "End" if is_plain => last,
            "Enter" => {
                event.prevent_default();
                let mut keys = untrack(|| self.groups.get()).into_iter().flat_map(|group| group.options);
                if let Some(option) = keys.nth(now) {
                    self.choose(option.key);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.moved.set(next);
    }

    /// Number of options that the list shows at once.
    fn page(self) -> usize {
        let find = |selector: &str| {
            let found = self.node.get_untracked()?.query_selector(selector).ok().flatten()?;
            found.dyn_into::<HtmlElement>().ok()
        };
        let rows = find("[role=listbox]").zip(find("[role=option]"));
        let rows = rows.map_or(1, |(list, option)| list.client_height() / option.offset_height().max(1));
        rows.max(1) as usize
    }

    fn body(
        self,
        label: Signal<String>,
        list_id: String,
        active_id: impl Fn() -> Option<String> + Send + 'static,
        status: Signal<String>,
    ) -> AnyView {
        let entries = {
            let list_id = list_id.clone();
            move || self.entries(&list_id)
        };
        let has_none = move || self.n_options() == 0;
        view! {
            <div class="dialog-body">
                <div class="palette-head">
                    {icon("search")}
                    <input
                        type="text"
                        role="combobox"
                        dir="auto"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        enterkeyhint="go"
                        aria-label=label
                        placeholder=label
                        aria-autocomplete="list"
                        aria-expanded=move || if has_none() { "false" } else { "true" }
                        aria-controls=list_id.clone()
                        aria-activedescendant=active_id
                        prop:value=move || self.query.get()
                        on:input=move |event| self.set_query(event_target_value(&event))
                        on:keydown=move |event| self.on_key(&event)
                    />
                    <button
                        class="btn btn-quiet btn-icon btn-sm"
                        type="button"
                        aria-label=text::ui_close
                        on:click=move |_| self.open.set(false)
                    >
                        {icon("x")}
                    </button>
                </div>
                <div class="palette-list" id=list_id role="listbox" aria-label=label hidden=has_none>
                    {entries}
                </div>
                <p class="palette-status" role="status">
                    {status}
                </p>
            </div>
        }
        .into_any()
    }

    fn entries(self, list_id: &str) -> AnyView {
        let mut index = 0;
        let group = |(nth, group): (usize, PaletteGroup)| {
            let head_id = [list_id, "-group-", &nth.to_string()].concat();
            let options = group.options.into_iter().map(|option| {
                index += 1;
                self.entry(option_id(list_id, index - 1), index - 1, option)
            });
            let options = options.collect_view();
            view! {
                <div role="group" aria-labelledby=head_id.clone()>
                    <div class="palette-title" role="presentation">
                        <span id=head_id.clone()>{group.title}</span>
                        <span class="count">{group.count}</span>
                    </div>
                    {options}
                </div>
            }
        };
        self.groups.get().into_iter().enumerate().map(group).collect_view().into_any()
    }

    fn entry(self, id: String, index: usize, option: PaletteOption) -> AnyView {
        let is_active = move || self.active() == Some(index);
        let key = option.key;
        let translate = if option.is_data { "no" } else { "yes" };
        let mark = match option.mark {
            PaletteMark::Icon(name) => icon(name),
            PaletteMark::Vendor(slug) => vendor_mark(slug, false),
        };
        let moved = move |_| {
            if !untrack(is_active) {
                self.moved.set(index);
            }
        };
        view! {
            <div
                class=move || if is_active() { "option is-active" } else { "option" }
                role="option"
                id=id
                aria-selected=move || if is_active() { "true" } else { "false" }
                // The field keeps the focus.
                on:mousedown=|event| event.prevent_default()
                on:mousemove=moved
                on:click=move |_| self.choose(key.clone())
            >
                {mark}
                <span class="grow">
                    <bdi translate=translate>{option.name}</bdi>
                </span>
                <bdi translate="no" class="meta">
                    {option.meta}
                </bdi>
            </div>
        }
        .into_any()
    }
}
