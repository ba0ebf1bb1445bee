//! Exporting the activity.

use domain::{ConnectionId, PlanId, Tally, Title, TitlePlace, Vendor};
use leptos::prelude::Owner;
use muster::state::activity::{Activity, ActivityEntry, to_csv, to_json};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn entries_come_newest_first_in_both_forms() {
    let owner = Owner::new();
    owner.set();
    let activity = Activity::new();
    for (at, title) in [(0, "=first"), (86_400_000, "second")] {
        activity.push(ActivityEntry {
            plan: PlanId::new("p"),
            at,
            connection: ConnectionId::new("c"),
            connection_name: "Name".into(),
            vendor: Vendor::Genuin,
            title: Title { place: TitlePlace::Named(title.into()), ..Title::default() },
            tally: Tally { n_done: 2, n_unknown: 1, ..Tally::default() },
            is_stopped: false,
        });
    }
    let title = |entry: &ActivityEntry| match &entry.title.place {
        TitlePlace::Named(name) => name.to_string(),
        place => panic!("every entry has a named place, found {place:?}"),
    };
    let csv = to_csv(&activity.entries(), title);
    let lines: Vec<&str> = csv.lines().collect();
    assert!(csv.starts_with('\u{feff}'), "a spreadsheet reads it as UTF-8");
    assert_eq!(lines[1], "1970-01-02T00:00:00.000Z,c,Name,genuin,second,2,0,0,1,0,no,p");
    assert_eq!(lines[2], "1970-01-01T00:00:00.000Z,c,Name,genuin,'=first,2,0,0,1,0,no,p");
    let json: serde_json::Value = serde_json::from_str(&to_json(&activity.entries(), title)).expect("JSON");
    assert_eq!((&json[0]["title"], &json[1]["unknown"]), (&"second".into(), &1.into()));
}
