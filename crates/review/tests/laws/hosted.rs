//! The rules of `config.json`: what they cover, and whose keys they name.

use std::collections::BTreeSet;
use std::slice::from_ref;

use domain::{ChangeId, Command, GroupId, Operation, Person, Scope, Snapshot, State};
use hosting::{Approver, Config, ReviewRules};
use review::{
    ChangeLack, DECISION_MS, Danger, Fingerprint, KeyStanding, Lacking, MAX_DECISION_MS, MAX_REQUEST_MS,
    Occasion, Policy, RequestLack, TrustError, TrustStore, Uncounted,
};

use crate::world::*;

fn rules(fields: &str) -> ReviewRules {
    let text = format!(r#"{{ "reviews": {{ {fields} }} }}"#);
    Config::parse(&text).expect("a valid file").reviews
}

fn naming(people: &[(&str, &Colleague)]) -> ReviewRules {
    let approver = |(name, person): &(&str, &Colleague)| {
        let key = person.signer.key.fingerprint().to_string();
        format!(r#"{{ "name": "{name}", "key": "{key}" }}"#)
    };
    let people: Vec<_> = people.iter().map(approver).collect();
    rules(&format!(r#""approvals": 1, "approvers": [{}]"#, people.join(", ")))
}

#[test]
fn a_policy_is_what_the_file_says() {
    assert_eq!(ReviewRules::KINDS, Danger::ALL.map(Danger::slug));
    assert_eq!(Policy::of(&ReviewRules::default()), Policy::default());
    assert_eq!(Policy::of(&rules(r#""approvals": 2"#)), Policy { n_approvals: 2, ..Policy::default() });
    let bea = Colleague::new("Bea", 3);
    let approvers = [Approver { name: "Bea".into(), key: [7; 32] }].into();
    let kinds = vec!["ban", "admin"];
    let (request_hours, approval_hours) = (Some(72), Some(12));
    let all = ReviewRules {
        approvals: 1,
        approvers,
        author_may_approve: true,
        kinds,
        request_hours,
        approval_hours,
    };
    let expected = Policy {
        approvers: BTreeSet::from([Fingerprint::parse(&"07".repeat(32)).expect("a fingerprint")]),
        n_approvals: 1,
        author_may_approve: true,
        covers: BTreeSet::from([Danger::Admin, Danger::Ban]),
        request_ms: 72 * HOUR,
        decision_ms: 12 * HOUR,
    };
    assert_eq!(Policy::of(&all), expected);
    let named = Policy::of(&naming(&[("Bea", &bea)]));
    assert_eq!(named.approvers, BTreeSet::from([bea.signer.key.fingerprint()]));
}

#[test]
fn the_longest_lives_of_the_file_are_those_of_documents() {
    let policy = Policy::of(&rules(r#""approvals": 1, "request_hours": 2160, "approval_hours": 168"#));
    assert_eq!((policy.request_ms, policy.decision_ms), (MAX_REQUEST_MS, MAX_DECISION_MS));
    for longer in [r#""request_hours": 2161"#, r#""approval_hours": 169"#] {
        assert!(Config::parse(&format!(r#"{{ "reviews": {{ "approvals": 1, {longer} }} }}"#)).is_err());
    }
    assert_eq!(Policy::of(&rules(r#""approvals": 1"#)).decision_ms, DECISION_MS);
}

#[test]
fn a_plan_says_which_of_its_changes_need_approval() {
    let plan = plan(&command(), &group(&BEFORE));
    let covered = |fields: &str| Policy::of(&rules(fields)).covered_in(&plan).count();
    assert_eq!(covered(r#""approvals": 0, "for": ["ban"]"#), 0);
    assert_eq!(covered(r#""approvals": 1"#), 3);
    assert_eq!(covered(r#""approvals": 1, "for": ["deletion", "message"]"#), 0);
    let bans = Policy::of(&rules(r#""approvals": 1, "for": ["ban"]"#));
    let bans: Vec<_> = bans.covered_in(&plan).collect();
    let is_ban = |id: ChangeId| matches!(*plan.changes[id.as_idx()].operation, Operation::Ban { .. });
    assert!(bans.len() == 1 && is_ban(bans[0]));
    // What is in effect already is not sent, and needs nothing.
    let now =
        [("ada", Scope::Participant), ("bo", Scope::Admin), ("cy", Scope::Banned), ("me", Scope::Admin)];
    let plan = crate::world::plan(&command(), &group(&now));
    assert_eq!(Policy::of(&rules(r#""approvals": 1"#)).covered_in(&plan).count(), 1);
}

#[test]
fn people_who_were_not_read_may_be_admins() {
    let policy = |kind: &str| Policy::of(&rules(&format!(r#""approvals": 1, "for": ["{kind}"]"#)));
    let kick = Operation::Kick { group: GroupId::new("hikers") };
    let ban = Operation::Ban { group: GroupId::new("hikers") };
    let demotion = set_scope(Scope::Participant);
    for kind in ["admin", "moderator"] {
        for operation in [&kick, &ban, &demotion] {
            assert!(policy(kind).covers_change(operation, State::Unread), "{kind} {operation:?}");
            for before in [State::Absent, State::Present, State::Scope(Scope::Participant)] {
                assert!(!policy(kind).covers_change(operation, before), "{kind} {operation:?} {before:?}");
            }
        }
        let addition = Operation::AddToGroup { group: GroupId::new("hikers"), scope: Scope::Participant };
        assert!(!policy(kind).covers_change(&addition, State::Unread), "members are not added again");
        assert!(!policy("deletion").covers_change(&kick, State::Unread));
    }
    // So nobody gets around the policy by not reading: neither in a form nor with a request.
    let mut command = Command::new();
    command.intent(Person::by_id("me"), kick);
    let unread = plan(&command, &Snapshot::default());
    assert_eq!(policy("admin").covered_in(&unread).count(), 1);
    let ana = Colleague::new("Ana", 2);
    let request = review::ReviewRequest::of(&unread, about()).expect("a plan that can travel");
    let request = ana.sign(request);
    let reviewed = compared(request.body(), &Snapshot::default());
    let (place, trust) = (place(), trusting(&[&ana]));
    let occasion = Occasion { now: T0, place: &place, trust: &trust, reviewed: &reviewed };
    let missing = policy("admin").missing(&request, &[], occasion);
    assert_eq!(missing.changes, [(ChangeId(0), vec![ChangeLack::Approvals { have: 0, need: 1 }])]);
}

#[test]
fn the_file_vouches_for_keys_as_long_as_it_names_them() {
    let (ana, bea) = (Colleague::new("Ana", 2), Colleague::new("Bea M.", 3));
    let rules = naming(&[("Ana", &ana), ("Bea", &bea)]);
    let mut trust = TrustStore::default();
    assert_eq!(trust.take_named(&rules, decompose), []);
    assert_eq!(trust.standing(&bea.signer, decompose), KeyStanding::Named { name: "Bea".into() });
    let request = ana.sign(request());
    let approval = bea.sign(approval(&request, T0));
    let reviewed = compared(request.body(), &group(&BEFORE));
    let place = place();
    let missing = |trust: &TrustStore| {
        let occasion = Occasion { now: T0, place: &place, trust, reviewed: &reviewed };
        Policy::of(&rules).missing(&request, from_ref(&approval), occasion)
    };
    assert_eq!(missing(&trust), Lacking::default());
    // It is not stored.
    let kept = serde_json::to_string(&trust).expect("it can be kept");
    assert_eq!(kept, "[]");
    assert!(trust.keys().is_empty());
    trust.take_named(&naming(&[("Ana", &ana)]), decompose);
    assert_eq!(missing(&trust).uncounted, [(approval.hash(), Uncounted::UnknownKey)]);
    trust.take_named(&ReviewRules::default(), decompose);
    assert_eq!(missing(&trust).request, [RequestLack::AuthorUnknown]);
    assert_eq!(trust, TrustStore::default());
}

#[test]
fn what_a_person_has_decided_stands_before_the_file() {
    let (ana, bea, eve) = (Colleague::new("Ana", 2), Colleague::new("Bea", 3), Colleague::new("Eve", 4));
    let mut trust = trusting(&[&ana]);
    // A key that was withdrawn here, and names that are taken by a key that was compared, or by another in the file.
    trust.withdraw(ana.signer.key.fingerprint(), T0);
    trust.trust(&bea.signer, T0, decompose).expect("another name");
    let other = Colleague::new("Cal", 6);
    let rules = naming(&[("Ana", &ana), ("Вea", &eve), ("Cal", &other), ("Ca1", &Colleague::new("Cal", 8))]);
    let refused = trust.take_named(&rules, decompose);
    let taken = |name: &str| TrustError::NameTaken(name.into());
    let expected = [("Ana", TrustError::Withdrawn), ("Вea", taken("Bea")), ("Ca1", taken("Cal"))];
    assert_eq!(refused, expected.map(|(name, error)| (name.into(), error)));
    assert_eq!(trust.owner_of(ana.signer.key.fingerprint()), None);
    assert_eq!(trust.standing(&eve.signer, decompose), KeyStanding::Unknown);
    assert_eq!(trust.name_of(other.signer.key.fingerprint()), Some("Cal"));
    // A key that was compared keeps the name that was.
    trust.take_named(&naming(&[("Bo", &bea)]), decompose);
    assert_eq!(trust.name_of(bea.signer.key.fingerprint()), Some("Bea"));
    // Withdrawing one that the file names outlives the file and the page.
    trust.take_named(&naming(&[("Eve", &eve)]), decompose);
    trust.withdraw(eve.signer.key.fingerprint(), T0);
    let new = Colleague::new("Eve", 10);
    assert_eq!(trust.clone().trust(&new.signer, T0, decompose), Ok(()), "her name is free again");
    let kept = serde_json::to_string(&trust).expect("it can be kept");
    let mut trust: TrustStore = serde_json::from_str(&kept).expect("it was written");
    assert_eq!(
        trust.take_named(&naming(&[("Eve", &eve)]), decompose),
        [("Eve".into(), TrustError::Withdrawn)]
    );
    assert_eq!(trust.owner_of(eve.signer.key.fingerprint()), None);
}

#[test]
fn comparing_a_key_of_the_file_makes_it_ones_own() {
    let (ana, eve, phone) = (Colleague::new("Ana M.", 2), Colleague::new("Ana", 3), Colleague::new("Ana", 4));
    let mut trust = TrustStore::default();
    trust.take_named(&naming(&[("Ana", &ana)]), decompose);
    // Nobody else goes by this name, and nobody is vouched for by a key that no one has compared.
    assert_eq!(trust.standing(&eve.signer, decompose), KeyStanding::LooksLike { name: "Ana".into() });
    let taken = Err(TrustError::NameTaken("Ana".into()));
    assert_eq!(trust.trust(&eve.signer, T0, decompose), taken);
    let (claim, vouch) = joined(&ana, &phone);
    assert_eq!(trust.vouch(&claim, &vouch, T0), Err(TrustError::NotTrusted));
    trust.trust(&ana.signer, T0, decompose).expect("the operator names it");
    let trusted = KeyStanding::Trusted { name: "Ana".into(), since: T0 };
    assert_eq!(trust.standing(&ana.signer, decompose), trusted);
    assert_eq!(trust.vouch(&claim, &vouch, T0), Ok(()));
    trust.take_named(&ReviewRules::default(), decompose);
    assert_eq!(trust.standing(&phone.signer, decompose), trusted);
}
