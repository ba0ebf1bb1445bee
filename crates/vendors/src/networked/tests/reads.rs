//! Encoding and decoding queries.

use super::*;

fn from(start: u64) -> Cursor {
    Cursor { start, len: 100 }
}

fn page(query: &Query, cursor: Option<u64>, name: &str) -> Result<Page, ApiError> {
    Networked.decode_page(query, cursor.map(from), &fixture::response("networked", name))
}

#[test]
fn reads_pages_of_people() {
    let first = page(&people(), None, "list_users.page1").expect("a page");
    assert_eq!((first.next, first.total), (Some(from(2)), Some(3)));
    let expected = Member {
        id: "5f0000000000000000000c02".into(),
        name: Some("Bo".into()),
        email: Some("bo@example.org".into()),
        role: Some((VIEWER.into(), "Viewer".into())),
        is_active: Some(false),
        ..Member::default()
    };
    assert_eq!(first.into_members()[1], expected);
    let last = page(&people(), Some(2), "list_users.page2").expect("a page");
    assert_eq!((last.next, last.total, last.into_members().len()), (None, Some(3), 1));
    let empty = page(&people(), None, "list_users.empty").expect("a page");
    assert_eq!((empty.next, empty.total, empty.into_members().len()), (None, Some(0), 0));
    let odd = page(&people(), None, "list_users.count_as_requested").expect("a page");
    assert_eq!((odd.next, odd.into_members().len()), (None, 1));
    let bare = page(&people(), None, "list_users.unknown_fields").expect("a page").into_members();
    assert_eq!((bare.len(), &bare[0].role), (1, &None));
    let error = page(&people(), None, "list_users.unauthorized").expect_err("a refusal");
    assert_eq!((error.class, error.message.as_deref()), (ErrorClass::Auth, Some("Unauthorized")));
}

#[test]
fn reads_pictures_of_people() {
    let pictures =
        ["https://media.example.com/bo.png", "javascript:alert(1)", "", "https://a.example/\u{202e}"];
    let rows: Vec<_> = pictures.iter().map(|image| json!({"userId": "a", "image": image})).collect();
    let body = json!({"error": false, "data": {"content": rows, "nextStart": false}}).to_string();
    let page = Networked.decode_page(&people(), None, &answer(200, body)).expect("a page");
    let read: Vec<_> = page.into_members().into_iter().map(|person| person.picture).collect();
    // Which of them is loaded or linked is decided where they are shown.
    assert_eq!(read, [Some(pictures[0].into()), Some(pictures[1].into()), None, None]);
}

#[test]
fn paging_comes_to_an_end() {
    let read = |mut body: Value, cursor: u64| {
        body["error"] = json!(false);
        let page = Networked.decode_page(&people(), Some(from(cursor)), &answer(200, body.to_string()));
        let page = page.expect("a page");
        (page.next.map(|cursor| cursor.start), page.total)
    };
    let rows = json!([{"userId": "a"}, {"userId": "b"}]);
    assert_eq!(read(json!({"data": {"content": [], "nextStart": true}}), 4), (None, None));
    assert_eq!(
        read(json!({"data": {"content": rows, "nextStart": "true", "totalUsers": "9"}}), 4),
        (Some(6), Some(9))
    );
    assert_eq!(read(json!({"data": {"content": rows, "nextStart": true, "start": 0}}), 4), (None, None));
    assert_eq!(read(json!({"data": {"content": rows, "totalUsers": 7}}), 4), (Some(6), Some(7)));
    assert_eq!(read(json!({"data": {"content": rows, "totalUsers": 0}}), 4), (None, None));
    assert_eq!(read(json!({"data": rows}), 0), (None, None));
}

#[test]
fn asks_for_people_in_the_wire_spelling() {
    let uri = |search: &str, cursor: Option<u64>| {
        let query = Query::People { search: search.into() };
        Networked.encode_query(&query, cursor.map(from), None).expect("there is a call").uri().to_string()
    };
    let base = "/api/v1/admin/community/users?start";
    assert_eq!(uri("", None), format!("{base}=0&count=100&showInActive=true&sortType=recent"));
    let second = "=2&count=100&showInActive=true&sortType=recent&keyword=a%2Bb%40example.org+%26x%3D1%23";
    assert_eq!(uri(" a+b@example.org &x=1# ", Some(2)), format!("{base}{second}"));
    let long = Query::People { search: "ü".repeat(60_000).into() };
    assert_eq!(
        Networked.encode_query(&long, None, None).err().map(|error| error.code),
        Some("console.bad_id".into())
    );
    for (query, name) in [
        (Query::Roles, "list_roles.ok"),
        (Query::Prices, "list_plans.as_array"),
        (Query::Community, "get_community.ok"),
        (people(), "list_users.page1"),
    ] {
        let request = Networked.encode_query(&query, None, None).expect("there is a call");
        let path = fixture::find("networked", name, "response").path;
        assert_eq!(
            (Some(request.uri().path()), request.method()),
            (path.as_deref(), &http::Method::GET),
            "{name}"
        );
    }
    assert_eq!(Networked.probe(), Some(Query::Community));
}

#[test]
fn reads_roles() {
    let roles = |name: &str| match page(&Query::Roles, None, name).expect("a page").items {
        Items::Roles(roles) => roles.into_iter().map(|role| (role.name, role.level)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    use RoleLevel::*;
    let expected = [("Viewer", Other), ("Admin", Admin), ("Contributor", Other), ("Moderator", Moderator)];
    assert_eq!(roles("list_roles.ok"), expected.map(|(name, level)| (name.into(), level)));
    assert_eq!(roles("list_roles.custom")[4], ("Season Ticket".into(), Other));
    assert_eq!(roles("list_roles.empty"), []);
}

#[test]
fn reads_price_plans_defensively() {
    let prices = |name: &str| {
        page(&Query::Prices, None, name).map(|page| match page.items {
            Items::Prices(prices) => {
                prices.into_iter().map(|price| price.name.into()).collect::<Vec<String>>()
            }
            other => panic!("{other:?}"),
        })
    };
    assert_eq!(prices("list_plans.as_array"), Ok(vec!["Monthly".into(), "Yearly".into()]));
    assert_eq!(prices("list_plans.wrapped"), Ok(vec!["Monthly".into()]));
    assert_eq!(prices("list_plans.empty"), Ok(vec![]));
    assert_eq!(prices("list_plans.not_understood").map_err(|error| error.code), Err("decode.shape".into()));
}

#[test]
fn reads_the_community() {
    let groups = page(&Query::Community, None, "get_community.ok").expect("a page").into_groups();
    let [group] = &groups[..] else { panic!("{groups:?}") };
    assert_eq!((group.id.as_str(), &*group.name), ("5f0000000000000000000d01", "Demo Hub"));
    assert_eq!((group.owner.as_deref(), group.n_members), (Some("5f0000000000000000000c00"), None));
    let error = page(&Query::Community, None, "get_community.unauthorized").expect_err("a refusal");
    assert_eq!(error.class, ErrorClass::Auth);
}

#[test]
fn every_answer_fixture_is_in_a_test() {
    let tests = [include_str!("answers.rs"), include_str!("reads.rs")].concat();
    for fixture in fixture::all("networked").iter().filter(|fixture| fixture.kind == "response") {
        let name = fixture.file.trim_start_matches("networked/").trim_end_matches(".response.json");
        assert!(tests.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn something_else_than_a_list_is_no_empty_list() {
    let read = |query: &Query, body: Value| {
        Networked.decode_page(query, None, &answer(200, body.to_string())).map(|page| page.next)
    };
    let odd = |data: Value| json!({"data": data, "error": false, "message": "Success"});
    for query in [people(), Query::Roles, Query::Prices] {
        for body in [
            odd(json!([{"message": "Internal error"}])),
            odd(json!({"content": [{"reason": "no rights"}]})),
            odd(json!({"success": false, "message": "no rights"})),
            odd(json!({"error": "no rights", "content": []})),
            odd(json!(null)),
            json!({"data": [], "message": "Success"}),
            json!({"data": [], "error": "false"}),
            json!({"data": [], "error": false, "statusCode": 500}),
        ] {
            let error = read(&query, body.clone()).expect_err("it is no list");
            assert_eq!(
                (error.class, &*error.code),
                (ErrorClass::Unknown, "decode.shape"),
                "{query:?} {body}"
            );
        }
        let error = read(&query, json!({"data": [], "statusCode": 401})).expect_err("it is refused");
        assert_eq!(error.class, ErrorClass::Auth, "{query:?}");
    }
}
