//! Decides what work a changed file needs.

use std::path::Path;

/// The work that a change needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// Open pages fetch the style sheet again.
    Styles,
    /// Open pages fetch the texts again. Messages with other values need a build as well.
    Texts,
    /// The site is built, and open pages reload.
    Site,
    /// The sandbox server is built and started again, after the site.
    Sandbox,
    /// This command has to be started again.
    Restart,
}

/// The work for a file, given its path in the project; `None` if the running site does not depend on it.
pub fn work_for(path: &Path) -> Option<Work> {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    let parts: Vec<_> = parts.iter().map(AsRef::as_ref).collect();
    let (name, folders) = parts.split_last()?;
    // Backups and swap files of editors, and README files, which are only documentation.
    let is_source = name.contains('.') && !name.starts_with(['.', '#']) && !name.ends_with(['~', '#']);
    if !is_source || name.ends_with(".md") {
        return None;
    }
    match folders {
        ["src", ..] | ["contracts", ..] | ["public", ..] | [".cargo"] => Some(Work::Site),
        ["style", ..] | ["crates", _, "style", ..] => Some(Work::Styles),
        ["locales"] if *name == "en.json" => Some(Work::Texts),
        ["locales"] => Some(Work::Site),
        ["crates", _, "tests" | "benches" | "examples", ..] | ["crates", "fuzzing" | "simulation", ..] => {
            None
        }
        ["crates", "sandbox-server", ..] | ["crates", "domain" | "sandbox", ..] => Some(Work::Sandbox),
        ["crates", ..] => Some(Work::Site),
        ["xtask", ..] => Some(Work::Restart),
        [] => match *name {
            "index.html"
            | "Trunk.toml"
            | "Cargo.toml"
            | "Cargo.lock"
            | "build.rs"
            | "rust-toolchain.toml" => Some(Work::Site),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_change_needs_its_own_work() {
        for (path, work) in [
            ("style/tokens.css", Some(Work::Styles)),
            ("style/pages/runs.css", Some(Work::Styles)),
            ("crates/ui/style/tables.css", Some(Work::Styles)),
            ("locales/en.json", Some(Work::Texts)),
            ("locales/de.json", Some(Work::Site)),
            ("src/pages/members/mod.rs", Some(Work::Site)),
            ("crates/ui/src/button.rs", Some(Work::Site)),
            ("crates/sandbox-worker/src/lib.rs", Some(Work::Site)),
            ("public/boot.js", Some(Work::Site)),
            ("index.html", Some(Work::Site)),
            ("Cargo.lock", Some(Work::Site)),
            (".cargo/config.toml", Some(Work::Site)),
            ("crates/domain/src/plan.rs", Some(Work::Sandbox)),
            ("crates/sandbox/src/lib.rs", Some(Work::Sandbox)),
            ("crates/sandbox-server/src/main.rs", Some(Work::Sandbox)),
            ("xtask/src/site.rs", Some(Work::Restart)),
        ] {
            assert_eq!(work_for(Path::new(path)), work, "{path}");
        }
    }

    #[test]
    fn files_that_the_site_does_not_depend_on_need_no_work() {
        for path in [
            "README.md",
            "crates/domain/README.md",
            "crates/domain/tests/plan.rs",
            "crates/simulation/src/lib.rs",
            "e2e/keys.spec.ts",
            "target/xtask/dev/stamp",
            ".git/index.lock",
            "src/pages/.mod.rs.swp",
            "src/pages/mod.rs~",
            "src/pages/#mod.rs#",
            "src/4913",
            "",
        ] {
            assert_eq!(work_for(Path::new(path)), None, "{path}");
        }
    }

    #[test]
    fn every_source_of_a_build_is_watched() {
        let root = crate::files::root();
        let is_ignored = |path: &str| {
            path.ends_with(".md")
                || ["/tests/", "/benches/", "crates/fuzzing/", "crates/simulation/"]
                    .iter()
                    .any(|part| path.contains(part))
        };
        for path in crate::build::sources().expect("the sources can be listed") {
            let path = path.strip_prefix(&root).expect("sources are in the project");
            let is_watched = work_for(path).is_some();
            assert!(is_watched || is_ignored(&path.to_string_lossy()), "{}", path.display());
        }
    }
}
