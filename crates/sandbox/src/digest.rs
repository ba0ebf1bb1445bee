//! Deterministic pseudo-random numbers: the sandbox has no source of randomness.

/// Hashes a text: FNV-1a, then [`mix`], so that similar texts get distant values.
pub(crate) fn digest(text: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(hash)
}

/// Mixes a number so that every output bit depends on every input bit (SplitMix64).
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// An id in the format of a UUID: 8-4-4-4-12 hex digits, lower case.
pub(crate) fn uuid(text: &str) -> String {
    let (a, b) = (digest(text), mix(digest(text)));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        0x8000 | ((b >> 48) & 0x3fff),
        b & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_texts_land_far_apart() {
        assert_ne!(uuid("1"), uuid("2"));
        assert_eq!(uuid("1"), uuid("1"));
        assert_eq!(uuid("x").len(), 36);
        assert!((digest("1") ^ digest("2")).count_ones() > 10);
    }
}
