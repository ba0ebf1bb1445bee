//! Keeps what was read of a directory on the device, and goes on with it after a reload or in another tab.
//!
//! What is kept is written as a whole: how far the reading is, and the people, which the worker gives as bytes. The later
//! write wins.

use std::collections::VecDeque;

use browser::clock;
use directory_worker::message::{ListQuestion, read_scopes};
use domain::Millis;
use domain::kept::{KeptList, KeptReading};
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::directory::{DirectoryOf, PeopleDirectory, ReadingStage};
use super::group_read::GroupRead;
use super::keeping::{self, KeepMoment, Keeper, ListBeingRead};
use super::session::NotKept;
use super::whole::ListReading;

/// Pages of a reading between two writes. Of long lists it is a quarter of the pages, because everything is written.
const KEEP_EVERY: usize = 20;
/// Most bytes that are kept: more than a million usual people.
const MAX_BYTES: u32 = 256 << 20;
/// A reading that was interrupted longer ago starts over, because too much has changed.
const MAX_AGE_MS: Millis = 24 * 60 * 60 * 1_000;
/// The bytes of the length that precedes what is known of the reading.
const PREFIX: u32 = 4;

/// Makes keeping possible; what names it contains all its code.
pub fn install_keeper() {
    keeping::install(Keeper {
        keep: keep_if_due,
        restore: |directory| Box::pin(async move { directory.restore().await.unwrap_or(false) }),
    });
}

/// Keeps what was read if it is time to.
fn keep_if_due(directory: &PeopleDirectory, moment: KeepMoment, reading: Option<ListBeingRead>) {
    let n_pages = &directory.0.keeping.n_pages;
    let is_due = match moment {
        KeepMoment::Page => {
            n_pages.set(n_pages.get() + 1);
            let n_calls = reading.map_or(0, |(_, list)| list.progress().n_calls);
            n_pages.get() >= KEEP_EVERY.max(n_calls / 4)
        }
        KeepMoment::Waiting => n_pages.get() > 0,
        KeepMoment::Stopped => true,
        KeepMoment::AtRest => {
            let is_blank = directory.0.status.with_untracked(|status| status.is_blank());
            !is_blank && !directory.0.task.is_under_way()
        }
    };
    if is_due {
        directory.write(reading);
    }
}

impl DirectoryOf {
    /// The name of the directory among those of a connection. Names of groups do not appear in the database.
    fn name(&self) -> String {
        let key = match self {
            DirectoryOf::Everyone => "everyone".to_owned(),
            DirectoryOf::Group(group) => ["group ", group.as_str()].concat(),
        };
        format!("{:016x}", domain::whole::key_of(&key))
    }
}

impl PeopleDirectory {
    /// Notes that nothing of it is on the device any more.
    pub(super) fn note_forgotten(&self) {
        self.0.status.maybe_update(|status| std::mem::take(&mut status.is_kept));
    }

    fn write(&self, reading: Option<ListBeingRead>) {
        let (inner, keeping) = (&self.0, &self.0.keeping);
        if keeping.is_writing.get() {
            keeping.is_late.set(true);
            return;
        }
        let Some(worker) = &inner.worker else { return };
        let people = worker.ask_for_bytes(&ListQuestion::Snapshot);
        keeping.is_writing.set(true);
        keeping.is_late.set(false);
        keeping.n_pages.set(0);
        let head = self.noted(reading).encode();
        let directory = self.clone();
        spawn_local(async move {
            let inner = &directory.0;
            if let Ok(people) = people.await {
                let not_kept = directory.store(&head, &people).await.err();
                inner
                    .status
                    .maybe_update(|status| std::mem::replace(&mut status.not_kept, not_kept) != not_kept);
            }
            inner.keeping.is_writing.set(false);
            if inner.keeping.is_late.get() {
                directory.keep(KeepMoment::AtRest, None);
            }
        });
    }

    async fn store(&self, head: &[u8], people: &Uint8Array) -> Result<(), NotKept> {
        let inner = &self.0;
        let start = PREFIX + head.len() as u32;
        let len = people.length().saturating_add(start);
        if len > MAX_BYTES {
            return Err(NotKept::TooLarge);
        }
        let bytes = Uint8Array::new_with_length(len);
        bytes.subarray(0, PREFIX).copy_from(&(head.len() as u32).to_le_bytes());
        bytes.subarray(PREFIX, start).copy_from(head);
        bytes.set(people, start);
        inner.session.store_directory(&inner.connection, &inner.of.name(), &bytes).await
    }

    /// How far the reading is.
    fn noted(&self, reading: Option<ListBeingRead>) -> KeptReading {
        let inner = &self.0;
        let queries = inner.of.lists();
        let left = inner.left.borrow();
        let left = left.iter().map(|list| (&list.query, &list.list));
        let kept = reading.into_iter().chain(left).filter_map(|(query, list)| {
            let place = queries.iter().position(|other| other == query)?;
            Some(KeptList { place, progress: list.saved() })
        });
        let kept = kept.collect();
        inner.status.with_untracked(|status| KeptReading {
            begun_at: inner.keeping.begun_at.get(),
            read_at: status.read_at,
            n_calls: status.n_calls,
            total: status.total,
            has_moved: status.has_moved,
            is_unsure: status.is_unsure,
            group: inner.group.with_untracked(|group| group.as_ref().map(GroupRead::kept)),
            next_group: inner.next_group.borrow().as_ref().map(GroupRead::kept),
            left: kept,
        })
    }

    /// Shows what was kept. Returns whether nothing is left to read; `None` if nothing was kept that can be used.
    async fn restore(&self) -> Option<bool> {
        let inner = &self.0;
        let opened = inner.session.stored_directory(&inner.connection, &inner.of.name()).await?;
        let (kept, people) = parts(&opened.bytes)?;
        // Without the code of vendors' calls this fails, and beginning says why.
        let is_outdated = opened.changed_at >= kept.begun_at;
        let left = self.lists_left(&kept, is_outdated).await?;
        if !inner.worker.as_ref()?.restore(&people).await.ok()? {
            return None;
        }
        if let DirectoryOf::Group(_) = &inner.of {
            self.restore_groups(&kept).await?;
        }
        inner.keeping.begun_at.set(kept.begun_at);
        inner.is_outdated.set(is_outdated);
        self.count().await;
        inner.status.update(|status| {
            (status.read_at, status.n_calls, status.total) = (kept.read_at, kept.n_calls, kept.total);
            (status.has_moved, status.is_unsure, status.is_kept) = (kept.has_moved, kept.is_unsure, true);
            if let Some(list) = left.front() {
                let n_before = kept.n_calls.saturating_sub(list.list.progress().n_calls);
                inner.n_calls_before.set(n_before);
                status.note(&list.list, n_before);
            }
        });
        let is_whole = left.is_empty() && kept.left.is_empty() && kept.read_at > 0;
        *inner.left.borrow_mut() = left;
        if is_whole && !is_outdated {
            inner.status.update(|status| status.stage = ReadingStage::Done);
            return Some(true);
        }
        Some(false)
    }

    /// The lists that are left to read. None are if they have other pages now or are too old, or if a run has changed
    /// people: then all start over.
    async fn lists_left(&self, kept: &KeptReading, is_outdated: bool) -> Option<VecDeque<ListReading>> {
        let inner = &self.0;
        let mut left = VecDeque::new();
        if is_outdated || clock::now().saturating_sub(kept.begun_at) > MAX_AGE_MS {
            return Some(left);
        }
        for list in &kept.left {
            let query = inner.of.lists().get(list.place)?.clone();
            let Some(list) = ListReading::resumed(&inner.connection, query, &list.progress).await.ok()?
            else {
                return Some(VecDeque::new());
            };
            left.push_back(ListReading { decode: Some(self.decode_in_worker()), ..list });
        }
        Some(left)
    }

    /// Shows the group as far as it was read. Its scopes are those of its people.
    async fn restore_groups(&self, kept: &KeptReading) -> Option<()> {
        let inner = &self.0;
        let kept_groups = [(&kept.group, false), (&kept.next_group, true)];
        let mut groups = [None, None];
        for ((kept, is_seen), group) in kept_groups.into_iter().zip(&mut groups) {
            let Some(kept) = kept else { continue };
            let scopes =
                inner.worker.as_ref()?.ask_for_bytes(&ListQuestion::Scopes { is_seen }).await.ok()?;
            *group = Some(GroupRead::of_kept(kept, read_scopes(&scopes.to_vec())?));
        }
        let [group, next_group] = groups;
        inner.group.set(Some(group?));
        *inner.next_group.borrow_mut() = next_group;
        Some(())
    }
}

/// How far the reading was, and the people.
fn parts(bytes: &Uint8Array) -> Option<(KeptReading, Uint8Array)> {
    let len = bytes.length();
    let prefix: [u8; PREFIX as usize] = bytes.subarray(0, PREFIX).to_vec().try_into().ok()?;
    let start = PREFIX.checked_add(u32::from_le_bytes(prefix)).filter(|start| *start <= len)?;
    let kept = KeptReading::decode(&bytes.subarray(PREFIX, start).to_vec())?;
    Some((kept, bytes.subarray(start, len)))
}
