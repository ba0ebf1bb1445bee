//! The first step: a file, or pasted text.

use browser::workbook::WorkbookFailure;
use domain::list::Encoding;
use import_worker::ImportError;
use leptos::prelude::*;
use web_sys::{Blob, File};

use super::example;
use super::importing::{Failure, Importing, Source, Stage};
use super::step;
use crate::state::launched::{LaunchedKind, open_launched};
use i18n::{format_number, text};
use js_sys::Array;
use ui::{
    Button, Disclosure, Select, SelectOption, SelectValue, TextArea, Tone, Upload, Variant, progress,
    titled_notice,
};

const ACCEPTED: &str = ".xlsx,.csv,.tsv,.tab,.txt,text/csv,text/tab-separated-values,text/plain";

/// Chooses, drops or pastes what is imported.
pub(super) fn source(importing: Importing, choices: AnyView) -> AnyView {
    let on_file = move |file: File| importing.open(Source { name: file.name(), blob: file.into() });
    open_launched(LaunchedKind::People, on_file);
    let chooser = move || {
        let pasted = RwSignal::new(String::new());
        let read = move || {
            let text = pasted.get_untracked();
            let parts = Array::of1(&text.into());
            // Making a blob of a text fails only without memory.
            if let Ok(blob) = Blob::new_with_str_sequence(&parts) {
                importing.open(Source { name: text::import_pasted(), blob });
            }
        };
        let is_empty = move || pasted.with(|text| text.trim().is_empty()).then(text::import_paste_first);
        let vendor = importing.connection().vendor;
        view! {
            <Upload label=text::import_file help=text::import_file_help accept=ACCEPTED on_file=on_file />
            <Disclosure label=text::import_paste>
                <div class="stack-2">
                    <TextArea label=text::import_paste_label value=pasted rows=8 />
                    <div class="cluster">
                        <Button label=text::import_read small=true disabled_reason=is_empty on_press=read />
                    </div>
                </div>
            </Disclosure>
            <div class="cluster">
                <Button
                    label=text::import_example
                    variant=Variant::Link
                    small=true
                    icon="download"
                    on_press=move || example::save(vendor)
                />
            </div>
        }
        .into_any()
    };
    let body = move || match importing.stage.get() {
        Stage::Nothing => chooser(),
        Stage::Reading => reading(importing),
        Stage::Open => opened(importing),
        Stage::Failed(failure) => {
            let (title, body) = failure_words(failure);
            view! {
                {titled_notice(Tone::Refused, title, body, None)}
                {sheet_choice(importing)}
                {chooser()}
            }
            .into_any()
        }
    };
    let body = view! {
        {choices}
        <div class="stack-3">{body}</div>
    };
    step(1, text::import_step_source, text::import_on_device, body.into_any())
}

fn reading(importing: Importing) -> AnyView {
    let label = Signal::derive(move || text::import_reading(&importing.name()));
    let done = Signal::derive(move || (importing.share.get() * 100.0) as usize);
    view! {
        {progress(label, done, Signal::stored(100))}
        <div class="cluster">
            <Button label=text::ui_cancel small=true on_press=move || importing.close() />
        </div>
    }
    .into_any()
}

fn opened(importing: Importing) -> AnyView {
    let what = move || {
        let summary = importing.summary.get()?;
        let size = size_words(importing.size());
        let encoding = encoding_word(summary.encoding);
        let separator = separator_word(summary.separator);
        Some(text::import_opened(text::ImportOpened { size: &size, encoding, separator: &separator }))
    };
    view! {
        <div class="row">
            <p class="grow">
                <bdi translate="no">
                    <strong>{importing.name()}</strong>
                </bdi>
                <span class="small muted">" "{what}</span>
            </p>
            <Button
                label=text::import_other_file
                variant=Variant::Link
                small=true
                on_press=move || importing.close()
            />
        </div>
        {sheet_choice(importing)}
    }
    .into_any()
}

/// The choice of the sheet of a workbook, and a word about hidden ones; nothing if there is one sheet.
fn sheet_choice(importing: Importing) -> AnyView {
    let sheets = move || {
        let names = importing.sheets.get();
        (names.len() > 1).then(|| {
            let options = names
                .into_iter()
                .enumerate()
                .map(|(idx, name)| SelectOption::data(idx.to_string(), name))
                .collect::<Vec<_>>();
            let now = move || importing.sheet.get().to_string();
            let choose = move |chosen: String| {
                if let Ok(sheet) = chosen.parse() {
                    importing.read_sheet(sheet);
                }
            };
            let value = SelectValue::new(now, choose);
            view! { <Select label=text::import_sheet value=value options=Signal::stored(options) /> }
        })
    };
    let hidden = move || {
        let n = importing.n_hidden.get();
        (n > 0).then(|| view! { <p class="help">{text::import_hidden_sheets(n)}</p> })
    };
    view! {
        {sheets}
        {hidden}
    }
    .into_any()
}

fn size_words(bytes: f64) -> String {
    const KB: f64 = 1000.0;
    if bytes < KB {
        text::import_bytes(bytes as usize)
    } else if bytes < KB * KB {
        text::import_kilobytes(&format_number((bytes / KB).round()))
    } else {
        text::import_megabytes(&format_number((bytes / KB / KB * 10.0).round() / 10.0))
    }
}

fn encoding_word(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
        Encoding::Windows1252 => "Windows-1252",
    }
}

fn separator_word(separator: Option<char>) -> String {
    match separator {
        Some(',' | '，' | '、' | '､' | '،') => text::import_separator_comma(),
        Some(';' | '；' | '؛') => text::import_separator_semicolon(),
        Some('\t') => text::import_separator_tab(),
        Some('|' | '｜') => text::import_separator_bar(),
        Some(_) | None => text::import_separator_none(),
    }
}

/// What went wrong, and what to do.
fn failure_words(failure: Failure) -> (String, String) {
    match failure {
        Failure::File(ImportError::Empty) => (text::import_failed_empty(), text::import_failed_empty_body()),
        Failure::File(ImportError::NoText) => {
            (text::import_failed_no_text(), text::import_failed_no_text_body())
        }
        Failure::File(ImportError::TooManyColumns) => {
            (text::import_failed_columns(), text::import_failed_columns_body())
        }
        Failure::File(ImportError::TooLarge) => {
            (text::import_failed_large(), text::import_failed_large_body())
        }
        Failure::File(ImportError::Unreadable) => {
            (text::import_failed_unreadable(), text::import_failed_unreadable_body())
        }
        Failure::Worker | Failure::Workbook(WorkbookFailure::Ended) => {
            (text::import_failed_worker(), text::import_failed_worker_body())
        }
        Failure::Workbook(WorkbookFailure::Unreadable) => {
            (text::import_failed_unreadable(), text::import_failed_unreadable_body())
        }
        Failure::Workbook(WorkbookFailure::Refused(reason)) => match &*reason {
            "encrypted" => (text::import_failed_encrypted(), text::import_failed_encrypted_body()),
            "macros" => (text::import_failed_macros(), text::import_failed_macros_body()),
            "old_format" | "other_format" => {
                (text::import_failed_format(), text::import_failed_format_body())
            }
            "too_large" => (text::import_failed_workbook_large(), text::import_failed_workbook_large_body()),
            "no_sheets" => (text::import_failed_empty(), text::import_failed_empty_body()),
            _ => (text::import_failed_workbook(), text::import_failed_workbook_body()),
        },
    }
}
