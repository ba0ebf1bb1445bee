//! Command line options.

use std::path::PathBuf;

use domain::{Credentials, Secret, Vendor};
use lexopt::prelude::*;
use sandbox::cometchat::{EmptyScopes, FailedEntry};
use sandbox::networked::PlansForm;
use sandbox::{KeyPolicy, Keys, Settings};

use crate::cors::Origins;

/// The text of `--help`.
pub const HELP: &str = "\
sandbox-server [--port 8081] [--db FILE] [--origin ORIGIN]... [--reset] [SWITCHES]

Imitates each vendor on 127.0.0.1, below its name in lower case and the end of its base URLs, if it has one.

  --port N            0 for any free port                                   (8081)
  --db FILE           where the journal is kept; without it nothing is kept
  --origin ORIGIN     pages that may read answers, as http://127.0.0.1:8080; may be repeated
  --reset             forget what the journal holds and begin with the seed
  --exact-keys        let in only the keys in the environment: SANDBOX_<VENDOR>_KEY for each vendor,
                      and SANDBOX_<VENDOR>_SECRET where a key has a secret

Switches, for what the vendors leave open:
  --no-latency --no-rate-limits --no-retry-after --small-plan --token-lifetime-s N
  --expired-is-precondition --token-in-body --genuin-per-minute N --list-existing-members
  --no-bare-user-ids --error-true-with-200 --repeated-add-succeeds --failure-as-object
  --plans array|wrapped|not-understood --empty-scopes object|array|absent
  --failed-entry success-false|error-only|bare|text --wrapped-in-members
  --ban-needs-membership --bans-hold --old-rate-headers --unknown-fields

Below /crooked/NAME, before the path of a vendor, something is wrong with the host itself:
  no-origin no-preflight no-key-header no-content-type no-acting no-methods no-expose silent-refusals
  moved moved-silently page other-service hang clock-right clock-ahead clock-behind small-plan large-plan

GET /inspect shows the whole state, GET /sentinels the values that provoke failures,
POST /reset begins again with the seed. POST /hold/WORD+WORD does what calls with these words ask for and keeps
their answers until DELETE /hold/WORD+WORD.
";

/// The parsed command line.
#[derive(Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 for any free one.
    pub port: u16,
    /// The journal file; `None` to keep the journal in memory.
    pub db: Option<PathBuf>,
    /// The origins whose pages may read responses.
    pub origins: Origins,
    /// True to clear the journal first.
    pub reset: bool,
    /// The sandbox's settings.
    pub settings: Settings,
}

impl Options {
    /// Parses the command line; `None` if help was requested.
    ///
    /// # Errors
    /// If an argument is unknown or invalid.
    pub fn parse(mut parser: lexopt::Parser) -> Result<Option<Self>, lexopt::Error> {
        let mut origins = Vec::new();
        let mut port = 8081;
        let mut db = None;
        let mut reset = false;
        let mut settings = Settings::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Short('h') | Long("help") => return Ok(None),
                Long("port") => port = parser.value()?.parse()?,
                Long("db") => db = Some(PathBuf::from(parser.value()?)),
                Long("origin") => origins.push(parser.value()?.string()?),
                Long("reset") => reset = true,
                Long("exact-keys") => settings.keys = KeyPolicy::Exact(keys_of_environment()?),
                Long("token-lifetime-s") => {
                    settings.genuin.token_lifetime_ms = parser.value()?.parse_with(seconds_as_ms)?;
                }
                Long("genuin-per-minute") => settings.genuin.per_minute = Some(parser.value()?.parse()?),
                Long("plans") => settings.networked.plans = parser.value()?.parse_with(plans_form)?,
                Long("empty-scopes") => {
                    settings.cometchat.empty_scopes = parser.value()?.parse_with(empty_scopes)?
                }
                Long("failed-entry") => {
                    settings.cometchat.failed_entry = parser.value()?.parse_with(failed_entry)?
                }
                Long(name) => match switch(&mut settings, name) {
                    Some((field, value)) => *field = value,
                    None => return Err(argument.unexpected()),
                },
                _ => return Err(argument.unexpected()),
            }
        }
        let origins = Origins::parse(&origins)
            .map_err(|origin| format!("expected an origin as http://127.0.0.1:8080, found {origin:?}"))?;
        Ok(Some(Self { port, db, origins, reset, settings }))
    }
}

/// The field that a switch without a value sets, and its new value.
fn switch<'a>(settings: &'a mut Settings, name: &str) -> Option<(&'a mut bool, bool)> {
    Some(match name {
        "no-latency" => (&mut settings.latency, false),
        "no-rate-limits" => (&mut settings.rate_limits, false),
        "no-retry-after" => (&mut settings.retry_after, false),
        "small-plan" => (&mut settings.cometchat.small_plan, true),
        "expired-is-precondition" => (&mut settings.genuin.expired_is_precondition, true),
        "token-in-body" => (&mut settings.genuin.token_in_body, true),
        "list-existing-members" => (&mut settings.genuin.list_existing_members, true),
        "no-bare-user-ids" => (&mut settings.genuin.bare_user_ids, false),
        "error-true-with-200" => (&mut settings.networked.error_true_with_200, true),
        "repeated-add-succeeds" => (&mut settings.networked.repeated_add_succeeds, true),
        "failure-as-object" => (&mut settings.networked.failure_as_object, true),
        "wrapped-in-members" => (&mut settings.cometchat.wrapped_in_members, true),
        "ban-needs-membership" => (&mut settings.cometchat.ban_needs_membership, true),
        "bans-hold" => (&mut settings.cometchat.bans_hold, true),
        "old-rate-headers" => (&mut settings.cometchat.old_rate_headers, true),
        "unknown-fields" => (&mut settings.unknown_fields, true),
        _ => return None,
    })
}

fn seconds_as_ms(text: &str) -> Result<u64, String> {
    let seconds = text.parse::<u64>().map_err(|error| error.to_string())?;
    seconds.checked_mul(1_000).ok_or_else(|| "too many seconds".to_owned())
}

fn plans_form(text: &str) -> Result<PlansForm, String> {
    one_of(
        text,
        &[
            ("array", PlansForm::Array),
            ("wrapped", PlansForm::Wrapped),
            ("not-understood", PlansForm::NotUnderstood),
        ],
    )
}

fn empty_scopes(text: &str) -> Result<EmptyScopes, String> {
    one_of(
        text,
        &[("object", EmptyScopes::Object), ("array", EmptyScopes::Array), ("absent", EmptyScopes::Absent)],
    )
}

fn failed_entry(text: &str) -> Result<FailedEntry, String> {
    one_of(
        text,
        &[
            ("success-false", FailedEntry::SuccessFalse),
            ("error-only", FailedEntry::ErrorOnly),
            ("bare", FailedEntry::Bare),
            ("text", FailedEntry::Text),
        ],
    )
}

fn one_of<T: Copy>(text: &str, values: &[(&str, T)]) -> Result<T, String> {
    values.iter().find(|(name, _)| *name == text).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<_> = values.iter().map(|(name, _)| *name).collect();
        format!("expected one of {}", names.join(", "))
    })
}

/// Reads the keys from the environment, because a command line is visible to every process.
fn keys_of_environment() -> Result<Keys, String> {
    let key = |name: &str| {
        let text = std::env::var(name).map_err(|_| format!("expected a key in the environment as {name}"))?;
        Secret::parse_key(&text).map_err(|error| format!("{name}: {error}"))
    };
    let of_vendor = |vendor: Vendor| {
        let name = vendor.slug().to_uppercase();
        let own = key(&format!("SANDBOX_{name}_KEY"))?;
        Ok((
            vendor,
            if sandbox::has_secret(vendor) {
                Credentials::KeyAndSecret { key: own, secret: key(&format!("SANDBOX_{name}_SECRET"))? }
            } else {
                Credentials::Key(own)
            },
        ))
    };
    Ok(Keys::new(Vendor::ALL.into_iter().map(of_vendor).collect::<Result<Vec<_>, String>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Options>, lexopt::Error> {
        Options::parse(lexopt::Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn reads_ports_origins_and_switches() {
        let line = "--port 0 --db x.db --origin http://127.0.0.1:8080 --no-latency --small-plan \
                    --token-lifetime-s 5 --empty-scopes absent";
        let options = parse(line).unwrap().unwrap();
        assert_eq!(options.port, 0);
        assert_eq!(options.db, Some(PathBuf::from("x.db")));
        assert!(
            !options.settings.latency
                && options.settings.cometchat.small_plan
                && options.settings.rate_limits
        );
        assert_eq!(options.settings.genuin.token_lifetime_ms, 5_000);
        assert_eq!(options.settings.cometchat.empty_scopes, EmptyScopes::Absent);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for line in
            ["--what", "--port x", "--origin *", "--origin http://a/b", "--plans round", "extra", "--port"]
        {
            assert!(parse(line).is_err(), "{line}");
        }
        assert!(parse("--help").unwrap().is_none());
    }
}
