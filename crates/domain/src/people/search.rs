//! Text search that ignores case, accents and character variants.
//!
//! `Jose` finds `José`, composed or not, `JOSE` and the full-width `Ｊｏｓｅ`. Decomposition needs Unicode
//! tables, which every browser has and this crate does not, so the caller passes in a function.

/// Decomposes letters and accents and replaces compatibility characters: Unicode's NFKD.
pub type Decompose = fn(&str) -> String;

/// How well a name fits what was typed, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The name begins with it.
    Start,
    /// A word of the name begins with it.
    Word,
    /// It is in the middle of a word.
    Inside,
    /// It is not in the name, but in a text beside it, such as the id.
    Beside,
}

/// A search term.
#[derive(Clone, Debug)]
pub struct Search {
    wanted: Box<str>,
    decompose: Decompose,
}

/// Searches are equal if they find the same.
impl PartialEq for Search {
    fn eq(&self, other: &Self) -> bool {
        self.wanted == other.wanted
    }
}

impl Search {
    /// A search for the typed text, ignoring surrounding whitespace.
    pub fn new(typed: &str, decompose: Decompose) -> Self {
        Self { wanted: folded(typed.trim(), decompose).into(), decompose }
    }

    /// True if nothing was typed, so that everything matches.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// How well a name fits the search term; `None` if it does not contain it.
    pub(crate) fn fit(&self, folded: &str) -> Option<Fit> {
        let mut best = None;
        for (at, _) in folded.match_indices(&*self.wanted) {
            let is_in_word = folded[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            let fit = match (at, is_in_word) {
                (0, _) => Fit::Start,
                (_, false) => Fit::Word,
                (_, true) => Fit::Inside,
            };
            best = best.min(Some(fit)).or(Some(fit));
        }
        best
    }

    /// The search term for comparison: a text contains it if its [`fold`](Search::fold) does.
    pub fn wanted(&self) -> &str {
        &self.wanted
    }

    /// The text for comparison.
    pub fn fold(&self, text: &str) -> String {
        folded(text, self.decompose)
    }

    /// True if the text contains the search term.
    pub fn finds(&self, text: &str) -> bool {
        self.is_empty() || folded(text, self.decompose).contains(&*self.wanted)
    }

    /// True if one of the texts contains the search term.
    pub fn finds_any<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        self.is_empty() || texts.into_iter().any(|text| self.finds(text))
    }
}

/// The text for comparison: without case, accents, variants and invisible characters, and with single spaces.
fn folded(text: &str, decompose: Decompose) -> String {
    // Nearly all names and ids are ASCII and need no decomposition.
    let apart = if text.is_ascii() { text.to_owned() } else { decompose(text) };
    let mut folded = String::with_capacity(apart.len());
    let mut is_after_blank = false;
    for c in apart.chars() {
        if c.is_whitespace() {
            is_after_blank = true;
        } else if !is_passed_over(c) {
            if std::mem::take(&mut is_after_blank) && !folded.is_empty() {
                folded.push(' ');
            }
            push_folded(c, &mut folded);
        }
    }
    if is_after_blank {
        folded.push(' ');
    }
    folded
}

fn push_folded(c: char, folded: &mut String) {
    // Letters with a stroke, ligatures and two letters with irregular case: Unicode does not decompose them,
    // but people omit the stroke like an accent.
    for c in c.to_lowercase() {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ł' => folded.push('l'),
            'ŧ' => folded.push('t'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            c if is_passed_over(c) => {}
            c => folded.push(c),
        }
    }
}

/// True for accents, vowel points and invisible characters. False for marks that change the letter, as in
/// Japanese and in the scripts of India.
fn is_passed_over(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}'
            | '\u{483}'..='\u{489}'
            | '\u{591}'..='\u{5bd}'
            | '\u{5bf}'
            | '\u{5c1}'..='\u{5c2}'
            | '\u{5c4}'..='\u{5c5}'
            | '\u{5c7}'
            | '\u{610}'..='\u{61a}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{fe20}'..='\u{fe2f}'
            | '\u{ad}'
            | '\u{640}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stands in for the browser, for the letters in these tests.
    fn decompose(text: &str) -> String {
        let mut apart = String::new();
        for c in text.chars() {
            match c {
                'é' => apart.push_str("e\u{301}"),
                'ó' => apart.push_str("o\u{301}"),
                'É' => apart.push_str("E\u{301}"),
                'ü' => apart.push_str("u\u{308}"),
                'ί' => apart.push_str("ι\u{301}"),
                'Ί' => apart.push_str("Ι\u{301}"),
                'İ' => apart.push_str("I\u{307}"),
                'ﬁ' => apart.push_str("fi"),
                '\u{ff21}'..='\u{ff5a}' => apart.extend(char::from_u32(u32::from(c) - 0xfee0)),
                '\u{3000}' | '\u{a0}' => apart.push(' '),
                c => apart.push(c),
            }
        }
        apart
    }

    #[test]
    fn whichever_way_a_name_is_typed_it_is_found() {
        let table = [
            ("Jose", "José"),
            ("José", "Jose"),
            ("José", "JOSE\u{301}"),
            ("jose\u{301}", "JOSÉ"),
            ("ｊｏｓｅ", "José Pérez"),
            ("jose", "Ｊｏｓé"),
            ("muller", "Müller"),
            ("strasse", "STRAßE"),
            ("straße", "Strasse"),
            ("lodz", "Łódz"),
            ("soren", "Søren"),
            ("istanbul", "İstanbul"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("fi", "ﬁle"),
            ("  ana  maria ", "Ana\u{a0}Maria"),
            ("חיים", "חַיִּים"),
            ("jose", "Jo\u{ad}se\u{200d}"),
            ("", "anybody"),
        ];
        for (typed, name) in table {
            assert!(Search::new(typed, decompose).finds(name), "{typed} in {name}");
        }
    }

    #[test]
    fn other_names_are_not_found() {
        let table = [("josé", "Josua"), ("ana maria", "Anamaria"), ("か", "き"), ("は", "ひ\u{3099}")];
        for (typed, name) in table {
            assert!(!Search::new(typed, decompose).finds(name), "{typed} in {name}");
        }
    }

    #[test]
    fn only_accents_are_nothing_to_look_for() {
        assert!(Search::new(" \u{301} ", decompose).is_empty());
        assert_eq!(Search::new("José", decompose), Search::new("JOSE", decompose));
    }
}
