//! Runs programs in the project's root, without the environment variables that Cargo sets for this one.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::files;

/// A command in the project's root. Also finds programs of `cargo install` that are not on the shell's
/// `PATH`.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(files::root()).env("PATH", search_path());
    // Set by `cargo run` for this program; another toolchain must not inherit them.
    for name in ["CARGO", "LD_LIBRARY_PATH", "RUSTC"] {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Cargo's home folder.
pub fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
        Some(PathBuf::from(home).join(".cargo"))
    })
}

/// The search path: programs built for this project come first.
pub fn search_path() -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = std::iter::once(files::installed().join("bin"));
    let usual = cargo_home().map(|home| home.join("bin"));
    let folders = own.chain(usual).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap_or(path)
}

/// Returns true if the program is on the search path.
pub fn exists(program: &str) -> bool {
    std::env::split_paths(&search_path()).any(|folder| folder.join(program).is_file())
}

/// Runs to completion with output shown. A failure is an error that names the command.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("`{}` ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs to completion with output shown.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    command.status().with_context(|| format!("could not start `{}`", shown(command)))
}

/// Runs to completion and returns standard output.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start `{}`", shown(command)))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` ended with {}: {}", shown(command), output.status, told.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs to completion with output shown, and returns the output too.
pub fn watch(command: &mut Command) -> Result<(ExitStatus, String)> {
    gather(start_piped(command)?, std::io::stdout, std::io::stderr)
}

/// Starts a program whose output [`gather`] reads.
pub fn start_piped(command: &mut Command) -> Result<Child> {
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    piped.spawn().with_context(|| format!("could not start `{}`", shown(command)))
}

/// Waits for the program to end and returns its output, copying each line to `out` and `err` as it arrives.
pub fn gather<O, E>(mut child: Child, out: fn() -> O, err: fn() -> E) -> Result<(ExitStatus, String)>
where
    O: Write + Send + 'static,
    E: Write + Send + 'static,
{
    let told = Arc::new(Mutex::new(String::new()));
    let stdout = child.stdout.take().map(|pipe| copy(pipe, out(), &told));
    let stderr = child.stderr.take().map(|pipe| copy(pipe, err(), &told));
    let status = child.wait()?;
    for thread in [stdout, stderr].into_iter().flatten() {
        if thread.join().is_err() {
            bail!("could not read what a program printed");
        }
    }
    let told = told.lock().map(|told| told.clone()).unwrap_or_default();
    Ok((status, told))
}

fn copy<R, W>(pipe: R, mut screen: W, told: &Arc<Mutex<String>>) -> thread::JoinHandle<()>
where
    R: Read + Send + 'static,
    W: Write + Send + 'static,
{
    let told = Arc::clone(told);
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            // A closed terminal must not end the suite.
            screen.write_all(&line).ok();
            if let Ok(mut told) = told.lock() {
                told.push_str(&String::from_utf8_lossy(&line));
            }
            line.clear();
        }
    })
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
