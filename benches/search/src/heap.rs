//! What is allocated: a global allocator that counts while it is told to.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

static IS_COUNTING: AtomicBool = AtomicBool::new(false);
static BYTES: AtomicU64 = AtomicU64::new(0);
static LIVE: AtomicI64 = AtomicI64::new(0);
static PEAK: AtomicI64 = AtomicI64::new(0);

/// The system's allocator, which counts between the beginning and the end of [`measure`], on all threads. For
/// `#[global_allocator]`; without it nothing is counted.
#[derive(Debug)]
pub struct Counting;

/// What was allocated during a measurement, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heap {
    /// All of it, whatever was freed.
    pub allocated: u64,
    /// The most that was live at once, over what was live before.
    pub peak: u64,
}

/// Counts while `work` runs. One at a time.
pub fn measure<R>(work: impl FnOnce() -> R) -> (R, Heap) {
    BYTES.store(0, Ordering::Relaxed);
    LIVE.store(0, Ordering::Relaxed);
    PEAK.store(0, Ordering::Relaxed);
    IS_COUNTING.store(true, Ordering::SeqCst);
    let result = work();
    IS_COUNTING.store(false, Ordering::SeqCst);
    let heap = Heap {
        allocated: allocated(),
        peak: u64::try_from(PEAK.load(Ordering::Relaxed)).unwrap_or(0),
    };
    (result, heap)
}

/// What was allocated since the measurement began, in bytes.
#[must_use]
pub fn allocated() -> u64 {
    BYTES.load(Ordering::Relaxed)
}

fn count(allocated: usize, freed: usize) {
    // Times are taken while nothing is counted: a load that is not taken for atomic costs them nothing.
    if !IS_COUNTING.load(Ordering::Relaxed) {
        return;
    }
    BYTES.fetch_add(allocated as u64, Ordering::Relaxed);
    let change = i64::try_from(allocated).unwrap_or(i64::MAX) - i64::try_from(freed).unwrap_or(i64::MAX);
    let live = LIVE.fetch_add(change, Ordering::Relaxed) + change;
    PEAK.fetch_max(live, Ordering::Relaxed);
}

#[expect(
    unsafe_code,
    reason = "an allocator cannot be had without; every call is handed on to the system's as it came"
)]
// SAFETY: all that this trait demands is what the system's allocator does, and counting neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promises are the system allocator's conditions.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promises are the system allocator's conditions.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller's promises are the system allocator's conditions.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        // SAFETY: the caller's promises are the system allocator's conditions.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
