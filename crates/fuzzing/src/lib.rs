//! Whatever reads what others wrote, fed with bytes of any kind.
//!
//! A [`Target`] takes bytes, gives them to one reader, and panics if a promise of that reader is broken.
//! libFuzzer drives the same targets (`fuzz/`, by `cargo xtask fuzz`) as the ordinary tests of this crate do, so
//! that no target can rot.

mod answers;
mod files;
mod journal;
mod sandboxed;
pub mod seeds;

/// One reader with its promises.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What it is called on the command line, and the folder of its inputs.
    pub name: &'static str,
    /// Takes an input.
    ///
    /// # Panics
    /// If the reader breaks a promise.
    pub run: fn(&[u8]),
}

/// Every target.
pub const TARGETS: [Target; 12] = [
    Target { name: "decode_write", run: answers::write },
    Target { name: "decode_read", run: answers::read },
    Target { name: "decode_sign_in", run: answers::sign_in },
    Target { name: "decode_users", run: answers::users },
    Target { name: "paste", run: files::paste },
    Target { name: "results_table", run: files::results_table },
    Target { name: "results_json", run: files::results_json },
    Target { name: "connections", run: files::connections },
    Target { name: "config", run: files::config },
    Target { name: "vault", run: files::vault },
    Target { name: "journal", run: journal::run },
    Target { name: "sandbox", run: sandboxed::run },
];

/// Gives an input to the target of this name; what drives libFuzzer calls nothing else.
///
/// # Panics
/// If there is no such target, or its reader breaks a promise.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.unwrap_or_else(|| panic!("no target {name}")).run)(input);
}
