//! Keys: known, unknown, changed, withdrawn, and pretended.

use review::{KeyStanding, Signer, TrustError, TrustStore, Vouch};

use crate::world::*;

fn standing(trust: &TrustStore, person: &Colleague) -> KeyStanding {
    trust.standing(&person.signer, decompose)
}

#[test]
fn keys_are_told_apart() {
    let (ana, eve) = (Colleague::new("Ana", 2), Colleague::new("Eve", 3));
    let mut trust = TrustStore::default();
    assert_eq!(standing(&trust, &ana), KeyStanding::Unknown);
    trust.trust(&ana.signer, T0, decompose).expect("nobody else has this name");
    let trusted = KeyStanding::Trusted { name: "Ana".into(), since: T0 };
    assert_eq!(standing(&trust, &ana), trusted);
    assert_eq!(standing(&trust, &eve), KeyStanding::Unknown);
    // Trusting again changes nothing.
    assert_eq!(trust.trust(&ana.signer, T0 + 9, decompose), Ok(()));
    assert_eq!(standing(&trust, &ana), trusted);
    // Another key under the same name, and under one that looks like it.
    let known = ana.signer.key.fingerprint();
    assert_eq!(standing(&trust, &Colleague::new("Ana", 4)), KeyStanding::Changed { known, since: T0 });
    for name in ["Аna", "ANA", "ana.", "А n а"] {
        let pretender = Colleague::new(name, 4);
        assert_eq!(standing(&trust, &pretender), KeyStanding::LooksLike { name: "Ana".into() }, "{name}");
        let refused = Err(TrustError::NameTaken("Ana".into()));
        assert_eq!(trust.trust(&pretender.signer, T0, decompose), refused, "{name}");
    }
    // The key decides, not the name that it declares.
    let renamed = Signer { name: "Bea".into(), ..ana.signer.clone() };
    assert_eq!(trust.standing(&renamed, decompose), trusted);
    let kept = serde_json::to_string(&trust).expect("it can be kept");
    assert_eq!(serde_json::from_str::<TrustStore>(&kept).expect("it was written"), trust);
}

#[test]
fn a_new_key_of_somebody_replaces_one_that_was_withdrawn() {
    let (old, new) = (Colleague::new("Ana", 2), Colleague::new("Ana", 3));
    let mut trust = trusting(&[&old]);
    assert_eq!(trust.trust(&new.signer, T0, decompose), Err(TrustError::NameTaken("Ana".into())));
    trust.withdraw(old.signer.key.fingerprint(), T0);
    assert_eq!(standing(&trust, &old), KeyStanding::Withdrawn { name: "Ana".into(), at: T0 });
    assert_eq!(trust.trust(&new.signer, T0 + 1, decompose), Ok(()));
    assert_eq!(standing(&trust, &new), KeyStanding::Trusted { name: "Ana".into(), since: T0 + 1 });
    // Withdrawn is withdrawn: by a person, by a vouch.
    assert_eq!(trust.trust(&old.signer, T0 + 2, decompose), Err(TrustError::Withdrawn));
    let (claim, vouch) = joined(&new, &old);
    assert_eq!(trust.vouch(&claim, &vouch, T0 + 2), Err(TrustError::Withdrawn));
    assert_eq!(trust.owner_of(old.signer.key.fingerprint()), None);
    assert_eq!(trust.name_of(old.signer.key.fingerprint()), None);
}

#[test]
fn a_key_becomes_trusted_by_its_owners_first_key_only() {
    let (ana, phone, tablet, eve) = (
        Colleague::new("Ana", 2),
        Colleague::new("Phone", 3),
        Colleague::new("Tablet", 4),
        Colleague::new("Eve", 5),
    );
    let mut trust = trusting(&[&ana]);
    let [own, second, third] = [&ana, &phone, &tablet].map(|person| person.signer.key.fingerprint());
    // A file with a vouch by someone unknown adds nothing.
    let mut vouch = |(claim, vouch): &(_, _)| trust.vouch(claim, vouch, T0);
    let (from_eve, from_ana, from_phone) =
        (joined(&eve, &eve), joined(&ana, &phone), joined(&phone, &tablet));
    assert_eq!(vouch(&from_eve), Err(TrustError::NotTrusted));
    assert_eq!(vouch(&from_phone), Err(TrustError::NotTrusted));
    assert_eq!(vouch(&from_ana), Ok(()));
    assert_eq!(vouch(&from_phone), Ok(()));
    assert_eq!(trust.keys().len(), 3);
    // All are Ana, under the name that was compared.
    assert_eq!(standing(&trust, &tablet), KeyStanding::Trusted { name: "Ana".into(), since: T0 });
    for key in [own, second, third] {
        assert_eq!((trust.owner_of(key), trust.name_of(key)), (Some(own), Some("Ana")));
    }
    // A key that was stolen vouched for others: they go with it.
    trust.withdraw(second, T0 + 1);
    assert_eq!(trust.owner_of(own), Some(own));
    assert_eq!((trust.owner_of(second), trust.owner_of(third)), (None, None));
    assert_eq!(trust.vouch(&from_phone.0, &from_phone.1, T0 + 2), Err(TrustError::NotTrusted));
}

#[test]
fn nobody_claims_the_key_of_somebody_else() {
    let (eve, bea) = (Colleague::new("Eve", 2), Colleague::new("Bea", 3));
    let mut trust = trusting(&[&eve]);
    // Eve wants Bea's approvals to count as hers: Bea has claimed nothing, or to belong to someone else.
    let (own, _) = joined(&eve, &Colleague::new("Eve", 4));
    let (to_cal, _) = joined(&Colleague::new("Cal", 5), &bea);
    for claim in [&own, &to_cal] {
        let vouch = eve.sign(Vouch { claim: bea.sign(request()).hash(), made_at: T0 });
        assert_eq!(trust.vouch(claim, &vouch, T0), Err(TrustError::OtherClaim));
    }
    let vouch = eve.sign(Vouch { claim: to_cal.hash(), made_at: T0 });
    assert_eq!(trust.vouch(&to_cal, &vouch, T0), Err(TrustError::OtherClaim));
    assert_eq!(standing(&trust, &bea), KeyStanding::Unknown);
}
