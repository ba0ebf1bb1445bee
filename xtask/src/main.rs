//! The project's commands; `cargo xtask help` lists them.

#![expect(missing_docs, unreachable_pub, reason = "a program exports nothing")]

mod apart;
mod app;
mod bench;
mod build;
mod deploy;
mod dist;
mod errors;
mod files;
mod fmt;
mod fuzz;
mod hosted;
mod listening;
mod locales;
#[path = "../../crates/i18n/build/messages.rs"]
mod messages;
mod parallel;
mod process;
mod sandbox;
mod schema;
mod serve;
mod setup;
mod simulate;
mod site;
mod size;
mod supply;
mod test;
#[cfg(test)]
mod tidy;
mod toolchain;
mod watch;
mod why;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

const HELP: &str = "\
cargo xtask COMMAND

  setup [--test]          install whatever is missing to build (and to test); finished steps are skipped
  serve [--release] [--watch] [--port 8080] [--sandbox-port 8081] [--config FILE] [--connect ORIGIN]...
                          set up, build, and run the console with its local sandbox; with --watch, open pages
                          follow changes of the sources
  build [--release]       build the site
  dist --config FILE [--connect ORIGIN]... [--out FOLDER] [--keep-last FOLDER] [--base /PATH/]
                          build a release and make a folder for a host of it, with the site's settings (dist/);
                          files of the last release can stay for pages that are open; hosted at the root
                          of its host, or under a path
  test [--only fmt,clippy,tidy,supply,native,wasm,build,deploy,e2e,browsers,again] [-- ARGUMENTS FOR PLAYWRIGHT]
                          set up, then run every check and test suite
  check                   Clippy for an editor: every crate for its own target, messages as JSON
  size [--why PART]       what a first load and every page weigh, against their budgets; or what a part is
                          made of (`first` for the first load)
  bench [--rival FOLDER]...
                          size, and when a first visit and every page can be used on a slow phone; in the same
                          run, when builds of other consoles can
  bench import [--rival FOLDER]
                          how fast files of people are read, beside the libraries in the node_modules of a folder
  bench grid [--rival FOLDER]
                          how a group of many members behaves on a slow phone, beside such libraries
  bench review            what a large request and a long chain cost, how fast a slow phone opens such a request, and
                          how fast the ledger of a colleague is read
  simulate [--seeds N] [--from S] [--seed S] [--breaks]
                          play runs against the sandbox with everything that can go wrong (crates/simulation)
  simulate bench          how fast runs are, and how plans and runs grow to a million changes
  locales                 report what each locale lacks, and what in it reads like English or is too long
  errors                  write the tables of error codes (crates/) from the contract
  relay                   write the relays' lists of allowed calls (deploy/) from the contract
  schema                  write public/config.schema.json from the vendors' profiles
  fuzz [--seconds 60] [TARGET]...
                          drive every reader with libFuzzer, or some (crates/fuzzing)
  fmt                     format code and views
  fmt-check, tidy         one of the checks by itself
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut parser = lexopt::Parser::from_env();
    let command = match parser.next()? {
        Some(Value(command)) => command.string()?,
        Some(Short('h') | Long("help")) | None => "help".to_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    if command == "simulate" {
        let arguments: Result<Vec<String>, _> =
            parser.raw_args()?.map(|argument| argument.string()).collect();
        return simulate::run(&arguments?).map(|()| ExitCode::SUCCESS);
    }
    if command == "fuzz" {
        let arguments: Result<Vec<String>, _> =
            parser.raw_args()?.map(|argument| argument.string()).collect();
        return fuzz::run(&arguments?).map(|()| ExitCode::SUCCESS);
    }
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("release") => options.release = true,
            Long("test") => options.test = true,
            Long("watch") => options.watch = true,
            Long("port") => options.port = parser.value()?.parse()?,
            Long("sandbox-port") => options.sandbox_port = parser.value()?.parse()?,
            Long("connect") => options.connect.push(hosting::Origin::parse(&parser.value()?.string()?)?),
            Long("config") => options.config = Some(parser.value()?.into()),
            Long("rival") => {
                options.rivals.push(std::path::absolute(std::path::PathBuf::from(parser.value()?))?)
            }
            Long("why") => options.why = Some(parser.value()?.string()?),
            Long("out") => options.out = Some(parser.value()?.into()),
            Long("base") => options.base = parser.value()?.string()?.parse()?,
            Long("keep-last") => options.keep_last = Some(parser.value()?.into()),
            Long("only") => {
                options.only.extend(parser.value()?.string()?.split(',').map(str::to_owned));
            }
            Value(value) => options.rest.push(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    match command.as_str() {
        "setup" if options.test => setup::for_tests().map(|_| ExitCode::SUCCESS),
        "setup" => setup::for_builds().map(|_| ExitCode::SUCCESS),
        "serve" => serve::run(&options).map(|()| ExitCode::SUCCESS),
        "build" => build::run(&options).map(|()| ExitCode::SUCCESS),
        "dist" => dist::run(&options).map(|()| ExitCode::SUCCESS),
        "test" => test::run(&options),
        "check" => test::check().map(|()| ExitCode::SUCCESS),
        "size" => size::run(&options).map(|()| ExitCode::SUCCESS),
        "bench" => bench::run(&options).map(|()| ExitCode::SUCCESS),
        "errors" => errors::write().map(|()| ExitCode::SUCCESS),
        "relay" => deploy::write().map(|()| ExitCode::SUCCESS),
        "locales" => locales::run().map(|()| ExitCode::SUCCESS),
        "schema" => schema::write().map(|()| ExitCode::SUCCESS),
        "fmt" => fmt::run().map(|()| ExitCode::SUCCESS),
        "fmt-check" => test::run(&Options { only: vec!["fmt".to_owned()], ..options }),
        "tidy" => test::run(&Options { only: vec!["tidy".to_owned()], ..options }),
        "help" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("there is no command `{other}`; `cargo xtask help` lists them"),
    }
}

/// Command line options.
#[derive(Debug)]
pub struct Options {
    pub release: bool,
    pub test: bool,
    pub watch: bool,
    pub port: u16,
    pub sandbox_port: u16,
    pub config: Option<PathBuf>,
    pub connect: Vec<hosting::Origin>,
    pub out: Option<PathBuf>,
    pub why: Option<String>,
    pub keep_last: Option<PathBuf>,
    pub base: dist::BasePath,
    /// Folders with the builds of other consoles, or with libraries.
    pub rivals: Vec<PathBuf>,
    pub only: Vec<String>,
    pub rest: Vec<String>,
}

impl Options {
    /// The `config.json` of the command line, with the hosts of the command line.
    pub fn hosted(&self) -> Result<hosted::Hosted> {
        hosted::Hosted::load(self.config.as_deref(), &self.connect)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            release: false,
            test: false,
            watch: false,
            port: 8080,
            sandbox_port: 8081,
            config: None,
            connect: Vec::new(),
            out: None,
            why: None,
            keep_last: None,
            base: dist::BasePath::default(),
            rivals: Vec::new(),
            only: Vec::new(),
            rest: Vec::new(),
        }
    }
}
