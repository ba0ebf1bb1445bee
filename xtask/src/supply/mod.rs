//! Third-party content of the site: the bill of materials, and the licences.

mod deny;
mod licences;
mod parts;
mod sbom;

use std::path::Path;

use anyhow::Result;

use crate::{files, process};

/// The bill of materials, as CycloneDX JSON.
pub const SBOM: &str = "sbom.cdx.json";
/// The licences of everything in the site's files.
pub const LICENCES: &str = "THIRD_PARTY_LICENCES.txt";

/// Writes both files into a folder. The output is the same for the same commit.
pub fn write(folder: &Path) -> Result<()> {
    let parts = parts::shipped()?;
    files::write(&folder.join(SBOM), sbom::of(&parts, sbom::made_at()?.as_deref())?)?;
    files::write(&folder.join(LICENCES), licences::of(&parts)?)
}

/// Checks all dependencies and both files. Returns the number of passed checks and a remark for the summary.
pub fn check() -> Result<(usize, Option<String>)> {
    deny::rules()?;
    let advisories = deny::advisories()?;
    let folder = files::memory().join("supply");
    write(&folder)?;
    process::run(process::command("node").arg("e2e/support/validate-sbom.mjs").arg(folder.join(SBOM)))?;
    let note = advisories.note().map(str::to_owned);
    if let Some(note) = &note {
        println!("supply: {note}");
    }
    // Licences, bans, sources and the bill of materials; also advisories if there is a database.
    Ok((4 + usize::from(advisories != deny::Advisories::NotChecked), note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_from_npm_have_digests_and_run_nothing_when_they_are_installed() {
        for lock in ["e2e/package-lock.json", "xtask/npm/package-lock.json"] {
            let text = files::read_text(&files::root().join(lock)).expect("there is a lock file");
            let lock_file: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
            let packages = lock_file["packages"].as_object().expect("it lists packages");
            assert!(packages.len() > 1, "{lock}");
            for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
                assert!(package["integrity"].is_string(), "{lock}: {name} has no digest");
                assert_ne!(
                    package["hasInstallScript"], true,
                    "{lock}: {name} runs a script when it is installed"
                );
            }
        }
    }
}
