//! A failed read: what happened, what to do, the details, and a way to retry.

use std::sync::Arc;

use domain::Connection;
use leptos::prelude::*;

use crate::features::reading::pickers;
use crate::features::results::call_details::exchange;
use crate::state::caller::shell_command;
use crate::state::session::Failure;
use i18n::text;
use ui::{Button, Disclosure, Tone, titled_notice};

/// A notice why something could not be read.
pub fn not_read(connection: &Arc<Connection>, failed: &Failure, again: Callback<()>) -> AnyView {
    let words = pickers::failure(connection, failed);
    let code = failed.error.code.to_string();
    let call = failed.call.clone();
    let connection = connection.clone();
    let details = move || {
        let shown = call.as_ref().map(|call| exchange(call, &shell_command(call, &connection)));
        view! {
            <p class="small">
                <code translate="no">{code.clone()}</code>
            </p>
            {shown}
        }
        .into_any()
    };
    let actions = view! {
        <Button label=text::ui_try_again small=true on_press=again />
        <Disclosure label=text::common_details>{details()}</Disclosure>
    };
    titled_notice(Tone::Refused, words.title, words.detail, Some(actions.into_any()))
}
