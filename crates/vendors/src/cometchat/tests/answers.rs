//! Every response fixture of a change, decoded to one outcome per person.

use std::collections::BTreeSet;

use domain::{BatchFailure, ErrorClass, GroupEdit, NewGroup, Operation, Scope};
use serde_json::json;

use super::super::CometChat;
use super::{add, batch, class, group, response, word};
use crate::{Changes, Protocol, fixture};

type People = Vec<(&'static str, Operation)>;

fn create(guid: &str) -> Operation {
    Operation::CreateGroup(Box::new(NewGroup::new(group(guid), "Hikers")))
}

/// A new group with its first members, in one call.
fn with_members(guid: &'static str, members: &[(&'static str, Scope)]) -> People {
    let new = NewGroup { takes_members: true, ..NewGroup::new(group(guid), "Hikers") };
    let whole = (guid, Operation::CreateGroup(Box::new(new)));
    let member = |(uid, scope): &(&'static str, Scope)| {
        (*uid, Operation::AddToGroup { group: group(guid), scope: *scope })
    };
    std::iter::once(whole).chain(members.iter().map(member)).collect()
}

fn edit(owner: Option<&str>) -> Operation {
    let edit = GroupEdit { owner: owner.map(Into::into), ..GroupEdit::default() };
    Operation::EditGroup { group: group("hikers"), edit: Box::new(edit) }
}

/// The outcomes of a batch, or the failure of the whole call, as text.
fn result(case: &str, people: &[(&str, Operation)]) -> String {
    let batch = batch(people);
    match CometChat.decode(&batch, &response(case)) {
        Err(BatchFailure { error, .. }) => format!("fails {} {}", class(error.class), error.code),
        Ok(reply) => {
            let told = batch.items.iter().map(|item| {
                let outcome = reply.outcomes.iter().find(|(change, _)| *change == item.change);
                format!(
                    "{} {}",
                    item.person.key.as_str(),
                    outcome.map_or("silent".into(), |(_, it)| word(it))
                )
            });
            told.collect::<Vec<_>>().join(", ")
        }
    }
}

#[test]
fn each_person_gets_the_right_outcome() {
    use Scope::{Admin, Banned, Moderator, Participant};
    let hikers = || group("hikers");
    let set = |scope| Operation::SetScope { group: hikers(), scope };
    let kick = || Operation::Kick { group: hikers() };
    let ban = || Operation::Ban { group: hikers() };
    let oskar = || vec![("oskar", add(Participant))];
    let five = ["u1", "u2", "u3", "u4", "u5"].map(|uid| (uid, add(Participant)));
    let all = vec![
        ("mila", add(Admin)),
        ("noor", add(Moderator)),
        ("oskar", add(Participant)),
        ("pia", add(Participant)),
        ("troll", add(Banned)),
    ];
    let partial = vec![
        ("noor", add(Moderator)),
        ("ghost", add(Participant)),
        ("oskar", add(Participant)),
        ("troll", add(Participant)),
    ];
    let two = vec![("oskar", add(Participant)), ("pia", add(Participant))];
    let table: Vec<(&str, People, &str)> = vec![
        ("add_members.ok", all, "mila applied, noor applied, oskar applied, pia applied, troll applied"),
        (
            "add_members.partial",
            partial,
            "noor applied, ghost refused ERR_UID_NOT_FOUND, oskar unknown ERR_ALREADY_JOINED, \
             troll refused ERR_BANNED_GROUPMEMBER",
        ),
        ("add_members.all_failed", vec![("ghost", add(Participant))], "ghost refused ERR_UID_NOT_FOUND"),
        ("add_members.empty_scopes_as_arrays", oskar(), "oskar applied"),
        (
            "add_members.error_forms",
            five.into(),
            "u1 refused ERR_NO_VACANCY, u2 refused ERR_UID_NOT_FOUND, u3 unknown ERR_ALREADY_JOINED, u4 unknown , \
             u5 refused ERR_PLAN_QUOTA_RESTRICTION",
        ),
        ("add_members.several_scopes", vec![("mila", add(Admin))], "mila applied"),
        ("add_members.several_scopes", vec![("mila", add(Banned))], "mila unknown row.differs"),
        ("add_members.wrapped_in_members", oskar(), "oskar applied"),
        ("add_members.missing_uid", two, "oskar applied, pia silent"),
        ("add_members.group_not_found", oskar(), "fails NotFound ERR_GUID_NOT_FOUND"),
        ("add_members.actor_not_in_group", oskar(), "fails Refused ERR_GROUP_NOT_JOINED"),
        ("add_members.too_many", oskar(), "fails Refused ERR_BAD_REQUEST"),
        ("change_scope.ok", vec![("oskar", set(Moderator))], "oskar applied"),
        ("change_scope.ok", vec![("oskar", set(Admin))], "oskar unknown row.differs"),
        ("change_scope.ok", vec![("pia", set(Moderator))], "pia unknown row.differs"),
        ("change_scope.same_scope", vec![("oskar", set(Moderator))], "fails AlreadyDone ERR_SAME_SCOPE"),
        ("change_scope.not_a_member", vec![("pia", set(Admin))], "fails NotFound ERR_NOT_A_MEMBER"),
        (
            "change_scope.no_clearance",
            vec![("mila", set(Participant))],
            "fails Refused ERR_GROUP_NO_SCOPE_CLEARANCE",
        ),
        ("kick_member.ok", vec![("oskar", kick())], "oskar accepted"),
        ("kick_member.not_a_member", vec![("pia", kick())], "fails AlreadyDone ERR_NOT_A_MEMBER"),
        ("kick_member.no_clearance", vec![("mila", kick())], "fails Refused ERR_GROUP_NO_CLEARANCE"),
        ("ban_user.ok", vec![("troll", ban())], "troll accepted"),
        ("ban_user.already_banned", vec![("troll", ban())], "fails AlreadyDone ERR_ALREADY_BANNED"),
        ("unban_user.ok", vec![("troll", Operation::Unban { group: hikers() })], "troll accepted"),
        (
            "unban_user.not_banned",
            vec![("oskar", Operation::Unban { group: hikers() })],
            "fails AlreadyDone ERR_NOT_A_BANNED_USER",
        ),
        ("create_group.ok", vec![("hikers", create("hikers"))], "hikers applied"),
        ("create_group.ok", vec![("runners", create("runners"))], "runners unknown row.differs"),
        ("create_group.with_members", vec![("Hikers-2", create("Hikers-2"))], "Hikers-2 applied"),
        (
            "create_group.with_members",
            with_members(
                "Hikers-2",
                &[("mila", Admin), ("noor", Admin), ("ghost", Participant), ("pia", Participant)],
            ),
            "Hikers-2 applied, mila applied, noor unknown row.differs, ghost refused ERR_UID_NOT_FOUND, pia silent",
        ),
        (
            "create_group.with_members",
            with_members("hikers-3", &[("mila", Admin)]),
            "hikers-3 unknown row.differs, mila silent",
        ),
        (
            "create_group.already_exists",
            with_members("hikers", &[("mila", Admin)]),
            "fails Refused ERR_GUID_ALREADY_EXISTS",
        ),
        (
            "create_group.already_exists",
            vec![("hikers", create("hikers"))],
            "fails Refused ERR_GUID_ALREADY_EXISTS",
        ),
        (
            "create_group.empty_password",
            vec![("hikers", create("hikers"))],
            "fails Refused ERR_EMPTY_GROUP_PASS",
        ),
        ("update_group.ok", vec![("hikers", edit(None))], "hikers applied"),
        ("update_group.transfer_owner", vec![("hikers", edit(Some("noor")))], "hikers applied"),
        ("update_group.owner_ignored", vec![("hikers", edit(Some("noor")))], "hikers unknown row.differs"),
        ("delete_group.ok", vec![("hikers", Operation::DeleteGroup { group: hikers() })], "hikers accepted"),
        // Responses that any call can get.
        (
            "get_group.not_found",
            vec![("hikers", Operation::DeleteGroup { group: hikers() })],
            "fails AlreadyDone ERR_GUID_NOT_FOUND",
        ),
        ("any.bad_key", oskar(), "fails Auth AUTH_ERR_APIKEY_NOT_FOUND"),
        ("any.no_key", oskar(), "fails Auth AUTH_ERR_EMPTY_APIKEY"),
        ("any.no_access", oskar(), "fails Auth AUTH_ERR_NO_ACCESS"),
        ("any.wrong_region", oskar(), "fails Auth AUTH_ERR_INVALID_APPID"),
        ("any.rate_limited", oskar(), "fails RateLimited ERR_TOO_MANY_REQUESTS"),
        ("any.rate_limited_old_headers", oskar(), "fails RateLimited ERR_TOO_MANY_REQUESTS"),
        ("any.plan_quota", oskar(), "fails Limit ERR_PLAN_QUOTA_RESTRICTION"),
        ("any.permission_denied", oskar(), "fails Refused ERR_PERMISSION_DENIED"),
        ("any.server_error", oskar(), "fails Server ERR_MISSION_FAILED"),
        ("any.unknown_code", oskar(), "fails Unknown ERR_SOMETHING_NEW"),
        ("any.no_envelope", oskar(), "fails Server http.server"),
    ];
    for (case, people, expected) in &table {
        assert_eq!(result(case, people), *expected, "{case}");
    }
    let decoded: BTreeSet<_> = table.iter().map(|(case, ..)| (*case).to_owned()).collect();
    for fixture in fixture::all("cometchat").iter().filter(|fixture| fixture.kind == "response") {
        let case = fixture.file.trim_start_matches("cometchat/").trim_end_matches(".response.json");
        let endpoint = case.split('.').next().unwrap_or_default();
        let is_elsewhere =
            endpoint.starts_with("list_") || endpoint.starts_with("get_") || endpoint.contains("_user");
        assert!(is_elsewhere || decoded.contains(case), "{case} is not decoded");
    }
}

#[test]
fn a_pace_refusal_carries_its_wait_and_headers_in_both_spellings() {
    for case in ["any.rate_limited", "any.rate_limited_old_headers"] {
        let batch = batch(&[("oskar", add(Scope::Participant))]);
        let BatchFailure { error, .. } =
            CometChat.decode(&batch, &response(case)).expect_err("it is a refusal");
        assert_eq!((error.status, error.retry_after_ms), (Some(429), Some(15_000)));
        let details: Vec<_> = error.details.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(details, [("limit", "10000"), ("remaining", "0"), ("reset", "1730000060")]);
    }
}

#[test]
fn a_new_group_comes_back_with_those_who_were_added() {
    use Scope::{Admin, Moderator, Participant};
    let people = with_members("Hikers-2", &[("mila", Admin), ("noor", Moderator), ("ghost", Participant)]);
    let reply = CometChat
        .decode(&batch(&people), &response("create_group.with_members"))
        .expect("the group is there although one person failed");
    let added: Vec<_> = reply.members.iter().map(|member| (&*member.id, member.scope)).collect();
    assert_eq!(added, [("mila", Some(Admin)), ("noor", Some(Moderator))]);
    assert_eq!(reply.group.expect("a group").id.as_str(), "hikers-2");
}

#[test]
fn rate_headers_are_read_in_both_spellings() {
    const NOW: u64 = 1_800_000_000_000;
    let hint = |headers: &[(&str, &str)]| {
        let mut response = http::Response::builder().status(200);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let hint = CometChat.rate_hint(&response.body(Vec::new()).expect("it is well formed"), NOW);
        hint.map(|hint| (hint.remaining, hint.reset_in_ms))
    };
    type Headers = &'static [(&'static str, &'static str)];
    let table: [(Headers, Option<(u32, u64)>); 7] = [
        (&[("X-RateLimit-Remaining", "7"), ("X-RateLimit-Reset", "1800000015")], Some((7, 15_000))),
        (&[("X-Rate-Limit-Remaining", "0"), ("X-Rate-Limit-Reset", "1800000002")], Some((0, 2_000))),
        (&[("X-Rate-Limit-Remaining", "0"), ("Retry-After", "3")], Some((0, 3_000))),
        (&[("X-RateLimit-Remaining", "1"), ("X-RateLimit-Reset", "1700000000")], Some((1, 0))),
        (&[("X-RateLimit-Remaining", "99999999999"), ("Retry-After", "1")], Some((u32::MAX, 1_000))),
        (&[("X-RateLimit-Remaining", "many"), ("Retry-After", "1")], None),
        (&[("X-RateLimit-Remaining", "5")], None),
    ];
    for (headers, expected) in table {
        assert_eq!(hint(headers), expected, "{headers:?}");
    }
}

#[test]
fn a_refusal_that_was_cut_short_is_not_taken_for_one() {
    let kick = [("fan-001", Operation::Kick { group: group("hikers") })];
    let of = |status: u16, body: &str| {
        let response = http::Response::builder().status(status).body(body.as_bytes().to_vec());
        let failure = CometChat.decode(&batch(&kick), &response.expect("it is well formed")).expect_err(body);
        (failure.error.class, failure.error.code.to_string())
    };
    let whole = r#"{"error":{"code":"ERR_NOT_A_MEMBER","message":"x"}}"#;
    assert_eq!(of(400, &whole[..20]), (ErrorClass::Unknown, "decode.truncated".to_owned()));
    assert_eq!(of(400, "<h1>Bad Request</h1>"), (ErrorClass::Refused, "http.refused".to_owned()));
}

fn decoded(people: &[(&str, Operation)], status: u16, body: &serde_json::Value) -> String {
    let response = http::Response::builder().status(status).body(body.to_string().into_bytes());
    find_named(people, &response.expect("it is well formed"))
}

fn find_named(people: &[(&str, Operation)], response: &crate::Response) -> String {
    let batch = batch(people);
    match CometChat.decode(&batch, response) {
        Err(BatchFailure { error, .. }) => format!("fails {} {}", class(error.class), error.code),
        Ok(reply) => {
            let told = batch.items.iter().map(|item| {
                let outcome = reply.outcomes.iter().find(|(change, _)| *change == item.change);
                outcome.map_or("silent".into(), |(_, outcome)| word(outcome))
            });
            told.collect::<Vec<_>>().join(", ")
        }
    }
}

#[test]
fn already_so_is_believed_only_of_what_was_asked_for() {
    use Scope::{Banned, Participant};
    let hikers = || group("hikers");
    let set = || Operation::SetScope { group: hikers(), scope: Participant };
    let (kick, ban) = (|| Operation::Kick { group: hikers() }, || Operation::Ban { group: hikers() });
    let unban = || Operation::Unban { group: hikers() };
    let one = |operation: Operation| vec![("oskar", operation)];
    let table: Vec<(&str, People, &str)> = vec![
        ("ERR_ALREADY_JOINED", one(add(Participant)), "unknown ERR_ALREADY_JOINED"),
        ("ERR_ALREADY_JOINED", one(set()), "unknown ERR_ALREADY_JOINED"),
        ("ERR_ALREADY_JOINED", one(ban()), "fails Refused ERR_ALREADY_JOINED"),
        ("ERR_ALREADY_JOINED", one(kick()), "fails Refused ERR_ALREADY_JOINED"),
        ("ERR_ALREADY_JOINED", one(add(Banned)), "fails Refused ERR_ALREADY_JOINED"),
        ("ERR_SAME_SCOPE", one(set()), "fails AlreadyDone ERR_SAME_SCOPE"),
        ("ERR_SAME_SCOPE", one(kick()), "fails Refused ERR_SAME_SCOPE"),
        ("ERR_ALREADY_BANNED", one(ban()), "fails AlreadyDone ERR_ALREADY_BANNED"),
        ("ERR_ALREADY_BANNED", one(add(Banned)), "fails AlreadyDone ERR_ALREADY_BANNED"),
        ("ERR_ALREADY_BANNED", one(add(Participant)), "fails Refused ERR_ALREADY_BANNED"),
        ("ERR_ALREADY_BANNED", one(unban()), "fails Refused ERR_ALREADY_BANNED"),
        ("ERR_NOT_A_BANNED_USER", one(unban()), "fails AlreadyDone ERR_NOT_A_BANNED_USER"),
        ("ERR_NOT_A_BANNED_USER", one(ban()), "fails Refused ERR_NOT_A_BANNED_USER"),
        ("ERR_NOT_A_MEMBER", one(kick()), "fails AlreadyDone ERR_NOT_A_MEMBER"),
    ];
    for (code, people, expected) in table {
        let body = json!({"error": {"code": code, "message": "x"}});
        assert_eq!(decoded(&people, 400, &body), expected, "{code} {:?}", people[0].1);
    }
    // The same in one person's entry, and for a call with several people.
    let entry = |code: &str| json!({"data": {"participants": {"oskar": {"error": {"code": code}}}}});
    let participant = one(add(Participant));
    assert_eq!(decoded(&participant, 200, &entry("ERR_SAME_SCOPE")), "same ERR_SAME_SCOPE");
    assert_eq!(decoded(&participant, 200, &entry("ERR_ALREADY_BANNED")), "refused ERR_ALREADY_BANNED");
    let two = [("oskar", add(Participant)), ("pia", add(Participant))];
    let whole = json!({"error": {"code": "ERR_ALREADY_JOINED"}});
    assert_eq!(decoded(&two, 400, &whole), "unknown ERR_ALREADY_JOINED, unknown ERR_ALREADY_JOINED");
    // With several people it does not say who is meant.
    let mixed = [("oskar", add(Banned)), ("pia", add(Participant))];
    let whole = json!({"error": {"code": "ERR_ALREADY_BANNED"}});
    assert_eq!(decoded(&mixed, 400, &whole), "unknown ERR_ALREADY_BANNED, unknown ERR_ALREADY_BANNED");
}

#[test]
fn a_success_has_no_error_beside_it_that_says_anything() {
    let oskar = [("oskar", add(Scope::Participant))];
    let entry = |entry: serde_json::Value| json!({"data": {"participants": {"oskar": entry}}});
    for nothing in [json!(null), json!({}), json!([]), json!(""), json!(" "), json!(false), json!(0)] {
        assert_eq!(
            decoded(&oskar, 200, &entry(json!({"success": true, "error": nothing}))),
            "applied",
            "{nothing}"
        );
        let whole = json!({"error": nothing, "data": {"participants": {"oskar": {"success": true}}}});
        assert_eq!(decoded(&oskar, 200, &whole), "applied", "{nothing} beside data");
    }
    let blank = json!({"success": true, "error": {"code": "", "message": null, "details": {}}});
    assert_eq!(decoded(&oskar, 200, &entry(blank)), "applied");
    let not_so = [
        (json!({"success": true, "error": {"message": "no"}}), "unknown "),
        (json!({"success": true, "error": true}), "unknown "),
        (json!({"success": true, "error": [{"code": "ERR_NO_VACANCY"}]}), "refused ERR_NO_VACANCY"),
        (json!({"success": "true"}), "unknown "),
        (json!({"success": false, "error": {}}), "unknown "),
    ];
    for (said, expected) in not_so {
        assert_eq!(decoded(&oskar, 200, &entry(said.clone())), expected, "{said}");
    }
}

#[test]
fn a_failure_inside_data_is_the_failure_of_the_call() {
    let kick = [("oskar", Operation::Kick { group: group("hikers") })];
    let add = [("oskar", add(Scope::Participant))];
    let edit = [("hikers", edit(None))];
    for people in [&kick[..], &add[..], &edit[..]] {
        let inside = json!({"data": {"success": false, "error": {"code": "ERR_GUID_NOT_FOUND"}}});
        assert_eq!(decoded(people, 200, &inside), "fails NotFound ERR_GUID_NOT_FOUND");
        assert_eq!(decoded(people, 200, &json!({"data": {"success": false}})), "fails Unknown ");
        assert_eq!(
            decoded(people, 200, &json!({"success": false, "data": {"success": true}})),
            "fails Unknown "
        );
    }
}

#[test]
fn a_person_who_came_too_fast_waits_as_long_as_was_asked_for() {
    let two = [("oskar", add(Scope::Participant)), ("pia", add(Scope::Participant))];
    let forms = [
        (json!({"success": false, "error": {"code": "ERR_TOO_MANY_REQUESTS"}}), Some(15_000)),
        (json!({"error": {"code": "429", "message": "retry after 42 seconds"}}), Some(42_000)),
        (json!({"code": "ERR_TOO_MANY_REQUESTS", "message": "x"}), Some(15_000)),
        (json!("Too many requests"), Some(15_000)),
        (json!("ERR_TOO_MANY_REQUESTS"), Some(15_000)),
    ];
    for (form, expected) in forms {
        let body = json!({"data": {"participants": {"oskar": form, "pia": {"success": true}}}});
        let response = http::Response::builder().status(200).header("Retry-After", "15");
        let response = response.body(body.to_string().into_bytes()).expect("it is well formed");
        let reply = CometChat.decode(&batch(&two), &response).expect("an answer for each");
        let refusal = reply.outcomes[0].1.pace_refusal().unwrap_or_else(|| panic!("{form}"));
        assert_eq!((&*refusal.code, refusal.retry_after_ms), ("ERR_TOO_MANY_REQUESTS", expected), "{form}");
        assert_eq!(word(&reply.outcomes[1].1), "applied");
    }
}

#[test]
fn a_429_that_says_in_its_body_when_to_come_back_is_obeyed() {
    let oskar = batch(&[("oskar", add(Scope::Participant))]);
    let wait = |status: u16, headers: &[(&str, &str)], body: &str| {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let response = response.body(body.as_bytes().to_vec()).expect("it is well formed");
        let error = CometChat.decode(&oskar, &response).expect_err(body).error;
        assert_eq!(error.class, ErrorClass::RateLimited, "{body}");
        error.retry_after_ms
    };
    let envelope =
        r#"{"error":{"code":"ERR_TOO_MANY_REQUESTS","message":"Too many, retry after 42 seconds."}}"#;
    assert_eq!(wait(429, &[], envelope), Some(42_000));
    assert_eq!(wait(400, &[], envelope), Some(42_000), "the code decides");
    assert_eq!(wait(429, &[("Retry-After", "3")], envelope), Some(3_000), "a header comes first");
    assert_eq!(wait(429, &[], r#"{"message":"Retry after 42 seconds"}"#), Some(42_000));
    assert_eq!(wait(429, &[], "Too many requests, retry after 42 seconds"), Some(42_000));
    assert_eq!(wait(429, &[], "<h1>Too many requests</h1>"), None);
    let dates = [("Retry-After", "Fri, 15 Jan 2027 08:00:42 GMT"), ("Date", "Fri, 15 Jan 2027 08:00:00 GMT")];
    assert_eq!(wait(429, &dates, r#"{"error":{"code":"ERR_TOO_MANY_REQUESTS"}}"#), Some(42_000));
}

#[test]
fn a_403_without_a_code_is_a_refusal_and_no_wrong_key() {
    let oskar = [("oskar", add(Scope::Participant))];
    let of = |body: &str| {
        let response = http::Response::builder().status(403).body(body.as_bytes().to_vec());
        find_named(&oskar, &response.expect("it is well formed"))
    };
    assert_eq!(of(""), "fails Refused http.forbidden");
    assert_eq!(of("<h1>Forbidden</h1>"), "fails Refused http.forbidden");
    assert_eq!(of(r#"{"message":"Forbidden"}"#), "fails Refused http.forbidden");
    assert_eq!(of(r#"{"error":{"message":"Forbidden"}}"#), "fails Refused ");
    assert_eq!(of(r#"{"error":{"code":"AUTH_ERR_NO_ACCESS"}}"#), "fails Auth AUTH_ERR_NO_ACCESS");
    for code in ["", "http.forbidden"] {
        let entry = crate::catalogue::find(domain::Vendor::CometChat, code, Some(403));
        assert_eq!((entry.key, entry.class), ("status_403", ErrorClass::Refused), "{code:?}");
    }
}
