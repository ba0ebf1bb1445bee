//! Makes text of the bytes of a file.

use serde::{Deserialize, Serialize};

/// How the text of a file was encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    Utf8,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// Windows-1252, as Excel for Windows saves CSV in Western Europe and the Americas.
    Windows1252,
}

/// The characters of Windows-1252 from 0x80 to 0x9F; the other bytes are those of Unicode.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
    '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
];
/// The highest high byte of letters from Latin to Arabic. No text in another encoding has such bytes.
const LAST_HIGH: u8 = 0x08;
/// Number of bytes by which text without a mark is judged.
const SAMPLE: usize = 4096;

/// The text of a file without its mark, and how it was encoded. Bytes that are no text become U+FFFD, and a person with
/// that is refused.
pub fn decode(bytes: Vec<u8>) -> (String, Encoding) {
    if let Some(encoding) = utf16(&bytes) {
        let units = bytes.chunks(2).map(|pair| match (encoding, pair) {
            (Encoding::Utf16Be, [high, low]) => u16::from_be_bytes([*high, *low]),
            (_, [low, high]) => u16::from_le_bytes([*low, *high]),
            // Half a character at the end.
            _ => 0xfffd,
        });
        let text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
        return (without_mark(text), encoding);
    }
    match String::from_utf8(bytes) {
        Ok(text) => (without_mark(text), Encoding::Utf8),
        Err(error) => {
            let bytes = error.into_bytes();
            if is_utf8_damaged(&bytes) {
                return (without_mark(String::from_utf8_lossy(&bytes).into_owned()), Encoding::Utf8);
            }
            let of = |byte: u8| match byte {
                0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
                byte => char::from(byte),
            };
            (bytes.into_iter().map(of).collect(), Encoding::Windows1252)
        }
    }
}

fn without_mark(mut text: String) -> String {
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    text
}

/// UTF-16 by its mark, by the zeros of its Latin letters and separators, or by high bytes as those of letters from
/// Greek to Arabic.
fn utf16(bytes: &[u8]) -> Option<Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let count = |first: usize, is_meant: fn(u8) -> bool| {
        sample.iter().skip(first).step_by(2).filter(|byte| is_meant(**byte)).count()
    };
    let n_pairs = sample.len() / 2;
    let [even, odd] = [0, 1].map(|first| count(first, |byte| byte == 0));
    let [even_high, odd_high] = [0, 1].map(|first| count(first, |byte| byte <= LAST_HIGH));
    // One byte of each pair, and not the other: a picture or a program has both, and ASCII has other bytes.
    let is_high = |first: usize, n_zeros: usize, n_high: usize, other_zeros: usize, other_high: usize| {
        let n_ascii = count(first, |byte| matches!(byte, 0x0a..=0x2f | 0x31..=0x4d));
        let has_separators = n_zeros * 5 > n_pairs && other_zeros * 20 <= n_zeros && n_ascii * 20 <= n_pairs;
        has_separators || (n_zeros > 0 && n_high * 10 > n_pairs * 9 && other_high * 4 < n_high)
    };
    if is_high(1, odd, odd_high, even, even_high) {
        Some(Encoding::Utf16Le)
    } else if is_high(0, even, even_high, odd, odd_high) {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// True for UTF-8 with a few damaged bytes: most of what is not ASCII is valid.
fn is_utf8_damaged(bytes: &[u8]) -> bool {
    let (mut n_valid, mut n_bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        n_valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        n_bad += usize::from(!chunk.invalid().is_empty());
    }
    n_valid > n_bad * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &str = "Zoë;Ærøskøbing;“Ada”;naïve\r\n";

    fn bytes_of(encoding: Encoding, text: &str) -> Vec<u8> {
        match encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Windows1252 => text
                .chars()
                .map(|c| match WINDOWS_1252.iter().position(|own| *own == c) {
                    Some(idx) => 0x80 + idx as u8,
                    None => u8::try_from(u32::from(c)).expect("a character of Windows-1252"),
                })
                .collect(),
        }
    }

    #[test]
    fn every_encoding_is_recognised_with_and_without_a_mark() {
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252] {
            assert_eq!(decode(bytes_of(encoding, NAMES)), (NAMES.to_owned(), encoding));
            if encoding != Encoding::Windows1252 {
                let marked = bytes_of(encoding, &format!("\u{feff}{NAMES}"));
                assert_eq!(decode(marked), (NAMES.to_owned(), encoding));
            }
        }
        for text in [
            "Анна;анна@пошта.укр\r\nБорис;\r\n",
            "سارة، نور\n",
            "Ελένη;έ\n",
            "דנה,נועם\n",
            "山田,花子@例え.jp\r\n",
        ] {
            for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
                assert_eq!(decode(bytes_of(encoding, text)), (text.to_owned(), encoding), "{text}");
            }
        }
        assert_eq!(decode(b"fan-1,\0\nfan-2,\0\n".to_vec()).1, Encoding::Utf8);
        assert_eq!(decode(Vec::new()), (String::new(), Encoding::Utf8));
        assert_eq!(decode(b"plain".to_vec()), ("plain".to_owned(), Encoding::Utf8));
    }

    #[test]
    fn damaged_bytes_stay_visible() {
        let mut bytes = "é".repeat(20).into_bytes();
        bytes.push(0xff);
        let (text, encoding) = decode(bytes);
        assert_eq!((text.chars().last(), encoding), (Some('\u{fffd}'), Encoding::Utf8));
        assert_eq!(decode(vec![0xff, 0xfe, b'a', 0, b'b']).0, "a\u{fffd}");
        assert_eq!(decode(vec![b'a', 0x81]).0, "a\u{fffd}");
    }
}
