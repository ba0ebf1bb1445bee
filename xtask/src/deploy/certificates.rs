//! Self-signed certificates for HTTPS vendors.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{files, process};

/// Certificates, each with its key in a `.key` file next to it.
pub struct Certificates {
    /// For `localhost`, trusted.
    pub right: PathBuf,
    /// For another name, trusted.
    pub other: PathBuf,
    /// For `localhost`, not trusted.
    pub stranger: PathBuf,
    /// The bundle of trusted certificates.
    pub trusted: PathBuf,
}

impl Certificates {
    /// Creates the certificates in a folder.
    pub fn make(folder: &Path) -> Result<Self> {
        let made = Self {
            right: one(folder, "right", "localhost")?,
            other: one(folder, "other", "other.example")?,
            stranger: one(folder, "stranger", "localhost")?,
            trusted: folder.join("trusted.pem"),
        };
        let bundle = files::read_text(&made.right)? + &files::read_text(&made.other)?;
        files::write(&made.trusted, bundle)?;
        Ok(made)
    }
}

/// The path of a certificate's key.
pub fn key(certificate: &Path) -> PathBuf {
    certificate.with_extension("key")
}

fn one(folder: &Path, name: &str, host: &str) -> Result<PathBuf> {
    let file = folder.join(format!("{name}.pem"));
    std::fs::create_dir_all(folder)?;
    let mut openssl = process::command("openssl");
    openssl.args(["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
    openssl.args(["-days", "2", "-subj", &format!("/CN={name}"), "-addext"]);
    openssl.arg(format!("subjectAltName=DNS:{host}")).arg("-keyout").arg(key(&file)).arg("-out").arg(&file);
    process::capture(&mut openssl).context("openssl made no certificate")?;
    Ok(file)
}
