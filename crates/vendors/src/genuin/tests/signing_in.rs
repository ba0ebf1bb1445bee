//! Credentials and tokens.

use super::*;

#[test]
fn signs_in_by_header_then_body() {
    let read = |name: &str| {
        let result = Genuin.decode_sign_in(&fixture::response("genuin", name));
        result.map(|token| token.expose().to_owned()).map_err(|error| (error.class, error.code.to_string()))
    };
    use ErrorClass::*;
    assert_eq!(read("auth.ok"), Ok("sandbox-token-0001".into()));
    assert_eq!(read("auth.token_in_body"), Ok("sandbox-token-0001".into()));
    assert_eq!(read("auth.no_token"), Err((Auth, "auth.no_token".into())));
    assert_eq!(read("auth.bad_request"), Err((Refused, "1099".into())));
    assert_eq!(read("auth.brand_not_found"), Err((NotFound, "5235".into())));
    assert_eq!(read("auth.precondition"), Err((Refused, "5166".into())));
    for body in [r#"{"code": 200, "data": {"token": "a\nb"}}"#, r#"{"code": 200, "data": {"token": "  "}}"#] {
        let error = Genuin.decode_sign_in(&answer(200, body)).expect_err("no header takes that");
        assert_eq!(&*error.code, "auth.no_token");
    }
    let fields = ["gn-access-token", "access_token", "token"];
    for field in fields {
        let body = json!({"code": 200, "data": {field: "tok-1"}}).to_string();
        assert_eq!(
            Genuin.decode_sign_in(&answer(200, body)).map(|token| token == Secret::new("tok-1")),
            Ok(true)
        );
    }
}

#[test]
fn knows_when_to_sign_in_again() {
    for (name, expected) in [
        ("add_users.unauthorized", true),
        ("add_users.expired_as_precondition", true),
        ("add_users.bad_request", false),
        ("add_users.community_not_found", false),
        ("add_users.documented", false),
    ] {
        let response = fixture::response("genuin", name);
        assert_eq!(Genuin.is_token_expired(&response, 3_600_000), expected, "{name}");
        let is_of_any_age = name == "add_users.unauthorized";
        assert_eq!(Genuin.is_token_expired(&response, 10_000), is_of_any_age, "{name} with a young token");
    }
}

#[test]
fn only_a_token_goes_into_the_header() {
    let token = Credentials::Token(Secret::new("tok-1"));
    let (name, value) = Genuin.authorization(&token).expect("a header");
    assert_eq!(
        (name.as_str(), value.as_bytes(), value.is_sensitive()),
        ("authorization", &b"Bearer tok-1"[..], true)
    );
    assert!(!format!("{value:?}").contains("tok-1"));
    let pair = Credentials::KeyAndSecret { key: Secret::new("k"), secret: Secret::new("s") };
    assert_eq!((Genuin.authorization(&pair), Genuin.authorization(&Credentials::None)), (None, None));
    assert!(Genuin.sign_in(&token).is_none());
}
