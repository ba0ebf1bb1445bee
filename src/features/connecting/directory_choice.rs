//! The choice to keep what is read of people on this device. Fetched with the code that keeps it, once the key is on
//! this device.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use domain::ConnectionId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::features::fetched::{Needed, when_fetched};
use crate::state::code::Code;
use crate::state::keeping::fetch_keeping;
use crate::state::session::Session;
use i18n::text;
use ui::{Checkbox, Failure, effect, toast};

thread_local! {
    static CHOICE: Code<fn(Session, ConnectionId) -> AnyView> = const { Code::new() };
}

/// Makes the choice drawable.
pub fn install_directory_choice() {
    CHOICE.with(|code| code.install(choice));
}

/// The choice, if the key of the connection is on this device and the host allows it.
pub fn directory_choice(session: Session, id: ConnectionId) -> AnyView {
    let is_offered = {
        let id = id.clone();
        Memo::new(move |_| session.can_store_directories(&id))
    };
    let view = move || {
        let id = id.clone();
        is_offered.get().then(|| {
            when_fetched(Needed {
                is_here: CHOICE.with(Code::fetched).is_some(),
                fetch: Arc::new(|| Box::pin(fetch_keeping())),
                draw: Box::new(move || {
                    CHOICE.with(Code::fetched).map(|draw| draw(session, id.clone())).into_any()
                }),
                missing: || Failure {
                    title: text::results_not_loaded(),
                    detail: text::results_not_loaded_operator(),
                },
            })
        })
    };
    view.into_any()
}

fn choice(session: Session, id: ConnectionId) -> AnyView {
    let is_stored = {
        let id = id.clone();
        Memo::new(move |_| session.stores_directories(&id))
    };
    let is_chosen = RwSignal::new(false);
    // The last choice is written also if the page is left meanwhile.
    let (last, is_writing) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
    // Another tab may choose as well. What is stored while a choice is written is no news.
    effect({
        let is_writing = Rc::clone(&is_writing);
        move || {
            let is_stored = is_stored.get();
            if !is_writing.get() {
                is_chosen.set(is_stored);
            }
        }
    });
    effect(move || {
        last.set(is_chosen.get());
        if last.get() == is_stored.get_untracked() || is_writing.replace(true) {
            return;
        }
        let (id, last, is_writing) = (id.clone(), Rc::clone(&last), Rc::clone(&is_writing));
        spawn_local(async move {
            loop {
                let wanted = last.get();
                let written = session.set_stores_directories(&id, wanted).await;
                // The choice may have changed just now.
                last.set(is_chosen.try_get_untracked().unwrap_or_else(|| last.get()));
                if written.is_err() {
                    is_chosen.try_set(!wanted);
                    toast(text::connections_keep_people_failed(), None);
                    break;
                }
                if last.get() == wanted {
                    break;
                }
            }
            is_writing.set(false);
        });
    });
    view! {
        <Checkbox
            label=Signal::derive(text::connections_keep_people)
            checked=is_chosen
            help=Signal::derive(text::connections_keep_people_help)
        />
    }
    .into_any()
}
