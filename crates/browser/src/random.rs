//! Random numbers that need not be secret.

/// The number of values of [`bits`]: what a float holds exactly.
const N_VALUES: f64 = 9_007_199_254_740_992.0;

/// A random number of 53 bits.
pub fn bits() -> u64 {
    (js_sys::Math::random() * N_VALUES) as u64
}
