//! Tests of the canonical form, with the vectors of RFC 8785 that have no fractions.

use proptest::prelude::*;

use super::ParseJsonError::*;
use super::*;

fn form(text: &str) -> Result<String, ParseJsonError> {
    canonical(text.as_bytes(), 1_000)
}

#[test]
fn every_byte_is_escaped_as_serde_json_does_wherever_it_stands() {
    for byte in 0..=u8::MAX {
        for at in 0..20 {
            let mut text: Vec<char> = "abcdefghijklmnopqrs".chars().collect();
            text.insert(at, byte.into());
            let text: String = text.into_iter().collect();
            assert_eq!(text_of(&text).expect("a text has a form"), serde_json::json!(text).to_string());
        }
    }
}

#[test]
fn the_examples_of_the_rfc_come_out_as_printed() {
    // 3.2.2, without the numbers that are fractions.
    let primitives = r#"{
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    }"#;
    let expected = "{\"literals\":[null,true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
    assert_eq!(form(primitives).as_deref(), Ok(expected));
    // 3.2.3
    let sorted = r#"{
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis"
    }"#;
    let text = form(sorted).expect("it has a form");
    let order = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
    let places: Vec<_> = order.iter().map(|word| text.find(word).expect("all are there")).collect();
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn the_test_suite_of_the_rfc_comes_out_as_given() {
    // arrays.json without its fractions, french.json, structures.json, unicode.json, weird.json (escaped).
    let table = [
        (
            "[\n  56,\n  {\n    \"d\": true,\n    \"10\": null,\n    \"1\": [ ]\n  }\n]",
            "[56,{\"1\":[],\"10\":null,\"d\":true}]",
        ),
        (
            "{\"peach\": \"This\",\"péché\": \"is\",\"pêche\": \"a\",\"sin\": \"test\"}",
            "{\"peach\":\"This\",\"péché\":\"is\",\"pêche\":\"a\",\"sin\":\"test\"}",
        ),
        (
            "{\"1\": {\"f\": {\"f\": \"hi\",\"F\": 5} ,\"\\n\": 56},\"10\": { },\"\": \"empty\",\"a\": { },\"111\": [ {\"e\": \"yes\",\"E\": \"no\" } ],\"A\": { }}",
            "{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}},\"10\":{},\"111\":[{\"E\":\"no\",\"e\":\"yes\"}],\"A\":{},\"a\":{}}",
        ),
        ("{\"Unnormalized Unicode\":\"A\u{30a}\"}", "{\"Unnormalized Unicode\":\"A\u{30a}\"}"),
        (
            "{\"\\u20ac\":1,\"</script>\":2,\"\\u0080\":3,\"\\ud83d\\ude02\":4,\"\\ufb33\":5}",
            "{\"</script>\":2,\"\u{80}\":3,\"€\":1,\"😂\":4,\"\u{fb33}\":5}",
        ),
    ];
    for (given, expected) in table {
        assert_eq!(form(given).as_deref(), Ok(expected), "{given}");
    }
}

#[test]
fn numbers_are_whole_and_exact() {
    let table = [
        ("9007199254740991", Ok("9007199254740991")),
        ("-9007199254740991", Ok("-9007199254740991")),
        ("0", Ok("0")),
        ("9007199254740992", Err(OutOfRange)),
        ("-9007199254740992", Err(OutOfRange)),
        ("18446744073709551615", Err(OutOfRange)),
        ("99999999999999999999", Err(NotAnInteger)),
        ("-0", Err(NotAnInteger)),
        ("1.0", Err(NotAnInteger)),
        ("1e3", Err(NotAnInteger)),
        ("1E400", Err(NotJson)),
        ("01", Err(NotJson)),
        ("NaN", Err(NotJson)),
    ];
    for (given, expected) in table {
        assert_eq!(form(given).as_deref().map_err(|error| *error), expected, "{given}");
    }
}

#[test]
fn what_readers_could_take_differently_is_refused() {
    let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
    let table = [
        (r#"{"a":1,"a":1}"#.to_owned(), DuplicateName),
        (r#"{"a":1,"\u0061":2}"#.to_owned(), DuplicateName),
        (r#"[{"b":{"a":1,"c":2,"a":3}}]"#.to_owned(), DuplicateName),
        (r#""\ud800""#.to_owned(), NotJson),
        (r#""\udc00\ud800""#.to_owned(), NotJson),
        (r#"{"\ud83d":1}"#.to_owned(), NotJson),
        ("\"a\u{1}b\"".to_owned(), NotJson),
        ("{} {}".to_owned(), NotJson),
        ("{a:1}".to_owned(), NotJson),
        ("[1,]".to_owned(), NotJson),
        ("\u{feff}{}".to_owned(), NotJson),
        (String::new(), NotJson),
        (deep(33), TooDeep),
        ("x".repeat(1_001), TooLarge(1_000)),
    ];
    for (given, expected) in table {
        assert_eq!(form(&given), Err(expected), "{given}");
    }
    assert!(form(&deep(32)).is_ok());
    assert_eq!(canonical(b"\"\xff\"", 1_000), Err(NotJson));
    let many = format!("[{}0]", "0,".repeat(MAX_PARTS));
    assert_eq!(canonical(many.as_bytes(), usize::MAX), Err(TooManyParts));
}

#[test]
fn a_value_is_read_only_as_what_would_be_written_for_it() {
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Known {
        #[serde(alias = "other")]
        name: Option<Box<str>>,
        #[serde(skip)]
        secret: Option<Box<str>>,
    }
    let read = |text: &str| read_as(text, 100, |known: Known| is_form_of(text, &known).then_some(known));
    assert!(read(r#"{"name":"Ada"}"#).is_ok());
    let others = [
        r#"{"name":"Ada","key":1}"#,
        r#"{"other":"Ada"}"#,
        "{}",
        r#"{"name":null,"secret":"x"}"#,
        r#"{"name": "Ada"}"#,
        r#"{"name":"\u0041da"}"#,
        "{\"name\":\"Ada\"}\n",
    ];
    for text in others {
        assert_eq!(read(text), Err(None), "{text}");
    }
    assert_eq!(read(r#"{"name":"Ada","name":"Ada"}"#), Err(Some(DuplicateName)));
    assert_eq!(read(r#"{"name":1.5}"#), Err(Some(NotAnInteger)));
    assert_eq!(read(&" ".repeat(101)), Err(Some(TooLarge(100))));
}

#[test]
fn values_are_written_as_serde_json_writes_them_but_sorted() {
    #[derive(serde::Serialize)]
    enum Kind {
        Unit,
        Newtype(u8),
        Tuple(u8, bool),
        Struct { z: Option<char>, a: () },
    }
    #[derive(serde::Serialize)]
    struct Every<'a> {
        zebra: Vec<Kind>,
        names: std::collections::BTreeMap<&'a str, i64>,
        apple: (&'a str, Option<u32>),
    }
    let zebra =
        vec![Kind::Unit, Kind::Newtype(1), Kind::Tuple(2, true), Kind::Struct { z: Some('é'), a: () }];
    let names = [("\u{1f600}", 1), ("\u{fb33}", -2), ("a\"", 0), ("", MAX_INTEGER)].into();
    let every = Every { zebra, names, apple: ("b\u{1}\n", None) };
    let other = serde_json::to_string(&every).expect("it can be written");
    let expected = canonical(other.as_bytes(), 1_000);
    assert_eq!(text_of(&every), expected);
    assert_ne!(Ok(other), expected, "the names have to be sorted");
    assert_eq!(text_of(&(MAX_INTEGER + 1)), Err(OutOfRange));
    assert_eq!(text_of(&u64::MAX), Err(OutOfRange));
    assert_eq!(text_of(&0.5_f32), Err(NotAnInteger));
    assert_eq!(text_of(&std::collections::BTreeMap::from([(1, 1)])), Err(NotJson));
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        (-MAX_INTEGER..=MAX_INTEGER).prop_map(Json::Integer),
        any::<String>().prop_map(|text| Json::Text(text.into())),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let named = (any::<String>().prop_map(Box::from), inner.clone());
        let object = prop::collection::vec(named, 0..5).prop_map(|mut members: Vec<(Box<str>, Json)>| {
            members.sort_by(|(a, _), (b, _)| by_utf16(a, b));
            members.dedup_by(|(a, _), (b, _)| a == b);
            Json::Object(members)
        });
        prop_oneof![prop::collection::vec(inner, 0..5).prop_map(Json::List), object]
    })
}

proptest! {
    #[test]
    fn the_form_is_a_fixed_point_and_keeps_the_value(value in json()) {
        let text = value.to_text();
        prop_assert_eq!(Json::parse(text.as_bytes(), usize::MAX), Ok(value));
        prop_assert_eq!(canonical(text.as_bytes(), usize::MAX), Ok(text));
    }

    #[test]
    fn other_writers_of_json_come_to_the_same_form(value in json()) {
        let text = value.to_text();
        let other: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        let pretty = serde_json::to_string_pretty(&other).expect("it can be written");
        prop_assert_eq!(canonical(pretty.as_bytes(), usize::MAX), Ok(text));
    }

    #[test]
    fn values_are_written_in_their_form(value in json()) {
        let text = value.to_text();
        let other: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        prop_assert_eq!(text_of(&other), Ok(text));
    }

    #[test]
    fn any_text_is_refused_or_has_one_form(text in any::<String>()) {
        if let Ok(form) = canonical(text.as_bytes(), usize::MAX) {
            prop_assert_eq!(canonical(form.as_bytes(), usize::MAX), Ok(form.clone()));
        }
    }
}
