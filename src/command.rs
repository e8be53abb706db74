//! What `cargo ssot` shares with the library: the ledger, the records of a run, and the markers that name the tests of a program.
//! The command pins the library's version; nothing here is stable.

pub use crate::fail_first::{
    Change, Class, Covers, Decision, Declared, Entry, FailFirst, Fingerprint, Green, Ledger, LedgerError,
    Mode, OnRecord, Outcome, Place, Record, Red, Seen, Stage, State, Subject, Target, decide, find_markers,
    head, kind, read_records, surface,
};
