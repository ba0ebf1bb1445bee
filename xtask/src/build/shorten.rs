//! Shortens the names of imports between a release's script and Wasm, and removes unused exports and the names
//! of functions.
//!
//! wasm-bindgen ends the name of every import in a hash, which does not compress and occurs twice; together
//! the hashes are a thirtieth of a first load.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// Streams for server functions, which Leptos links and exports although the console has no server functions.
/// Their classes stay in the script, unused.
const UNUSED: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];

const HEADER_LENGTH: usize = 8;
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// The custom section with the names of functions.
const NAMES: &[u8] = b"name";

/// Returns the Wasm and the script with short names.
pub fn shorten(wasm: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let mut short = BTreeMap::new();
    let wasm = rewrite(wasm, |id, section| {
        Ok(Some(match id {
            IMPORTS => imports(section, &mut short)?,
            EXPORTS => exports(section)?,
            _ => section.to_vec(),
        }))
    })?;
    Ok((wasm, rename(script, &short)))
}

/// Returns the Wasm without the names of its functions, which a release does not show.
pub fn without_names(wasm: &[u8]) -> Result<Vec<u8>> {
    rewrite(wasm, |id, section| {
        let is_named = id == CUSTOM && Reader(section).bytes()? == NAMES;
        Ok((!is_named).then(|| section.to_vec()))
    })
}

/// Replaces each section by what `change` returns, and leaves it out if that is `None`.
fn rewrite(wasm: &[u8], mut change: impl FnMut(u8, &[u8]) -> Result<Option<Vec<u8>>>) -> Result<Vec<u8>> {
    let mut out = wasm.get(..HEADER_LENGTH).context("the Wasm has no header")?.to_vec();
    let mut rest = Reader(&wasm[HEADER_LENGTH..]);
    while !rest.0.is_empty() {
        let id = rest.byte()?;
        if let Some(section) = change(id, rest.bytes()?)? {
            out.push(id);
            write_bytes(&mut out, &section);
        }
    }
    Ok(out)
}

fn imports(section: &[u8], short: &mut BTreeMap<String, String>) -> Result<Vec<u8>> {
    let mut from = Reader(section);
    let mut out = Vec::new();
    let count = from.number()?;
    write_number(&mut out, count);
    for _ in 0..count {
        write_bytes(&mut out, from.bytes()?);
        let name = std::str::from_utf8(from.bytes()?)?;
        if is_digested(name) {
            let n = short.len();
            let name = short.entry(name.to_owned()).or_insert_with(|| format!("w{n:x}"));
            write_bytes(&mut out, name.as_bytes());
        } else {
            write_bytes(&mut out, name.as_bytes());
        }
        out.extend(from.import_kind()?);
    }
    Ok(out)
}

fn exports(section: &[u8]) -> Result<Vec<u8>> {
    let mut from = Reader(section);
    let mut kept = Vec::new();
    let mut n_kept = 0;
    for _ in 0..from.number()? {
        let (name, kind, index) = (from.bytes()?, from.byte()?, from.number()?);
        if !UNUSED.iter().any(|unused| name.starts_with(unused.as_bytes())) {
            write_bytes(&mut kept, name);
            kept.push(kind);
            write_number(&mut kept, index);
            n_kept += 1;
        }
    }
    let mut out = Vec::new();
    write_number(&mut out, n_kept);
    out.extend(kept);
    Ok(out)
}

/// Matches `__wbg_name_d1fa514fdca6a975`.
fn is_digested(name: &str) -> bool {
    let digest = name.rsplit_once('_').map_or("", |(_, digest)| digest);
    name.starts_with("__wb") && digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Replaces whole words only, so that a name that is a prefix of another is safe.
fn rename(script: &str, short: &BTreeMap<String, String>) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find(is_part) {
        let length = rest[start..].find(|c| !is_part(c)).unwrap_or(rest.len() - start);
        let word = &rest[start..start + length];
        out.push_str(&rest[..start]);
        out.push_str(short.get(word).map_or(word, String::as_str));
        rest = &rest[start + length..];
    }
    out + rest
}

/// Reads the primitives of the Wasm binary format.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let (&first, rest) = self.0.split_first().context("the Wasm ends too early")?;
        self.0 = rest;
        Ok(first)
    }

    fn number(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("the Wasm holds a number that is too long")
    }

    fn bytes(&mut self) -> Result<&'a [u8]> {
        let length = usize::try_from(self.number()?)?;
        let (bytes, rest) = self.0.split_at_checked(length).context("the Wasm ends too early")?;
        self.0 = rest;
        Ok(bytes)
    }

    /// The raw descriptor of an import: a type index, or limits.
    fn import_kind(&mut self) -> Result<&'a [u8]> {
        let before = self.0;
        match self.byte()? {
            0 => drop(self.number()?),
            1 => {
                self.byte()?;
                self.limits()?;
            }
            2 => self.limits()?,
            3 => {
                self.byte()?;
                self.byte()?;
            }
            4 => {
                self.byte()?;
                self.number()?;
            }
            other => bail!("the Wasm imports something of kind {other}"),
        }
        Ok(&before[..before.len() - self.0.len()])
    }

    fn limits(&mut self) -> Result<()> {
        let has_most = self.byte()? & 1 == 1;
        self.number()?;
        if has_most {
            self.number()?;
        }
        Ok(())
    }
}

fn write_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
        number >>= 7;
    }
    out.push(u8::try_from(number).unwrap_or_default());
}

fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_number(out, bytes.len() as u64);
    out.extend(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "__wbg_name_d1fa514fdca6a975";

    fn module(sections: &[(u8, &[u8])]) -> Vec<u8> {
        let mut out = b"\0asm\x01\0\0\0".to_vec();
        for (id, section) in sections {
            out.push(*id);
            write_bytes(&mut out, section);
        }
        out
    }

    fn import(name: &str) -> Vec<u8> {
        let mut out = vec![2];
        for name in [name, "memory"] {
            write_bytes(&mut out, b"./muster_bg.js");
            write_bytes(&mut out, name.as_bytes());
            out.extend([0, 5]);
        }
        out
    }

    #[test]
    fn a_name_with_a_digest_is_short_in_both() {
        let script = format!("const imports = {{ {LONG}: f, {LONG}_2: g, memory }};");
        let (wasm, script) =
            shorten(&module(&[(IMPORTS, &import(LONG)), (9, b"same")]), &script).expect("it is Wasm");
        assert_eq!(wasm, module(&[(IMPORTS, &import("w0")), (9, b"same")]));
        assert_eq!(script, format!("const imports = {{ w0: f, {LONG}_2: g, memory }};"));
    }

    #[test]
    fn exports_that_nobody_calls_are_left_out() {
        let all = b"\x02\x04main\0\x07\x14intounderlyingsource\0\x08";
        let (wasm, _) = shorten(&module(&[(EXPORTS, all)]), "").expect("it is Wasm");
        assert_eq!(wasm, module(&[(EXPORTS, b"\x01\x04main\0\x07")]));
    }

    #[test]
    fn the_names_of_functions_are_left_out() {
        let other = (CUSTOM, b"\x05other12".as_slice());
        let named = module(&[(9, b"same"), (CUSTOM, b"\x04name12"), other]);
        assert_eq!(without_names(&named).expect("it is Wasm"), module(&[(9, b"same"), other]));
    }

    #[test]
    fn what_is_no_wasm_is_refused() {
        assert!(shorten(b"\0asm", "").is_err());
        assert!(shorten(&module(&[])[..], "").is_ok());
        assert!(shorten(b"\0asm\x01\0\0\0\x02\x7f", "").is_err());
    }
}
