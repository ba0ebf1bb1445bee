//! Reads and rewrites the tags of index.html that refer to files.

use std::ops::Range;

use anyhow::{Context, Result, bail};

use super::assets::Asset;
use crate::files;

#[derive(Debug)]
pub struct Page {
    text: String,
}

/// The files that start the console.
#[derive(Debug)]
pub struct Program {
    /// The script that loads the rest.
    pub boot: Asset,
    /// The wasm-bindgen script, followed by the scripts that it imports.
    pub modules: Vec<Asset>,
    pub wasm: Asset,
    /// Files that the console fetches at run time, by the names in its source.
    pub by_name: Vec<(String, Asset)>,
}

impl Page {
    pub fn parse(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    pub fn into_text(self) -> String {
        self.text
    }

    /// The file name in the first attribute with this name.
    pub fn attribute(&self, name: &str) -> Option<String> {
        value(&self.text, name).map(file_name)
    }

    /// The URLs that a first load fetches because `<link>` and `<script>` tags name them.
    pub fn files(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for tag in tags(&self.text, "<link").into_iter().chain(tags(&self.text, "<script")) {
            for name in ["href", "src"] {
                let address = value(&self.text[tag.clone()], name).unwrap_or_default().to_owned();
                if !address.is_empty() && !found.contains(&address) {
                    found.push(address);
                }
            }
        }
        found
    }

    /// What the page says it is.
    pub fn description(&self) -> Option<&str> {
        let mut tags = tags(&self.text, "<meta").into_iter().map(|tag| &self.text[tag]);
        value(tags.find(|tag| tag.contains("name=\"description\""))?, "content")
    }

    /// Hosts the page under a path. All its addresses are relative to that.
    pub fn put_below(&mut self, base: &str) -> Result<()> {
        const ROOT: &str = "<base href=\"/\"";
        if self.text.matches(ROOT).count() != 1 {
            bail!("index.html has no <base> at the root");
        }
        self.text = self.text.replacen(ROOT, &format!("<base href=\"{base}\""), 1);
        Ok(())
    }

    /// Names the service worker, which the page registers when it is idle.
    pub fn name_worker(&mut self, path: &str) {
        self.text = self.text.replacen(" data-js=", &format!(" data-worker=\"{path}\" data-js="), 1);
    }

    /// Makes the page register no service worker.
    pub fn forget_worker(&mut self) {
        if let Some(path) = value(&self.text, "data-worker") {
            self.text = self.text.replacen(&format!(" data-worker=\"{path}\""), "", 1);
        }
    }

    /// The URL of a file that the console fetches at run time.
    pub fn address_of(&self, name: &str) -> Option<&str> {
        let mut pairs = value(&self.text, "data-files")?.split(' ').filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(known, address)| (known == name).then_some(address))
    }

    /// The style sheets in the order of the cascade.
    pub fn style_sheets(&self) -> Vec<String> {
        let tags = self.style_tags();
        tags.into_iter().filter_map(|tag| value(&self.text[tag], "href").map(file_name)).collect()
    }

    /// The paths of the style sheets in the page of the sources, in the order of the cascade.
    pub fn style_sources(&self) -> Vec<&str> {
        let mut tags = tags(&self.text, "<link");
        tags.retain(|tag| self.text[tag.clone()].contains("rel=\"css\""));
        tags.into_iter().filter_map(|tag| value(&self.text[tag], "href")).collect()
    }

    /// Replaces all style sheets by one.
    pub fn replace_style_sheets(&mut self, sheet: &Asset) {
        let Asset { address, integrity } = sheet;
        let one = format!("<link rel=\"stylesheet\" href=\"{address}\" integrity=\"{integrity}\">");
        for (idx, tag) in self.style_tags().iter().enumerate().rev() {
            if idx == 0 {
                self.text.replace_range(tag.clone(), &one);
            } else {
                let line_start = self.text[..tag.start].trim_end().len();
                self.text.replace_range(line_start..tag.end, "");
            }
        }
    }

    /// Adds a module that runs after the others.
    pub fn add_script(&mut self, script: &Asset) {
        let Asset { address, integrity } = script;
        let tag = format!("<script type=\"module\" src=\"{address}\" integrity=\"{integrity}\"></script>");
        self.text = self.text.replacen("</head>", &format!("{tag}</head>"), 1);
    }

    /// Replaces the name of a file other than code throughout the page.
    pub fn rename(&mut self, old: &str, new: &Asset) {
        self.text = self.text.replace(&format!("\"{old}\""), &format!("\"{}\"", new.address));
    }

    /// Replaces Trunk's tags by those that start the program. URLs are relative to `<base>`, so that the site
    /// can be hosted under a path.
    ///
    /// Browsers check the integrity of a module when they preload it, and import the preloaded module.
    /// Chromium ignores the integrity of preloaded Wasm and warns, so boot.js has it checked instead.
    pub fn start(&mut self, program: &Program) -> Result<()> {
        let Program { boot, modules, wasm, by_name } = program;
        let is_boot = |tag: &Range<usize>| self.text[tag.clone()].contains("id=\"boot\"");
        let Some(tag) = tags(&self.text, "<script").into_iter().find(is_boot) else {
            bail!("index.html has no script that starts the program");
        };
        let script = modules.first().context("the program has no script")?;
        let names: Vec<_> = by_name.iter().map(|(name, asset)| format!("{name}={}", asset.address)).collect();
        let mut start = format!(
            "<script id=\"boot\" type=\"module\" blocking=\"render\" src=\"{}\" integrity=\"{}\" data-js=\"{}\" \
             data-wasm=\"{}\" data-integrity=\"{}\" data-files=\"{}\">",
            boot.address,
            boot.integrity,
            script.address,
            wasm.address,
            wasm.integrity,
            names.join(" ")
        );
        let early = modules.iter().map(|Asset { address, integrity }| {
            format!("\n  <link rel=\"modulepreload\" href=\"{address}\" integrity=\"{integrity}\">")
        });
        let early: String = early.collect();
        let close = "</script>";
        let end = tag.end + close.len();
        if self.text.get(tag.end..end) != Some(close) {
            bail!("the script that starts the program is not empty");
        }
        start += close;
        start += &early;
        start += &format!(
            "\n  <link rel=\"preload\" href=\"{}\" as=\"fetch\" type=\"application/wasm\" crossorigin>",
            wasm.address
        );
        self.text.replace_range(tag.start..end, &start);
        Ok(())
    }

    /// Names the release after the hash of the page, which contains the hashes of all other files. Call last.
    pub fn name_release(&mut self) {
        let release = files::digest(self.text.as_bytes());
        self.text = self.text.replacen(" data-js=", &format!(" data-release=\"{release}\" data-js="), 1);
    }

    /// Fails if the page contains anything that its Content-Security-Policy forbids, or code without an
    /// integrity digest.
    pub fn check(&self) -> Result<()> {
        let scripts = tags(&self.text, "<script");
        if scripts.iter().any(|tag| value(&self.text[tag.clone()], "src").is_none()) {
            bail!("index.html holds an inline script, which its Content-Security-Policy forbids");
        }
        if self.text.contains("<style") || self.text.contains(" style=") {
            bail!("index.html holds inline style, which its Content-Security-Policy forbids");
        }
        if self.text.contains("data-trunk") {
            bail!("index.html still holds a `data-trunk` tag");
        }
        let modules = tags(&self.text, "<link").into_iter();
        let modules = modules.filter(|tag| self.text[tag.clone()].contains("rel=\"modulepreload\""));
        for tag in scripts.into_iter().chain(modules).chain(self.style_tags()) {
            let tag = &self.text[tag];
            if value(tag, "integrity").is_none() {
                bail!("index.html names code without its checksum: {tag}");
            }
        }
        Ok(())
    }

    fn style_tags(&self) -> Vec<Range<usize>> {
        let is_style = |tag: &Range<usize>| self.text[tag.clone()].contains("rel=\"stylesheet\"");
        tags(&self.text, "<link").into_iter().filter(is_style).collect()
    }
}

fn tags(text: &str, start: &str) -> Vec<Range<usize>> {
    let tag = |at: usize| text[at..].find('>').map(|length| at..at + length + 1);
    text.match_indices(start).filter_map(|(at, _)| tag(at)).collect()
}

fn value<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

fn file_name(address: &str) -> String {
    address.rsplit('/').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"<head><link rel="stylesheet" href="/m/a-1.css">
<link rel="stylesheet" href="/m/b-2.css"><link rel="icon" href="mark.svg">
<script id="boot" data-js="x-1.js" data-wasm="x-1_bg.wasm"></script></head>"#;

    fn asset(name: &str) -> Asset {
        Asset { address: format!("assets/{name}"), integrity: format!("sha256-{name}") }
    }

    fn finished() -> Page {
        let mut page = Page::parse(TEXT);
        page.replace_style_sheets(&asset("app.css"));
        page.rename("mark.svg", &asset("mark-1.svg"));
        let by_name = vec![("icons.svg".to_owned(), asset("icons-1.svg"))];
        let modules = vec![asset("x.js"), asset("y.js")];
        let program = Program { boot: asset("boot.js"), modules, wasm: asset("x.wasm"), by_name };
        page.start(&program).expect("the page has a script to start with");
        page
    }

    #[test]
    fn joins_style_sheets_in_the_place_of_the_first() {
        let mut page = Page::parse(TEXT);
        assert_eq!(page.style_sheets(), ["a-1.css", "b-2.css"]);
        page.replace_style_sheets(&asset("app.css"));
        let one = r#"<head><link rel="stylesheet" href="assets/app.css" integrity="sha256-app.css">"#;
        assert!(page.into_text().starts_with(one));
    }

    #[test]
    fn lists_the_style_sheets_of_the_sources() {
        let text = r#"<link data-trunk rel="css" href="style/a.css"><link rel="icon" href="b.svg">
<link data-trunk rel="css" href="crates/ui/style/c.css">"#;
        assert_eq!(Page::parse(text).style_sources(), ["style/a.css", "crates/ui/style/c.css"]);
    }

    #[test]
    fn an_added_script_has_its_checksum() {
        let mut page = finished();
        page.add_script(&asset("follow.js"));
        assert!(page.check().is_ok());
        assert!(page.into_text().ends_with(
            r#"<script type="module" src="assets/follow.js" integrity="sha256-follow.js"></script></head>"#
        ));
    }

    #[test]
    fn names_every_file_of_a_first_load() {
        let names = ["app.css", "mark-1.svg", "x.js", "y.js", "x.wasm", "boot.js"];
        assert_eq!(finished().files(), names.map(|name| format!("assets/{name}")));
        assert_eq!(finished().address_of("icons.svg"), Some("assets/icons-1.svg"));
        assert_eq!(finished().address_of("other.svg"), None);
    }

    #[test]
    fn all_code_that_the_page_names_has_its_checksum() {
        assert!(finished().check().is_ok());
        for name in ["app.css", "boot.js", "x.js", "y.js"] {
            let without = finished().into_text().replace(&format!(" integrity=\"sha256-{name}\""), "");
            assert!(Page::parse(&without).check().is_err(), "{name}");
        }
        let wasm = finished().into_text();
        assert!(wasm.contains(r#"data-wasm="assets/x.wasm" data-integrity="sha256-x.wasm""#));
    }

    #[test]
    fn a_release_is_named_by_all_that_it_is_made_of() {
        let release = |mut page: Page| {
            page.name_release();
            value(&page.into_text(), "data-release").map(str::to_owned)
        };
        assert!(release(finished()).is_some());
        assert_eq!(release(finished()), release(finished()));
        let other = finished().into_text().replace("icons-1.svg", "icons-2.svg");
        assert_ne!(release(finished()), release(Page::parse(&other)));
    }

    #[test]
    fn refuses_what_the_policy_forbids() {
        for bad in ["<script>go()</script>", "<style>a{}</style>", "<p style=\"x\">", "<link data-trunk>"] {
            assert!(Page::parse(bad).check().is_err(), "{bad}");
        }
    }
}
