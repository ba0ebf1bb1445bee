//! Reads a chosen file of results into usable rows.

use domain::capabilities::Identity;
use domain::export::{Opened, OpenedRow, ResultFile};
use domain::list::{Rules, decode};
use domain::{PersonKey, Problem};
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::features::adding::people_reader::people_reader;

/// Largest accepted file: about a million rows.
const MAX_BYTES: f64 = 400_000_000.0;

/// Reads the file. Never fails: errors are among the problems.
pub(super) async fn read(file: &File) -> Opened {
    if file.size() > MAX_BYTES {
        return Opened::not_results("muster");
    }
    let Ok(bytes) = JsFuture::from(file.array_buffer()).await else { return Opened::not_results("muster") };
    let (text, _) = decode(Uint8Array::new(&bytes).to_vec());
    if text.trim_start().starts_with('{') {
        match serde_json::from_str::<ResultFile>(&text) {
            Ok(file) => file.open(),
            Err(_) => Opened::not_results("muster"),
        }
    } else {
        Opened::from_csv(&text)
    }
}

/// The rows whose people the vendor accepts, and the problems of the others: a file may have been edited by
/// hand. Nothing until the code that reads people is here; tracked.
pub(super) fn usable(rows: &[OpenedRow], identity: &Identity) -> (Vec<OpenedRow>, Vec<Problem>) {
    let (mut usable, mut problems) = (Vec::new(), Vec::new());
    let Some(reader) = people_reader() else { return (usable, problems) };
    for row in rows {
        let name = row.person.name.as_deref().unwrap_or_default();
        let key = match &row.person.key {
            // Digits with the country code.
            PersonKey::Phone(digits) => &["+", digits].concat(),
            key => key.as_str(),
        };
        let entry = (reader.read_one)(key, name, &Rules::new(*identity));
        match entry.person {
            Some(person) => {
                let person = domain::Person { key: person.key, name: row.person.name.clone() };
                usable.push(OpenedRow { person, ..row.clone() });
            }
            None => {
                let at = |problem: Problem| Problem { place: domain::Place::Line(row.line), ..problem };
                problems.extend(entry.problems.into_iter().map(at));
            }
        }
    }
    (usable, problems)
}
