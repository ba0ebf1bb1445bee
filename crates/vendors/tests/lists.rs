//! Lists as other tools export or paste them, with what their owners mean by them.
//!
//! `<file>.expected` names the vendor whose rules apply, then each entry as `line`, a tab and `Name=key:scope`,
//! `duplicate` or `refused <code>` (with `|` between codes of which any will do), and then `unused:` with headings.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use domain::Vendor;
use domain::list::{EntryStatus, List, ListEntry, Rules, read};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/tests/fixtures/lists");

fn line_of(entry: &ListEntry) -> String {
    let line = entry.line;
    match (entry.status, &entry.person) {
        (EntryStatus::Usable, Some(person)) => {
            let name = person.name.as_deref().map(|name| format!("{name}=")).unwrap_or_default();
            let scope = entry.scope.map(|scope| format!(":{}", scope.slug())).unwrap_or_default();
            format!("{line}\t{name}{}{scope}", person.key.as_str())
        }
        (EntryStatus::Duplicate, _) => format!("{line}\tduplicate"),
        (EntryStatus::Usable | EntryStatus::Refused, _) => {
            let last = entry.problems.last().expect("a refused entry says why");
            format!("{line}\trefused {}", last.code.slug())
        }
    }
}

fn lines_of(list: &List) -> Vec<String> {
    let unused = (!list.unused.is_empty()).then(|| format!("unused: {}", list.unused.join(", ")));
    list.entries.iter().map(line_of).chain(unused).collect()
}

fn is_expected(expected: &str, found: &str) -> bool {
    match expected.split_once("\trefused ") {
        Some((line, codes)) => codes.split('|').any(|code| found == format!("{line}\trefused {code}")),
        None => expected == found,
    }
}

/// The difference of two lists of lines, aligned by the longest common part.
fn differences(expected: &[&str], found: &[String]) -> String {
    let (n, m) = (expected.len(), found.len());
    let mut common = vec![vec![0; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            common[i][j] = if is_expected(expected[i], &found[j]) {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, String::new());
    while i < n || j < m {
        if i < n && j < m && is_expected(expected[i], &found[j]) {
            (i, j) = (i + 1, j + 1);
        } else if i < n && (j == m || common[i + 1][j] >= common[i][j + 1]) {
            writeln!(out, "  expected {}", expected[i]).expect("a string takes any text");
            i += 1;
        } else {
            writeln!(out, "  found    {}", found[j]).expect("a string takes any text");
            j += 1;
        }
    }
    out
}

#[test]
fn lists_of_other_tools_are_read_as_their_owners_mean_them() {
    let files: BTreeMap<String, String> = fs::read_dir(FOLDER)
        .expect("the folder exists")
        .map(|file| {
            let path = file.expect("the folder can be listed").path();
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a fixture is UTF-8"))
        })
        .collect();
    let mut report = String::new();
    for (name, text) in files.iter().filter(|(name, _)| !name.ends_with(".expected")) {
        let expected =
            files.get(&format!("{name}.expected")).unwrap_or_else(|| panic!("{name} has no .expected"));
        let mut lines = expected.lines();
        let slug = lines.next().unwrap_or_default();
        let vendor = Vendor::ALL.into_iter().find(|vendor| vendor.slug() == slug);
        let vendor = vendor.unwrap_or_else(|| panic!("{name}.expected names no vendor: {slug:?}"));
        let identity = vendors::capabilities(vendor).identity;
        let found = lines_of(&read(text, &Rules::new(identity)));
        let difference = differences(&lines.collect::<Vec<_>>(), &found);
        if !difference.is_empty() {
            write!(report, "{name}\n{difference}").expect("a string takes any text");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}
