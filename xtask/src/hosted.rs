//! The `config.json` that a site is served with.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use hosting::{Config, Origin};
use serde_json::{Map, Value};

use crate::files;

/// A `config.json`: the text that the page gets, and the parsed content.
#[derive(Debug, Clone)]
pub struct Hosted {
    pub text: String,
    pub config: Config,
    /// The folder of the file, which also contains the logo.
    folder: Option<PathBuf>,
}

impl Hosted {
    /// Reads the file, or starts with an empty configuration, and adds hosts.
    ///
    /// # Errors
    /// If the file cannot be read, or with all its problems.
    pub fn load(file: Option<&Path>, further: &[Origin]) -> Result<Self> {
        let Some(file) = file else { return Self::parse("{}")?.with_hosts(further) };
        let name = file.display();
        let read = Self::parse(&files::read_text(file)?).with_context(|| format!("{name} cannot be used"))?;
        read.in_folder(file.parent().unwrap_or(Path::new(""))).with_hosts(further)
    }

    /// Parses the text of a file.
    ///
    /// # Errors
    /// With all its problems.
    pub fn parse(text: &str) -> Result<Self> {
        let config = Config::parse(text).map_err(|problems| {
            let lines: String = problems.iter().map(|problem| format!("\n  {problem}")).collect();
            anyhow!("config.json says what it cannot mean:{lines}")
        })?;
        Ok(Self { text: text.trim_start_matches('\u{feff}').to_owned(), config, folder: None })
    }

    /// Sets the folder of the file.
    pub fn in_folder(self, folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()), ..self }
    }

    /// The file to serve for this path, if it is the logo's.
    pub fn logo(&self, address: &str) -> Option<PathBuf> {
        let logo = self.config.brand.logo.as_ref().filter(|logo| logo.as_str() == address)?;
        Some(self.folder.as_ref()?.join(logo.as_str()))
    }

    /// An invalid file that is served as it is, to test how the page reacts.
    pub fn unreadable(text: &str) -> Self {
        Self { text: text.to_owned(), config: Config::closed(), folder: None }
    }

    /// Adds the address of a sandbox server, unless the file contains one.
    pub fn with_sandbox(self, address: &str) -> Result<Self> {
        if self.config.sandbox.is_some() {
            return Ok(self);
        }
        self.edited(|fields| {
            fields.insert("sandbox".to_owned(), address.into());
        })
    }

    /// Adds hosts.
    pub fn with_hosts(self, further: &[Origin]) -> Result<Self> {
        let hosts: Vec<_> = further.iter().filter(|origin| !self.config.hosts.contains(origin)).collect();
        if hosts.is_empty() {
            return Ok(self);
        }
        self.edited(|fields| {
            let all = fields.entry("hosts").or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(all) = all {
                all.extend(hosts.iter().map(|origin| Value::from(origin.as_str())));
            }
        })
    }

    fn edited(&self, edit: impl FnOnce(&mut Map<String, Value>)) -> Result<Self> {
        let mut value: Value = serde_json::from_str(&self.text)?;
        let Value::Object(fields) = &mut value else { bail!("config.json is no object") };
        edit(fields);
        Ok(Self { folder: self.folder.clone(), ..Self::parse(&value.to_string())? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_and_hosts_are_added_once() {
        let further = [Origin::parse("https://a.example").expect("an origin")];
        let hosted = Hosted::load(None, &further).expect("an empty file is good");
        let hosted = hosted.with_hosts(&further).expect("it is there already");
        let hosted = hosted.with_sandbox("http://127.0.0.1:8081").expect("an origin");
        let hosted = hosted.with_sandbox("http://127.0.0.1:9").expect("the first stays");
        assert_eq!(hosted.text, r#"{"hosts":["https://a.example"],"sandbox":"http://127.0.0.1:8081"}"#);
        let named: Vec<_> = hosted.config.origins().iter().map(ToString::to_string).collect();
        assert_eq!(named, ["http://127.0.0.1:8081", "https://a.example"]);
    }

    #[test]
    fn every_problem_of_a_file_is_told() {
        let error = Hosted::parse(r#"{ "hosts": ["https://*"], "host": 1 }"#).expect_err("two problems");
        let told = error.to_string();
        assert!(told.contains("\n  host: there is no such field; did you mean \"hosts\"?"), "{told}");
        assert!(told.contains("\n  hosts[0]: a wildcard"), "{told}");
    }
}
