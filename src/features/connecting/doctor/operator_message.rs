//! A text for the operator of the other side: what was tried, what came back, and the lines to add.

use domain::ConnectionKind;
use domain::examination::CheckStatus;
use vendors::examine;

use super::report::Report;
use super::words::{self, Said};
use browser::transport;
use i18n::{format_date_time, format_list, text};

/// The text. It contains no key: none is known here.
pub(super) fn operator_message(report: &Report) -> String {
    let connection = &*report.connection;
    let origin = words::page_origin();
    let address = transport::base(&connection.base_url);
    let head = text::doctor_letter_head(text::DoctorLetterHead {
        address: &address,
        origin: &origin,
        vendor: connection.vendor.name(),
    });
    let mut parts = vec![head, found(report)];
    let needs = examine::needs(connection);
    if report.examination.setting().crosses_sites() {
        parts.push(text::doctor_letter_cors());
        parts.push(indented(&examine::cors(&needs, &origin)));
    }
    if connection.kind == ConnectionKind::Relay {
        let methods: Vec<String> = needs.methods.iter().map(ToString::to_string).collect();
        parts.push(text::doctor_letter_nginx());
        parts.push(indented(&examine::relay_of_nginx(connection)));
        parts.push(text::doctor_letter_caddy());
        parts.push(indented(&examine::relay_of_caddy(connection)));
        parts.push(
            [text::doctor_letter_relay_rules(), text::doctor_letter_methods(&format_list(&methods))]
                .join(" "),
        );
    }
    parts.join("\n\n")
}

/// What was tried, one line each, with an explanation below each failure.
fn found(report: &Report) -> String {
    let date = format_date_time(report.began as f64);
    let mut lines = vec![text::doctor_letter_found(&date)];
    for row in report.examination.rows() {
        let Said { title, measure, body } = words::said(&row, &report.connection);
        let standing = match row.standing {
            CheckStatus::Passed => text::doctor_letter_passed(),
            CheckStatus::ToKnow => text::doctor_letter_to_know(),
            CheckStatus::Failed => text::doctor_letter_failed(),
            CheckStatus::NotTried | CheckStatus::Waiting => text::doctor_letter_not_tried(),
        };
        let is_measured = !measure.is_empty() && measure != standing;
        lines.push(if is_measured {
            let line = text::DoctorLetterLineWith { measure: &measure, standing: &standing, title: &title };
            text::doctor_letter_line_with(line)
        } else {
            text::doctor_letter_line(text::DoctorLetterLine { standing: &standing, title: &title })
        });
        if matches!(row.standing, CheckStatus::Failed | CheckStatus::ToKnow) && !body.is_empty() {
            lines.push(indented(&body));
        }
    }
    lines.join("\n")
}

fn indented(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { String::new() } else { ["    ", line].concat() };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
