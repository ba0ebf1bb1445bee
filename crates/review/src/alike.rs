//! Names that look like another one.

use domain::search::Decompose;

/// True for a name with Latin letters and others that look like them in one word, as `Аna` with a Cyrillic `А`. People
/// write their names in one script; words of two scripts, as `Ана Smith`, are fine.
pub fn has_mixed_scripts(name: &str) -> bool {
    let is_other = |c: char| matches!(c, '\u{370}'..='\u{58F}' | '\u{13A0}'..='\u{13FF}');
    let is_latin =
        |c: char| c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}' | '\u{250}'..='\u{2AF}');
    name.split(|c: char| !c.is_alphanumeric()).any(|word| word.contains(is_other) && word.contains(is_latin))
}

/// What a name looks like, for comparison: two names of one look can be taken for each other. Ignores case, accents,
/// blanks and punctuation, and takes letters of Cyrillic, Greek and Armenian, digits and pairs of letters for the
/// Latin letters whose shape they have, as in Unicode's `confusables.txt`. It joins more names than look alike, such
/// as `Ali` and `All`; then someone declares another name.
pub(crate) fn look(name: &str, decompose: Decompose) -> String {
    let mut look = String::with_capacity(name.len());
    for c in decompose(name).chars() {
        // Before the case is folded: a capital eta looks like an H, a small one like an n.
        let c = shape(c);
        for c in c.to_lowercase().map(shape).filter(|c| c.is_alphanumeric()) {
            look.push(c);
        }
    }
    look.replace("rn", "m").replace("vv", "w")
}

/// The Latin letter that a character looks like, else itself.
fn shape(c: char) -> char {
    match c {
        'А' | 'а' | 'Α' | 'α' | 'ɑ' => 'a',
        'В' | 'в' | 'Β' | 'β' | 'ß' => 'b',
        'С' | 'с' | 'Ϲ' | 'ϲ' => 'c',
        'ԁ' | 'Ԁ' => 'd',
        'Е' | 'е' | 'Ε' | 'є' | 'ε' => 'e',
        'ғ' | 'Ϝ' => 'f',
        'ɡ' | 'Ԍ' | 'ԍ' | 'ց' => 'g',
        'Н' | 'н' | 'Η' | 'һ' | 'Һ' | 'հ' => 'h',
        'i' | 'I' | 'l' | '1' | '|' | 'ı' | 'І' | 'і' | 'Ӏ' | 'ӏ' | 'Ι' | 'ι' | 'ا' | '׀' => 'l',
        'Ј' | 'ј' | 'ϳ' => 'j',
        'К' | 'к' | 'Κ' | 'κ' => 'k',
        'М' | 'м' | 'Μ' => 'm',
        'Ν' | 'η' | 'ո' | 'п' => 'n',
        '0' | 'О' | 'о' | 'Ο' | 'ο' | 'Օ' | 'օ' | 'σ' => 'o',
        'Р' | 'р' | 'Ρ' | 'ρ' => 'p',
        'ԛ' | 'Ԛ' | 'զ' => 'q',
        'г' => 'r',
        '5' | 'Ѕ' | 'ѕ' | 'Տ' => 's',
        'Т' | 'т' | 'Τ' | 'τ' => 't',
        'υ' | 'ս' | 'Ս' => 'u',
        'ν' | 'ѵ' | 'Ѵ' => 'v',
        'ԝ' | 'Ԝ' | 'ω' => 'w',
        'Х' | 'х' | 'Χ' | 'χ' => 'x',
        'У' | 'у' | 'Υ' | 'γ' | 'ү' | 'Ү' => 'y',
        'Ζ' | 'ζ' => 'z',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Removes the accents of a few letters; the browser knows all.
    fn decompose(text: &str) -> String {
        text.replace('Á', "A\u{301}").replace('Ａ', "A").replace('ё', "е\u{308}")
    }

    #[test]
    fn names_of_one_look_are_found() {
        let table = [
            ("Ana", "ana"),
            ("Ana", "Аnа"),
            ("Ana", "Αna"),
            ("Ana", "ＡNA"),
            ("Ana", "A n-a."),
            ("Ana", "Ána"),
            ("Bill", "BiII"),
            ("Bill", "B1l1"),
            ("Bob", "B0b"),
            ("Marco", "Маrсо"),
            ("Arne", "Ame"),
            ("Sven", "5ven"),
            ("Hope", "Ηope"),
            ("Peter", "Реtеr"),
        ];
        for (one, other) in table {
            assert_eq!(look(one, decompose), look(other, decompose), "{one} {other}");
        }
        for (one, other) in
            [("Ana", "Anna"), ("Ana", "Anja"), ("Bo", "Boo"), ("Ада", "Ana"), ("李雷", "李蕾")]
        {
            assert_ne!(look(one, decompose), look(other, decompose), "{one} {other}");
        }
    }

    #[test]
    fn words_of_two_scripts_are_found() {
        for name in ["Аna", "Anа Smith", "Ana Smіth", "Ωmega-Man and αlpha", "ᎪNA"] {
            assert!(has_mixed_scripts(name), "{name}");
        }
        for name in ["Ana", "Ана", "Ана Smith", "Łukasz", "Ñandú", "Ana李", "ليلى", "Ωμέγα", "Ana-2"]
        {
            assert!(!has_mixed_scripts(name), "{name}");
        }
    }
}
