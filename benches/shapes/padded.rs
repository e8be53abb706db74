//! Other shapes, with awaits before and after them that have nothing to do with the fault.

use std::sync::Arc;

use super::rt;
use super::shape::{Guest, Script, Shape, System};
use super::{aba, builds_twice, lost_update, ring, windows};

pub(super) const TWO_USERS_THREE_10: Shape = Shape {
    name: "windows 2x10, 3, among 10",
    build: || Padded::<10>::around(windows::TWO_USERS_THREE),
    ..windows::TWO_USERS_THREE
};
pub(super) const TWO_USERS_THREE_100: Shape = Shape {
    name: "windows 2x10, 3, among 100",
    build: || Padded::<100>::around(windows::TWO_USERS_THREE),
    ..windows::TWO_USERS_THREE
};
pub(super) const THREE_USERS_TWO_10: Shape = Shape {
    name: "windows 3x20, 2, among 10",
    build: || Padded::<10>::around(windows::THREE_USERS_TWO),
    ..windows::THREE_USERS_TWO
};
pub(super) const THREE_USERS_TWO_100: Shape = Shape {
    name: "windows 3x20, 2, among 100",
    build: || Padded::<100>::around(windows::THREE_USERS_TWO),
    ..windows::THREE_USERS_TWO
};
pub(super) const ABA_10: Shape = Shape {
    name: "head seen twice (ABA), among 10",
    build: || Padded::<10>::around(aba::SHAPE),
    ..aba::SHAPE
};
pub(super) const ABA_100: Shape = Shape {
    name: "head seen twice (ABA), among 100",
    build: || Padded::<100>::around(aba::SHAPE),
    ..aba::SHAPE
};
pub(super) const BUILT_TWICE_10: Shape = Shape {
    name: "built twice, among 10",
    build: || Padded::<10>::around(builds_twice::SHAPE),
    ..builds_twice::SHAPE
};
pub(super) const BUILT_TWICE_100: Shape = Shape {
    name: "built twice, among 100",
    build: || Padded::<100>::around(builds_twice::SHAPE),
    ..builds_twice::SHAPE
};
pub(super) const LOST_UPDATE_10: Shape = Shape {
    name: "lost update, among 10",
    build: || Padded::<10>::around(lost_update::SHAPE),
    ..lost_update::SHAPE
};
pub(super) const LOST_UPDATE_100: Shape = Shape {
    name: "lost update, among 100",
    build: || Padded::<100>::around(lost_update::SHAPE),
    ..lost_update::SHAPE
};
pub(super) const STANDSTILL_10: Shape = Shape {
    name: "standstill of 20 steps, among 10",
    build: || Padded::<10>::around(ring::SHAPE),
    ..ring::SHAPE
};
pub(super) const STANDSTILL_100: Shape = Shape {
    name: "standstill of 20 steps, among 100",
    build: || Padded::<100>::around(ring::SHAPE),
    ..ring::SHAPE
};

/// So many awaits come before each user does what it came for, and as many after.
struct Padded<const AWAITS: usize>(Arc<dyn System>);

impl<const AWAITS: usize> Padded<AWAITS> {
    fn around(shape: Shape) -> Arc<dyn System> {
        Arc::new(Self((shape.build)()))
    }
}

impl<const AWAITS: usize> System for Padded<AWAITS> {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            for _ in 0..AWAITS {
                rt::yield_now().await;
            }
            Arc::clone(&self.0).user(guest).await;
            for _ in 0..AWAITS {
                rt::yield_now().await;
            }
        })
    }
}
