//! The people of a list as bytes, to be kept on the device.
//!
//! A snapshot has people as they are, not as they are packed, so that packing can change from release to release. It
//! has the reading that is under way, and no selection.

use domain::binary::{ByteReader, ByteWriter};
use domain::search::Decompose;
use domain::{Member, Scope};

use crate::key_table::hash;
use crate::letters::Collation;
use crate::packed::PackedPerson;
use crate::people_list::{PeopleList, ReadingRows, Upserted};

const MAGIC: [u8; 3] = *b"MUP";
/// Changes with the meaning of the bytes.
const VERSION: u8 = 1;
/// The kind of the checksum among hashes.
const CHECKSUM: u8 = 2;
const CHECKSUM_BYTES: usize = size_of::<u64>();

/// Why bytes are no snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseSnapshotError {
    /// They are of another release.
    Version(u8),
    /// They are something else, or were changed.
    Damaged,
}

/// A role by id and name.
type NamedRole = (Box<str>, Box<str>);

impl PeopleList {
    /// Everyone, and how far a reading is, as bytes.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut writer = ByteWriter::default();
        let roles = self.roles.all();
        writer.number(roles.len() as u64);
        for role in roles {
            writer.text(&role.id);
            writer.text(&role.name);
        }
        let reading = self.reading_rows();
        writer.option(reading.as_ref(), |writer, reading| writer.flag(reading.replaces_unnamed));
        let is_unseen = |row: &u32| reading.as_ref().is_some_and(|reading| reading.unseen.contains(*row));
        self.write_people(&mut writer, self.living.iter().filter(is_unseen).collect());
        self.write_people(&mut writer, self.living.iter().filter(|row| !is_unseen(row)).collect());
        self.write_people(&mut writer, reading.as_ref().map_or(&[][..], |reading| reading.waiting).to_vec());
        let body = writer.finish();
        let mut bytes = MAGIC.to_vec();
        bytes.reserve_exact(1 + body.len() + CHECKSUM_BYTES);
        bytes.push(VERSION);
        bytes.extend_from_slice(&body);
        bytes.extend(hash(CHECKSUM, &body).to_le_bytes());
        bytes
    }

    /// The scopes of people by id: of everyone, or of those whom the reading that is under way has seen.
    pub fn scopes(&self, is_seen: bool) -> Vec<(Box<str>, Scope)> {
        let reading = self.reading_rows().filter(|_| is_seen);
        let rows = self.living.iter();
        let rows = rows.filter(|row| reading.as_ref().is_none_or(|reading| !reading.unseen.contains(*row)));
        let scoped = rows.filter_map(|row| Some((row, PackedPerson::scope(self.columns.flags(row))?)));
        scoped.map(|(row, scope)| (self.columns.member(row).id, scope)).collect()
    }

    /// The list of a snapshot.
    ///
    /// # Errors
    /// If the bytes are no snapshot, were changed, or are of another release.
    pub fn restored(
        decompose: Decompose,
        collation: Collation,
        bytes: &[u8],
    ) -> Result<Self, ParseSnapshotError> {
        let body = body_of(bytes)?;
        let mut list = Self::new(decompose, collation);
        list.read(ByteReader::new(body)).ok_or(ParseSnapshotError::Damaged)?;
        Ok(list)
    }

    fn read(&mut self, mut reader: ByteReader) -> Option<()> {
        let n_roles = reader.count(2)?;
        let roles = (0..n_roles).map(|_| Some((reader.text()?.into(), reader.text()?.into())));
        let roles: Vec<NamedRole> = roles.collect::<Option<_>>()?;
        let reading = reader.option(ByteReader::flag)?;
        self.read_people(&mut reader, &roles)?;
        if let Some(replaces_unnamed) = reading {
            self.resume_reading(replaces_unnamed);
        }
        self.read_people(&mut reader, &roles)?;
        self.read_people(&mut reader, &roles)?;
        reader.end()
    }

    fn write_people(&self, writer: &mut ByteWriter, rows: Vec<u32>) {
        writer.number(rows.len() as u64);
        for row in rows {
            // Without the role, which is written as a number.
            write_person(writer, &self.columns.member(row), self.columns.role(row));
        }
    }

    fn read_people(&mut self, reader: &mut ByteReader, roles: &[NamedRole]) -> Option<()> {
        let n_people = reader.count(2)?;
        for _ in 0..n_people {
            let person = read_person(reader, roles)?;
            // Nobody is in a list twice.
            if self.upsert(&person) != Upserted::Added {
                return None;
            }
        }
        Some(())
    }
}

/// What is between the version and the checksum.
fn body_of(bytes: &[u8]) -> Result<&[u8], ParseSnapshotError> {
    let damaged = ParseSnapshotError::Damaged;
    let (version, rest) = bytes.strip_prefix(&MAGIC).and_then(<[u8]>::split_first).ok_or(damaged)?;
    if *version != VERSION {
        return Err(ParseSnapshotError::Version(*version));
    }
    let (body, checksum) = rest.split_last_chunk().ok_or(damaged)?;
    if hash(CHECKSUM, body).to_le_bytes() == *checksum { Ok(body) } else { Err(damaged) }
}

fn write_person(writer: &mut ByteWriter, person: &Member, role: u32) {
    let Member {
        id,
        name,
        email,
        phone,
        role: _,
        scope,
        is_active,
        joined_at,
        created_at,
        invite_id,
        nickname,
        bio,
        picture,
        small_picture,
        is_avatar,
        is_system,
    } = person;
    let texts = [name, email, phone, invite_id, nickname, bio, picture, small_picture];
    let times = [joined_at, created_at];
    // A bit for each value that is there, so that people with few of them are short.
    let mut head = 0;
    let mut push = |bits: u64, value: u64| head = head << bits | value;
    push(3, scope.map_or(0, |scope| 1 + scope as u64));
    for flag in [is_active, is_avatar, is_system] {
        push(2, flag.map_or(0, |flag| 1 + u64::from(flag)));
    }
    times.iter().for_each(|time| push(1, u64::from(time.is_some())));
    texts.iter().for_each(|text| push(1, u64::from(text.is_some())));
    writer.number(head);
    writer.text(id);
    texts.into_iter().flatten().for_each(|text| writer.text(text));
    times.into_iter().flatten().for_each(|time| writer.number(*time));
    // The number that stands for no role becomes 0.
    writer.number(u64::from(role.wrapping_add(1)));
}

fn read_person(reader: &mut ByteReader, roles: &[NamedRole]) -> Option<Member> {
    let mut person = Member::default();
    let mut head = reader.number()?;
    let mut pop = |bits: u32| {
        let value = head & ((1 << bits) - 1);
        head >>= bits;
        value
    };
    // The last bits were written last.
    let texts: [bool; 8] = std::array::from_fn(|_| pop(1) == 1);
    let times: [bool; 2] = std::array::from_fn(|_| pop(1) == 1);
    let flags: [u64; 3] = std::array::from_fn(|_| pop(2));
    let scope = pop(3);
    if head != 0 {
        return None;
    }
    for (flag, into) in
        flags.iter().rev().zip([&mut person.is_active, &mut person.is_avatar, &mut person.is_system])
    {
        *into = match flag {
            0 => None,
            1 => Some(false),
            2 => Some(true),
            _ => return None,
        };
    }
    if let Some(place) = scope.checked_sub(1) {
        person.scope = Some(*Scope::ALL.get(place as usize)?);
    }
    person.id = reader.text()?.into();
    let Member { name, email, phone, invite_id, nickname, bio, picture, small_picture, .. } = &mut person;
    for (is_there, into) in
        texts.iter().rev().zip([name, email, phone, invite_id, nickname, bio, picture, small_picture])
    {
        if *is_there {
            *into = Some(reader.text()?.into());
        }
    }
    for (is_there, into) in times.iter().rev().zip([&mut person.joined_at, &mut person.created_at]) {
        if *is_there {
            *into = Some(reader.number()?);
        }
    }
    if let Some(number) = reader.number()?.checked_sub(1) {
        person.role = Some(roles.get(usize::try_from(number).ok()?)?.clone());
    }
    Some(person)
}

impl ReadingRows<'_> {
    /// True if nobody waits and nobody was there before.
    #[cfg(test)]
    fn is_empty(&self) -> bool {
        self.unseen.len() == 0 && self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> PeopleList {
        PeopleList::new(str::to_owned, Collation::of(str::cmp))
    }

    fn restored(bytes: &[u8]) -> Result<PeopleList, ParseSnapshotError> {
        PeopleList::restored(str::to_owned, Collation::of(str::cmp), bytes)
    }

    fn with_checksum(body: &[u8]) -> Vec<u8> {
        [&MAGIC[..], &[VERSION], body, &hash(CHECKSUM, body).to_le_bytes()].concat()
    }

    fn some() -> PeopleList {
        let mut list = list();
        let person = |id: &str, name: &str| Member {
            id: id.into(),
            name: Some(name.into()),
            role: Some(("r".into(), "Editor".into())),
            scope: Some(Scope::Moderator),
            joined_at: Some(1_700_000_000_000),
            is_active: Some(true),
            bio: (id == "u2").then(|| "Élan".into()),
            ..Member::default()
        };
        let people = [person("u1", "Ana"), person("u2", "BO"), person("", "nobody")];
        for person in &people {
            list.upsert(person);
        }
        list
    }

    #[test]
    fn a_reading_goes_on_where_it_was() {
        let mut before = some();
        before.begin_reading();
        let new = |id: &str| Member { id: id.into(), ..Member::default() };
        before.upsert(&before.member(0));
        before.upsert(&new("u3"));
        before.upsert(&Member { name: Some("Ada".into()), ..Member::default() });
        let mut after = restored(&before.snapshot()).expect("a snapshot");
        assert!(!after.reading_rows().expect("a reading").is_empty());
        assert_eq!((after.len(), before.len()), (4, 4));
        assert_eq!(
            (after.end_reading(), before.end_reading()),
            (1, 1),
            "one is gone, one unnamed is replaced"
        );
        assert_eq!(after.snapshot(), restored(&before.snapshot()).expect("a snapshot").snapshot());
        let rest = restored(&after.snapshot()).expect("a snapshot");
        assert!(rest.reading_rows().is_none());
    }

    #[test]
    fn bytes_that_were_changed_are_refused() {
        let bytes = some().snapshot();
        assert_eq!(restored(&bytes).expect("a snapshot").len(), 3);
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut other = bytes.clone();
                other[place] ^= 1 << bit;
                let error = restored(&other).expect_err("they were changed");
                let is_version = place == MAGIC.len();
                assert_eq!(matches!(error, ParseSnapshotError::Version(_)), is_version, "byte {place}");
            }
            assert_eq!(restored(&bytes[..place]).err(), Some(ParseSnapshotError::Damaged), "{place} bytes");
        }
        assert_eq!(restored(&[&bytes[..], b"x"].concat()).err(), Some(ParseSnapshotError::Damaged));
    }

    #[test]
    fn hostile_bytes_never_make_it_panic() {
        let mut before = some();
        before.begin_reading();
        before.upsert(&before.member(1));
        let bytes = before.snapshot();
        let body = body_of(&bytes).expect("a snapshot").to_vec();
        let mut dice = 7_u64;
        let mut next = |below: usize| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (dice >> 33) as usize % below
        };
        for _ in 0..20_000 {
            let mut body = body.clone();
            for _ in 0..=next(3) {
                let place = next(body.len());
                body[place] = next(256) as u8;
            }
            body.truncate(if next(4) == 0 { next(body.len()) } else { body.len() });
            if let Ok(mut list) = restored(&with_checksum(&body)) {
                let again = restored(&list.snapshot()).expect("what is accepted is a list");
                assert_eq!(again.len(), list.len());
                list.end_reading();
                list.view(&crate::ViewSpec::default());
            }
        }
    }

    #[test]
    fn nobody_is_in_a_snapshot_twice() {
        let mut writer = ByteWriter::default();
        writer.number(0);
        writer.flag(false);
        writer.number(0);
        writer.number(2);
        let ada = Member { id: "ada".into(), ..Member::default() };
        (0..2).for_each(|_| write_person(&mut writer, &ada, crate::roles::NO_ROLE));
        writer.number(0);
        assert_eq!(restored(&with_checksum(&writer.finish())).err(), Some(ParseSnapshotError::Damaged));
    }
}
