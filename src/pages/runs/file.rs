//! Reads a chosen file of results into usable rows.

use domain::Problem;
use domain::capabilities::Identity;
use domain::export::{Opened, OpenedRow, ResultFile};
use domain::paste::parse_one;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Largest accepted file: about a million rows.
const MAX_BYTES: f64 = 400_000_000.0;

/// Reads the file. Never fails: errors are among the problems.
pub(super) async fn read(file: &File) -> Opened {
    if file.size() > MAX_BYTES {
        return Opened::not_results("muster");
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    let Some(text) = text else { return Opened::not_results("muster") };
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        match serde_json::from_str::<ResultFile>(text.trim_start_matches('\u{feff}')) {
            Ok(file) => file.open(),
            Err(_) => Opened::not_results("muster"),
        }
    } else {
        Opened::from_csv(&text)
    }
}

/// The rows whose people the vendor accepts, and the problems of the others: a file may have been edited by
/// hand.
pub(super) fn usable(rows: &[OpenedRow], identity: &Identity) -> (Vec<OpenedRow>, Vec<Problem>) {
    let (mut usable, mut problems) = (Vec::new(), Vec::new());
    for row in rows {
        let name = row.person.name.as_deref().unwrap_or_default();
        let entry = parse_one(row.person.key.as_str(), name, identity);
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
