//! Generates the error catalogue's tables and the console's codes from `contracts/errors.yaml`.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use domain::Vendor;
use serde::Deserialize;

use crate::files;

/// Follows the first sentence of every generated file.
const ORIGIN: &str =
    "//!\n//! Written by `cargo xtask errors` from `contracts/errors.yaml`; a test fails when they differ.\n";

#[derive(Deserialize)]
struct Contract {
    errors: Vec<Row>,
    console: Vec<OwnRow>,
}

/// A vendor's error.
#[derive(Deserialize)]
struct Row {
    vendor: Vendor,
    code: Option<String>,
    http: Option<u16>,
    http_hint: Option<u16>,
    class: String,
    #[serde(default)]
    class_for: BTreeMap<String, String>,
    retryable: String,
}

/// An error of the console itself.
#[derive(Deserialize)]
struct OwnRow {
    code: String,
    meaning: String,
    class: String,
    retryable: String,
}

/// Writes the generated files.
pub fn write() -> Result<()> {
    for (path, text) in generated()? {
        files::write(&files::root().join(&path), text)?;
        println!("{path}");
    }
    Ok(())
}

/// The generated files, with their paths.
fn generated() -> Result<Vec<(String, String)>> {
    let text = files::read_text(&files::root().join("contracts/errors.yaml"))?;
    let contract: Contract = serde_norway::from_str(&text).context("contracts/errors.yaml")?;
    let mut written = vec![
        ("crates/domain/src/console_code.rs".to_owned(), console_codes(&contract.console)),
        ("crates/vendors/src/catalogue/console.rs".to_owned(), console_table(&contract.console)?),
    ];
    for vendor in Vendor::ALL {
        let rows: Vec<_> = contract.errors.iter().filter(|row| row.vendor == vendor).collect();
        let path = format!("crates/vendors/src/{}/errors.rs", vendor.slug());
        written.push((path, vendor_table(&format!("{vendor:?}"), &rows)?));
    }
    Ok(written)
}

fn vendor_table(name: &str, rows: &[&Row]) -> Result<String> {
    let mut text = format!(
        "//! {name}'s errors.\n{ORIGIN}\nuse domain::ErrorClass;\nuse domain::Vendor::{name};\n\n\
         use crate::catalogue::ErrorEntry;\n\n#[rustfmt::skip]\npub(crate) static ENTRIES: &[ErrorEntry] = &[\n"
    );
    for row in rows {
        let class = class(&row.class);
        let status = row.http.or(row.http_hint);
        text += &match (row.code.as_deref(), status) {
            (Some("*"), _) => format!("    ErrorEntry::fallback({name})"),
            (Some(code), _) => format!("    ErrorEntry::code({name}, {code:?}, {:?}, {class})", key(code)),
            (None, Some(status)) => {
                format!("    ErrorEntry::status({name}, {status}, \"status_{status}\", {class})")
            }
            (None, None) => bail!("{name}: an error has neither code nor status"),
        };
        if let (Some(status), Some(_)) = (status, &row.code) {
            text += &format!(".with_status({status})");
        }
        if !row.class_for.is_empty() {
            let classes =
                row.class_for.iter().map(|(operation, of)| format!("({operation:?}, {})", self::class(of)));
            text += &format!(".with_class_for(&[{}])", classes.collect::<Vec<_>>().join(", "));
        }
        text += retry(&row.retryable)?;
        text += ",\n";
    }
    Ok(text + "];\n")
}

fn console_table(rows: &[OwnRow]) -> Result<String> {
    let mut text = format!(
        "//! The console's own errors, which no vendor reports. The first is the last resort of a lookup.\n{ORIGIN}\n\
         use domain::{{ConsoleCode, ErrorClass}};\n\nuse super::ErrorEntry;\n\n\
         #[rustfmt::skip]\npub(super) static ENTRIES: &[ErrorEntry] = &[\n"
    );
    for row in rows {
        text += &format!(
            "    ErrorEntry::own(ConsoleCode::{}, {:?}, {}){},\n",
            variant(&row.code),
            key(&row.code),
            class(&row.class),
            retry(&row.retryable)?
        );
    }
    Ok(text + "];\n")
}

fn console_codes(rows: &[OwnRow]) -> String {
    let mut text = format!(
        "//! The console's own error codes.\n{ORIGIN}\n\
         /// A code of the console's own. Vendors' codes stay text, because a vendor can send any.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\npub enum ConsoleCode {{\n"
    );
    for row in rows {
        text += &format!("    /// {}\n    {},\n", row.meaning, variant(&row.code));
    }
    text += "}\n\nimpl ConsoleCode {\n    /// The code as journals and exports spell it.\n    #[inline]\n    \
             pub const fn as_str(self) -> &'static str {\n        match self {\n";
    for row in rows {
        text += &format!("            Self::{} => {:?},\n", variant(&row.code), row.code);
    }
    text + "        }\n    }\n}\n\nimpl AsRef<str> for ConsoleCode {\n    #[inline]\n    \
            fn as_ref(&self) -> &str {\n        self.as_str()\n    }\n}\n"
}

/// The name in locale keys. A code without letters says too little by itself.
fn key(code: &str) -> String {
    let name = code.replace('*', "other").replace('.', "_").to_lowercase();
    if name.bytes().all(|byte| byte.is_ascii_digit()) { format!("code_{name}") } else { name }
}

/// The name of a code in `ConsoleCode`.
fn variant(code: &str) -> String {
    pascal(code.strip_prefix("console.").unwrap_or(code))
}

fn class(name: &str) -> String {
    format!("ErrorClass::{}", pascal(name))
}

fn pascal(name: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split(['.', '_']).map(capital).collect()
}

fn retry(retryable: &str) -> Result<&'static str> {
    Ok(match retryable {
        "no" => "",
        "yes" => ".at_once()",
        "after_wait" => ".after_wait()",
        other => bail!("contracts/errors.yaml: `retryable: {other}`"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_those_of_the_contract() {
        for (path, text) in generated().expect("the contract is readable") {
            let written = files::read_text(&files::root().join(&path)).expect("the file is there");
            assert!(written == text, "{path} differs; please run: cargo xtask errors");
        }
    }
}
