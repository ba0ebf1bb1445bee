//! An HTTP client that sends requests no browser would: the caller controls every byte.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};

const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body, with chunks joined.
    pub body: Vec<u8>,
}

impl Answer {
    /// All values of a header, joined with commas.
    pub fn header(&self, name: &str) -> Option<String> {
        let values = self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let values: Vec<_> = values.collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The whole response as text, to search in.
    pub fn whole(&self) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        format!("{}\n{headers}{}", self.status, String::from_utf8_lossy(&self.body))
    }

    /// The first 600 characters, for error messages.
    pub fn shown(&self) -> String {
        self.whole().chars().take(600).collect()
    }

    /// Parses a whole response.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let (first, headers, rest) = head(bytes).context("the answer has no end of headers")?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.with_context(|| format!("no status in {first:?}"))?;
        let is_chunked =
            headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        let body = if is_chunked { dechunked(rest)? } else { rest.to_vec() };
        Ok(Self { status, headers, body })
    }
}

/// Names in lower case, and values.
type Headers = Vec<(String, String)>;

/// The start line, the headers and the rest of a message.
fn head(bytes: &[u8]) -> Option<(String, Headers, &[u8])> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let (first, rest) = text.split_once("\r\n").unwrap_or((&text, ""));
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    };
    Some((first.to_owned(), rest.split("\r\n").filter_map(header).collect(), &bytes[end + 4..]))
}

fn dechunked(mut bytes: &[u8]) -> Result<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n").context("a chunk has no length")?;
        let length = usize::from_str_radix(std::str::from_utf8(&bytes[..end])?.trim(), 16)?;
        let from = end + 2;
        let Some(chunk) = bytes.get(from..from + length) else { bail!("a chunk is cut") };
        if length == 0 {
            return Ok(whole);
        }
        whole.extend_from_slice(chunk);
        bytes = bytes.get(from + length + 2..).context("the last chunk is missing")?;
    }
}

/// Sends a request and reads the response. Adds `Host`, `Connection: close` and the length; sends everything
/// else as given.
pub fn send(address: &str, first: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer> {
    let host = address.trim_start_matches("http://");
    let mut request = format!("{first} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    let is_chunked = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("transfer-encoding"));
    let has_length = !body.is_empty() || !first.starts_with("GET ");
    if has_length && !is_chunked {
        request += &format!("Content-Length: {}\r\n", body.len());
    }
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(format!("{request}\r\n").as_bytes())?;
    // A server that rejects a body may close the connection before reading all of it, after sending its
    // response.
    stream.write_all(body).and_then(|()| stream.flush()).ok();
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes);
    let answer = Answer::parse(&bytes);
    match (ended, answer) {
        (_, Ok(answer)) => Ok(answer),
        (Err(error), Err(_)) => Err(error).with_context(|| format!("{first} got no answer")),
        (Ok(_), Err(error)) => Err(error.context(format!("{first} got {} bytes", bytes.len()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_chunks_together() {
        let answer = Answer::parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: b\r\na: c\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            .expect("it is an answer");
        assert_eq!((answer.status, answer.body.as_slice()), (200, b"abcde".as_slice()));
        assert_eq!(answer.header("a").as_deref(), Some("b, c"));
        assert!(Answer::parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab").is_err());
    }
}
