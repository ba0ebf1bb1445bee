//! Seed inputs: the contracts' fixtures, the project's own formats, and regressions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::export::ResultRow;
use domain::kept::{KeptList, KeptReading};
use domain::whole::{Found, WholeList};
use domain::{
    Action, Budget, Change, ChangeId, Connection, Heading, Operation, Outcome, Paging, Person, Plan, PlanId,
    Reply, Run, Scope, State, Step, Vendor, entry, export, vault,
};
use serde::Deserialize;

use crate::answers::{header_place, input, n_places};

/// The needed fields of a fixture.
#[derive(Deserialize)]
struct Fixture {
    file: String,
    vendor: String,
    kind: String,
    http: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    path: Option<String>,
}

/// The root folder of the project.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The regressions of a target: inputs that once broke a guarantee.
///
/// # Panics
/// If a file cannot be read.
pub fn regressions(target: &str) -> Vec<Vec<u8>> {
    let folder = root().join("fuzz/regressions").join(target);
    if !folder.exists() {
        return Vec::new();
    }
    let files = std::fs::read_dir(&folder).expect("the folder of regressions");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).expect("a regression")).collect()
}

/// The seed inputs of a target.
///
/// # Panics
/// If there is no such target or a fixture is missing.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "decode_write" | "decode_read" | "decode_sign_in" => answers(),
        "list" => lists(),
        "import" => tables(),
        "results_table" => results().into_iter().map(|rows| in_front(0, &export::to_csv(rows))).collect(),
        "results_json" => {
            results().into_iter().map(|rows| json(&export::ResultFile::new("p", "T", rows))).collect()
        }
        "connections" => vec![connected()],
        "config" => configs(),
        "vault" => sealed(),
        "journal" => vec![journal()],
        "review" => crate::reviews::review_seeds(asked()),
        "chain" => crate::reviews::chain_seeds(),
        "sandbox" => requests(),
        "workbook" => crate::workbook::seeds(),
        other => panic!("no seeds for {other}"),
    }
}

fn read(path: &str) -> Vec<u8> {
    let path = root().join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts can be written")
}

fn in_front(byte: u8, text: &str) -> Vec<u8> {
    [&[byte], text.as_bytes()].concat()
}

fn fixtures(kind: &str) -> Vec<Fixture> {
    let of_vendor = |slug: &str| -> Vec<Fixture> {
        let manifest = read(&format!("contracts/fixtures/{slug}/manifest.json"));
        serde_json::from_slice(&manifest).expect("the manifest")
    };
    Vendor::SLUGS.into_iter().flat_map(of_vendor).filter(|fixture| fixture.kind == kind).collect()
}

fn place_of(vendor: &str) -> usize {
    Vendor::ALL.iter().position(|one| one.slug() == vendor).expect("a vendor")
}

/// Every response fixture with every operation.
fn answers() -> Vec<Vec<u8>> {
    let each = |fixture: Fixture| {
        let body = read(&format!("contracts/fixtures/{}", fixture.file));
        let headers: Vec<(u8, &str)> = fixture
            .headers
            .iter()
            .filter_map(|(name, value)| Some((header_place(name)?, &**value)))
            .collect();
        let status = fixture.http.unwrap_or(200);
        let vendor = place_of(&fixture.vendor);
        (0..n_places()).map(|place| input(vendor, place, status, &headers, &body)).collect::<Vec<_>>()
    };
    fixtures("response").into_iter().flat_map(each).collect()
}

fn requests() -> Vec<Vec<u8>> {
    let each = |fixture: Fixture| {
        let body = read(&format!("contracts/fixtures/{}", fixture.file));
        let path = fixture.path?;
        let (method, path) = path.split_once(' ').unwrap_or(("POST", &path));
        let line = format!("{method} {path}\nBearer key\n");
        Some([&[place_of(&fixture.vendor) as u8], line.as_bytes(), &body].concat())
    };
    let reads = [
        (1, "GET /api/v1/admin/community/users?start=0&count=3"),
        (1, "GET /api/v1/global/tags/community"),
        (1, "GET /stripe/monetization/plans"),
        (2, "GET /groups?perPage=3&page=2&searchKey=t"),
        (2, "GET /groups/trouble/members?scopes=admin"),
        (2, "PUT /groups/trouble/members/fan-001"),
        (2, "DELETE /groups/trouble"),
    ];
    let reads = reads.map(|(vendor, line)| in_front(vendor, &format!("{line}\nhostile-key\n{{}}")));
    fixtures("request").into_iter().filter_map(each).chain(reads).collect()
}

fn lists() -> Vec<Vec<u8>> {
    let texts = [
        "fan-001\nfan-002; moderator\n\"Ada\" <ada@example.org>, bo@example.org",
        "+1 (555) 010-1234\t30000000-0000-4000-8000-000000000001",
        "Mila\u{202e} Nowak,mila\u{200b}@example.org\r\nbanned;x",
        "Vorname;Nachname;E-Mail;Rolle\r\nAda;\"Okonkwo, \"\"Ace\"\"\";ada@example.org;Blocked\r\n",
        "To: Okonkwo, Ada <ada@example.org>; Team: bo@example.org (Bo), <mailto:cy@example.org> [x].",
        "uid|scope|by\n'fan-1|ban|id\n447700900142.0|4.47701E+11\n- +44 (0)7700 900143",
    ];
    (0..3).flat_map(|vendor| texts.iter().map(move |text| in_front(vendor, text))).collect()
}

/// Tables with what makes files difficult, beside the lists.
fn tables() -> Vec<Vec<u8>> {
    let texts = [
        "uid;scope;group\r\nfan-1;Moderator;books\r\nFAN-1;admin;books\r\nfan-2;Boss;\r\n\r\n;;\r\n",
        "Email,First name,Last name,Role,Plan,Note\nmila@x.org,Mila,\"Rossi, \"\"M\"\"\",Coach,Gold,a\nb@x.org,Bo,,,,\n",
        "sähköposti\tnimi\nmila@x.org\tMila\n\"open\tNoor\n",
        "phone|name\r447700900142.0|'=Mila\r07700 900143|\"two\rlines\"\r",
    ];
    let of_texts = (0..3).flat_map(|vendor| texts.iter().map(move |text| in_front(vendor, text)));
    of_texts.chain(lists()).collect()
}

fn results() -> [Vec<ResultRow>; 2] {
    let row = |operation: &str, group: &str| ResultRow {
        vendor: Vendor::CometChat.slug().into(),
        connection: "fans".into(),
        by: "id".into(),
        person: "fan-001".into(),
        name: "=Mila, \"Nowak\"\u{2069}".into(),
        operation: operation.into(),
        group: group.into(),
        scope: "moderator".into(),
        outcome: "refused".into(),
        code: "ERR_X".into(),
        ..ResultRow::default()
    };
    let invite = ResultRow {
        vendor: Vendor::Networked.slug().into(),
        by: "email".into(),
        person: "ada@example.org".into(),
        role: "5f0000000000000000000a04".into(),
        details: vec![("note".into(), "Hello,\n\"you\"".into())],
        ..row("invite", "")
    };
    [vec![row("add_to_group", "hikers"), row("kick", "hikers")], vec![invite, row("set_scope", "a")]]
}

/// A plan that adds 12 people, and its connection.
fn planned() -> (Plan, Connection) {
    let connection: Connection = serde_json::from_value(serde_json::json!({
        "id": "fans", "vendor": "cometchat", "name": "Fans", "reach": "relay", "base_url": "/relay/cometchat",
        "acting_as": null, "is_small_plan": false,
    }))
    .expect("a connection");
    let operation =
        Arc::new(Operation::AddToGroup { group: domain::GroupId::new("hikers"), scope: Scope::Participant });
    let change = |id| Change {
        id: ChangeId(id),
        person: Person::by_id(format!("fan-{id:03}")),
        operation: Arc::clone(&operation),
        before: State::Absent,
        action: Action::Create,
        restoring: None,
    };
    let plan = Plan {
        id: PlanId::new("plan"),
        connection: connection.id.clone(),
        vendor: connection.vendor,
        changes: (0..12).map(change).collect(),
        problems: Vec::new(),
        group_names: Default::default(),
        approval: None,
        is_undo: false,
    };
    (plan, connection)
}

/// A request to review that plan.
fn asked() -> review::ReviewRequest {
    let (plan, connection) = planned();
    let about = review::RequestAbout {
        id: [7; 16],
        made_at: 1_700_000_000_000,
        expires_at: 1_700_000_100_000,
        parent: None,
        place: review::ReviewPlace::new(connection.vendor, "274b8c16").expect("an id"),
        why: "New members".into(),
    };
    review::ReviewRequest::of(&plan, about).expect("a plan that can travel")
}

/// A run that adds 12 people, refuses one and stops, as its journal has it.
fn journal() -> Vec<u8> {
    let (plan, connection) = planned();
    let limits = vendors::limits(connection.vendor, &connection);
    let heading = Heading::new(&plan, &connection, "/group", 1_000);
    let chunks: Vec<_> = entry::chunks(&plan).collect();
    let capabilities = vendors::capabilities(connection.vendor);
    let (mut run, mut budget) =
        (Run::new(plan, &limits, &capabilities, 7), Budget::new(limits.windows.clone()));
    if let Step::Send(batch) = run.poll(2_000, &mut budget) {
        let outcomes = batch.items.iter().skip(1).map(|item| (item.change, Outcome::Applied)).collect();
        run.record(batch.id, Ok(Reply { outcomes, ..Reply::default() }), 2_500, &mut budget);
    }
    run.stop(3_000);
    json(&serde_json::json!({ "heading": heading, "chunks": chunks, "lines": run.drain() }))
}

fn connected() -> Vec<u8> {
    let one = |vendor: &str, kind: &str, base_url: &str| {
        serde_json::json!({
            "id": vendor, "vendor": vendor, "name": "Fans", "reach": kind, "base_url": base_url,
            "acting_as": "cap-admin", "calls_per_minute": 30, "is_small_plan": true,
            "known_groups": [{ "id": "hikers", "name": "Hikers", "kind": "group" }],
        })
    };
    json(&serde_json::json!({
        "muster": "connections", "format": 1,
        "connections": [
            one("genuin", "relay", "/relay/genuin"),
            one("networked", "direct", "https://api.example.org"),
            one("cometchat", "direct", "https://x.api-eu.cometchat.io/v3"),
        ],
    }))
}

fn configs() -> Vec<Vec<u8>> {
    let whole = serde_json::json!({
        "connections": [{
            "id": "fans", "vendor": "cometchat", "name": "Fans", "reach": "relay", "base_url": "/relay/cometchat",
        }],
        "hosts": ["https://api.example.org"],
        "picture_hosts": ["https://media.example.org"],
        "brand": { "name": "Acme", "logo": "brand/logo.svg", "accent": { "light": "#0b5394", "dark": "#9fc5e8" } },
        "limits": { "calls_per_minute": { "genuin": 30 }, "lock_after_minutes": 15, "keys": ["memory", "tab"] },
        "reviews": {
            "approvals": 1, "approvers": [{ "name": "Ana", "key": "9f".repeat(32) }], "author_may_approve": false,
            "for": ["admin", "ban"], "request_hours": 72, "approval_hours": 24,
        },
        "features_off": ["invites"],
        "sandbox": "http://127.0.0.1:8081",
    });
    vec![read("public/config.json"), json(&whole)]
}

fn sealed() -> Vec<Vec<u8>> {
    let sealed = |n: usize| vault::Sealed { iv: [7; 12], bytes: vec![9; n].into() };
    let header = vault::Header { rounds: 600_000, salt: [3; 16], check: sealed(vault::CHECK.len() + 16) };
    let record = vault::Record { salt: [3; 16], key: sealed(40) };
    let head = vault::DirectoryHead { salt: [3; 16], iv: [7; 12] };
    let mut list = WholeList::new(Paging::Pages(1_000), 4);
    let page = list.ask().expect("the first page");
    list.took(page, Found { keys: vec![7, 9], page_size: None, total: Some(2_000), is_last: false });
    let left = vec![KeptList { place: 0, progress: list.saved() }];
    let kept = KeptReading { begun_at: 1_700_000_000_000, n_calls: 1, left, ..KeptReading::default() };
    vec![header.encode(), record.encode(), head.encode(), kept.encode(), list.saved()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_they_begin_with_is_accepted() {
        for config in configs() {
            let text = String::from_utf8(config).expect("text");
            if let Err(problems) = hosting::Config::parse(&text) {
                panic!("{problems:?}");
            }
        }
        let file: domain::connection_file::ConnectionFile =
            serde_json::from_slice(&connected()).expect("a file of connections");
        assert!(file.open(true).expect("it is one").iter().all(|one| one.result.is_ok()));
        assert!(vault::Header::decode(&sealed()[0]).is_ok() && vault::Record::decode(&sealed()[1]).is_ok());
        for rows in results() {
            let opened = export::Opened::from_csv(&export::to_csv(rows));
            assert_eq!((opened.rows.len(), opened.problems.len()), (2, 0), "{:?}", opened.problems);
        }
    }
}
