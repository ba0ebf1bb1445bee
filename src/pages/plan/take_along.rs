//! The results as a file.

use domain::export::{ResultFile, ResultRow, to_csv};
use leptos::prelude::*;

use super::Here;
use crate::i18n::text;
use crate::pages::download::{Kind, save};
use crate::runs::RunView;
use crate::ui::Button;

/// Every row of a run, as files have it.
pub(in crate::pages) fn rows_of(run: &RunView) -> Vec<ResultRow> {
    let connection = run.connection();
    let began = js_sys::Date::new(&(run.started_at() as f64).into()).to_iso_string();
    let began = String::from(began);
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

/// The buttons above the table.
pub(super) fn buttons(here: Here) -> AnyView {
    let csv = move || save("results", Kind::Csv, &to_csv(rows_of(&here.run())));
    let json = move || {
        let run = here.run();
        let file = ResultFile::new(run.id().as_str(), run.title(), rows_of(&run));
        // Texts and lists of texts are always JSON.
        save("results", Kind::Json, &serde_json::to_string(&file).unwrap_or_default());
    };
    view! {
        <div class="btn-group">
            <Button label=text::run_download_csv small=true icon="download" on_press=csv />
            <Button label=text::run_download_json small=true on_press=json />
        </div>
    }
    .into_any()
}
