//! Requests equal the documented examples and cover every operation.

use std::collections::BTreeMap;

use domain::group::{Access, PictureEdit};
use domain::picture::PictureKind;
use domain::{Credentials, Cursor, GroupEdit, NewGroup, Operation, Picture, Query, Scope, Secret};
use serde_json::{Value, json};

use super::super::CometChat;
use super::{add, batch, group};
use crate::fixture::{self, json_body};
use crate::{Changes, Protocol, Request};

fn apply(people: &[(&str, Operation)]) -> Request {
    CometChat.encode(&batch(people), Some("mila")).expect("CometChat has this call")
}

fn ask(query: &Query) -> Request {
    CometChat.encode_query(query, None, Some("mila")).expect("CometChat can be asked this")
}

fn new_group(guid: &str, name: &str) -> NewGroup {
    NewGroup { owner: Some("mila".into()), ..NewGroup::new(group(guid), name) }
}

fn edit(edit: GroupEdit) -> Operation {
    Operation::EditGroup { group: group("hikers"), edit: Box::new(edit) }
}

fn hikers() -> Request {
    let new = NewGroup {
        description: "Weekend walks".into(),
        tags: " outdoor, ".into(),
        ..new_group("hikers", "Hikers")
    };
    apply(&[("hikers", Operation::CreateGroup(Box::new(new)))])
}

fn transfer() -> Request {
    apply(&[("hikers", edit(GroupEdit { owner: Some("noor".into()), ..GroupEdit::default() }))])
}

#[test]
fn equal_the_request_fixtures() {
    let with_members =
        NewGroup { access: Access::Private, takes_members: true, ..new_group("Hikers-2", "Hikers 2") };
    let mut founded = vec![("Hikers-2", Operation::CreateGroup(Box::new(with_members)))];
    let first = [("mila", Scope::Admin), ("noor", Scope::Moderator), ("ghost", Scope::Participant)];
    let join = |scope| Operation::AddToGroup { group: group("Hikers-2"), scope };
    founded.extend(first.map(|(uid, scope)| (uid, join(scope))));
    let ok = [
        ("mila", add(Scope::Admin)),
        ("noor", add(Scope::Moderator)),
        ("oskar", add(Scope::Participant)),
        ("pia", add(Scope::Participant)),
        ("troll", add(Scope::Banned)),
    ];
    let partial = [("noor", Scope::Moderator), ("ghost", Scope::Participant), ("oskar", Scope::Participant)];
    let mut partial = partial.map(|(uid, scope)| (uid, add(scope))).to_vec();
    partial.push(("troll", add(Scope::Participant)));
    let renamed = GroupEdit {
        name: Some("Hikers and walkers".into()),
        picture: Some(PictureEdit::Clear),
        ..GroupEdit::default()
    };
    let set_scope = Operation::SetScope { group: group("hikers"), scope: Scope::Moderator };
    let table = [
        ("add_members.ok", apply(&ok)),
        ("add_members.partial", apply(&partial)),
        ("change_scope.ok", apply(&[("oskar", set_scope)])),
        ("create_group.ok", hikers()),
        ("create_group.with_members", apply(&founded)),
        ("update_group.ok", apply(&[("hikers", edit(renamed))])),
        ("update_group.transfer_owner", transfer()),
    ];
    for (case, request) in table {
        let fixture = fixture::find("cometchat", case, "request");
        let mut expected = fixture.body();
        if case == "create_group.with_members" {
            // Equal apart from this: an empty array is omitted.
            expected["members"].as_object_mut().expect("an object").remove("usersToBan");
        }
        assert_eq!(json_body(&request), expected, "{case}");
        assert_eq!(Some(request.uri().path()), fixture.path.as_deref(), "{case}");
        assert_eq!(request.headers()["content-type"], fixture.headers["Content-Type"].as_str());
        assert!(!request.headers().contains_key("apikey"), "{case}: the transport alone adds the key");
    }
}

#[test]
fn equal_the_queries_of_the_fixtures() {
    let members = |scopes: &[Scope]| Query::GroupMembers { group: group("hikers"), scopes: scopes.to_vec() };
    let table = [
        ("list_groups.ok", Query::Groups { search: "".into() }),
        ("list_members.ok", members(&[])),
        ("list_members.by_scope", members(&[Scope::Admin, Scope::Moderator])),
        ("list_users.ok", Query::People { search: " mi".into() }),
        ("list_users.empty", Query::People { search: "zzz".into() }),
        ("list_banned.ok", Query::Banned { group: group("hikers") }),
        ("get_group.ok", Query::Group { group: group("hikers") }),
        ("get_user.ok", Query::Person { id: "mila".into() }),
        ("list_roles.ok", Query::Roles),
    ];
    for (case, query) in table {
        let (request, fixture) = (ask(&query), fixture::find("cometchat", case, "response"));
        assert_eq!(Some(request.uri().path()), fixture.path.as_deref(), "{case}");
        let query = request.uri().query().unwrap_or_default();
        let sent: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        for (name, value) in &fixture.query {
            assert_eq!(sent.get(name), Some(value), "{case}: {name}");
        }
    }
}

/// Method, path, encoding and `onBehalfOf` of every operation in use, as in `contracts/operations.yaml`.
#[test]
fn cover_every_operation() {
    let hikers_group = || group("hikers");
    let one = |uid: &str, operation: Operation| apply(&[(uid, operation)]);
    let sent = BTreeMap::from([
        ("list_groups", ask(&Query::Groups { search: "h".into() })),
        ("create_group", hikers()),
        ("get_group", ask(&Query::Group { group: hikers_group() })),
        ("update_group", one("hikers", edit(GroupEdit { name: Some("H".into()), ..GroupEdit::default() }))),
        ("delete_group", one("hikers", Operation::DeleteGroup { group: hikers_group() })),
        ("list_members", ask(&Query::GroupMembers { group: hikers_group(), scopes: vec![Scope::Admin] })),
        ("add_members", one("quinn", add(Scope::Admin))),
        ("change_scope", one("quinn", Operation::SetScope { group: hikers_group(), scope: Scope::Admin })),
        ("kick_member", one("quinn", Operation::Kick { group: hikers_group() })),
        ("list_banned", ask(&Query::Banned { group: hikers_group() })),
        ("ban_user", one("quinn", Operation::Ban { group: hikers_group() })),
        ("unban_user", one("quinn", Operation::Unban { group: hikers_group() })),
        ("list_users", ask(&Query::People { search: "q".into() })),
        ("get_user", ask(&Query::Person { id: "quinn".into() })),
        ("list_roles", ask(&Query::Roles)),
    ]);
    let all: Value =
        serde_norway::from_str(&fixture::contract("operations.yaml")).expect("the operations are YAML");
    let operations = all["operations"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["vendor"] == "cometchat" && one["used"] != false);
    let mut n_seen = 0;
    for endpoint in operations {
        n_seen += 1;
        let id = endpoint["id"].as_str().expect("an id");
        let request = sent.get(id).unwrap_or_else(|| panic!("no request for {id}"));
        let path =
            endpoint["path"].as_str().expect("a path").replace("{guid}", "hikers").replace("{uid}", "quinn");
        assert_eq!(request.method().as_str(), endpoint["method"], "{id}");
        assert_eq!(request.uri().path(), path, "{id}");
        assert_eq!(request.body().is_empty(), endpoint["encoding"] == "none", "{id}");
        assert_eq!(request.headers().contains_key("content-type"), endpoint["encoding"] == "json", "{id}");
        assert_eq!(
            request.headers().contains_key("onBehalfOf"),
            endpoint["on_behalf_of"] == "optional",
            "{id}"
        );
        let allowed = endpoint["query"].as_array().cloned().unwrap_or_default();
        for (name, _) in form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()) {
            assert!(allowed.contains(&json!(name)), "{id}: {name} is no parameter");
        }
    }
    assert_eq!(n_seen, sent.len());
}

#[test]
fn ownership_moves_without_an_actor() {
    assert!(!transfer().headers().contains_key("onBehalfOf"));
}

#[test]
fn an_edit_sends_only_what_changes() {
    let table = [
        (
            GroupEdit { description: Some("".into()), ..GroupEdit::default() },
            json!({"unset": ["description"]}),
        ),
        (GroupEdit { tags: Some("a, b,,".into()), ..GroupEdit::default() }, json!({"tags": ["a", "b"]})),
        (GroupEdit { access: Some(Access::Private), ..GroupEdit::default() }, json!({"type": "private"})),
        (
            GroupEdit {
                access: Some(Access::Password(Some(Secret::new("pass word")))),
                ..GroupEdit::default()
            },
            json!({"type": "password", "password": "pass word"}),
        ),
        (
            GroupEdit { access: Some(Access::Password(None)), ..GroupEdit::default() },
            json!({"type": "password"}),
        ),
        (
            GroupEdit {
                picture: Some(PictureEdit::Set(picture())),
                metadata: Some(r#"{"season": 4}"#.into()),
                ..GroupEdit::default()
            },
            json!({"icon": "https://media.example.com/c/dp.png", "metadata": {"season": 4}}),
        ),
        (
            GroupEdit {
                picture: Some(PictureEdit::Clear),
                description: Some("".into()),
                metadata: Some("".into()),
                ..GroupEdit::default()
            },
            json!({"unset": ["icon", "description", "metadata"]}),
        ),
    ];
    for (change, expected) in table {
        let request = apply(&[("hikers", edit(change))]);
        assert_eq!(json_body(&request), expected);
    }
}

fn picture() -> Picture {
    Picture::parse("https://media.example.com/c/dp.png", PictureKind::Address).expect("an https address")
}

/// Every documented field of a new group ("Groups: Create").
#[test]
fn a_new_group_can_have_every_documented_field() {
    let new = NewGroup {
        access: Access::Password(Some(Secret::new("pass word"))),
        description: "Weekend walks".into(),
        tags: "outdoor".into(),
        picture: Some(picture()),
        metadata: r#"{"@private": {"cost centre": 7}}"#.into(),
        takes_members: true,
        ..new_group("hikers", "Hikers")
    };
    let request = apply(&[("hikers", Operation::CreateGroup(Box::new(new))), ("noor", add(Scope::Admin))]);
    let sent = json_body(&request);
    let documented =
        ["guid", "name", "type", "password", "icon", "description", "metadata", "owner", "tags", "members"];
    for field in documented {
        assert!(sent.get(field).is_some(), "{field}");
    }
    assert_eq!(sent.as_object().map(serde_json::Map::len), Some(documented.len()));
    assert_eq!(
        (&sent["icon"], &sent["metadata"]["@private"]["cost centre"]),
        (&json!(picture().as_str()), &json!(7))
    );
    let odd = NewGroup { metadata: "[1]".into(), ..new_group("hikers", "Hikers") };
    let odd = batch(&[("hikers", Operation::CreateGroup(Box::new(odd)))]);
    assert!(CometChat.encode(&odd, None).is_err(), "metadata are an object");
}

#[test]
fn what_is_no_single_call_is_refused() {
    let crowd: Vec<_> = (0..26).map(|idx| format!("u{idx}")).collect();
    let crowd: Vec<_> = crowd.iter().map(|uid| (&**uid, add(Scope::Participant))).collect();
    assert!(CometChat.encode(&batch(&crowd[..25]), None).is_ok());
    let founded = ("hikers", Operation::CreateGroup(Box::new(new_group("hikers", "Hikers"))));
    let elsewhere = Operation::AddToGroup { group: group("runners"), scope: Scope::Admin };
    let kick = || Operation::Kick { group: group("hikers") };
    let table = [
        ("26 people", batch(&crowd)),
        ("one person with two scopes", batch(&[("mila", add(Scope::Admin)), ("Mila", add(Scope::Banned))])),
        ("two people in a call for one", batch(&[("mila", kick()), ("noor", kick())])),
        (
            "a ban as a scope",
            batch(&[("mila", Operation::SetScope { group: group("hikers"), scope: Scope::Banned })]),
        ),
        ("a first member of another group", batch(&[founded, ("mila", elsewhere)])),
        ("another vendor's", batch(&[("mila", Operation::MakeModerator { community: group("hikers") })])),
        ("a step in the path", batch(&[("..", kick())])),
        ("nobody", batch(&[("", add(Scope::Admin))])),
    ];
    for (what, batch) in table {
        assert!(CometChat.encode(&batch, None).is_err(), "{what}");
    }
    let banned = Query::GroupMembers { group: group("hikers"), scopes: vec![Scope::Banned] };
    for query in [Query::Community, Query::Prices, banned] {
        assert_eq!(
            &*CometChat.encode_query(&query, None, None).expect_err("no call").code,
            "console.unsupported"
        );
    }
}

#[test]
fn a_cursor_is_a_page() {
    let request = CometChat
        .encode_query(&Query::Roles, Some(Cursor::page(7, 100)), None)
        .expect("CometChat can be asked this");
    assert_eq!(request.uri(), "/roles?perPage=100&page=7");
}

#[test]
fn the_key_goes_into_its_header_and_hides_there() {
    let (name, value) =
        CometChat.authorization(&Credentials::Key(Secret::new("sandbox-key"))).expect("a key is of use");
    assert_eq!((name.as_str(), value.as_bytes()), ("apikey", &b"sandbox-key"[..]));
    assert!(value.is_sensitive() && !format!("{value:?}").contains("sandbox"));
    assert!(CometChat.authorization(&Credentials::Token(Secret::new("t"))).is_none());
    assert!(CometChat.authorization(&Credentials::Key(Secret::new("two\nlines"))).is_none());
}
