//! What the tests stand on: a worker that answers as it is told, and a session that uses it.

use std::sync::Once;

use domain::{BaseUrl, Connection, ConnectionId, Reach, Vendor};
use js_sys::Array;
use leptos::prelude::{Owner, mount_to_body};
use muster::session::Session;
use muster::transport::Sandbox;
use web_sys::{Blob, BlobPropertyBag, Url};

/// Milliseconds after which a call to the worker is given up.
const TIMEOUT_MS: u32 = 1_000;

/// Speaks the messages of the sandbox's worker. Paths say what is to happen.
const WORKER: &str = r#"
    let signIns = 0;
    let nRoles = 0;
    onmessage = ({ data }) => {
        const question = JSON.parse(data);
        const { id, path, headers = [] } = question;
        const post = (message) => postMessage(JSON.stringify({ id, ...message }));
        const say = (status, body, headers = []) => post({ status, headers, body: JSON.stringify(body) });
        const header = (name) => (headers.find(([other]) => other === name) ?? [])[1];
        if (question.sentinels) return post({ sentinels: [{ value: 'uid-not-found' }] });
        if (question.reset) return post({ reset: true });
        if (path.includes('hang')) return;
        if (path.includes('cut')) return post({ cut: true });
        if (path === '/echo') return say(207, question, [['retry-after', '7'], ['x-session-token', 'abc']]);
        if (path === '/api/thirdparty/auth') {
            signIns += 1;
            return say(200, {}, [['gn-access-token', 'token-' + signIns]]);
        }
        if (path === '/private') {
            const isOld = header('authorization') === 'Bearer token-1';
            return say(isOld ? 401 : 200, { signIns });
        }
        if (path.startsWith('/groups/') && question.method === 'POST') {
            const rows = (list) => Object.fromEntries((list ?? []).map((uid) => [uid, { success: true }]));
            return say(200, { data: { participants: rows(JSON.parse(question.body).participants) } });
        }
        if (path.startsWith('/roles')) {
            nRoles += 1;
            if (nRoles === 1) return say(429, {}, [['retry-after', '0']]);
            return say(200, { data: [{ role: 'read-' + nRoles, name: 'Role' }] });
        }
        return say(404, { error: { code: 'ERR_UID_NOT_FOUND', message: 'no' } });
    };
    postMessage('{"ready":true,"durable":false}');
"#;

/// A sandbox whose worker is the one above.
pub fn sandbox() -> Sandbox {
    let parts = Array::of1(&WORKER.into());
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind).expect("a blob from text");
    let url = Url::create_object_url_with_blob(&blob).expect("an address for the blob");
    Sandbox::from_loader(&url, TIMEOUT_MS)
}

/// A session on that sandbox. Its signals live as long as the owner.
pub fn session() -> (Owner, Session) {
    static START: Once = Once::new();
    START.call_once(|| mount_to_body(|| ())); // starts the executor of effects and tasks
    let owner = Owner::new();
    owner.set();
    (owner, Session::with_sandbox(sandbox()))
}

/// A connection to that sandbox.
pub fn connection(vendor: Vendor) -> Connection {
    Connection {
        id: ConnectionId::new(vendor.slug()),
        vendor,
        name: vendor.name().into(),
        reach: Reach::Sandbox,
        base_url: BaseUrl::parse("https://api.example.org/v3", true).expect("a plain address"),
        acting_as: None,
        is_small_plan: false,
        calls_per_minute: None,
        known_groups: Vec::new(),
    }
}

/// A request to a path, with a body.
pub fn request(path: &str, body: &str) -> vendors::Request {
    http::Request::builder()
        .method("POST")
        .uri(path)
        .header("content-type", "application/json")
        .body(body.into())
        .expect("a plain request")
}
