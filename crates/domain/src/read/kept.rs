//! How far the reading of a directory is, as bytes, for what is kept on the device. The people themselves are kept
//! beside it.

use crate::binary::{ByteReader, ByteWriter};
use crate::group::{Access, AccessKind};
use crate::{Group, GroupId, GroupKind, Millis};

/// Changes with the meaning of the bytes.
const VERSION: u64 = 1;

/// How far the reading of a directory is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptReading {
    /// When the reading began.
    pub begun_at: Millis,
    /// When everyone was last read; 0 before.
    pub read_at: Millis,
    /// Number of calls of the reading.
    pub n_calls: usize,
    /// Number of people, as the vendor counted the list that was read last.
    pub total: Option<u64>,
    /// Whether the list changed while it was read.
    pub has_moved: bool,
    /// Whether anyone may be missing therefore.
    pub is_unsure: bool,
    /// The group as it was read whole, or as far as it was read the first time.
    pub group: Option<KeptGroup>,
    /// The group as it is read again.
    pub next_group: Option<KeptGroup>,
    /// The lists that are left to read; empty if all were read.
    pub left: Vec<KeptList>,
}

/// What is known of a group, without its people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptGroup {
    /// The group.
    pub group: Group,
    /// Whether all bans and all members were read.
    pub has_all: [bool; 2],
    /// When anything of it was last read.
    pub read_at: Millis,
}

/// A list that is left to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptList {
    /// Its place among the lists of the directory.
    pub place: usize,
    /// How far it is, as [saved](crate::whole::WholeList::saved).
    pub progress: Vec<u8>,
}

impl KeptReading {
    /// The reading as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = ByteWriter::default();
        writer.number(VERSION);
        writer.number(self.begun_at);
        writer.number(self.read_at);
        writer.number(self.n_calls as u64);
        writer.option(self.total, ByteWriter::number);
        writer.flag(self.has_moved);
        writer.flag(self.is_unsure);
        writer.option(self.group.as_ref(), write_group);
        writer.option(self.next_group.as_ref(), write_group);
        writer.number(self.left.len() as u64);
        for list in &self.left {
            writer.number(list.place as u64);
            writer.bytes(&list.progress);
        }
        writer.finish()
    }

    /// The reading of these bytes; `None` if they are damaged, or of another release.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = ByteReader::new(bytes);
        if reader.number()? != VERSION {
            return None;
        }
        let reading = Self {
            begun_at: reader.number()?,
            read_at: reader.number()?,
            n_calls: small(&mut reader)?,
            total: reader.option(ByteReader::number)?,
            has_moved: reader.flag()?,
            is_unsure: reader.flag()?,
            group: reader.option(read_group)?,
            next_group: reader.option(read_group)?,
            left: {
                let n_lists = reader.count(2)?;
                (0..n_lists).map(|_| read_list(&mut reader)).collect::<Option<_>>()?
            },
        };
        reader.end()?;
        Some(reading)
    }
}

fn read_list(reader: &mut ByteReader) -> Option<KeptList> {
    Some(KeptList { place: small(reader)?, progress: reader.bytes()?.to_vec() })
}

/// A number that is counted on from.
fn small(reader: &mut ByteReader) -> Option<usize> {
    let number = reader.number().filter(|number| *number <= u64::from(u32::MAX / 2))?;
    Some(number as usize)
}

fn write_group(writer: &mut ByteWriter, kept: &KeptGroup) {
    let Group {
        id,
        kind,
        name,
        description,
        access,
        owner,
        n_members,
        created_at,
        share_url,
        picture,
        tags,
        metadata,
    } = &kept.group;
    writer.text(id.as_str());
    writer.flag(*kind == GroupKind::Community);
    writer.text(name);
    for text in [description, owner, share_url, picture, metadata] {
        writer.option(text.as_deref(), ByteWriter::text);
    }
    // A password is never returned by a vendor, and never kept.
    let place = |access: &Access| AccessKind::ALL.iter().position(|kind| *kind == access.kind());
    writer.option(access.as_ref().and_then(place), |writer, place| writer.number(place as u64));
    writer.option(*n_members, ByteWriter::number);
    writer.option(*created_at, ByteWriter::number);
    writer.option(tags.as_ref(), |writer, tags| {
        writer.number(tags.len() as u64);
        tags.iter().for_each(|tag| writer.text(tag));
    });
    kept.has_all.iter().for_each(|has| writer.flag(*has));
    writer.number(kept.read_at);
}

fn read_group(reader: &mut ByteReader) -> Option<KeptGroup> {
    let id = GroupId::new(reader.text()?);
    let kind = if reader.flag()? { GroupKind::Community } else { GroupKind::Group };
    let mut group = Group::new(id, kind, reader.text()?.into());
    for text in [
        &mut group.description,
        &mut group.owner,
        &mut group.share_url,
        &mut group.picture,
        &mut group.metadata,
    ] {
        *text = reader.option(|reader| Some(reader.text()?.into()))?;
    }
    group.access = reader.option(|reader| {
        Some(match AccessKind::ALL.get(small(reader)?)? {
            AccessKind::Public => Access::Public,
            AccessKind::Private => Access::Private,
            AccessKind::Password => Access::Password(None),
        })
    })?;
    group.n_members = reader.option(ByteReader::number)?;
    group.created_at = reader.option(ByteReader::number)?;
    group.tags = reader.option(|reader| {
        let n_tags = reader.count(1)?;
        (0..n_tags).map(|_| Some(reader.text()?.into())).collect()
    })?;
    Some(KeptGroup { group, has_all: [reader.flag()?, reader.flag()?], read_at: reader.number()? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn group() -> impl Strategy<Value = KeptGroup> {
        let text = || prop::option::of(".{0,20}").prop_map(|text| text.map(Into::into));
        let access = prop::option::of(prop_oneof![
            Just(Access::Public),
            Just(Access::Private),
            Just(Access::Password(None))
        ]);
        let tags = prop::option::of(prop::collection::vec(".{0,9}".prop_map(Into::into), 0..4));
        let texts = prop::array::uniform5(text());
        let numbers = (prop::option::of(any::<u64>()), prop::option::of(any::<u64>()), any::<u64>());
        let rest = (any::<bool>(), any::<[bool; 2]>(), "[a-z]{1,9}", ".{0,20}");
        (texts, access, tags, numbers, rest).prop_map(
            |([description, owner, share_url, picture, metadata], access, tags, numbers, rest)| {
                let (is_community, has_all, id, name) = rest;
                let (n_members, created_at, read_at) = numbers;
                let kind = if is_community { GroupKind::Community } else { GroupKind::Group };
                let group = Group {
                    description,
                    access,
                    owner,
                    n_members,
                    created_at,
                    share_url,
                    picture,
                    tags,
                    metadata,
                    ..Group::new(GroupId::new(id), kind, name.into())
                };
                KeptGroup { group, has_all, read_at }
            },
        )
    }

    fn kept() -> impl Strategy<Value = KeptReading> {
        let groups = (prop::option::of(group()), prop::option::of(group()));
        let list = (0_usize..3, prop::collection::vec(any::<u8>(), 0..9));
        let left =
            prop::collection::vec(list.prop_map(|(place, progress)| KeptList { place, progress }), 0..3);
        let numbers = (any::<u64>(), any::<u64>(), 0_usize..9_999, prop::option::of(any::<u64>()));
        (groups, left, numbers, any::<[bool; 2]>()).prop_map(|((group, next_group), left, numbers, flags)| {
            let (begun_at, read_at, n_calls, total) = numbers;
            let [has_moved, is_unsure] = flags;
            KeptReading { begun_at, read_at, n_calls, total, has_moved, is_unsure, group, next_group, left }
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_and_nothing_else_is(
            kept in kept(),
            place in any::<prop::sample::Index>(),
            byte in any::<u8>(),
        ) {
            let mut bytes = kept.encode();
            prop_assert_eq!(KeptReading::decode(&bytes), Some(kept.clone()));
            let cut = place.index(bytes.len());
            prop_assert_eq!(KeptReading::decode(&bytes[..cut]), None);
            bytes[cut] = byte;
            // What is accepted means what it says.
            if let Some(other) = KeptReading::decode(&bytes) {
                prop_assert_eq!(KeptReading::decode(&other.encode()), Some(other));
            }
        }
    }

    #[test]
    fn what_another_release_wrote_is_refused() {
        let mut bytes = KeptReading::default().encode();
        assert!(KeptReading::decode(&bytes).is_some());
        bytes[0] += 1;
        assert_eq!(KeptReading::decode(&bytes), None);
    }
}
