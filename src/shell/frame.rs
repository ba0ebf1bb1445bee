//! The frame around every page: the rail, the top bar, the live regions, the toasts.

use crate::routing::paths;
use crate::shell::branding::{brand, paint, trouble};
use crate::shell::new_version::new_version;
use crate::shell::preferences::{Density, Preferences, Theme, provide_preferences};
use crate::shell::shortcuts::{Shortcuts, provide_shortcuts};
use crate::state::config::use_config;
use hosting::Feature;
use i18n::{format_number, text};
use leptos::ev;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{
    Chosen, LiveRegions, Menu, MenuItem, Toasts, Tone, banner, effect, effect_after, icon, icon_sm,
    mount_sprite, provide_announcer, vendor_mark,
};
use wasm_bindgen::JsCast;

/// The id of the element that contains the page.
const MAIN: &str = "main";

/// A connection in the rail.
#[derive(Clone, Debug)]
pub struct RailConnection {
    /// The user-given name.
    pub name: String,
    /// The slug of the vendor's mark.
    pub vendor_slug: &'static str,
    /// Whether its key has to be given again before it can be used.
    pub locked: bool,
    /// The target of its name's link: the first of its sections.
    pub href: String,
    pub sections: Vec<RailSection>,
    /// Whether the page belongs to it although its address is none of the sections.
    pub is_here: Signal<bool>,
}

/// One section of a connection in the rail.
#[derive(Clone, Debug)]
pub struct RailSection {
    pub href: String,
    /// The label, a text function so that it follows the language.
    pub label: fn() -> String,
    /// A Lucide icon name.
    pub icon: &'static str,
}

/// The frame of the console around `children`, the page.
#[component]
pub fn Shell(
    /// The connections, in order.
    connections: Signal<Vec<RailConnection>>,
    /// Number of unfinished runs.
    n_runs: Signal<usize>,
    /// Shown at the end of the top bar, before the theme: a run in progress.
    status: AnyView,
    children: Children,
) -> impl IntoView {
    let announcer = provide_announcer();
    provide_preferences();
    let shortcuts = provide_shortcuts();
    paint();
    mount_sprite();
    follow_route();
    view! {
        <svg class="sprite" aria-hidden="true">
            <defs>
                <pattern
                    id="p-unknown"
                    width="4"
                    height="4"
                    patternUnits="userSpaceOnUse"
                    patternTransform="rotate(45)"
                >
                    <rect class="is-unknown-fill" width="4" height="4" />
                    <path class="tex" d="M0 0v4" />
                </pattern>
            </defs>
        </svg>
        <a class="skip" href="#main" rel="external" on:click=|event| skip(&event)>
            {text::shell_skip}
        </a>
        <div class="app">
            {rail(connections, n_runs)} {topbar(shortcuts, status)} <main class="page" id=MAIN tabindex="-1">
                {trouble()}
                {offline_banner()}
                {new_version()}
                {children()}
            </main>
        </div>
        <LiveRegions announcer=announcer />
        <Toasts announcer=announcer />
        {shortcuts.dialogs()}
    }
    .into_any()
}

/// Sets the document title; every page calls this once.
pub fn use_title(title: impl Fn() -> String + 'static) {
    let brand = use_config().brand.name.clone();
    effect(move || {
        let name = brand.as_deref().map_or_else(text::shell_name, str::to_owned);
        let words = text::ShellDocumentTitle { name: &name, page: &title() };
        document().set_title(&text::shell_document_title(words));
    });
}

/// Moves the focus to the page after a change of route, as loading a page would.
fn follow_route() {
    let location = use_location();
    effect_after(move |before: Option<String>| {
        let path = location.pathname.get();
        if before.is_some_and(|before| before != path) {
            focus_page();
        }
        path
    });
}

fn skip(event: &ev::MouseEvent) {
    event.prevent_default();
    focus_page();
}

/// Moves the focus to the page, because the focused element is gone.
pub fn focus_page() {
    let main = document().get_element_by_id(MAIN);
    if let Some(main) = main.as_ref().and_then(|main| main.dyn_ref::<web_sys::HtmlElement>()) {
        // Focusing can fail only for an element outside of the document.
        let _ = main.focus();
    }
}

fn offline_banner() -> AnyView {
    let online = RwSignal::new(window().navigator().on_line());
    let listen = |event: &'static str, value: bool| {
        window_event_listener_untyped(event, move |_| online.set(value));
    };
    listen("online", true);
    listen("offline", false);
    let shown =
        move || (!online.get()).then(|| banner(Tone::Waiting, view! { <span>{text::shell_offline}</span> }));
    view! {
        <div class="offline" role="status">
            {shown}
        </div>
    }
    .into_any()
}

fn rail(connections: Signal<Vec<RailConnection>>, n_runs: Signal<usize>) -> AnyView {
    let config = use_config();
    let adding = config
        .has(Feature::AddingConnections)
        .then(|| nav_item(paths::new_connection(), icon("plus"), text::shell_add_connection));
    let reviews = config
        .has(Feature::Reviews)
        .then(|| nav_item(paths::review(), icon("user-check"), text::shell_reviews));
    let sandbox = config
        .has(Feature::Sandbox)
        .then(|| nav_item(paths::sandbox(), icon("flask-conical"), text::shell_sandbox));
    view! {
        <nav class="rail" id="rail" popover="auto" aria-label=text::shell_sections>
            <div class="rail-head">
                {brand()}
                <button
                    class="btn btn-quiet btn-icon"
                    type="button"
                    popovertarget="rail"
                    popovertargetaction="hide"
                    aria-label=text::shell_close_menu
                >
                    {icon("x")}
                </button>
            </div>
            <ul class="nav">
                {nav_item(paths::overview(), icon("house"), text::shell_overview)} {runs_item(n_runs)}
                {reviews} {nav_item(paths::activity(), icon("scroll-text"), text::shell_activity)}
            </ul>
            <div>
                <p class="nav-title" id="rail-connections">
                    {text::shell_connections}
                </p>
                <ul class="nav" aria-labelledby="rail-connections">
                    {move || connections.get().into_iter().map(connection_item).collect_view()}
                    {nav_item(paths::connections(), icon("plug"), text::shell_all_connections)}
                    {adding}
                </ul>
            </div>
            <div class="rail-foot">
                <ul class="nav">
                    {sandbox} {nav_item(paths::settings(), icon("settings"), text::shell_settings)}
                </ul>
                <p class="rail-note">{text::shell_promise}</p>
            </div>
        </nav>
    }
    .into_any()
}

fn connection_item(connection: RailConnection) -> AnyView {
    let name = connection.name.clone();
    let lock = connection.locked.then(|| {
        view! {
            <span class="icon-end">{icon_sm("lock")}</span>
            <span class="sr-only">{text::shell_locked}</span>
        }
    });
    let pathname = use_location().pathname;
    let addresses: Vec<String> = connection.sections.iter().map(|section| section.href.clone()).collect();
    let is_here = connection.is_here;
    let is_open = move || {
        let inside = |path: &str, href: &str| {
            path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        is_here.get() || pathname.with(|path| addresses.iter().any(|href| inside(path, href)))
    };
    let sections = connection.sections.into_iter();
    let sections =
        sections.map(|section| nav_item(section.href, icon(section.icon), section.label)).collect_view();
    view! {
        <li>
            <a class="nav-link" href=connection.href on:click=close_rail>
                {vendor_mark(connection.vendor_slug, false)}
                <span class="clip">
                    <bdi translate="no">{connection.name}</bdi>
                </span>
                {lock}
            </a>
            <ul class="nav" aria-label=name hidden=move || !is_open()>
                {sections}
            </ul>
        </li>
    }
    .into_any()
}

fn nav_item(href: String, mark: AnyView, label: fn() -> String) -> AnyView {
    view! {
        <li>
            <a class="nav-link" href=href.clone() aria-current=current(href) on:click=close_rail>
                {mark}
                <span class="clip">{label}</span>
            </a>
        </li>
    }
    .into_any()
}

/// The link to the runs, with the number of unfinished ones.
fn runs_item(n_runs: Signal<usize>) -> AnyView {
    let count = move || {
        let n = n_runs.get();
        (n > 0).then(|| {
            view! {
                <span class="count" aria-hidden="true">
                    {format_number(n as f64)}
                </span>
                <span class="sr-only">{text::shell_n_runs(n)}</span>
            }
        })
    };
    let href = paths::runs();
    view! {
        <li>
            <a class="nav-link" href=href.clone() aria-current=current(href) on:click=close_rail>
                {icon("list-checks")}
                <span class="clip">{text::shell_runs}</span>
                {count}
            </a>
        </li>
    }
    .into_any()
}

/// `aria-current` of a link: "page" if it leads to the current page.
fn current(href: String) -> impl Fn() -> Option<&'static str> + Send + 'static {
    let location = use_location();
    move || location.pathname.with(|path| same_path(path, &href)).then_some("page")
}

fn same_path(left: &str, right: &str) -> bool {
    left.trim_end_matches('/') == right.trim_end_matches('/')
}

/// Closes the rail, which covers the page on a narrow screen.
fn close_rail(_: ev::MouseEvent) {
    let rail = document().get_element_by_id("rail");
    if let Some(rail) = rail.and_then(|rail| rail.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails if the rail is not open, which is fine.
        let _ = rail.hide_popover();
    }
}

fn topbar(shortcuts: Shortcuts, status: AnyView) -> AnyView {
    view! {
        <header class="topbar">
            <button
                class="btn btn-quiet btn-icon rail-toggle"
                type="button"
                popovertarget="rail"
                aria-label=text::shell_open_menu
            >
                {icon("menu")}
            </button>
            {brand()}
            {shortcuts.search_button()}
            <div class="topbar-end">
                {status} <Menu label=text::shell_theme icon="contrast" icon_only=true items=theme_items() />
            </div>
        </header>
    }
    .into_any()
}

fn theme_items() -> Signal<Vec<MenuItem>> {
    let preferences = expect_context::<Preferences>();
    let theme = |value: Theme, label: fn() -> String, icon: &'static str| MenuItem {
        label: Signal::derive(label),
        icon,
        chosen: Chosen::OneOf(Signal::derive(move || preferences.theme.get() == value)),
        on_select: Callback::new(move |()| preferences.theme.set(value)),
    };
    let compact = MenuItem {
        label: Signal::derive(text::shell_compact),
        icon: "rows-3",
        chosen: Chosen::Switch(Signal::derive(move || preferences.density.get() == Density::Compact)),
        on_select: Callback::new(move |()| {
            preferences.density.set(match preferences.density.get_untracked() {
                Density::Comfortable => Density::Compact,
                Density::Compact => Density::Comfortable,
            });
        }),
    };
    Signal::stored(vec![
        theme(Theme::System, text::settings_theme_system, "contrast"),
        theme(Theme::Light, text::settings_theme_light, "sun"),
        theme(Theme::Dark, text::settings_theme_dark, "moon"),
        compact,
    ])
}
