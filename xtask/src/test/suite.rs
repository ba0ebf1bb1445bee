//! The suites: their names and how to run them.

use std::cell::RefCell;
use std::process::Command;

use anyhow::{Context, Result, bail};
use hosting::Origin;
use serde_json::json;

use super::again;
use super::beside::Beside;
use super::browsers;
use super::summary::Count;
use super::variants::{self, Variant};
use crate::build::{Built, Profile};
use crate::dist::Settings;
use crate::hosted::Hosted;
use crate::site::Site;
use crate::toolchain::{TARGET, Toolchain};
use crate::{build, deploy, dist, files, fmt, process, sandbox, setup, supply};

/// The input of every suite.
pub struct Run<'a> {
    pub toolchain: Toolchain,
    /// The release build, which may run in the background.
    pub release: Beside,
    /// The second release build, which runs beside the tests in browsers.
    pub second: Beside,
    /// The arguments after `--`, for Playwright.
    pub arguments: &'a [String],
    /// The selected suites.
    pub chosen: &'a [&'a Suite],
    /// A remark on the running suite for the summary.
    pub note: RefCell<Option<String>>,
}

pub struct Suite {
    pub name: &'static str,
    pub what: &'static str,
    pub work: fn(&Run) -> Result<Count>,
    /// True if the suite uses the release build.
    pub needs_release: bool,
}

/// All suites, fast ones first.
pub const SUITES: &[Suite] = &[
    Suite { name: "fmt", what: "formatting of code and views", work: formatting, needs_release: false },
    Suite {
        name: "clippy",
        what: "lints and the links of docs, natively and for Wasm",
        work: clippy,
        needs_release: false,
    },
    Suite { name: "tidy", what: "the project's own rules", work: tidy, needs_release: false },
    Suite {
        name: "supply",
        what: "every dependency: licences, sources, advisories; the bill of materials",
        work: supply,
        needs_release: false,
    },
    Suite {
        name: "native",
        what: "domain, vendors, sandbox and its server",
        work: native,
        needs_release: false,
    },
    Suite {
        name: "wasm",
        what: "the browser's half, in headless Chromium",
        work: wasm,
        needs_release: false,
    },
    Suite { name: "build", what: "the release, and its size budget", work: release, needs_release: true },
    Suite {
        name: "deploy",
        what: "the recipes for nginx and Caddy, in the real programs",
        work: recipes,
        needs_release: true,
    },
    Suite {
        name: "e2e",
        what: "the built site with its sandbox, in Chromium",
        work: e2e,
        needs_release: true,
    },
    Suite {
        name: "browsers",
        what: "the main things that people do, in Firefox and WebKit",
        work: browsers,
        needs_release: true,
    },
    Suite {
        name: "again",
        what: "a second release, elsewhere, is the same byte for byte",
        work: again,
        needs_release: true,
    },
];

fn formatting(_: &Run) -> Result<Count> {
    fmt::check()?;
    Ok(Count::default())
}

/// The packages that run only in a page.
const PAGE: [&str; 4] = ["browser", "i18n", "ui", "muster"];

/// An option once for each package.
fn each<'a>(option: &'a str, packages: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    packages.iter().flat_map(move |package| [option, *package])
}

/// Workers whose tests are native. They use much of what the page uses.
const WORKERS: [&str; 3] = ["directory-worker", "import-worker", "ledger-worker"];

/// Clippy for the native crates, and for those that run in the page or beside it. Cargo compiles a dependency again
/// for every set of its features, and what is selected together shares one: so the page is selected with its workers.
fn lints(toolchain: Toolchain) -> [Command; 4] {
    let mut native = process::command("cargo");
    native.args(["clippy", "--quiet", "--workspace", "--all-targets"]).args(each("--exclude", &PAGE));
    let wasm = || {
        let mut wasm = toolchain.command("cargo");
        wasm.args(["clippy", "--quiet", "--target", TARGET, "--lib", "--bins"]);
        wasm
    };
    let with_page = |mut command: Command| {
        command.args(["-p", "sandbox-worker"]).args(each("-p", &PAGE));
        command
    };
    let mut tests = with_page(wasm());
    // Not `--all-targets`: `benches` would compile the same code again.
    tests.arg("--tests");
    let mut workers = with_page(wasm());
    workers.args(each("-p", &WORKERS));
    let mut workbooks = wasm();
    workbooks.args(["-p", "workbook-worker"]);
    [native, tests, workers, workbooks]
}

fn clippy(run: &Run) -> Result<Count> {
    for mut lint in lints(run.toolchain) {
        process::run(lint.args(["--", "-D", "warnings"]))?;
    }
    for mut docs in docs(run.toolchain) {
        process::run(docs.env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    Ok(Count::default())
}

/// rustdoc for the native crates, and for those that run in the page: it finds links that lead nowhere.
fn docs(toolchain: Toolchain) -> [Command; 2] {
    let both = ["doc", "--quiet", "--no-deps", "--document-private-items"];
    let mut native = process::command("cargo");
    native.args(both).arg("--workspace").args(each("--exclude", &PAGE));
    let mut wasm = toolchain.command("cargo");
    wasm.args(both).args(["--target", TARGET, "-p", "sandbox-worker"]);
    wasm.args(each("-p", &PAGE)).args(each("-p", &WORKERS));
    [native, wasm]
}

/// Runs Clippy for an editor, which reads the messages as JSON. Errors in the code are messages, not a failure.
pub fn check() -> Result<()> {
    let toolchain = Toolchain::detect().context("no toolchain can build for Wasm; run: cargo xtask setup")?;
    for mut lint in lints(toolchain) {
        process::status(lint.args(["--keep-going", "--message-format=json"]))?;
    }
    Ok(())
}

fn tidy(_: &Run) -> Result<Count> {
    // The rules' own messages suffice, without a backtrace.
    counted(process::command("cargo").env("RUST_BACKTRACE", "0").args([
        "test",
        "--quiet",
        "--package",
        "xtask",
    ]))
}

fn supply(run: &Run) -> Result<Count> {
    let (n_passed, note) = supply::check()?;
    run.note.replace(note);
    Ok(Count { n_passed, n_failed: 0 })
}

fn native(_: &Run) -> Result<Count> {
    let count = |arguments: &[&str]| {
        let mut cargo = process::command("cargo");
        cargo.args(arguments).args(["--no-fail-fast", "--workspace", "--exclude", "xtask"]);
        counted(cargo.args(each("--exclude", &PAGE)))
    };
    if !setup::has_nextest() {
        return count(&["test", "--quiet"]);
    }
    let tests = count(&["nextest", "run", "--hide-progress-bar", "--status-level", "fail"])?;
    // nextest does not run the examples in the crates' READMEs.
    Ok(tests + count(&["test", "--quiet", "--doc"])?)
}

fn wasm(run: &Run) -> Result<Count> {
    let driver = setup::chromedriver().context("there is no ChromeDriver")?;
    let browser = setup::chromium().context("there is no Chromium")?;
    // By default, ChromeDriver looks for a browser by itself.
    let session = std::env::temp_dir().join(format!("muster-wasm-{}.json", std::process::id()));
    std::fs::write(&session, json!({ "goog:chromeOptions": { "binary": browser } }).to_string())?;
    let mut cargo = run.toolchain.command("cargo");
    cargo
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &session)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .args(["test", "--no-fail-fast", "--target", TARGET, "--lib", "--tests", "-p", "sandbox-worker"])
        .args(each("-p", &PAGE));
    let count = counted(&mut cargo);
    std::fs::remove_file(&session)?;
    count
}

fn release(run: &Run) -> Result<Count> {
    crate::size::check(&built(run)?)?;
    Ok(Count::default())
}

fn again(run: &Run) -> Result<Count> {
    again::check(&built(run)?, &run.second)?;
    Ok(Count::default())
}

/// The release build: the one from the background, or else a new one.
fn built(run: &Run) -> Result<Built> {
    run.release.finish()?;
    build::ensure(run.toolchain, Profile::Release)
}

fn recipes(run: &Run) -> Result<Count> {
    let built = built(run)?;
    sandbox::build()?;
    deploy::run(&built)
}

/// Begins the second release build, unless it was begun or is not needed. The tests in browsers wait now and then, and
/// leave it that time.
fn begin_second(run: &Run) -> Result<()> {
    let is_needed = run.chosen.iter().any(|suite| suite.name == "again");
    if is_needed && !run.second.is_begun() {
        run.second.begin(&mut again::second_build()?)?;
    }
    Ok(())
}

fn e2e(run: &Run) -> Result<Count> {
    let built = built(run)?;
    sandbox::build()?;
    begin_second(run)?;
    let folder = std::env::temp_dir().join(format!("muster-e2e-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let site_port = sandbox::free_port()?;
    let origin = format!("http://127.0.0.1:{site_port}");
    // Slow responses are tested with ids made for that (`slow`, `hang`), so the rest needs no latency.
    let variants = Variant::all()?;
    let origins: Vec<_> = variants.iter().map(Variant::origin).collect();
    let mut switches = vec!["--no-latency"];
    // Tests can run with the other reading of a vendor's undocumented behaviour, as
    // SANDBOX_SWITCHES=--bans-hold.
    let more = std::env::var("SANDBOX_SWITCHES").unwrap_or_default();
    switches.extend(more.split_whitespace());
    for origin in &origins {
        switches.extend(["--origin", origin]);
    }
    let sandbox = sandbox::start(sandbox::free_port()?, &folder.join("sandbox.db"), &origin, &switches)?;
    // An address that the page may call. No server listens there unless a test starts one.
    let spare = format!("http://127.0.0.1:{}", sandbox::free_port()?);
    // The same with a certificate, which the recipes' tests create.
    let secure = format!("https://localhost:{}", sandbox::free_port()?);
    let dist = folder.join("dist");
    let request = dist::Request {
        settings: Settings::read(&files::root().join("public/config.json"), &[])?,
        out: dist.clone(),
        last: None,
        base: dist::BasePath::default(),
    };
    dist::write(&request, || Ok(built.clone()))?;
    let hosted = Hosted::load(None, &[Origin::parse(&spare)?, Origin::parse(&secure)?])?
        .with_sandbox(&sandbox.address)?;
    let others: Result<Vec<_>> =
        variants.iter().map(|variant| variant.start(&built, &sandbox.address)).collect();
    let others = others?;
    let relays = deploy::Relays::start(&built)?;
    let site = Site { files: built.files, compressed: built.compressed, hosted }.start(site_port)?;
    let count = counted(
        playwright()?
            .env("MUSTER_URL", &site.address)
            .env("SANDBOX_URL", &sandbox.address)
            .env("SPARE_URL", &spare)
            .env("SECURE_URL", &secure)
            .envs(relays.environment())
            .env("VARIANT_URLS", variants::by_name(&variants))
            .env("DIST_SITE", dist.join(dist::SITE))
            .arg("test")
            .args(run.arguments),
    );
    drop((site, others, relays));
    drop(sandbox);
    files::remove_all(&folder)?;
    count
}

fn browsers(run: &Run) -> Result<Count> {
    // Arguments after `--` name files of the other suite, unless only this suite was selected.
    let arguments = if run.chosen.len() == 1 { run.arguments } else { &[] };
    let built = built(run)?;
    begin_second(run)?;
    browsers::run(built, arguments)
}

/// Playwright in the folder of the end-to-end tests, with the browsers to use.
pub fn playwright() -> Result<Command> {
    let browser = setup::chromium().context("there is no Chromium")?;
    let folder = files::root().join("e2e");
    let mut playwright = process::command(&folder.join("node_modules/.bin/playwright").to_string_lossy());
    playwright.current_dir(folder).env("CHROMIUM", browser);
    if let Some(shell) = setup::headless_shell() {
        playwright.env("HEADLESS_SHELL", shell);
    }
    Ok(playwright)
}

/// Runs a test runner and parses its counts. Fails if the runner fails without a failed test.
pub fn counted(command: &mut Command) -> Result<Count> {
    let (status, told) = process::watch(command)?;
    let count = Count::read(&told);
    if !status.success() && count.n_failed == 0 {
        bail!("the runner ended with {status}, and not because of a test: what it said is above");
    }
    Ok(count)
}
