//! Test fixtures: a scripted sandbox worker, and a session that uses it.

use std::cell::RefCell;
use std::sync::Once;

use browser::clock;
use browser::transport::Sandbox;
use domain::{
    BaseUrl, Command, Connection, ConnectionId, ConnectionKind, GroupId, KeyStorage, Operation, Person, Plan,
    PlanId, Planner, Scope, Snapshot, Vendor,
};
use js_sys::{Array, Promise};
use leptos::prelude::{Owner, mount_to_body};
use muster::state::caller::install_caller;
use muster::state::runs::install_engine;
use muster::state::session::Session;
use sandbox::Settings;
use sandbox_worker::server::Server;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, BroadcastChannel, MessageEvent, Url};

/// Timeout of a call to the worker, in milliseconds.
const TIMEOUT_MS: u32 = 1_000;

/// The groups of the tests: calls to a group whose name begins with "slow" take their time, and those that begin
/// with "holds" lose two calls. The people of "unreadable" cannot be read.
const GROUPS: [&str; 8] =
    ["holds", "holds-moved", "slow-follow", "slow-cleared", "slow-full", "slow-gap", "trio", "unreadable"];

/// Decides what becomes of a call on its way. Paths of the tests' own are answered here, all others by
/// the sandbox, which the page runs at the other end of the channel.
const WORKER: &str = r#"
    let signIns = 0;
    let nRoles = 0;
    let nHeld = 0;
    const sent = {};
    const sandbox = new BroadcastChannel('CHANNEL');
    sandbox.onmessage = ({ data }) => postMessage(data);
    onmessage = ({ data }) => {
        const question = JSON.parse(data);
        const { id, path = '', headers = [] } = question;
        const post = (message) => postMessage(JSON.stringify({ id, ...message }));
        const say = (status, body, headers = []) => post({ status, headers, body: JSON.stringify(body) });
        const header = (name) => (headers.find(([other]) => other === name) ?? [])[1];
        if (path.includes('hang')) return;
        if (path.includes('cut')) return post({ cut: true });
        if (path === '/repeat') {
            const message = `The key ${header('apikey')} is not known`;
            return say(401, { error: { code: 'AUTH_ERR_APIKEY_NOT_FOUND', message } }, [['x-asked-with', header('apikey')]]);
        }
        if (path === '/many') return post({ status: 200, body: '[{"token":"t"},' + '{"":0},'.repeat(1_000_000) + '0]' });
        if (path === '/echo') return say(207, question, [['retry-after', '7'], ['x-session-token', 'abc']]);
        if (path === '/api/thirdparty/auth') {
            signIns += 1;
            return say(200, {}, [['gn-access-token', 'token-' + signIns]]);
        }
        if (path === '/private') {
            const isOld = header('authorization') === 'Bearer token-1';
            return say(isOld ? 401 : 200, { signIns });
        }
        if (path === '/sent') return say(200, sent);
        if (path === '/asked') return say(200, { nRoles });
        if (path.startsWith('/roles') && (nRoles += 1) === 1) return say(429, {}, [['retry-after', '0']]);
        const group = (path.match(/^[/]groups[/]([^/?]+)[/]members/) ?? [])[1];
        if (group === 'unreadable') return say(404, { error: { code: 'ERR_GUID_NOT_FOUND', message: 'Gone' } });
        if (group && question.method === 'POST') {
            const list = JSON.parse(question.body).participants ?? [];
            for (const uid of list) sent[uid] = (sent[uid] ?? 0) + 1;
            if (group.startsWith('slow')) return setTimeout(() => sandbox.postMessage(data), 25);
            // The answer to the second call is lost, and the third call itself.
            const nth = group.startsWith('holds') ? nHeld += 1 : 0;
            if (nth === 2) return sandbox.postMessage(JSON.stringify({ ...question, id: 0 }));
            if (nth === 3) return;
        }
        sandbox.postMessage(data);
    };
    postMessage('{"ready":true,"durable":false}');
"#;

/// A sandbox whose worker answers the tests' own paths itself.
pub(crate) fn sandbox() -> Sandbox {
    let channel = fresh_name("sandbox");
    serve(&channel);
    let parts = Array::of1(&WORKER.replace("CHANNEL", &channel).into());
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind).expect("a blob from text");
    let url = Url::create_object_url_with_blob(&blob).expect("an address for the blob");
    Sandbox::from_loader(&url, TIMEOUT_MS)
}

/// Answers the questions of a channel from a sandbox, until the page of all tests ends. Most tests ask none, so
/// the sandbox starts with the first question.
fn serve(name: &str) {
    let channel = BroadcastChannel::new(name).expect("a channel");
    let (server, replies) = (RefCell::new(None), channel.clone());
    let answer = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let question = event.data().as_string().expect("a text");
        let taken = server.borrow_mut().get_or_insert_with(start).take(&question, clock::now());
        if let Some(reply) = taken.reply {
            replies.post_message(&reply.into()).expect("a text can be posted");
        }
    });
    channel.set_onmessage(Some(answer.as_ref().unchecked_ref()));
    answer.forget();
    std::mem::forget(channel);
}

/// A sandbox with the groups of the tests, which limits and delays nothing.
fn start() -> Server {
    let settings = Settings { rate_limits: false, latency: false, ..Settings::default() };
    let mut server = Server::new(settings, []);
    for guid in GROUPS {
        let body = format!(r#"{{"guid":"{guid}","name":"{guid}","type":"public"}}"#);
        let question = serde_json::json!({
            "id": 0, "vendor": "cometchat", "method": "POST", "path": "/groups", "body": body,
            "headers": [["apikey", "any"], ["content-type", "application/json"]],
        });
        let reply = server.take(&question.to_string(), clock::now()).reply.expect("a reply");
        assert!(reply.contains(r#""status":200"#), "{reply}");
    }
    server
}

/// A session on a new sandbox. Its signals live as long as the owner.
pub(crate) fn session() -> (Owner, Session) {
    session_on(sandbox())
}

/// A session on a sandbox that may be shared.
pub(crate) fn session_on(sandbox: Sandbox) -> (Owner, Session) {
    static START: Once = Once::new();
    START.call_once(|| mount_to_body(|| ())); // starts the executor of effects and tasks
    install_caller();
    install_engine();
    // Do not nest owners: closing one session must not close those opened later.
    if let Some(other) = Owner::current() {
        other.unset();
    }
    let owner = Owner::new();
    owner.set();
    (owner, Session::with_sandbox(sandbox))
}

/// A unique database name.
pub(crate) fn fresh_name(test: &str) -> String {
    ["muster-test-", test, "-", &js_sys::Math::random().to_string()].concat()
}

/// A person who is in none of the tests' groups.
pub(crate) fn person(n: usize) -> Person {
    Person::by_id(sandbox::ids::citizen(n + 1))
}

/// A plan that adds `n_people` people to a group.
pub(crate) fn plan(id: PlanId, group: &str, n_people: usize) -> Plan {
    let operation = Operation::AddToGroup { group: GroupId::new(group), scope: Scope::Participant };
    let people = (0..n_people).map(person);
    let command = Command::for_all(operation, people);
    let capabilities = vendors::capabilities(Vendor::CometChat);
    let planner = Planner::new(ConnectionId::new("cometchat"), Vendor::CometChat, capabilities);
    planner.plan(id, &command, &Snapshot::default())
}

/// The contents of a database as text; bytes as characters.
pub(crate) async fn dump(name: &str) -> String {
    let script = format!(
        "new Promise((resolve, reject) => {{
            const request = indexedDB.open('{name}');
            request.onerror = () => reject(request.error);
            request.onsuccess = async () => {{
                const db = request.result;
                const all = [];
                for (const store of db.objectStoreNames) {{
                    const from = db.transaction(store).objectStore(store);
                    const ask = (request) => new Promise((done) => request.onsuccess = () => done(request.result));
                    all.push([store, await ask(from.getAllKeys()), await ask(from.getAll())]);
                }}
                db.close();
                const shown = (_, value) =>
                    value instanceof Uint8Array ? String.fromCharCode(...value) : value;
                resolve(JSON.stringify(all, shown));
            }};
        }})"
    );
    eval(&script).await.as_string().expect("a text")
}

/// Evaluates a script to a promise and awaits it.
pub(crate) async fn eval(script: &str) -> JsValue {
    let promise: Promise = js_sys::eval(script).expect("the script runs").unchecked_into();
    JsFuture::from(promise).await.expect("the script ends well")
}

/// A connection to the sandbox.
pub(crate) fn connection(vendor: Vendor) -> Connection {
    Connection {
        id: ConnectionId::new(vendor.slug()),
        vendor,
        name: vendor.name().into(),
        kind: ConnectionKind::Sandbox,
        base_url: BaseUrl::parse("https://api.example.org/v3", true).expect("a plain address"),
        acting_as: None,
        is_small_plan: false,
        calls_per_minute: None,
        known_groups: Vec::new(),
        key_storage: KeyStorage::Memory,
        is_power_known: false,
    }
}

/// A connection of a vendor that is called directly, and where its key may be stored.
pub(crate) fn direct_connection(id: &str, key_storage: KeyStorage) -> Connection {
    Connection {
        id: ConnectionId::new(id),
        kind: ConnectionKind::Direct,
        key_storage,
        ..connection(Vendor::CometChat)
    }
}

/// The passphrase of a vault.
pub(crate) fn passphrase() -> domain::Secret {
    domain::Secret::new("correct horse battery")
}

/// A POST of a JSON body.
pub(crate) fn request(path: &str, body: &str) -> vendors::Request {
    http::Request::builder()
        .method("POST")
        .uri(path)
        .header("content-type", "application/json")
        .body(body.into())
        .expect("a plain request")
}
