//! The app "Superhero fans": users and groups of every size, including difficult ones.

use std::sync::Arc;

use domain::Scope;

use super::{
    UserFields,
    codes::CODES,
    event::GroupFields,
    state::{Ban, CAPACITY, Group, Membership, Role, State, User},
    triggers::{JOINED_OTHERWISE, MISSING},
};
use crate::faults::NAMED;
use crate::table::{Table, table};
use crate::{ids, names};

/// 1 March 2024, in seconds.
const DAY_ONE: u64 = 1_709_251_200;
/// An hour, in seconds.
const HOUR: u64 = 3_600;

pub(super) fn state() -> State {
    let mut users: Vec<(String, User)> =
        people().into_iter().map(|(uid, name, role)| user(uid, name, role)).collect();
    users.extend((1..=ids::FANS).map(|number| user(ids::fan(number), names::name(number), None)));
    users.extend((1..=30_000).map(citizen));
    users.extend(sentinel_users().map(|uid| {
        let (uid, sentinel) = user(uid.to_owned(), format!("Sentinel {uid}"), None);
        (uid, User { created_at: DAY_ONE - HOUR, ..sentinel })
    }));
    let mut users = table(users);
    for uid in [ids::STORM_ADMIN, "aurora-admin", ids::NIGHT_MOD] {
        if let Some(user) = users.get_mut(uid) {
            user.fields.avatar = Some(format!("https://media.example.com/{uid}.png"));
        }
    }
    if let Some(dormant) = users.get_mut(ids::DORMANT) {
        dormant.is_deactivated = true;
    }
    State { groups: groups(), users: Arc::new(users), roles: roles(), n_messages: 0 }
}

fn user(uid: String, name: String, role: Option<&str>) -> (String, User) {
    let fields = UserFields { name: Some(name), role: role.map(Into::into), ..UserFields::default() };
    (uid, User { fields, created_at: DAY_ONE, ..User::default() })
}

/// A member of the large group. Older than all other users, so that lists begin with the named ones.
fn citizen(number: usize) -> (String, User) {
    let (uid, citizen) = user(ids::citizen(number), format!("Citizen {number}"), None);
    (uid, User { created_at: DAY_ONE - 2 * HOUR, ..citizen })
}

/// True for a citizen who is unchanged since the seed.
pub(super) fn is_untouched_citizen(uid: &str, user: &User) -> bool {
    let number = uid.strip_prefix("citizen-").and_then(|number| number.parse().ok());
    number.is_some_and(|number| {
        let (seeded_uid, seeded) = citizen(number);
        uid == seeded_uid && *user == seeded
    })
}

fn people() -> Vec<(String, String, Option<&'static str>)> {
    [
        (ids::CAP_ADMIN, "Captain Admin", Some("guide")),
        (ids::STORM_ADMIN, "Storm Ngozi", None),
        ("aurora-admin", "Aurora Sørensen", None),
        (ids::NIGHT_MOD, "Night Mod", None),
        ("dawn-mod", "Da\u{308}mmerung Müller", None),
        ("layla-mod", "ليلى حداد", None),
        ("troll-one", "Troll One", None),
        ("troll-two", "Troll Two", None),
        ("spam-bot", "Totally Not A Bot", None),
        (ids::GUEST, "Greta Guest", Some("guest")),
        (ids::DORMANT, "Dora Dormant", None),
        (ids::NEWCOMER, "Nia Newcomer", None),
    ]
    .map(|(uid, name, role)| (uid.to_owned(), name.to_owned(), role))
    .into()
}

/// Every sentinel that can be a user, except the one that must not exist.
fn sentinel_users() -> impl Iterator<Item = &'static str> {
    let faults = NAMED.iter().map(|named| named.name);
    faults
        .chain(CODES.iter().map(|code| code.sentinel))
        .chain([MISSING, JOINED_OTHERWISE])
        .filter(|uid| *uid != "uid-not-found")
}

fn groups() -> Table<Arc<Group>> {
    let mut groups = Table::new();
    let mut put = |guid: &str, group: Group| {
        groups.insert(guid.to_owned(), Arc::new(group));
    };
    let fans = |from: usize, to: usize| (from..=to).map(ids::fan).collect::<Vec<_>>();
    let mut superheroes = group("Superhero fans", "public", 9, fans(1, 37));
    superheroes.fields.description = Some("Capes, masks & very long evenings".into());
    superheroes.fields.tags = Some(vec!["comics".into(), "cinema".into()]);
    promote(&mut superheroes, &[ids::STORM_ADMIN, "aurora-admin"], Scope::Admin);
    promote(&mut superheroes, &[ids::NIGHT_MOD, "dawn-mod", "layla-mod"], Scope::Moderator);
    for (idx, uid) in ["troll-one", "troll-two", "spam-bot"].into_iter().enumerate() {
        let before = Membership { scope: Scope::Participant, joined_at: DAY_ONE + 300 * HOUR };
        let ban =
            Ban { membership: (idx < 2).then_some(before), banned_at: DAY_ONE + 400 * HOUR + idx as u64 };
        superheroes.banned.insert(uid.into(), ban);
    }
    put(ids::SUPERHERO_FANS, superheroes);
    put(ids::BOOK_CIRCLE, group("Book circle · نادي الكتاب", "public", 8, fans(1, 4)));
    let mut runners = group("Trail runners", "public", 7, fans(30, 68));
    promote(&mut runners, &["fan-030"], Scope::Admin);
    promote(&mut runners, &["fan-031", "fan-032"], Scope::Moderator);
    put(ids::TRAIL_RUNNERS, runners);
    put(ids::OPEN_KITCHEN, group("Open kitchen", "public", 6, fans(1, 319)));
    put(ids::METROPOLIS, group("Metropolis", "public", 5, (1..30_000).map(ids::citizen).collect()));
    put(ids::COUNCIL, group("The council", "private", 4, vec![ids::STORM_ADMIN.into(), ids::GUEST.into()]));
    put(ids::VAULT, group("Vault", "password", 3, fans(100, 110)));
    let mut full = group("Full house", "public", 2, fans(200, 210));
    full.capacity = full.members.len();
    put(ids::FULL_HOUSE, full);

    let mut trouble = group("Trouble (each name provokes an error)", "public", 1, Vec::new());
    for uid in sentinel_users() {
        let is_unban =
            CODES.iter().any(|code| code.sentinel == uid && code.ops == [super::op::Op::UnbanUser]);
        if is_unban {
            trouble.banned.insert(uid.into(), Ban { membership: None, banned_at: DAY_ONE });
        } else {
            promote(&mut trouble, &[uid], Scope::Participant);
        }
    }
    put(ids::TROUBLE, trouble);
    // Groups named by sentinels exist, so that a call that gets through can succeed.
    for guid in sentinel_users().filter(|guid| *guid != "guid-not-found") {
        let mut hidden = group(guid, "public", 0, Vec::new());
        hidden.is_hidden = true;
        put(guid, hidden);
    }
    groups
}

/// A group owned by [`ids::CAP_ADMIN`]; a higher `rank` is newer and listed earlier.
fn group(name: &str, kind: &str, rank: u64, uids: Vec<String>) -> Group {
    let created_at = DAY_ONE + rank * HOUR;
    let member =
        |(idx, uid)| (uid, Membership { scope: Scope::Participant, joined_at: created_at + 60 * idx as u64 });
    let mut members = table(uids.into_iter().enumerate().map(member).collect());
    members.insert(ids::CAP_ADMIN.into(), Membership { scope: Scope::Admin, joined_at: created_at });
    Group {
        fields: GroupFields { name: Some(name.into()), kind: Some(kind.into()), ..GroupFields::default() },
        owner: ids::CAP_ADMIN.into(),
        capacity: CAPACITY,
        created_at,
        members,
        ..Group::default()
    }
}

fn promote(group: &mut Group, uids: &[&str], scope: Scope) {
    for uid in uids {
        let joined_at = group.members.get(*uid).map_or(group.created_at, |member| member.joined_at);
        group.members.insert((*uid).into(), Membership { scope, joined_at });
    }
}

/// CometChat, Roles: every user has exactly one role; `default` always exists.
fn roles() -> Vec<Role> {
    [
        ("default", "Default", "Everybody"),
        ("guide", "Guide", "Shows newcomers around"),
        (super::clearance::GUEST_ROLE, "Guest", "Reads and changes nothing"),
    ]
    .map(|(role, name, description)| Role { role, name, description, created_at: DAY_ONE })
    .into()
}
