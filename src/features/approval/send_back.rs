//! The dialog that gives the author of a request its results: signed, as a link and a file.

use std::rc::Rc;

use browser::identity::DeviceIdentity;
use domain::api_error::ErrorOrigin;
use domain::{ApiError, Approval, Vendor};
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{Digest, ResultsAbout, ReviewResults, Unsigned};
use vendors::catalogue;

use super::files::{self, Passed};
use super::name_form::{NameForm, identity_words};
use super::open_words::open_failure;
use super::pass_on::pass_on;
use super::second_key;
use super::{SendBack, SentBack};
use crate::features::results::run_words;
use crate::state::identity::{known_identity, review_time};
use crate::state::session::{Session, use_session};
use i18n::text;
use ui::{Button, Dialog, Tone, Variant, notice, opened_dialog, skeleton};

/// The dialog itself.
pub fn send_back() -> SendBack {
    dialog
}

/// How far it is.
#[derive(Clone)]
enum Step {
    /// It is made and signed.
    Working,
    /// This device has no name to sign with yet.
    Name(NameForm),
    Failed(String),
    Made {
        author: Box<str>,
        passed: Passed,
    },
}

/// Copies share the same signals.
#[derive(Clone, Copy)]
struct Form {
    session: Session,
    sent: StoredValue<SentBack>,
    step: RwSignal<Step, LocalStorage>,
    is_busy: RwSignal<bool>,
}

fn dialog(sent: SentBack, on_close: Callback<()>) -> AnyView {
    let session = use_session();
    let open = opened_dialog(on_close);
    let form = Form {
        session,
        sent: StoredValue::new(sent),
        step: RwSignal::new_local(Step::Working),
        is_busy: RwSignal::new(false),
    };
    form.begin();
    let needs_name = move || form.step.with(|step| matches!(step, Step::Name(_)));
    let foot = move || {
        let sign = needs_name().then(|| {
            view! {
                <Button
                    label=text::review_receipt_sign
                    variant=Variant::Primary
                    busy=form.is_busy
                    on_press=move || form.name()
                />
            }
        });
        view! {
            <Button label=text::common_close on_press=move || open.set(false) />
            {sign}
        }
    };
    let body = move || match form.step.get() {
        Step::Working => skeleton(),
        Step::Name(name) => name.view(),
        Step::Failed(why) => notice(Tone::Refused, view! { <p>{why}</p> }),
        Step::Made { author, passed } => view! {
            <p>{text::review_send_back_body(&author)}</p>
            {pass_on(Signal::stored_local(Some(passed)))}
        }
        .into_any(),
    };
    view! {
        <Dialog title=text::review_send_back open=open foot=foot>
            <div class="stack" role="status">
                {body}
            </div>
        </Dialog>
    }
    .into_any()
}

impl Form {
    /// Signs with the key of this device, if it has a name.
    fn begin(self) {
        spawn_local(async move {
            match known_identity(self.session).await {
                Ok(Some(identity)) if identity.has_name() => self.make(identity).await,
                Ok(_) => drop(self.step.try_set(Step::Name(NameForm::new("")))),
                Err(error) => drop(self.step.try_set(Step::Failed(identity_words(error)))),
            }
        });
    }

    /// Signs under the name that was typed.
    fn name(self) {
        let Step::Name(name) = self.step.get_untracked() else { return };
        self.is_busy.set(true);
        spawn_local(async move {
            let declared = name.declare(self.session).await;
            // The dialog may be gone by now.
            if self.is_busy.try_set(false).is_none()
                && let Some(identity) = declared
            {
                self.make(identity).await;
            }
        });
    }

    async fn make(self, identity: Rc<DeviceIdentity>) {
        let Some(sent) = self.sent.try_get_value() else { return };
        let step = match made(self.session, sent, &identity).await {
            Ok(step) => step,
            Err(why) => Step::Failed(why),
        };
        // The dialog may be gone by now.
        let _ = self.step.try_set(step);
    }
}

/// Adds the signed results to the request on this device.
async fn made(session: Session, sent: SentBack, identity: &DeviceIdentity) -> Result<Step, String> {
    let SentBack { vendor, run, approval: Approval { request, decisions, .. }, ran, rows } = sent;
    let request = Digest::parse(&request).map_err(|_| text::review_send_back_gone())?;
    let file = files::kept_file(session, request).await.map_err(run_words::storage)?;
    let mut file = file.ok_or_else(text::review_send_back_gone)?;
    let time = review_time(session).await.map_err(run_words::storage)?;
    let decisions = decisions.iter().filter_map(|decision| Digest::parse(decision).ok()).collect();
    let made_at = time.now.max(ran.1);
    let about = ResultsAbout { decisions, run, ran, made_at };
    let results = ReviewResults::of(&file.request, about, &rows, |error| keeps_words(vendor, error));
    let results = results.map_err(|_| text::review_sign_failed())?;
    let unsigned = Unsigned::new(results, identity.signer().clone());
    let unsigned = unsigned.map_err(|_| text::review_sign_failed())?;
    let results = identity.sign(unsigned).await.map_err(identity_words)?;
    file.add_results(results);
    let words = |error| open_failure(error).detail;
    let file = second_key::add_to(session, file).await.map_err(words)?;
    let file = files::keep(session, file).await.map_err(words)?;
    let author = file.request.by().name.clone();
    Ok(Step::Made { author, passed: files::passed(&file).await.map_err(words)? })
}

/// A vendor's own words travel only where the catalogue has none: they may name more than the error does.
fn keeps_words(vendor: Vendor, error: &ApiError) -> bool {
    error.origin == ErrorOrigin::Vendor && catalogue::find(vendor, &error.code, error.status).is_fallback
}
