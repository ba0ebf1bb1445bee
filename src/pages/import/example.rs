//! An example file with the columns that a vendor has a use for.

use domain::Vendor;
use domain::capabilities::{AddTarget, IdShape};
use domain::export::table;

use crate::features::results::download::{self, FileKind};

/// A column of the example: its heading, and the cells of two people.
type Column = [&'static str; 3];

/// The columns for a vendor.
fn columns(vendor: Vendor) -> Vec<Column> {
    let can = vendors::capabilities(vendor);
    let mut columns: Vec<Column> = Vec::new();
    if can.identity.takes_emails {
        columns.push(["email", "mila@members.example", "noor@members.example"]);
    } else if can.identity.takes_ids {
        columns.push(match can.identity.id_shape {
            IdShape::Slug { .. } => ["user id", "mila-101", "noor-102"],
            IdShape::Uuid => {
                ["user id", "3f0c2a1e-5b7d-4c11-9a52-7c1d0e8b4f60", "3f0c2a1e-5b7d-4c11-9a52-7c1d0e8b4f61"]
            }
            IdShape::Hex24 => ["user id", "507f1f77bcf86cd799439011", "507f1f77bcf86cd799439012"],
        });
    }
    if can.identity.takes_phones {
        columns.push(["phone", "+44 7700 900142", "+44 7700 900143"]);
    }
    columns.push(["name", "Mila Rossi", "Noor Haddad"]);
    if can.add.target != AddTarget::Whole {
        columns.push(["group", "", ""]);
    }
    if can.identity.takes_scopes {
        columns.push(["scope", "participant", "moderator"]);
    }
    if can.add.has_roles {
        columns.push(["role", "", ""]);
    }
    if can.add.has_prices {
        columns.push(["plan", "", ""]);
    }
    columns
}

/// Saves the example for a vendor.
pub(super) fn save(vendor: Vendor) {
    let columns = columns(vendor);
    let rows = (0..3).map(|row| columns.iter().map(move |column| column[row]));
    download::save(&["example-", vendor.slug()].concat(), FileKind::Csv, &table(rows));
}

#[cfg(test)]
mod tests {
    use import_worker::Import;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn every_example_is_a_list_of_two_people() {
        for vendor in Vendor::ALL {
            let columns = columns(vendor);
            let text = table((0..3).map(|row| columns.iter().map(move |column| column[row])));
            let import = Import::new(text.into_bytes(), vendor).expect("a table");
            let summary = import.summary();
            assert_eq!((summary.n_usable, summary.n_rows), (2, 2), "{vendor:?}");
        }
    }
}
