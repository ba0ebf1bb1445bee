//! The fields for a vendor's key. Their contents go to the session and nowhere else.

use domain::secret::ParseSecretError;
use domain::{Credentials, Secret, Vendor};
use leptos::prelude::*;
use vendors::KeyKind;

use crate::features::words;
use i18n::text;
use ui::{PasswordInput, Segment, Segments, Selection};

/// The kinds of key that can be chosen, the initial one first.
const KINDS: [KeyKind; 3] = [KeyKind::KeyAndSecret, KeyKind::Key, KeyKind::Token];

fn label(kind: KeyKind) -> fn() -> String {
    match kind {
        KeyKind::Key => text::connections_api_key,
        KeyKind::KeyAndSecret => text::connections_key_and_secret,
        KeyKind::Token => text::connections_token,
    }
}

/// The contents of the fields, for any vendor.
#[derive(Clone, Copy, Debug)]
pub struct KeyFields {
    vendor: Signal<Vendor>,
    /// Why the typed key must not be used at all, such as having been typed for another host.
    objection: Signal<Option<String>>,
    key: RwSignal<String>,
    secret: RwSignal<String>,
    token: RwSignal<String>,
    kind: Selection<KeyKind>,
    /// Set once the credentials were requested; problems are shown from then on.
    is_checked: RwSignal<bool>,
}

/// Typed keys, kept for restoring; `Debug` hides them.
#[derive(Clone)]
pub struct TypedKeys {
    texts: [String; 3],
    kind: KeyKind,
}

impl std::fmt::Debug for TypedKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedKeys(…)")
    }
}

impl KeyFields {
    pub fn new(vendor: Signal<Vendor>) -> Self {
        Self {
            vendor,
            objection: Signal::stored(None),
            key: RwSignal::new(String::new()),
            secret: RwSignal::new(String::new()),
            token: RwSignal::new(String::new()),
            kind: Selection::new(&KINDS, KINDS[0]),
            is_checked: RwSignal::new(false),
        }
    }

    /// The same fields with an objection to using their contents.
    #[must_use]
    pub fn with_objection(self, objection: Signal<Option<String>>) -> Self {
        Self { objection, ..self }
    }

    /// The contents of the fields, for restoring them later.
    pub fn typed(&self) -> TypedKeys {
        let texts = [self.key, self.secret, self.token].map(|field| field.get_untracked());
        TypedKeys { texts, kind: self.kind.get_untracked() }
    }

    /// Restores the contents of the fields.
    pub fn restore(&self, typed: &TypedKeys) {
        for (field, text) in [self.key, self.secret, self.token].into_iter().zip(&typed.texts) {
            field.set(text.clone());
        }
        self.kind.set(typed.kind);
    }

    /// Whether the fields contain only `key`, as after [`KeyFields::fill`]; not tracked.
    pub fn is_filled_with(&self, key: &str) -> bool {
        let holds = |field: RwSignal<String>| field.with_untracked(|text| text == key);
        let is_empty = |field: RwSignal<String>| field.with_untracked(String::is_empty);
        holds(self.key) && (holds(self.secret) || is_empty(self.secret)) && is_empty(self.token)
    }

    /// Fills in the key of a sandbox, which is no secret.
    pub fn fill(&self, key: &str) {
        self.key.set(key.to_owned());
        let has_secret = vendors::profile(self.vendor.get_untracked()).keys[0] == KeyKind::KeyAndSecret;
        self.secret.set(if has_secret { key } else { "" }.to_owned());
        self.token.set(String::new());
        self.kind.set(KINDS[0]);
    }

    /// Tracks every field.
    pub fn track(&self) {
        self.track_texts();
        self.kind.track();
    }

    /// Tracks the texts, but not which of the fields are offered.
    pub fn track_texts(&self) {
        [self.key, self.secret, self.token].iter().for_each(RwSignal::track);
    }

    /// Empties the fields and offers the initial ones.
    pub fn reset(&self) {
        self.clear();
        self.kind.set(KINDS[0]);
    }

    pub fn clear(&self) {
        for field in [self.key, self.secret, self.token] {
            field.set(String::new());
        }
        self.is_checked.set(false);
    }

    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        [self.key, self.secret, self.token].iter().all(|field| field.with(|text| text.trim().is_empty()))
    }

    /// The typed credentials; `None` if they are invalid, in which case the fields show why.
    pub fn credentials(&self) -> Option<Credentials> {
        self.is_checked.set(true);
        let parse = |field: RwSignal<String>| field.with_untracked(|text| Secret::parse_key(text)).ok();
        match untrack(|| self.chosen()) {
            KeyKind::Token => parse(self.token).map(Credentials::Token),
            KeyKind::KeyAndSecret => {
                let (key, secret) = (parse(self.key), parse(self.secret));
                Some(Credentials::KeyAndSecret { key: key?, secret: secret? })
            }
            KeyKind::Key => parse(self.key).map(Credentials::Key),
        }
    }

    /// The credentials typed so far, without showing problems; tracked.
    pub fn so_far(&self) -> Credentials {
        let parse = |field: RwSignal<String>| field.with(|text| Secret::parse_key(text)).ok();
        let typed = match self.chosen() {
            KeyKind::Token => parse(self.token).map(Credentials::Token),
            KeyKind::KeyAndSecret => match (parse(self.key), parse(self.secret)) {
                (Some(key), Some(secret)) => Some(Credentials::KeyAndSecret { key, secret }),
                _ => None,
            },
            KeyKind::Key => parse(self.key).map(Credentials::Key),
        };
        typed.unwrap_or(Credentials::None)
    }

    /// The kind of key that is chosen; tracked.
    fn chosen(&self) -> KeyKind {
        let kinds = vendors::profile(self.vendor.get()).keys;
        let chosen = self.kind.get();
        if kinds.contains(&chosen) { chosen } else { kinds[0] }
    }

    fn error(self, field: RwSignal<String>) -> Signal<Option<String>> {
        Signal::derive(move || {
            let parsed = field.with(|text| Secret::parse_key(text));
            let problem = self.is_checked.get().then(|| parsed.err().map(problem)).flatten();
            problem.or_else(|| self.objection.get().filter(|_| field.with(|text| !text.is_empty())))
        })
    }
}

fn problem(error: ParseSecretError) -> String {
    match error {
        ParseSecretError::Empty => text::connections_key_empty(),
        ParseSecretError::LineBreak => text::connections_key_line_break(),
        ParseSecretError::NotVisibleAscii => text::connections_key_not_ascii(),
    }
}

pub fn key_fields(fields: KeyFields) -> AnyView {
    let view = move || {
        let kinds = vendors::profile(fields.vendor.get()).keys;
        let segment = |kind: &KeyKind| Segment::new(*kind, label(*kind));
        let segments = (kinds.len() > 1).then(|| {
            let segments = kinds.iter().map(segment).collect::<Vec<_>>();
            view! { <Segments legend=text::connections_sign_in_with value=fields.kind segments=segments /> }
        });
        let typed = move || match fields.chosen() {
            KeyKind::Token => token_field(fields),
            KeyKind::KeyAndSecret => pair_fields(fields),
            KeyKind::Key => one_field(fields),
        };
        view! {
            {segments}
            {typed}
        }
        .into_any()
    };
    view! { <div class="stack">{view}</div> }.into_any()
}

fn one_field(fields: KeyFields) -> AnyView {
    let help = Signal::derive(move || words::of_vendor(fields.vendor.get(), "key_help"));
    let error = fields.error(fields.key);
    view! { <PasswordInput label=text::connections_api_key value=fields.key help=help error=error /> }
        .into_any()
}

fn token_field(fields: KeyFields) -> AnyView {
    let error = fields.error(fields.token);
    view! {
        <PasswordInput
            label=text::connections_token
            value=fields.token
            help=text::connections_token_help
            error=error
        />
    }
    .into_any()
}

fn pair_fields(fields: KeyFields) -> AnyView {
    let (key_error, secret_error) = (fields.error(fields.key), fields.error(fields.secret));
    view! {
        <PasswordInput label=text::connections_api_key value=fields.key error=key_error />
        <PasswordInput
            label=text::connections_api_secret
            value=fields.secret
            help=text::connections_pair_help
            error=secret_error
        />
    }
    .into_any()
}
