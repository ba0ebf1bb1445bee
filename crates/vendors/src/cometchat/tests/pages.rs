//! Every fixture of a list or single read, and where lists end.

use domain::{Cursor, Items, Query, Scope};
use serde_json::{Value, json};

use super::super::CometChat;
use super::{class, group, response};
use crate::{Protocol, Response, fixture};

fn result(query: &Query, cursor: Option<Cursor>, response: &Response) -> String {
    let page = match CometChat.decode_page(query, cursor, response) {
        Err(error) => return format!("fails {} {}", class(error.class), error.code),
        Ok(page) => page,
    };
    let rows: Vec<String> = match &page.items {
        Items::Members(members) => members
            .iter()
            .map(|member| format!("{}:{}", member.id, member.scope.map_or("-", Scope::slug)))
            .collect(),
        Items::Groups(groups) => groups
            .iter()
            .map(|group| format!("{}:{}", group.id, group.n_members.map_or("-".into(), |n| n.to_string())))
            .collect(),
        Items::Roles(roles) => roles.iter().map(|role| format!("{}:{}", role.id, role.name)).collect(),
        Items::Prices(_) => vec!["prices".into()],
    };
    let next = page.next.map_or("end".into(), |next| format!("next {}", next.page_number()));
    let total = page.total.map_or("?".into(), |total| total.to_string());
    format!("{} | {next} of {total}", rows.join(" "))
}

#[test]
fn every_read_of_the_fixtures() {
    let hikers = || group("hikers");
    let groups = || Query::Groups { search: "".into() };
    let members = || Query::GroupMembers { group: hikers(), scopes: Vec::new() };
    let banned = || Query::Banned { group: hikers() };
    let people = || Query::People { search: "".into() };
    let table = [
        ("list_groups.ok", groups(), "hikers:37 board:1 | end of 2"),
        ("list_groups.cursor_in_meta", groups(), "hikers:1 | end of ?"),
        ("list_groups.data_as_object", groups(), "hikers:1 | end of ?"),
        ("list_groups.empty", groups(), " | end of 0"),
        ("get_group.ok", Query::Group { group: hikers() }, "hikers:37 | end of ?"),
        ("get_group.not_found", Query::Group { group: hikers() }, "fails NotFound ERR_GUID_NOT_FOUND"),
        ("list_members.ok", members(), "mila:admin noor:moderator oskar:participant | end of 3"),
        ("list_members.page1", members(), "mila:admin noor:moderator | next 2 of 3"),
        ("list_members.by_scope", members(), "mila:admin noor:moderator | end of 2"),
        ("list_members.empty", members(), " | end of 0"),
        ("list_members.unknown_fields", members(), "mila:- | end of 1"),
        ("list_banned.ok", banned(), "troll:banned | end of 1"),
        ("list_banned.with_ban_fields", banned(), "troll:banned | end of 1"),
        ("list_banned.empty", banned(), " | end of 0"),
        ("list_users.ok", people(), "mila:- noor:- | end of 2"),
        ("list_users.empty", people(), " | end of 0"),
        ("get_user.ok", Query::Person { id: "mila".into() }, "mila:- | end of ?"),
        ("get_user.not_found", Query::Person { id: "ghost".into() }, "fails NotFound ERR_UID_NOT_FOUND"),
        ("list_roles.ok", Query::Roles, "default:Default guide:Guide | end of 2"),
        ("any.no_envelope", groups(), "fails Server http.server"),
        ("any.bad_key", people(), "fails Auth AUTH_ERR_APIKEY_NOT_FOUND"),
    ];
    for (case, query, expected) in &table {
        assert_eq!(result(query, None, &response(case)), *expected, "{case}");
    }
    assert_eq!(
        result(&members(), Some(Cursor::page(2, 2)), &response("list_members.page2")),
        "oskar:participant | end of 3"
    );
    for fixture in fixture::all("cometchat").iter().filter(|fixture| fixture.kind == "response") {
        let case = fixture.file.trim_start_matches("cometchat/").trim_end_matches(".response.json");
        let is_read = case.starts_with("list_") || case.starts_with("get_");
        let is_decoded = case == "list_members.page2" || table.iter().any(|(decoded, ..)| *decoded == case);
        assert!(!is_read || is_decoded, "{case} is not decoded");
    }
}

#[test]
fn seconds_become_milliseconds_and_fields_find_their_place() {
    let page = CometChat.decode_page(&Query::People { search: "".into() }, None, &response("list_users.ok"));
    let people = page.expect("a page").into_members();
    assert_eq!(people[0].email.as_deref(), Some("mila@example.org"));
    assert_eq!(people[0].created_at, Some(1_710_000_000_000));
    assert_eq!(people[0].is_active, Some(false));
    assert_eq!(people[1].role, Some(("guide".into(), "guide".into())));
    let members = Query::GroupMembers { group: group("hikers"), scopes: Vec::new() };
    let page = CometChat.decode_page(&members, None, &response("list_members.ok")).expect("a page");
    let members = page.into_members();
    assert_eq!(members[0].joined_at, Some(1_720_000_000_000));
    let pictures: Vec<_> = members.iter().map(|member| member.picture.as_deref()).collect();
    assert_eq!(pictures, [None, Some("https://img.example.com/noor.png"), None]);
}

fn list(n_rows: usize, pagination: Value) -> Response {
    let rows: Vec<_> = (0..n_rows).map(|idx| json!({"uid": format!("u{idx}")})).collect();
    let body = json!({"data": rows, "meta": {"pagination": pagination}}).to_string();
    http::Response::new(body.into_bytes())
}

#[test]
fn lists_end_where_they_end() {
    let table = [
        ("a full page without a word", 100, json!({}), Some(4)),
        ("a short page of which nothing is said", 99, json!({}), None),
        (
            "a short page before the last",
            99,
            json!({"total": 900, "current_page": 3, "total_pages": 9}),
            Some(4),
        ),
        ("fewer at once than asked for", 50, json!({"total": 900}), Some(4)),
        ("a short page with more to come", 99, json!({"total": 900, "per_page": 100}), Some(4)),
        ("a short page with the rest", 50, json!({"total": 250, "per_page": 100, "total_pages": 3}), None),
        ("a full page that is the rest", 100, json!({"total": 300, "per_page": 100}), None),
        (
            "totals that contradict each other",
            100,
            json!({"total": 900, "per_page": 100, "total_pages": 3}),
            Some(4),
        ),
        ("the last full page", 100, json!({"per_page": 100, "current_page": 3, "total_pages": 3}), None),
        ("texts for numbers", 2, json!({"per_page": "2", "current_page": "3", "total_pages": "4"}), Some(4)),
        ("a total of 0 beside rows", 100, json!({"total": 0, "current_page": 3, "total_pages": 0}), Some(4)),
        ("a page number that stands still", 100, json!({"current_page": 1, "total_pages": 3}), None),
        (
            "a smaller page than asked for",
            50,
            json!({"per_page": 50, "current_page": 3, "total_pages": 9}),
            Some(4),
        ),
        ("nothing before the last page", 0, json!({"per_page": 0, "total_pages": 9}), Some(4)),
        ("nothing, and no word of pages", 0, json!({"total": 900}), None),
        (
            "nothing past the end",
            0,
            json!({"total": 250, "per_page": 100, "current_page": 3, "total_pages": 2}),
            None,
        ),
    ];
    let query = Query::People { search: "".into() };
    for (what, n_rows, pagination, expected) in table {
        let page =
            CometChat.decode_page(&query, Some(Cursor::page(3, 100)), &list(n_rows, pagination)).expect(what);
        assert_eq!(page.next, expected.map(|number| Cursor::page(number, 100)), "{what}");
    }
}

#[test]
fn a_list_that_failed_is_no_empty_list() {
    let query = Query::GroupMembers { group: group("hikers"), scopes: Vec::new() };
    let of = |data: Value| {
        let body =
            json!({"data": data, "meta": {"pagination": {"total": 0, "current_page": 1, "total_pages": 1}}});
        result(&query, None, &http::Response::new(body.to_string().into_bytes()))
    };
    let failure = || json!({"success": false, "error": {"code": "ERR_GUID_NOT_FOUND", "message": "x"}});
    let table = [
        (failure(), "fails NotFound ERR_GUID_NOT_FOUND"),
        (json!({"error": {"code": "ERR_GUID_NOT_FOUND"}}), "fails NotFound ERR_GUID_NOT_FOUND"),
        (json!({"code": "ERR_GUID_NOT_FOUND", "message": "x"}), "fails NotFound ERR_GUID_NOT_FOUND"),
        (json!({"success": false}), "fails Unknown "),
        (json!([failure()]), "fails NotFound ERR_GUID_NOT_FOUND"),
        (json!([{"uid": "mila"}, failure()]), "fails NotFound ERR_GUID_NOT_FOUND"),
        (json!({"message": "nothing here"}), "fails Unknown decode.shape"),
        (json!([{"name": "nobody"}, "x"]), "fails Unknown decode.shape"),
        (json!(null), "fails Unknown decode.shape"),
        (json!("none"), "fails Unknown decode.shape"),
        (json!([]), " | end of 0"),
        (json!({}), " | end of 0"),
        (json!([{"uid": "mila"}, {"name": "nobody"}]), "mila:- | end of ?"),
        (json!([{"uid": "mila", "code": "own field", "error": null}]), "mila:- | end of ?"),
    ];
    for (data, expected) in table {
        assert_eq!(of(data.clone()), expected, "{data}");
    }
    // Errors of gateways and frameworks, beside an empty list or inside it.
    let beside = [
        (json!({"data": {}, "errors": [{"message": "boom"}]}), "fails Refused http.refused"),
        (json!({"data": [], "statusCode": 500, "message": "boom"}), "fails Server http.server"),
        (json!({"data": [], "status": "error"}), "fails Refused http.refused"),
        (json!({"data": {"status": "failed"}}), "fails Refused http.refused"),
        (json!({"data": {"statusCode": 403}}), "fails Auth http.forbidden"),
        (
            json!({"data": null, "code": "ERR_GUID_NOT_FOUND", "message": "x"}),
            "fails NotFound ERR_GUID_NOT_FOUND",
        ),
        (json!({"data": [], "errors": [], "status": "success"}), " | end of ?"),
    ];
    for (body, expected) in beside {
        let response = http::Response::new(body.to_string().into_bytes());
        assert_eq!(result(&query, None, &response), expected, "{body}");
    }
    let one = json!({"data": failure()}).to_string().into_bytes();
    let group = Query::Group { group: group("hikers") };
    assert_eq!(result(&group, None, &http::Response::new(one)), "fails NotFound ERR_GUID_NOT_FOUND");
}

#[test]
fn only_one_code_says_that_a_group_is_not_there() {
    let query = Query::Group { group: group("hikers") };
    for (code, expected) in [
        ("ERR_GUID_NOT_FOUND", "fails NotFound ERR_GUID_NOT_FOUND"),
        ("ERR_UID_NOT_FOUND", "fails Refused ERR_UID_NOT_FOUND"),
        ("ERR_API_NOT_FOUND", "fails Refused ERR_API_NOT_FOUND"),
    ] {
        let body = json!({"error": {"code": code}}).to_string().into_bytes();
        let response = http::Response::builder().status(404).body(body).expect("it is well formed");
        assert_eq!(result(&query, None, &response), expected);
    }
}

#[test]
fn an_address_is_found_in_both_places() {
    let of = |metadata: Value| {
        let body = json!({"data": {"uid": "mila", "metadata": metadata}}).to_string().into_bytes();
        let query = Query::Person { id: "mila".into() };
        let page = CometChat.decode_page(&query, None, &http::Response::new(body)).expect("a person");
        page.into_members().remove(0).email
    };
    assert_eq!(of(json!({"email": "mila@example.org"})).as_deref(), Some("mila@example.org"));
    let both = json!({"email": "old@example.org", "@private": {"email": "mila@example.org"}});
    assert_eq!(of(both).as_deref(), Some("mila@example.org"));
    assert_eq!(
        of(json!({"@private": {"email": " "}, "email": "mila@example.org"})).as_deref(),
        Some("mila@example.org")
    );
    assert_eq!(of(json!({"email": 3, "@private": null})).as_deref(), Some("3"));
    assert_eq!(of(json!("mila@example.org")), None);
}

#[test]
fn nothing_is_asked_for_that_nobody_shows() {
    let query = Query::Groups { search: "hike".into() };
    let request = CometChat.encode_query(&query, None, None).expect("it encodes");
    assert_eq!(request.uri(), "/groups?searchKey=hike&perPage=100&page=1");
}
