//! Wraps the browser's Web Crypto: random bytes, key derivation, sealing and opening.
//!
//! Keys are not extractable: not even this page can export them.

use crate::subtle::usages;
use crate::window;
use domain::vault::{CHECK, IV_BYTES, SALT_BYTES, Salt, Sealed};
use domain::{Secret, vault};
use js_sys::{JsString, Object, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesDerivedKeyParams, AesGcmParams, Crypto, CryptoKey, Pbkdf2Params, SubtleCrypto};

use super::VaultError;

const CIPHER: &str = "AES-GCM";
const KEY_BITS: u32 = 256;

/// True if Web Crypto is available, which needs a secure context: `https:` or loopback.
pub fn is_available() -> bool {
    subtle().is_ok()
}

fn crypto() -> Result<Crypto, VaultError> {
    window().crypto().map_err(|_| VaultError::NoCrypto)
}

fn subtle() -> Result<SubtleCrypto, VaultError> {
    crate::subtle::subtle().ok_or(VaultError::NoCrypto)
}

fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    crypto()?.get_random_values_with_u8_array(&mut bytes).map_err(|_| VaultError::NoCrypto)?;
    Ok(bytes)
}

/// A random salt.
pub(super) fn new_salt() -> Result<Salt, VaultError> {
    random::<SALT_BYTES>()
}

/// Derives the key of a passphrase.
pub(super) async fn derive(passphrase: &Secret, salt: &Salt, rounds: u32) -> Result<CryptoKey, VaultError> {
    let subtle = subtle()?;
    // Keyboards differ in whether they type an accented letter as one character or as two.
    let typed: String = JsString::from(passphrase.expose()).normalize("NFKC").into();
    let raw = Uint8Array::from(typed.as_bytes());
    let imported = subtle.import_key_with_str("raw", raw.as_ref(), "PBKDF2", false, &usages(&["deriveKey"]));
    let imported: CryptoKey = done(imported).await?.unchecked_into();
    let salt = Uint8Array::from(&salt[..]);
    let how = Pbkdf2Params::new_with_str("PBKDF2", "SHA-256", rounds, salt.as_ref());
    let derived = subtle.derive_key_with_object_and_object(
        how.as_ref(),
        &imported,
        AesDerivedKeyParams::new(CIPHER, KEY_BITS).as_ref(),
        false,
        &usages(&["encrypt", "decrypt"]),
    );
    Ok(done(derived).await?.unchecked_into())
}

/// Seals bytes with a fresh initialization vector.
pub(super) async fn seal(key: &CryptoKey, bound_to: &[u8], bytes: &[u8]) -> Result<Sealed, VaultError> {
    let iv = random::<IV_BYTES>()?;
    let sealed = subtle()?.encrypt_with_object_and_u8_array(&params(&iv, bound_to), key, bytes);
    let sealed = Uint8Array::new(&done(sealed).await?);
    Ok(Sealed { iv, bytes: sealed.to_vec().into() })
}

/// Opens sealed bytes; `None` if they were sealed with another key or bound to something else.
pub(super) async fn open(
    key: &CryptoKey,
    bound_to: &[u8],
    sealed: &Sealed,
) -> Result<Option<Vec<u8>>, VaultError> {
    let opened =
        subtle()?.decrypt_with_object_and_u8_array(&params(&sealed.iv, bound_to), key, &sealed.bytes);
    let opened = opened.map_err(|_| VaultError::NoCrypto)?;
    Ok(JsFuture::from(opened).await.ok().map(|bytes| Uint8Array::new(&bytes).to_vec()))
}

/// As [`seal`], for bytes that may be many: they never enter the memory of Wasm. The result has the tag.
pub(super) async fn seal_array(
    key: &CryptoKey,
    bound_to: &[u8],
    bytes: &Uint8Array,
) -> Result<([u8; IV_BYTES], Uint8Array), VaultError> {
    let iv = random::<IV_BYTES>()?;
    let sealed = subtle()?.encrypt_with_object_and_buffer_source(&params(&iv, bound_to), key, bytes);
    Ok((iv, Uint8Array::new(&done(sealed).await?)))
}

/// As [`open`], for bytes that may be many.
pub(super) async fn open_array(
    key: &CryptoKey,
    bound_to: &[u8],
    iv: &[u8; IV_BYTES],
    sealed: &Uint8Array,
) -> Result<Option<Uint8Array>, VaultError> {
    let opened = subtle()?.decrypt_with_object_and_buffer_source(&params(iv, bound_to), key, sealed);
    let opened = opened.map_err(|_| VaultError::NoCrypto)?;
    Ok(JsFuture::from(opened).await.ok().map(|bytes| Uint8Array::new(&bytes)))
}

/// True if the key opens the header's check value.
pub(super) async fn is_right(key: &CryptoKey, header: &vault::Header) -> Result<bool, VaultError> {
    let bound_to = vault::header_bound_to(header.rounds, &header.salt);
    Ok(open(key, &bound_to, &header.check).await?.is_some_and(|opened| opened == CHECK))
}

fn params(iv: &[u8; IV_BYTES], bound_to: &[u8]) -> Object {
    let params = AesGcmParams::new_with_u8_array(CIPHER, &Uint8Array::from(&iv[..]));
    params.set_additional_data_u8_array(&Uint8Array::from(bound_to));
    params.unchecked_into()
}

async fn done(asked: Result<Promise, JsValue>) -> Result<JsValue, VaultError> {
    let promise = asked.map_err(|_| VaultError::NoCrypto)?;
    JsFuture::from(promise).await.map_err(|_| VaultError::NoCrypto)
}
