//! The bill of materials in CycloneDX 1.6.

use anyhow::Result;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::parts::{Origin, Part};
use crate::process;

/// Returns the document as text. The serial number is derived from the content, so that the output is
/// reproducible.
pub fn of(parts: &[Part], made_at: Option<&str>) -> Result<String> {
    let (own, others): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(|part| part.origin == Origin::Own);
    let mut console = component(own[0], "application");
    console["components"] = own[1..].iter().map(|part| component(part, "library")).collect();
    let tool = json!({ "type": "application", "name": "muster-xtask", "version": env!("CARGO_PKG_VERSION") });
    let mut metadata = json!({ "tools": { "components": [tool] }, "component": console });
    if let Some(made_at) = made_at {
        metadata["timestamp"] = made_at.into();
    }
    let dependencies: Vec<Value> =
        parts.iter().map(|part| json!({ "ref": part.reference(), "dependsOn": part.needs })).collect();
    let mut document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": others.iter().map(|part| component(part, "library")).collect::<Vec<_>>(),
        "dependencies": dependencies,
    });
    document["serialNumber"] = serial_number(&document.to_string()).into();
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn component(part: &Part, kind: &str) -> Value {
    let mut component = json!({
        "type": kind,
        "bom-ref": part.reference(),
        "name": part.name,
        "version": part.version,
        "licenses": [{ "expression": part.licence }],
    });
    if part.origin != Origin::Own {
        component["purl"] = part.reference().into();
    }
    if let Some(sha256) = &part.sha256 {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": sha256 }]);
    }
    if let Some(repository) = &part.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

/// A version 8 UUID derived from a digest of the content.
fn serial_number(said: &str) -> String {
    let mut bytes: [u8; 32] = Sha256::digest(said).into();
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = |range: std::ops::Range<usize>| -> String {
        bytes[range].iter().map(|byte| format!("{byte:02x}")).collect()
    };
    format!("urn:uuid:{}-{}-{}-{}-{}", hex(0..4), hex(4..6), hex(6..8), hex(8..10), hex(10..16))
}

/// The timestamp: `SOURCE_DATE_EPOCH`, or else the time of the commit; `None` outside git.
pub fn made_at() -> Result<Option<String>> {
    let told = std::env::var("SOURCE_DATE_EPOCH")
        .ok()
        .or_else(|| process::capture(process::command("git").args(["log", "-1", "--format=%ct"])).ok());
    let Some(seconds) = told.filter(|told| !told.trim().is_empty()) else { return Ok(None) };
    let moment = OffsetDateTime::from_unix_timestamp(seconds.trim().parse()?)?;
    Ok(Some(moment.format(&Rfc3339)?))
}

#[cfg(test)]
mod tests {
    use super::super::parts;
    use super::*;

    #[test]
    fn the_same_parts_give_the_same_bytes_and_others_another_serial_number() {
        let mut parts = parts::known();
        let one = of(&parts, Some("2026-01-01T00:00:00Z")).expect("parts can be written");
        assert_eq!(one, of(&parts, Some("2026-01-01T00:00:00Z")).expect("parts can be written"));
        let serial =
            |text: &str| serde_json::from_str::<Value>(text).expect("it is JSON")["serialNumber"].clone();
        parts.pop();
        assert_ne!(serial(&one), serial(&of(&parts, None).expect("parts can be written")));
    }

    #[test]
    fn it_names_no_place_on_this_machine() {
        let parts = parts::known();
        let text = of(&parts, None).expect("parts can be written");
        assert!(!text.contains(&*crate::files::root().to_string_lossy()));
        assert!(
            !text.contains("registry") && !text.contains("file://"),
            "addresses of sources are not in it"
        );
    }
}
