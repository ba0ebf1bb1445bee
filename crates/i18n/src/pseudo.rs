//! A pseudo-locale that reveals cramped layouts and untranslatable texts: it accents letters, says every text twice
//! and puts it in brackets.

/// The text with accents, twice, in brackets; placeholders are unchanged.
pub(super) fn accented(text: &str) -> String {
    let mut once = String::new();
    let mut in_placeholder = false;
    for letter in text.chars() {
        match letter {
            '{' => in_placeholder = true,
            '}' => in_placeholder = false,
            _ => {}
        }
        once.push(if in_placeholder { letter } else { accent(letter) });
    }
    ["⟦", &once, " ", &once, "⟧"].concat()
}

fn accent(letter: char) -> char {
    const PLAIN: &str = "aceginosuyzACEINOSUYZ";
    const MARKED: [char; 21] = [
        'á', 'ç', 'é', 'ğ', 'í', 'ñ', 'ó', 'š', 'ú', 'ý', 'ž', 'Á', 'Ç', 'É', 'Í', 'Ñ', 'Ó', 'Š', 'Ú', 'Ý',
        'Ž',
    ];
    PLAIN.find(letter).and_then(|position| MARKED.get(position)).copied().unwrap_or(letter)
}
