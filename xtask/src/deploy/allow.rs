//! Generates the relays' allow-lists from the contract.

use super::operations::Operation;

/// A character in a path segment as the console encodes it: unreserved characters of RFC 3986 as they are,
/// all others percent-encoded in upper case. Excludes what a server might interpret: an encoded slash,
/// backslash, percent sign, dot or control character. No vendor's ids contain these.
const CHARACTER: &str =
    "[A-Za-z0-9_~-]|%(?:2[0-46-9A-D]|[346][0-9A-F]|5[0-9ABD-F]|7[0-9A-E]|[89A-F][0-9A-F])";

/// An id, in a URL that is known to be plain.
const ID: &str = "[^/?]+";

/// A query, in a URL that is known to be plain.
const QUERY: &str = "(?:[?].*)?";

const NOTE: &str = "\
# Written by `cargo xtask relay` from contracts/operations.yaml; a test fails when they differ.
# Addresses are compared as they came, before anything is decoded.

# An address without tricks: no `.` or `..` however it is written, no empty part, no encoded slash.
";

/// A URL whose segments cannot change when they are normalised, with an optional query as browsers encode it.
fn plain() -> String {
    format!("^(?:/[.]?[.]?(?:{CHARACTER})(?:[.]|{CHARACTER})*)+(?:[?][A-Za-z0-9._~*+%=&-]*)?$")
}

/// The part of a URL after the connection's name.
fn target(operation: &Operation) -> String {
    let segments = operation.path.trim_start_matches('/').split('/');
    let path: String = segments
        .map(|segment| if segment.starts_with('{') { ID } else { segment })
        .map(|s| format!("/{s}"))
        .collect();
    let query = if operation.query.is_empty() { "" } else { QUERY };
    format!("{}{path}{query}", operation.base)
}

fn prefix(operation: &Operation) -> String {
    format!("/relay/{}/[a-z0-9-]+", operation.vendor)
}

/// Each path once, with all its methods.
fn paths(operations: &[Operation]) -> Vec<(String, String)> {
    let mut paths: Vec<(&Operation, Vec<&str>)> = Vec::new();
    for operation in operations {
        let is_same = |(first, _): &&mut (&Operation, Vec<&str>)| {
            (&first.vendor, &first.path) == (&operation.vendor, &operation.path)
        };
        match paths.iter_mut().find(is_same) {
            Some((_, methods)) => methods.push(&operation.method),
            None => paths.push((operation, vec![&operation.method])),
        }
    }
    let row = |(operation, methods): &(&Operation, Vec<&str>)| {
        let path = target(operation).trim_end_matches(QUERY).to_owned();
        (format!("{}{path}{QUERY}", prefix(operation)), methods.join(", "))
    };
    paths.iter().map(row).collect()
}

pub fn nginx(operations: &[Operation]) -> String {
    let mut text = format!(
        "{NOTE}map $request_uri $muster_plain {{\n    default \"\";\n    \"~{}\" plain;\n}}\n",
        plain()
    );
    text +=
        "\n# The methods of each documented path.\nmap $request_uri $muster_methods {\n    default \"\";\n";
    for (path, methods) in paths(operations) {
        text += &format!("    \"~^{path}$\" \"{methods}\";\n");
    }
    text += "}\n\n# The call's name, if it is documented; $muster_target is then what follows the connection's name.\n\
             map \"$request_method $request_uri\" $muster_operation {\n    default \"\";\n";
    for operation in operations {
        let Operation { vendor, id, method, .. } = operation;
        let (prefix, target) = (prefix(operation), target(operation));
        text += &format!("    \"~^{method} {prefix}(?<muster_target>{target})$\" {vendor}.{id};\n");
    }
    text + "}\n"
}

pub fn caddy(operations: &[Operation]) -> String {
    let mut text = format!(
        "{NOTE}map {{http.request.orig_uri}} {{muster_plain}} {{\n\t`~{}` plain\n\tdefault \"\"\n}}\n",
        plain()
    );
    text += "\n# The methods of each documented path.\nmap {http.request.orig_uri} {muster_methods} {\n";
    for (path, methods) in paths(operations) {
        text += &format!("\t`~^{path}$` \"{methods}\"\n");
    }
    text += "\tdefault \"\"\n}\n\n# The call's name, if it is documented.\n\
             map \"{http.request.orig_method} {http.request.orig_uri}\" {muster_operation} {\n";
    for operation in operations {
        let Operation { vendor, id, method, .. } = operation;
        text += &format!("\t`~^{method} {}{}$` {vendor}.{id}\n", prefix(operation), target(operation));
    }
    text + "\tdefault \"\"\n}\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::{RECIPES, operations};
    use crate::files;

    #[test]
    fn recipes_allow_what_the_contract_lists() {
        let operations = operations::relayed().expect("the contract is readable");
        for (path, write) in RECIPES {
            let written = files::read_text(&files::root().join(path)).expect("the recipe is there");
            assert!(written == write(&operations), "{path} differs; please run: cargo xtask relay");
        }
    }

    #[test]
    fn ids_cannot_leave_their_place() {
        let plain = regex_lite::Regex::new(&plain()).expect("it is a pattern");
        for good in
            ["fan-001", "a.b", ".a", "gr%C3%BC%C3%9Fe", "a%20b", "a%40b.example", "A_~", "a?b=%2F..&c=d+e"]
        {
            assert!(plain.is_match(&format!("/v3/users/{good}")), "{good}");
        }
        let bad = [
            "",
            ".",
            "..",
            "%2e",
            "%2E%2E",
            "../a",
            "a%2Fb",
            "a%2fb",
            "a%5Cb",
            "a%00",
            "a%0D%0Ab",
            "a%252e",
            "a%7F",
            "a%c3",
            "a%4",
            "a%",
            "a#b",
            "a;b",
            "a b",
            "a/",
            "a//b",
            "a/./b",
            "a/%2E%2E/b",
            "a?b#c",
            "a\\b",
        ];
        for bad in bad {
            assert!(!plain.is_match(&format!("/v3/users/{bad}")), "{bad}");
        }
    }
}
