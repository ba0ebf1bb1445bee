//! A site's settings: its `config.json` and the logo that it names.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use hosting::Origin;

use crate::files;
use crate::hosted::Hosted;

pub const NAME: &str = "config.json";

/// Valid settings.
#[derive(Debug)]
pub struct Settings {
    pub hosted: Hosted,
    /// The logo's path in the site, and its current location.
    logo: Option<(String, PathBuf)>,
}

impl Settings {
    /// Reads the file and adds hosts. The error lists all problems.
    pub fn read(path: &Path, further: &[Origin]) -> Result<Self> {
        let hosted = Hosted::load(Some(path), further)?;
        let logo = hosted.config.brand.logo.as_ref().map(|logo| {
            let beside = path.parent().unwrap_or(Path::new("")).join(logo.as_str());
            (logo.as_str().to_owned(), beside)
        });
        if let Some((name, beside)) = &logo
            && !beside.is_file()
        {
            bail!("{} names the logo {name}, which should be at {}", path.display(), beside.display());
        }
        Ok(Self { hosted, logo })
    }

    /// Writes the settings into a site.
    pub fn put(&self, site: &Path) -> Result<()> {
        files::write(&site.join(NAME), &self.hosted.text)?;
        let Some((name, from)) = &self.logo else { return Ok(()) };
        let to = site.join(name);
        if to.exists() {
            bail!("the logo cannot be {name}: that is a file of the console");
        }
        files::write(&to, files::read(from)?).with_context(|| format!("the logo {name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Settings> {
        let path = files::memory().join("settings-tests").join(name).join(NAME);
        files::write(&path, text)?;
        Settings::read(&path, &[])
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let error =
            read("bad", r#"{ "hosts": ["https://*.example"], "brandt": {} }"#).expect_err("two mistakes");
        let told = format!("{error:#}");
        assert!(told.contains("hosts[0]") && told.contains("did you mean \"brand\"?"), "{told}");
    }

    #[test]
    fn the_logo_goes_along_and_has_to_be_there() {
        let text = r#"{ "brand": { "logo": "own/mark.svg" } }"#;
        assert!(read("none", text).is_err());
        let folder = files::memory().join("settings-tests/logo");
        files::write(&folder.join("own/mark.svg"), "<svg/>").expect("the target folder is writable");
        let settings = read("logo", text).expect("the picture is there");
        let site = folder.join("site");
        files::remove_all(&site).expect("the target folder is writable");
        settings.put(&site).expect("the target folder is writable");
        assert_eq!(files::read_text(&site.join("own/mark.svg")).expect("it was copied"), "<svg/>");
        assert_eq!(files::read_text(&site.join(NAME)).expect("it was copied"), text);
        assert!(settings.put(&site).is_err(), "a file of the console is not replaced");
    }
}
