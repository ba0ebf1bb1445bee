//! Plans that travel: nothing is lost, and nothing travels that must not.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::command::Flow;
use domain::group::{Access, Categories, MadeByAi, PictureEdit};
use domain::picture::PictureKind;
use domain::{
    Command, GroupEdit, GroupId, NewCommunity, NewGroup, Operation, Person, PersonKey, Picture, PriceId,
    RoleId, Scope, Secret, State, Vendor,
};
use review::{
    AskedChange, BodyError, Document, MAX_CHANGES, MakeRequestError, ParsePlaceError, ReadDocumentError,
    RequestAbout, ReviewPlace, ReviewRequest, Unsigned,
};

use crate::world::*;

#[test]
fn a_plan_comes_back_as_the_command_that_it_came_from() {
    let request = request();
    let back = request.command(|_| true);
    let again = ReviewRequest::of(&plan(&back, &group(&BEFORE)), about()).expect("a plan that can travel");
    assert_eq!(again, request);
    let bo = change_of(&request, "bo");
    let part = request.command(|id| id == bo);
    assert_eq!((part.operations.len(), part.items.len()), (1, 1));
    assert_eq!(part.items[0].0.label(), "Bo");
    assert_eq!(*part.operations[0], set_scope(Scope::Admin));
}

#[test]
fn what_is_in_effect_already_does_not_travel() {
    let mut now = BEFORE;
    now[0].1 = Scope::Moderator;
    let request = ReviewRequest::of(&plan(&command(), &group(&now)), about()).expect("two changes are left");
    assert_eq!(request.changes.len(), 2);
    let all = [("ada", Scope::Moderator), ("bo", Scope::Admin), ("cy", Scope::Banned)];
    let nothing = ReviewRequest::of(&plan(&command(), &group(&all)), about());
    assert_eq!(nothing, Err(MakeRequestError::NotApplicable));
}

#[test]
fn a_plan_of_another_vendor_is_refused() {
    let elsewhere = RequestAbout { place: ReviewPlace::new(Vendor::Genuin, "a").expect("an id"), ..about() };
    let found = ReviewRequest::of(&plan(&command(), &group(&BEFORE)), elsewhere);
    assert_eq!(found, Err(MakeRequestError::OtherVendor));
}

#[test]
fn a_plan_with_a_password_is_refused() {
    let secret = || Some(Secret::new("hunter2hunter2"));
    let register =
        |password| Operation::Register { flow: Flow::Direct, role: RoleId::new("1"), price: None, password };
    let group = GroupId::new("hikers");
    let closed =
        |password| NewGroup { access: Access::Password(password), ..NewGroup::new(group.clone(), "Hikers") };
    let edit = GroupEdit { access: Some(Access::Password(secret())), ..GroupEdit::default() };
    let operations = [
        register(secret()),
        Operation::CreateGroup(Box::new(closed(secret()))),
        Operation::EditGroup { group: group.clone(), edit: Box::new(edit) },
    ];
    for operation in operations {
        let mut plan = plan(&command(), &crate::world::group(&BEFORE));
        plan.changes[1].operation = Arc::new(operation);
        let id = plan.changes[1].id;
        assert_eq!(ReviewRequest::of(&plan, about()), Err(MakeRequestError::Password(vec![id])));
    }
    // Without the password, but in a group that has one: the person who runs it would be asked for it.
    let mut other = request();
    other.operations[0] = Operation::CreateGroup(Box::new(closed(None)));
    assert_eq!(other.check(), Err(BodyError::Password));
    other.operations[0] = register(None);
    assert_eq!(other.check(), Ok(()));
}

#[test]
fn a_place_holds_no_address() {
    for id in ["274b8c16", "A-b_9", &"x".repeat(100)] {
        assert_eq!(
            ReviewPlace::new(Vendor::CometChat, id).map(|place| place.id().to_owned()).as_deref(),
            Ok(id)
        );
    }
    let bad = [
        "",
        "a.b",
        "localhost:80",
        "https://example.org",
        "/relay",
        "a b",
        "ä",
        "a\u{202e}b",
        &"x".repeat(101),
    ];
    for id in bad {
        assert_eq!(ReviewPlace::new(Vendor::CometChat, id), Err(ParsePlaceError), "{id}");
    }
}

/// A request with every operation and every field of each.
fn everything() -> ReviewRequest {
    let text = |text: &str| -> Box<str> { text.into() };
    let picture =
        || Picture::parse("https://media.example.org/p.png", PictureKind::Address).expect("a picture");
    let group = || GroupId::new("g");
    let new = NewGroup {
        community: Some(GroupId::new("community")),
        description: text("d"),
        tags: text("t"),
        owner: Some(text("owner")),
        is_discoverable: Some(true),
        picture: Some(picture()),
        topics: vec![1],
        template: Some(1),
        metadata: text("{}"),
        ..NewGroup::new(group(), "Group")
    };
    let edit = GroupEdit {
        name: Some(text("n")),
        description: Some(text("d")),
        tags: Some(text("t")),
        access: Some(Access::Public),
        owner: Some(text("owner")),
        is_discoverable: Some(true),
        picture: Some(PictureEdit::Set(picture())),
        topics: Some(vec![1]),
        metadata: Some(text("{}")),
    };
    let community = NewCommunity {
        description: text("d"),
        tags: text("t"),
        members: vec![PersonKey::Id(text("ada"))],
        picture: Some(picture()),
        banner: Some(picture()),
        categories: Categories { existing: vec![1], new: vec![text("c")] },
        made_by_ai: MadeByAi::default(),
        ..NewCommunity::new("handle", "Community")
    };
    let scope = Scope::Admin;
    let operations = vec![
        Operation::AddToGroup { group: group(), scope },
        Operation::AddToCommunity { community: group(), flow: Flow::Direct, is_onboarding: true },
        Operation::MakeModerator { community: group() },
        Operation::Register {
            flow: Flow::Direct,
            role: RoleId::new("1"),
            price: Some(PriceId::new("2")),
            password: Some(Secret::new("hunter2hunter2")),
        },
        Operation::Invite {
            role: RoleId::new("1"),
            note: Some(text("note")),
            prices: vec![PriceId::new("2")],
        },
        Operation::SetScope { group: group(), scope },
        Operation::Kick { group: group() },
        Operation::Ban { group: group() },
        Operation::Unban { group: group() },
        Operation::Unsubscribe { group: group() },
        Operation::CreateGroup(Box::new(new)),
        Operation::EditGroup { group: group(), edit: Box::new(edit) },
        Operation::DeleteGroup { group: group() },
        Operation::CreateCommunity(Box::new(community)),
    ];
    let changes = (0..operations.len()).map(|idx| AskedChange {
        person: Person::by_id(format!("p{idx}")).with_name("Name"),
        operation: idx as u32,
        before: State::Scope(scope),
    });
    let changes = changes.collect();
    let groups = [(group(), text("Group"))].into();
    ReviewRequest { operations, changes, groups, ..request() }
}

/// The places of all texts in a value, without positions in lists.
fn text_places(value: &serde_json::Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::String(_) => drop(found.insert(at.to_owned())),
        serde_json::Value::Array(values) => values.iter().for_each(|value| text_places(value, at, found)),
        serde_json::Value::Object(members) => {
            for (name, value) in members {
                text_places(value, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn no_field_can_carry_an_address_of_calls_or_a_secret() {
    let request = everything();
    let json = serde_json::to_value(&request).expect("it can be written");
    assert!(!json.to_string().contains("hunter2"), "a password is not written");
    // Every text of a request. None is a key or an address of calls: ids and names, what people wrote, and the
    // addresses of pictures, which no console calls. A field that is added to an operation has to be added here.
    let ids =
        ["/id", "/place/id", "/place/vendor", "/changes", "/changes/by", "/changes/key", "/changes/scope"];
    let own = ["/why", "/groups/g"];
    let in_operations = [
        "add_to_group/group",
        "add_to_group/scope",
        "add_to_community/community",
        "add_to_community/flow",
        "make_moderator/community",
        "register/flow",
        "register/role",
        "register/price",
        "invite/role",
        "invite/note",
        "invite/prices",
        "set_scope/group",
        "set_scope/scope",
        "kick/group",
        "ban/group",
        "unban/group",
        "unsubscribe/group",
        "delete_group/group",
        "create_group/id",
        "create_group/community",
        "create_group/name",
        "create_group/description",
        "create_group/tags",
        "create_group/access",
        "create_group/owner",
        "create_group/picture",
        "create_group/metadata",
        "edit_group/group",
        "edit_group/edit/name",
        "edit_group/edit/description",
        "edit_group/edit/tags",
        "edit_group/edit/access",
        "edit_group/edit/owner",
        "edit_group/edit/picture/Set",
        "edit_group/edit/metadata",
        "create_community/handle",
        "create_community/name",
        "create_community/description",
        "create_community/tags",
        "create_community/members/by",
        "create_community/members/key",
        "create_community/picture",
        "create_community/banner",
        "create_community/categories/new",
    ];
    let outside = ids.iter().chain(&own).map(|place| (*place).to_owned());
    let expected: BTreeSet<_> =
        outside.chain(in_operations.map(|place| format!("/operations/{place}"))).collect();
    let mut found = BTreeSet::new();
    text_places(&json, "", &mut found);
    assert_eq!(found, expected);
}

#[test]
fn a_field_with_an_address_or_a_key_is_refused_wherever_it_is() {
    let ana = Colleague::new("Ana", 2);
    let mut plain = everything();
    let Operation::Register { password, .. } = &mut plain.operations[3] else { panic!("the fourth") };
    *password = None;
    let text = ana.sign(plain).to_text();
    let n_objects = text.matches('{').count();
    assert!(n_objects > 30, "{n_objects}");
    for field in ["\"base_url\":\"https://x.example\"", "\"password\":\"hunter2\"", "\"key\":\"hunter2\""] {
        for (at, _) in text.match_indices('{') {
            let comma = if text[at + 1..].starts_with('}') { "" } else { "," };
            let added = format!("{}{field}{comma}{}", &text[..=at], &text[at + 1..]);
            let found = review::Unverified::<ReviewRequest>::read(added.as_bytes()).err();
            // The names of groups are the only object with free names, and its names are groups of operations.
            assert!(
                matches!(
                    found,
                    Some(ReadDocumentError::Fields | ReadDocumentError::Json(_) | ReadDocumentError::Hash)
                ),
                "{field} at {at}: {found:?}"
            );
        }
    }
    let mut named = request();
    named.groups.insert(GroupId::new("https://x.example"), "Group".into());
    assert_eq!(named.check(), Err(BodyError::Reference));
}

#[test]
fn texts_that_turn_or_hide_are_refused() {
    let ana = Colleague::new("Ana", 2);
    let changed = |change: fn(&mut ReviewRequest)| {
        let mut request = request();
        change(&mut request);
        request.check()
    };
    let set = |request: &mut ReviewRequest, idx: usize, operation| request.operations[idx] = operation;
    assert_eq!(changed(|request| request.why = "up\u{202e}nwod".into()), Err(BodyError::Text));
    assert_eq!(changed(|request| request.why = "x".repeat(2_001).into()), Err(BodyError::Text));
    assert_eq!(
        changed(|request| request.changes[0].person.name = Some("A\u{2069}da".into())),
        Err(BodyError::Text)
    );
    assert_eq!(changed(|request| request.changes[0].person.name = Some("".into())), Err(BodyError::Text));
    assert_eq!(
        changed(|request| request.changes[0].person = Person::by_id("a\u{200b}da")),
        Err(BodyError::Id)
    );
    assert_eq!(changed(|request| request.changes[0].person = Person::by_id("")), Err(BodyError::Id));
    let kick = |group: &str| Operation::Kick { group: GroupId::new(group) };
    let mut turned = request();
    turned.groups.clear();
    set(&mut turned, 0, kick("hik\u{200b}ers"));
    assert_eq!(turned.check(), Err(BodyError::Id));
    assert_eq!(
        changed(|request| *request.groups.values_mut().next().expect("one") = " x".into()),
        Err(BodyError::Text)
    );
    let mut note = request();
    let invite =
        |note: &str| Operation::Invite { role: RoleId::new("1"), note: Some(note.into()), prices: vec![] };
    set(&mut note, 0, invite("Welcome\nto us"));
    note.groups.clear();
    assert_eq!(note.check(), Ok(()));
    for turned in ["up\u{202e}nwod", "up\u{202e}\nnwod", "de\u{7f}leted", "de\u{7f}l\u{e9}ted"] {
        set(&mut note, 0, invite(turned));
        assert_eq!(note.check(), Err(BodyError::Text), "{turned:?}");
    }
    set(&mut note, 0, invite("Grüße an alle"));
    assert_eq!(note.check(), Ok(()));
    let mut eve = ana.signer.clone();
    eve.name = "Ana\u{202e}".into();
    assert_eq!(Unsigned::new(request(), eve).err(), Some(ReadDocumentError::Body(BodyError::Text)));
    // What a plan has is made plain, not refused: names are as people typed them.
    let mut typed = Command::new();
    typed.intent(
        Person { key: PersonKey::Id("ada".into()), name: Some("A\u{202e}da ".into()) },
        set_scope(Scope::Admin),
    );
    let request = ReviewRequest::of(&plan(&typed, &group(&BEFORE)), about()).expect("a plan that can travel");
    assert_eq!(request.changes[0].person.name.as_deref(), Some("Ada"));
}

#[test]
fn changes_and_operations_fit_each_other() {
    let changed = |change: fn(&mut ReviewRequest)| {
        let mut request = request();
        change(&mut request);
        request.check()
    };
    assert_eq!(changed(|_| {}), Ok(()));
    assert_eq!(changed(|request| request.changes[0].operation = 3), Err(BodyError::Reference));
    assert_eq!(
        changed(|request| drop(request.changes.remove(0))),
        Err(BodyError::Reference),
        "one is left over"
    );
    assert_eq!(
        changed(|request| request.changes[1].person = request.changes[0].person.clone()),
        Err(BodyError::Twice)
    );
    assert_eq!(changed(|request| request.changes.clear()), Err(BodyError::Count));
    let many = |n: usize| {
        let mut request = request();
        let more = (request.changes.len()..n).map(|idx| AskedChange {
            person: Person::by_id(format!("p{idx}")),
            ..request.changes[0].clone()
        });
        let more: Vec<_> = more.collect();
        request.changes.extend(more);
        request.check()
    };
    assert_eq!((many(MAX_CHANGES), many(MAX_CHANGES + 1)), (Ok(()), Err(BodyError::Count)));
    assert_eq!(changed(|request| request.expires_at = request.made_at), Err(BodyError::Times));
    assert_eq!(changed(|request| request.expires_at += 365 * 24 * HOUR), Err(BodyError::Times));
    assert_eq!(changed(|request| request.id = "7".into()), Err(BodyError::Id));
}

#[test]
fn requests_for_one_person_in_one_place_are_found() {
    let ours = request();
    let mut other = Command::new();
    other.intent(Person::by_id("cy"), Operation::Kick { group: GroupId::new("hikers") });
    other.intent(Person::by_id("di"), Operation::Ban { group: GroupId::new("hikers") });
    let theirs = |about| ReviewRequest::of(&plan(&other, &group(&BEFORE)), about).expect("a plan");
    assert_eq!(ours.shared_with(&theirs(about())), [change_of(&ours, "cy")]);
    let elsewhere = ReviewPlace::new(Vendor::CometChat, "other").expect("an id");
    assert!(ours.shared_with(&theirs(RequestAbout { place: elsewhere, ..about() })).is_empty());
}
