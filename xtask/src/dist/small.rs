//! Precompressed copies next to the files, for servers that send these instead of compressing on the fly.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use flate2::{Compression, GzBuilder};

use super::settings;
use crate::build::Built;
use crate::files;

/// Text formats and Wasm; images and fonts are already compressed.
const KINDS: [&str; 8] = ["html", "css", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// Writes the compressed copies of a file.
pub fn copies(built: &Built, site: &Path, name: &str) -> Result<()> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    // The operator may edit this file in place, which would leave the copies stale.
    if name == settings::NAME || !KINDS.contains(&extension) {
        return Ok(());
    }
    let bytes = files::read(&site.join(name))?;
    let known = built.compressed.join(format!("{name}.br"));
    // A page that is hosted under a path is not that of the build.
    let is_built = known.is_file() && files::read(&built.files.join(name))? == bytes;
    let brotli = if is_built { files::read(&known)? } else { crate::build::compress(&bytes)? };
    for (ending, small) in [("br", brotli), ("gz", gzip(&bytes)?)] {
        if small.len() < bytes.len() {
            files::write(&site.join(format!("{name}.{ending}")), small)?;
        }
    }
    Ok(())
}

/// Without file name and time, so that the output is reproducible.
fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut small = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    small.write_all(bytes)?;
    Ok(small.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_same_bytes_are_compressed_to_the_same_bytes() {
        let bytes = b"muster ".repeat(100);
        let small = gzip(&bytes).expect("memory can be written");
        assert_eq!(small, gzip(&bytes).expect("memory can be written"));
        assert_eq!(small[4..8], [0; 4], "the time of making");
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&small[..]).read_to_end(&mut back).expect("it is gzip");
        assert_eq!(back, bytes);
    }
}
