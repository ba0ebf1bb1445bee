//! The ledger of a colleague, shown beside that of this device until the page is left.

use browser::identity;
use js_sys::Uint8Array;
use ledger_worker::message::{Joining, LedgerAnswer, LedgerQuestion};
use ledger_worker::{JoinError, OpenedLedger, ToVerify};
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{MAX_CHAIN_BYTES, Signer, TrustError};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::entries::Entries;
use super::export::signed_head;
use crate::features::results::run_words;
use crate::state::identity::{ChangeTrustError, device_identity, known_keys, trust_key};
use crate::state::ledger::{ChainReader, author, for_worker};
use crate::state::session::Session;
use i18n::{format_number, text};
use ui::{Attempt, Button, Dialog, Latest, Tone, Upload, Variant, announce, effect, notice, skeleton};

/// How far an import is.
#[derive(Clone)]
enum Stage {
    Nothing,
    Reading,
    /// The key is not trusted yet.
    Asking(Signer, OpenedLedger),
    Failed(String),
}

/// The import of a file. It ends with its dialog.
#[derive(Clone)]
struct Import {
    entries: Entries,
    session: Session,
    reader: ChainReader,
    stage: RwSignal<Stage>,
    is_open: RwSignal<bool>,
    attempt: Attempt,
}

/// The button, and the dialog that takes a file.
pub(super) fn import_button(entries: Entries, session: Session) -> AnyView {
    let is_open = RwSignal::new(false);
    let stage = RwSignal::new(Stage::Nothing);
    let imports = Latest::new();
    effect(move || {
        if !is_open.get() {
            imports.begin();
            stage.set(Stage::Nothing);
        }
    });
    let import = move || {
        stage.set(Stage::Reading);
        Import { entries, session, reader: entries.reader(), stage, is_open, attempt: imports.begin() }
    };
    let on_file = move |file: File| {
        let import = import();
        spawn_local(async move {
            let opened = import.open(&file).await;
            if !import.is_wanted() {
                return;
            }
            match opened {
                Ok((None, opened)) => import.show(opened).await,
                Ok((Some(signer), opened)) => stage.set(Stage::Asking(signer, opened)),
                Err(why) => stage.set(Stage::Failed(why)),
            }
        });
    };
    let trust = move || {
        let Stage::Asking(signer, opened) = stage.get_untracked() else { return };
        let import = import();
        spawn_local(async move {
            let trusted = trust_key(session, &signer).await;
            if !import.is_wanted() {
                return;
            }
            match trusted {
                Ok(_) => import.show(opened).await,
                Err(why) => stage.set(Stage::Failed(not_trusted(why))),
            }
        });
    };
    let body = move || match stage.get() {
        Stage::Nothing => upload(on_file),
        Stage::Reading => skeleton(),
        Stage::Failed(why) => view! {
            {notice(Tone::Refused, view! { <p>{why}</p> })}
            {upload(on_file)}
        }
        .into_any(),
        Stage::Asking(signer, _) => compare(&signer),
    };
    let is_asking = Memo::new(move |_| stage.with(|stage| matches!(stage, Stage::Asking(..))));
    let foot = move || {
        view! {
            <Button label=text::common_cancel on_press=move || is_open.set(false) />
            {move || {
                is_asking
                    .get()
                    .then(|| {
                        view! { <Button label=text::ledger_trust variant=Variant::Primary on_press=trust /> }
                    })
            }}
        }
    };
    view! {
        <Button label=text::ledger_import icon="file-up" on_press=move || is_open.set(true) />
        <Dialog title=text::ledger_import_title open=is_open foot=foot>
            <div class="stack-3" role="status">
                {body}
            </div>
        </Dialog>
    }
    .into_any()
}

fn upload(on_file: impl Fn(File) + Copy + 'static) -> AnyView {
    view! {
        <Upload
            label=text::ledger_import_file
            help=text::ledger_import_help
            accept=".jsonl"
            on_file=UnsyncCallback::new(on_file)
        />
    }
    .into_any()
}

/// Whom the key says that it belongs to, and the words to compare.
fn compare(signer: &Signer) -> AnyView {
    let name = signer.name.to_string();
    let words = signer.key.fingerprint().words().join(" ");
    view! {
        <p>{text::ledger_compare(&name)}</p>
        <p>
            <code translate="no" class="wrap-ok">
                {words}
            </code>
        </p>
        <p class="small">{text::ledger_compare_help}</p>
    }
    .into_any()
}

impl Import {
    /// Whether its dialog is still open: otherwise another file may be read by now.
    fn is_wanted(&self) -> bool {
        self.attempt.is_latest()
    }

    /// Reads a file. Says who has signed it, if their key is not trusted.
    async fn open(&self, file: &File) -> Result<(Option<Signer>, OpenedLedger), String> {
        if file.size() > MAX_CHAIN_BYTES as f64 {
            return Err(join_error(JoinError::NoLedger));
        }
        let content =
            JsFuture::from(file.array_buffer()).await.map_err(|_| join_error(JoinError::NoLedger))?;
        let answer = self.reader.open(&Uint8Array::new(&content)).await;
        let opened = match answer {
            Ok(LedgerAnswer::Opened(opened)) => opened.map_err(join_error)?,
            _ => return Err(text::ledger_failed_worker()),
        };
        let own = device_identity(self.session).await.map_err(|_| text::ledger_missing_key())?;
        let own = own.signer().key.fingerprint();
        let trust = known_keys(self.session).await.map_err(run_words::storage)?;
        let is_trusted = |one: &&ToVerify| {
            let key = one.key.fingerprint();
            key == own || trust.owner_of(key).is_some()
        };
        let unknown = opened.checks.iter().find(|one| !is_trusted(one)).map(|one| one.key.clone());
        let signer = unknown.map(|key| {
            let by = opened.by.as_ref().filter(|by| by.key == key.fingerprint());
            let name = by.map(|by| author(&by.name, by.key).into());
            name.map(|name| Signer { name, key }).ok_or_else(|| join_error(JoinError::NotSigned))
        });
        Ok((signer.transpose()?, opened))
    }

    /// Verifies the file that was read, and shows it.
    async fn show(self, opened: OpenedLedger) {
        match self.join(opened).await {
            Ok(Some(names)) => {
                announce(text::ledger_imported());
                self.entries.show_joined(names);
                if self.is_wanted() {
                    self.is_open.set(false);
                }
            }
            Ok(None) => {}
            Err(why) if self.is_wanted() => self.stage.set(Stage::Failed(why)),
            Err(_) => {}
        }
    }

    /// Returns whose ledgers are shown; `None` if this import ended before.
    async fn join(&self, opened: OpenedLedger) -> Result<Option<Vec<Box<str>>>, String> {
        let number = opened.number;
        let signers: Vec<_> = opened.checks.iter().map(|one| one.key.fingerprint()).collect();
        let checks: Option<Vec<_>> = opened.checks.into_iter().map(ToVerify::check).collect();
        let checks = checks.ok_or_else(|| join_error(JoinError::NotSigned))?;
        let checked = identity::verify(checks.clone()).await.map_err(|_| text::ledger_missing_key())?;
        let answers =
            checks.into_iter().zip(checked).map(|(check, answer)| check.answered(true) == answer).collect();
        let state = self.reader.refresh().await.map_err(|_| text::ledger_failed_worker())?;
        let own = match state {
            None => None,
            Some(state) if state.standing.flaw.is_some() => return Err(join_error(JoinError::Own)),
            Some(state) => {
                let head = signed_head(self.session, state.ends.tip).await;
                Some(head.map_err(|_| text::ledger_missing_key())?.to_text())
            }
        };
        let identity = device_identity(self.session).await.map_err(|_| text::ledger_missing_key())?;
        let known = known_keys(self.session).await.map_err(run_words::storage)?;
        let trust = for_worker(&known, &identity, &signers);
        if !self.is_wanted() {
            return Ok(None);
        }
        match self.reader.ask(&LedgerQuestion::Join(Joining { number, answers, trust, own })).await {
            Ok(LedgerAnswer::Joined(joined)) => joined.map(Some).map_err(join_error),
            _ => Err(text::ledger_failed_worker()),
        }
    }
}

fn not_trusted(why: ChangeTrustError) -> String {
    match why {
        ChangeTrustError::Trust(TrustError::NameTaken(name)) => text::ledger_name_taken(&name),
        ChangeTrustError::Trust(_) => text::ledger_withdrawn(),
        ChangeTrustError::Storage(error) => run_words::storage(error),
    }
}

fn join_error(error: JoinError) -> String {
    let number = |number: u64| format_number(number as f64);
    match error {
        JoinError::NoLedger => text::ledger_join_no_ledger(),
        JoinError::NotSigned | JoinError::NotTrusted => text::ledger_join_not_signed(),
        JoinError::Flawed(at) => text::ledger_join_flawed(&number(at)),
        JoinError::OtherAuthor(at) => text::ledger_join_other_author(&number(at)),
        JoinError::Forked(at) => text::ledger_join_forked(&number(at)),
        JoinError::Own => text::ledger_join_own(),
    }
}
