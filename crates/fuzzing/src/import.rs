//! The reader of files of people.

use std::collections::BTreeSet;

use domain::{Severity, Vendor, list};
use import_worker::{Import, ImportChange, Reading, RowFilter, Standing};

/// Length of a heading that is shown as a whole, in bytes.
const SHORT: usize = 100;

/// Checks a file: its pieces say the same as the whole, nothing of it is lost, a row has a reason if and only if it cannot be used, and nobody is usable
/// twice in one group; also after its mapping was changed by hand.
pub(crate) fn run(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else { return };
    let vendor = Vendor::ALL[usize::from(*first) % Vendor::ALL.len()];
    let whole = Import::new(rest.to_vec(), vendor);
    let mut reading = Reading::new(rest.len(), vendor);
    rest.chunks(1 + usize::from(*first) * 16).for_each(|piece| reading.take(piece));
    let in_pieces = reading.finish().map(|import| import.summary());
    assert_eq!(in_pieces, whole.as_ref().map(Import::summary).map_err(|error| *error));
    let Ok(mut import) = whole else { return };
    let n_letters = letters(&list::decode(rest.to_vec()).0);
    check(&import, n_letters);
    let summary = import.summary();
    let mut columns: Vec<_> = summary.columns.iter().map(|column| column.kind).collect();
    columns.rotate_left(1);
    import.change(vec![ImportChange::Columns(columns), ImportChange::Header(!summary.has_header)]);
    check(&import, n_letters);
    import.change(vec![ImportChange::Country("44".into())]);
    check(&import, n_letters);
    // A duplicate is usable once the row before it is left out, so this takes as many turns as there are copies.
    let is_in = |(standing, _): &(Standing, usize)| *standing != Standing::LeftOut;
    for _ in 0..summary.n_rows * 2 + 4 {
        let Some((standing, _)) = import.summary().counts.into_iter().find(is_in) else { return };
        import.change(vec![ImportChange::LeaveOutAll(standing)]);
    }
    panic!("every turn leaves out a row: {:?}", import.summary().counts);
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

fn check(import: &Import, n_letters: usize) {
    let (summary, rows) = (import.summary(), import.rows(RowFilter::All, 0, usize::MAX));
    assert_eq!(rows.len(), summary.n_rows);
    let of_cells: usize = rows.iter().flat_map(|row| &row.cells).map(|cell| letters(cell)).sum();
    let of_header: usize = summary.columns.iter().map(|column| letters(&column.heading)).sum();
    // A long heading is shown in part.
    if summary.columns.iter().all(|column| column.heading.len() < SHORT) {
        assert_eq!(of_cells + of_header, n_letters, "no text is lost");
    }
    let mut line = 0;
    for row in &rows {
        // A line of addresses has several people.
        assert!(row.line >= line, "lines go on");
        line = row.line;
        let is_refused = row.problems.iter().any(|problem| problem.severity >= Severity::Refused);
        assert_eq!(is_refused, row.standing.is_problem(), "{row:?}");
    }
    let (people, next) = import.people(0, usize::MAX);
    assert_eq!((people.len(), next), (summary.n_usable, None));
    let mut seen = BTreeSet::new();
    for one in people {
        assert!(
            seen.insert((one.person.key.folded(), one.group)),
            "nobody is usable twice: {:?}",
            one.person
        );
    }
}
