//! Sets up a bare machine. Each step prints what it does, why, and how long it takes.

mod apt;
mod browser;
mod debian;
mod notes;
mod servers;
mod tools;

use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::toolchain::{TARGET, Toolchain};

/// A requirement of the builds or tests.
struct Step {
    what: &'static str,
    why: &'static str,
    takes: &'static str,
    is_ready: fn() -> Result<bool>,
    work: fn() -> Result<()>,
    /// The manual instructions if the step fails.
    by_hand: fn() -> String,
}

impl Step {
    fn ensure(&self) -> Result<()> {
        if (self.is_ready)()? {
            println!("setup: {}: ready", self.what);
            return Ok(());
        }
        println!("setup: {}: installing, {} ({})", self.what, self.why, self.takes);
        let started = Instant::now();
        let worked = (self.work)().and_then(|()| (self.is_ready)());
        let cause = match worked {
            Ok(true) => {
                println!("setup: {}: ready after {} seconds", self.what, started.elapsed().as_secs());
                return Ok(());
            }
            Ok(false) => "it is not where it should be now".to_owned(),
            Err(error) => format!("{error:#}"),
        };
        bail!("{} could not be installed ({cause}); please type: {}", self.what, (self.by_hand)());
    }
}

const BUILD: [Step; 4] = [
    Step {
        what: "Wasm standard library",
        why: "the console is compiled to WebAssembly",
        takes: "seconds, or 2 minutes by way of Debian's packages",
        is_ready: || Ok(Toolchain::detect().is_some()),
        work: wasm_std,
        by_hand: wasm_std_by_hand,
    },
    Step {
        what: "wasm linker",
        why: "Debian's toolchain has none of its own",
        takes: "seconds",
        is_ready: debian::has_linker,
        work: debian::link_linker,
        by_hand: || "apt-get install lld-22, as root".to_owned(),
    },
    Step {
        what: "trunk",
        why: "it bundles the page, its script and its Wasm",
        takes: "about 6 minutes on two cores",
        is_ready: tools::has_trunk,
        work: tools::install_trunk,
        by_hand: tools::trunk_by_hand,
    },
    Step {
        what: "wasm-bindgen",
        why: "it writes the script beside the Wasm, and must equal the version in Cargo.lock",
        takes: "about 4 minutes on two cores",
        is_ready: tools::has_wasm_bindgen,
        work: tools::install_wasm_bindgen,
        by_hand: tools::wasm_bindgen_by_hand,
    },
];

const LEPTOSFMT: Step = Step {
    what: "leptosfmt",
    why: "it formats the views",
    takes: "half a minute on two cores",
    is_ready: tools::has_leptosfmt,
    work: tools::install_leptosfmt,
    by_hand: tools::leptosfmt_by_hand,
};

const TEST: [Step; 8] = [
    Step {
        what: "Chromium and ChromeDriver",
        why: "the browser tests run in them",
        takes: "about a minute",
        is_ready: browser::has_chromium,
        work: browser::install_chromium,
        by_hand: || {
            "apt-get install chromium chromium-driver, as root (or set CHROMIUM and CHROMEDRIVER to yours)"
                .to_owned()
        },
    },
    Step {
        what: "Firefox and geckodriver",
        why: "the smoke tests run in them too",
        takes: "about 3 minutes on two cores",
        is_ready: browser::has_firefox,
        work: browser::install_firefox,
        by_hand: || {
            format!(
                "apt-get install firefox-esr, as root (or set FIREFOX to yours), then {}",
                tools::geckodriver_by_hand()
            )
        },
    },
    Step {
        what: "WebKit and its driver",
        why: "the smoke tests run in them too, on a screen of their own",
        takes: "about a minute",
        is_ready: browser::has_webkit,
        work: browser::install_webkit,
        by_hand: || "apt-get install webkit2gtk-driver xvfb xauth, as root".to_owned(),
    },
    Step {
        what: "npm packages of the tests",
        why: "Playwright, axe, Lighthouse and others look at the whole console",
        takes: "half a minute",
        is_ready: browser::has_packages,
        work: browser::install_packages,
        by_hand: || "npm ci --prefix e2e, with Node 20 or newer".to_owned(),
    },
    Step {
        what: "cargo-deny",
        why: "it looks at the licences, sources and advisories of every dependency",
        takes: "about a minute on two cores",
        is_ready: tools::has_cargo_deny,
        work: tools::install_cargo_deny,
        by_hand: tools::cargo_deny_by_hand,
    },
    Step {
        what: "nginx and Caddy",
        why: "the recipes in deploy/ are tested in them",
        takes: "seconds",
        is_ready: servers::has_servers,
        work: servers::unpack_servers,
        by_hand: || {
            "apt-get install nginx caddy openssl curl, as root, then stop both services (or set NGINX and CADDY)"
                .to_owned()
        },
    },
    Step {
        what: "Rust's checks",
        why: "clippy and rustfmt are part of the tests",
        takes: "seconds",
        is_ready: has_checks,
        work: install_checks,
        by_hand: || "rustup component add clippy rustfmt".to_owned(),
    },
    LEPTOSFMT,
];

/// Sets up what building and serving need; returns the toolchain for Wasm.
pub fn for_builds() -> Result<Toolchain> {
    for step in &BUILD {
        step.ensure()?;
    }
    tools::sweep()?;
    tools::offer_wasm_opt();
    Toolchain::detect()
        .context("no toolchain can build for Wasm; please type: rustup target add wasm32-unknown-unknown")
}

/// Sets up what formatting needs, besides rustfmt.
pub fn for_formatting() -> Result<()> {
    LEPTOSFMT.ensure()?;
    tools::sweep()
}

/// Sets up what the tests need, including the builds.
pub fn for_tests() -> Result<Toolchain> {
    let toolchain = for_builds()?;
    for step in &TEST {
        step.ensure()?;
    }
    tools::sweep()?;
    tools::mention_nextest();
    for program in browser::programs() {
        println!("setup: the tests run in {program}");
    }
    for note in notes::all()? {
        println!("setup: {note}");
    }
    Ok(toolchain)
}

pub use apt::install as apt_install;
pub use browser::{
    chromedriver, chromium, environment as browser_environment, headless_shell, programs as browsers,
};
pub use notes::all as notes;
pub use servers::{caddy, nginx};
pub use tools::{has_nextest, wasm_merge, wasm_opt};

fn wasm_std() -> Result<()> {
    if process::exists("rustup") {
        let added = process::status(process::command("rustup").args(["target", "add", TARGET]))?;
        if added.success() && Toolchain::detect().is_some() {
            return Ok(());
        }
        println!("setup: rustup could not fetch it; trying Debian's packages instead");
    }
    debian::install()
}

fn wasm_std_by_hand() -> String {
    let first =
        if process::exists("rustup") { "" } else { "(once you have rustup, from https://rustup.rs) " };
    format!("{first}rustup target add {TARGET}")
}

fn install_checks() -> Result<()> {
    if process::exists("rustup") {
        return process::run(process::command("rustup").args(["component", "add", "clippy", "rustfmt"]));
    }
    apt_install(&["rust-web-clippy", "rustfmt-web"])
}

fn has_checks() -> Result<bool> {
    let works = |name: &str| process::capture(process::command("cargo").args([name, "--version"])).is_ok();
    Ok(works("clippy") && works("fmt"))
}
