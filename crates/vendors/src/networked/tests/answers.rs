//! Outcomes of writes.

use super::*;

/// Verdict and code of each person, `None` if the reply omits the person; or class and code of the failure.
type Read = Result<Vec<Option<(Verdict, Option<String>)>>, (ErrorClass, String)>;

fn read(batch: &Batch, response: &Response) -> Read {
    let reply = Networked
        .decode(batch, response)
        .map_err(|failure| (failure.error.class, failure.error.code.into()))?;
    let of =
        |id: ChangeId| reply.outcomes.iter().find(|(change, _)| *change == id).map(|(_, outcome)| outcome);
    let row = |outcome: &Outcome| (outcome.verdict(), outcome.error().map(|error| error.code.to_string()));
    Ok(batch.items.iter().map(|item| of(item.change).map(row)).collect())
}

const DONE: Option<(Verdict, Option<String>)> = Some((Verdict::Done, None));

fn refused(code: &str) -> Option<(Verdict, Option<String>)> {
    Some((Verdict::Refused, Some(code.into())))
}

fn same(code: &str) -> Option<(Verdict, Option<String>)> {
    Some((Verdict::Same, Some(code.into())))
}

fn skipped() -> Option<(Verdict, Option<String>)> {
    Some((Verdict::Unknown, Some("row.skipped".into())))
}

#[test]
fn every_answer_to_a_write_is_read_right() {
    use ErrorClass::*;
    let three = || invites([ada(), bo(), cy()]);
    let pat = || one(person("Pat Doe", "pat@example.org"));
    let direct = batch(register(Flow::Direct, VIEWER, None, None), [ada()]);
    let failed = |class: ErrorClass, code: &str| -> Read { Err((class, code.into())) };
    let table: Vec<(&str, Batch, Read)> = vec![
        ("add_user.invite_documented", one(person("Three", "example3@yopmail.com")), Ok(vec![DONE])),
        ("add_user.direct_documented", direct, Ok(vec![DONE])),
        ("add_user.unknown_fields", pat(), Ok(vec![DONE])),
        ("add_user.refused", pat(), failed(Refused, "http.refused")),
        ("add_user.error_true_with_200", pat(), failed(Refused, "http.refused")),
        ("add_user.unauthorized", pat(), failed(Auth, "http.unauthorized")),
        ("add_user.forbidden", pat(), failed(Auth, "http.forbidden")),
        ("add_user.rate_limited", pat(), failed(RateLimited, "http.rate_limited")),
        ("add_user.rate_limited_no_hint", pat(), failed(RateLimited, "http.rate_limited")),
        ("send_invites.all_ok", three(), Ok(vec![DONE, DONE, skipped()])),
        (
            "send_invites.partial",
            three(),
            Ok(vec![DONE, same("failure.duplicate"), refused("failure.permissions")]),
        ),
        (
            "send_invites.failure_as_object",
            three(),
            Ok(vec![skipped(), same("failure.duplicate"), refused("failure.*")]),
        ),
        (
            "send_invites.all_failed",
            three(),
            Ok(vec![refused("failure.validation"), same("failure.duplicate"), skipped()]),
        ),
        ("send_invites.skipped", three(), Ok(vec![DONE, skipped(), skipped()])),
        ("send_invites.case_changed", invites([person("Ada", " Ada@Example.org ")]), Ok(vec![DONE])),
        ("send_invites.empty", three(), Ok(vec![skipped(), skipped(), skipped()])),
        ("send_invites.unauthorized", three(), failed(Auth, "http.unauthorized")),
        ("send_invites.rate_limited", three(), failed(RateLimited, "http.rate_limited")),
    ];
    for (name, batch, expected) in &table {
        assert_eq!(read(batch, &fixture::response("networked", name)), *expected, "{name}");
    }
    for fixture in fixture::all("networked") {
        let is_write =
            ["networked/add_user.", "networked/send_invites."].iter().any(|p| fixture.file.starts_with(p));
        let is_compared =
            table.iter().any(|(name, ..)| fixture.file == format!("networked/{name}.response.json"));
        assert!(
            fixture.kind == "request" || !is_write || is_compared,
            "{} is not in the table",
            fixture.file
        );
    }
}

fn failure(name: &str) -> ApiError {
    Networked.decode(&one(ada()), &fixture::response("networked", name)).expect_err(name).error
}

#[test]
fn keeps_the_words_the_wait_and_the_status() {
    let error = failure("add_user.error_true_with_200");
    assert_eq!((error.message.as_deref(), error.status), (Some("Invalid role"), Some(200)));
    assert_eq!(failure("add_user.rate_limited").retry_after_ms, Some(42_000));
    assert_eq!(failure("add_user.rate_limited_no_hint").retry_after_ms, None);
    let reply = Networked.decode(&invites([bo()]), &fixture::response("networked", "send_invites.partial"));
    let reply = reply.expect("a success");
    let words = reply.outcomes[0].1.error().and_then(|error| error.message.as_deref());
    assert_eq!(words, Some("User is already invited"));
}

#[test]
fn tells_of_the_invites() {
    let response = fixture::response("networked", "add_user.invite_documented");
    let reply =
        Networked.decode(&one(person("Three", "Example3@yopmail.com")), &response).expect("a success");
    let expected = Member {
        name: Some("Three".into()),
        email: Some("example3@yopmail.com".into()),
        created_at: Some(1_753_697_870_638),
        invite_id: Some("68874e4e81110b2a6ca6b54a".into()),
        ..Member::default()
    };
    assert_eq!(reply.members, [expected]);
    let reply =
        Networked.decode(&invites([ada(), bo()]), &fixture::response("networked", "send_invites.all_ok"));
    let ids: Vec<_> =
        reply.expect("a success").members.into_iter().map(|member| (member.id, member.invite_id)).collect();
    let invite = |id: &str| ("".into(), Some(id.into()));
    assert_eq!(ids, [invite("5f0000000000000000000b01"), invite("5f0000000000000000000b02")]);
}

#[test]
fn an_answer_about_somebody_else_says_nothing() {
    let response = fixture::response("networked", "add_user.invite_documented");
    let reply = Networked.decode(&one(ada()), &response).expect("a success");
    assert_eq!((reply.outcomes.len(), reply.members.len()), (0, 0));
    let body = json!({"data": {"success": [{"email": "eve@example.org"}], "failure": []}, "error": false});
    assert_eq!(read(&invites([ada()]), &answer(200, body.to_string())), Ok(vec![skipped()]));
}

#[test]
fn reads_reasons_with_care() {
    let table = [
        (json!("Duplicate"), same("failure.duplicate")),
        (json!("already a member of the community"), same("failure.duplicate")),
        (json!({"code": "DUPLICATE"}), same("failure.duplicate")),
        (json!("ADA@example.org has already been invited to this community."), same("failure.duplicate")),
        (json!(["User already exists", "already a member"]), same("failure.duplicate")),
        (json!(["User already exists", "x"]), refused("failure.*")),
        (json!("Not a duplicate, but the plan is full"), refused("failure.*")),
        (json!("This is not a duplicate"), refused("failure.*")),
        (json!("Could not check whether the user already exists"), refused("failure.*")),
        (json!("Already invited users count against the plan"), refused("failure.*")),
        (json!({"code": "PLAN_FULL", "message": "Duplicate"}), refused("failure.*")),
        (json!({"code": "NOT_DUPLICATE"}), refused("failure.*")),
        (json!({"message": "already invited", "retryable": true}), refused("failure.*")),
        (json!("You do not have permission to invite, user already exists"), refused("failure.*")),
        (json!("You don't have permission to assign this role"), refused("failure.permissions")),
        (json!("Permission checks are down"), refused("failure.*")),
        (json!("Validation: already invited"), refused("failure.*")),
        (json!("Invalid email format"), refused("failure.validation")),
        (json!("Validation passed, but no seat is left"), refused("failure.*")),
        (json!("email is required"), refused("failure.validation")),
        (json!("role does not exist"), refused("failure.*")),
        (json!("ALREADY"), refused("failure.*")),
        (json!(null), refused("failure.*")),
        (json!(true), refused("failure.*")),
        (json!(17), refused("failure.*")),
    ];
    for (error, expected) in table {
        let row = json!({"email": "ada@example.org", "error": error});
        let body = json!({"data": {"success": [], "failure": [row]}, "error": false, "message": "Success"});
        assert_eq!(read(&invites([ada()]), &answer(200, body.to_string())), Ok(vec![expected]), "{error}");
    }
    let body = json!({"data": {"success": [], "failure": [{"email": "ada@example.org"}]}, "error": false});
    assert_eq!(read(&invites([ada()]), &answer(200, body.to_string())), Ok(vec![refused("failure.*")]));
    // If one address failed twice, "already done" does not hide the other reason, in either order.
    let rows = [
        json!({"email": "ada@example.org", "error": "Duplicate"}),
        json!({"email": "ada@example.org", "error": "No seat"}),
    ];
    for rows in [json!(rows), json!([rows[1], rows[0]])] {
        let body = json!({"data": {"success": [], "failure": rows}, "error": false});
        assert_eq!(read(&invites([ada()]), &answer(200, body.to_string())), Ok(vec![refused("failure.*")]));
    }
    // In both lists: neither is trusted.
    let body = json!({"data": {"success": [{"email": "ada@example.org"}], "failure": [{"email": "ada@example.org"}]}, "error": false});
    let unknown = Some((Verdict::Unknown, Some("row.differs".to_owned())));
    assert_eq!(read(&invites([ada()]), &answer(200, body.to_string())), Ok(vec![unknown]));
}

#[test]
fn unreadable_and_failed_answers() {
    use ErrorClass::*;
    let table = [
        (200, "", Unknown, "decode.empty"),
        (200, "<html>", Unknown, "decode.not_json"),
        (200, r#"{"data": {"succ"#, Unknown, "decode.truncated"),
        (200, "[]", Unknown, "decode.shape"),
        (200, "{}", Unknown, "decode.shape"),
        (200, r#"{"error": false, "message": "Success"}"#, Unknown, "decode.shape"),
        (200, r#"{"data": "Success", "error": false}"#, Unknown, "decode.shape"),
        (200, r#"{"message": "Unauthorized"}"#, Unknown, "decode.shape"),
        (200, r#"{"data": null}"#, Unknown, "decode.shape"),
        (200, r#"{"data": {"success": [], "failure": []}}"#, Unknown, "decode.shape"),
        (200, r#"{"data": {}, "error": null}"#, Unknown, "decode.shape"),
        (200, r#"{"data": {}, "error": "false"}"#, Unknown, "decode.shape"),
        (200, r#"{"data": {}, "error": 0}"#, Unknown, "decode.shape"),
        (200, r#"{"success": false, "message": "no"}"#, Refused, "http.refused"),
        (200, r#"{"ok": false}"#, Refused, "http.refused"),
        (200, r#"{"errors": ["email"]}"#, Refused, "http.refused"),
        (
            200,
            r#"{"statusCode": 400, "message": ["email must be an email"], "error": "Bad Request"}"#,
            Refused,
            "http.refused",
        ),
        (200, r#"{"statusCode": 401, "message": "Unauthorized"}"#, Auth, "http.unauthorized"),
        (200, r#"{"statusCode": 429, "error": "Too Many Requests"}"#, RateLimited, "http.rate_limited"),
        (200, r#"{"statusCode": 500, "error": "Internal Server Error"}"#, Server, "http.server"),
        (200, r#"{"error": {"statusCode": 503}}"#, Server, "http.server"),
        (200, r#"{"error": true, "statusCode": 408}"#, Unknown, "http.timed_out"),
        // Success and failure at once.
        (
            200,
            r#"{"data": {"success": [], "failure": []}, "error": false, "statusCode": 400}"#,
            Unknown,
            "decode.shape",
        ),
        (200, r#"{"error": false, "success": false}"#, Unknown, "decode.shape"),
        (202, r#"{"data": {"success": [], "failure": []}, "error": false}"#, Unknown, "http.unexpected"),
        (204, "", Unknown, "decode.empty"),
        (408, "", Unknown, "http.timed_out"),
        (408, r#"{"error": true, "message": "Request Timeout"}"#, Unknown, "http.timed_out"),
        (499, "", Unknown, "http.timed_out"),
        (200, r#"{"data": {}, "error": "true"}"#, Refused, "http.refused"),
        (200, r#"{"data": {}, "error": {"message": "no"}}"#, Refused, "http.refused"),
        (404, "{}", Refused, "http.not_found"),
        (422, r#"{"error": true}"#, Refused, "http.refused"),
        (500, "", Server, "http.server"),
        (502, "<html>", Server, "http.server"),
        (552, "{}", Unknown, "http.server"),
        (302, "", Unknown, "http.unexpected"),
    ];
    for (status, body, class, code) in table {
        assert_eq!(
            read(&invites([ada()]), &answer(status, body)),
            Err((class, code.into())),
            "{status} {body}"
        );
    }
}

/// The outcome for one person of a success with this `data`; `None` omits the field.
fn one_of(flow: Flow, data: Option<Value>) -> Option<(Verdict, Option<String>)> {
    let mut body = json!({"error": false, "message": "Success"});
    if let Some(data) = data {
        body["data"] = data;
    }
    let batch = batch(register(flow, VIEWER, None, None), [ada()]);
    read(&batch, &answer(200, body.to_string()))
        .unwrap_or_else(|(_, code)| vec![Some((Verdict::Unknown, Some(code)))])[0]
        .clone()
}

#[test]
fn an_invite_is_done_only_with_its_id() {
    let unknown = |code: &str| Some((Verdict::Unknown, Some(code.to_owned())));
    let unconfirmed = || unknown("row.unconfirmed");
    let table = [
        (Some(json!({"email": "ADA@example.org", "inviteId": "i1"})), DONE),
        (Some(json!({"inviteId": "i1"})), DONE),
        (Some(json!({"email": "ada@example.org"})), unconfirmed()),
        (Some(json!({"email": "ada@example.org", "inviteId": ""})), unconfirmed()),
        (Some(json!({"email": "ada@example.org", "inviteId": null})), unconfirmed()),
        (Some(json!({})), unconfirmed()),
        (Some(json!(null)), unconfirmed()),
        (Some(json!("Success")), unconfirmed()),
        (Some(json!([{"inviteId": "i1"}])), unconfirmed()),
        (None, unconfirmed()),
        (Some(json!({"email": "eve@example.org", "inviteId": "i1"})), None),
        (Some(json!({"inviteId": "i1", "success": false})), unknown("decode.shape")),
        (Some(json!({"inviteId": "i1", "error": "limit reached"})), unknown("decode.shape")),
    ];
    for (data, expected) in table {
        assert_eq!(one_of(Flow::Invite, data.clone()), expected, "{data:?}");
    }
    for row in [
        json!({"email": "ada@example.org"}),
        json!({"email": "ada@example.org", "data": null}),
        json!({"email": "ada@example.org", "data": {"email": "ada@example.org"}}),
        json!({"email": "ada@example.org", "data": {"inviteId": "i1", "email": "eve@example.org"}}),
        json!({"email": "ada@example.org", "data": {"inviteId": "i1"}, "success": false}),
        json!({"email": "ada@example.org", "data": {"inviteId": "i1", "error": "limit reached"}}),
    ] {
        let body = json!({"data": {"success": [row], "failure": []}, "error": false}).to_string();
        let reply = Networked.decode(&invites([ada()]), &answer(200, body.clone())).expect("a success");
        assert_eq!(read(&invites([ada()]), &answer(200, body)), Ok(vec![unconfirmed()]), "{row}");
        assert_eq!(reply.members, [], "{row}");
    }
}

#[test]
fn a_direct_add_is_done_only_in_its_documented_form() {
    let unknown = |code: &str| Some((Verdict::Unknown, Some(code.to_owned())));
    let table = [
        (None, DONE),
        (Some(json!(null)), DONE),
        (Some(json!({})), DONE),
        (Some(json!({"email": "ada@example.org"})), DONE),
        (Some(json!({"email": "eve@example.org"})), None),
        // An invite was sent instead.
        (Some(json!({"email": "ada@example.org", "inviteId": "i1"})), unknown("row.differs")),
        (Some(json!("User already exists")), unknown("row.differs")),
        (Some(json!({"queued": true})), unknown("row.differs")),
        (Some(json!({"success": false, "message": "no seat"})), unknown("decode.shape")),
        (Some(json!({"statusCode": 400})), unknown("decode.shape")),
    ];
    for (data, expected) in table {
        assert_eq!(one_of(Flow::Direct, data.clone()), expected, "{data:?}");
    }
}
