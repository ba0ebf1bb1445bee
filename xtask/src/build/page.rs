//! Reads and rewrites the few tags of index.html that name files.

use std::ops::Range;

use anyhow::{Result, bail};

/// The text of index.html.
#[derive(Debug)]
pub struct Page {
    text: String,
}

impl Page {
    /// Takes the text as trunk wrote it.
    pub fn parse(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    /// The page's text.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The file name in the first attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<String> {
        value(&self.text, name).map(file_name)
    }

    /// The files that a first load fetches because the page names them.
    pub fn files(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for tag in tags(&self.text, "<link").into_iter().chain(tags(&self.text, "<script")) {
            for name in ["href", "src", "data-js", "data-wasm"] {
                let file = value(&self.text[tag.clone()], name).map(file_name).unwrap_or_default();
                if !file.is_empty() && !found.contains(&file) {
                    found.push(file);
                }
            }
        }
        found
    }

    /// The style sheets in the order of the cascade.
    pub fn style_sheets(&self) -> Vec<String> {
        let tags = self.style_tags();
        tags.into_iter().filter_map(|tag| value(&self.text[tag], "href").map(file_name)).collect()
    }

    /// Puts one style sheet in the place of all.
    pub fn replace_style_sheets(&mut self, name: &str) {
        let tags = self.style_tags();
        for (idx, tag) in tags.iter().enumerate().rev() {
            let href = value(&self.text[tag.clone()], "href").unwrap_or_default();
            let base = href.strip_suffix(file_name(href).as_str()).unwrap_or_default();
            let one = format!("<link rel=\"stylesheet\" href=\"{base}{name}\">");
            self.text.replace_range(tag.clone(), if idx == 0 { one.as_str() } else { "" });
        }
    }

    /// Gives a file another name wherever the page names it.
    pub fn rename(&mut self, old: &str, new: &str) {
        self.text = self.text.replace(old, new);
    }

    /// Lets a module be fetched early beside one that is fetched early and imports it.
    pub fn preload_module_beside(&mut self, module: &str, imported: &str) -> Result<()> {
        let is_its = |tag: &Range<usize>| {
            let tag = &self.text[tag.clone()];
            tag.contains("rel=\"modulepreload\"") && tag.contains(module)
        };
        let Some(tag) = tags(&self.text, "<link").into_iter().find(is_its) else {
            bail!("index.html does not fetch {module} early");
        };
        let another = self.text[tag.clone()].replace(module, imported);
        self.text.insert_str(tag.end, &another);
        Ok(())
    }

    /// Fails where the page holds what its Content-Security-Policy forbids.
    pub fn check(&self) -> Result<()> {
        if tags(&self.text, "<script").into_iter().any(|tag| value(&self.text[tag], "src").is_none()) {
            bail!("index.html holds an inline script, which its Content-Security-Policy forbids");
        }
        if self.text.contains("<style") || self.text.contains(" style=") {
            bail!("index.html holds inline style, which its Content-Security-Policy forbids");
        }
        if self.text.contains("data-trunk") {
            bail!("index.html still holds a `data-trunk` tag");
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

    const TEXT: &str = r#"<head><link rel="stylesheet" href="/m/a-1.css" integrity="x">
<link rel="stylesheet" href="/m/b-2.css"><link rel="icon" href="/m/mark.svg">
<script type="module" src="/m/boot.js" data-js="/m/x-1.js" data-wasm="/m/x-1_bg.wasm"></script></head>"#;

    #[test]
    fn joins_style_sheets_in_the_place_of_the_first() {
        let mut page = Page::parse(TEXT);
        assert_eq!(page.style_sheets(), ["a-1.css", "b-2.css"]);
        page.replace_style_sheets("app-3.css");
        assert_eq!(page.style_sheets(), ["app-3.css"]);
        assert!(page.into_text().contains(r#"<head><link rel="stylesheet" href="/m/app-3.css">"#));
    }

    #[test]
    fn names_every_file_of_a_first_load() {
        let files = Page::parse(TEXT).files();
        assert_eq!(files, ["a-1.css", "b-2.css", "mark.svg", "boot.js", "x-1.js", "x-1_bg.wasm"]);
    }

    #[test]
    fn what_a_module_imports_is_fetched_beside_it() {
        let mut page = Page::parse(r#"<link rel="modulepreload" href="/m/x-1.js"><p>"#);
        page.preload_module_beside("x-1.js", "split-1.js").expect("the page fetches x-1.js early");
        let both = r#"<link rel="modulepreload" href="/m/x-1.js"><link rel="modulepreload" href="/m/split-1.js"><p>"#;
        assert_eq!(page.into_text(), both);
        assert!(Page::parse("<p>").preload_module_beside("x-1.js", "split-1.js").is_err());
    }

    #[test]
    fn refuses_what_the_policy_forbids() {
        assert!(Page::parse(TEXT).check().is_ok());
        for bad in ["<script>go()</script>", "<style>a{}</style>", "<p style=\"x\">", "<link data-trunk>"] {
            assert!(Page::parse(bad).check().is_err(), "{bad}");
        }
    }
}
