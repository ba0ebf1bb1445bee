//! Tests with a small build.

use super::*;

/// A build that consists of a page and a script.
fn built(name: &str, script: &str) -> (PathBuf, Built) {
    let folder = files::memory().join("dist-tests").join(name);
    files::remove_all(&folder).expect("the target folder is writable");
    let address = format!("{}/app-{}.js", build::ASSETS, files::digest(script.as_bytes()));
    for icon in ["favicon-1.svg", "icon-192-1.png", "icon-512-1.png", "icon-maskable-512-1.png"] {
        files::write(&folder.join("built").join(build::ASSETS).join(icon), icon)
            .expect("the target folder is writable");
    }
    for (path, text) in [
        ("index.html", r#"<!doctype html><meta name="description" content="Muster">"#.repeat(9)),
        (app::WORKER, "const RELEASE = '';\nconst FILES = {};\nconst PAGES = [];\n".into()),
        (address.as_str(), script.repeat(99)),
        ("config.json", "{}".into()),
    ] {
        files::write(&folder.join("built").join(path), text).expect("the target folder is writable");
    }
    files::write(&folder.join("config.json"), "{}").expect("the target folder is writable");
    let built = Built { files: folder.join("built"), compressed: folder.join("brotli") };
    (folder, built)
}

fn request(folder: &Path) -> Request {
    let settings = Settings::read(&folder.join("config.json"), &[]).expect("the settings are right");
    Request { settings, out: folder.join("out"), last: None, base: BasePath::default() }
}

#[test]
fn everything_is_there_and_has_its_checksum() {
    let (folder, built) = built("whole", "go();");
    write(&request(&folder), || Ok(built)).expect("the folder can be made");
    let out = folder.join("out");
    let sums = files::read_text(&out.join(SUMS)).expect("it has checksums");
    let names = build::names(&out).expect("the folder is there");
    for name in names.iter().filter(|name| *name != SUMS) {
        assert!(sums.contains(&format!("  {name}\n")), "{name} has no checksum");
    }
    for name in [
        "index.html",
        "index.html.br",
        "index.html.gz",
        "config.json",
        app::MANIFEST,
        app::WORKER,
        "_headers",
        "_redirects",
        supply::LICENCES,
    ] {
        assert!(names.contains(&format!("{SITE}/{name}")), "{name}");
    }
    assert!(names.iter().any(|name| name == supply::SBOM));
    assert!(!names.contains(&format!("{SITE}/config.json.br")), "settings may be changed in place");
    let headers = files::read_text(&out.join(SITE).join("_headers")).expect("the headers are there");
    assert!(headers.contains("\n/sw.js\n  Cache-Control: no-cache\n"), "{headers}");
    assert!(
        headers.contains("\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n"),
        "{headers}"
    );
    let page = files::sha256(&files::read(&out.join(SITE).join("index.html")).expect("the page is there"));
    assert!(sums.contains(&format!("{}  {SITE}/index.html\n", files::hexadecimal(&page))));
}

#[test]
fn the_files_of_the_last_release_stay_even_in_the_same_folder() {
    let (folder, first) = built("again", "one();");
    write(&request(&folder), || Ok(first)).expect("the folder can be made");
    let old = build::names(&folder.join("out").join(SITE)).expect("the folder is there");
    let out = files::memory().join("dist-tests/again-out");
    files::remove_all(&out).expect("the target folder is writable");
    std::fs::rename(folder.join("out"), &out).expect("both are in the target folder");
    let (folder, second) = built("again", "two();");
    let again = Request { out: out.clone(), last: Some(out.clone()), ..request(&folder) };
    let kept = write(&again, || Ok(second)).expect("the folder can be made anew");
    assert_eq!(kept.len(), 3, "the script and its two copies: {kept:?}");
    for name in old.iter().filter(|name| name.starts_with(build::ASSETS)) {
        assert!(out.join(SITE).join(name).is_file(), "{name}");
    }
    let sums = files::read_text(&out.join(SUMS)).expect("it has checksums");
    assert!(kept.iter().all(|name| !sums.contains(name)), "the next release keeps none of them");
}

#[test]
fn a_site_below_a_path_has_it_in_its_page_and_for_its_host() {
    let (folder, built) = built("below", "go();");
    let page =
        r#"<base href="/"><meta name="description" content="Muster"><p>"#.to_owned() + &"a".repeat(999);
    files::write(&folder.join("built/index.html"), &page).expect("the target folder is writable");
    files::write(&folder.join("brotli/index.html.br"), "of the page at the root").expect("it is writable");
    let base = "/desk/".parse().expect("it is a path");
    write(&Request { base, ..request(&folder) }, || Ok(built)).expect("the folder can be made");
    let read = |name: &str| files::read_text(&folder.join("out").join(SITE).join(name)).expect("it is there");
    assert_eq!(read("index.html"), page.replace(r#""/""#, r#""/desk/""#));
    let digest = build::Asset::unwritten("", read("index.html").as_bytes()).integrity;
    assert!(read(app::WORKER).contains(&digest), "the worker compares the page as it is hosted");
    let small = files::read(&folder.join("out").join(SITE).join("index.html.br")).expect("it is smaller");
    assert_ne!(small, b"of the page at the root");
    assert!(read("_redirects").contains("/desk/settings /desk/ 200\n"));
    assert!(read("_headers").starts_with("/desk/*\n"));
}

#[test]
fn a_folder_with_something_else_is_left_alone() {
    let (folder, built) = built("other", "go();");
    files::write(&folder.join("out/letter.txt"), "mine").expect("the target folder is writable");
    assert!(write(&request(&folder), || Ok(built)).is_err());
    assert!(folder.join("out/letter.txt").is_file());
}
