//! CometChat's pagination (CometChat contract, section 2).

use serde_json::{Value, json};

use crate::{Response, call::Call, reply::json_reply};

/// The page that a call requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    page: usize,
    per_page: usize,
}

impl Wanted {
    /// CometChat, List members: `page` from 1, `perPage` 100 by default and at most 1000.
    // Assumed: CometChat caps `perPage` at 1000, also for bans and roles; 0 and invalid mean the default.
    pub(super) fn of(call: &Call<'_>) -> Self {
        let number = |name: &str| {
            call.query(name).and_then(|text| text.parse::<usize>().ok()).filter(|number| *number > 0)
        };
        Self { page: number("page").unwrap_or(1), per_page: number("perPage").unwrap_or(100).min(1000) }
    }

    /// The response with one page of rows.
    // Assumed: a CometChat page past the end is empty and has the real totals.
    pub(super) fn reply<T>(self, rows: &[T], show: impl Fn(&T) -> Value, cursor: Cursor) -> Response {
        let start = self.page.saturating_sub(1).saturating_mul(self.per_page);
        let data: Vec<Value> = rows.iter().skip(start).take(self.per_page).map(show).collect();
        let mut meta = json!({ "pagination": {
            "total": rows.len(), "count": data.len(), "per_page": self.per_page,
            "current_page": self.page, "total_pages": rows.len().div_ceil(self.per_page),
        } });
        let newest =
            data.first().and_then(|row| row.get("updatedAt").or_else(|| row.get("createdAt"))).cloned();
        let mark = newest.map(|at| json!({ "updatedAt": at, "affix": "prepend" }));
        let mut body = json!({ "data": data });
        match (cursor, mark) {
            (Cursor::Top, Some(mark)) => body["cursor"] = mark,
            (Cursor::InMeta, Some(mark)) => meta["cursor"] = mark,
            (Cursor::None, _) | (_, None) => {}
        }
        body["meta"] = meta;
        json_reply(200, &body)
    }
}

/// Where a list response has its cursor (CometChat's examples differ from list to list).
#[derive(Clone, Copy, Debug)]
pub(super) enum Cursor {
    Top,
    InMeta,
    None,
}
