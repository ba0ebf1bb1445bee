//! Laws of an examination, for any responses of the other side.

use domain::api_error::ErrorOrigin;
use domain::examination::{
    Blame, Check, CheckStatus, Examination, ExaminationSetting, ExaminationStep, Finding, Probe,
    ProbeResponse, RelaySays, Responder, ResultCounts, Seen, Silence,
};
use domain::{ApiError, ConnectionKind, ErrorClass};
use proptest::prelude::*;

fn settings() -> impl Strategy<Value = ExaminationSetting> {
    let kind =
        prop::sample::select(vec![ConnectionKind::Relay, ConnectionKind::Direct, ConnectionKind::Sandbox]);
    let probes = prop_oneof![
        Just(Vec::new()),
        Just(vec![Probe::Community, Probe::People, Probe::Roles, Probe::Prices]),
        Just(vec![Probe::Roles, Probe::Groups, Probe::Members, Probe::People, Probe::Acting]),
    ];
    let flags = prop::array::uniform6(any::<bool>());
    (kind, probes, flags, 0usize..4, 0usize..3).prop_map(|(kind, probes, flags, n_headers, n_methods)| {
        let [is_own, has_key, signs_in, documents_rates, is_small_plan, is_private] = flags;
        let named = |names: &[&str], n: usize| names.iter().take(n).map(|name| Box::from(*name)).collect();
        ExaminationSetting {
            kind,
            is_own_site: is_own && kind == ConnectionKind::Relay,
            is_private,
            has_key: has_key || kind != ConnectionKind::Direct,
            signs_in: signs_in && kind == ConnectionKind::Direct,
            probes,
            headers: named(&["apikey", "content-type", "onbehalfof"], n_headers),
            n_first_headers: n_headers.min(1),
            methods: named(&["PUT", "DELETE"], n_methods),
            documents_rates,
            small_limit: Some(500),
            is_small_plan,
        }
    })
}

fn answers() -> impl Strategy<Value = ProbeResponse> {
    let responder = prop::sample::select(vec![
        Responder::Vendor,
        Responder::Vendor,
        Responder::OwnPage,
        Responder::Page,
        Responder::Other,
        Responder::Relay(RelaySays::SignIn),
        Responder::Relay(RelaySays::Refused),
        Responder::Relay(RelaySays::NoAnswer),
    ]);
    let status = prop::sample::select(vec![200u16, 200, 401, 403, 404, 405, 429, 500, 502]);
    let blame = prop::sample::select(vec![Blame::Key, Blame::Rights, Blame::App, Blame::Other]);
    let origin = prop::sample::select(vec![ErrorOrigin::Vendor, ErrorOrigin::Decoding]);
    let error = prop::option::of((blame, origin));
    let rest = (prop::option::of(0u64..20_000), prop::option::of(-200_000i64..200_000), any::<bool>());
    (responder, status, error, rest).prop_map(|(responder, status, error, (limit, ahead_ms, shows_more))| {
        ProbeResponse {
            error: error
                .map(|(blame, origin)| (blame, ApiError::new(ErrorClass::Refused, origin, "some.code"))),
            rates: limit
                .map(|limit| ("x-ratelimit-limit".into(), limit.to_string().into()))
                .into_iter()
                .collect(),
            limit,
            ahead_ms,
            shows_more,
            ..ProbeResponse::new(status, responder, 12)
        }
    })
}

fn probes() -> impl Strategy<Value = Seen> {
    let silences = vec![
        Silence::Offline,
        Silence::Blocked,
        Silence::Insecure,
        Silence::Redirected,
        Silence::TimedOut,
        Silence::TooBusy(61_000),
        Silence::Lost,
        Silence::Lost,
    ];
    prop_oneof![
        prop::sample::select(silences).prop_map(Seen::Nothing),
        Just(Seen::Unreadable { took_ms: 9 }),
        answers().prop_map(|answer| Seen::Answer(Box::new(answer))),
        answers().prop_map(|answer| Seen::Answer(Box::new(ProbeResponse {
            error: None,
            status: 200,
            responder: Responder::Vendor,
            ..answer
        }))),
        Just(Seen::Skipped),
    ]
}

/// Whether a step can have this result: only an opaque probe yields an unreadable response.
fn fits(step: ExaminationStep, seen: &Seen) -> bool {
    match seen {
        Seen::Unreadable { .. } => step == ExaminationStep::ProbeOpaque,
        Seen::Answer(_) => step != ExaminationStep::ProbeOpaque,
        Seen::Skipped => matches!(step, ExaminationStep::Look(at) if at > 0),
        Seen::Nothing(_) => true,
    }
}

fn has_key(step: ExaminationStep, setting: &ExaminationSetting) -> bool {
    setting.kind == ConnectionKind::Direct
        && matches!(step, ExaminationStep::SignIn | ExaminationStep::Look(_))
}

proptest! {
    #[test]
    fn an_examination_ends_and_never_makes_a_call_twice(
        setting in settings(), seen in prop::collection::vec(probes(), 40),
    ) {
        let most = setting.probes.len() + setting.headers.len() + 5;
        let mut examination = Examination::new(setting.clone());
        let mut made = Vec::new();
        let mut offered = seen.into_iter().cycle();
        while let Some(step) = examination.next() {
            prop_assert!(!made.contains(&step), "{step:?} again");
            prop_assert!(made.len() < most);
            // Before the end, something is pending.
            let waiting = ResultCounts::of(&examination.rows()).n_waiting;
            prop_assert!(waiting > 0 || !made.is_empty());
            let seen = offered.by_ref().take(400).find(|seen| fits(step, seen)).unwrap_or(Seen::Nothing(Silence::Lost));
            if has_key(step, &setting) {
                let is_answered = made.iter().any(|step| {
                    matches!(examination.seen(*step), Some(Seen::Answer(_) | Seen::Unreadable { .. }))
                });
                prop_assert!(is_answered, "a key goes only to somebody who answered");
                let Some(Seen::Answer(first)) = examination.seen(ExaminationStep::ProbeKeyless) else {
                    made.push(step);
                    examination.note(step, seen);
                    continue;
                };
                prop_assert!(first.responder == Responder::Vendor || first.status >= 300, "and to no other service");
            }
            made.push(step);
            examination.note(step, seen);
        }
        let rows = examination.rows();
        let counts = ResultCounts::of(&rows);
        prop_assert_eq!(counts.n_waiting, 0);
        prop_assert_eq!(
            counts.n_passed + counts.n_to_know + counts.n_failed + counts.n_not_tried, rows.len()
        );
        let mut checks: Vec<Check> = rows.iter().map(|row| row.check).collect();
        checks.dedup();
        prop_assert_eq!(checks.len(), rows.len());
        prop_assert!(examination.n_calls() <= made.len());
        for row in &rows {
            if let Some(step) = row.step {
                prop_assert!(made.contains(&step), "{row:?} leans on a call that was not made");
            }
            prop_assert!(row.standing != CheckStatus::Passed || row.error.is_none());
        }
    }

    #[test]
    fn a_first_call_that_comes_to_nothing_is_a_failure(
        setting in settings(),
        silence in prop::sample::select(vec![
            Silence::Offline, Silence::Blocked, Silence::Insecure, Silence::Redirected, Silence::TimedOut, Silence::Lost,
        ]),
    ) {
        prop_assume!(setting.kind != ConnectionKind::Sandbox);
        let mut examination = Examination::new(setting);
        while let Some(step) = examination.next() {
            examination.note(step, Seen::Nothing(silence));
        }
        prop_assert_eq!(ResultCounts::of(&examination.rows()).n_failed, 1);
    }

    #[test]
    fn stopping_leaves_what_was_found_and_asks_for_nothing_more(
        setting in settings(), seen in prop::collection::vec(probes(), 40), n in 0usize..6,
    ) {
        let mut examination = Examination::new(setting);
        let mut offered = seen.into_iter().cycle();
        for _ in 0..n {
            let Some(step) = examination.next() else { break };
            let seen = offered.by_ref().take(400).find(|seen| fits(step, seen)).unwrap_or(Seen::Nothing(Silence::Lost));
            examination.note(step, seen);
        }
        let known: Vec<_> =
            examination.rows().into_iter().filter(|row| row.standing == CheckStatus::Failed).collect();
        examination.stop();
        prop_assert_eq!(examination.next(), None);
        let rows = examination.rows();
        prop_assert_eq!(ResultCounts::of(&rows).n_waiting, 0);
        for row in known {
            prop_assert!(rows.iter().any(|other| other.check == row.check && other.standing == CheckStatus::Failed));
        }
    }
}

fn direct() -> ExaminationSetting {
    ExaminationSetting {
        kind: ConnectionKind::Direct,
        is_own_site: false,
        is_private: true,
        has_key: true,
        signs_in: false,
        probes: vec![Probe::Roles, Probe::Groups],
        headers: vec!["apikey".into(), "content-type".into()],
        n_first_headers: 1,
        methods: vec!["PUT".into()],
        documents_rates: true,
        small_limit: Some(500),
        is_small_plan: false,
    }
}

fn lost() -> Seen {
    Seen::Nothing(Silence::Lost)
}

fn refusal(status: u16, blame: Blame, code: &str) -> Seen {
    let error = ApiError::new(ErrorClass::Auth, ErrorOrigin::Vendor, code).with_status(status);
    Seen::Answer(Box::new(ProbeResponse {
        error: Some((blame, error)),
        ..ProbeResponse::new(status, Responder::Vendor, 5)
    }))
}

fn good() -> Seen {
    Seen::Answer(Box::new(ProbeResponse::new(200, Responder::Vendor, 5)))
}

fn said(status: u16, responder: Responder) -> Seen {
    Seen::Answer(Box::new(ProbeResponse::new(status, responder, 5)))
}

/// The finding if steps show this and all other calls are lost.
fn found(
    setting: &ExaminationSetting,
    shown: &[(ExaminationStep, Seen)],
    check: Check,
) -> (CheckStatus, Finding) {
    let mut examination = Examination::new(setting.clone());
    while let Some(step) = examination.next() {
        let seen = shown.iter().find(|(other, _)| *other == step).map_or_else(lost, |(_, seen)| seen.clone());
        examination.note(step, seen);
    }
    let rows = examination.rows();
    let row = rows.into_iter().find(|row| row.check == check).expect("the check applies");
    (row.standing, row.finding)
}

#[test]
fn a_dead_host_and_a_host_that_lets_no_page_read_are_told_apart() {
    let blind = (ExaminationStep::ProbeOpaque, Seen::Unreadable { took_ms: 9 });
    assert_eq!(found(&direct(), &[], Check::Host), (CheckStatus::Failed, Finding::HostDead));
    assert_eq!(found(&direct(), &[], Check::Readable), (CheckStatus::NotTried, Finding::WaitsForReach));
    assert_eq!(
        found(&direct(), std::slice::from_ref(&blind), Check::Host),
        (CheckStatus::Passed, Finding::HostAnswers(9))
    );
    assert_eq!(
        found(&direct(), std::slice::from_ref(&blind), Check::Readable),
        (CheckStatus::Failed, Finding::ReadableNo)
    );
    // A host that only hides its refusals answers the call with the key.
    let shown = [blind, (ExaminationStep::Look(0), good()), (ExaminationStep::Look(1), good())];
    assert_eq!(found(&direct(), &shown, Check::Readable), (CheckStatus::ToKnow, Finding::ReadableIfGood));
    assert_eq!(found(&direct(), &shown, Check::Key).0, CheckStatus::Passed);
}

#[test]
fn the_headers_that_a_host_does_not_let_through_are_named() {
    let probe_keyless = (ExaminationStep::ProbeKeyless, refusal(401, Blame::Key, "none"));
    let refused = |names: &[&str]| -> Vec<Box<str>> { names.iter().map(|name| Box::from(*name)).collect() };
    let table = [
        (
            vec![(ExaminationStep::ProbeHeader(1), good())],
            Finding::HeadersRefused(refused(&["apikey"]), refused(&["content-type"])),
        ),
        (vec![], Finding::HeadersNone(refused(&["apikey", "content-type"]))),
        (
            vec![(ExaminationStep::Look(0), good()), (ExaminationStep::ProbeHeader(1), lost())],
            Finding::HeadersRefused(refused(&["content-type"]), refused(&["apikey"])),
        ),
    ];
    for (mut shown, finding) in table {
        shown.push(probe_keyless.clone());
        assert_eq!(found(&direct(), &shown, Check::Preflight), (CheckStatus::Failed, finding));
    }
    let shown = [
        probe_keyless,
        (ExaminationStep::Look(0), good()),
        (ExaminationStep::ProbeHeader(1), refusal(401, Blame::Key, "none")),
    ];
    let (standing, finding) = found(&direct(), &shown, Check::Preflight);
    assert_eq!(
        (standing, finding),
        (CheckStatus::Passed, Finding::HeadersPass(refused(&["apikey", "content-type"])))
    );
}

#[test]
fn no_key_goes_to_a_service_that_is_not_the_vendor() {
    for responder in [Responder::Page, Responder::OwnPage, Responder::Other] {
        let mut examination = Examination::new(direct());
        assert_eq!(examination.next(), Some(ExaminationStep::ProbeKeyless));
        examination.note(ExaminationStep::ProbeKeyless, said(200, responder));
        assert_eq!(examination.next(), None);
        assert_eq!(
            found(&direct(), &[(ExaminationStep::ProbeKeyless, said(200, responder))], Check::Service).0,
            CheckStatus::Failed
        );
    }
}

#[test]
fn a_key_of_too_little_right_is_accepted_and_stops_the_reads() {
    let shown = [
        (ExaminationStep::ProbeKeyless, refusal(401, Blame::Key, "none")),
        (ExaminationStep::Look(0), refusal(403, Blame::Rights, "AUTH_ERR_NO_ACCESS")),
    ];
    assert_eq!(found(&direct(), &shown, Check::Key), (CheckStatus::Passed, Finding::KeyAccepted));
    assert_eq!(found(&direct(), &shown, Check::Probe(Probe::Roles)), (CheckStatus::Failed, Finding::Cannot));
    let waits = (CheckStatus::NotTried, Finding::WaitsForRights);
    assert_eq!(found(&direct(), &shown, Check::Probe(Probe::Groups)), waits);
}

#[test]
fn a_relay_is_told_apart_from_the_vendor_behind_it() {
    let relay = ExaminationSetting {
        kind: ConnectionKind::Relay,
        is_own_site: true,
        headers: Vec::new(),
        ..direct()
    };
    let first = |seen: Seen| [(ExaminationStep::Look(0), seen)];
    let table = [
        (said(401, Responder::Other), Check::SignIn, CheckStatus::Failed, Finding::SignInAsked),
        (Seen::Nothing(Silence::Redirected), Check::SignIn, CheckStatus::Failed, Finding::SignInOver),
        (said(200, Responder::Page), Check::SignIn, CheckStatus::Failed, Finding::SignInPage),
        (said(200, Responder::OwnPage), Check::Service, CheckStatus::Failed, Finding::OwnPage),
        (said(404, Responder::Page), Check::Service, CheckStatus::Failed, Finding::RelayHasNoWay),
        (said(502, Responder::Page), Check::Service, CheckStatus::Failed, Finding::RelayBroken),
        (
            said(401, Responder::Relay(RelaySays::SignIn)),
            Check::SignIn,
            CheckStatus::Failed,
            Finding::SignInAsked,
        ),
        (
            said(403, Responder::Relay(RelaySays::Refused)),
            Check::Service,
            CheckStatus::Failed,
            Finding::RelayHasNoWay,
        ),
        (
            said(403, Responder::Relay(RelaySays::Refused)),
            Check::SignIn,
            CheckStatus::NotTried,
            Finding::CannotTell,
        ),
        (
            said(504, Responder::Relay(RelaySays::NoAnswer)),
            Check::Service,
            CheckStatus::Failed,
            Finding::RelayBroken,
        ),
        (refusal(401, Blame::Key, "K"), Check::SignIn, CheckStatus::Passed, Finding::LetIn),
        (refusal(401, Blame::Key, "K"), Check::Key, CheckStatus::Failed, Finding::KeyRefused),
        (lost(), Check::Host, CheckStatus::Failed, Finding::HostDead),
    ];
    for (seen, check, standing, finding) in table {
        assert_eq!(found(&relay, &first(seen), check), (standing, finding));
    }
    let open = [
        (ExaminationStep::Look(0), good()),
        (ExaminationStep::Anonymous, good()),
        (ExaminationStep::Unlisted, refusal(404, Blame::Other, "ERR_API_NOT_FOUND")),
    ];
    assert_eq!(found(&relay, &open, Check::Strangers), (CheckStatus::ToKnow, Finding::StrangersIn));
    assert_eq!(found(&relay, &open, Check::Unlisted), (CheckStatus::Failed, Finding::UnlistedIn));
    let shut = [
        (ExaminationStep::Look(0), good()),
        (ExaminationStep::Anonymous, said(401, Responder::Page)),
        (ExaminationStep::Unlisted, said(403, Responder::Page)),
    ];
    assert_eq!(found(&relay, &shut, Check::Strangers).0, CheckStatus::Passed);
    assert_eq!(found(&relay, &shut, Check::Unlisted).0, CheckStatus::Passed);
}

#[test]
fn the_plan_the_pace_and_the_clock_are_read_from_headers() {
    let with = |limit: Option<u64>, ahead_ms: Option<i64>| {
        let rates = limit.map(|limit| ("x-ratelimit-limit".into(), limit.to_string().into()));
        let answer = ProbeResponse {
            rates: rates.into_iter().collect(),
            limit,
            ahead_ms,
            ..ProbeResponse::new(200, Responder::Vendor, 5)
        };
        [
            (ExaminationStep::ProbeKeyless, refusal(401, Blame::Key, "none")),
            (ExaminationStep::Look(0), Seen::Answer(Box::new(answer))),
        ]
    };
    let small = ExaminationSetting { is_small_plan: true, ..direct() };
    assert_eq!(found(&direct(), &with(Some(500), None), Check::Rates).1, Finding::RatesSmall(500));
    assert_eq!(found(&small, &with(Some(500), None), Check::Rates).0, CheckStatus::Passed);
    assert_eq!(found(&small, &with(Some(10_000), None), Check::Rates).1, Finding::RatesLarge(10_000));
    assert_eq!(
        found(&direct(), &with(None, None), Check::Rates),
        (CheckStatus::ToKnow, Finding::RatesHidden)
    );
    let silent = ExaminationSetting { documents_rates: false, ..direct() };
    assert_eq!(found(&silent, &with(None, None), Check::Rates).0, CheckStatus::Passed);
    assert_eq!(
        found(&direct(), &with(None, None), Check::Clock),
        (CheckStatus::NotTried, Finding::CannotTell)
    );
    for (ahead_ms, expected) in [
        (60_000, Finding::ClockRight(60_000)),
        (60_001, Finding::ClockAhead(60_001)),
        (-90_000, Finding::ClockBehind(90_000)),
    ] {
        assert_eq!(found(&direct(), &with(None, Some(ahead_ms)), Check::Clock).1, expected);
    }
}
