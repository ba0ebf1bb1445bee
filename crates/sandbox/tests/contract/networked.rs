//! Networked: adding one person, inviting many, and refusals.

use domain::outcome::Verdict;
use domain::{ErrorClass, Flow, Operation, Outcome, Person, PriceId, RoleId, Secret, Vendor};
use sandbox::{Settings, ids, networked};

use crate::console::Console;
use crate::truth;

fn console() -> Console {
    Console::new(Vendor::Networked)
}

fn register(flow: Flow) -> Operation {
    Operation::Register { flow, role: RoleId::new(ids::NETWORKED_CONTRIBUTOR), price: None, password: None }
}

fn invite(prices: &[&str]) -> Operation {
    Operation::Invite {
        role: RoleId::new(ids::NETWORKED_VIEWER),
        note: Some("See you soon — Zoë".into()),
        prices: prices.iter().map(PriceId::new).collect(),
    }
}

fn person(address: &str) -> Person {
    Person::by_email(address).with_name("Ana María Ñandú")
}

#[test]
fn a_direct_add_makes_a_user_at_once() {
    let mut console = console();
    let operation = Operation::Register {
        flow: Flow::Direct,
        role: RoleId::new(ids::NETWORKED_MODERATOR),
        price: Some(PriceId::new(ids::NETWORKED_PLANS[0])),
        password: Some(Secret::new("correct horse & battery=staple+")),
    };
    let outcome = console.apply(person("ana+test@club.example"), operation);
    assert_eq!(outcome.verdict(), Verdict::Done, "{outcome:?}");
    let dump = console.dump();
    let user = truth::networked_user(&dump, "ana+test@club.example").expect("is a user");
    assert_eq!(user["name"], "Ana María Ñandú");
    assert!(user.to_string().contains(ids::NETWORKED_MODERATOR), "{user}");
    assert!(!dump.to_string().contains("correct horse"), "no password is kept");
    assert!(!truth::networked_invited(&dump, "ana+test@club.example"));
}

#[test]
fn an_invite_by_form_makes_an_invite_and_no_user() {
    let mut console = console();
    let outcome = console.apply(person("ben@club.example"), register(Flow::Invite));
    assert_eq!(outcome, Outcome::Applied, "the answer names the person");
    let dump = console.dump();
    assert!(truth::networked_invited(&dump, "ben@club.example"));
    assert!(truth::networked_user(&dump, "ben@club.example").is_none());
}

#[test]
fn adding_somebody_twice_is_refused_and_changes_nothing() {
    let mut console = console();
    console.apply(person("cem@club.example"), register(Flow::Direct));
    let before = console.dump();
    let outcome = console.apply(person("CEM@club.example"), register(Flow::Direct));
    assert!(matches!(outcome.verdict(), Verdict::Refused | Verdict::Same), "{outcome:?}");
    assert_eq!(console.dump(), before);
}

#[test]
fn what_the_form_refuses_is_refused_with_either_status() {
    for error_true_with_200 in [false, true] {
        let settings = Settings {
            latency: false,
            networked: networked::Settings { error_true_with_200, ..networked::Settings::default() },
            ..Settings::default()
        };
        let mut console = Console::with(Vendor::Networked, settings);
        let before = console.dump();
        let bad_role = Operation::Register {
            flow: Flow::Direct,
            role: RoleId::new("ffffffffffffffffffffffff"),
            price: None,
            password: None,
        };
        let bad_price = Operation::Register {
            flow: Flow::Direct,
            role: RoleId::new(ids::NETWORKED_VIEWER),
            price: Some(PriceId::new("ffffffffffffffffffffffff")),
            password: None,
        };
        for (person, operation) in [
            (person("no-at-sign"), register(Flow::Direct)),
            (person("dee@club.example"), bad_role),
            (person("dee@club.example"), bad_price),
        ] {
            let outcome = console.apply(person, operation);
            assert_eq!(outcome.verdict(), Verdict::Refused, "{outcome:?}");
            assert_eq!(outcome.error().map(|error| error.class), Some(ErrorClass::Refused));
        }
        assert_eq!(console.dump(), before);
    }
}

#[test]
fn invites_many_in_a_call_each_with_an_outcome() {
    let mut console = console();
    console.apply(person("known@club.example"), register(Flow::Invite));
    let outcomes = console.apply_all(vec![
        (person("eva@club.example"), invite(&ids::NETWORKED_PLANS[..2])),
        (person("not an address"), invite(&ids::NETWORKED_PLANS[..2])),
        (person("known@club.example"), invite(&ids::NETWORKED_PLANS[..2])),
        (person("FAY@club.example"), invite(&ids::NETWORKED_PLANS[..2])),
    ]);
    let verdicts: Vec<_> = outcomes.iter().map(Outcome::verdict).collect();
    assert_eq!(verdicts[0], Verdict::Done, "{outcomes:?}");
    assert_ne!(verdicts[1], Verdict::Done, "{outcomes:?}");
    assert!(matches!(verdicts[2], Verdict::Same | Verdict::Refused), "{outcomes:?}");
    assert_eq!(verdicts[3], Verdict::Done, "{outcomes:?}");
    let dump = console.dump();
    for (address, is_invited) in
        [("eva@club.example", true), ("not an address", false), ("fay@club.example", true)]
    {
        assert_eq!(truth::networked_invited(&dump, address), is_invited, "{address}");
    }
}

#[test]
fn a_failed_row_is_read_in_either_form() {
    for failure_as_object in [false, true] {
        let settings = Settings {
            latency: false,
            networked: networked::Settings { failure_as_object, ..networked::Settings::default() },
            ..Settings::default()
        };
        let mut console = Console::with(Vendor::Networked, settings);
        console.apply(person("known@club.example"), register(Flow::Invite));
        let outcome = console.apply(person("known@club.example"), invite(&[]));
        assert_eq!(outcome.verdict(), Verdict::Same, "{failure_as_object}: {outcome:?}");
    }
}

#[test]
fn without_a_key_every_call_is_an_auth_failure() {
    let mut console = console().keyed(domain::Credentials::None);
    let before = console.dump();
    for operation in [register(Flow::Direct), register(Flow::Invite), invite(&[])] {
        let outcome = console.apply(person("gus@club.example"), operation);
        assert_eq!(outcome.error().map(|error| error.class), Some(ErrorClass::Auth), "{outcome:?}");
    }
    assert_eq!(console.dump(), before);
}
