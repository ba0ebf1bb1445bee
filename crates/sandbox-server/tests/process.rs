//! Tests of the binary: acknowledged changes survive a kill, and connections are cut.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(db: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sandbox-server"))
            .args(["--port", "0", "--no-latency", "--db"])
            .arg(db)
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("is piped");
        BufReader::new(stdout).read_line(&mut line).expect("says something");
        let address =
            line.trim().strip_prefix("sandbox listening on http://").expect("says where it listens");
        Self { address: address.to_owned(), child }
    }

    fn open(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("connects");
        stream.write_all(request.as_bytes()).expect("sends");
        stream
    }

    /// Sends a request and returns the whole response; empty if the connection was cut before its first byte.
    fn send(&self, method: &str, path: &str, body: &str) -> String {
        let mut answer = String::new();
        match self.open(&request(method, path, body)).read_to_string(&mut answer) {
            Ok(_) => answer,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => String::new(),
            Err(error) => panic!("{error}"),
        }
    }

    fn kill(mut self) {
        self.child.kill().expect("dies by SIGKILL");
        self.child.wait().expect("is gone");
    }

    fn stop(mut self) -> bool {
        let pid = self.child.id().to_string();
        let kill = Command::new("kill").args(["-TERM", &pid]).status().expect("sends a signal");
        assert!(kill.success());
        self.child.wait().expect("ends").success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails if the process has already ended, which is fine.
        let (Ok(()) | Err(_)) = self.child.kill();
    }
}

fn request(method: &str, path: &str, body: &str) -> String {
    format!(
        "{method} /cometchat/v3{path} HTTP/1.1\r\nhost: sandbox\r\napikey: any\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn create(server: &Server, uid: &str) -> String {
    server.send("POST", "/users", &format!(r#"{{"uid":"{uid}","name":"Zoë"}}"#))
}

fn has_user(server: &Server, uid: &str) -> bool {
    server.send("GET", &format!("/users/{uid}"), "").starts_with("HTTP/1.1 200")
}

#[test]
fn what_was_answered_survives_kill_9_and_a_clean_stop() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("journal.db");

    let server = Server::start(&db, &[]);
    assert!(create(&server, "before-the-kill").starts_with("HTTP/1.1 200"));
    server.kill();

    let server = Server::start(&db, &[]);
    assert!(has_user(&server, "before-the-kill"));
    assert!(create(&server, "before-the-stop").starts_with("HTTP/1.1 200"));
    assert!(server.stop(), "ends with success when asked to");

    let server = Server::start(&db, &[]);
    assert!(has_user(&server, "before-the-kill") && has_user(&server, "before-the-stop"));
    server.kill();

    let server = Server::start(&db, &["--reset"]);
    assert!(!has_user(&server, "before-the-kill"));
}

#[test]
fn a_cut_connection_carries_no_byte_of_an_answer() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&dir.path().join("journal.db"), &[]);
    assert_eq!(server.send("PUT", "/groups/superhero-fans/members/cut", r#"{"scope":"admin"}"#), "");
    assert!(has_user(&server, "cap-admin"), "goes on serving others");
}

#[test]
fn a_lost_answer_leaves_the_change_made() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("journal.db");
    let server = Server::start(&db, &[]);
    let body = r#"{"participants":["lost-answer"]}"#;
    assert_eq!(server.send("POST", "/groups/superhero-fans/members", body), "");
    server.kill();
    let server = Server::start(&db, &[]);
    let members = server.send("GET", "/groups/superhero-fans/members?perPage=1000", "");
    assert!(members.contains("lost-answer"), "{members}");
}

#[test]
fn a_hanging_answer_hangs_alone_and_does_not_stop_the_server_from_stopping() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&dir.path().join("journal.db"), &[]);
    let mut hanging =
        server.open(&request("PUT", "/groups/superhero-fans/members/hang", r#"{"scope":"admin"}"#));
    // Later calls get responses while the first one hangs.
    for _ in 0..10 {
        assert!(has_user(&server, "cap-admin"));
    }
    hanging.set_nonblocking(true).unwrap();
    let nothing = hanging.read(&mut [0; 1]).expect_err("no byte of an answer has come");
    assert_eq!(nothing.kind(), ErrorKind::WouldBlock);
    assert!(server.stop());
}

#[test]
fn says_in_one_sentence_that_a_port_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&dir.path().join("journal.db"), &[]);
    let port = server.address.rsplit(':').next().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_sandbox-server")).args(["--port", port]).output().unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains(&format!("cannot listen on port {port}; choose another with --port")), "{error}");
}
