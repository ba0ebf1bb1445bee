//! Plans for the sample communities: every operation of each vendor, on existing and unknown people.

use std::sync::LazyLock;

use domain::connection::Pace;
use domain::snapshot::GroupSnapshot;
use domain::{
    Approval, BaseUrl, Change, Command, Connection, ConnectionId, ConnectionKind, Flow, GroupEdit, GroupId,
    KeyStorage, Millis, NewCommunity, NewGroup, Operation, Person, PersonKey, Plan, PlanId, Planner, PriceId,
    RoleId, Scope, Secret, Snapshot, State, Vendor,
};
use sandbox::cometchat::{self, EmptyScopes, FailedEntry};
use sandbox::networked::{self, PlansForm};
use sandbox::{Event, Settings, World, genuin, ids};
use serde_json::Value;

use crate::chance::Chance;
use crate::universe::FIRST_DAY;

/// The id of every case's connection.
pub(crate) fn connection() -> ConnectionId {
    ConnectionId::new("the-connection")
}

/// The connection at the start of a case.
pub(crate) fn place(vendor: Vendor, kind: ConnectionKind, pace: Pace) -> Connection {
    Connection {
        id: connection(),
        vendor,
        name: "Connection".into(),
        kind,
        base_url: BaseUrl::parse("https://vendor.example", true).expect("an address"),
        acting_as: None,
        is_small_plan: pace.is_small_plan,
        calls_per_minute: pace.calls_per_minute,
        known_groups: Vec::new(),
        key_storage: KeyStorage::default(),
        is_power_known: false,
    }
}

/// The password of direct adds, which no journal may contain.
pub(crate) const PASSWORD: &str = "a first password";

/// The planner of the simulated connection.
pub(crate) fn planner(vendor: Vendor) -> Planner {
    Planner::new(connection(), vendor, vendors::capabilities(vendor))
}

/// Makes a random plan. Plans with different `nth` have no person in common; a calm one has no sentinels.
pub(crate) fn plan(chance: &mut Chance, vendor: Vendor, nth: usize, is_calm: bool) -> Plan {
    let size = match chance.below(20) {
        0..=11 => chance.between(1, 40),
        12..=17 => chance.between(41, 160),
        18 => chance.between(161, 400),
        _ => chance.between(401, if vendor == Vendor::CometChat { 2_000 } else { 500 }),
    };
    // The second of two plans is small.
    let size = if nth == 0 { size as usize } else { 1 + size as usize % 60 };
    let (command, snapshot) = match vendor {
        Vendor::CometChat => cometchat(chance, size, nth, is_calm),
        Vendor::Genuin => (genuin(chance, size, nth), Snapshot::default()),
        Vendor::Networked => (networked(chance, size, nth), Snapshot::default()),
    };
    let id = PlanId::new(format!("plan-{nth}"));
    planner(vendor).plan(id, &command, &snapshot)
}

/// Approves a plan, as a review would.
pub(crate) fn approve(plan: &mut Plan) {
    let (request, decisions) = ("a request".into(), vec!["a decision".into()]);
    plan.approval = Some(Approval { request, decisions, why: "Spring cleaning".into() });
}

/// The state in which the sandbox has the person of a change; `None` if no moderator changes such a state.
pub(crate) fn state_of(world: &World, vendor: Vendor, change: &Change) -> Option<State> {
    let holds = |operation: Operation| {
        world.holds(vendor, &Change { operation: operation.into(), ..change.clone() }) == Some(true)
    };
    match &*change.operation {
        Operation::AddToGroup { group, .. }
        | Operation::SetScope { group, .. }
        | Operation::Kick { group }
        | Operation::Ban { group }
        | Operation::Unban { group } => {
            let is_scope = |scope: &Scope| holds(Operation::SetScope { group: group.clone(), scope: *scope });
            Some(Scope::ALL.into_iter().find(is_scope).map_or(State::Absent, State::Scope))
        }
        Operation::Register { role, .. } | Operation::Invite { role, .. } => {
            let role = role.clone();
            let is_there =
                holds(Operation::Register { flow: Flow::Direct, role, price: None, password: None });
            Some(if is_there { State::Present } else { State::Unread })
        }
        _ => None,
    }
}

/// What another moderator does to a person in this state.
pub(crate) fn act_on(chance: &mut Chance, change: &Change, state: State, at: Millis) -> Vec<Event> {
    let key = change.person.key.as_str();
    if let Operation::Register { role, .. } | Operation::Invite { role, .. } = &*change.operation {
        let (user_id, role_id) = (format!("by-hand-{at}-{key}"), role.as_str().to_owned());
        let (email, name, plan_id) = (key.to_owned(), "By hand".to_owned(), None);
        let added = networked::Event::UserAdded { user_id, email, name, role_id, plan_id };
        return if state == State::Present { Vec::new() } else { vec![Event::Networked(added)] };
    }
    let Some(group) = change.operation.group().filter(|_| key.contains("fan") || key.contains("citizen"))
    else {
        return Vec::new();
    };
    let (guid, uid) = (|| group.as_str().to_owned(), || key.to_owned());
    let scope = chance.pick(&[Scope::Admin, Scope::Moderator, Scope::Participant]);
    let added = || cometchat::Event::MemberAdded { guid: guid(), uid: uid(), scope, at };
    let banned = || cometchat::Event::UserBanned { guid: guid(), uid: uid(), at };
    let unbanned = || cometchat::Event::UserUnbanned { guid: guid(), uid: uid() };
    let events = match (state, chance.below(3)) {
        (State::Scope(Scope::Banned), 0) => vec![unbanned(), added()],
        (State::Scope(Scope::Banned), _) => vec![unbanned()],
        (_, 0) => vec![banned()],
        (State::Scope(_), 1) => vec![cometchat::Event::MemberKicked { guid: guid(), uid: uid() }],
        (State::Scope(_), _) => vec![cometchat::Event::ScopeChanged { guid: guid(), uid: uid(), scope }],
        (_, _) => vec![added()],
    };
    events.into_iter().map(Event::CometChat).collect()
}

static FIRST_DUMP: LazyLock<Value> = LazyLock::new(|| FIRST_DAY.dump());

/// The seeded scopes of a group, including bans.
fn scopes_on_the_first_day(group: &GroupId) -> Vec<(String, Scope)> {
    let group = &FIRST_DUMP["cometchat"]["groups"][group.as_str()];
    let members = group["members"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(uid, member)| Some((uid.clone(), Scope::from_slug(member["scope"].as_str()?)?)));
    let banned = group["banned"].as_object().into_iter().flatten();
    members.chain(banned.map(|(uid, _)| (uid.clone(), Scope::Banned))).collect()
}

fn cometchat(chance: &mut Chance, size: usize, nth: usize, is_calm: bool) -> (Command, Snapshot) {
    let all = [ids::TRAIL_RUNNERS, ids::SUPERHERO_FANS, ids::BOOK_CIRCLE, ids::OPEN_KITCHEN, ids::COUNCIL];
    let n_groups = chance.between(1, 4) as usize;
    let groups: Vec<GroupId> = (0..n_groups).map(|_| GroupId::new(chance.pick(&all))).collect();
    let mut snapshot = Snapshot::default();
    if chance.permille(500) {
        for group in &groups {
            let scopes = scopes_on_the_first_day(group);
            let known = GroupSnapshot {
                n_members: Some(scopes.len() as u64),
                scopes: scopes.into_iter().map(|(uid, scope)| (uid.into(), scope)).collect(),
                is_complete: true,
                ..GroupSnapshot::default()
            };
            snapshot.groups.insert(group.clone(), known);
        }
    }
    let is_mixed = chance.permille(500);
    let usual = chance.below(6);
    let mut command = Command::new();
    if chance.permille(150) {
        let new = founded(GroupId::new(format!("founded-{nth}")), None);
        command.intent(itself("new-group"), Operation::CreateGroup(Box::new(new)));
    }
    if chance.permille(150) {
        let group = GroupId::new(if nth == 0 { ids::VAULT } else { ids::FULL_HOUSE });
        let edit = Box::new(GroupEdit { name: Some("Another name".into()), ..GroupEdit::default() });
        command.intent(itself("edited-group"), Operation::EditGroup { group, edit });
    }
    for number in 0..size {
        let person = Person::by_id(match number * 2 + nth {
            _ if chance.permille(15) => format!("nobody-{nth}-{number}"),
            _ if number == 7 && !is_calm && chance.permille(300) => {
                chance.pick(&["cut", "server-error", "lost-answer", "hang", "missing"]).to_owned()
            }
            fan if fan < ids::FANS => ids::fan(fan + 1),
            citizen => ids::citizen(citizen + 1),
        });
        let group = groups[chance.below(groups.len() as u64) as usize].clone();
        let which = if is_mixed { chance.below(8) } else { usual };
        let member_scope = chance.pick(&[Scope::Admin, Scope::Moderator, Scope::Participant]);
        let operation = match which {
            0 | 6 | 7 => Operation::AddToGroup { group, scope: chance.pick(&Scope::ALL) },
            1 => Operation::AddToGroup { group, scope: Scope::Participant },
            2 => Operation::SetScope { group, scope: member_scope },
            3 => Operation::Kick { group },
            4 => Operation::Ban { group },
            _ => Operation::Unban { group },
        };
        command.intent(person, operation);
    }
    (command, snapshot)
}

fn genuin(chance: &mut Chance, size: usize, nth: usize) -> Command {
    let community = || GroupId::new(ids::GENUIN_COMMUNITY);
    let communities = [ids::GENUIN_COMMUNITY, ids::GENUIN_SMALL_COMMUNITY, ids::GENUIN_PRIVATE_COMMUNITY];
    let chats = [ids::GENUIN_GROUP, ids::GENUIN_SECOND_GROUP, ids::GENUIN_PRIVATE_GROUP];
    let mut command = Command::new();
    if chance.permille(150) {
        let id = GroupId::new(format!("40000000-0000-4000-8000-00000000000{nth}"));
        let new = founded(id, Some(community()));
        command.intent(itself("new-group"), Operation::CreateGroup(Box::new(new)));
    }
    if chance.permille(150) {
        let new = NewCommunity::new(format!("handle_{nth}"), "Settled");
        command.intent(itself("new-community"), Operation::CreateCommunity(Box::new(new)));
    }
    if nth == 0 && chance.permille(150) {
        let group = GroupId::new(ids::GENUIN_PRIVATE_GROUP);
        let edit = Box::new(GroupEdit { name: Some("Another name".into()), ..GroupEdit::default() });
        command.intent(itself("edited-group"), Operation::EditGroup { group, edit });
    }
    let is_mixed = chance.permille(500);
    let usual = chance.below(6);
    for number in 0..size {
        let place = number * 2 + nth;
        let person = if place < ids::GENUIN_PEOPLE {
            Person::by_id(ids::genuin_user(place + 1))
        } else {
            Person::by_phone(format!("15557{place:06}"))
        };
        let is_by_phone = matches!(person.key, PersonKey::Phone(_));
        let community = GroupId::new(chance.pick(&communities));
        let group = GroupId::new(chance.pick(&chats));
        let flow =
            chance.pick(&[Flow::Direct, Flow::Direct, Flow::Invite, Flow::SingleTap, Flow::ApproveRequest]);
        let operation = match if is_mixed { chance.below(6) } else { usual } {
            1 => Operation::AddToGroup { group, scope: Scope::Participant },
            2 if !is_by_phone => Operation::MakeModerator { community },
            3 if !is_by_phone => Operation::Kick { group },
            4 if !is_by_phone => Operation::Unsubscribe { group },
            _ => Operation::AddToCommunity { community, flow, is_onboarding: false },
        };
        command.intent(person, operation);
    }
    command
}

fn networked(chance: &mut Chance, size: usize, nth: usize) -> Command {
    let roles = [ids::NETWORKED_CONTRIBUTOR, ids::NETWORKED_VIEWER, ids::NETWORKED_MODERATOR];
    let is_invites = chance.permille(500);
    let is_mixed = chance.permille(200);
    let flow = chance.pick(&[Flow::Direct, Flow::Invite]);
    let password = chance.permille(500).then(|| Secret::new(PASSWORD));
    let prices = chance.permille(300).then(|| PriceId::new(ids::NETWORKED_PLANS[0]));
    let mut command = Command::new();
    for number in 0..size {
        let address = match number {
            3 if nth == 0 => ids::NETWORKED_OWNER_EMAIL.to_owned(),
            _ if chance.permille(20) => format!("Person{number}.{nth}@Club.Example"),
            _ => format!("person{number}.{nth}@club.example"),
        };
        let person = Person::by_email(address).with_name(&format!("Person {number}"));
        let role = RoleId::new(if is_mixed { chance.pick(&roles) } else { roles[0] });
        let operation = if is_invites {
            Operation::Invite { role, note: None, prices: prices.clone().into_iter().collect() }
        } else {
            let password = password.clone().filter(|_| flow == Flow::Direct);
            Operation::Register { flow, role, price: prices.clone(), password }
        };
        command.intent(person, operation);
    }
    command
}

/// The target of an operation on a group itself.
fn itself(name: &str) -> Person {
    Person { key: PersonKey::Group(name.into()), name: None }
}

fn founded(id: GroupId, community: Option<GroupId>) -> NewGroup {
    NewGroup { community, ..NewGroup::new(id, "Founded") }
}

/// Random settings of the sandbox for a connection with this pace.
pub(crate) fn settings(chance: &mut Chance, pace: Pace) -> Settings {
    Settings {
        latency: false,
        retry_after: chance.permille(500),
        genuin: genuin::Settings {
            token_lifetime_ms: 1_000_000_000_000,
            list_existing_members: chance.permille(300),
            ..genuin::Settings::default()
        },
        networked: networked::Settings {
            error_true_with_200: chance.permille(300),
            repeated_add_succeeds: chance.permille(500),
            failure_as_object: chance.permille(300),
            plans: PlansForm::Array,
        },
        cometchat: cometchat::Settings {
            small_plan: pace.is_small_plan,
            empty_scopes: chance.pick(&[EmptyScopes::Object, EmptyScopes::Array, EmptyScopes::Absent]),
            failed_entry: chance.pick(&[
                FailedEntry::SuccessFalse,
                FailedEntry::ErrorOnly,
                FailedEntry::Bare,
                FailedEntry::Text,
            ]),
            wrapped_in_members: chance.permille(300),
            ban_needs_membership: chance.permille(200),
            bans_hold: chance.permille(500),
            old_rate_headers: chance.permille(500),
        },
        unknown_fields: chance.permille(300),
        ..Settings::default()
    }
}
