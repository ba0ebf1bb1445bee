//! Encoding batches.

use super::*;

fn form_pairs(request: &Request) -> BTreeMap<String, String> {
    form_urlencoded::parse(request.body()).into_owned().collect()
}

/// Compares a request with a fixture, without its `unsaid` fields: JSON by structure, forms by their pairs.
fn assert_request(batch: &Batch, name: &str, unsaid: &[&str]) {
    let request = Networked.encode(batch, None).expect("Networked has a call for this");
    let fixture = fixture::find("networked", name, "request");
    let mut expected = fixture.body();
    for field in unsaid {
        assert!(
            expected.as_object_mut().expect("an object").remove(*field).is_some(),
            "{name} has no {field}"
        );
    }
    let content_type = if fixture.encoding.as_deref() == Some("form") {
        let expected: BTreeMap<String, String> =
            serde_json::from_value(expected).expect("a flat object of texts");
        assert_eq!(form_pairs(&request), expected, "{name}");
        "application/x-www-form-urlencoded"
    } else {
        assert_eq!(json_body(&request), expected, "{name}");
        "application/json"
    };
    let headers: Vec<_> =
        request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    assert_eq!(headers, [("content-type", content_type.as_bytes())], "{name}: no key may be in it");
    assert_eq!(
        (request.method(), Some(request.uri().path())),
        (&http::Method::POST, fixture.path.as_deref()),
        "{name}"
    );
}

#[test]
fn requests_equal_the_fixtures() {
    // The vendor's sample sends a password with an invite; Muster never does.
    let sample = register(Flow::Invite, "69baa36beddb9f0012fdf102", None, Some("Aa1235678@"));
    let sample = batch(sample, [person("Example User 9", "example9@yopmail.com")]);
    assert_request(&sample, "add_user.documented", &["password"]);
    let pat = person("Pat Doe", "pat@example.org");
    assert_request(&batch(register(Flow::Invite, VIEWER, None, None), [pat]), "add_user.invite", &[]);
    let sam = register(Flow::Direct, CONTRIBUTOR, Some(PLAN), Some("Invented-Pass-1"));
    assert_request(&batch(sam, [person("Sam Roe", "sam@example.org")]), "add_user.direct", &[]);
    let welcome = invite(VIEWER, Some("Welcome!"), &[PLAN]);
    let two = [(ada(), Arc::new(welcome)), (bo(), Arc::new(invite(CONTRIBUTOR, None, &[PLAN])))];
    assert_request(&batch_of(two), "send_invites.all_ok", &[]);
    let viewer = Arc::new(invite(VIEWER, None, &[]));
    let three = [(ada(), viewer.clone()), (bo(), viewer.clone()), (cy(), Arc::new(invite(ADMIN, None, &[])))];
    assert_request(&batch_of(three), "send_invites.partial", &[]);
    let skipped = [ada(), person("No Mail", ""), person("Odd Mail", "not an address")];
    assert_request(&invites(skipped), "send_invites.skipped", &[]);
    let n_requests = fixture::all("networked").iter().filter(|fixture| fixture.kind == "request").count();
    assert_eq!(n_requests, 6, "a new fixture has to be added above");
}

#[test]
fn forms_hold_only_what_is_set() {
    let fields = |flow: Flow, price: Option<&str>, password: Option<&str>| {
        let request = Networked.encode(&batch(register(flow, VIEWER, price, password), [ada()]), None);
        let request = request.expect("there is a call");
        assert!(!String::from_utf8_lossy(request.body()).contains("undefined"));
        form_pairs(&request).into_keys().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(fields(Flow::Invite, None, None), "email method name roleId");
    assert_eq!(fields(Flow::Invite, Some(PLAN), Some("secret")), "email method name planId roleId");
    assert_eq!(fields(Flow::Direct, Some(""), Some("")), "email method name roleId");
    assert_eq!(fields(Flow::Direct, Some(PLAN), Some("secret")), "email method name password planId roleId");
}

#[test]
fn forms_survive_any_text() {
    let operation = register(Flow::Direct, "a&b", None, Some("%41+ü&method=1"));
    let request =
        Networked.encode(&batch(operation, [person("Ann & Bo=ü", "a+b@example.org")]), None).expect("a call");
    let pairs = form_pairs(&request);
    let value = |name: &str| pairs.get(name).map(String::as_str);
    assert_eq!((value("email"), value("name")), (Some("a+b@example.org"), Some("Ann & Bo=ü")));
    let expected = (Some("%41+ü&method=1"), Some("a&b"), Some("2"));
    assert_eq!((value("password"), value("roleId"), value("method")), expected);
}

#[test]
fn refuses_what_it_has_no_call_for() {
    let kick = Operation::Kick { group: GroupId::new("g") };
    let tap = register(Flow::SingleTap, VIEWER, None, None);
    let direct = register(Flow::Direct, VIEWER, None, None);
    let table = [
        batch(kick, [ada()]),
        batch(tap, [ada()]),
        batch(direct.clone(), [ada(), bo()]),
        batch(direct, [Person::by_id("5f0000000000000000000c01")]),
        invites([Person::by_phone("15550123456")]),
    ];
    for sent in table {
        let error = Networked.encode(&sent, None).expect_err("there is no such call");
        assert_eq!((error.class, &*error.code), (ErrorClass::Refused, "console.unsupported"), "{sent:?}");
    }
    let error =
        Networked.encode_query(&Query::Groups { search: "".into() }, None, None).expect_err("no groups");
    assert_eq!(&*error.code, "console.unsupported");
}

#[test]
fn the_key_stays_out_of_sight() {
    let (name, value) =
        Networked.authorization(&Credentials::Key(Secret::new("owner-key"))).expect("a header");
    assert_eq!(
        (name.as_str(), value.as_bytes(), value.is_sensitive()),
        ("x-api-key", &b"owner-key"[..], true)
    );
    assert!(!format!("{value:?}").contains("owner-key"));
    assert_eq!(Networked.authorization(&Credentials::None), None);
}

#[test]
fn keeps_the_documented_pace() {
    let limits = crate::limits(domain::Vendor::Networked, false);
    let windows: Vec<_> = limits.windows.iter().map(|window| (window.span_ms, window.max)).collect();
    assert_eq!(windows, [(60_000, 10), (600_000, 50), (3_600_000, 120)]);
    let sizes = [invite(VIEWER, None, &[]), register(Flow::Direct, VIEWER, None, None)];
    assert_eq!(sizes.each_ref().map(limits.batch_size), [50, 1]);
}
