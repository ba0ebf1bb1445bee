//! The keys that the page decides by: that of this device, and those that it knows.

use std::rc::Rc;

use browser::identity::DeviceIdentity;
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{Fingerprint, KeyStanding, Signer, TrustStore};

use crate::features::approval::name_form::{identity_words, trust_words};
use crate::features::approval::signer::{fingerprint, standing_words};
use crate::features::results::run_words;
use crate::state::identity::{
    ReviewTime, change_trust, known_identity, known_keys, reset_time, review_time, standing, trust_key,
};
use crate::state::session::Session;
use i18n::text;
use ui::{Button, Latest, Tone, announce, notice, titled_notice, toast};

/// What is known of keys and time. Copies share the same signals.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) session: Session,
    /// False until everything was read.
    pub(super) is_read: RwSignal<bool>,
    /// The key of this device, if it has one.
    pub(super) identity: RwSignal<Option<Rc<DeviceIdentity>>, LocalStorage>,
    pub(super) trust: RwSignal<TrustStore>,
    pub(super) time: RwSignal<Option<ReviewTime>>,
    /// Why some of it could not be read.
    problem: RwSignal<Option<String>>,
    /// What was read before something changed does not count.
    readings: Latest,
}

impl Known {
    /// Reads everything.
    pub(super) fn new(session: Session) -> Self {
        let known = Self {
            session,
            is_read: RwSignal::new(false),
            identity: RwSignal::new_local(None),
            trust: RwSignal::default(),
            time: RwSignal::new(None),
            problem: RwSignal::new(None),
            readings: Latest::new(),
        };
        known.read();
        known
    }

    /// Reads everything again.
    pub(super) fn read(self) {
        spawn_local(async move {
            self.refresh().await;
        });
    }

    /// Reads everything again. False if another reading has begun meanwhile, or the page is gone.
    pub(super) async fn refresh(self) -> bool {
        let (session, reading) = (self.session, self.readings.begin());
        let (identity, trust, time) =
            (known_identity(session).await, known_keys(session).await, review_time(session).await);
        if !reading.is_latest() {
            return false;
        }
        let mut problem = None;
        match identity {
            Ok(identity) => self.show_identity(identity),
            Err(error) => problem = Some(identity_words(error)),
        }
        match trust {
            Ok(trust) => self.show_trust(trust),
            Err(error) => problem = Some(run_words::storage(error)),
        }
        match time {
            Ok(time) => self.time.set(Some(time)),
            Err(error) => problem = Some(run_words::storage(error)),
        }
        self.problem.set(problem);
        if !self.is_read.get_untracked() {
            self.is_read.set(true);
        }
        true
    }

    /// Shows the known keys if they are others: all buttons beside them would be drawn anew. The page may be gone by now.
    fn show_trust(self, trust: TrustStore) {
        if self.trust.try_with_untracked(|known| *known != trust) == Some(true) {
            self.trust.set(trust);
        }
    }

    /// Shows a key if it is another: the form with its name would be drawn anew, without what is being typed.
    fn show_identity(self, identity: Option<Rc<DeviceIdentity>>) {
        let is_same = self.identity.with_untracked(|before| match (before, &identity) {
            (None, None) => true,
            (Some(before), Some(now)) => before.signer() == now.signer() && before.kept() == now.kept(),
            _ => false,
        });
        if !is_same {
            self.identity.set(identity);
        }
    }

    /// Reads the known keys again.
    pub(super) async fn read_keys(self) {
        match known_keys(self.session).await {
            Ok(trust) => self.show_trust(trust),
            Err(error) => {
                self.problem.try_set(Some(run_words::storage(error)));
            }
        }
    }

    /// The key of this device has changed.
    pub(super) fn set_identity(self, identity: Rc<DeviceIdentity>) {
        self.identity.set(Some(identity));
        self.read();
    }

    /// The known keys have changed. The page may be gone by now.
    pub(super) fn set_trust(self, trust: TrustStore) {
        self.show_trust(trust);
        self.read();
    }

    /// True if this device's key has this fingerprint; tracked.
    pub(super) fn is_own(self, key: Fingerprint) -> bool {
        self.identity.with(|own| own.as_ref().is_some_and(|own| own.signer().key.fingerprint() == key))
    }

    /// The name under which a key is trusted, else the one that it declares; tracked.
    pub(super) fn name_of(self, signer: &Signer) -> String {
        let key = signer.key.fingerprint();
        if self.is_own(key) {
            return text::review_you();
        }
        self.trust.with(|trust| trust.name_of(key).map_or_else(|| signer.name.to_string(), str::to_owned))
    }

    fn trust(self, signer: Signer) {
        spawn_local(async move {
            match trust_key(self.session, &signer).await {
                Ok(trust) => {
                    announce(text::review_trusted_now(&signer.name));
                    self.set_trust(trust);
                }
                Err(error) => toast(trust_words(&error), None),
            }
        });
    }

    /// Withdraws a key for good.
    pub(super) fn withdraw(self, key: Fingerprint) {
        spawn_local(async move {
            let changed = change_trust(self.session, |trust, now| {
                trust.withdraw(key, now);
                Ok(())
            });
            match changed.await {
                Ok(trust) => {
                    announce(text::review_withdrawn_now());
                    self.set_trust(trust);
                }
                Err(error) => toast(trust_words(&error), None),
            }
        });
    }

    /// The signer of a request or decision: name, fingerprint, what is known of the key, and a way to trust it.
    pub(super) fn signer(self, signer: &Signer) -> AnyView {
        let key = signer.key.fingerprint();
        let of = signer.clone();
        let said = move || {
            if !self.is_read.get() {
                return ().into_any();
            }
            if self.is_own(key) {
                return view! { <p class="small muted">{text::review_own_key}</p> }.into_any();
            }
            let standing = self.trust.with(|trust| standing(trust, &of));
            let (tone, title, body) = standing_words(&standing, &of);
            let signer = of.clone();
            let trust = matches!(standing, KeyStanding::Unknown).then(|| {
                view! { <Button label=text::review_trust on_press=move || self.trust(signer.clone()) /> }
                    .into_any()
            });
            if tone == Tone::Done {
                return view! { <p class="small">{title}</p> }.into_any();
            }
            titled_notice(tone, title, body, trust)
        };
        view! { <div class="signer">{fingerprint(key)} <div class="stack-2 grow">{said}</div></div> }
            .into_any()
    }

    /// What is wrong with what was read, and with the clock.
    pub(super) fn problems(self) -> AnyView {
        let problem = move || self.problem.get().map(|said| notice(Tone::Refused, view! { <p>{said}</p> }));
        let reset = move || {
            spawn_local(async move {
                match reset_time(self.session).await {
                    Ok(()) => self.read(),
                    Err(error) => toast(run_words::storage(error), None),
                }
            });
        };
        let clock = move || {
            let is_behind = self.time.with(|time| time.is_some_and(|time| time.is_behind.is_some()));
            is_behind.then(|| {
                let action = view! { <Button label=text::review_clock_reset small=true on_press=reset /> };
                titled_notice(
                    Tone::Unknown,
                    text::review_clock_back(),
                    text::review_clock_back_body(),
                    Some(action.into_any()),
                )
            })
        };
        view! {
            {problem}
            {clock}
        }
        .into_any()
    }
}
