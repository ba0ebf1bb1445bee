//! Removes comments and indentation from a release's style sheet and scripts.

/// Removes comments from a style sheet, and joins its lines.
pub fn styles(text: &str) -> String {
    without_comments(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Removes comments that have lines of their own from a script, and indentation. Template literals of several
/// lines must not depend on it; the console has none.
pub fn script(text: &str) -> String {
    let mut is_comment = false;
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        is_comment |= line.starts_with("/*");
        if !is_comment && !line.starts_with("//") && !line.is_empty() {
            out.push_str(line);
            out.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    out
}

/// Text in quotes is kept, whatever it looks like.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let length = if from.starts_with("/*") {
            let length = from.find("*/").map_or(from.len(), |end| end + 2);
            out.push(' ');
            rest = &from[length..];
            continue;
        } else if from.starts_with('/') {
            1
        } else {
            from[1..].find(&from[..1]).map_or(from.len(), |end| end + 2)
        };
        out.push_str(&from[..length]);
        rest = &from[length..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_lose_comments_and_line_breaks() {
        let text = "/* A comment. */\n@layer a, b;\n.x {\n  inline-size: calc(1px + 2px); /* why */\n}\n";
        assert_eq!(styles(text), "@layer a, b; .x { inline-size: calc(1px + 2px); }");
        assert_eq!(
            styles(".x::before { content: \"/*\"; } /* \" */ .y {}"),
            ".x::before { content: \"/*\"; } .y {}"
        );
        assert_eq!(styles("a { color: rgb(0 0 0 / 5%) }"), "a { color: rgb(0 0 0 / 5%) }");
    }

    #[test]
    fn scripts_lose_comments_and_indentation() {
        let text = "// First.\nfunction f() {\n    /**\n     * @returns {number}\n     */\n    return 1; // one\n}\n\n/* g */\ng();\n";
        assert_eq!(script(text), "function f() {\nreturn 1; // one\n}\ng();\n");
    }
}
