//! Properties that hold for any file.

use hosting::{Config, headers};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const FIELDS: [&str; 33] = [
    "$schema",
    "connections",
    "hosts",
    "picture_hosts",
    "limits",
    "brand",
    "features_off",
    "sandbox",
    "id",
    "vendor",
    "name",
    "reach",
    "base_url",
    "acting_as",
    "small_plan",
    "calls_per_minute",
    "communities",
    "groups",
    "people_in_plan",
    "lock_after_minutes",
    "keys",
    "logo",
    "accent",
    "light",
    "dark",
    "genuin",
    "networked",
    "reviews",
    "approvals",
    "approvers",
    "key",
    "for",
    "request_hours",
];

/// Arbitrary JSON that uses known field names often enough to get deep into the parser.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        any_origin().prop_map(Value::from),
        prop::sample::select(vec![
            "relay",
            "direct",
            "genuin",
            "cometchat",
            "sandbox",
            "memory",
            "#102030",
            "a.svg",
            "ban",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 60, 6, |inner| {
        let name = prop_oneof![4 => prop::sample::select(FIELDS.to_vec()).prop_map(str::to_owned), 1 => ".*"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Texts that resemble origins.
fn any_origin() -> impl Strategy<Value = String> {
    ("(https|http|HTTPS|ws)?(://|:)", "[a-zA-Z0-9.*@;, \n\r'/?#\\[\\]:_-]{0,24}", "(:[0-9]{0,6})?/?")
        .prop_map(|(scheme, host, end)| scheme + &host + &end)
}

fn connection(address: String) -> Value {
    json!({ "id": "a", "vendor": "networked", "name": "A", "reach": "relay", "base_url": address })
}

/// Checks that the policy has exactly the usual directives and that each source names one origin.
fn holds(config: &Config) -> Result<(), TestCaseError> {
    let policy = headers::content_security_policy(config);
    let usual = headers::content_security_policy(&Config::default());
    let names = |policy: &str| -> Vec<String> {
        policy.split(';').map(|part| part.split_whitespace().next().unwrap_or_default().to_owned()).collect()
    };
    prop_assert_eq!(names(&policy), names(&usual));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " '-;:/.".contains(c);
    prop_assert!(policy.chars().all(is_plain), "{policy}");
    for name in ["connect-src 'self'", "img-src 'self'"] {
        let sources = policy.split("; ").find_map(|part| part.strip_prefix(name));
        prop_assert!(sources.is_some(), "{policy}");
        for source in sources.unwrap_or_default().split_whitespace() {
            prop_assert!(
                source.starts_with("https://")
                    || source.starts_with("http://localhost")
                    || source.starts_with("http://127.")
            );
            prop_assert!(source.matches('/').count() == 2 && source.len() > "https://".len(), "{source}");
        }
    }
    for (name, value) in headers::security(config) {
        prop_assert!(!value.contains(['\n', '\r']) && !name.contains(['\n', '\r', ':']));
        prop_assert!(!value.contains('*'));
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_a_reason(text in ".*") {
        match Config::parse(&text) {
            Ok(config) => holds(&config)?,
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }

    #[test]
    fn any_json_is_read_or_refused_with_sentences_on_one_line(value in any_json()) {
        match Config::parse(&value.to_string()) {
            Ok(config) => holds(&config)?,
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    let told = problem.to_string();
                    prop_assert!(!told.contains(char::is_control) && told.len() < 2000, "{told:?}");
                }
            }
        }
    }

    #[test]
    fn no_accepted_origin_widens_the_policy(host in any_origin(), sandbox in any_origin(), address in any_origin()) {
        for config in [json!({ "hosts": [host] }), json!({ "picture_hosts": [host] }), json!({ "sandbox": sandbox }), json!({ "connections": [connection(address)] })] {
            if let Ok(config) = Config::parse(&config.to_string()) {
                holds(&config)?;
            }
        }
    }
}

#[test]
fn the_law_of_origins_is_not_empty() {
    let config = json!({ "hosts": ["https://a-b.example:8443"], "picture_hosts": ["https://d.example"], "connections": [connection("https://c.example/x".to_owned())] });
    let config = Config::parse(&config.to_string()).unwrap();
    holds(&config).unwrap();
    assert_eq!((config.origins().len(), config.picture_hosts.len()), (2, 1));
}
