//! The host's name, logo and accent.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::routing::paths;
use crate::state::config::{Trouble, use_config, use_trouble};
use i18n::text;
use ui::{Tone, brand_mark, notice};

/// The name of the console.
pub fn name() -> String {
    use_config().brand.name.as_deref().map_or_else(text::shell_name, str::to_owned)
}

/// Writes the host's accent into the page's tokens; its contrast was checked when the configuration was read.
pub fn paint() {
    let Some(accent) = use_config().brand.accent else { return };
    let root = document().document_element().and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok());
    for (token, value) in accent.tokens() {
        // Fails only for a read-only declaration, which the root's is not.
        let _ = root.as_ref().map(|root| root.style().set_property(token, &value));
    }
}

/// Logo or mark, and name, linked to the overview.
pub fn brand() -> AnyView {
    let config = use_config();
    let mark = match &config.brand.logo {
        Some(logo) => view! { <img class="brand-logo" src=paths::beside(logo.as_str()) alt="" /> }.into_any(),
        None => brand_mark(),
    };
    let name = match config.brand.name.clone() {
        Some(name) => view! {
            <bdi translate="no" class="clip">
                {name.to_string()}
            </bdi>
        }
        .into_any(),
        None => view! { <span>{text::shell_name}</span> }.into_any(),
    };
    view! {
        <a class="brand" href=paths::overview()>
            {mark}
            {name}
        </a>
    }
    .into_any()
}

/// Tells the host's operator that the configuration cannot be read, and why.
pub fn trouble() -> Option<AnyView> {
    let why = match use_trouble()? {
        Trouble::NotFetched => view! { <p>{text::shell_config_not_fetched}</p> }.into_any(),
        Trouble::Wrong(problems) => {
            let problem = |(path, sentence): (String, String)| {
                let path = (!path.is_empty()).then(|| {
                    view! {
                        <bdi translate="no">
                            <code translate="no">{path}</code>
                        </bdi>
                        ": "
                    }
                });
                view! {
                    <li lang="en" dir="ltr">
                        {path}
                        <bdi translate="yes">{sentence}</bdi>
                    </li>
                }
            };
            let problems = problems.into_iter().map(problem).collect_view();
            view! {
                <p>{text::shell_config_wrong}</p>
                <ul class="config-problems">{problems}</ul>
            }
            .into_any()
        }
    };
    let body = view! {
        <div class="stack-2">
            <p class="notice-title">{text::shell_config_title}</p>
            {why}
            <p>{text::shell_config_closed}</p>
        </div>
    };
    let notice = notice(Tone::Refused, body);
    Some(view! { <div class="config-trouble">{notice}</div> }.into_any())
}
