//! Generates the site's headers and MIME types in the syntax of nginx and Caddy.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use hosting::headers;

const NOTE: &str = "# Written by `cargo xtask dist`; to change it, change config.json and run that again.\n";

/// The MIME type of each file extension in the site.
fn types(names: &[String]) -> BTreeMap<&str, &'static str> {
    let extension = |name: &'_ String| -> Option<usize> { name.rfind('.') };
    names
        .iter()
        .filter_map(|name| Some((&name[extension(name)? + 1..], headers::content_type(name))))
        .collect()
}

/// Quotes a value. Fails if it contains characters with a special meaning.
fn quoted(value: &str) -> Result<String> {
    if !value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
        || value.contains(['"', '\\', '$', '`', '{'])
    {
        bail!("this header would mean something else in a server's configuration: {value}");
    }
    Ok(format!("\"{value}\""))
}

/// The generated include files of the nginx recipe: names and contents. They use `$muster_cache`.
pub fn nginx(security: &[(&str, String)], names: &[String]) -> Result<[(&'static str, String); 2]> {
    let mut headers = NOTE.to_owned();
    for (name, value) in security {
        headers += &format!("add_header {name} {} always;\n", quoted(value)?);
    }
    headers += "add_header Cache-Control $muster_cache always;\n";
    let mut kinds = format!("{NOTE}types {{\n");
    for (extension, kind) in types(names) {
        kinds += &format!("    {} {extension};\n", quoted(kind)?);
    }
    kinds += "}\ndefault_type application/octet-stream;\n";
    Ok([("site-headers.conf", headers), ("site-types.conf", kinds)])
}

/// The generated include files of the Caddy recipe: names and contents.
pub fn caddy(security: &[(&str, String)], names: &[String]) -> Result<[(&'static str, String); 2]> {
    let mut headers = format!("{NOTE}header {{\n");
    for (name, value) in security {
        headers += &format!("\t{name} {}\n", quoted(value)?);
    }
    headers += "}\n";
    let mut kinds = NOTE.to_owned();
    for (extension, kind) in types(names) {
        kinds +=
            &format!("@{extension} path *.{extension}\nheader @{extension} Content-Type {}\n", quoted(kind)?);
    }
    Ok([("site-headers.caddy", headers), ("site-types.caddy", kinds)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_and_type_is_written() {
        let security = [("Content-Security-Policy", "default-src 'none'".to_owned())];
        let names = ["a.css".to_owned(), "b/c.wasm".to_owned(), "bare".to_owned()];
        let [(_, headers), (_, types)] = nginx(&security, &names).expect("it can be written");
        assert!(
            headers.contains("add_header Content-Security-Policy \"default-src 'none'\" always;\n"),
            "{headers}"
        );
        assert!(types.contains("    \"application/wasm\" wasm;\n") && !types.contains("bare"), "{types}");
        let [(_, headers), (_, types)] = caddy(&security, &names).expect("it can be written");
        assert!(headers.contains("\tContent-Security-Policy \"default-src 'none'\"\n"), "{headers}");
        assert!(
            types.contains("@wasm path *.wasm\nheader @wasm Content-Type \"application/wasm\"\n"),
            "{types}"
        );
    }

    #[test]
    fn nothing_breaks_out_of_its_quotation_marks() {
        for bad in ["a\"; b", "$host", "a\nb", "{env.KEY}", "a\\"] {
            let security = [("X-Test", bad.to_owned())];
            assert!(nginx(&security, &[]).is_err() && caddy(&security, &[]).is_err(), "{bad:?}");
        }
    }
}
