//! Saves the results as a file.

use domain::ChangeId;
use domain::export::{ResultFile, ResultRow, to_csv};
use leptos::prelude::*;

use super::Here;
use super::showing::Showing;
use crate::features::approval::{SentBack, send_back_button};
use crate::features::results::download::{FileKind, save};
use crate::features::results::run_words::RunStage;
use crate::state::runs::RunView;
use browser::clock;
use i18n::text;
use ui::Button;

/// Every row of a run, in the format of files.
pub(in crate::pages) fn rows_of(run: &RunView) -> Vec<ResultRow> {
    let connection = run.connection();
    let began = clock::iso(run.started_at());
    untrack(|| {
        run.with_run(|known| {
            let row = |change: &domain::Change| {
                let outcome = known.outcome(change.id);
                ResultRow::of(connection.vendor, &connection.id, change, outcome.as_ref(), &began)
            };
            known.plan().changes.iter().map(row).collect()
        })
    })
}

/// The visible rows, in the format of files.
fn shown(here: Here, showing: Showing) -> Vec<ResultRow> {
    let rows = rows_of(&here.run());
    match untrack(|| showing.shown()) {
        // Change ids ascend, and rows are in the same order.
        Some(changes) => {
            let is_shown = |idx: usize| changes.binary_search(&ChangeId(idx as u32)).is_ok();
            rows.into_iter().enumerate().filter(|(idx, _)| is_shown(*idx)).map(|(_, row)| row).collect()
        }
        None => rows,
    }
}

/// The buttons that save the visible rows; their labels and the file names reflect the filter.
pub(super) fn buttons(here: Here, showing: Showing) -> AnyView {
    let value = move || showing.filter.get_untracked().name();
    let name = move || match value() {
        "" => "results".to_owned(),
        value => ["results-", &value.replace('_', "-")].concat(),
    };
    let csv = move || save(&name(), FileKind::Csv, &to_csv(shown(here, showing)));
    let json = move || {
        let run = here.run();
        let file = ResultFile {
            shown: value().into(),
            ..ResultFile::new(
                run.id().as_str(),
                &i18n::without_isolates(&untrack(|| here.title())),
                shown(here, showing),
            )
        };
        // Strings and lists of strings always serialize.
        save(&name(), FileKind::Json, &serde_json::to_string(&file).unwrap_or_default());
    };
    let csv_label = move || {
        showing.narrowed().map_or_else(text::run_download_csv, |shown| text::run_download_csv_of(&shown))
    };
    let json_label = move || {
        showing.narrowed().map_or_else(text::run_download_json, |shown| text::run_download_json_of(&shown))
    };
    view! {
        {send_back(here)}
        <div class="btn-group">
            <Button label=csv_label small=true icon="download" on_press=csv />
            <Button label=json_label small=true on_press=json />
        </div>
    }
    .into_any()
}

/// The button that gives the author of a request the results of its run, once that has ended.
fn send_back(here: Here) -> impl Fn() -> Option<AnyView> {
    let is_over = Memo::new(move |_| here.standing.with(|standing| standing.stage() == RunStage::Finished));
    let results = move || {
        let run = here.run();
        Some(SentBack {
            vendor: run.connection().vendor,
            run: run.id().clone(),
            approval: run.approval()?.clone(),
            ran: (run.started_at(), run.finished_at()?),
            rows: run.receipt().rows,
        })
    };
    let is_approved = here.run().approval().is_some();
    move || (is_approved && is_over.get()).then(|| send_back_button(results))
}
