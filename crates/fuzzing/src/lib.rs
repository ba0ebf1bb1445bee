#![doc = include_str!("../README.md")]

mod answers;
mod files;
mod import;
mod journal;
mod reviews;
mod sandboxed;
pub mod seeds;
mod workbook;

/// A reader with its guarantees.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name on the command line, and of the folder of its inputs.
    pub name: &'static str,
    /// Runs the target on an input.
    ///
    /// # Panics
    /// If the reader breaks a guarantee.
    pub run: fn(&[u8]),
}

/// Every target.
pub const TARGETS: [Target; 15] = [
    Target { name: "decode_write", run: answers::write },
    Target { name: "decode_read", run: answers::read },
    Target { name: "decode_sign_in", run: answers::sign_in },
    Target { name: "list", run: files::list },
    Target { name: "import", run: import::run },
    Target { name: "results_table", run: files::results_table },
    Target { name: "results_json", run: files::results_json },
    Target { name: "connections", run: files::connections },
    Target { name: "config", run: files::config },
    Target { name: "vault", run: files::vault },
    Target { name: "journal", run: journal::run },
    Target { name: "review", run: reviews::review },
    Target { name: "chain", run: reviews::chain },
    Target { name: "sandbox", run: sandboxed::run },
    Target { name: "workbook", run: workbook::run },
];

/// Runs the target of this name; the entry point for libFuzzer.
///
/// # Panics
/// If there is no such target, or its reader breaks a guarantee.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.unwrap_or_else(|| panic!("no target {name}")).run)(input);
}
