//! The brand "Loop Studio": 96 people, three communities, three groups.

use std::ops::Range;

use super::{
    state::{Community, Group, LEADER, MEMBER, MODERATOR, Person, State},
    triggers::SENTINEL_CODES,
};
use crate::digest::uuid;
use crate::faults::NAMED;
use crate::table::{self, table};
use crate::{ids, names};

/// The brand's system user, who leads every community.
pub(super) const SYSTEM_USER: &str = "30000000-0000-4000-8000-000000000000";

pub(super) fn state() -> State {
    let mut state = State::default();
    let brand = Person {
        name: Some("Loop Studio".into()),
        nickname: Some("loopstudio".into()),
        phone: "15550100000".into(),
        is_brand_system_user: true,
    };
    state.people.insert(SYSTEM_USER.into(), brand);
    for number in 1..=ids::GENUIN_PEOPLE {
        // People who joined by phone often lack a name (Genuin, Add Member API, sample).
        let name = (number % 6 != 0).then(|| names::name(number));
        let nickname = name.as_ref().map(|_| names::mailbox(number).replace('.', ""));
        let person = Person { name, nickname, phone: ids::genuin_phone(number), is_brand_system_user: false };
        state.people.insert(ids::genuin_user(number), person);
    }

    community(&mut state, ids::GENUIN_COMMUNITY, "loop-studio", "Loop Studio", 1, 1..61);
    community(&mut state, ids::GENUIN_SMALL_COMMUNITY, "first-loops", "First Loops", 1, 61..71);
    community(&mut state, ids::GENUIN_PRIVATE_COMMUNITY, "studio-crew", "Studio Crew", 2, 1..13);
    if let Some(crew) = state.communities.get_mut(ids::GENUIN_PRIVATE_COMMUNITY) {
        crew.pending = table::ids((80..=84).map(ids::genuin_user));
        crew.invited = table::ids((85..=86).map(ids::genuin_user));
    }
    group(&mut state, ids::GENUIN_GROUP, ids::GENUIN_COMMUNITY, "Morning takes", 1..19);
    group(&mut state, ids::GENUIN_SECOND_GROUP, ids::GENUIN_COMMUNITY, "Sound & light", 10..25);
    group(&mut state, ids::GENUIN_PRIVATE_GROUP, ids::GENUIN_PRIVATE_COMMUNITY, "Crew room", 1..7);
    sentinels(&mut state);
    state
}

/// Creates what sentinel ids name, so that a call that gets through can succeed.
fn sentinels(state: &mut State) {
    for named in &NAMED {
        let person = Person {
            name: Some(named.name.into()),
            nickname: None,
            phone: named.phone.into(),
            is_brand_system_user: false,
        };
        state.people.insert(named.user.into(), person);
        community(state, named.community, named.name, named.name, 1, 0..0);
        group(state, named.chat, ids::GENUIN_COMMUNITY, named.name, 0..0);
    }
    for code in &SENTINEL_CODES {
        if !matches!(code.code, "5025" | "5218") {
            let phone = code.phone.to_owned();
            let person = Person { name: None, nickname: None, phone, is_brand_system_user: false };
            state.people.insert(code.user.into(), person);
        }
    }
}

fn community(state: &mut State, id: &str, handle: &str, name: &str, kind: u64, numbers: Range<usize>) {
    let mut members = table(vec![(SYSTEM_USER.to_owned(), LEADER)]);
    for (idx, number) in numbers.enumerate() {
        members.insert(ids::genuin_user(number), if idx < 2 { MODERATOR } else { MEMBER });
    }
    let community =
        Community { handle: handle.into(), name: name.into(), kind, members, ..Community::default() };
    state.communities.insert(id.into(), community);
}

fn group(state: &mut State, chat_id: &str, community_id: &str, name: &str, numbers: Range<usize>) {
    let subscribers = if numbers.is_empty() { 0..0 } else { 40..49 };
    let group = Group {
        group_id: uuid(&format!("genuin group {chat_id}")),
        community_id: community_id.into(),
        name: name.into(),
        discoverable: true,
        members: table::ids(numbers.map(ids::genuin_user)),
        subscribers: table::ids(subscribers.map(ids::genuin_user)),
        ..Group::default()
    };
    state.groups.insert(chat_id.into(), group);
}
