//! Random numbers.

/// The number of values of [`bits`]: what a float holds exactly.
const N_VALUES: f64 = 9_007_199_254_740_992.0;

/// Random bytes that nobody can guess; `None` in a browser without cryptography.
pub fn secret<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let crypto = web_sys::window()?.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}

/// A random number of 53 bits, which need not be secret.
pub fn bits() -> u64 {
    (js_sys::Math::random() * N_VALUES) as u64
}
