//! The URLs of the console's pages, which have no files.

use super::base::BasePath;

/// The first path segment of the pages of runs.
pub const RUNS: &str = "runs";

/// The path of the page that imports people.
pub const IMPORT: &str = "import";

/// The first path segments of pages, from `routes.rs`.
pub const PAGES: [&str; 9] =
    ["activity", "c", "connections", IMPORT, "review", RUNS, "sandbox", "settings", "undo"];

/// The `_redirects` file: serves index.html for every page, but not for a missing file.
///
/// For Netlify. Cloudflare reads the file too, although it has `not_found_handling` for this, and rejects a
/// release whose file sends everything to index.html, which it takes for an infinite loop.
pub fn redirects(base: &BasePath) -> String {
    let base = base.as_str();
    PAGES.map(|page| format!("{base}{page} {base} 200\n{base}{page}/* {base} 200\n")).concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    #[test]
    fn every_page_of_the_console_has_its_line() {
        let routes = files::read_text(&files::root().join("src/routes.rs")).expect("the console has routes");
        let table = routes.split("#[cfg(test)]").next().unwrap_or_default();
        let paths = table.split("(\"/").skip(1).filter_map(|rest| rest.split('"').next());
        let mut firsts: Vec<&str> = paths.filter_map(|path| path.split('/').next()).collect();
        firsts.retain(|first| !first.is_empty());
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts, PAGES);
    }
}
