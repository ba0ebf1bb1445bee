//! Genuin: the token, and the five calls that need it.

use domain::outcome::Verdict;
use domain::{
    ErrorClass, Flow, GroupEdit, GroupId, GroupKind, NewCommunity, NewGroup, Operation, Outcome, Person,
    PersonKey, Scope, Vendor,
};
use sandbox::{Settings, genuin, ids};
use serde_json::Value;

use crate::console::Console;
use crate::truth;

fn console() -> Console {
    Console::new(Vendor::Genuin)
}

fn add(community: &str, flow: Flow) -> Operation {
    Operation::AddToCommunity { community: GroupId::new(community), flow, is_onboarding: false }
}

/// A person in the brand who is not in the community.
fn outsider(dump: &Value, community: &str) -> String {
    let number = (1..=ids::GENUIN_PEOPLE)
        .find(|number| truth::genuin_role(dump, community, &ids::genuin_user(*number)).is_none())
        .expect("somebody is outside");
    ids::genuin_user(number)
}

fn insider(dump: &Value, community: &str) -> String {
    let number = (1..=ids::GENUIN_PEOPLE)
        .find(|number| truth::genuin_role(dump, community, &ids::genuin_user(*number)) == Some(2))
        .expect("somebody is a plain member");
    ids::genuin_user(number)
}

#[test]
fn adds_people_by_id_and_by_phone() {
    let mut console = console();
    let community = ids::GENUIN_SMALL_COMMUNITY;
    let by_id = outsider(&console.dump(), community);
    let phone = "15550109999";
    let outcomes = console.apply_all(vec![
        (Person::by_id(&by_id), add(community, Flow::Direct)),
        (Person::by_phone(phone), add(community, Flow::Direct)),
    ]);
    assert_eq!(outcomes, [Outcome::Applied, Outcome::Applied]);
    let dump = console.dump();
    assert_eq!(truth::genuin_role(&dump, community, &by_id), Some(2));
    let by_phone = truth::genuin_by_phone(&dump, phone).expect("the phone has a person now");
    assert_eq!(truth::genuin_role(&dump, community, &by_phone), Some(2));
}

#[test]
fn whom_the_answer_leaves_out_is_unknown_and_not_added() {
    let mut console = console();
    let community = ids::GENUIN_COMMUNITY;
    let nobody = "40000000-0000-4000-8000-000000000404";
    let member = insider(&console.dump(), community);
    let outcomes = console.apply_all(vec![
        (Person::by_id(nobody), add(community, Flow::Direct)),
        (Person::by_id(&member), add(community, Flow::Direct)),
        (Person::by_id(outsider(&console.dump(), community)), add(community, Flow::Direct)),
    ]);
    let verdicts: Vec<_> = outcomes.iter().map(Outcome::verdict).collect();
    assert_eq!(verdicts, [Verdict::Unknown, Verdict::Unknown, Verdict::Done]);
    assert_eq!(truth::genuin_role(&console.dump(), community, nobody), None);

    let settings = Settings {
        latency: false,
        genuin: genuin::Settings { list_existing_members: true, ..genuin::Settings::default() },
        ..Settings::default()
    };
    let mut console = Console::with(Vendor::Genuin, settings);
    assert_eq!(console.apply(Person::by_id(member), add(community, Flow::Direct)), Outcome::Applied);
}

#[test]
fn the_flows_of_joining_reach_the_emulator_as_flags() {
    for flow in [Flow::Direct, Flow::Invite, Flow::SingleTap, Flow::ApproveRequest] {
        let mut console = console();
        let community = ids::GENUIN_SMALL_COMMUNITY;
        let person = outsider(&console.dump(), community);
        let outcome = console.apply(Person::by_id(&person), add(community, flow));
        let dump = console.dump();
        let is_in = truth::genuin_role(&dump, community, &person).is_some();
        let is_invited = truth::genuin_invited(&dump, community, &person);
        match outcome.verdict() {
            Verdict::Done => assert!(is_in || is_invited, "{flow:?}: {outcome:?}"),
            Verdict::Unknown => assert!(!is_in, "{flow:?}: {outcome:?}"),
            Verdict::Same | Verdict::Refused | Verdict::NotSent => panic!("{flow:?}: {outcome:?}"),
        }
        assert_eq!(is_invited, flow == Flow::Invite, "{flow:?}");
    }
}

#[test]
fn an_unknown_community_refuses_everybody() {
    let mut console = console();
    let nowhere = add("50000000-0000-4000-8000-000000000404", Flow::Direct);
    let before = console.dump();
    let outcomes = console.apply_all(vec![
        (Person::by_id(ids::genuin_user(1)), nowhere.clone()),
        (Person::by_id(ids::genuin_user(2)), nowhere),
    ]);
    for outcome in outcomes {
        assert_eq!(outcome.verdict(), Verdict::Refused);
        assert_eq!(outcome.error().map(|error| &*error.code), Some("5218"));
    }
    assert_eq!(console.dump(), before);
}

#[test]
fn makes_moderators_and_one_stranger_fails_the_call() {
    let mut console = console();
    let community = GroupId::new(ids::GENUIN_COMMUNITY);
    let make = Operation::MakeModerator { community: community.clone() };
    let member = insider(&console.dump(), community.as_str());
    assert_eq!(console.apply(Person::by_id(&member), make.clone()), Outcome::Applied);
    assert_eq!(truth::genuin_role(&console.dump(), community.as_str(), &member), Some(3));

    let before = console.dump();
    let other = insider(&before, community.as_str());
    let outcomes = console.apply_all(vec![
        (Person::by_id("40000000-0000-4000-8000-000000000404"), make.clone()),
        (Person::by_id(other), make),
    ]);
    assert!(outcomes.iter().all(|outcome| outcome.verdict() == Verdict::Refused), "{outcomes:?}");
    assert_eq!(console.dump(), before);
}

#[test]
fn creates_a_community_that_people_can_then_join() {
    let mut console = console();
    let new = NewCommunity {
        description: "Late".into(),
        tags: "late,quiet".into(),
        is_private: true,
        members: vec![PersonKey::Id(ids::genuin_user(5).into())],
        ..NewCommunity::new("night-owls", "Night Owls “ليلية”")
    };
    let batch =
        crate::console::batch(vec![(group_person("night-owls"), Operation::CreateCommunity(Box::new(new)))]);
    let reply = console.send_batch(&batch).expect("creates");
    let group = reply.group.expect("the answer has the new id");
    assert_eq!(group.kind, GroupKind::Community);
    let outcome = console.apply(Person::by_id(ids::genuin_user(6)), add(group.id.as_str(), Flow::Direct));
    assert_eq!(outcome, Outcome::Applied);
    assert_eq!(truth::genuin_role(&console.dump(), group.id.as_str(), &ids::genuin_user(6)), Some(2));
}

#[test]
fn creates_a_group_changes_it_and_its_people() {
    let mut console = console();
    let chat = GroupId::new("60000000-0000-4000-8000-000000000001");
    let new = NewGroup {
        community: Some(GroupId::new(ids::GENUIN_COMMUNITY)),
        description: "Weekly".into(),
        tags: "ink".into(),
        is_discoverable: Some(true),
        ..NewGroup::new(chat.clone(), "Sketchbook")
    };
    let person = group_person(chat.as_str());
    let outcome = console.apply(person.clone(), Operation::CreateGroup(Box::new(new)));
    assert_eq!(outcome.verdict(), Verdict::Done, "{outcome:?}");
    assert_eq!(console.dump()["genuin"]["groups"][chat.as_str()]["name"], "Sketchbook");

    let (four, five) = (ids::genuin_user(4), ids::genuin_user(5));
    let join = Operation::AddToGroup { group: chat.clone(), scope: Scope::Participant };
    let outcomes =
        console.apply_all(vec![(Person::by_id(&four), join.clone()), (Person::by_id(&five), join)]);
    assert_eq!(outcomes, [Outcome::Applied, Outcome::Applied]);
    let outcome = console.apply(Person::by_id(&four), Operation::Kick { group: chat.clone() });
    assert_eq!(outcome, Outcome::Applied);
    let dump = console.dump();
    assert!(!truth::genuin_in_group(&dump, chat.as_str(), "members", &four));
    assert!(truth::genuin_in_group(&dump, chat.as_str(), "members", &five));
    let again = console.apply(Person::by_id(&four), Operation::Kick { group: chat.clone() });
    assert_eq!(again.verdict(), Verdict::Unknown, "the answer lists only who was removed");

    let edit = GroupEdit {
        name: Some("Sketchbook II".into()),
        description: Some("Daily".into()),
        tags: Some("ink,paper".into()),
        is_discoverable: Some(false),
        ..GroupEdit::default()
    };
    let outcome = console.apply(person, Operation::EditGroup { group: chat.clone(), edit: Box::new(edit) });
    assert_eq!(outcome.verdict(), Verdict::Done, "{outcome:?}");
    let group = &console.dump()["genuin"]["groups"][chat.as_str()];
    assert_eq!((&group["name"], &group["tags"]), (&"Sketchbook II".into(), &"ink,paper".into()));
}

#[test]
fn ends_subscriptions() {
    let mut console = console();
    let chats = [ids::GENUIN_GROUP, ids::GENUIN_SECOND_GROUP, ids::GENUIN_PRIVATE_GROUP];
    let dump = console.dump();
    let (chat, subscriber) = chats
        .into_iter()
        .find_map(|chat| {
            let subscribers = dump["genuin"]["groups"][chat]["subscribers"].as_array()?;
            Some((chat, subscribers.first()?.as_str()?.to_owned()))
        })
        .expect("the seed has a subscriber");
    let outcome =
        console.apply(Person::by_id(&subscriber), Operation::Unsubscribe { group: GroupId::new(chat) });
    assert_eq!(outcome, Outcome::Applied);
    assert!(!truth::genuin_in_group(&console.dump(), chat, "subscribers", &subscriber));
}

#[test]
fn an_old_token_is_renewed_once_without_a_word() {
    for expired_is_precondition in [false, true] {
        for token_in_body in [false, true] {
            let settings = Settings {
                latency: false,
                genuin: genuin::Settings {
                    token_lifetime_ms: 60_000,
                    expired_is_precondition,
                    token_in_body,
                    ..genuin::Settings::default()
                },
                ..Settings::default()
            };
            let mut console = Console::with(Vendor::Genuin, settings);
            let community = ids::GENUIN_SMALL_COMMUNITY;
            for _ in 0..3 {
                let person = outsider(&console.dump(), community);
                assert_eq!(
                    console.apply(Person::by_id(person), add(community, Flow::Direct)),
                    Outcome::Applied
                );
                console.now += 61_000;
            }
        }
    }
}

#[test]
fn a_call_without_a_token_is_an_auth_failure() {
    let mut console = console().keyed(domain::Credentials::None);
    let outcome = console.apply(Person::by_id(ids::genuin_user(1)), add(ids::GENUIN_COMMUNITY, Flow::Direct));
    assert_eq!(outcome.error().map(|error| error.class), Some(ErrorClass::Auth), "{outcome:?}");
}

fn group_person(id: &str) -> Person {
    Person { key: PersonKey::Group(id.into()), name: None }
}
