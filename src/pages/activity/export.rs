//! The files of the ledger: what is shown as CSV, and the whole chain as JSON Lines with a signed state.

use browser::clock;
use browser::identity::IdentityError;
use js_sys::Array;
use ledger_worker::LedgerFilter;
use ledger_worker::message::LedgerQuestion;
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{ChainHead, ChainTip, Signed, Unsigned};

use super::entries::Entries;
use super::joining::import_button;
use crate::features::results::download::{FileKind, failed_to_save, save_parts};
use crate::state::identity::device_identity;
use crate::state::ledger::author;
use crate::state::session::Session;
use i18n::text;
use ui::Button;

/// The buttons that save files, once there are entries.
pub(super) fn buttons(entries: Entries) -> AnyView {
    let is_there = Memo::new(move |_| entries.state().is_some());
    let filter = entries.filter();
    let count = entries.count();
    let csv_label = move || {
        let is_on = filter.with(|filter| *filter != LedgerFilter::default());
        if is_on { text::activity_export_csv_of(count.get()) } else { text::activity_export_csv() }
    };
    let session = crate::state::session::use_session();
    let exports = move || {
        is_there.get().then(|| {
            view! {
                <div class="btn-group">
                    <Button label=csv_label icon="download" on_press=move || save_table(entries) />
                    <Button label=text::ledger_export_lines on_press=move || save_chain(entries, session) />
                </div>
            }
        })
    };
    view! { <div class="cluster">{exports} {import_button(entries, session)}</div> }.into_any()
}

fn save_table(entries: Entries) {
    let question = LedgerQuestion::Table(entries.filter().get_untracked());
    spawn_local(async move {
        match entries.reader().ask_for_file(&question).await {
            Ok(bytes) => save_parts("activity", FileKind::Csv, &Array::of1(&bytes)),
            Err(_) => failed_to_save(),
        }
    });
}

fn save_chain(entries: Entries, session: Session) {
    spawn_local(async move {
        // Entries that another tab has appended are in the file too.
        let reader = entries.reader();
        let Ok(Some(state)) = reader.refresh().await else { return failed_to_save() };
        let Ok(bytes) = reader.ask_for_file(&LedgerQuestion::File).await else { return failed_to_save() };
        let parts = Array::of1(&bytes);
        // A signed state of entries that do not fit would vouch for them.
        if state.standing.flaw.is_none() {
            let Ok(head) = signed_head(session, state.ends.tip).await else { return failed_to_save() };
            parts.push(&[&head.to_text(), "\n"].concat().into());
        }
        save_parts("activity", FileKind::JsonLines, &parts);
    });
}

/// The state of the chain at a tip, signed by this device.
pub(super) async fn signed_head(session: Session, tip: ChainTip) -> Result<Signed<ChainHead>, IdentityError> {
    let identity = device_identity(session).await?;
    let mut signer = identity.signer().clone();
    // A document needs a name, also if none was declared yet.
    signer.name = author(&signer.name, signer.key.fingerprint()).into();
    let unsigned = Unsigned::new(tip.head(clock::now()), signer);
    identity.sign(unsigned.map_err(|_| IdentityError::Invalid)?).await
}
