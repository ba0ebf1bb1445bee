//! Chromium, Firefox and WebKit with their drivers, and the npm packages of the end-to-end tests.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{apt_install, tools};
use crate::{files, process};

/// The path of Chromium: `CHROMIUM` in the environment, or a usual place.
pub fn chromium() -> Option<PathBuf> {
    find("CHROMIUM", &["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"])
}

/// The path of Chromium's headless shell: `HEADLESS_SHELL` in the environment, or the usual place. It has the engine
/// of Chromium without its windows, which saves a sixth of the time of the end-to-end tests.
pub fn headless_shell() -> Option<PathBuf> {
    find("HEADLESS_SHELL", &["/usr/bin/chromium-headless-shell"])
}

/// The path of ChromeDriver: `CHROMEDRIVER` in the environment, or a usual place.
pub fn chromedriver() -> Option<PathBuf> {
    find("CHROMEDRIVER", &["/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver"])
}

/// Returns true if Chromium and its driver are installed.
pub fn has_chromium() -> Result<bool> {
    Ok(chromium().is_some() && chromedriver().is_some())
}

/// Installs both from Debian, with a font so that text is rendered, and the headless shell if the archive has it.
pub fn install_chromium() -> Result<()> {
    let needed = ["chromium", "chromium-driver", "fonts-dejavu-core"];
    let all = [needed.as_slice(), &["chromium-headless-shell"]].concat();
    apt_install(&all).or_else(|error| {
        println!("setup: {error:#}; the tests do without Chromium's headless shell");
        apt_install(&needed)
    })
}

/// The path of Firefox: `FIREFOX` in the environment, or a usual place.
pub fn firefox() -> Option<PathBuf> {
    find("FIREFOX", &["/usr/bin/firefox-esr", "/usr/bin/firefox"])
}

/// Returns true if Firefox and its driver are installed.
pub fn has_firefox() -> Result<bool> {
    Ok(firefox().is_some() && tools::has_geckodriver())
}

/// Installs Firefox from Debian and its driver from crates.io.
pub fn install_firefox() -> Result<()> {
    if firefox().is_none() {
        apt_install(&["firefox-esr", "fonts-dejavu-core"])?;
    }
    if tools::has_geckodriver() { Ok(()) } else { tools::install_geckodriver() }
}

/// The path of WebKit's driver: `WEBKITDRIVER` in the environment, or the usual place.
pub fn webkit_driver() -> Option<PathBuf> {
    find("WEBKITDRIVER", &["/usr/bin/WebKitWebDriver"])
}

/// The path of WebKit's test browser: `MINIBROWSER` in the environment, or Debian's place.
pub fn mini_browser() -> Option<PathBuf> {
    let name = "webkit2gtk-4.1/MiniBrowser";
    let usual = ["x86_64", "aarch64"].map(|machine| format!("/usr/lib/{machine}-linux-gnu/{name}"));
    find("MINIBROWSER", &usual.each_ref().map(String::as_str))
}

/// Returns true if WebKit, its driver and a virtual display are installed.
pub fn has_webkit() -> Result<bool> {
    let is_there = webkit_driver().is_some() && mini_browser().is_some();
    Ok(is_there && process::exists("Xvfb"))
}

/// Installs all three from Debian.
pub fn install_webkit() -> Result<()> {
    apt_install(&["webkit2gtk-driver", "xvfb", "fonts-dejavu-core"])
}

/// Environment variables with the programs' paths, for the tests in all browsers.
pub fn environment() -> Vec<(&'static str, PathBuf)> {
    let programs = [
        ("CHROMIUM", chromium()),
        ("CHROMEDRIVER", chromedriver()),
        ("FIREFOX", firefox()),
        ("WEBKITDRIVER", webkit_driver()),
        ("MINIBROWSER", mini_browser()),
    ];
    programs.into_iter().filter_map(|(name, path)| Some((name, path?))).collect()
}

/// Each browser with its version.
pub fn programs() -> Vec<String> {
    let own = |path: Option<PathBuf>| {
        let path = path?;
        let told = version(&path.to_string_lossy(), &["--version"])?;
        Some(format!("{told} ({})", path.display()))
    };
    // WebKit's driver cannot print its version, and its browser needs a display to do so.
    let webkit = webkit_driver().map(|path| {
        let told = version("dpkg-query", &["--show", "--showformat=${Version}", "webkit2gtk-driver"]);
        format!("WebKitGTK {} ({})", told.as_deref().unwrap_or("of an unknown version"), path.display())
    });
    [own(chromium()), own(headless_shell()), own(firefox()), webkit].into_iter().flatten().collect()
}

/// The last line that a program prints, which is where browsers print their version.
fn version(program: &str, arguments: &[&str]) -> Option<String> {
    let told = process::capture(process::command(program).args(arguments)).ok()?;
    told.lines().last().map(|line| line.trim().to_owned())
}

/// Returns true if the installed packages match the lock file.
pub fn has_packages() -> Result<bool> {
    let folder = files::root().join("e2e");
    let installed = folder.join("node_modules/.package-lock.json");
    if !installed.is_file() {
        return Ok(false);
    }
    let stamp = files::memory().join("e2e-packages");
    let lock = files::digest(&files::read(&folder.join("package-lock.json"))?);
    Ok(stamp.is_file() && files::read_text(&stamp)? == lock)
}

/// Installs the packages of the lock file, without Playwright's browsers.
pub fn install_packages() -> Result<()> {
    if !process::exists("npm") {
        bail!("this machine has no npm");
    }
    let folder = files::root().join("e2e");
    let mut npm = process::command("npm");
    npm.current_dir(&folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    process::run(npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    let lock = files::digest(&files::read(&folder.join("package-lock.json"))?);
    files::write(&files::memory().join("e2e-packages"), lock)
}

/// The program that an environment variable names, or else the first of `places` that exists.
pub(super) fn find(variable: &str, places: &[&str]) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    named.into_iter().chain(places.iter().map(PathBuf::from)).find(|path| path.is_file())
}
