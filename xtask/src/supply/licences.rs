//! The licences of everything in the site: the texts in packages, or the standard texts if a package has
//! none.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::parts::{Origin, Part};
use crate::files;

/// Prefixes of the names of files with licences or notices.
const NAMES: [&str; 7] = ["license", "licence", "copying", "unlicense", "notice", "copyright", "authors"];
const RULE: &str = "------------------------------------------------------------------------------\n";

/// All licences with the packages they apply to; identical texts appear once.
pub fn of(parts: &[Part]) -> Result<String> {
    let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut list = String::new();
    for part in parts.iter().filter(|part| part.origin != Origin::Own) {
        let shown = format!("{} {}", part.name, part.version);
        list += &format!("{shown:<34} {}\n", part.licence);
        for text in texts(part).with_context(|| format!("no licence text for {shown}"))? {
            users.entry(text).or_default().push(shown.clone());
        }
    }
    let mut by_user: Vec<(Vec<String>, String)> =
        users.into_iter().map(|(text, shown)| (shown, text)).collect();
    by_user.sort();
    let mut told = format!(
        "Muster's files contain the work of other people: the packages below, under the licences that \
         follow.\nMuster itself is under the licence in the file LICENSE of its sources.\n\n{list}"
    );
    for (shown, text) in by_user {
        told += &format!("\n{RULE}{}\n{RULE}\n{text}\n", shown.join(", "));
    }
    Ok(told)
}

/// The texts in a package, or else the standard texts of the licences that it names.
fn texts(part: &Part) -> Result<Vec<String>> {
    let mut found: Vec<String> = part.text.map(tidied).into_iter().collect();
    if let Some(folder) = &part.folder {
        found.extend(beside(folder)?);
    }
    if found.is_empty() {
        found = standard(part)?;
    }
    Ok(found)
}

fn beside(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for path in files::below(folder)? {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let is_licence = NAMES.iter().any(|start| name.starts_with(start)) && !name.ends_with(".rs");
        if path.parent() == Some(folder) && is_licence {
            let text = tidied(&files::read_text(&path)?);
            if !text.is_empty() {
                found.push(text);
            }
        }
    }
    Ok(found)
}

fn standard(part: &Part) -> Result<Vec<String>> {
    let expression = spdx::Expression::parse(&part.licence)?;
    let mut found = Vec::new();
    for named in expression.requirements() {
        let Some(id) = named.req.license.id() else { bail!("{} is no licence of SPDX's list", named.req) };
        let who = if part.authors.is_empty() { "its authors".to_owned() } else { part.authors.join(", ") };
        let text = tidied(id.text());
        found.push(format!(
            "These packages bring no text of their licence, so this is the standard one of {}.\n\
             The copyright is with {who}.\n\n{text}",
            id.name
        ));
    }
    if found.is_empty() {
        bail!("{:?} names no licence", part.licence);
    }
    Ok(found)
}

/// Normalises line ends and trailing whitespace, so that identical texts compare equal.
fn tidied(text: &str) -> String {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::parts;
    use super::*;

    fn part(licence: &str) -> Part {
        let mut parts = parts::known();
        let part =
            parts.iter_mut().find(|part| part.origin == Origin::Rust).expect("there is a standard library");
        Part { licence: licence.to_owned(), ..part.clone() }
    }

    #[test]
    fn every_part_has_a_licence_text() {
        let parts = parts::known();
        let told = of(&parts).expect("every part has a text");
        for part in parts.iter().filter(|part| part.origin != Origin::Own) {
            let shown = format!("{} {}", part.name, part.version);
            assert!(told.matches(&shown).count() >= 2, "{shown} stands in the list and over a text");
        }
        assert!(told.contains("Lucide Icons and Contributors"), "the icons' licence is in it");
    }

    #[test]
    fn who_brings_no_text_gets_the_standard_one_of_each_licence() {
        let told = of(&[part("MIT OR Apache-2.0")]).expect("both are known");
        assert!(told.contains("Permission is hereby granted") && told.contains("Version 2.0, January 2004"));
        assert!(told.contains("The Rust Project Developers"));
    }

    #[test]
    fn a_licence_that_nobody_knows_is_an_error() {
        for unknown in ["LicenseRef-Mine", "All rights reserved", ""] {
            assert!(of(&[part(unknown)]).is_err(), "{unknown}");
        }
    }
}
