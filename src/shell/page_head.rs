//! The head of a page: breadcrumbs, heading, a line below it, and actions.

use domain::Connection;
use leptos::prelude::*;

use crate::routing::paths;
use i18n::text;
use ui::vendor_mark;

/// A breadcrumb: its name, and its address if it is a link.
pub type Crumb = (String, Option<String>);

/// The head of a page that draws its own breadcrumbs: list items, the last of which is the page itself.
pub fn head_with(
    way: AnyView,
    title: Signal<String>,
    sub: Signal<String>,
    actions: Option<AnyView>,
) -> AnyView {
    let way = view! {
        <nav aria-label=text::shell_where_you_are>
            <ol class="crumbs">{way}</ol>
        </nav>
    };
    framed(Some(way.into_any()), title, "yes", sub, actions)
}

/// The head of a page. The connection, if given, is the first breadcrumb.
pub fn page_head(
    connection: Option<&Connection>,
    crumbs: Vec<Crumb>,
    title: Signal<String>,
    sub: Signal<String>,
    actions: Option<AnyView>,
) -> AnyView {
    head(connection, crumbs, title, "yes", sub, actions)
}

/// The head of a page whose title is a user-given name, which browsers must not translate.
pub fn named_head(
    connection: &Connection,
    crumbs: Vec<Crumb>,
    title: Signal<String>,
    sub: Signal<String>,
    actions: Option<AnyView>,
) -> AnyView {
    head(Some(connection), crumbs, title, "no", sub, actions)
}

fn head(
    connection: Option<&Connection>,
    crumbs: Vec<Crumb>,
    title: Signal<String>,
    translate: &'static str,
    sub: Signal<String>,
    actions: Option<AnyView>,
) -> AnyView {
    let first = connection.map(|connection| {
        let name = connection.name.to_string();
        let mark = vendor_mark(connection.vendor.slug(), false);
        view! {
            <li>
                <a href=paths::members(connection.id.as_str())>{mark}<bdi translate="no">{name}</bdi></a>
            </li>
        }
    });
    let has_way = first.is_some() || !crumbs.is_empty();
    let steps = crumbs
        .into_iter()
        .map(|(name, href)| match href {
            Some(href) => view! {
                <li>
                    <a href=href>
                        <bdi translate="yes">{name}</bdi>
                    </a>
                </li>
            }
            .into_any(),
            None => view! {
                <li>
                    <bdi translate=translate aria-current="page">
                        {name}
                    </bdi>
                </li>
            }
            .into_any(),
        })
        .collect_view();
    let way = has_way.then(|| {
        view! {
            <nav aria-label=text::shell_where_you_are>
                <ol class="crumbs">{first}{steps}</ol>
            </nav>
        }
        .into_any()
    });
    framed(way, title, translate, sub, actions)
}

fn framed(
    way: Option<AnyView>,
    title: Signal<String>,
    translate: &'static str,
    sub: Signal<String>,
    actions: Option<AnyView>,
) -> AnyView {
    // The element stays while its text changes: lists are as high as it leaves room for.
    let has_sub = Memo::new(move |_| sub.with(|sub| !sub.is_empty()));
    view! {
        <div class="page-head" class:has-sub=has_sub>
            <div class="page-title">
                {way} <h1 translate=translate>{title}</h1>
                {move || has_sub.get().then(|| view! { <p class="page-sub">{sub}</p> })}
            </div>
            {actions.map(|actions| view! { <div class="page-actions">{actions}</div> })}
        </div>
    }
    .into_any()
}
