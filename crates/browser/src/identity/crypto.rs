//! Wraps the browser's signatures: making keys, signing, verifying.

use futures::future::try_join_all;
use js_sys::{Object, Promise, Reflect, Uint8Array};
use review::{Algorithm, CheckedSignature, PublicKey, SIGNATURE_BYTES, SignatureCheck};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, CryptoKeyPair, EcKeyImportParams, EcdsaParams, SubtleCrypto};

use crate::subtle::{self, usages};

const ED25519: &str = "Ed25519";
const ECDSA: &str = "ECDSA";
const P256: &str = "P-256";
/// The format of public keys: 32 bytes for Ed25519, an uncompressed point of 65 bytes for P-256.
const RAW: &str = "raw";

/// Why the browser could not make a key, sign or verify. None of these says that a signature is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureError {
    /// The page has no SubtleCrypto, because it came neither over `https:` nor from loopback.
    NoCrypto,
    /// The browser lacks the algorithm. Those before Chrome 137, Firefox 129 and Safari 17 have no Ed25519.
    NoAlgorithm(Algorithm),
    /// The browser failed without a reason that the console knows.
    Failed,
}

/// Makes a key pair whose private key cannot be exported: Ed25519, or P-256 where the browser lacks that.
pub(super) async fn generate() -> Result<CryptoKeyPair, SignatureError> {
    match generate_with(Algorithm::Ed25519).await {
        Err(SignatureError::NoAlgorithm(_)) => generate_with(Algorithm::P256).await,
        other => other,
    }
}

async fn generate_with(algorithm: Algorithm) -> Result<CryptoKeyPair, SignatureError> {
    let usages = usages(&["sign", "verify"]);
    let made = subtle()?.generate_key_with_object(&kind_of(algorithm), false, &usages);
    let pair = done(made).await.map_err(|thrown| error(&thrown, algorithm))?;
    Ok(pair.unchecked_into())
}

/// The algorithm of a key; `None` if it is none of ours.
pub(super) fn algorithm_of(key: &CryptoKey) -> Option<Algorithm> {
    let described = key.algorithm().ok()?;
    let text = |name: &str| Reflect::get(&described, &name.into()).ok()?.as_string();
    match text("name")?.as_str() {
        ED25519 => Some(Algorithm::Ed25519),
        ECDSA if text("namedCurve").as_deref() == Some(P256) => Some(Algorithm::P256),
        _ => None,
    }
}

/// Exports a public key. Those can always be exported.
pub(super) async fn public_key(key: &CryptoKey) -> Result<PublicKey, SignatureError> {
    let algorithm = algorithm_of(key).ok_or(SignatureError::Failed)?;
    let bytes = done(subtle()?.export_key(RAW, key)).await.map_err(|thrown| error(&thrown, algorithm))?;
    PublicKey::new(algorithm, &Uint8Array::new(&bytes).to_vec()).map_err(|_| SignatureError::Failed)
}

/// Signs bytes.
pub(super) async fn sign(
    private: &CryptoKey,
    algorithm: Algorithm,
    message: &[u8],
) -> Result<[u8; SIGNATURE_BYTES], SignatureError> {
    let signed = subtle()?.sign_with_object_and_u8_array(&scheme_of(algorithm), private, message);
    let bytes = done(signed).await.map_err(|thrown| error(&thrown, algorithm))?;
    Uint8Array::new(&bytes).to_vec().try_into().map_err(|_| SignatureError::Failed)
}

/// Answers the checks of a document, all at once. A key that is no point of its curve has no valid signatures.
///
/// # Errors
/// If one of them cannot be answered: the page has no SubtleCrypto, the browser lacks an algorithm, or fails.
pub async fn verify(checks: Vec<SignatureCheck>) -> Result<Vec<CheckedSignature>, SignatureError> {
    let answers = try_join_all(checks.iter().map(is_valid)).await?;
    Ok(checks.into_iter().zip(answers).map(|(check, is_valid)| check.answered(is_valid)).collect())
}

async fn is_valid(check: &SignatureCheck) -> Result<bool, SignatureError> {
    let (subtle, algorithm) = (subtle()?, check.key.algorithm());
    let bytes = Uint8Array::from(check.key.bytes());
    let usages = usages(&["verify"]);
    let imported = subtle.import_key_with_object(RAW, &bytes, &kind_of(algorithm), true, &usages);
    let key: CryptoKey = match done(imported).await {
        Ok(key) => key.unchecked_into(),
        // Web Cryptography API, "Import Key" of ECDSA and Ed25519: the bytes are no point, or have another length.
        Err(thrown) if is_named(&thrown, "DataError") => return Ok(false),
        Err(thrown) => return Err(error(&thrown, algorithm)),
    };
    let verified = subtle.verify_with_object_and_u8_array_and_u8_array(
        &scheme_of(algorithm),
        &key,
        &check.signature,
        &check.message,
    );
    let is_valid = done(verified).await.map_err(|thrown| error(&thrown, algorithm))?;
    Ok(is_valid.as_bool() == Some(true))
}

fn subtle() -> Result<SubtleCrypto, SignatureError> {
    subtle::subtle().ok_or(SignatureError::NoCrypto)
}

/// What to make and import keys with.
fn kind_of(algorithm: Algorithm) -> Object {
    match algorithm {
        Algorithm::Ed25519 => EcKeyImportParams::new(ED25519).unchecked_into(),
        Algorithm::P256 => {
            let kind = EcKeyImportParams::new(ECDSA);
            kind.set_named_curve(P256);
            kind.unchecked_into()
        }
    }
}

/// What to sign and verify with.
fn scheme_of(algorithm: Algorithm) -> Object {
    match algorithm {
        Algorithm::Ed25519 => EcKeyImportParams::new(ED25519).unchecked_into(),
        Algorithm::P256 => EcdsaParams::new_with_str(ECDSA, "SHA-256").unchecked_into(),
    }
}

async fn done(asked: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(asked?).await
}

fn error(thrown: &JsValue, algorithm: Algorithm) -> SignatureError {
    if is_named(thrown, "NotSupportedError") {
        SignatureError::NoAlgorithm(algorithm)
    } else {
        SignatureError::Failed
    }
}

fn is_named(thrown: &JsValue, name: &str) -> bool {
    Reflect::get(thrown, &"name".into()).is_ok_and(|found| found.as_string().as_deref() == Some(name))
}
