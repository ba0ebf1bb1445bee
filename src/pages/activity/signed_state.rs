//! Signed states: given to a colleague, they show later whether an entry is missing.

use browser::identity;
use ledger_worker::message::{LedgerAnswer, LedgerQuestion};
use ledger_worker::{Coverage, LedgerStanding};
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{ChainHead, ReadDocumentError, Signed, Unverified};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::entries::Entries;
use super::export::signed_head;
use super::standing::deleted_entries;
use crate::features::results::download::{FileKind, save};
use crate::state::identity::device_identity;
use crate::state::ledger::ChainReader;
use crate::state::session::Session;
use i18n::{format_date_time, format_number, text};
use ui::{Button, CodeBlock, Dialog, TextArea, Tone, Upload, Variant, announce, titled_notice};

/// Largest file that is read, in bytes: a state has a thousand.
const MAX_BYTES: f64 = 100_000.0;

/// What became of a state that was checked: tone, title and details.
type Said = (Tone, String, String);

/// The card with both actions.
pub(super) fn card(entries: Entries, session: Session) -> AnyView {
    let signed = RwSignal::new(None::<(String, u64, f64)>);
    let is_checking = RwSignal::new(false);
    let fits = Memo::new(move |_| entries.state().is_some_and(|state| state.standing.flaw.is_none()));
    let sign = move || {
        let Some(state) = entries.state().filter(|state| state.standing.flaw.is_none()) else { return };
        spawn_local(async move {
            match signed_head(session, state.ends.tip).await {
                Ok(head) => {
                    let (n_entries, at) = (head.body().n_entries, head.body().made_at as f64);
                    signed.set(Some((head.to_text(), n_entries, at)));
                    announce(text::ledger_signed(n_entries as usize));
                }
                Err(_) => announce(text::ledger_not_signed()),
            }
        });
    };
    let shown = move || signed.get().map(|(content, n_entries, at)| document(content, n_entries, at));
    view! {
        <section class="card" aria-labelledby="states">
            <div class="card-head">
                <h2 id="states">{text::ledger_states}</h2>
            </div>
            <div class="card-body stack-3">
                <p class="small">{text::ledger_states_body}</p>
                <div class="cluster">
                    {move || {
                        fits.get()
                            .then(|| {
                                view! { <Button label=text::ledger_sign icon="key-round" on_press=sign /> }
                            })
                    }} <Button label=text::ledger_check on_press=move || is_checking.set(true) />
                </div>
                {shown}
            </div>
        </section>
        {checking(entries, session, is_checking)}
    }
    .into_any()
}

/// A state that was signed, to be copied, saved or printed.
fn document(content: String, n_entries: u64, at: f64) -> AnyView {
    let (file, code) = (content.clone(), content);
    let title = move || {
        let at = format_date_time(at);
        text::ledger_state_of(n_entries as usize, &at)
    };
    let print = move || {
        // Fails only where the browser cannot print.
        let _ = window().print();
    };
    view! {
        <div class="stack-2 signed-state">
            <CodeBlock title=title code=Signal::stored(code) copy_label=text::results_copy />
            <div class="cluster">
                <Button
                    label=text::ledger_state_save
                    small=true
                    icon="download"
                    on_press=move || save("activity-state", FileKind::Json, &file)
                />
                <Button label=text::ledger_state_print small=true on_press=print />
            </div>
        </div>
    }
    .into_any()
}

/// The dialog that takes a state and says what has become of its entries.
fn checking(entries: Entries, session: Session, is_open: RwSignal<bool>) -> AnyView {
    let typed = RwSignal::new(String::new());
    let said = RwSignal::new(None::<Said>);
    ui::effect(move || {
        if !is_open.get() {
            typed.set(String::new());
            said.set(None);
        }
    });
    let check_text = move |content: String| {
        let reader = entries.reader();
        spawn_local(async move {
            let result = checked(&reader, session, &content).await;
            // The page may be gone by now.
            let _ = said.try_set(Some(result));
        });
    };
    let check = move || check_text(typed.get_untracked());
    let on_file = move |file: File| {
        spawn_local(async move {
            let content = if file.size() > MAX_BYTES { None } else { JsFuture::from(file.text()).await.ok() };
            // What is no text is no state.
            let content = content.and_then(|content| content.as_string()).unwrap_or_default();
            // The page may be gone by now.
            if typed.try_set(content.clone()).is_none() {
                check_text(content);
            }
        });
    };
    let on_file = UnsyncCallback::new(on_file);
    let foot = move || {
        view! {
            <Button label=text::common_close on_press=move || is_open.set(false) />
            <Button label=text::ledger_check_now variant=Variant::Primary on_press=check />
        }
    };
    let result = move || said.get().map(|(tone, title, body)| titled_notice(tone, title, body, None));
    view! {
        <Dialog title=text::ledger_check open=is_open foot=foot>
            <TextArea label=text::ledger_state_text value=typed rows=5 />
            <Upload
                label=text::ledger_state_file
                help=text::ledger_state_file_help
                accept=".json,application/json"
                on_file=on_file
            />
            <div role="status">{result}</div>
        </Dialog>
    }
    .into_any()
}

/// Whether this ledger still has the entries of a state.
async fn checked(reader: &ChainReader, session: Session, content: &str) -> Said {
    let none = |title: String| (Tone::Refused, title, text::ledger_check_none());
    let read = match Unverified::<ChainHead>::read(content.trim().as_bytes()) {
        Ok(read) => read,
        // It was changed after it was signed.
        Err(ReadDocumentError::Hash) => return none(text::ledger_check_forged()),
        Err(_) => return none(text::ledger_check_no_state()),
    };
    let Ok(answers) = identity::verify(vec![read.check()]).await else {
        return (Tone::Unknown, text::ledger_check_failed(), text::ledger_missing_key());
    };
    let Ok(head) = read.verified(&answers) else { return none(text::ledger_check_forged()) };
    let state = reader.refresh().await;
    let Ok(Some(state)) = state else {
        return (Tone::Unknown, text::ledger_check_failed(), text::ledger_failed_worker());
    };
    if state.ends.tip.chain != head.body().chain {
        return none(text::ledger_check_other());
    }
    // Anyone can sign any state with a key of their own.
    if device_identity(session).await.ok().map(|own| own.signer().key.clone()) != Some(head.by().key.clone())
    {
        return none(text::ledger_check_other_key(&head.by().name));
    }
    let question = LedgerQuestion::Covered(head.body().n_entries, head.body().last);
    match reader.ask(&question).await {
        Ok(LedgerAnswer::Covered(coverage)) => verdict(&head, coverage, state.standing),
        _ => (Tone::Unknown, text::ledger_check_failed(), text::ledger_failed_worker()),
    }
}

fn verdict(head: &Signed<ChainHead>, coverage: Coverage, standing: LedgerStanding) -> Said {
    let n_entries = head.body().n_entries as usize;
    let of = text::ledger_state_of(n_entries, &format_date_time(head.body().made_at as f64));
    let deleted = standing.deleted.map(deleted_entries);
    let with_deleted = || [Some(of.clone()), deleted].into_iter().flatten().collect::<Vec<_>>().join(". ");
    match coverage {
        // The last one is here, but one before it is not what it was.
        Coverage::Held if standing.flaw.is_some() => (Tone::Refused, text::ledger_check_rewritten(), of),
        Coverage::Held if standing.deleted.is_some() => {
            (Tone::Done, text::ledger_check_fits(n_entries), with_deleted())
        }
        Coverage::Held => (Tone::Done, text::ledger_check_held(n_entries), of),
        Coverage::Missing(left) => {
            (Tone::Refused, text::ledger_check_missing(&format_number(left as f64)), of)
        }
        Coverage::Rewritten => (Tone::Refused, text::ledger_check_rewritten(), of),
        Coverage::Deleted => (Tone::Unknown, text::ledger_check_deleted(), with_deleted()),
    }
}
