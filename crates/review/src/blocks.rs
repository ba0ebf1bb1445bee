//! Bytes of texts looked at eight at a time, because most texts hold nothing that matters.

const ONES: u64 = u64::MAX / 255;
const HIGHS: u64 = ONES << 7;

/// Not 0 if a byte of the block is below `limit`, which is at most 128.
const fn below(block: u64, limit: u8) -> u64 {
    block.wrapping_sub(ONES * limit as u64) & !block & HIGHS
}

/// Not 0 if a byte of the block is this one.
const fn has(block: u64, byte: u8) -> u64 {
    below(block ^ (ONES * byte as u64), 1)
}

/// How many bytes in front need no escape in JSON: a multiple of eight.
pub(crate) fn n_unescaped(text: &[u8]) -> usize {
    let needs_none = |block: &u64| below(*block, b' ') | has(*block, b'"') | has(*block, b'\\') == 0;
    8 * blocks(text).0.take_while(needs_none).count()
}

/// True if all bytes are printed ASCII, and none is a backslash.
pub(crate) fn are_printed(text: &[u8]) -> bool {
    let (mut blocks, rest) = blocks(text);
    // One more makes a high bit of DEL, and what follows a byte with a high bit does not matter.
    let is_printed = |block: u64| {
        below(block, b' ') | has(block, b'\\') | ((block | block.wrapping_add(ONES)) & HIGHS) == 0
    };
    blocks.all(is_printed) && rest.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b'\\')
}

fn blocks(text: &[u8]) -> (impl Iterator<Item = u64>, &[u8]) {
    let (blocks, rest) = text.as_chunks();
    (blocks.iter().map(|block| u64::from_le_bytes(*block)), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_seen_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let is_printed = (b' '..=b'~').contains(&byte) && byte != b'\\';
            let needs_escape = byte < b' ' || byte == b'"' || byte == b'\\';
            for neighbour in *b" ~a!#][" {
                for at in 0..19 {
                    let mut text = [neighbour; 19];
                    text[at] = byte;
                    assert_eq!(are_printed(&text), is_printed, "{byte} at {at} beside {neighbour}");
                    let expected = if needs_escape { at / 8 * 8 } else { 16 };
                    assert_eq!(n_unescaped(&text), expected, "{byte} at {at} beside {neighbour}");
                }
            }
        }
    }
}
