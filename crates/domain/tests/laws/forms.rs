//! Forms as commands, or the reason why they cannot be sent yet.

use std::collections::BTreeMap;

use domain::capabilities::{AddForm, AddTarget, GroupTextLimits, Groups, IdShape, Identity, Moderation};
use domain::form::community::{CommunityFields, CommunityProblem};
use domain::form::group::{GroupFields, GroupProblem, GroupText, TooLong};
use domain::form::people::{GroupReading, Missing, PeopleFields, PeopleForm, Purpose};
use domain::group::{Access, AccessKind, MadeByAi, ParseNumberError, ParseNumbersError};
use domain::picture::ParsePictureError;
use domain::{
    Capabilities, Command, Flow, GroupId, Operation, Person, PersonKey, PriceId, RoleId, Scope, Secret,
    Snapshot,
};

use crate::world::{CAPABILITIES, group, snapshot_of};

const OF_A_GROUP: Capabilities =
    Capabilities { add: AddForm { has_roles: false, ..CAPABILITIES.add }, ..CAPABILITIES };

const OF_COMMUNITIES: Capabilities = Capabilities {
    identity: Identity { id_shape: IdShape::Hex24, ..CAPABILITIES.identity },
    add: AddForm {
        target: AddTarget::Communities,
        flows: &[Flow::Direct, Flow::Invite, Flow::SingleTap],
        scopes: &[],
        has_roles: false,
        has_onboarding: true,
        ..CAPABILITIES.add
    },
    moderation: Moderation::ByCall,
    ..CAPABILITIES
};

const OF_THE_WHOLE: Capabilities = Capabilities {
    add: AddForm {
        target: AddTarget::Whole,
        flows: &[Flow::Direct, Flow::Invite],
        scopes: &[],
        has_prices: true,
        has_password: true,
        ..CAPABILITIES.add
    },
    moderation: Moderation::ByRole,
    ..CAPABILITIES
};

const A: &str = "0123456789abcdef01234567";
const B: &str = "fedcba9876543210fedcba98";

fn operations(form: PeopleForm, fields: &PeopleFields, snapshot: &Snapshot) -> Vec<Operation> {
    operations_of(
        form.command(fields, vec![(Person::by_id("ada"), None)], snapshot).expect("there are people"),
    )
}

fn operations_of(command: Command) -> Vec<Operation> {
    command.operations.iter().map(|operation| Operation::clone(operation)).collect()
}

fn form(purpose: Purpose, capabilities: Capabilities) -> PeopleForm {
    PeopleForm { purpose, capabilities }
}

#[test]
fn a_form_asks_for_what_the_vendor_needs() {
    use Purpose::{Add, Invite, Moderate};
    let table = [
        // purpose, capabilities, group, communities, flows, password with a direct add
        (Add, OF_A_GROUP, [true, false, false, false]),
        (Moderate, OF_A_GROUP, [true, false, false, false]),
        (Add, OF_COMMUNITIES, [false, true, true, false]),
        (Invite, OF_COMMUNITIES, [false, true, false, false]),
        (Moderate, OF_COMMUNITIES, [false, true, false, false]),
        (Add, OF_THE_WHOLE, [false, false, true, true]),
        (Invite, OF_THE_WHOLE, [false, false, false, false]),
        (Moderate, OF_THE_WHOLE, [false, false, true, true]),
    ];
    for (purpose, capabilities, expected) in table {
        let form = form(purpose, capabilities);
        let asked =
            [form.has_group(), form.has_communities(), form.has_flows(), form.has_password(Flow::Direct)];
        assert_eq!(asked, expected, "{purpose:?} {:?}", capabilities.add.target);
        assert!(!form.has_password(Flow::Invite));
    }
}

#[test]
fn what_is_missing_is_said_in_the_order_of_the_form() {
    use GroupReading::Done;
    let group = || PeopleFields { group: Some("fans".to_owned()), ..PeopleFields::default() };
    let role = |role: &str| PeopleFields { role: role.to_owned(), ..PeopleFields::default() };
    let lost = PeopleFields { is_password_lost: true, ..role("7") };
    let table = [
        (OF_A_GROUP, PeopleFields::default(), Done, Some(Missing::Group)),
        (OF_A_GROUP, group(), GroupReading::Missing, Some(Missing::GroupReading)),
        (OF_A_GROUP, group(), Done, None),
        (OF_COMMUNITIES, PeopleFields::default(), Done, Some(Missing::Community)),
        (OF_COMMUNITIES, group(), Done, Some(Missing::Community)),
        (OF_COMMUNITIES, PeopleFields { group: Some(A.to_owned()), ..PeopleFields::default() }, Done, None),
        (
            OF_COMMUNITIES,
            PeopleFields { communities: vec![A.to_owned()], ..PeopleFields::default() },
            Done,
            None,
        ),
        (OF_THE_WHOLE, role(""), Done, Some(Missing::Role)),
        (OF_THE_WHOLE, role("7"), Done, None),
        (OF_THE_WHOLE, lost.clone(), Done, Some(Missing::Password)),
        (OF_THE_WHOLE, PeopleFields { password: Some(Secret::new("again")), ..lost.clone() }, Done, None),
        (OF_THE_WHOLE, PeopleFields { flow: Flow::Invite, ..lost }, Done, None),
    ];
    for (capabilities, fields, reading, expected) in table {
        let missing = form(Purpose::Add, capabilities).missing(&fields, reading);
        assert_eq!(missing, expected, "{:?} {fields:?}", capabilities.add.target);
    }
}

#[test]
fn a_scope_chosen_for_a_person_wins_over_the_one_in_the_list_and_that_over_the_one_for_all() {
    let each = BTreeMap::from([("ada".to_owned(), Scope::Admin), ("bo".to_owned(), Scope::Admin)]);
    let fields = PeopleFields {
        group: Some("group-0".to_owned()),
        each,
        scope: Scope::Banned,
        ..PeopleFields::default()
    };
    let people =
        [("ada", Some(Scope::Moderator)), ("bo", None), ("di", Some(Scope::Moderator)), ("cy", None)];
    let people = people.map(|(id, scope)| (Person::by_id(id), scope)).into();
    let command = form(Purpose::Add, OF_A_GROUP).command(&fields, people, &Snapshot::default());
    let add = |scope| Operation::AddToGroup { group: group(0), scope };
    let command = command.expect("there are people");
    assert_eq!(command.items.iter().map(|(_, operation)| *operation).collect::<Vec<_>>(), [0, 0, 1, 2]);
    assert_eq!(operations_of(command), [add(Scope::Admin), add(Scope::Moderator), add(Scope::Banned)]);
    assert!(form(Purpose::Add, OF_A_GROUP).command(&fields, Vec::new(), &Snapshot::default()).is_none());
}

#[test]
fn people_join_every_community_once_by_a_flow_that_the_vendor_has() {
    let fields = PeopleFields {
        group: Some(["  ", A, " "].concat()),
        communities: vec![B.to_owned(), A.to_uppercase(), "no id".to_owned()],
        is_onboarding: true,
        ..PeopleFields::default()
    };
    let join =
        |id: &str, flow| Operation::AddToCommunity { community: GroupId::new(id), flow, is_onboarding: true };
    let table = [
        (Purpose::Add, Flow::SingleTap, Flow::SingleTap),
        (Purpose::Add, Flow::ApproveRequest, Flow::Direct),
        (Purpose::Invite, Flow::Direct, Flow::Invite),
    ];
    for (purpose, chosen, expected) in table {
        let fields = PeopleFields { flow: chosen, ..fields.clone() };
        let found = operations(form(purpose, OF_COMMUNITIES), &fields, &Snapshot::default());
        assert_eq!(found, [join(A, expected), join(B, expected)], "{purpose:?} {chosen:?}");
    }
    let found = operations(form(Purpose::Moderate, OF_COMMUNITIES), &fields, &Snapshot::default());
    let expected = [A, B].map(|id| Operation::MakeModerator { community: GroupId::new(id) });
    assert_eq!(found, expected);
}

#[test]
fn a_password_is_sent_with_a_direct_add_only() {
    let fields = PeopleFields {
        role: "7".to_owned(),
        price: " 3 ".to_owned(),
        prices: vec!["4".to_owned()],
        note: "  Welcome  ".to_owned(),
        password: Some(Secret::new("first")),
        ..PeopleFields::default()
    };
    let register = |flow, password| Operation::Register {
        flow,
        role: RoleId::new("7"),
        price: Some(PriceId::new("3")),
        password,
    };
    let table = [
        (Purpose::Add, Flow::Direct, register(Flow::Direct, Some(Secret::new("first")))),
        (Purpose::Add, Flow::Invite, register(Flow::Invite, None)),
        (Purpose::Moderate, Flow::Invite, register(Flow::Invite, None)),
        (
            Purpose::Invite,
            Flow::Direct,
            Operation::Invite {
                role: RoleId::new("7"),
                note: Some("Welcome".into()),
                prices: vec![PriceId::new("4")],
            },
        ),
    ];
    for (purpose, flow, expected) in table {
        let fields = PeopleFields { flow, ..fields.clone() };
        let found = operations(form(purpose, OF_THE_WHOLE), &fields, &Snapshot::default());
        assert_eq!(found, [expected], "{purpose:?} {flow:?}");
    }
}

#[test]
fn a_member_is_promoted_and_an_outsider_is_added_as_a_moderator() {
    let fields = PeopleFields { group: Some("group-0".to_owned()), ..PeopleFields::default() };
    let (group, scope) = (group(0), Scope::Moderator);
    let set = Operation::SetScope { group: group.clone(), scope };
    let add = Operation::AddToGroup { group: group.clone(), scope };
    let mut partly_read = snapshot_of(group.clone(), &[("bo", Scope::Participant)]);
    partly_read.groups.get_mut(&group).expect("it is known").is_complete = false;
    let table = [
        (snapshot_of(group.clone(), &[("ada", Scope::Participant)]), &set),
        (snapshot_of(group, &[("bo", Scope::Participant)]), &add),
        (partly_read, &set),
        (Snapshot::default(), &set),
    ];
    for (snapshot, expected) in table {
        let found = operations(form(Purpose::Moderate, OF_A_GROUP), &fields, &snapshot);
        assert_eq!(found, std::slice::from_ref(expected), "{snapshot:?}");
    }
}

fn crew() -> GroupFields {
    GroupFields {
        id: " Crew ".to_owned(),
        community: None,
        name: " The crew ".to_owned(),
        description: String::new(),
        tags: String::new(),
        access: AccessKind::Public,
        password: None,
        owner: String::new(),
        is_discoverable: true,
        picture: String::new(),
        topics: String::new(),
        template: String::new(),
        is_ai_generated: false,
        metadata: Some(Box::default()),
    }
}

fn groups() -> Groups {
    let mut groups = CAPABILITIES.groups.expect("it has groups");
    groups.form.max =
        Some(GroupTextLimits { name: 10, description: 5, password: 4, tags: 2, tag: 3, metadata: 4 });
    groups.form.n_first_members = Some(2);
    groups
}

#[test]
fn the_first_problem_of_a_new_group_is_said() {
    let text = str::to_owned;
    let too_long = |text, max| Some(GroupProblem::TooLong(TooLong { text, max }));
    let with_password = |password: &str| {
        let password = (!password.is_empty()).then(|| Secret::new(password));
        GroupFields { access: AccessKind::Password, password, ..crew() }
    };
    let table = [
        (crew(), None),
        (GroupFields { id: text("no id!"), name: text(""), ..crew() }, Some(GroupProblem::Id)),
        (GroupFields { name: text(" "), owner: text("no id!"), ..crew() }, Some(GroupProblem::Name)),
        (with_password(""), Some(GroupProblem::Password)),
        (with_password("1234"), None),
        (with_password("12345"), too_long(GroupText::Password, 4)),
        (GroupFields { password: Some(Secret::new("12345")), ..crew() }, None),
        (GroupFields { owner: text("no id!"), ..crew() }, Some(GroupProblem::Owner)),
        (
            GroupFields { picture: text("http://a.example/a.png"), ..crew() },
            Some(GroupProblem::Picture(ParsePictureError::NotHttps)),
        ),
        (
            GroupFields { topics: text("1, two"), ..crew() },
            Some(GroupProblem::Topics(ParseNumbersError("two".into()))),
        ),
        (
            GroupFields { template: text("1 2"), ..crew() },
            Some(GroupProblem::Template(ParseNumberError::Several)),
        ),
        (GroupFields { metadata: None, ..crew() }, Some(GroupProblem::Metadata)),
        (GroupFields { name: text(" 1234567890 "), ..crew() }, None),
        (GroupFields { name: text("12345678901"), ..crew() }, too_long(GroupText::Name, 10)),
        (GroupFields { description: text("äöüäö"), ..crew() }, None),
        (GroupFields { description: text("123456"), ..crew() }, too_long(GroupText::Description, 5)),
        (GroupFields { tags: text("a, b, a"), ..crew() }, None),
        (GroupFields { tags: text("a, b, c"), ..crew() }, too_long(GroupText::Tags, 2)),
        (GroupFields { tags: text("abcd"), ..crew() }, too_long(GroupText::Tag, 3)),
        (GroupFields { metadata: Some("{   }".into()), ..crew() }, too_long(GroupText::Metadata, 4)),
    ];
    for (fields, expected) in table {
        let problem = fields.command(&groups(), &CAPABILITIES.identity, Vec::new()).err();
        assert_eq!(problem, expected, "{fields:?}");
    }
}

#[test]
fn a_group_is_created_as_it_was_entered() {
    let fields = GroupFields {
        access: AccessKind::Password,
        password: Some(Secret::new("1234")),
        owner: "Ada".to_owned(),
        topics: "3 1 3".to_owned(),
        template: "9".to_owned(),
        metadata: Some("{}".into()),
        community: Some("ignored".to_owned()),
        ..crew()
    };
    let people = vec![(Person::by_id("bo"), None), (Person::by_id("cy"), Some(Scope::Admin))];
    let command = fields.command(&groups(), &CAPABILITIES.identity, people.clone()).expect("it is complete");
    let found = operations_of(command.clone());
    let [Operation::CreateGroup(new), rest @ ..] = &*found else { panic!("{found:?}") };
    assert_eq!((new.id.as_str(), &*new.name, new.owner.as_deref()), ("crew", "The crew", Some("ada")));
    assert_eq!(new.access, Access::Password(Some(Secret::new("1234"))));
    assert_eq!((&*new.topics, new.template, &*new.metadata), (&[3, 1][..], Some(9), "{}"));
    assert_eq!((&new.community, new.is_discoverable, new.takes_members), (&None, None, true));
    let add = |scope| Operation::AddToGroup { group: GroupId::new("crew"), scope };
    assert_eq!(rest, [add(Scope::Participant), add(Scope::Admin)]);
    assert_eq!(command.items[0].0.key, PersonKey::Group("crew".into()));

    let more = [people, vec![(Person::by_id("di"), None)]].concat();
    let problem = fields.command(&groups(), &CAPABILITIES.identity, more).err();
    assert_eq!(problem, Some(GroupProblem::TooManyFirst(2)));
}

#[test]
fn a_group_of_a_community_needs_one() {
    let groups = Groups { belongs_to_community: true, ..groups() };
    for (community, is_ok) in [(None, false), (Some("no id!"), false), (Some(" Fans "), true)] {
        let fields =
            GroupFields { community: community.map(str::to_owned), is_discoverable: false, ..crew() };
        match fields.command(&groups, &CAPABILITIES.identity, Vec::new()) {
            Err(problem) => assert_eq!((problem, is_ok), (GroupProblem::Community, false)),
            Ok(command) => {
                let found = operations_of(command);
                let [Operation::CreateGroup(new)] = &*found else { panic!("{found:?}") };
                assert_eq!(new.community, Some(GroupId::new("fans")));
                assert_eq!((new.is_discoverable, is_ok), (Some(false), true));
            }
        }
    }
}

#[test]
fn a_community_needs_a_name_and_a_handle_and_valid_fields() {
    let fans = CommunityFields {
        handle: " fans ".to_owned(),
        name: " Fans ".to_owned(),
        description: String::new(),
        tags: String::new(),
        access: AccessKind::Private,
        picture: String::new(),
        banner: String::new(),
        categories: "2".to_owned(),
        new_categories: "a, b, a".to_owned(),
        made_by_ai: MadeByAi { banner: true, ..MadeByAi::default() },
    };
    let form = groups().form;
    let table = [
        (CommunityFields { name: " ".to_owned(), ..fans.clone() }, CommunityProblem::Name),
        (CommunityFields { handle: String::new(), ..fans.clone() }, CommunityProblem::Handle),
        (
            CommunityFields { banner: "a.png".to_owned(), ..fans.clone() },
            CommunityProblem::Picture(ParsePictureError::NotHttps),
        ),
        (
            CommunityFields { categories: "x".to_owned(), ..fans.clone() },
            CommunityProblem::Categories(ParseNumbersError("x".into())),
        ),
    ];
    for (fields, expected) in table {
        assert_eq!(fields.command(&form, Vec::new()).err(), Some(expected), "{fields:?}");
    }
    let found = operations_of(fans.command(&form, vec![Person::by_id("ada")]).expect("it is complete"));
    let [Operation::CreateCommunity(new)] = &*found else { panic!("{found:?}") };
    assert_eq!((&*new.handle, &*new.name, new.is_private), ("fans", "Fans", true));
    assert_eq!((&*new.members, &*new.categories.existing), (&[PersonKey::Id("ada".into())][..], &[2][..]));
    assert_eq!((new.categories.new.len(), new.made_by_ai.banner), (2, true));
}
