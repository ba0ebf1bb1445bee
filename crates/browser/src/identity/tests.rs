//! Keys and signatures of the browser itself, against published vectors, hostile bytes, and browsers that lack things.

use js_sys::Promise;
use review::{
    Algorithm, ChainHead, ChainTip, PublicKey, SIGNATURE_BYTES, SignatureCheck, Unverified, VerifyError,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::storage::fresh_name;

/// Key, message and signature. RFC 8032, 7.1: tests 1, 2, 3 and SHA(abc).
const ED25519: [(&str, &str, &str); 4] = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
];

/// RFC 6979, A.2.5, with SHA-256: "sample" and "test".
const P256: [(&str, &str, &str); 2] = [
    (
        "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
        "73616d706c65",
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    ),
    (
        "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
        "74657374",
        "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
    ),
];

/// The second signature of RFC 8032 with the order of the group added to S, which must not be accepted (5.1.7).
const S_TOO_LARGE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69daf52db7415978abc61b2c2eb6aeebfca0387b2eaeb4302aeeb00d291612bb0c10";

/// Takes algorithms away from the browser, until [`HAS_ALL`].
const LACKS: &str = "for (const name of ['generateKey', 'importKey']) {
    const real = SubtleCrypto.prototype[name];
    crypto.subtle[name] = function (...values) {
        const what = values[name === 'importKey' ? 2 : 0].name;
        if (LACKING.includes(what)) return Promise.reject(new DOMException('', 'NotSupportedError'));
        return real.apply(this, values);
    };
}";
const HAS_ALL: &str = "delete crypto.subtle.generateKey; delete crypto.subtle.importKey;";

fn eval(script: &str) -> JsValue {
    js_sys::eval(script).expect("the script runs")
}

async fn awaited(script: &str) -> Result<JsValue, JsValue> {
    JsFuture::from(eval(script).unchecked_into::<Promise>()).await
}

fn lacks(algorithms: &str) {
    eval(&LACKS.replace("LACKING", algorithms));
}

fn bytes(digits: &str) -> Vec<u8> {
    let pairs = (0..digits.len()).step_by(2).map(|at| &digits[at..at + 2]);
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal digits")).collect()
}

fn check(algorithm: Algorithm, (key, message, signature): (&str, &str, &str)) -> SignatureCheck {
    SignatureCheck {
        key: PublicKey::new(algorithm, &bytes(key)).expect("a key"),
        message: bytes(message),
        signature: bytes(signature).try_into().expect("64 bytes"),
    }
}

fn vectors() -> Vec<SignatureCheck> {
    let ed25519 = ED25519.map(|vector| check(Algorithm::Ed25519, vector));
    let p256 = P256.map(|vector| check(Algorithm::P256, vector));
    ed25519.into_iter().chain(p256).collect()
}

/// Verifies checks, and says of each whether it is valid.
async fn answers(checks: Vec<SignatureCheck>) -> Vec<bool> {
    let answers = verify(checks.clone()).await.expect("the browser has both algorithms");
    assert_eq!(answers.len(), checks.len());
    let is_valid = |(check, answer): (SignatureCheck, _)| {
        let (right, wrong) = (check.clone().answered(true), check.answered(false));
        assert!(answer == right || answer == wrong, "the answer to another check");
        answer == right
    };
    checks.into_iter().zip(answers).map(is_valid).collect()
}

/// Everything with one bit changed. Keys that are refused before the browser sees them are left out.
fn spoiled(check: &SignatureCheck) -> Vec<SignatureCheck> {
    let mut all = Vec::new();
    for at in 0..check.message.len() {
        let mut other = check.clone();
        other.message[at] ^= 1 << (at % 8);
        all.push(other);
    }
    all.push(SignatureCheck { message: [&check.message[..], &[0]].concat(), ..check.clone() });
    for at in 0..SIGNATURE_BYTES {
        let mut other = check.clone();
        other.signature[at] ^= 1 << (at % 8);
        all.push(other);
    }
    for at in 0..check.key.bytes().len() {
        let mut key = check.key.bytes().to_vec();
        key[at] ^= 1 << (at % 8);
        if let Ok(key) = PublicKey::new(check.key.algorithm(), &key) {
            all.push(SignatureCheck { key, ..check.clone() });
        }
    }
    all
}

fn head() -> ChainHead {
    ChainTip::new([1; 32]).head(1_790_000_000_000)
}

async fn sign(identity: &DeviceIdentity) -> Result<Signed<ChainHead>, IdentityError> {
    identity.sign(Unsigned::new(head(), identity.signer().clone()).expect("a valid body")).await
}

async fn in_memory(name: &str) -> DeviceIdentity {
    DeviceIdentity::create(Err(StorageError::Unavailable), name).await.expect("a key")
}

/// An identity of each algorithm.
async fn both() -> [DeviceIdentity; 2] {
    let ed25519 = in_memory("Ana").await;
    lacks("['Ed25519']");
    let p256 = in_memory("Ana").await;
    eval(HAS_ALL);
    let algorithms = [&ed25519, &p256].map(|identity| identity.signer().key.algorithm());
    assert_eq!(algorithms, [Algorithm::Ed25519, Algorithm::P256]);
    [ed25519, p256]
}

#[wasm_bindgen_test]
async fn published_signatures_are_valid_and_no_longer_with_a_changed_bit() {
    assert_eq!(answers(vectors()).await, [true; 6]);
    assert_eq!(verify(Vec::new()).await, Ok(Vec::new()));
    for check in vectors() {
        let spoiled = spoiled(&check);
        assert!(spoiled.len() > 64 + 30, "{} changes", spoiled.len());
        let is_valid = answers(spoiled.clone()).await;
        let wrong = spoiled.iter().zip(is_valid).find(|(_, is_valid)| *is_valid);
        assert!(wrong.is_none(), "{wrong:?}");
    }
}

#[wasm_bindgen_test]
async fn answers_belong_to_their_checks() {
    let mut checks: Vec<_> =
        vectors().into_iter().flat_map(|check| [spoiled(&check)[0].clone(), check]).collect();
    checks.swap(0, 1);
    let expected = [true, false, false, true, false, true, false, true, false, true, false, true];
    assert_eq!(answers(checks).await, expected);
}

#[wasm_bindgen_test]
async fn hostile_keys_and_signatures_are_not_valid() {
    let [ed25519, p256] = [vectors()[1].clone(), vectors()[4].clone()];
    let mut checks = vec![check(Algorithm::Ed25519, (ED25519[1].0, ED25519[1].1, S_TOO_LARGE))];
    let mut point = [0; 32];
    point[0] = 2; // No point of the curve has this y.
    let order = bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let with = |r: &[u8], s: &[u8]| [r, s].concat().try_into().expect("64 bytes");
    let signatures = [
        [0; SIGNATURE_BYTES],
        [0xff; SIGNATURE_BYTES],
        with(&[0; 32], &p256.signature[32..]),
        with(&p256.signature[..32], &[0; 32]),
        with(&order, &p256.signature[32..]),
        with(&p256.signature[..32], &order),
        with(&ed25519.signature[32..], &ed25519.signature[..32]),
    ];
    // Numbers that look random, the same each time.
    let mut state = 7_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let mut keys = vec![ed25519.key, p256.key];
    keys.push(PublicKey::new(Algorithm::Ed25519, &point).expect("32 bytes"));
    keys.push(PublicKey::new(Algorithm::Ed25519, &[0xfe; 32]).expect("32 bytes"));
    for fill in [0, 4, 0xff] {
        let mut raw = [fill; 65];
        raw[0] = 4;
        keys.push(PublicKey::new(Algorithm::P256, &raw).expect("65 bytes"));
    }
    for _ in 0..20 {
        let raw: [u8; 32] = std::array::from_fn(|_| noise());
        keys.push(PublicKey::new(Algorithm::Ed25519, &raw).expect("32 bytes"));
        let mut raw: [u8; 65] = std::array::from_fn(|_| noise());
        raw[0] = 4;
        keys.push(PublicKey::new(Algorithm::P256, &raw).expect("65 bytes"));
    }
    for key in keys {
        let random = std::array::from_fn(|_| noise());
        for signature in signatures.into_iter().chain([random]) {
            for message in [Vec::new(), b"Muster".to_vec(), vec![0xff; 100_000]] {
                checks.push(SignatureCheck { key: key.clone(), message, signature });
            }
        }
    }
    assert!(checks.len() > 1_000);
    assert!(answers(checks).await.iter().all(|is_valid| !is_valid));
}

#[wasm_bindgen_test]
async fn what_is_signed_here_can_be_read_and_verified_anywhere() {
    for identity in both().await {
        let signed = sign(&identity).await.expect("signed");
        assert_eq!((signed.body(), signed.by()), (&head(), identity.signer()));
        let text = signed.to_text();
        let read = Unverified::<ChainHead>::read(text.as_bytes()).expect("what was written");
        let answers = verify(vec![read.check()]).await.expect("verified");
        assert_eq!(read.verified(&answers).expect("valid").hash(), signed.hash());

        // A changed byte anywhere in the text is found when it is read, or else by the browser.
        let mut changed = Vec::new();
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] ^= 1;
            changed.extend(Unverified::<ChainHead>::read(&other).ok());
        }
        assert!(changed.len() > 40, "most changes of the signature can be read: {}", changed.len());
        let answers = verify(changed.iter().map(Unverified::check).collect()).await.expect("verified");
        for document in changed {
            assert_eq!(document.verified(&answers).err(), Some(VerifyError::Invalid));
        }
    }
}

#[wasm_bindgen_test]
async fn nobody_signs_for_somebody_else() {
    let [ana, other] = both().await;
    let ben = in_memory("Ben").await;
    for (identity, by) in [(&ana, &ben), (&ana, &other), (&other, &ana)] {
        let unsigned = Unsigned::new(head(), by.signer().clone()).expect("a valid body");
        assert_eq!(identity.sign(unsigned).await.err(), Some(IdentityError::Invalid));
    }
    let mut renamed = ana.signer().clone();
    renamed.name = "Ben".into();
    let unsigned = Unsigned::new(head(), renamed).expect("a valid body");
    assert!(ana.sign(unsigned).await.is_ok(), "anyone can declare any name");
}

#[wasm_bindgen_test]
async fn a_key_signs_once_its_owner_has_declared_a_name() {
    let storage = Storage::open_named(&fresh_name("identity")).await.expect("a database");
    let unnamed = DeviceIdentity::create(Ok(&storage), "\u{200b}").await.expect("a key");
    assert!(!unnamed.has_name() && Unsigned::new(head(), unnamed.signer().clone()).is_err());
    for name in ["", "  ", "\u{200b}", "\u{202e}"] {
        let renamed = unnamed.rename(Ok(&storage), name).await;
        assert_eq!(renamed.err(), Some(IdentityError::NoName), "{name:?}");
    }
    let named = unnamed.rename(Ok(&storage), " Ana\u{202e}\n Alves ").await.expect("a name");
    assert!(named.signer().name.starts_with("Ana") && named.signer().name.ends_with("Alves"));
    assert_eq!(named.signer().key, unnamed.signer().key);
    assert!(sign(&named).await.is_ok(), "`review` accepts the name");
    let loaded = DeviceIdentity::load(&storage).await.expect("read").expect("kept");
    assert_eq!(loaded.signer(), named.signer());

    loaded.forget(&storage).await.expect("forgotten");
    let gone = named.rename(Ok(&storage), "Ben").await;
    assert_eq!(gone.err(), Some(IdentityError::Storage(StorageError::Conflict)));
    let in_memory = in_memory("Ana").await.rename(Err(StorageError::Unavailable), "Ben").await;
    assert_eq!(&*in_memory.expect("a name").signer().name, "Ben");
}

async fn assert_not_exportable(identity: &DeviceIdentity) {
    let key = identity.keys.get_private_key();
    assert!(!key.extractable());
    js_sys::Reflect::set(&js_sys::global(), &"exported".into(), &key).expect("set");
    for format in ["pkcs8", "jwk", "raw", "spki"] {
        let refused = awaited(&format!("crypto.subtle.exportKey('{format}', exported)")).await;
        let error = refused.expect_err("it is not exported");
        let name = js_sys::Reflect::get(&error, &"name".into()).expect("a name").as_string();
        let is_refusal = matches!(name.as_deref(), Some("InvalidAccessError" | "NotSupportedError"));
        assert!(is_refusal, "{format}: {name:?}");
    }
    eval("delete globalThis.exported");
}

#[wasm_bindgen_test]
async fn a_key_survives_reopening_and_is_never_exported() {
    for lacking in ["[]", "['Ed25519']"] {
        let name = fresh_name("identity");
        let storage = Storage::open_named(&name).await.expect("a database");
        assert!(DeviceIdentity::load(&storage).await.expect("read").is_none());
        lacks(lacking);
        let made = DeviceIdentity::create(Ok(&storage), "Ana").await.expect("a key");
        eval(HAS_ALL);
        assert_eq!(made.kept(), Ok(()));
        assert_not_exportable(&made).await;
        let signed = sign(&made).await.expect("signed");
        storage.close();
        drop(storage);

        let storage = Storage::open_named(&name).await.expect("a database");
        let loaded = DeviceIdentity::load(&storage).await.expect("read").expect("it was kept");
        assert_eq!((loaded.signer(), loaded.kept()), (made.signer(), Ok(())));
        assert_not_exportable(&loaded).await;
        let again = sign(&loaded).await.expect("signed");
        assert_eq!((again.by(), again.hash()), (signed.by(), signed.hash()));

        let second = DeviceIdentity::create(Ok(&storage), "Ben").await;
        assert_eq!(second.err(), Some(IdentityError::Exists));
        assert_eq!(in_memory("Ana").await.forget(&storage).await, Err(StorageError::Conflict));
        loaded.forget(&storage).await.expect("forgotten");
        assert!(DeviceIdentity::load(&storage).await.expect("read").is_none());
        made.forget(&storage).await.expect("nothing to forget");
        let other = DeviceIdentity::create(Ok(&storage), "Ana").await.expect("a key");
        assert_ne!(other.signer().key.fingerprint(), signed.fingerprint());
        storage.erase().await.expect("erased");
        assert!(DeviceIdentity::load(&storage).await.expect("read").is_none());
    }
}

#[wasm_bindgen_test]
async fn without_storage_a_key_signs_and_says_that_it_is_not_kept() {
    let identity = in_memory("Ana").await;
    assert_eq!(identity.kept(), Err(StorageError::Unavailable));
    assert!(sign(&identity).await.is_ok());

    // Some private windows have a database that stores no keys.
    let storage = Storage::open_named(&fresh_name("no-keys")).await.expect("a database");
    eval(
        "globalThis.realAdd = IDBObjectStore.prototype.add;
        IDBObjectStore.prototype.add = () => { throw new DOMException('', 'DataCloneError'); }",
    );
    let identity = DeviceIdentity::create(Ok(&storage), "Ana").await;
    eval("IDBObjectStore.prototype.add = realAdd");
    let identity = identity.expect("a key");
    assert_eq!(identity.kept(), Err(StorageError::Unavailable));
    assert!(sign(&identity).await.is_ok());
    assert!(DeviceIdentity::load(&storage).await.expect("read").is_none());
}

#[wasm_bindgen_test]
async fn what_a_browser_lacks_is_told_from_a_wrong_signature() {
    let [ed25519, p256] = [vectors()[0].clone(), vectors()[4].clone()];
    let wrong = spoiled(&ed25519)[0].clone();
    lacks("['Ed25519']");
    let only_p256 = verify(vec![p256.clone()]).await;
    let lacking = [verify(vec![wrong]).await, verify(vec![p256.clone(), ed25519.clone()]).await];
    lacks("['Ed25519', 'ECDSA']");
    let made = DeviceIdentity::create(Err(StorageError::Unavailable), "Ana").await;
    eval(HAS_ALL);
    assert_eq!(only_p256, Ok(vec![p256.clone().answered(true)]));
    let none = SignatureError::NoAlgorithm(Algorithm::Ed25519);
    assert_eq!(lacking, [Err(none), Err(none)]);
    let none = SignatureError::NoAlgorithm(Algorithm::P256);
    assert_eq!(made.err(), Some(IdentityError::Signature(none)));

    let identity = in_memory("Ana").await;
    eval("Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true })");
    let refused = [
        DeviceIdentity::create(Err(StorageError::Unavailable), "Ana").await.err(),
        sign(&identity).await.err(),
        verify(vec![p256]).await.err().map(IdentityError::Signature),
    ];
    eval("delete crypto.subtle");
    assert_eq!(refused, [Some(IdentityError::Signature(SignatureError::NoCrypto)); 3]);
    assert_eq!(answers(vectors()).await, [true; 6], "everything is back");
}

/// Puts the value of a script into the place of the identity.
async fn put(storage: &Storage, value: &str) {
    let script = "(async () => {
        const done = request => new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = reject;
        });
        const database = await done(indexedDB.open('NAME'));
        await done(database.transaction('review', 'readwrite').objectStore('review').put(VALUE, 'identity'));
        database.close();
    })()";
    awaited(&script.replace("NAME", storage.name()).replace("VALUE", value)).await.expect("written");
}

#[wasm_bindgen_test]
async fn a_record_that_cannot_be_read_is_left_until_it_is_removed() {
    let storage = Storage::open_named(&fresh_name("damaged")).await.expect("a database");
    for value in [
        "7",
        "{ name: 'Ana', fingerprint: 'a' }",
        "{ name: 'Ana', fingerprint: 'a', keys: { privateKey: 'a', publicKey: 'b' } }",
    ] {
        put(&storage, value).await;
        let loaded = DeviceIdentity::load(&storage).await;
        assert_eq!(loaded.err(), Some(IdentityError::Storage(StorageError::Corrupt)), "{value}");
        let made = DeviceIdentity::create(Ok(&storage), "Ana").await;
        assert_eq!(made.err(), Some(IdentityError::Exists), "{value}");
        assert_eq!(in_memory("Ana").await.forget(&storage).await, Err(StorageError::Conflict), "{value}");
        storage.remove_identity(None).await.expect("removed");
        assert!(DeviceIdentity::load(&storage).await.expect("read").is_none());
    }
}

async fn pair(algorithm: &str, is_extractable: bool) -> CryptoKeyPair {
    let made = format!("crypto.subtle.generateKey({algorithm}, {is_extractable}, ['sign', 'verify'])");
    awaited(&made).await.expect("a pair").unchecked_into()
}

#[wasm_bindgen_test]
async fn only_a_pair_that_cannot_be_exported_is_loaded() {
    let ed25519 = pair("'Ed25519'", false).await;
    let p256 = pair("{ name: 'ECDSA', namedCurve: 'P-256' }", false).await;
    let p384 = pair("{ name: 'ECDSA', namedCurve: 'P-384' }", false).await;
    let (private, public) = (ed25519.get_private_key(), ed25519.get_public_key());
    let fingerprint = crypto::public_key(&public).await.expect("a key").fingerprint().to_string();
    let bare = pair("'Ed25519'", true).await;
    let of_bare = crypto::public_key(&bare.get_public_key()).await.expect("a key").fingerprint().to_string();
    let storage = Storage::open_named(&fresh_name("pairs")).await.expect("a database");
    let cases = [
        ("Ana", &fingerprint, ed25519.clone(), true),
        ("Ana\u{202e}", &fingerprint, ed25519.clone(), false),
        ("Ana", &of_bare, ed25519, false),
        ("Ana", &of_bare, bare, false),
        ("Ana", &fingerprint, p384, false),
        ("Ana", &fingerprint, CryptoKeyPair::new(&p256.get_private_key(), &public), false),
        ("Ana", &fingerprint, CryptoKeyPair::new(&public, &public), false),
        ("Ana", &fingerprint, CryptoKeyPair::new(&private, &private), false),
    ];
    for (case, (name, fingerprint, keys, is_ours)) in cases.into_iter().enumerate() {
        let record = IdentityRecord { name: name.into(), fingerprint: fingerprint.clone(), keys };
        storage.add_identity(&record).await.expect("written");
        let loaded = DeviceIdentity::load(&storage).await;
        if is_ours {
            assert!(loaded.is_ok_and(|loaded| loaded.is_some()), "case {case}");
        } else {
            assert_eq!(loaded.err(), Some(IdentityError::Storage(StorageError::Corrupt)), "case {case}");
        }
        storage.remove_identity(None).await.expect("removed");
    }
}

#[wasm_bindgen_test]
async fn halves_of_two_pairs_sign_nothing() {
    let [one, two] = [in_memory("Ana").await, in_memory("Ana").await];
    let keys = CryptoKeyPair::new(&two.keys.get_private_key(), &one.keys.get_public_key());
    let mixed = DeviceIdentity { keys, ..one };
    assert_eq!(sign(&mixed).await.err(), Some(IdentityError::Invalid));
}
