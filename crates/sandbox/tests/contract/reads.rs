//! Clients read exactly the sandbox's state, page by page.

use std::collections::BTreeSet;

use domain::person::RoleLevel;
use domain::{Credentials, ErrorClass, GroupId, Items, Query, Scope, Vendor};
use sandbox::networked::{self, PlansForm};
use sandbox::{Settings, cometchat, ids};

use crate::console::Console;
use crate::truth;

fn query(group: &str, scopes: &[Scope]) -> Query {
    Query::GroupMembers { group: GroupId::new(group), scopes: scopes.to_vec() }
}

#[test]
fn members_of_a_group_are_read_once_each_with_their_scopes() {
    for group in [ids::BOOK_CIRCLE, ids::SUPERHERO_FANS, ids::OPEN_KITCHEN] {
        let mut console = with_bans(true);
        let members: Vec<_> =
            console.read_all(&query(group, &[])).into_iter().flat_map(domain::Page::into_members).collect();
        let unique: BTreeSet<_> = members.iter().map(|member| member.id.clone()).collect();
        assert_eq!(unique.len(), members.len(), "{group}");
        let dump = console.dump();
        for member in &members {
            assert_eq!(member.scope, truth::scope(&dump, group, &member.id), "{group} {}", member.id);
        }
        let all: usize = [Scope::Admin, Scope::Moderator, Scope::Participant]
            .map(|s| truth::with_scope(&dump, group, s).len())
            .iter()
            .sum();
        assert_eq!(members.len(), all, "{group}");
    }
}

#[test]
fn a_huge_group_is_read_in_pages() {
    let mut console = Console::new(Vendor::CometChat);
    assert_eq!(console.ids(&query(ids::METROPOLIS, &[])).len(), 30_000);
}

/// A console whose bans hold, or one whose banned people can be added and stay listed as members.
fn with_bans(bans_hold: bool) -> Console {
    Console::with(
        Vendor::CometChat,
        Settings {
            latency: false,
            cometchat: cometchat::Settings { bans_hold, ..cometchat::Settings::default() },
            ..Settings::default()
        },
    )
}

#[test]
fn banned_people_may_stay_in_the_list_of_members() {
    let mut console = with_bans(false);
    let all = console.ids(&query(ids::SUPERHERO_FANS, &[]));
    let banned = console.ids(&Query::Banned { group: GroupId::new(ids::SUPERHERO_FANS) });
    let both: Vec<_> = all.iter().filter(|uid| banned.contains(uid)).collect();
    assert_eq!(both, ["troll-one", "troll-two"], "those who were members before");
    let held = with_bans(true).ids(&query(ids::SUPERHERO_FANS, &[]));
    assert_eq!(held.len() + both.len(), all.len());
}

#[test]
fn scopes_and_bans_are_lists_of_their_own() {
    let mut console = with_bans(true);
    let dump = console.dump();
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    for scope in [Scope::Admin, Scope::Moderator, Scope::Participant] {
        let found = console.ids(&query(ids::SUPERHERO_FANS, &[scope]));
        assert_eq!(sorted(found), truth::with_scope(&dump, ids::SUPERHERO_FANS, scope), "{scope:?}");
    }
    let banned = console.ids(&Query::Banned { group: GroupId::new(ids::SUPERHERO_FANS) });
    assert_eq!(sorted(banned), truth::with_scope(&dump, ids::SUPERHERO_FANS, Scope::Banned));
}

#[test]
fn groups_people_and_roles_of_an_app() {
    let mut console = Console::new(Vendor::CometChat);
    let groups = console.ids(&Query::Groups { search: "".into() });
    assert!(
        groups.iter().any(|id| id == ids::SUPERHERO_FANS) && groups.iter().any(|id| id == ids::METROPOLIS)
    );
    assert_eq!(console.ids(&Query::Groups { search: ids::BOOK_CIRCLE.into() }), [ids::BOOK_CIRCLE]);
    let found = console.read(&Query::Group { group: GroupId::new(ids::METROPOLIS) }, None).expect("is there");
    assert_eq!(found.into_groups()[0].n_members, Some(30_000));
    let gone =
        console.read(&Query::Group { group: GroupId::new("no-such-group") }, None).expect_err("is not there");
    assert_eq!((gone.class, &*gone.code), (ErrorClass::NotFound, "ERR_GUID_NOT_FOUND"));

    let people = console.ids(&Query::People { search: "fan-01".into() });
    assert_eq!(people.len(), 10, "{people:?}");
    let one =
        console.read(&Query::Person { id: ids::CAP_ADMIN.into() }, None).expect("is there").into_members();
    assert_eq!(&*one[0].id, ids::CAP_ADMIN);
    let dormant = console.read(&Query::Person { id: ids::DORMANT.into() }, None).expect_err("is hidden");
    assert_eq!(&*dormant.code, "ERR_UID_NOT_FOUND");
    assert!(!console.ids(&Query::Roles).is_empty());
}

#[test]
fn people_roles_prices_and_the_community_of_networked() {
    let mut console = Console::new(Vendor::Networked);
    let community = console.read(&Query::Community, None).expect("is there").into_groups();
    assert_eq!(&*community[0].name, "Founders Guild");

    let people = console.read_all(&Query::People { search: "".into() });
    let total = people[0].total;
    let members: Vec<_> = people.into_iter().flat_map(domain::Page::into_members).collect();
    let unique: BTreeSet<_> = members.iter().map(|member| member.id.clone()).collect();
    assert_eq!(unique.len(), members.len());
    assert_eq!(total, Some(members.len() as u64));
    assert_eq!(members.len(), truth::networked_users(&console.dump()));
    assert!(members.iter().any(|member| member.email.as_deref() == Some(ids::NETWORKED_OWNER_EMAIL)));

    let Items::Roles(roles) = console.read(&Query::Roles, None).expect("is there").items else { panic!() };
    let found: Vec<_> = roles.iter().map(|role| role.id.as_str()).collect();
    assert_eq!(found.len(), 6);
    assert!(roles.iter().all(|role| role.name.trim() == &*role.name), "no stray blanks: {roles:?}");
    assert!(
        roles.iter().any(|role| role.level == RoleLevel::Admin && role.id.as_str() == ids::NETWORKED_ADMIN)
    );
    assert_eq!(console.ids(&Query::Prices), ids::NETWORKED_PLANS);
}

#[test]
fn prices_are_read_in_any_wrapping_or_said_to_be_unreadable() {
    for (plans, is_readable) in
        [(PlansForm::Array, true), (PlansForm::Wrapped, true), (PlansForm::NotUnderstood, false)]
    {
        let settings = Settings {
            latency: false,
            networked: networked::Settings { plans, ..networked::Settings::default() },
            ..Settings::default()
        };
        let page = Console::with(Vendor::Networked, settings).read(&Query::Prices, None);
        assert_eq!(page.is_ok(), is_readable, "{plans:?}: {page:?}");
    }
}

#[test]
fn answers_with_unknown_fields_are_read_all_the_same() {
    for (vendor, query) in [
        (Vendor::CometChat, query(ids::SUPERHERO_FANS, &[])),
        (Vendor::CometChat, Query::Groups { search: "".into() }),
        (Vendor::Networked, Query::People { search: "".into() }),
        (Vendor::Networked, Query::Roles),
    ] {
        let plain = Console::new(vendor).ids(&query);
        let settings = Settings { latency: false, unknown_fields: true, ..Settings::default() };
        assert_eq!(Console::with(vendor, settings).ids(&query), plain, "{query:?}");
    }
}

#[test]
fn the_probe_of_each_vendor_tells_a_good_key_from_none() {
    for vendor in Vendor::ALL {
        let Some(probe) = vendors::protocol(vendor).probe() else { continue };
        assert!(Console::new(vendor).read(&probe, None).is_ok(), "{vendor:?}");
        let refused =
            Console::new(vendor).keyed(Credentials::None).read(&probe, None).expect_err("needs a key");
        assert_eq!(refused.class, ErrorClass::Auth, "{vendor:?}");
    }
}
