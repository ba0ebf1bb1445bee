//! The ledgers of other people beside that of this device.

use review::{
    ChainActor, ChainEntry, ChainError, Fingerprint, Fork, MAX_CHAIN_BYTES, PublicKey, SignatureCheck,
    TrustStore, UnverifiedChain, VerifiedChain, merged,
};
use serde::{Deserialize, Serialize};

/// Why the ledger of someone else cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinError {
    /// The file is none that Muster has written.
    NoLedger,
    /// It has no signed state that covers all of its entries, or one that is not valid.
    NotSigned,
    /// Its states are signed by keys that are not trusted.
    NotTrusted,
    /// This entry, as people count, is the first that does not fit.
    Flawed(u64),
    /// This entry was made by someone else than the person who signed.
    OtherAuthor(u64),
    /// Another file of the same ledger has something else as this entry: one of both was made to deceive.
    Forked(u64),
    /// The entries of this device are of several keys, or do not fit.
    Own,
}

/// A signature that the page has to verify.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToVerify {
    /// The key.
    pub key: PublicKey,
    /// The signed bytes.
    pub message: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl ToVerify {
    /// The check for the browser; `None` if the signature has another length.
    pub fn check(self) -> Option<SignatureCheck> {
        let signature = self.signature.try_into().ok()?;
        Some(SignatureCheck { key: self.key, message: self.message, signature })
    }
}

/// A file that was read, and not verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedLedger {
    /// The number of the file, by which it is shown.
    pub number: u32,
    /// Number of entries.
    pub n_entries: usize,
    /// The name that the newest state declares, and its key.
    pub by: Option<ChainActor>,
    /// The signatures of its states.
    pub checks: Vec<ToVerify>,
}

/// An entry of some ledger.
#[derive(Clone, Debug)]
pub(crate) struct Joined {
    /// The first key of whose ledger it is in; `None` for that of this device.
    pub(crate) owner: Option<Fingerprint>,
    pub(crate) entry: ChainEntry,
}

/// The ledgers that were imported.
#[derive(Debug, Default)]
pub(crate) struct Others {
    /// The file that was read last, until it is shown.
    opened: Option<UnverifiedChain>,
    /// How many files were read.
    n_opened: u32,
    chains: Vec<VerifiedChain>,
}

impl Others {
    /// Forgets every ledger. Numbers go on, so that none is given twice.
    pub(crate) fn leave(&mut self) {
        *self = Self { n_opened: self.n_opened, ..Self::default() };
    }

    /// Reads a file.
    pub(crate) fn open(&mut self, text: &str) -> Result<OpenedLedger, JoinError> {
        self.opened = None;
        self.n_opened += 1;
        if text.len() > MAX_CHAIN_BYTES {
            return Err(JoinError::NoLedger);
        }
        let chain = UnverifiedChain::read(text).map_err(|_| JoinError::NoLedger)?;
        let checks = chain.checks().into_iter().map(|check| ToVerify {
            key: check.key,
            message: check.message,
            signature: check.signature.to_vec(),
        });
        let checks: Vec<_> = checks.collect();
        if checks.is_empty() {
            return Err(JoinError::NotSigned);
        }
        let opened = OpenedLedger {
            number: self.n_opened,
            n_entries: chain.entries().len(),
            by: chain
                .signer()
                .map(|signer| ChainActor { name: signer.name.clone(), key: signer.key.fingerprint() }),
            checks,
        };
        self.opened = Some(chain);
        Ok(opened)
    }

    /// Takes in the file of this number, if it was read last, or leaves all as it was. `answers` say whether its signatures
    /// are valid.
    pub(crate) fn join(
        &mut self,
        number: u32,
        answers: &[bool],
        trust: &TrustStore,
        own: Option<&str>,
    ) -> Result<AllLedgers, JoinError> {
        // The answers about one file say nothing of another.
        let chain = self.opened.take_if(|_| number == self.n_opened).ok_or(JoinError::NoLedger)?;
        self.chains.push(verified(chain, answers, trust)?);
        let all = self.merged(own, trust);
        if all.is_err() {
            self.chains.pop();
        }
        all
    }
}

/// The entries of all ledgers, oldest first, and the names of the owners of the others.
pub(crate) type AllLedgers = (Vec<Joined>, Vec<(Fingerprint, Box<str>)>);

impl Others {
    /// All ledgers as one list, oldest first, with the names of their owners. `own` is the ledger of this device, with a
    /// state that it has just signed.
    fn merged(&self, own: Option<&str>, trust: &TrustStore) -> Result<AllLedgers, JoinError> {
        let own = match own {
            Some(text) => {
                let chain = UnverifiedChain::read(text).map_err(|_| JoinError::Own)?;
                let answers = vec![true; chain.checks().len()];
                Some(verified(chain, &answers, trust).map_err(|_| JoinError::Own)?)
            }
            None => None,
        };
        let of_device = own.as_ref().map(VerifiedChain::owner);
        let chains: Vec<_> = own.into_iter().chain(self.chains.iter().cloned()).collect();
        let owner = |owner| (Some(owner) != of_device).then_some(owner);
        let entries = merged(&chains)
            .map_err(forked)?
            .into_iter()
            .map(|one| Joined { owner: owner(one.owner), entry: one.entry.clone() })
            .collect();
        let mut names: Vec<(Fingerprint, Box<str>)> = Vec::new();
        for chain in &self.chains {
            let owner = chain.owner();
            if names.iter().all(|(known, _)| *known != owner) {
                names.push((owner, trust.name_of(owner).unwrap_or_default().into()));
            }
        }
        Ok((entries, names))
    }
}

/// A chain whose states are valid, trusted, and cover all entries.
fn verified(
    chain: UnverifiedChain,
    answers: &[bool],
    trust: &TrustStore,
) -> Result<VerifiedChain, JoinError> {
    let checks = chain.checks();
    let is_trusted = checks.iter().all(|check| trust.owner_of(check.key.fingerprint()).is_some());
    if answers.len() != checks.len() || answers.contains(&false) {
        return Err(JoinError::NotSigned);
    }
    if !is_trusted {
        return Err(JoinError::NotTrusted);
    }
    let first = chain.start().n_entries;
    let answers: Vec<_> = checks.into_iter().map(|check| check.answered(true)).collect();
    chain.verified(&answers, trust).map_err(|error| match error {
        ChainError::Misfit(misfit) => JoinError::Flawed(first + misfit.at + 1),
        // Those before its first entry are missing, and none says why.
        ChainError::NoDeletion => JoinError::Flawed(1),
        ChainError::OtherAuthor(at) => JoinError::OtherAuthor(first + at + 1),
        ChainError::NotSigned(_) | ChainError::OtherChain | ChainError::ForgedHead => JoinError::NotSigned,
    })
}

fn forked(fork: Fork) -> JoinError {
    JoinError::Forked(fork.seq + 1)
}

#[cfg(test)]
mod tests {
    use review::{Algorithm, ChainEvent, ChainFile, ChainTip, Signer, Unsigned};

    use super::*;
    use crate::message::{Joining, LedgerRow};
    use crate::{LedgerFilter, LedgerStore, Platform};

    const PLATFORM: Platform =
        Platform { decompose: str::to_owned, iso: |at| at.to_string(), minutes_east: |_| 0 };

    fn signer(name: &str) -> Signer {
        let key = PublicKey::new(Algorithm::Ed25519, &[name.as_bytes()[0]; 32]).expect("a key");
        Signer { name: name.into(), key }
    }

    /// The ledger of someone, with entries at these times.
    fn ledger_of(name: &str, times: &[u64]) -> ChainFile {
        let start = ChainTip::new([name.as_bytes()[0]; 32]);
        let mut tip = start;
        let by = ChainActor { name: name.into(), key: signer(name).key.fingerprint() };
        let event = || ChainEvent::Redacted { n_entries: 1, why: name.into() };
        let entries = times.iter().map(|at| tip.append(*at, by.clone(), event(), None)).collect();
        let unsigned = Unsigned::new(tip.head(9), signer(name)).expect("a state");
        // What the browser would verify: here, it always says yes.
        let head = unsigned.signed([7; 64]);
        let answer = head.check().answered(true);
        let head = head.verified(&[answer]).expect("the answer is yes");
        ChainFile { start, entries, heads: vec![head] }
    }

    fn trust(names: &[&str]) -> TrustStore {
        let mut trust = TrustStore::default();
        for name in names {
            trust.trust(&signer(name), 0, str::to_owned).expect("they differ");
        }
        trust
    }

    /// The ledger of this device, which is Ana's, and her state.
    fn own(times: &[u64]) -> (LedgerStore, String) {
        let file = ledger_of("Ana", times);
        let mut ledger = LedgerStore::new(PLATFORM, file.start);
        file.entries.iter().for_each(|entry| ledger.push(&entry.to_line()));
        (ledger, file.heads[0].to_text())
    }

    fn join(
        ledger: &mut LedgerStore,
        head: &str,
        text: &str,
        trust: TrustStore,
    ) -> Result<Vec<Box<str>>, JoinError> {
        let opened = ledger.open(text)?;
        let answers = vec![true; opened.checks.len()];
        ledger.join(&Joining { number: opened.number, answers, trust, own: Some(head.to_owned()) })
    }

    fn shown(ledger: &mut LedgerStore) -> Vec<(u64, Option<String>)> {
        let rows = ledger.rows(&LedgerFilter::default(), 0, 99);
        rows.into_iter().map(|row: LedgerRow| (row.at, row.owner.map(String::from))).collect()
    }

    #[test]
    fn ledgers_are_shown_as_one_and_doubles_once() {
        let (mut ledger, head) = own(&[1, 4]);
        let bea = ledger_of("Bea", &[2, 3, 5]).to_text();
        let opened = ledger.open(&bea).expect("a ledger");
        assert_eq!((opened.n_entries, opened.by.map(|by| by.name)), (3, Some("Bea".into())));
        assert_eq!(join(&mut ledger, &head, &bea, trust(&["Ana", "Bea"])), Ok(vec!["Bea".into()]));
        let bea_s = |at| (at, Some("Bea".to_owned()));
        let all = [bea_s(5), (4, None), bea_s(3), bea_s(2), (1, None)];
        assert_eq!(shown(&mut ledger), all);
        assert_eq!(join(&mut ledger, &head, &bea, trust(&["Ana", "Bea"])), Ok(vec!["Bea".into()]));
        assert_eq!(shown(&mut ledger), all);
        let cal = ledger_of("Cal", &[6]).to_text();
        let joined = join(&mut ledger, &head, &cal, trust(&["Ana", "Bea", "Cal"]));
        assert_eq!(joined, Ok(vec!["Bea".into(), "Cal".into()]));
        assert_eq!(shown(&mut ledger).len(), 6);
        let searched = LedgerFilter { search: "bea".into(), ..LedgerFilter::default() };
        assert_eq!(ledger.n_found(&searched), 3);
        assert_eq!(ledger.file().lines().count(), 3, "the file has only the own entries");
        ledger.leave();
        assert_eq!(shown(&mut ledger), [(4, None), (1, None)]);
        assert_eq!(ledger.n_found(&searched), 0);
    }

    #[test]
    fn a_name_that_was_declared_after_the_entries_is_that_of_the_ledger() {
        let (mut ledger, _) = own(&[1]);
        let mut bea = ledger_of("Bea", &[2, 3]);
        let key = signer("Bea").key;
        let nameless = signer_named(&key, "Browser able zoo");
        let tip = *bea.heads[0].body();
        let early = review::ChainHead { n_entries: 1, last: bea.entries[0].hash(), ..tip };
        for (head, by) in [(early, nameless), (tip, signer_named(&key, "Beate"))] {
            let unsigned = Unsigned::new(head, by).expect("a state").signed([7; 64]);
            let answers = [unsigned.check().answered(true)];
            bea.heads.insert(0, unsigned.verified(&answers).expect("the answer is yes"));
        }
        bea.heads.truncate(2);
        let opened = ledger.open(&bea.to_text()).expect("a ledger");
        assert_eq!(opened.by, Some(ChainActor { name: "Beate".into(), key: key.fingerprint() }));
    }

    fn signer_named(key: &PublicKey, name: &str) -> Signer {
        Signer { name: name.into(), key: key.clone() }
    }

    #[test]
    fn answers_about_one_file_do_not_count_for_another() {
        let (mut ledger, head) = own(&[1]);
        let trust = trust(&["Ana", "Bea"]);
        let number = ledger.open(&ledger_of("Bea", &[2]).to_text()).expect("a ledger").number;
        let other = ledger.open(&ledger_of("Bea", &[2, 3]).to_text()).expect("a ledger").number;
        let joining =
            |number| Joining { number, answers: vec![true], trust: trust.clone(), own: Some(head.clone()) };
        assert_eq!(ledger.join(&joining(number)), Err(JoinError::NoLedger));
        assert_eq!(shown(&mut ledger).len(), 1);
        assert_eq!(ledger.join(&joining(other)), Ok(vec!["Bea".into()]), "the file read last is still there");
    }

    #[test]
    fn what_is_not_whole_and_trusted_is_not_shown() {
        let (mut ledger, head) = own(&[1, 4]);
        let bea = ledger_of("Bea", &[2, 3, 5]);
        let text = bea.to_text();
        let both = || trust(&["Ana", "Bea"]);
        assert_eq!(join(&mut ledger, &head, "{}", both()), Err(JoinError::NoLedger));
        assert_eq!(join(&mut ledger, &head, &text, trust(&["Ana"])), Err(JoinError::NotTrusted));
        let unsigned = ChainFile { heads: Vec::new(), ..bea.clone() }.to_text();
        assert_eq!(join(&mut ledger, &head, &unsigned, both()), Err(JoinError::NotSigned));
        let mut short = bea.clone();
        short.entries.remove(1);
        assert_eq!(join(&mut ledger, &head, &short.to_text(), both()), Err(JoinError::Flawed(2)));
        let mut passed_off = ledger_of("Bea", &[2]);
        passed_off.heads = ledger_of("Cal", &[2]).heads;
        let answer = join(&mut ledger, &head, &passed_off.to_text(), trust(&["Ana", "Bea", "Cal"]));
        assert_eq!(answer, Err(JoinError::NotSigned), "a state of another chain");
        let number = ledger.open(&text).expect("a ledger").number;
        let forged = Joining { number, answers: vec![false], trust: both(), own: Some(head.clone()) };
        assert_eq!(ledger.join(&forged), Err(JoinError::NotSigned));
        // Bea shows different people different entries.
        assert!(join(&mut ledger, &head, &text, both()).is_ok());
        let other = ledger_of("Bea", &[2, 4, 5]).to_text();
        assert_eq!(join(&mut ledger, &head, &other, both()), Err(JoinError::Forked(2)));
        assert_eq!(shown(&mut ledger).len(), 5, "what was there stays");
        // The state is not that of the own entries.
        let (mut ledger, _) = own(&[1, 4]);
        let wrong = ledger_of("Ana", &[1]).heads[0].to_text();
        let answer = join(&mut ledger, &wrong, &text, both());
        assert_eq!(answer, Err(JoinError::Own));
        assert_eq!(shown(&mut ledger).len(), 2);
    }
}
