//! The addresses that are pages of the console and have no file.

/// What the first part of such an address may be: `routes.rs` of the console has them.
const PAGES: [&str; 6] = ["activity", "c", "connections", "plans", "sandbox", "settings"];

/// The `_redirects` file: every page of the console is index.html, and a missing file is not.
///
/// Netlify needs it. Cloudflare reads it too, has `not_found_handling` for the same, and refuses a release whose
/// file sends everything to index.html, which it takes for an endless loop.
pub fn redirects() -> String {
    PAGES.map(|page| format!("/{page} / 200\n/{page}/* / 200\n")).concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    #[test]
    fn every_page_of_the_console_has_its_line() {
        let routes = files::read_text(&files::root().join("src/routes.rs")).expect("the console has routes");
        let paths = routes.split("path!(\"/").skip(1).filter_map(|rest| rest.split('"').next());
        let mut firsts: Vec<&str> = paths.filter_map(|path| path.split('/').next()).collect();
        firsts.retain(|first| !first.is_empty());
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts, PAGES);
    }
}
