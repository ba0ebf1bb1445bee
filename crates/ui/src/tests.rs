//! Components as used with a keyboard or a screen reader.

use super::{
    Button, Choice, Choices, Column, ComboOption, Combobox, DataTable, Dialog, Disclosure, Drawer, KeyedRow,
    Load, Palette, PaletteGroup, PaletteMark, PaletteOption, Segment, Segments, Select, SelectOption,
    Selection, Sort, SortBy, Tally, TextInput, empty_state, keyed, notice, picture, pressed_shortcut,
    tone::Tone,
};
use js_sys::Promise;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::tick;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent, KeyboardEventInit};

/// A component mounted in the document for the length of a test.
pub(crate) struct Stage {
    root: HtmlElement,
    _keep: Box<dyn std::any::Any>,
}

impl Stage {
    pub(crate) fn new(view: impl FnOnce() -> AnyView + 'static) -> Self {
        let root: HtmlElement = document().create_element("div").expect("a div").unchecked_into();
        document().body().expect("a body").append_child(&root).expect("it can be appended");
        let keep = Box::new(mount_to(root.clone(), view));
        Self { root, _keep: keep }
    }

    pub(crate) fn find(&self, selector: &str) -> Element {
        self.try_find(selector)
            .unwrap_or_else(|| panic!("expected {selector}, found {:?}", self.root.text_content()))
    }

    pub(crate) fn try_find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).expect("a valid selector")
    }

    pub(crate) fn click(&self, selector: &str) {
        self.find(selector).unchecked_into::<HtmlElement>().click();
    }

    pub(crate) fn text(&self, selector: &str) -> String {
        self.find(selector).text_content().unwrap_or_default()
    }

    pub(crate) fn press(&self, selector: &str, key: &str) {
        self.press_as(selector, key, |_| ());
    }

    pub(crate) fn press_as(&self, selector: &str, key: &str, shape: impl Fn(&KeyboardEventInit)) {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        shape(&init);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).expect("an event");
        self.find(selector).dispatch_event(&event).expect("it can be dispatched");
    }

    fn type_in(&self, selector: &str, text: &str) {
        let input: HtmlInputElement = self.find(selector).unchecked_into();
        input.set_value(text);
        let event = web_sys::Event::new("input").expect("an event");
        input.dispatch_event(&event).expect("it can be dispatched");
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.root.remove();
    }
}

/// Waits for the next frame.
pub(crate) async fn frame() {
    let next = Promise::new(&mut |resolve, _| {
        window().request_animation_frame(&resolve).expect("the page is shown");
    });
    JsFuture::from(next).await.expect("it comes");
}

fn words(text: &'static str) -> Signal<String> {
    Signal::stored(text.to_owned())
}

#[wasm_bindgen_test]
async fn a_button_with_a_reason_says_it_and_does_nothing() {
    let presses = RwSignal::new(0);
    let reason = RwSignal::new(Some("Write something first.".to_owned()));
    let stage = Stage::new(move || {
        view! { <Button label=words("Send") disabled_reason=reason on_press=move || presses.update(|n| *n += 1) /> }
            .into_any()
    });
    stage.click("button");
    let described_by = stage.find("button").get_attribute("aria-describedby").expect("a description");
    assert_eq!(presses.get_untracked(), 0);
    assert_eq!(stage.find("button").get_attribute("aria-disabled").as_deref(), Some("true"));
    assert_eq!(stage.text(&format!("#{described_by}")), "Write something first.");

    reason.set(None);
    tick().await;
    stage.click("button");
    assert_eq!(presses.get_untracked(), 1);
    assert_eq!(stage.find("button").get_attribute("aria-disabled"), None);
}

#[wasm_bindgen_test]
async fn a_field_points_at_its_error_while_there_is_one() {
    let value = RwSignal::new(String::new());
    let error = move || (value.get() == "Ada").then(|| "Small letters only.".to_owned());
    let stage = Stage::new(move || {
        view! { <TextInput label=words("Name") value=value error=error help=words("Only here.") /> }
            .into_any()
    });
    let id = stage.find("input").id();
    assert_eq!(stage.find("label").get_attribute("for"), Some(id.clone()));
    assert_eq!(stage.find("input").get_attribute("aria-invalid"), None);

    stage.type_in("input", "Ada");
    tick().await;
    let described_by = stage.find("input").get_attribute("aria-describedby").unwrap_or_default();
    assert_eq!(described_by, format!("{id}-error {id}-help"));
    assert_eq!(stage.text(&format!("#{id}-error")), "Small letters only.");
}

#[wasm_bindgen_test]
async fn a_combobox_chooses_with_the_keyboard_and_forgets_when_typing_goes_on() {
    let (query, value) = (RwSignal::new(String::new()), RwSignal::new(None));
    let option = |value: &str, label: &str| ComboOption {
        value: value.into(),
        label: label.into(),
        meta: String::new(),
    };
    let options =
        RwSignal::new(Load::Ready(vec![option("night", "Night trails"), option("trail", "Trail runners")]));
    let stage = Stage::new(move || {
        view! { <Combobox label=words("Group") query=query value=value options=options /> }.into_any()
    });
    stage.type_in("input", "tr");
    stage.press("input", "ArrowDown");
    stage.press("input", "ArrowDown");
    tick().await;
    let active = stage.find("input").get_attribute("aria-activedescendant").expect("an active option");
    assert_eq!(stage.text(&format!("#{active}")), "Trail runners");
    assert_eq!(stage.find("input").get_attribute("aria-expanded").as_deref(), Some("true"));

    stage.press("input", "Enter");
    tick().await;
    assert_eq!(value.get_untracked().as_deref(), Some("trail"));
    assert_eq!(query.get_untracked(), "Trail runners");
    assert_eq!(stage.find("input").get_attribute("aria-expanded").as_deref(), Some("false"));

    stage.type_in("input", "Trail runner");
    assert_eq!(value.get_untracked(), None);
}

#[wasm_bindgen_test]
async fn no_key_acts_while_letters_are_composed() {
    let composing: [fn(&KeyboardEventInit); 2] =
        [|init| init.set_is_composing(true), |init| init.set_key_code(229)];
    for shape in composing {
        let (query, value) = (RwSignal::new(String::new()), RwSignal::new(None));
        let option = ComboOption { value: "tokyo".into(), label: "東京".into(), meta: String::new() };
        let options = RwSignal::new(Load::Ready(vec![option]));
        let closed = RwSignal::new(0);
        let stage = Stage::new(move || {
            view! {
                <Combobox label=words("Group") query=query value=value options=options free=true />
                <Drawer title=words("Drawer") on_close=move || closed.update(|n| *n += 1)>
                    <input class="inside" />
                </Drawer>
            }
            .into_any()
        });
        stage.type_in("[role=combobox]", "とうき");
        for key in ["ArrowDown", "Enter", "Escape"] {
            stage.press_as("[role=combobox]", key, shape);
        }
        stage.press_as(".inside", "Escape", shape);
        tick().await;
        assert_eq!(value.get_untracked(), None);
        assert_eq!(stage.find("[role=combobox]").get_attribute("aria-expanded").as_deref(), Some("true"));
        assert_eq!(closed.get_untracked(), 0);

        stage.press("[role=combobox]", "Enter");
        stage.press(".inside", "Escape");
        assert_eq!((value.get_untracked().as_deref(), closed.get_untracked()), (Some("とうき"), 1));
    }
}

#[wasm_bindgen_test]
async fn a_table_shows_its_state_in_place_of_rows_and_says_how_it_is_sorted() {
    let state = RwSignal::new(Load::Empty);
    let sort = RwSignal::new(SortBy { key: "name", sort: Sort::Ascending });
    let stage = Stage::new(move || {
        let columns = vec![Column::new("name", || "Name".to_owned()).sortable()];
        let empty = || empty_state("users", "Nobody".into(), "Nobody matches.".into(), None);
        view! {
            <DataTable
                label=words("Members")
                columns=columns
                state=state
                empty=empty
                sort=sort
                row_count=Some(8_413_usize)
            >
                <tr>
                    <th scope="row">"Ada"</th>
                </tr>
            </DataTable>
        }
        .into_any()
    });
    assert_eq!(stage.text(".empty p"), "Nobody matches.");
    assert!(stage.try_find("tbody tr").is_none());

    state.set(Load::Ready(()));
    tick().await;
    assert_eq!(stage.text("tbody tr"), "Ada");
    assert!(stage.try_find(".empty").is_none());
    assert_eq!(stage.find("table").get_attribute("aria-rowcount").as_deref(), Some("8414"));

    stage.click("th button");
    tick().await;
    assert_eq!(stage.find("th[scope=col]").get_attribute("aria-sort").as_deref(), Some("descending"));
}

#[wasm_bindgen_test]
async fn a_keyed_row_stays_as_it_is_until_its_key_changes() {
    let keys = RwSignal::new(vec!["host", "key"]);
    let row = |key: &'static str| {
        KeyedRow::new(key.to_owned(), move || {
            view! { <Disclosure label=words(key)>"Its details."</Disclosure> }.into_any()
        })
    };
    let stage = Stage::new(move || keyed(move || keys.get().into_iter().map(row).collect()));
    let button = stage.find("button");
    stage.click("button");
    tick().await;
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("true"));

    keys.set(vec!["address", "host", "key refused"]);
    tick().await;
    assert_eq!(stage.find("button:nth-of-type(2)"), button);
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("true"));

    keys.set(vec!["address", "host refused"]);
    tick().await;
    assert_eq!(stage.find("button:nth-of-type(2)").get_attribute("aria-expanded").as_deref(), Some("false"));
}

#[wasm_bindgen_test]
fn text_from_outside_stays_text() {
    let stage = Stage::new(|| notice(Tone::Refused, "<img src=x onerror=alert(1)>".to_owned()));
    assert!(stage.try_find("img").is_none());
    assert_eq!(stage.text(".notice-body"), "<img src=x onerror=alert(1)>");
}

#[wasm_bindgen_test]
fn a_tally_is_a_sentence_without_what_is_zero() {
    let tally = Tally { done: 41, same: 3, refused: 0, unknown: 1, not_sent: 2, waiting: 0 };
    assert_eq!(tally.sentence(), "41 done, 3 unchanged, 1 unknown, and 2 not sent");
    assert_eq!(tally.total(), 47);
}

#[wasm_bindgen_test]
async fn no_browser_translates_the_names_in_a_list_of_choices() {
    let stage = Stage::new(|| {
        let options =
            vec![SelectOption::words("", "No plan".to_owned()), SelectOption::data("7", "Season Ticket")];
        let value = RwSignal::new(String::new());
        view! { <Select label=|| "Plan".to_owned() value=value options=Signal::stored(options) /> }.into_any()
    });
    tick().await;
    assert_eq!(stage.find("option[value='']").get_attribute("translate"), None);
    assert_eq!(stage.find("option[value='7']").get_attribute("translate").as_deref(), Some("no"));
}

#[wasm_bindgen_test]
async fn a_field_is_described_by_what_stands_beside_it() {
    let stage = Stage::new(|| {
        let (value, error) = (RwSignal::new(String::new()), Signal::stored(Some("No.".to_owned())));
        view! { <TextInput label=|| "ID".to_owned() value=value error=error beside="beside" /> }.into_any()
    });
    tick().await;
    let described_by = stage.find("input").get_attribute("aria-describedby").expect("it is described");
    assert!(described_by.starts_with("beside field-") && described_by.ends_with("-error"), "{described_by}");
}

#[wasm_bindgen_test]
async fn a_radio_group_selects_values_and_follows_their_selection() {
    const FOUND: [Option<bool>; 3] = [None, Some(true), Some(false)];
    let (in_a_bar, on_cards) = (Selection::new(&FOUND, Some(true)), Selection::new(&FOUND, None));
    let changes = RwSignal::new(0);
    let stage = Stage::new(move || {
        // Not every value has to be offered, and not in the order of the list.
        let segments = vec![
            Segment { value: Some(false), label: words("No"), icon: "" },
            Segment { value: Some(true), label: words("Yes"), icon: "" },
        ];
        let card = |value| Choice { value, name: words("Card"), help: words(""), mark: None, is_off: false };
        let choices = vec![card(None), card(Some(false))];
        view! {
            <Segments legend=words("Found") value=in_a_bar segments=segments />
            <Choices
                legend=words("Found")
                value=on_cards
                choices=choices
                on_change=move |()| changes.update(|n| *n += 1)
            />
        }
        .into_any()
    });
    let is_checked = |selector: &str| {
        let input: HtmlInputElement = stage.find(selector).unchecked_into();
        input.checked()
    };
    let [no, yes] = ["first", "last"].map(|place| [".segment:", place, "-of-type input"].concat());
    assert!(!is_checked(&no) && is_checked(&yes));
    stage.click(&no);
    assert_eq!((in_a_bar.get_untracked(), on_cards.get_untracked()), (Some(false), None));
    in_a_bar.set(Some(true));
    tick().await;
    assert!(is_checked(&yes));
    in_a_bar.set(None);
    tick().await;
    assert!(!is_checked(&no) && !is_checked(&yes), "what is selected is not offered");

    stage.click(".choice:last-of-type input");
    assert_eq!((on_cards.get_untracked(), changes.get_untracked()), (Some(false), 1));
}

/// The options of a palette in two groups, those that contain the typed text.
fn palette_groups(typed: &str) -> Vec<PaletteGroup> {
    let option = |key: &str| PaletteOption {
        key: key.to_owned(),
        name: format!("<b>{key}</b>"),
        is_data: true,
        meta: String::new(),
        mark: PaletteMark::Icon("house"),
    };
    let group = |title: &str, keys: &[&str]| PaletteGroup {
        title: title.to_owned(),
        count: keys.len().to_string(),
        options: keys.iter().filter(|key| key.contains(typed)).map(|key| option(key)).collect(),
    };
    let groups = [group("Pages", &["overview", "runs"]), group("People", &["ada", "bo", "rune"])];
    groups.into_iter().filter(|group| !group.options.is_empty()).collect()
}

/// A palette on a stage, whether it is open, its query, and what was chosen.
fn palette() -> (Stage, RwSignal<bool>, RwSignal<String>, RwSignal<Vec<String>>) {
    let (open, query, chosen) =
        (RwSignal::new(false), RwSignal::new(String::new()), RwSignal::new(Vec::new()));
    let stage = Stage::new(move || {
        view! {
            <Palette
                label=words("Search")
                open=open
                query=query
                groups=Signal::derive(move || palette_groups(&query.get()))
                status=Signal::derive(move || query.get())
                on_choose=Callback::new(move |key| chosen.update(|chosen| chosen.push(key)))
            />
        }
        .into_any()
    });
    (stage, open, query, chosen)
}

/// The text of the active option, if there is one.
fn active(stage: &Stage) -> Option<String> {
    let id = stage.find("input").get_attribute("aria-activedescendant")?;
    let option = stage.find(&format!("#{id}"));
    assert_eq!(option.get_attribute("aria-selected").as_deref(), Some("true"));
    option.text_content()
}

#[wasm_bindgen_test]
async fn a_palette_walks_through_all_groups_and_chooses_once() {
    let (stage, open, query, chosen) = palette();
    open.set(true);
    tick().await;
    assert!(stage.find("input").is_same_node(document().active_element().as_deref()));
    for (key, expected) in [
        ("ArrowDown", "runs"),
        ("ArrowDown", "ada"),
        ("End", "rune"),
        ("ArrowDown", "overview"),
        ("ArrowUp", "rune"),
        ("Home", "overview"),
        ("PageUp", "overview"),
    ] {
        stage.press("input", key);
        tick().await;
        assert_eq!(active(&stage), Some(format!("<b>{expected}</b>")), "{key}");
    }
    // Hostile names are text.
    assert!(stage.try_find("b").is_none());

    stage.type_in("input", "run");
    tick().await;
    assert_eq!(active(&stage).as_deref(), Some("<b>runs</b>"));
    stage.press("input", "ArrowDown");
    stage.press("input", "Enter");
    tick().await;
    assert_eq!(chosen.get_untracked(), ["rune"]);
    assert!(!open.get_untracked());
    assert_eq!(query.get_untracked(), "");
    stays_open_when_opened_again(&stage, open).await;
    assert_eq!((query.get_untracked().as_str(), active(&stage).as_deref()), ("", Some("<b>overview</b>")));
    open.set(false);
    tick().await;
}

/// Opens a dialog that was closed before the browser reports that it was.
async fn stays_open_when_opened_again(stage: &Stage, open: RwSignal<bool>) {
    assert!(!stage.find("dialog").has_attribute("open"));
    open.set(true);
    tick().await;
    frame().await;
    frame().await;
    assert!(open.get_untracked() && stage.find("dialog").has_attribute("open"));
}

#[wasm_bindgen_test]
async fn a_dialog_that_is_opened_again_at_once_stays_open() {
    let open = RwSignal::new(true);
    let stage = Stage::new(move || {
        view! {
            <Dialog title=words("Delete") open=open foot=|| ()>
                <p>"Sure?"</p>
            </Dialog>
        }
        .into_any()
    });
    tick().await;
    open.set(false);
    tick().await;
    stays_open_when_opened_again(&stage, open).await;
    assert_eq!(stage.text(".dialog-body"), "Sure?");
    open.set(false);
    tick().await;
}

#[wasm_bindgen_test]
async fn a_palette_without_results_has_no_list_and_chooses_nothing() {
    let (stage, open, _, chosen) = palette();
    open.set(true);
    tick().await;
    assert_eq!(stage.find("input").get_attribute("aria-expanded").as_deref(), Some("true"));
    stage.press("input", "End");
    stage.type_in("input", "nobody");
    tick().await;
    assert_eq!(stage.find("input").get_attribute("aria-expanded").as_deref(), Some("false"));
    assert_eq!(active(&stage), None);
    assert_eq!(stage.text("[role=status]"), "nobody");
    stage.press("input", "Enter");
    tick().await;
    assert!(open.get_untracked() && chosen.get_untracked().is_empty());
    // The options that come back begin with the first one.
    stage.type_in("input", "");
    tick().await;
    assert_eq!(active(&stage).as_deref(), Some("<b>overview</b>"));
    open.set(false);
    tick().await;
}

#[wasm_bindgen_test]
fn a_shortcut_is_found_on_every_layout() {
    for (key, code, expected) in [
        ("k", "KeyK", "k"),
        ("K", "KeyK", "k"),
        ("л", "KeyK", "k"),
        // Where Dvorak has its letters counts, not where others have them.
        ("k", "KeyV", "k"),
        ("?", "Minus", "?"),
        ("ß", "Minus", "ß"),
    ] {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_code(code);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).expect("an event");
        assert_eq!(pressed_shortcut(&event), expected, "{key} at {code}");
    }
}

#[wasm_bindgen_test]
async fn a_picture_stands_for_the_initials_only_once_it_is_loaded() {
    // Nothing is fetched: an image without a network has its events dispatched.
    let stage = Stage::new(|| picture("Ada Okonkwo", "data:,", false));
    let fire = |name: &str| {
        let event = web_sys::Event::new(name).expect("an event");
        stage.find("img").dispatch_event(&event).expect("it can be dispatched");
    };
    assert_eq!(stage.text(".avatar"), "AO");
    let image = stage.find("img");
    for (name, value) in
        [("alt", ""), ("referrerpolicy", "no-referrer"), ("loading", "lazy"), ("width", "24")]
    {
        assert_eq!(image.get_attribute(name).as_deref(), Some(value), "{name}");
    }
    fire("load");
    tick().await;
    assert_eq!(stage.text(".avatar"), "");
    let stage = Stage::new(|| picture("Ada Okonkwo", "data:,", true));
    stage.find("img").dispatch_event(&web_sys::Event::new("error").expect("an event")).expect("it is sent");
    tick().await;
    assert_eq!((stage.text(".avatar-lg"), stage.try_find("img").is_none()), ("AO".to_owned(), true));
}
