use super::shape::Shape;
use super::{
    aba, alternating_bit, batcher, builds_twice, cleanup, connection, crowd, impatient, leases, left_behind,
    long_haul, lost_update, mailbox, overtaken, owner, padded, pipeline, queue, reaper, repaired, replica,
    ring, second_action, slab, slot, tickets, windows,
};

/// Every shape that can be enumerated: the thirteen of the prototype's table in its order, then those that differ from them in kind.
#[must_use]
pub fn all() -> Vec<Shape> {
    vec![
        slot::PENDING,
        slot::READY,
        windows::TWO_USERS_ONE,
        windows::TWO_USERS_TWO,
        windows::TWO_USERS_THREE,
        windows::THREE_USERS_TWO,
        windows::THREE_USERS_THREE,
        ring::SHAPE,
        windows::SPAWNED,
        tickets::SPAWNED,
        owner::SHAPE,
        leases::SHAPE,
        connection::SHAPE,
        lost_update::SHAPE,
        queue::SHAPE,
        pipeline::SHAPE,
        batcher::SHAPE,
        slab::SHAPE,
        cleanup::SHAPE,
        tickets::NESTED,
        repaired::SHAPE,
        reaper::SHAPE,
        crowd::SHAPE,
        long_haul::SHAPE,
        second_action::SHAPE,
        alternating_bit::SHAPE,
        aba::SHAPE,
        builds_twice::SHAPE,
        replica::SHAPE,
        left_behind::SHAPE,
        overtaken::SHAPE,
        mailbox::SHAPE,
        impatient::SHAPE,
    ]
}

/// Deep ones among awaits that have nothing to do with the fault: too many to enumerate.
#[must_use]
pub fn deep() -> Vec<Shape> {
    vec![
        padded::TWO_USERS_THREE_10,
        padded::TWO_USERS_THREE_100,
        padded::THREE_USERS_TWO_10,
        padded::THREE_USERS_TWO_100,
        padded::ABA_10,
        padded::ABA_100,
        padded::BUILT_TWICE_10,
        padded::BUILT_TWICE_100,
        padded::LOST_UPDATE_10,
        padded::LOST_UPDATE_100,
        padded::STANDSTILL_10,
        padded::STANDSTILL_100,
        windows::TWO_USERS_FAR_TWO,
        windows::THREE_USERS_FAR_ONE,
        windows::THREE_USERS_FAR_TWO,
    ]
}
