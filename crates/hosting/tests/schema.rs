//! The parser and the JSON schema agree, and the schema describes every field.

use hosting::{Config, Reason, ReviewRules};
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("../../../public/config.schema.json");

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is one of its draft");
    jsonschema::draft202012::new(&schema).expect("the schema can be used")
}

fn one(change: Value) -> Value {
    let mut connection = json!({ "id": "fans", "vendor": "cometchat", "name": "Fans", "reach": "relay", "base_url": "/relay/cometchat" });
    for (field, value) in change.as_object().expect("a change is an object") {
        if let Some(connection) = connection.as_object_mut() {
            match value {
                Value::Null => connection.remove(field),
                value => connection.insert(field.clone(), value.clone()),
            };
        }
    }
    json!({ "connections": [connection] })
}

fn genuin(change: Value) -> Value {
    let mut config = one(change);
    config["connections"][0]["vendor"] = json!("genuin");
    config
}

const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const OTHER: &str = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

/// Rules with some fields of their own.
fn reviews(change: Value) -> Value {
    let approvers = json!([{ "name": "Ana", "key": KEY }, { "name": "Bea", "key": OTHER.to_uppercase() }]);
    let mut rules = json!({ "approvals": 1, "approvers": approvers, "for": ["admin", "ban"] });
    for (field, value) in change.as_object().expect("a change is an object") {
        rules[field] = value.clone();
    }
    json!({ "reviews": rules })
}

fn good() -> Vec<Value> {
    vec![
        json!({}),
        json!({ "$schema": "./config.schema.json" }),
        json!({ "connections": [], "hosts": [], "picture_hosts": [], "limits": {}, "brand": {}, "features_off": [] }),
        one(json!({})),
        one(json!({ "acting_as": "cap-admin", "small_plan": true })),
        one(json!({ "reach": "direct", "base_url": "https://app.api-eu.cometchat.io/v3" })),
        one(json!({ "reach": "direct", "base_url": "http://127.0.0.1:8081/cometchat/v3" })),
        one(json!({ "base_url": "https://relay.example/cometchat" })),
        one(json!({ "vendor": "networked", "small_plan": false })),
        one(json!({ "name": "Füße & <b>Söhne</b> 🎉" })),
        genuin(
            json!({ "calls_per_minute": 30, "communities": [{ "id": "1", "name": "All" }], "groups": [] }),
        ),
        json!({ "hosts": ["https://backend.networked.co", "https://relay.example:8443/", "http://localhost:1"] }),
        json!({ "picture_hosts": ["https://media.example", "http://127.0.0.1:9000"], "hosts": ["https://media.example"] }),
        json!({ "sandbox": "http://127.0.0.1:8081" }),
        json!({ "limits": { "people_in_plan": 5000, "calls_per_minute": { "networked": 5 }, "lock_after_minutes": 15 } }),
        json!({ "limits": { "people_in_plan": 5.0 } }),
        json!({ "limits": { "keys": [] } }),
        json!({ "limits": { "keys": ["memory", "device"] } }),
        json!({ "brand": { "name": "Acme", "logo": "brand/acme.svg", "accent": { "light": "#7A1F3D", "dark": "#f2a3bd" } } }),
        json!({ "features_off": ["adding_connections", "direct_connections", "sandbox", "invites", "import", "reviews", "offline"] }),
        json!({ "reviews": { "approvals": 0 } }),
        json!({ "reviews": { "approvals": 0 }, "features_off": ["reviews"] }),
        json!({ "reviews": { "approvals": 100 } }),
        reviews(json!({})),
        reviews(
            json!({ "approvals": 2, "author_may_approve": true, "request_hours": 72, "approval_hours": 1 }),
        ),
        reviews(json!({ "for": ["admin", "ban", "deletion", "message", "moderator"] })),
        reviews(json!({ "request_hours": 2160, "approval_hours": 168 })),
    ]
}

fn bad() -> Vec<Value> {
    vec![
        json!([]),
        json!(null),
        json!({ "conections": [] }),
        json!({ "connections": {} }),
        json!({ "connections": [1] }),
        json!({ "$schema": 1 }),
        one(json!({ "id": null })),
        one(json!({ "id": "Fans" })),
        one(json!({ "id": "a--b" })),
        one(json!({ "id": "~a" })),
        one(json!({ "id": "a".repeat(41) })),
        one(json!({ "vendor": "acme" })),
        one(json!({ "vendor": null })),
        one(json!({ "name": "  " })),
        one(json!({ "name": "a\nb" })),
        one(json!({ "name": "evil \u{202e}eman" })),
        one(json!({ "name": "n".repeat(81) })),
        one(json!({ "reach": "sandbox" })),
        one(json!({ "reach": null })),
        one(json!({ "reach": "direct" })),
        one(json!({ "base_url": "javascript:alert(1)" })),
        one(json!({ "base_url": "relay" })),
        one(json!({ "key": "secret" })),
        one(json!({ "small_plan": "yes" })),
        one(json!({ "calls_per_minute": 10 })),
        one(json!({ "communities": [] })),
        one(json!({ "vendor": "networked", "acting_as": "somebody" })),
        one(json!({ "vendor": "networked", "small_plan": true })),
        genuin(json!({ "acting_as": "somebody" })),
        genuin(json!({ "calls_per_minute": 0 })),
        genuin(json!({ "calls_per_minute": 601 })),
        genuin(json!({ "groups": [{ "id": "1" }] })),
        genuin(json!({ "groups": [{ "id": "1", "name": "a", "kind": "x" }] })),
        json!({ "hosts": "https://a.example" }),
        json!({ "hosts": ["https://*.example"] }),
        json!({ "hosts": ["https://a.example/path"] }),
        json!({ "hosts": ["https://user@a.example"] }),
        json!({ "hosts": ["http://a.example"] }),
        json!({ "hosts": ["https://a.example; script-src 'unsafe-inline'"] }),
        json!({ "hosts": ["https://a.example\n"] }),
        json!({ "hosts": ["https://a.example", "https://a.example"] }),
        json!({ "picture_hosts": "https://a.example" }),
        json!({ "picture_hosts": ["https://*.example"] }),
        json!({ "picture_hosts": ["http://a.example"] }),
        json!({ "picture_hosts": ["https://a.example/p.png"] }),
        json!({ "picture_hosts": ["data:"] }),
        json!({ "picture_hosts": ["https://a.example", "https://a.example"] }),
        json!({ "sandbox": "" }),
        json!({ "sandbox": false }),
        json!({ "limits": { "people_in_plan": 0 } }),
        json!({ "limits": { "people_in_plan": 1.5 } }),
        json!({ "limits": { "people_in_plan": "5" } }),
        json!({ "limits": { "calls_per_minute": 5 } }),
        json!({ "limits": { "calls_per_minute": { "acme": 5 } } }),
        json!({ "limits": { "lock_after_minutes": 1441 } }),
        json!({ "limits": { "lock_after_minutes": -1 } }),
        json!({ "limits": { "keys": ["disk"] } }),
        json!({ "limits": { "keys": ["tab", "tab"] } }),
        json!({ "brand": { "colour": "red" } }),
        json!({ "brand": { "name": "" } }),
        json!({ "brand": { "name": "n".repeat(41) } }),
        json!({ "brand": { "logo": "https://evil.example/a.svg" } }),
        json!({ "brand": { "logo": "/a.svg" } }),
        json!({ "brand": { "logo": "../a.svg" } }),
        json!({ "brand": { "logo": "a.gif" } }),
        json!({ "brand": { "accent": "#7a1f3d" } }),
        json!({ "brand": { "accent": { "light": "#7a1f3d" } } }),
        json!({ "brand": { "accent": { "light": "red", "dark": "#f2a3bd" } } }),
        json!({ "features_off": ["members"] }),
        json!({ "features_off": ["sandbox", "sandbox"] }),
        json!({ "reviews": {} }),
        json!({ "reviews": [] }),
        reviews(json!({ "approvals": -1 })),
        reviews(json!({ "approvals": 101 })),
        reviews(json!({ "approvals": true })),
        reviews(json!({ "approvers": [] })),
        reviews(json!({ "approvers": KEY })),
        reviews(json!({ "approvers": [KEY] })),
        reviews(json!({ "approvers": [{ "name": "Ana" }] })),
        reviews(json!({ "approvers": [{ "key": KEY }] })),
        reviews(json!({ "approvers": [{ "name": "Ana", "key": KEY, "words": "abandon" }] })),
        reviews(json!({ "approvers": [{ "name": "A\u{202e}na", "key": KEY }] })),
        reviews(json!({ "approvers": [{ "name": "n".repeat(81), "key": KEY }] })),
        reviews(json!({ "approvers": [{ "name": "Ana", "key": &KEY[1..] }] })),
        reviews(json!({ "approvers": [{ "name": "Ana", "key": format!("{KEY}0") }] })),
        reviews(json!({ "approvers": [{ "name": "Ana", "key": format!("{}g", &KEY[1..]) }] })),
        reviews(json!({ "approvers": [{ "name": "Ana", "key": "é".repeat(32) }] })),
        reviews(json!({ "author_may_approve": 1 })),
        reviews(json!({ "for": [] })),
        reviews(json!({ "for": "ban" })),
        reviews(json!({ "for": ["bans"] })),
        reviews(json!({ "for": ["ban", "ban"] })),
        reviews(json!({ "request_hours": 0 })),
        reviews(json!({ "request_hours": 2161 })),
        reviews(json!({ "approval_hours": 0 })),
        reviews(json!({ "approval_hours": 169 })),
    ]
}

/// Files that the schema accepts and the parser rejects.
fn only_the_parser_knows() -> Vec<(Value, &'static str)> {
    let twice = one(json!({}))["connections"][0].clone();
    let ana = json!({ "name": "Ana", "key": KEY.to_uppercase() });
    vec![
        (json!({ "connections": [twice, twice] }), "connections[1].id"),
        (json!({ "hosts": ["https://a.example", "https://A.example:443/"] }), "hosts[1]"),
        (json!({ "picture_hosts": ["https://a.example", "https://A.example:443/"] }), "picture_hosts[1]"),
        (json!({ "hosts": ["https://a.example:65536"] }), "hosts[0]"),
        (json!({ "hosts": ["https://127.1"] }), "hosts[0]"),
        (one(json!({ "acting_as": "no blanks" })), "connections[0].acting_as"),
        (one(json!({ "base_url": "/a/../b" })), "connections[0].base_url"),
        (one(json!({ "base_url": "https://[2001:db8::1]:8443/a" })), "connections[0].base_url"),
        (json!({ "brand": { "accent": { "light": "#7a1f3d", "dark": "#7a1f3d" } } }), "brand.accent.dark"),
        (reviews(json!({ "approvals": 3 })), "reviews.approvals"),
        (reviews(json!({ "approvers": [ana, { "name": "Eve", "key": KEY }] })), "reviews.approvers[1].key"),
        (
            reviews(json!({ "approvers": [ana, { "name": "ANA", "key": OTHER }] })),
            "reviews.approvers[1].name",
        ),
        (json!({ "reviews": { "approvals": 1 }, "features_off": ["reviews"] }), "features_off"),
    ]
}

#[test]
fn both_accept_what_is_good() {
    let schema = schema();
    for config in good() {
        assert!(schema.is_valid(&config), "schema: {config}");
        assert_eq!(Config::parse(&config.to_string()).err(), None, "parser: {config}");
    }
}

#[test]
fn both_refuse_what_is_bad() {
    let schema = schema();
    for config in bad() {
        assert!(!schema.is_valid(&config), "schema: {config}");
        assert!(Config::parse(&config.to_string()).is_err(), "parser: {config}");
    }
}

#[test]
fn the_parser_says_what_a_schema_cannot() {
    let schema = schema();
    for (config, path) in only_the_parser_knows() {
        assert!(schema.is_valid(&config), "schema: {config}");
        let problems = Config::parse(&config.to_string()).unwrap_err();
        assert_eq!(problems.iter().map(|problem| &*problem.path).collect::<Vec<_>>(), [path], "{config}");
    }
}

#[test]
fn every_field_is_described() {
    fn visit(path: &str, schema: &Value, missing: &mut Vec<String>) {
        let Some(object) = schema.as_object() else { return };
        for (field, property) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let path = format!("{path}.{field}");
            if property.get("description").is_none() {
                missing.push(path.clone());
            }
            visit(&path, property, missing);
        }
        for inner in ["items", "$defs"] {
            visit(path, object.get(inner).unwrap_or(&Value::Null), missing);
        }
    }
    let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let definitions = schema["$defs"].take();
    let mut missing = Vec::new();
    visit("config", &schema, &mut missing);
    for (name, definition) in definitions.as_object().unwrap() {
        visit(name, definition, &mut missing);
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn rules_for_reviews_are_read_as_written() {
    let config =
        Config::parse(&reviews(json!({ "author_may_approve": true, "request_hours": 72 })).to_string());
    let rules = config.expect("it is valid").reviews;
    let key = |text: &str| rules.approvers.iter().any(|it| hex(&it.key) == text);
    assert_eq!((rules.approvals, rules.author_may_approve, rules.is_policy()), (1, true, true));
    assert_eq!((rules.request_hours, rules.approval_hours), (Some(72), None));
    assert_eq!(rules.kinds, ["admin", "ban"]);
    assert_eq!(rules.approvers.iter().map(|it| &*it.name).collect::<Vec<_>>(), ["Ana", "Bea"]);
    assert!(key(KEY) && key(OTHER));
    let none = Config::parse(r#"{ "reviews": { "approvals": 0 } }"#).expect("it is valid").reviews;
    assert_eq!((none.clone(), none.is_policy()), (ReviewRules::default(), false));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_file_that_is_shipped_is_good() {
    let text = include_str!("../../../public/config.json");
    assert_eq!(Config::parse(text), Ok(Config::default()));
}

#[test]
fn the_example_in_the_documents_is_good() {
    let document = include_str!("../../../docs/config.md");
    let example = document.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(Config::parse(example).err(), None);
    assert!(schema().is_valid(&serde_json::from_str(example).unwrap()));
}

#[test]
fn all_problems_are_told_at_once_with_what_was_meant() {
    let text = r##"{
        "conections": [],
        "hosts": ["https://*.example", "http://a.example"],
        "brand": { "logo": 5, "accent": { "light": "#ffff00", "dark": "#zz0000" } },
        "reviews": { "approvals": 3, "aprovers": [], "approvers": [{ "name": "Ana", "key": "1f" }], "for": ["bann"] },
        "features_off": ["invite"]
    }"##;
    let told: Vec<_> = Config::parse(text).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "conections: there is no such field; did you mean \"connections\"?",
            "hosts[0]: a wildcard would let the page send keys to hosts that nobody has named; name each host",
            "hosts[1]: http is for this machine only, as in http://127.0.0.1:8081; use https for any other",
            "reviews.aprovers: there is no such field; did you mean \"approvers\"?",
            "reviews.approvers[0].key: expected the fingerprint of a key: 64 digits and letters from a to f",
            "reviews.approvals: 3 people have to approve, and approvers has only 1",
            "reviews.for[0]: there is no such value; did you mean \"ban\"?",
            "brand.logo: expected a text in quotes, found a whole number",
            "brand.accent.light: text in this colour has a contrast of 1.00 on a surface of the page (light) and needs 4.50; take a darker one",
            "brand.accent.dark: expected a colour as six digits, as in \"#1f4e79\"",
            "features_off[0]: there is no such value; did you mean \"invites\"?",
        ]
    );
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    let problems = Config::parse("{\n  \"hosts\": [,]\n}").unwrap_err();
    assert_eq!(problems[0].reason, Reason::NotJson { line: 2, column: 13 });
    assert!(Config::parse("").is_err());
    assert!(Config::parse(&"[".repeat(100_000)).is_err());
    assert!(Config::parse("\u{feff}{}").is_ok());
}
