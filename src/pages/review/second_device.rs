//! A second device of the same person: its key claims to belong to the first one, which vouches for it.

use std::rc::Rc;

use browser::identity::DeviceIdentity;
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{Document, Fingerprint, KeyClaim, KnownKey, Signed, Unsigned, Vouch};

use super::trusting::Known;
use crate::features::approval::name_form::{identity_words, trust_words};
use crate::features::approval::open_words::open_failure;
use crate::features::approval::second_key::{self, SecondKey};
use crate::features::approval::signer::fingerprint;
use crate::features::results::run_words;
use crate::state::identity::{change_trust, review_time};
use i18n::text;
use ui::{Button, CodeBlock, Disclosure, Select, SelectOption, TextArea, Tone, Variant, announce, notice};

/// What the page shows below the text that was pasted.
#[derive(Clone)]
enum Step {
    Nothing,
    Failed(String),
    /// To pass on to the other device.
    Passed(String),
    /// A claim to belong to this device's owner, which has to be compared.
    Claimed(Box<SecondKey>),
    Done,
}

/// The card, closed at first: few people have two devices.
pub(super) fn second_device(known: Known) -> AnyView {
    let (step, typed) = (RwSignal::new(Step::Nothing), RwSignal::new(String::new()));
    let open = move || {
        spawn_local(async move {
            let next = opened(known, &typed.get_untracked()).await.unwrap_or_else(Step::Failed);
            // The page may be gone by now.
            step.try_set(next);
        });
    };
    let reason = move || typed.with(|typed| typed.trim().is_empty()).then(text::review_second_empty);
    let shown = move || match step.get() {
        Step::Nothing => ().into_any(),
        Step::Failed(said) => notice(Tone::Refused, view! { <p>{said}</p> }),
        Step::Passed(code) => view! {
            <p class="small">{text::review_second_pass}</p>
            <CodeBlock title=text::review_second_code code=code copy_label=text::review_second_copy />
        }
        .into_any(),
        Step::Claimed(second) => compare(known, *second, step),
        Step::Done => notice(Tone::Done, view! { <p>{text::review_second_done()}</p> }),
    };
    view! {
        <section class="card" aria-label=text::review_second_title>
            <div class="card-body">
                <Disclosure label=text::review_second_title>
                    <div class="stack">
                        <p class="small">{text::review_second_body}</p>
                        {claiming(known, step)}
                        <TextArea
                            label=text::review_second_paste
                            help=text::review_second_paste_help
                            value=typed
                            rows=2
                        />
                        <div class="cluster">
                            <Button
                                label=text::review_second_open
                                disabled_reason=Signal::derive(reason)
                                on_press=open
                            />
                        </div>
                        {shown}
                    </div>
                </Disclosure>
            </div>
        </section>
    }
    .into_any()
}

/// The form of the second device: whose key is the first one.
fn claiming(known: Known, step: RwSignal<Step>) -> AnyView {
    let chosen = RwSignal::new(String::new());
    let others = Memo::new(move |_| {
        let own = known.identity.with(|own| own.as_ref().map(|own| own.signer().key.fingerprint()));
        let is_usable = |key: &&KnownKey| key.withdrawn_at.is_none() && Some(key.fingerprint) != own;
        known.trust.with(|trust| trust.keys().iter().filter(is_usable).cloned().collect::<Vec<_>>())
    });
    let options = move || {
        let one = |key: KnownKey| {
            let label = [&*key.name, " (", &key.fingerprint.words()[..2].join(" "), " …)"].concat();
            SelectOption::data(key.fingerprint.to_string(), label)
        };
        others.get().into_iter().map(one).collect::<Vec<_>>()
    };
    let claim = move || {
        let first = chosen.get_untracked();
        let first = if first.is_empty() {
            others.with_untracked(|others| others.first().map(|key| key.fingerprint))
        } else {
            Fingerprint::parse(&first).ok()
        };
        let Some(owner) = first else { return };
        spawn_local(async move {
            let next = match claimed(known, owner).await {
                Ok(claim) => Step::Passed(SecondKey { claim, vouch: None }.to_text()),
                Err(said) => Step::Failed(said),
            };
            // The page may be gone by now.
            step.try_set(next);
        });
    };
    let form = move || {
        if others.with(Vec::is_empty) {
            return view! { <p class="help">{text::review_second_none}</p> }.into_any();
        }
        view! {
            <div class="stack-2">
                <Select label=text::review_second_first value=chosen options=Signal::derive(options) />
                <div class="cluster">
                    <Button label=text::review_second_claim on_press=claim />
                </div>
            </div>
        }
        .into_any()
    };
    form.into_any()
}

/// A claim that this device has to confirm: its words, and the button that says they were compared.
fn compare(known: Known, second: SecondKey, step: RwSignal<Step>) -> AnyView {
    let key = second.claim.fingerprint();
    let name = second.claim.by().name.to_string();
    let second = StoredValue::new(second);
    let confirm = move || {
        spawn_local(async move {
            let next = match vouched(known, second.get_value()).await {
                Ok(second) => Step::Passed(second.to_text()),
                Err(said) => Step::Failed(said),
            };
            // The page may be gone by now.
            step.try_set(next);
        });
    };
    view! {
        <div class="stack-2">
            <p>{text::review_second_compare(&name)}</p>
            {fingerprint(key)}
            <div class="cluster">
                <Button label=text::review_second_confirm variant=Variant::Primary on_press=confirm />
            </div>
        </div>
    }
    .into_any()
}

/// What was pasted: a claim about this device's key, or the answer to a claim of this device.
async fn opened(known: Known, typed: &str) -> Result<Step, String> {
    let second = SecondKey::read(typed).await.map_err(|error| open_failure(error).title)?;
    let own = identity(known)?.signer().key.fingerprint();
    match &second.vouch {
        None if second.claim.body().owner == own => Ok(Step::Claimed(Box::new(second))),
        Some(vouch) if second.claim.fingerprint() == own => {
            let changed = change_trust(known.session, |trust, now| trust.vouch(&second.claim, vouch, now));
            let trust = changed.await.map_err(|error| trust_words(&error))?;
            second_key::keep(known.session, &second).await.map_err(run_words::storage)?;
            announce(text::review_second_done());
            // The page may be gone by now.
            known.set_trust(trust);
            Ok(Step::Done)
        }
        _ => Err(text::review_second_other()),
    }
}

async fn claimed(known: Known, owner: Fingerprint) -> Result<Signed<KeyClaim>, String> {
    let made_at = review_time(known.session).await.map_err(run_words::storage)?.now;
    let own = identity(known)?;
    sign(&own, KeyClaim { owner, made_at }).await
}

/// Vouches for a second key, and trusts it here.
async fn vouched(known: Known, second: SecondKey) -> Result<SecondKey, String> {
    let made_at = review_time(known.session).await.map_err(run_words::storage)?.now;
    let own = identity(known)?;
    let vouch = sign(&own, Vouch { claim: second.claim.hash(), made_at }).await?;
    let changed = change_trust(known.session, |trust, now| trust.vouch(&second.claim, &vouch, now));
    let trust = changed.await.map_err(|error| trust_words(&error))?;
    // The page may be gone by now.
    known.set_trust(trust);
    Ok(SecondKey { vouch: Some(vouch), ..second })
}

fn identity(known: Known) -> Result<Rc<DeviceIdentity>, String> {
    let own = known.identity.try_get_untracked().flatten().filter(|own| own.has_name());
    own.ok_or_else(text::review_own_none)
}

async fn sign<T: Document>(identity: &DeviceIdentity, body: T) -> Result<Signed<T>, String> {
    let unsigned = Unsigned::new(body, identity.signer().clone()).map_err(|_| text::review_sign_failed())?;
    identity.sign(unsigned).await.map_err(identity_words)
}
