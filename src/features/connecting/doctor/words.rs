//! Findings in words: a title, what was measured, and what to do.

use domain::examination::{Check, CheckResult, CheckStatus, Finding, Probe, ResultCounts};
use domain::{Connection, Millis};
use leptos::prelude::window;

use crate::features::error_words;
use crate::features::words;
use browser::transport;
use i18n::{format_list, format_number, text};

/// Seconds after which a keyless probe times out, as text.
const PATIENCE_S: &str = "10";

/// A row in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub title: String,
    /// What was measured: a duration, a status, where it comes from.
    pub measure: String,
    /// What it means and what to do.
    pub body: String,
}

/// The origin of this console's pages.
pub(super) fn page_origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Scheme, host and port of a connection's address.
pub(super) fn origin_of(connection: &Connection) -> String {
    let address = transport::base(&connection.base_url);
    let (scheme, rest) = address.split_once("://").unwrap_or(("", &address));
    [scheme, "://", rest.split('/').next().unwrap_or_default()].concat()
}

/// Describes a row.
pub(super) fn said(row: &CheckResult, connection: &Connection) -> Said {
    let title = title(row, connection);
    let body = body(row, connection);
    Said { title, measure: measure(row, connection), body }
}

fn title(row: &CheckResult, connection: &Connection) -> String {
    let vendor = connection.vendor.name();
    let is_relay = connection.kind == domain::ConnectionKind::Relay;
    match (&row.finding, row.check) {
        (Finding::AddressOwn, _) => text::doctor_address_own(),
        (Finding::AddressOpen, _) => text::doctor_address_open(),
        (Finding::AddressBlocked, _) => text::doctor_address_blocked(),
        (Finding::AddressInsecure, _) => text::doctor_address_insecure(),
        (Finding::AddressMoved, _) => text::doctor_address_moved(),
        (Finding::HostOffline, _) => text::doctor_host_offline(),
        (Finding::HostDead, _) => text::doctor_host_dead(),
        (Finding::HostLate, _) => text::doctor_host_late(),
        (Finding::ReadableIfGood, _) => text::doctor_readable_if_good(),
        (Finding::ReadableNo, _) => text::doctor_readable_no(),
        (Finding::HeadersRefused(..), _) => text::doctor_headers_refused(),
        (Finding::HeadersNone(_), _) => text::doctor_headers_none(),
        (Finding::LetIn, _) => text::doctor_let_in(),
        (Finding::SignInAsked, _) => text::doctor_sign_in_asked(),
        (Finding::SignInPage, _) => text::doctor_sign_in_page(),
        (Finding::SignInOver, _) => text::doctor_sign_in_over(),
        (Finding::StrangersIn, _) => text::doctor_strangers_in(),
        (Finding::UnlistedIn, _) => text::doctor_unlisted_in(),
        (Finding::AppUnknown, _) => text::doctor_app_unknown(),
        (Finding::OwnPage, _) => text::doctor_own_page(),
        (Finding::WebPage, _) => text::doctor_web_page(vendor),
        (Finding::OtherService, _) => text::doctor_other_service(vendor),
        (Finding::Unreadable, _) => text::doctor_unreadable(),
        (Finding::RelayThere, _) => text::doctor_relay_there(),
        (Finding::RelayHasNoWay, _) => text::doctor_relay_no_way(),
        (Finding::RelayBroken, _) => text::doctor_relay_broken(vendor),
        (Finding::KeyRefused, _) if is_relay => text::doctor_key_refused_relay(),
        (Finding::KeyRefused, _) => text::doctor_key_refused(),
        (Finding::TokenHidden, _) => text::doctor_token_hidden(),
        (Finding::KeyUnclear, _) if row.status.is_none() => text::doctor_key_lost(),
        (Finding::KeyUnclear, _) => text::doctor_key_unclear(),
        (Finding::CanNamed(name), _) => text::doctor_community_named(name),
        (Finding::Cannot, Check::Probe(probe)) => cannot(probe),
        (Finding::RatesNone, _) => text::doctor_rates_none(),
        (Finding::RatesUndocumented, _) => text::doctor_rates_undocumented(),
        (Finding::RatesHidden, _) => text::doctor_rates_hidden(),
        (Finding::RatesSmall(limit), _) => text::doctor_rates_small(&format_number(*limit as f64)),
        (Finding::RatesLarge(limit), _) => text::doctor_rates_large(&format_number(*limit as f64)),
        (Finding::ClockAhead(ms), _) => text::doctor_clock_ahead(&off(*ms)),
        (Finding::ClockBehind(ms), _) => text::doctor_clock_behind(&off(*ms)),
        (Finding::CannotTell, Check::Clock) => text::doctor_clock_unknown(),
        (_, check) => question(check, connection),
    }
}

/// Names a check by its desired result.
fn question(check: Check, connection: &Connection) -> String {
    match check {
        Check::Address => text::doctor_address(),
        Check::Host => text::doctor_host(),
        Check::Readable => text::doctor_readable(),
        Check::Preflight => text::doctor_headers(),
        Check::Methods => text::doctor_methods(),
        Check::SignIn => text::doctor_let_in(),
        Check::Service => match region(connection) {
            Some(region) => text::doctor_service_app(&region),
            None => text::doctor_service(connection.vendor.name()),
        },
        Check::Strangers => text::doctor_strangers_out(),
        Check::Unlisted => text::doctor_unlisted_out(),
        Check::Key if connection.kind == domain::ConnectionKind::Relay => text::doctor_key_relay(),
        Check::Key => text::doctor_key(),
        Check::Probe(probe) => can(probe),
        Check::Rights => text::doctor_rights(),
        Check::Rates => text::doctor_rates(),
        Check::Clock => text::doctor_clock(),
    }
}

/// The region in the host's name, where a vendor has regions.
fn region(connection: &Connection) -> Option<String> {
    let host = origin_of(connection);
    vendors::profile(connection.vendor).region_of(&host).map(str::to_owned)
}

fn can(probe: Probe) -> String {
    match probe {
        Probe::Community => text::doctor_community(),
        Probe::People => text::doctor_people(),
        Probe::Roles => text::doctor_roles(),
        Probe::Prices => text::doctor_prices(),
        Probe::Groups => text::doctor_groups(),
        Probe::Members => text::doctor_members(),
        Probe::Acting => text::doctor_acting(),
    }
}

fn cannot(probe: Probe) -> String {
    match probe {
        Probe::Community => text::doctor_community_cannot(),
        Probe::People => text::doctor_people_cannot(),
        Probe::Roles => text::doctor_roles_cannot(),
        Probe::Prices => text::doctor_prices_cannot(),
        Probe::Groups => text::doctor_groups_cannot(),
        Probe::Members => text::doctor_members_cannot(),
        Probe::Acting => text::doctor_acting_cannot(),
    }
}

fn measure(row: &CheckResult, connection: &Connection) -> String {
    match &row.finding {
        Finding::ToCome => text::doctor_to_come(),
        _ if row.standing == CheckStatus::NotTried => text::doctor_untried(),
        Finding::AddressFine | Finding::AddressOpen => {
            connection.base_url.as_str().split("://").next().unwrap_or_default().to_owned()
        }
        Finding::HostAnswers(ms) => text::doctor_ms(&format_number(*ms as f64)),
        Finding::ReadableYes => "CORS".to_owned(),
        Finding::RatesSmall(_) | Finding::RatesLarge(_) | Finding::RatesRead(_) => {
            text::doctor_from_headers()
        }
        Finding::RatesNone | Finding::RatesUndocumented => pace(connection),
        Finding::ClockRight(ms) => text::doctor_seconds(&seconds(*ms)),
        _ => row.status.filter(|status| *status > 0).map_or_else(String::new, |status| status.to_string()),
    }
}

/// The limit with the longest window, which governs sustained throughput.
fn pace(connection: &Connection) -> String {
    let windows = vendors::limits(connection.vendor, connection).windows;
    let slowest = windows.iter().max_by_key(|window| window.span_ms);
    match slowest.map(|window| (window.span_ms, format_number(f64::from(window.max)))) {
        Some((60_000, calls)) => text::doctor_per_minute(&calls),
        Some((3_600_000, calls)) => text::doctor_per_hour(&calls),
        _ => String::new(),
    }
}

/// A clock's deviation, to the nearest minute.
fn off(ms: Millis) -> String {
    words::duration((ms + 30_000) / 60_000 * 60_000)
}

/// Seconds with one decimal place.
pub(super) fn seconds(ms: Millis) -> String {
    format_number((ms as f64 / 100.0).round() / 10.0)
}

fn names(names: &[Box<str>]) -> String {
    format_list(&names.iter().map(ToString::to_string).collect::<Vec<_>>())
}

fn body(row: &CheckResult, connection: &Connection) -> String {
    let vendor = connection.vendor.name();
    let host = origin_of(connection);
    let page = page_origin();
    let is_relay = connection.kind == domain::ConnectionKind::Relay;
    match (&row.finding, row.check) {
        (Finding::AddressOpen, _) => text::doctor_address_open_body(),
        (Finding::AddressBlocked, _) => text::doctor_address_blocked_body(&host),
        (Finding::AddressInsecure, _) => text::doctor_address_insecure_body(),
        (Finding::AddressMoved, _) => text::doctor_address_moved_body(vendor),
        (Finding::HostOffline, _) => text::doctor_host_offline_body(),
        (Finding::HostDead, _) => text::doctor_host_dead_body(&host),
        (Finding::HostLate, _) => {
            text::doctor_host_late_body(text::DoctorHostLateBody { origin: &host, seconds: PATIENCE_S })
        }
        (Finding::ReadableIfGood, _) => text::doctor_readable_if_good_body(),
        (Finding::ReadableNo, _) => text::doctor_readable_no_body(&page),
        (Finding::HeadersRefused(refused, passed), _) => {
            let is_key = !passed.is_empty() && !refused.iter().any(|name| KEYS.contains(&&**name));
            let refused = names(refused);
            if is_key {
                text::doctor_headers_change_body(&refused)
            } else {
                text::doctor_headers_refused_body(&refused)
            }
        }
        (Finding::HeadersNone(refused), _) => text::doctor_headers_none_body(&names(refused)),
        (Finding::MethodsUntried(methods), _) => text::doctor_methods_body(&names(methods)),
        (Finding::SignInAsked, _) => text::doctor_sign_in_asked_body(),
        (Finding::SignInPage, _) => text::doctor_sign_in_page_body(),
        (Finding::SignInOver, _) => text::doctor_sign_in_over_body(),
        (Finding::StrangersIn, _) => text::doctor_strangers_in_body(),
        (Finding::UnlistedIn, _) => text::doctor_unlisted_in_body(vendor),
        (Finding::OwnPage, _) => text::doctor_own_page_body(),
        (Finding::WebPage, _) => text::doctor_web_page_body(),
        (Finding::OtherService, _) => text::doctor_other_service_body(),
        (Finding::Unreadable, _) => text::doctor_unreadable_body(vendor),
        (Finding::RelayThere, _) => text::doctor_relay_there_body(vendor),
        (Finding::RelayHasNoWay, _) => text::doctor_relay_no_way_body(&page),
        (Finding::RelayBroken, _) => text::doctor_relay_broken_body(vendor),
        (Finding::TokenHidden, _) => text::doctor_token_hidden_body(),
        (Finding::KeyUnclear, _) if row.status.is_none() => text::doctor_key_lost_body(),
        (Finding::KeyRefused, _) if is_relay => {
            [vendor_words(row, connection).0, text::doctor_key_relay_body()].join(" ")
        }
        (Finding::AppUnknown | Finding::KeyRefused | Finding::KeyUnclear, _) => both(row, connection),
        (Finding::Cannot, _) if row.status.is_none() => text::doctor_cannot_lost(),
        (Finding::Cannot, _) => both(row, connection),
        (Finding::NothingThere, _) => text::doctor_nothing_there(),
        (Finding::NothingReadable, Check::Key) if is_relay => text::doctor_key_behind(vendor),
        (Finding::NothingReadable, Check::Key) => text::doctor_key_token(vendor),
        (Finding::NothingReadable, _) => text::doctor_rights_body(vendor),
        (Finding::KeyMissing, _) => text::doctor_key_missing(),
        (Finding::RatesNone, _) => text::doctor_rates_none_body(),
        (Finding::RatesUndocumented, _) => text::doctor_rates_undocumented_body(vendor),
        (Finding::RatesHidden, _) => text::doctor_rates_hidden_body(vendor),
        (Finding::RatesSmall(limit), _) => text::doctor_rates_small_body(&format_number(*limit as f64)),
        (Finding::RatesLarge(_), _) => text::doctor_rates_large_body(),
        (Finding::ClockAhead(_) | Finding::ClockBehind(_), _) => text::doctor_clock_body(),
        (Finding::CannotTell, Check::Clock) => text::doctor_clock_unknown_body(),
        (Finding::CannotTell, Check::Preflight) => text::doctor_headers_cannot(),
        (Finding::CannotTell, _) => text::doctor_cannot_tell(),
        (Finding::WaitsForReach, _) => text::doctor_waits_reach(),
        (Finding::WaitsForSignIn, _) => text::doctor_waits_sign_in(),
        (Finding::WaitsForKey, _) => text::doctor_waits_key(),
        (Finding::WaitsForRights, _) => text::doctor_waits_rights(),
        (Finding::Stopped, _) => text::doctor_stopped(),
        (Finding::NoRoom(wait_ms), _) => text::doctor_no_room(&words::duration(*wait_ms)),
        (
            Finding::ToCome
            | Finding::AddressFine
            | Finding::AddressOwn
            | Finding::HostAnswers(_)
            | Finding::ReadableYes
            | Finding::HeadersPass(_)
            | Finding::LetIn
            | Finding::StrangersOut
            | Finding::UnlistedOut
            | Finding::IsVendor
            | Finding::KeyAccepted
            | Finding::Can
            | Finding::CanNamed(_)
            | Finding::RatesRead(_)
            | Finding::ClockRight(_),
            _,
        ) => String::new(),
    }
}

/// Headers that carry a key; without them no read is possible.
const KEYS: [&str; 3] = ["apikey", "x-api-key", "authorization"];

/// What the vendor's refusal means, and what to do about it.
fn vendor_words(row: &CheckResult, connection: &Connection) -> (String, String) {
    row.error
        .as_ref()
        .map_or_else(Default::default, |error| error_words::read_error(connection.vendor, error))
}

fn both(row: &CheckResult, connection: &Connection) -> String {
    let (meaning, operator) = vendor_words(row, connection);
    [meaning, operator].join(" ")
}

/// The sentence above the list: what to do first, and the number of checks by standing.
pub(super) fn summary(counts: ResultCounts) -> (String, String) {
    let first = match (counts.n_failed, counts.n_passed) {
        (0, 0) => text::doctor_summary_unknown(),
        (0, _) => text::doctor_summary_fine(),
        (n, _) => text::doctor_summary_fix(n),
    };
    let parts: Vec<String> = [
        (counts.n_passed, &text::doctor_n_passed as &dyn Fn(usize) -> String),
        (counts.n_to_know, &text::doctor_n_to_know),
        (counts.n_failed, &text::doctor_n_failed),
        (counts.n_not_tried, &text::doctor_n_not_tried),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, words)| words(n))
    .collect();
    (first, text::doctor_list_end(&format_list(&parts)))
}
