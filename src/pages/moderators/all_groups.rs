//! The access review: who has power in which group, read on demand for all groups of a connection.

use std::sync::Arc;

use domain::scope_review::{ReviewProgress, ScopeHolding};
use domain::{Connection, GroupId};
use leptos::prelude::*;

use super::holders::holders;
use super::review_file::{review_csv, review_json};
use crate::features::directory::list_foot::{list_foot, refresh};
use crate::features::directory::reading_line::{row, waiting};
use crate::features::reading::not_read::not_read;
use crate::features::reading::pickers;
use crate::features::results::download::{FileKind, save};
use crate::routing::paths;
use crate::state::access_review::{AccessReview, ReviewStage, ReviewStatus, UnreadGroup};
use crate::state::runs::use_runs;
use crate::state::session::use_session;
use browser::clock;
use i18n::{format_number, text};
use ui::{Button, KeyedRow, Tone, Variant, empty_state, keyed, progress, skeleton};

/// Most groups that could not be read that are listed with their reasons.
const MAX_UNREAD_SHOWN: usize = 50;

/// The review as it is shown. Copies share state.
#[derive(Clone, Copy)]
pub(super) struct ReviewHere {
    pub(super) connection: StoredValue<Arc<Connection>>,
    pub(super) status: RwSignal<ReviewStatus>,
    /// Everyone with power, once for each group.
    pub(super) holdings: Memo<Vec<Arc<ScopeHolding>>>,
    unread: Memo<Vec<UnreadGroup>>,
    review: StoredValue<AccessReview, LocalStorage>,
}

/// The review of all groups, for vendors that can list groups and their members.
pub(super) fn all_groups(connection: &Arc<Connection>) -> Option<AnyView> {
    let groups = vendors::capabilities(connection.vendor).groups?;
    (groups.can_list && groups.can_list_members).then(|| {
        view! {
            <section class="stack-3" aria-labelledby="all-groups">
                <h2 id="all-groups">{text::moderators_all_groups}</h2>
                {ReviewHere::open(connection).view()}
            </section>
        }
        .into_any()
    })
}

impl ReviewHere {
    fn open(connection: &Arc<Connection>) -> Self {
        let review = AccessReview::open(use_session(), use_runs(), connection);
        let status: RwSignal<ReviewStatus> = review.status().into();
        let review = StoredValue::new_local(review);
        let version = Memo::new(move |_| status.with(|status| status.version));
        let holdings = Memo::new(move |_| {
            version.get();
            review.with_value(AccessReview::holdings).into_iter().map(Arc::new).collect()
        });
        let unread = Memo::new(move |_| {
            version.get();
            review.with_value(AccessReview::unread)
        });
        Self { connection: StoredValue::new(Arc::clone(connection)), status, holdings, unread, review }
    }

    fn view(self) -> AnyView {
        let is_unasked = self.is(|status| status.stage == ReviewStage::Unasked);
        // Shown from the first group on, so that nothing jumps while more are read.
        let has_any = self.is(|status| status.progress.n_read > 0 || status.read_at > 0);
        let has_unread = Memo::new(move |_| self.unread.with(|unread| !unread.is_empty()));
        let view = move || {
            if is_unasked.get() {
                return self.offer();
            }
            view! {
                <div class="reading-line">{self.line()}</div>
                {move || has_unread.get().then(|| self.unread())}
                {move || has_any.get().then(|| self.found())}
            }
            .into_any()
        };
        view! { <div>{view}</div> }.into_any()
    }

    fn is(self, is_it: fn(&ReviewStatus) -> bool) -> Memo<bool> {
        Memo::new(move |_| self.status.with(is_it))
    }

    fn act(self, act: fn(&AccessReview)) -> Callback<()> {
        Callback::new(move |()| self.review.with_value(act))
    }

    /// Says what the review costs, before anything is read.
    fn offer(self) -> AnyView {
        let per_group = self.review.with_value(AccessReview::calls_per_group) as usize;
        let load = self.act(AccessReview::go_on);
        let button = view! { <Button label=text::moderators_review_load icon="shield" on_press=load /> };
        empty_state(
            "shield",
            text::moderators_review_ask_title(),
            text::moderators_review_ask_body(per_group),
            Some(button.into_any()),
        )
    }

    /// How far the review is, and what can be done about it.
    fn line(self) -> impl Fn() -> AnyView + Send + 'static {
        let stage = Memo::new(move |_| self.status.with(|status| status.stage.clone()));
        move || match stage.get() {
            ReviewStage::Unasked => ().into_any(),
            ReviewStage::Listing => skeleton(),
            ReviewStage::Reading => self.reading(),
            ReviewStage::Waiting(until) => self
                .connection
                .with_value(|connection| waiting(connection, until, self.act(AccessReview::pause))),
            ReviewStage::Asking { n_groups, n_calls } => {
                let groups = text::groups_n_here(n_groups as usize);
                let asked = text::moderators_review_asks(n_calls as usize, &groups);
                let agree = self.act(AccessReview::agree);
                row(
                    asked,
                    view! { <Button label=text::moderators_review_load small=true on_press=agree /> }
                        .into_any(),
                )
            }
            ReviewStage::Paused => {
                let said =
                    move || self.status.with(|status| text::directory_paused(&n_read(status.progress)));
                let on = self.act(AccessReview::go_on);
                row(said, view! { <Button label=text::directory_go_on small=true on_press=on /> }.into_any())
            }
            ReviewStage::Failed(failure) => self
                .connection
                .with_value(|connection| not_read(connection, &failure, self.act(AccessReview::go_on))),
            ReviewStage::Done => ().into_any(),
        }
    }

    fn reading(self) -> AnyView {
        let of = move |count: fn(ReviewProgress) -> usize| {
            Signal::derive(move || self.status.with(|status| count(status.progress)))
        };
        let (done, total) =
            (of(|progress| progress.n_read + progress.n_failed), of(|progress| progress.n_groups));
        let said = move || self.status.with(|status| text::directory_n_calls(status.n_calls));
        let pause = self.act(AccessReview::pause);
        view! {
            <div class="reading-row">
                {progress(Signal::derive(text::moderators_review_reading), done, total)}
                <span class="muted">{said}</span>
                <Button label=text::directory_pause small=true variant=Variant::Quiet on_press=pause />
            </div>
        }
        .into_any()
    }

    /// The groups that could not be read, with their reasons.
    fn unread(self) -> AnyView {
        let count = Memo::new(move |_| self.unread.with(Vec::len));
        let has_more = move || count.get() > MAX_UNREAD_SHOWN;
        let has_several = Memo::new(move |_| count.get() > 1);
        let all = move || {
            let ids: Vec<GroupId> =
                self.unread.with_untracked(|unread| unread.iter().map(|group| group.id.clone()).collect());
            self.review.with_value(|review| review.retry(&ids));
        };
        let rows = move || {
            let one = |group: &UnreadGroup| {
                let group = group.clone();
                let key = [group.id.as_str(), " ", &group.failure.error.code].concat();
                KeyedRow::new(key, move || self.unread_group(group))
            };
            self.unread.with(|unread| unread.iter().take(MAX_UNREAD_SHOWN).map(one).collect())
        };
        let more = move || {
            let n_more = count.get().saturating_sub(MAX_UNREAD_SHOWN);
            has_more().then(|| view! { <p class="card-body muted">{text::results_n_more(n_more)}</p> })
        };
        view! {
            <section class="card" aria-labelledby="unread-groups">
                <div class="card-head">
                    <h3 id="unread-groups">{move || text::moderators_review_unread(count.get())}</h3>
                    {move || {
                        has_several
                            .get()
                            .then(|| {
                                view! {
                                    <Button label=text::moderators_review_again_all small=true on_press=all />
                                }
                            })
                    }}
                </div>
                <ul class="checks">{keyed(rows)}</ul>
                {more}
            </section>
        }
        .into_any()
    }

    fn unread_group(self, group: UnreadGroup) -> AnyView {
        let UnreadGroup { id, name, failure } = group;
        let connection = self.connection.get_value();
        let href = paths::group(connection.id.as_str(), id.as_str());
        let words = move || {
            let words = pickers::failure(&connection, &failure);
            [&words.title, " ", &words.detail].concat()
        };
        let shown_id = id.to_string();
        let again = move || self.review.with_value(|review| review.retry(std::slice::from_ref(&id)));
        view! {
            <li>
                {Tone::Refused.glyph()} <span>
                    <a href=href>
                        <bdi translate="no">{name}</bdi>
                    </a>
                    " "
                    <bdi translate="no" class="id">
                        {shown_id}
                    </bdi>
                </span> <Button label=text::ui_try_again small=true on_press=again />
                <p class="more">{words}</p>
            </li>
        }
        .into_any()
    }

    /// What was read so far.
    fn found(self) -> AnyView {
        let has_groups = self.is(|status| status.progress.n_groups > 0);
        let has_holders = Memo::new(move |_| self.holdings.with(|holdings| !holdings.is_empty()));
        let view = move || match (has_groups.get(), has_holders.get()) {
            (false, _) => empty_state(
                "messages-square",
                text::groups_empty_title(),
                text::groups_empty_body(),
                Some(self.refresh()),
            ),
            (true, false) => empty_state(
                "shield",
                text::moderators_nobody_title(),
                text::moderators_review_nobody_body(),
                Some(self.refresh()),
            ),
            (true, true) => holders(self),
        };
        view.into_any()
    }

    fn refresh(self) -> AnyView {
        refresh(self.act(AccessReview::again))
    }

    /// The line below the people with power.
    pub(super) fn foot(self, said: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
        let loaded = Signal::derive(move || {
            self.status.with(|status| {
                (status.stage == ReviewStage::Done).then_some((status.read_at, status.n_calls))
            })
        });
        list_foot(said, loaded, self.act(AccessReview::again))
    }

    /// Saves everything that was read, whatever is shown, as the kept review.
    pub(super) fn exports(self) -> AnyView {
        let csv = move || {
            let csv = self.holdings.with_untracked(|holdings| review_csv(holdings, clock::iso));
            save("access-review", FileKind::Csv, &csv);
        };
        let json = move || {
            let json = self.connection.with_value(|connection| {
                self.review.with_value(|review| {
                    review.with_groups(|groups| review_json(connection, groups, clock::now(), clock::iso))
                })
            });
            save("access-review", FileKind::Json, &json);
        };
        view! {
            <Button label=text::activity_export_csv small=true icon="download" on_press=csv />
            <Button label=text::activity_export_json small=true icon="download" on_press=json />
        }
        .into_any()
    }
}

/// "5 of 20" groups.
fn n_read(progress: ReviewProgress) -> String {
    text::directory_n_of(text::DirectoryNOf {
        n: &format_number((progress.n_read + progress.n_failed) as f64),
        total: &format_number(progress.n_groups as f64),
    })
}
