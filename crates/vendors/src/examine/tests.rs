//! Tests of the needs derived for every vendor, and of how responses and errors are classified.

use std::collections::BTreeSet;

use domain::examination::{Blame, Probe, RelaySays, Responder};
use domain::{BaseUrl, Connection, ConnectionId, ConnectionKind, Operation, Vendor};
use http::Method;

use super::{
    blame, cors, needs, probe_keyless, query, relay_of_caddy, relay_of_nginx, responder, samples, setting,
    unlisted,
};
use crate::fixture::{self, answer};
use crate::laws::answer_of;
use crate::{catalogue, protocol};
use proptest::prelude::*;

fn connection(vendor: Vendor, kind: ConnectionKind, acting_as: Option<&str>) -> Connection {
    Connection {
        id: ConnectionId::new("superhero-fans"),
        vendor,
        name: "Superhero fans".into(),
        kind,
        base_url: BaseUrl::parse("https://vendor.example/v3", true).expect("an address"),
        acting_as: acting_as.map(Into::into),
        is_small_plan: false,
        calls_per_minute: None,
        known_groups: Vec::new(),
        key_storage: domain::connection::KeyStorage::default(),
        is_power_known: false,
    }
}

fn headers(vendor: Vendor, kind: ConnectionKind, acting_as: Option<&str>) -> (Vec<String>, usize) {
    let needs = needs(&connection(vendor, kind, acting_as));
    (needs.headers.iter().map(ToString::to_string).collect(), needs.n_first_headers)
}

#[test]
fn what_browsers_ask_for_follows_from_the_calls() {
    let table = [
        (Vendor::CometChat, ConnectionKind::Direct, None, vec!["apikey", "content-type"], 1),
        (
            Vendor::CometChat,
            ConnectionKind::Direct,
            Some("mila"),
            vec!["apikey", "onbehalfof", "content-type"],
            1,
        ),
        (Vendor::CometChat, ConnectionKind::Relay, Some("mila"), vec!["onbehalfof", "content-type"], 0),
        (Vendor::Networked, ConnectionKind::Direct, None, vec!["x-api-key", "content-type"], 1),
        (Vendor::Networked, ConnectionKind::Relay, None, vec!["content-type"], 0),
        (Vendor::Genuin, ConnectionKind::Direct, None, vec!["content-type", "authorization"], 1),
        (Vendor::Genuin, ConnectionKind::Relay, None, vec!["content-type"], 0),
    ];
    for (vendor, kind, acting_as, expected, n_first) in table {
        let (found, n_found) = headers(vendor, kind, acting_as);
        assert_eq!(
            (found, n_found),
            (expected.into_iter().map(str::to_owned).collect(), n_first),
            "{vendor:?}"
        );
    }
    let methods = |vendor| needs(&connection(vendor, ConnectionKind::Direct, None)).methods;
    assert_eq!(methods(Vendor::CometChat), [Method::GET, Method::POST, Method::PUT, Method::DELETE]);
    assert_eq!(methods(Vendor::Networked), [Method::GET, Method::POST]);
    assert_eq!(methods(Vendor::Genuin), [Method::POST, Method::PATCH]);
}

#[test]
fn the_samples_hold_every_operation() {
    // A new operation breaks this match: add its sample to `operations`.
    let number = |operation: &Operation| match operation {
        Operation::AddToGroup { .. } => 0,
        Operation::AddToCommunity { .. } => 1,
        Operation::MakeModerator { .. } => 2,
        Operation::Register { .. } => 3,
        Operation::Invite { .. } => 4,
        Operation::SetScope { .. } => 5,
        Operation::Kick { .. } => 6,
        Operation::Ban { .. } => 7,
        Operation::Unban { .. } => 8,
        Operation::Unsubscribe { .. } => 9,
        Operation::CreateGroup(_) => 10,
        Operation::EditGroup { .. } => 11,
        Operation::DeleteGroup { .. } => 12,
        Operation::CreateCommunity(_) => 13,
    };
    let found: BTreeSet<_> = samples::operations().iter().map(number).collect();
    assert_eq!(found.len(), 14);
}

#[test]
fn an_examination_only_reads() {
    for vendor in Vendor::ALL {
        let connection = connection(vendor, ConnectionKind::Direct, Some("mila"));
        let group = domain::GroupId::new("hikers");
        let setting = setting(&connection, true, false, true);
        let reads = setting.probes.iter().map(|probe| {
            let query = query(*probe, &connection, Some(&group)).expect("it can be asked for");
            protocol(vendor).encode_query(&query, None, Some("mila")).expect("this vendor has that read")
        });
        for request in reads.chain([probe_keyless(vendor), unlisted()]) {
            assert_eq!(request.method(), Method::GET, "{vendor:?}");
            assert!(request.body().is_empty());
        }
        // The first probe is also the vendor's probe.
        let first = setting.probes.first().and_then(|probe| query(*probe, &connection, None));
        assert_eq!(first, protocol(vendor).probe(), "{vendor:?}");
    }
}

#[test]
fn who_acts_is_looked_for_only_where_somebody_does() {
    let probes = |acting_as| {
        setting(&connection(Vendor::CometChat, ConnectionKind::Direct, acting_as), true, false, true).probes
    };
    assert!(probes(Some("mila")).contains(&Probe::Acting));
    assert!(!probes(None).contains(&Probe::Acting));
}

#[test]
fn fixtures_have_the_voice_of_their_vendor() {
    for vendor in Vendor::ALL {
        for fixture in fixture::all(vendor.slug()).iter().filter(|fixture| fixture.kind == "response") {
            let response = fixture.response();
            let is_blank = serde_json::from_slice::<serde_json::Value>(response.body())
                .map_or(true, |body| body.as_object().is_none_or(serde_json::Map::is_empty))
                // A failure without the vendor's envelope.
                || fixture.file.ends_with("any.no_envelope.response.json");
            let expected = if is_blank { Responder::Other } else { Responder::Vendor };
            assert_eq!(responder(vendor, &response, None), expected, "{}", fixture.file);
        }
    }
}

#[test]
fn pages_other_services_and_relays_are_told_apart() {
    let page = answer(200, "<!DOCTYPE html><html><script src=\"boot-1.js\"></script></html>");
    let mut typed = answer(403, "<h1>No</h1>");
    typed.headers_mut().insert("content-type", "text/html; charset=utf-8".parse().expect("a value"));
    let mut relayed = answer(401, "{\"error\":true}");
    relayed.headers_mut().insert("muster-relay", "sign-in".parse().expect("a value"));
    let table = [
        (&page, Some("boot-1.js"), Responder::OwnPage),
        (&page, Some("boot-2.js"), Responder::Page),
        (&page, None, Responder::Page),
        (&typed, None, Responder::Page),
        (&relayed, None, Responder::Relay(RelaySays::SignIn)),
        (&answer(200, "{\"uptime\":4711}"), None, Responder::Other),
        (&answer(200, "[]"), None, Responder::Other),
        (&answer(200, ""), None, Responder::Other),
        (&answer(200, "é<!"), None, Responder::Other),
    ];
    for (response, own_page, expected) in table {
        for vendor in Vendor::ALL {
            assert_eq!(responder(vendor, response, own_page), expected);
        }
    }
}

#[test]
fn every_error_about_a_key_is_blamed_on_the_key_its_rights_or_the_app() {
    for entry in catalogue::all() {
        let Some(vendor) = entry.vendor.filter(|_| entry.class == domain::ErrorClass::Auth) else { continue };
        let mut error = domain::ApiError::new(
            entry.class,
            domain::api_error::ErrorOrigin::Vendor,
            entry.code.unwrap_or_default(),
        );
        error.status = entry.status;
        assert_ne!(blame(vendor, &error), Blame::Other, "{entry:?}");
    }
}

proptest! {
    #[test]
    fn no_answer_confuses_who_speaks(
        (vendor, response) in prop::sample::select(&Vendor::ALL[..]).prop_flat_map(|one| (Just(one), answer_of(one))),
        own_page in prop::option::of(".{0,4}"),
    ) {
        let responder = responder(vendor, &response, own_page.as_deref());
        prop_assert!(!matches!(responder, Responder::Relay(_)), "answers of fixtures have no such header");
    }
}

#[test]
fn the_lines_for_a_service_name_this_origin_and_nothing_more() {
    let needs = needs(&connection(Vendor::CometChat, ConnectionKind::Direct, None));
    assert_eq!(
        cors(&needs, "https://muster.example"),
        "Access-Control-Allow-Origin: https://muster.example\n\
         Vary: Origin\n\
         Access-Control-Expose-Headers: x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-rate-limit, \
         x-rate-limit-remaining, x-rate-limit-reset, retry-after, date\n\
         \n\
         Access-Control-Allow-Methods: GET, POST, PUT, DELETE\n\
         Access-Control-Allow-Headers: apikey, content-type\n\
         Access-Control-Max-Age: 600"
    );
}

#[test]
fn the_lines_for_a_relay_are_those_of_the_recipes() {
    let recipe = |name: &str| fixture::contract(&format!("../deploy/{name}"));
    let relay = |vendor, address: &str| Connection {
        base_url: BaseUrl::parse(address, true).expect("an address"),
        ..connection(vendor, ConnectionKind::Relay, None)
    };
    /// The lines of a recipe without comments and blank lines.
    fn plain(text: &str) -> Vec<String> {
        let line = |line: &str| line.split('#').next().unwrap_or_default().trim().to_owned();
        text.lines().map(line).filter(|line| !line.is_empty()).collect()
    }
    let nginx = plain(&recipe("nginx/muster.conf"));
    let caddy = plain(&recipe("caddy/Caddyfile"));
    for (vendor, address) in [
        (Vendor::CometChat, "/relay/cometchat/superhero-fans/v3"),
        (Vendor::Networked, "/relay/networked/founders-guild"),
        (Vendor::Genuin, "/relay/genuin/loop-studio"),
    ] {
        let relay = relay(vendor, address);
        let is_to_edit = |line: &String| line.contains("$muster_vendor") || line.contains("reverse_proxy");
        for line in plain(&relay_of_nginx(&relay)).iter().filter(|line| !is_to_edit(line)) {
            assert!(nginx.contains(line), "nginx: {line}");
        }
        for line in plain(&relay_of_caddy(&relay)).iter().filter(|line| !is_to_edit(line)) {
            assert!(caddy.contains(line), "caddy: {line}");
        }
    }
    // An address outside `/relay/<vendor>/` is replaced by one that fits the recipes.
    let elsewhere = relay_of_nginx(&relay(Vendor::Networked, "https://relay.example/people"));
    assert!(elsewhere.starts_with("location ^~ /relay/networked/superhero-fans/ {"), "{elsewhere}");
}
