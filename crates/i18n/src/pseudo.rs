//! A pseudo-locale that reveals cramped layouts and untranslatable texts: it accents letters, lengthens texts
//! by about a third and puts them in brackets.

/// The text with accents, padding and brackets; placeholders are unchanged.
pub(super) fn accented(text: &str) -> String {
    let mut out = String::from("⟦");
    let mut in_placeholder = false;
    for letter in text.chars() {
        match letter {
            '{' => in_placeholder = true,
            '}' => in_placeholder = false,
            _ => {}
        }
        out.push(if in_placeholder { letter } else { accent(letter) });
    }
    for _ in 0..text.chars().count().div_ceil(3) {
        out.push('·');
    }
    out.push('⟧');
    out
}

fn accent(letter: char) -> char {
    const PLAIN: &str = "aceginosuyzACEINOSUYZ";
    const MARKED: [char; 21] = [
        'á', 'ç', 'é', 'ğ', 'í', 'ñ', 'ó', 'š', 'ú', 'ý', 'ž', 'Á', 'Ç', 'É', 'Í', 'Ñ', 'Ó', 'Š', 'Ú', 'Ý',
        'Ž',
    ];
    PLAIN.find(letter).and_then(|position| MARKED.get(position)).copied().unwrap_or(letter)
}
