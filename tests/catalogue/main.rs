//! The reference system does what it promises, and each legacy part has its fault and no other.

mod by_hand;
mod cancellation;
mod channels;
#[path = "../../examples/leak_hunt/hunts.rs"]
mod hunts;
#[path = "../../examples/conformance/implementations.rs"]
mod implementations;
mod isolation;
#[cfg(feature = "rstest")]
mod legacy;
mod legacy_in_any_order;
mod legacy_in_one_order;
mod legacy_otherwise_sound;
mod lifecycle;
mod limits;
mod matrix;
mod promises;
#[path = "../../examples/leak_hunt/rows.rs"]
mod rows;
mod spoiled;
mod spoiled_subject;
mod subjects;
