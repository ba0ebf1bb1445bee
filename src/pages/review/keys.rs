//! The key of this device, and the keys that it knows.

use std::rc::Rc;

use browser::identity::DeviceIdentity;
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{Fingerprint, KnownKey};

use super::second_device;
use super::trusting::Known;
use crate::features::approval::name_form::NameForm;
use crate::features::approval::signer::{fingerprint, key_picture};
use crate::features::confirm::{ConfirmWords, confirm};
use i18n::{format_date, text};
use ui::{Button, Tone, Variant, announce, notice, skeleton};

/// The cards of keys.
pub(super) fn keys(known: Known) -> AnyView {
    let own = move || {
        if !known.is_read.get() {
            return skeleton();
        }
        own_key(known, known.identity.get())
    };
    view! {
        {known.problems()}
        <section class="card" aria-labelledby="own-key">
            <div class="card-head">
                <h2 id="own-key">{text::review_own_title}</h2>
            </div>
            <div class="card-body stack">{own}</div>
        </section>
        {trusted(known)}
        {second_device::second_device(known)}
    }
    .into_any()
}

fn own_key(known: Known, identity: Option<Rc<DeviceIdentity>>) -> AnyView {
    let named = identity.filter(|identity| identity.has_name());
    let (name, shown) = match &named {
        Some(identity) => {
            let signer = identity.signer();
            let lasting = identity
                .kept()
                .is_err()
                .then(|| notice(Tone::Unknown, view! { <p>{text::review_own_unkept()}</p> }));
            let shown = view! {
                {lasting}
                <p>
                    <strong>
                        <bdi translate="no">{signer.name.to_string()}</bdi>
                    </strong>
                </p>
                {fingerprint(signer.key.fingerprint())}
                <p class="help">{text::review_own_help}</p>
                <p class="tiny muted wrap-ok">
                    {text::review_own_digits} " " <code translate="no" dir="ltr">
                        {signer.key.fingerprint().to_string()}
                    </code>
                </p>
            };
            (signer.name.to_string(), shown.into_any())
        }
        None => (String::new(), view! { <p>{text::review_own_none}</p> }.into_any()),
    };
    let form = NameForm::new(&name);
    let (is_open, is_busy) = (RwSignal::new(named.is_none()), RwSignal::new(false));
    let declare = move || {
        is_busy.set(true);
        spawn_local(async move {
            let declared = form.declare(known.session).await;
            // The page may be gone by now.
            if is_busy.try_set(false).is_none()
                && let Some(identity) = declared
            {
                announce(text::review_signs_as(&identity.signer().name));
                known.set_identity(identity);
            }
        });
    };
    let body = move || {
        if !is_open.get() {
            let open = move || is_open.set(true);
            return view! {
                <div class="cluster">
                    <Button label=text::review_rename small=true on_press=open />
                </div>
            }
            .into_any();
        }
        let submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            declare();
        };
        view! {
            <form class="stack-2" on:submit=submit>
                {form.view()}
                <div class="cluster">
                    <Button label=text::review_declare submit=true busy=is_busy />
                </div>
            </form>
        }
        .into_any()
    };
    view! {
        {shown}
        {body}
    }
    .into_any()
}

/// The keys of others, with a way to withdraw each.
fn trusted(known: Known) -> AnyView {
    let doomed = RwSignal::new(None::<Fingerprint>);
    let others = Memo::new(move |_| {
        let own = known.identity.with(|own| own.as_ref().map(|own| own.signer().key.fingerprint()));
        let is_other = |key: &&KnownKey| Some(key.fingerprint) != own;
        known.trust.with(|trust| trust.keys().iter().filter(is_other).cloned().collect::<Vec<_>>())
    });
    let rows = move || {
        if others.with(Vec::is_empty) {
            return view! { <p class="card-body muted">{text::review_trusted_none}</p> }.into_any();
        }
        let one = |key: KnownKey| row(&key, doomed);
        view! { <ul class="list">{others.get().into_iter().map(one).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="trusted">
            <div class="card-head">
                <h2 id="trusted">{text::review_trusted_title}</h2>
            </div>
            {rows}
        </section>
        {withdrawing(known, doomed)}
    }
    .into_any()
}

fn row(key: &KnownKey, doomed: RwSignal<Option<Fingerprint>>) -> AnyView {
    let (name, fingerprint) = (key.name.to_string(), key.fingerprint);
    let since = format_date(key.since as f64);
    let (state, withdraw) = match key.withdrawn_at {
        Some(at) => (text::review_withdrawn_since(&format_date(at as f64)), None),
        None => {
            let named = name.clone();
            let press = move || doomed.set(Some(fingerprint));
            let button = view! {
                <Button
                    label=move || text::review_withdraw_named(&named)
                    icon="trash-2"
                    icon_only=true
                    small=true
                    variant=Variant::Quiet
                    has_popup="dialog"
                    on_press=press
                />
            };
            (text::review_trusted_since(&since), Some(button))
        }
    };
    view! {
        <li class="key-row">
            {key_picture(fingerprint)} <div class="grow">
                <bdi translate="no">{name}</bdi>
                <p class="small muted">{state}</p>
                <code translate="no" class="tiny" dir="ltr" lang="en">
                    {fingerprint.words().join(" ")}
                </code>
            </div> {withdraw}
        </li>
    }
    .into_any()
}

/// Asks before a key is withdrawn, which is for good.
fn withdrawing(known: Known, doomed: RwSignal<Option<Fingerprint>>) -> AnyView {
    let words = ConfirmWords {
        title: text::review_withdraw_title,
        body: text::review_withdraw_body,
        action: text::review_withdraw,
    };
    confirm(doomed, words, move |key| known.withdraw(key))
}
