//! People with keys, plans, and what is read.

use std::collections::{BTreeMap, BTreeSet};

use domain::snapshot::GroupSnapshot;
use domain::{
    ChangeId, Command, ConnectionId, GroupId, Millis, Operation, Person, Plan, PlanId, Planner, Scope,
    Snapshot, Vendor,
};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use review::{
    Algorithm, CheckedSignature, Decision, Document, KeyClaim, Observed, PublicKey, RequestAbout,
    ReviewPlace, ReviewRequest, ReviewedChange, Ruling, SignatureCheck, Signed, Signer, TrustStore, Unsigned,
    Vouch,
};

pub(crate) const HOUR: Millis = 3_600_000;
/// When requests are made.
pub(crate) const T0: Millis = 1_790_000_000_000;

enum Key {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    P256(Box<p256::ecdsa::SigningKey>),
}

/// Someone with a key.
pub(crate) struct Colleague {
    pub(crate) signer: Signer,
    key: Key,
}

impl Colleague {
    /// Those with an odd seed have a browser without Ed25519.
    pub(crate) fn new(name: &str, seed: u8) -> Self {
        let (key, algorithm, public) = if seed.is_multiple_of(2) {
            let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
            let public = key.verifying_key().as_bytes().to_vec();
            (Key::Ed25519(Box::new(key)), Algorithm::Ed25519, public)
        } else {
            let key = p256::ecdsa::SigningKey::from_slice(&[seed; 32]).expect("a number below the order");
            let public = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
            (Key::P256(Box::new(key)), Algorithm::P256, public)
        };
        let key_of = PublicKey::new(algorithm, &public).expect("a key");
        Self { signer: Signer { name: name.into(), key: key_of }, key }
    }

    pub(crate) fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        match &self.key {
            Key::Ed25519(key) => key.sign(message).to_bytes(),
            Key::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().into()
            }
        }
    }

    pub(crate) fn sign<T: Document>(&self, body: T) -> Signed<T> {
        let unsigned = Unsigned::new(body, self.signer.clone()).expect("a valid body");
        let (algorithm, message) = unsigned.to_sign();
        assert_eq!(algorithm, self.signer.key.algorithm());
        let unverified = unsigned.signed(self.sign_bytes(&message));
        let answers = [answered(unverified.check())];
        unverified.verified(&answers).expect("it was signed just now")
    }
}

/// The claim of a second key, and the vouch of the first.
pub(crate) fn joined(first: &Colleague, second: &Colleague) -> (Signed<KeyClaim>, Signed<Vouch>) {
    let claim = second.sign(KeyClaim { owner: first.signer.key.fingerprint(), made_at: T0 });
    let vouch = first.sign(Vouch { claim: claim.hash(), made_at: T0 });
    (claim, vouch)
}

/// What a browser answers.
pub(crate) fn answered(check: SignatureCheck) -> CheckedSignature {
    let is_valid = match check.key.algorithm() {
        Algorithm::Ed25519 => {
            let key = check.key.bytes().try_into().expect("32 bytes");
            let signature = ed25519_dalek::Signature::from_bytes(&check.signature);
            ed25519_dalek::VerifyingKey::from_bytes(key)
                .is_ok_and(|key| key.verify(&check.message, &signature).is_ok())
        }
        Algorithm::P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(check.key.bytes());
            let signature = p256::ecdsa::Signature::from_slice(&check.signature);
            key.ok()
                .zip(signature.ok())
                .is_some_and(|(key, signature)| key.verify(&check.message, &signature).is_ok())
        }
    };
    check.answered(is_valid)
}

/// Decomposes nothing: the names of the tests are composed.
pub(crate) fn decompose(text: &str) -> String {
    text.to_owned()
}

pub(crate) fn trusting(people: &[&Colleague]) -> TrustStore {
    let mut trust = TrustStore::default();
    for person in people {
        trust.trust(&person.signer, T0 - HOUR, decompose).expect("names that differ");
    }
    trust
}

pub(crate) fn place() -> ReviewPlace {
    ReviewPlace::new(Vendor::CometChat, "274b8c16").expect("an id")
}

pub(crate) fn about() -> RequestAbout {
    RequestAbout {
        id: [7; 16],
        made_at: T0,
        expires_at: T0 + 48 * HOUR,
        parent: None,
        place: place(),
        why: "New moderators for the spring".into(),
    }
}

pub(crate) fn set_scope(scope: Scope) -> Operation {
    Operation::SetScope { group: GroupId::new("hikers"), scope }
}

/// The group `hikers` with these members, read whole; calls act as `me`.
pub(crate) fn group(members: &[(&str, Scope)]) -> Snapshot {
    let scopes = members.iter().map(|(id, scope)| ((*id).into(), *scope)).collect();
    let hikers =
        GroupSnapshot { name: Some("Hikers".into()), scopes, is_complete: true, ..GroupSnapshot::default() };
    Snapshot { groups: BTreeMap::from([(GroupId::new("hikers"), hikers)]), ..Snapshot::default() }
}

pub(crate) fn plan(command: &Command, snapshot: &Snapshot) -> Plan {
    let vendor = Vendor::CometChat;
    let planner = Planner::new(ConnectionId::new("c"), vendor, vendors::capabilities(vendor));
    planner.plan(PlanId::new("p"), command, snapshot)
}

/// Makes Ada a moderator, Bo an admin, and bans Cy.
pub(crate) fn command() -> Command {
    let mut command = Command::new();
    command.intent(Person::by_id("ada").with_name("Ada"), set_scope(Scope::Moderator));
    command.intent(Person::by_id("bo").with_name("Bo"), set_scope(Scope::Admin));
    command.intent(Person::by_id("cy"), Operation::Ban { group: GroupId::new("hikers") });
    command
}

/// Who is in the group when the request is made.
pub(crate) const BEFORE: [(&str, Scope); 4] =
    [("ada", Scope::Participant), ("bo", Scope::Moderator), ("cy", Scope::Participant), ("me", Scope::Admin)];

pub(crate) fn request() -> ReviewRequest {
    ReviewRequest::of(&plan(&command(), &group(&BEFORE)), about()).expect("a plan that can travel")
}

/// The change of the request about a person.
pub(crate) fn change_of(request: &ReviewRequest, person: &str) -> ChangeId {
    let is_them = |id: &ChangeId| request.changes[id.as_idx()].person.key.as_str() == person;
    request.change_ids().find(is_them).expect("a change of this person")
}

pub(crate) fn compared(request: &ReviewRequest, snapshot: &Snapshot) -> Vec<ReviewedChange> {
    let gone = BTreeSet::new();
    request.compared_with(Observed { snapshot, gone: &gone, clearance: |_, _, _| true })
}

/// An approval of everything, as the group is when the request is made.
pub(crate) fn approval(request: &Signed<ReviewRequest>, made_at: Millis) -> Decision {
    let reviewed = compared(request.body(), &group(&BEFORE));
    let rulings = request.body().change_ids().map(|id| (id, (Ruling::Approved, "".into()))).collect();
    Decision::of(request, &reviewed, &rulings, (made_at, made_at + 24 * HOUR)).expect("a valid decision")
}
