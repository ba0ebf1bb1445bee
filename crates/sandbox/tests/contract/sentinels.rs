//! Every sentinel leads to the verdict that its code promises.

use domain::outcome::Verdict;
use domain::{Credentials, ErrorClass, Outcome, Secret, Vendor};
use sandbox::{Sentinel, Settings, World, sentinels};
use vendors::catalogue;

use crate::console::{Console, credentials};
use crate::samples::{Try, tries};

/// A console configured with the sentinel, and the actions that use it.
fn set_up(vendor: Vendor, sentinel: &Sentinel, world: World) -> (Console, Vec<Try>) {
    let mut console = Console::over(vendor, world);
    console = match sentinel.place {
        "api key" => console.keyed(match credentials(vendor) {
            Credentials::KeyAndSecret { secret, .. } => {
                Credentials::KeyAndSecret { key: Secret::new(sentinel.value), secret }
            }
            _ => Credentials::Key(Secret::new(sentinel.value)),
        }),
        "api secret" => console.keyed(Credentials::KeyAndSecret {
            key: Secret::new("a-key"),
            secret: Secret::new(sentinel.value),
        }),
        "acting uid" => {
            console.acting_as = Some(sentinel.value);
            console
        }
        _ => console,
    };
    let tries = tries(vendor, sentinel.place, sentinel.value);
    (console, tries)
}

fn check_all(vendor: Vendor) {
    // Many sentinels share a world, whose rate limit windows would fill.
    let fresh = || World::new(Settings { latency: false, rate_limits: false, ..Settings::default() });
    let mut unused = None;
    // Moody keys take several calls: see the world's own tests.
    let all = sentinels().into_iter().filter(|sentinel| sentinel.place != "key prefix");
    let all = all.filter(|sentinel| sentinel.vendor.is_none_or(|only| only == vendor));
    let mut n_checked = 0;
    for sentinel in all {
        let (console, tries) = set_up(vendor, &sentinel, unused.take().unwrap_or_else(fresh));
        let console = check(console, &tries, &sentinel);
        // An unchanged world can be reused.
        unused = console.happened.is_empty().then_some(console.world);
        n_checked += 1;
    }
    assert!(n_checked > 20, "{vendor:?}: {n_checked}");
}

#[test]
fn every_sentinel_ends_in_the_verdict_that_it_promises() {
    for vendor in Vendor::ALL {
        check_all(vendor);
    }
}

fn check(mut console: Console, tries: &[Try], sentinel: &Sentinel) -> Console {
    let what = format!("{:?} {sentinel:?}", console.vendor);
    let is_sign_in = console.vendor == Vendor::Genuin && matches!(sentinel.place, "api key" | "api secret");
    match sentinel.provokes {
        "429" | "429+retry-after" => strikes_twice(&mut console, tries, sentinel.provokes, &what),
        // Genuin's key is sent only in the sign-in, which changes nothing and returns its token in a header.
        "hang" | "cut" | "500" | "html" | "other-service" | "lost-answer" | "truncated" | "empty-body"
            if is_sign_in =>
        {
            let outcome = tries[0](&mut console);
            let is_done = outcome.verdict() == Verdict::Done;
            let has_token = matches!(sentinel.provokes, "lost-answer" | "truncated" | "empty-body");
            assert_eq!(is_done, has_token, "{what}: {outcome:?}");
            assert_eq!(is_done, !console.happened.is_empty(), "{what}");
        }
        provokes => {
            let (expected, is_done) = match provokes {
                "hang" | "cut" | "500" | "html" | "other-service" => (Verdict::Unknown, false),
                "lost-answer" | "truncated" | "empty-body" => (Verdict::Unknown, true),
                "slow" | "token-in-body" => (Verdict::Done, true),
                _ => {
                    refuses_with_its_code(&mut console, tries, provokes, &what);
                    return console;
                }
            };
            let outcome = tries[0](&mut console);
            assert_eq!(outcome.verdict(), expected, "{what}: {outcome:?}");
            assert_eq!(!console.happened.is_empty(), is_done, "{what}: {:?}", console.happened);
        }
    }
    console
}

fn strikes_twice(console: &mut Console, tries: &[Try], provokes: &str, what: &str) {
    for _ in 0..2 {
        let outcome = tries[0](console);
        let error = outcome.error().unwrap_or_else(|| panic!("{what}: {outcome:?}"));
        assert_eq!(error.class, ErrorClass::RateLimited, "{what}");
        assert_eq!(error.retry_after_ms.is_some(), provokes == "429+retry-after", "{what}");
        assert!(console.happened.is_empty(), "{what}: was not processed");
    }
    let outcome = tries[0](console);
    assert_eq!(outcome.verdict(), Verdict::Done, "{what}: {outcome:?}");
}

fn refuses_with_its_code(console: &mut Console, tries: &[Try], provokes: &str, what: &str) {
    let vendor = console.vendor;
    let mut seen = Vec::new();
    for attempt in tries {
        let n_before = console.happened.len();
        let outcome = attempt(console);
        let is_it = outcome.error().is_some_and(|error| match (provokes, provokes.parse::<u16>()) {
            ("200+message", _) => &*error.code == "decode.shape" && error.class == ErrorClass::Unknown,
            ("200+error:true" | "200+success:false", _) => {
                error.status == Some(200) && error.class == ErrorClass::Refused
            }
            (_, Ok(status)) if vendor == Vendor::Networked => error.status == Some(status),
            _ => &*error.code == provokes,
        });
        if is_it {
            let mut promised = promised(vendor, provokes);
            let is_claim = vendor == Vendor::CometChat && provokes == "ERR_ALREADY_JOINED";
            if is_claim {
                // The response does not contain the scope: a run reads it back.
                promised.push(Verdict::Unknown);
            }
            assert!(promised.contains(&outcome.verdict()), "{what}: {outcome:?}, not {promised:?}");
            if provokes != "row.missing" && !is_claim {
                assert_eq!(console.happened.len(), n_before, "{what}: nothing was done");
            }
            return;
        }
        seen.push(outcome);
    }
    panic!("{what} was never met: {seen:#?}");
}

/// The verdicts that the catalogue allows for a code: of its class, and of its class in particular calls.
fn promised(vendor: Vendor, provokes: &str) -> Vec<Verdict> {
    let status = provokes.parse().ok().filter(|_| vendor == Vendor::Networked);
    let entry = catalogue::find(vendor, if status.is_some() { "" } else { provokes }, status);
    let classes = std::iter::once(entry.class).chain(entry.class_for.iter().map(|(_, class)| *class));
    match provokes {
        "200+error:true" | "200+success:false" => return vec![Verdict::Refused],
        "200+message" => return vec![Verdict::Unknown],
        _ => {}
    }
    let verdict = |class| {
        Outcome::of_error(domain::ApiError::new(class, domain::api_error::ErrorOrigin::Vendor, "")).verdict()
    };
    classes.map(verdict).collect()
}
