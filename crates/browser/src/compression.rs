//! Compression with the browser's own streams, for what has to fit into a link.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair, Response};

#[wasm_bindgen]
extern "C" {
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// RFC 1951, without a header.
const FORMAT: &str = "deflate-raw";

/// Why bytes were not compressed or expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompressionError {
    /// The browser cannot.
    Unsupported,
    /// The bytes are not what [`deflate`] makes.
    Damaged,
    /// They would expand to more bytes than allowed.
    TooLong,
}

/// Compresses bytes in the format of RFC 1951.
///
/// # Errors
/// If the browser cannot.
pub async fn deflate(bytes: &[u8]) -> Result<Vec<u8>, CompressionError> {
    let pair = CompressionStream::new(FORMAT);
    let pair: JsValue = pair.map_err(|_| CompressionError::Unsupported)?.into();
    through(bytes, pair, usize::MAX).await
}

/// Expands what [`deflate`] made, to at most `most` bytes: a few can become a thousand times as many, so it stops there.
///
/// # Errors
/// If the bytes are something else, expand to more, or the browser cannot.
pub async fn inflate(bytes: &[u8], most: usize) -> Result<Vec<u8>, CompressionError> {
    let pair = DecompressionStream::new(FORMAT);
    let pair: JsValue = pair.map_err(|_| CompressionError::Unsupported)?.into();
    through(bytes, pair, most).await
}

async fn through(bytes: &[u8], pair: JsValue, most: usize) -> Result<Vec<u8>, CompressionError> {
    // `new` throws in a browser without the class or the format; both streams have the members of a pair.
    let pair: ReadableWritablePair = pair.unchecked_into();
    let source = Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(bytes)));
    let source = source.ok().and_then(|response| response.body()).ok_or(CompressionError::Unsupported)?;
    let stream: ReadableStream = source.pipe_through(&pair);
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut read = Vec::new();
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(|_| CompressionError::Damaged)?;
        let get = |name: &str| Reflect::get(&part, &name.into()).unwrap_or_default();
        if get("done").is_truthy() {
            return Ok(read);
        }
        let part: Uint8Array = get("value").unchecked_into();
        if read.len() + part.length() as usize > most {
            // Nothing is left to do if it cannot be cancelled.
            let _ = JsFuture::from(reader.cancel()).await;
            return Err(CompressionError::TooLong);
        }
        read.extend_from_slice(&part.to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn what_was_compressed_expands_to_the_same() {
        for text in ["", "a", &"Ana, admin; ".repeat(5_000)] {
            let small = deflate(text.as_bytes()).await.expect("the browser compresses");
            assert!(small.len() <= text.len() / 20 + 10, "{} of {}", small.len(), text.len());
            assert_eq!(inflate(&small, 100_000).await.as_deref(), Ok(text.as_bytes()));
        }
    }

    #[wasm_bindgen_test]
    async fn a_bomb_is_not_expanded() {
        let bomb = deflate(&vec![0; 20_000_000]).await.expect("the browser compresses");
        assert!(bomb.len() < 30_000, "{}", bomb.len());
        assert_eq!(inflate(&bomb, 1_000_000).await, Err(CompressionError::TooLong));
    }

    #[wasm_bindgen_test]
    async fn damaged_bytes_are_refused() {
        let whole = deflate("one two three four five six".as_bytes()).await.expect("the browser compresses");
        for damaged in [&whole[..whole.len() - 3], &[0xff, 0xff, 0xff], b"review"] {
            assert_eq!(inflate(damaged, 1_000).await, Err(CompressionError::Damaged), "{damaged:?}");
        }
    }
}
