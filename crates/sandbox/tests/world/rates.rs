//! Rate limits and 429s.

use domain::Vendor::{self, CometChat, Genuin, Networked};
use sandbox::{Settings, World, cometchat, genuin};

use super::ask::{NOW, request, response};

fn calls(world: &mut World, vendor: Vendor, path: &str, key: &str, at: u64) -> http::Response<Vec<u8>> {
    let name = sandbox::key_header(vendor);
    response(world.handle(vendor, &request(vendor, "GET", path, &[(name, key)], ""), at))
}

#[test]
fn networked_lets_10_a_minute_50_in_ten_120_an_hour_through() {
    let mut world = World::new(Settings::default());
    let mut accepted = Vec::new();
    for second in 0..7_200 {
        let answer = calls(&mut world, Networked, "/api/v1/global/tags/community", "k", NOW + second * 1000);
        if answer.status() == 200 {
            accepted.push(second);
        } else {
            assert_eq!(answer.status(), 429);
            let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=3600).contains(&wait));
        }
    }
    assert_eq!(accepted.len(), 240);
    for (span, max) in [(60, 10), (600, 50), (3600, 120)] {
        assert!(accepted.iter().all(|&start| {
            accepted.iter().filter(|&&at| at >= start && at < start + span).count() <= max
        }));
    }
}

#[test]
fn keys_are_counted_apart_and_retry_after_can_be_left_out() {
    let mut world = World::new(Settings { retry_after: false, ..Settings::default() });
    for _ in 0..10 {
        assert_eq!(calls(&mut world, Networked, "/api/v1/global/tags/community", "a", NOW).status(), 200);
    }
    let refused = calls(&mut world, Networked, "/api/v1/global/tags/community", "a", NOW);
    assert_eq!((refused.status().as_u16(), refused.headers().get("retry-after")), (429, None));
    assert_eq!(calls(&mut world, Networked, "/api/v1/global/tags/community", "b", NOW).status(), 200);
}

#[test]
fn the_small_plan_of_cometchat_has_500_a_minute() {
    let mut world = World::new(Settings {
        cometchat: cometchat::Settings {
            small_plan: true,
            old_rate_headers: true,
            ..cometchat::Settings::default()
        },
        ..Settings::default()
    });
    for _ in 0..500 {
        assert_eq!(calls(&mut world, CometChat, "/roles", "k", NOW).status(), 200);
    }
    let refused = calls(&mut world, CometChat, "/roles", "k", NOW + 59_999);
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "1");
    assert!(refused.headers().contains_key("x-rate-limit-reset"));
    assert_eq!(calls(&mut world, CometChat, "/roles", "k", NOW + 60_000).status(), 200);
}

#[test]
fn genuin_is_limited_only_by_a_switch() {
    let mut world = World::new(Settings {
        genuin: genuin::Settings { per_minute: Some(2), ..genuin::Settings::default() },
        ..Settings::default()
    });
    for expected in [404, 404, 429] {
        assert_eq!(calls(&mut world, Genuin, "/nowhere", "Bearer t", NOW).status(), expected);
    }
}
