//! What the browser fetches together: the parts of each page, and those that come later.

use anyhow::{Context, Result, bail};
use regex_lite::Regex;

use crate::files;

/// The part that reads what the device has stored, which every page fetches.
pub const READER: &str = "home";

/// The part that reads the host's settings, before anything else is fetched.
pub const SETTINGS: &str = "host";

/// The parts that are fetched after a page can be used.
const AFTERWARDS: [&str; 17] = [
    "app",
    "asking",
    "charting",
    "comparing",
    "deleting",
    "received",
    "engine",
    "ledger",
    "words",
    "details",
    "keys",
    "keeping",
    "choosing",
    "creating",
    "changing",
    "palette",
    "doctor",
];

/// What a page needs besides its own part before it shows anything of use: the code that reads from vendors, or
/// the list of runs and what opens them.
const NEEDED_AT_ONCE: [(&str, &str); 13] = [
    ("overview", "past"),
    ("members", "calls"),
    ("groups", "calls"),
    ("group", "calls"),
    ("activity", "past"),
    ("runs", "past"),
    ("run", "past"),
    ("run", "opener"),
    ("undo", "past"),
    ("undo", "opener"),
    ("undo", "calls"),
    ("undo_several", "past"),
    ("undo_several", "calls"),
];

/// The parts that few people fetch. What others need as well is joined as if they were not there: they would scatter it.
const RARE: [&str; 6] = ["keeping", "asking", "comparing", "charting", "received", "deleting"];

/// The pages that are opened now and then, from another page.
const SELDOM: [&str; 3] = ["undo", "undo_several", "review"];

/// How much more a byte counts that delays a page than one that is fetched afterwards.
const DELAY: i64 = 12;

/// The same for the pages that are opened now and then. With less, they would get a third more than they need.
const SELDOM_DELAY: i64 = 4;

/// A page that is opened by a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutePage {
    /// The pattern of its path.
    pub path: String,
    /// The part that draws it.
    pub part: String,
    /// All parts that it needs at once.
    pub needs: Vec<String>,
}

/// Parts that are fetched together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// Their names.
    pub parts: Vec<String>,
    /// How much a byte of them counts.
    pub weight: i64,
}

/// The pages, as the route table and the list of parts tell.
pub fn pages() -> Result<Vec<RoutePage>> {
    let table = files::read_text(&files::root().join("src/routes.rs"))?;
    let parts = files::read_text(&files::root().join("src/lazy.rs"))?;
    let route = pattern(r#"\("(/[^"]*)", Route::Lazy\(LazyPage::(\w+)\)"#);
    let part = pattern(r"\w+ in (\w+) \{([^}]*)\}");
    let overview = ("/, with connections".to_owned(), "Overview");
    let routes = route.captures_iter(&table).map(|route| {
        let page = route.get(2).map_or("", |page| page.as_str());
        (route[1].to_owned(), page)
    });
    let part_of = |page: &str| {
        let entry = pattern(&format!(r"\b{page} =>"));
        let part = part.captures_iter(&parts).find(|part| entry.is_match(&part[2]));
        part.map(|part| part[1].to_owned()).with_context(|| format!("{page} is in no part of src/lazy.rs"))
    };
    let page_of = |(path, page): (String, &str)| {
        let part = part_of(page)?;
        let more = NEEDED_AT_ONCE.iter().filter(|(of, _)| *of == part).map(|(_, more)| *more);
        let needs = [READER, &*part].into_iter().chain(more).map(str::to_owned).collect();
        Ok(RoutePage { path, part, needs })
    };
    std::iter::once(overview).chain(routes).map(page_of).collect()
}

/// What is fetched together: for each page once, and each part that comes later for itself.
pub fn all<'a>(parts: impl Iterator<Item = &'a str>) -> Result<Vec<Fetch>> {
    let mut found = Vec::<Fetch>::new();
    for page in pages()? {
        let weight = if SELDOM.contains(&&*page.part) { SELDOM_DELAY } else { DELAY };
        let fetch = Fetch { parts: page.needs, weight };
        if !found.contains(&fetch) {
            found.push(fetch);
        }
    }
    let is_page = |part: &str| found.iter().any(|fetch| fetch.parts.get(1).is_some_and(|own| own == part));
    let alone = |part: &str| {
        let weight = match part {
            READER | SETTINGS => DELAY,
            _ if RARE.contains(&part) => 0,
            _ => 1,
        };
        Fetch { parts: vec![part.to_owned()], weight }
    };
    let others: Vec<_> = parts.filter(|part| !is_page(part)).map(alone).collect();
    let known = |part: &str| {
        let is_needed = NEEDED_AT_ONCE.iter().any(|(_, more)| *more == part);
        is_needed || part == READER || part == SETTINGS || AFTERWARDS.contains(&part)
    };
    if let Some(unknown) = others.iter().find(|fetch| !known(&fetch.parts[0])) {
        bail!("nothing says when the part {} is fetched", unknown.parts[0]);
    }
    found.extend(others);
    Ok(found)
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_a_part() {
        let pages = pages().expect("the tables are readable");
        assert!(pages.len() > 15, "{pages:?}");
        let part_of = |wanted: &str| pages.iter().find(|page| page.path == wanted).map(|page| &*page.part);
        assert_eq!(part_of("/c/:connection/members/add"), Some("adding"));
        assert_eq!(part_of("/connections/:id"), Some("connection"));
    }

    #[test]
    fn pages_are_fetched_whole_and_other_parts_alone() {
        let parts = ["home", "host", "run", "past", "keys", "keeping"];
        let found = all(parts.into_iter()).expect("the tables are readable");
        let of = |last: &str| {
            found
                .iter()
                .filter(|fetch| fetch.parts.last().is_some_and(|part| part == last))
                .collect::<Vec<_>>()
        };
        assert_eq!(of("opener")[0].parts, ["home", "run", "past", "opener"]);
        assert_eq!(of("keys")[0], &Fetch { parts: vec!["keys".to_owned()], weight: 1 });
        assert_eq!(of("keeping")[0], &Fetch { parts: vec!["keeping".to_owned()], weight: 0 });
        assert_eq!(of("home")[0], &Fetch { parts: vec!["home".to_owned()], weight: DELAY });
        assert!(all(std::iter::once("nowhere")).is_err());
    }
}
