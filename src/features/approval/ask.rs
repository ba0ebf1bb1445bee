//! The dialog that makes a request: who asks, why, for how long, and then the link and the file.

use std::rc::Rc;

use browser::identity::DeviceIdentity;
use domain::{Change, Millis};
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{
    BodyError, ChainEvent, Digest, MAX_CHANGES, MakeRequestError, Policy, RequestAbout, ReviewFile,
    ReviewRequest, Unsigned,
};

use super::files::{self, Passed};
use super::name_form::{NameForm, identity_words, ledger_words};
use super::open_words::open_failure;
use super::pass_on::pass_on;
use super::place::place_of;
use super::second_key;
use super::{Ask, Asked};
use crate::features::error_words;
use crate::features::results::run_words;
use crate::routing::paths;
use crate::state::identity::{known_identity, review_time};
use crate::state::ledger::append_event;
use crate::state::session::{Session, use_session};
use browser::random;
use i18n::text;
use ui::{
    Button, Dialog, Select, SelectOption, TextArea, Tone, Variant, link_button, notice, opened_dialog,
    skeleton,
};

/// How long a request may count, in days; the second is preselected.
const DAYS: [u32; 4] = [1, 7, 30, 90];
const HOUR_MS: Millis = 60 * 60 * 1_000;
const DAY_MS: Millis = 24 * HOUR_MS;

/// The choices that the operator allows.
fn allowed(most: Millis) -> impl Iterator<Item = &'static u32> {
    DAYS.iter().filter(move |days| Millis::from(**days) * DAY_MS <= most)
}

/// The dialog itself.
pub fn ask() -> Ask {
    dialog
}

/// How far the request is.
#[derive(Clone)]
enum Step {
    /// The key of this device is being looked for.
    Loading,
    Form,
    Made(Passed, Digest),
}

#[derive(Clone, Copy)]
struct Form {
    asked: StoredValue<Asked>,
    step: RwSignal<Step, LocalStorage>,
    name: RwSignal<Option<NameForm>>,
    /// The key of this device, if it has one with a name.
    identity: RwSignal<Option<Rc<DeviceIdentity>>, LocalStorage>,
    why: RwSignal<String>,
    days: RwSignal<String>,
    is_busy: RwSignal<bool>,
    error: RwSignal<Option<String>>,
}

fn dialog(asked: Asked, on_close: Callback<()>) -> AnyView {
    let session = use_session();
    let open = opened_dialog(on_close);
    let form = Form {
        asked: StoredValue::new(asked),
        step: RwSignal::new_local(Step::Loading),
        name: RwSignal::new(None),
        identity: RwSignal::new_local(None),
        why: RwSignal::default(),
        days: RwSignal::new(DAYS[1].to_string()),
        is_busy: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    spawn_local(async move {
        let known = known_identity(session).await;
        // The dialog may be gone by now.
        if form.step.try_set(Step::Form).is_some() {
            return;
        }
        match known {
            Ok(Some(identity)) if identity.has_name() => form.identity.set(Some(identity)),
            Ok(_) => form.name.set(Some(NameForm::new(""))),
            Err(error) => {
                form.name.set(Some(NameForm::new("")));
                form.error.set(Some(identity_words(error)));
            }
        }
    });
    let is_made = move || form.step.with(|step| matches!(step, Step::Made(..)));
    let foot = move || {
        if is_made() {
            return view! { <Button label=text::common_close on_press=move || open.set(false) /> }.into_any();
        }
        view! {
            <Button label=text::ui_cancel on_press=move || open.set(false) />
            <Button
                label=text::review_make
                variant=Variant::Primary
                busy=form.is_busy
                on_press=move || form.make(session)
            />
        }
        .into_any()
    };
    let title = move || if is_made() { text::review_made_title() } else { text::review_ask_title() };
    view! {
        <Dialog title=title open=open foot=foot>
            {move || match form.step.get() {
                Step::Loading => skeleton(),
                Step::Form => form.fields(session),
                Step::Made(passed, hash) => made(&passed, hash),
            }}
        </Dialog>
    }
    .into_any()
}

impl Form {
    fn fields(self, session: Session) -> AnyView {
        let most = Policy::of(&session.review_rules()).request_ms;
        let signs_as = move || {
            self.identity.get().map(|identity| {
                view! { <p class="small">{text::review_signs_as(&identity.signer().name)}</p> }
            })
        };
        let days = move || {
            let one = |days: &u32| SelectOption::words(days.to_string(), text::review_days(*days as usize));
            allowed(most).map(one).collect::<Vec<_>>()
        };
        let has_choice = allowed(most).next().is_some();
        let counts_for = if has_choice {
            view! { <Select label=text::review_counts_for value=self.days options=Signal::derive(days) /> }
                .into_any()
        } else {
            let n_hours = (most / HOUR_MS) as usize;
            view! { <p class="small">{text::review_counts_hours(n_hours)}</p> }.into_any()
        };
        let error = move || {
            let said = self.error.get()?;
            Some(notice(Tone::Refused, view! { <p>{said}</p> }))
        };
        view! {
            <div class="stack">
                <p>{text::review_ask_body}</p>
                {move || self.name.get().map(NameForm::view)}
                {signs_as}
                <TextArea
                    label=text::review_why
                    help=text::review_why_help
                    value=self.why
                    optional=true
                    rows=3
                />
                {counts_for}
                {error}
            </div>
        }
        .into_any()
    }

    /// Makes and signs the request as it is now, and keeps it on this device.
    fn make(self, session: Session) {
        self.is_busy.set(true);
        self.error.set(None);
        let days = self.days.get_untracked().parse::<Millis>().unwrap_or(1);
        let (asked, why) = (self.asked.get_value(), self.why.get_untracked().into());
        spawn_local(async move {
            let made = self.request(session, asked, why, days).await;
            // The dialog may be gone by now.
            if self.is_busy.try_set(false).is_some() {
                return;
            }
            match made {
                Ok(Some((passed, hash))) => self.step.set(Step::Made(passed, hash)),
                // The field of the name says what is wrong.
                Ok(None) => {}
                Err(said) => self.error.set(Some(said)),
            }
        });
    }

    /// Does not read the fields after the first wait: the dialog may be closed meanwhile.
    async fn request(
        self,
        session: Session,
        Asked { connection, plan, parent }: Asked,
        why: Box<str>,
        days: Millis,
    ) -> Result<Option<(Passed, Digest)>, String> {
        let identity = match (self.identity.get_untracked(), self.name.get_untracked()) {
            (Some(identity), _) => identity,
            (None, Some(name)) => match name.declare(session).await {
                Some(identity) => identity,
                None => return Ok(None),
            },
            (None, None) => return Ok(None),
        };
        let place = place_of(session, &connection).await;
        let place = place.map_err(|failure| {
            let (title, detail) = error_words::read_error(connection.vendor, &failure.error);
            [title, detail].join(" ")
        })?;
        let time = review_time(session).await.map_err(run_words::storage)?;
        let most = Policy::of(&session.review_rules()).request_ms;
        let about = RequestAbout {
            id: random::secret().ok_or_else(text::review_no_crypto)?,
            made_at: time.now,
            expires_at: time.now + (days * DAY_MS).min(most),
            parent: parent.and_then(|hash| Digest::parse(&hash).ok()),
            place,
            why,
        };
        let request =
            ReviewRequest::of(&plan, about).map_err(|error| request_words(&error, plan.to_send()))?;
        let unsigned =
            Unsigned::new(request, identity.signer().clone()).map_err(|_| text::review_sign_failed())?;
        let request = identity.sign(unsigned).await.map_err(identity_words)?;
        let hash = request.hash();
        let file = ReviewFile {
            request,
            decisions: Vec::new(),
            results: Vec::new(),
            claims: Vec::new(),
            vouches: Vec::new(),
        };
        let file = second_key::add_to(session, file).await.map_err(|error| open_failure(error).detail)?;
        let file = files::keep(session, file).await.map_err(|error| open_failure(error).detail)?;
        let event = ChainEvent::Requested { request: hash, why: file.request.body().why.clone() };
        append_event(session, time.now, event).await.map_err(ledger_words)?;
        let passed = files::passed(&file).await.map_err(|error| open_failure(error).detail)?;
        Ok(Some((passed, hash)))
    }
}

/// Why a plan cannot travel.
fn request_words<'a>(error: &MakeRequestError, mut changes: impl Iterator<Item = &'a Change>) -> String {
    match error {
        MakeRequestError::NotApplicable | MakeRequestError::OtherVendor => text::plan_nothing(),
        MakeRequestError::Password(with_password) => {
            let named = changes.find(|change| with_password.contains(&change.id));
            let named = named.map_or_else(String::new, |change| change.person.label().to_owned());
            text::review_has_password(&named)
        }
        MakeRequestError::Body(BodyError::Password) => text::review_has_password(""),
        MakeRequestError::Body(BodyError::Count) => text::review_too_many(MAX_CHANGES),
        MakeRequestError::Body(_) => text::review_not_plain(),
    }
}

fn made(passed: &Passed, hash: Digest) -> AnyView {
    let open = paths::review_of(&hash.to_string());
    view! {
        <div class="stack">
            <p>{text::review_made_body}</p>
            {pass_on(Signal::stored_local(Some(passed.clone())))}
            <div class="cluster">
                {link_button(open, text::review_open_own, Variant::Link, true, "arrow-right")}
            </div>
        </div>
    }
    .into_any()
}
