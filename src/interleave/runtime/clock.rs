use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::ready_set::ReadySet;
use super::runtimes::Runtimes;
use super::stepped_runtime::{Queue, SteppedRuntime, TICK};

/// Who waits longer than this, in virtual time, waits for ever.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// After this many strides without anything to do, time moves from timer to timer again.
const MOST_STRIDES: usize = 600;

/// How long one attempt waits, in real time, for a blocking task.
const GLANCE: Duration = Duration::from_millis(100);

/// What came of an attempt to move time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    /// Somebody may be able to go on, or will be after more attempts.
    On,
    /// A virtual day has gone by and nothing came of it.
    DayOver,
    /// A blocking task has been at work for so long that it may never end, and the clock stands still for it.
    HeldUp,
}

/// Moves the clocks of an execution's runtimes together.
#[derive(Debug)]
pub(crate) struct Clock {
    /// How long, in real time, a blocking task may hold up the clock.
    patience: Duration,
    /// When it was that nobody could go on any more.
    idle_since: Option<Duration>,
    strides: usize,
    /// What the clock has shown since when, while a blocking task may be at work.
    still: Option<(Duration, Instant)>,
}

impl Clock {
    pub(crate) fn new(patience: Duration) -> Self {
        Self {
            patience,
            idle_since: None,
            strides: 0,
            still: None,
        }
    }

    /// Somebody went on.
    pub(crate) fn restart(&mut self) {
        self.idle_since = None;
        self.strides = 0;
        self.still = None;
    }

    /// Moves time on, until a timer fires or a little further than before. Every runtime must be known to have no task
    /// to poll.
    ///
    /// `waiting` are the actors (a bit each) whose wake-up ends the wait. With a `stride`, time moves that far at once
    /// (or by a sixty-fourth of the wait, if that is further), so that all timers within it are due together and who
    /// goes first is free.
    ///
    /// The day's end stays where it is through all the calls of one wait: tokio's timer wheel stops at the edge of
    /// every one of its slots, so that a single wait takes several calls.
    pub(crate) fn advance(
        &mut self,
        runtimes: &mut Runtimes,
        wakes: &ReadySet,
        waiting: &[u64],
        stride: Duration,
    ) -> Moved {
        if self.idle_since.is_none() {
            // Code under test may have moved a clock by itself.
            runtimes
                .all()
                .for_each(|(_, runtime)| runtime.clock = runtime.now());
        }
        let now = runtimes
            .all()
            .map(|(_, runtime)| runtime.clock)
            .max()
            .unwrap_or_default();
        let since = *self.idle_since.get_or_insert(now);
        runtimes.note_waiting(now);
        let end = since + DAY;
        if now >= end {
            return Moved::DayOver;
        }
        self.strides += 1;
        // A blocking task takes real time, for which the clock must stand still: only tokio knows when it is done.
        let blocks = runtimes.all().any(|(_, runtime)| runtime.blocks());
        if blocks && self.has_stood_still(now) {
            return Moved::HeldUp;
        }
        // Where nobody but tasks waits, and nothing outside, only the runtimes that have some are waited for; the others follow.
        let has_users = waiting.iter().any(|&word| word != 0);
        let for_all = has_users || blocks || runtimes.tasks() == 0;
        let is_awaited = |runtime: &SteppedRuntime| for_all || runtime.tasks() > 0;
        let strides = !stride.is_zero() && self.strides <= MOST_STRIDES && !blocks;
        // Tokio tells nobody when its next timer is due. One runtime can be let run until it fires; of several, only one, as far as
        // the others may be late, for a clock that ran ahead of another could not be turned back.
        let awaited: Vec<_> = runtimes
            .all()
            .filter(|(_, runtime)| is_awaited(runtime))
            .map(|(index, _)| index)
            .collect();
        let way = match awaited[..] {
            _ if strides => Way::Stride(now + stride.max(now.saturating_sub(since) / 64)),
            [_] | [] if blocks => Way::Park(now + GLANCE.max(now.saturating_sub(since) / 64)),
            [_] | [] => Way::Park(end),
            _ if blocks => Way::Park(next_limit(runtimes, now, since)),
            _ => lead(runtimes, &awaited, now, since, end),
        };
        let mut reached = match way {
            Way::Stride(limit) => limit,
            Way::Park(_) | Way::Lead(..) => Duration::ZERO,
        };
        let parked_until = |index: usize| match way {
            Way::Park(limit) => awaited.contains(&index).then_some(limit),
            Way::Lead(leader, limit) => (leader == index).then_some(limit),
            Way::Stride(_) => None,
        };
        for (index, runtime) in runtimes.all() {
            let Some(limit) = parked_until(index) else {
                continue;
            };
            if runtime.clock < limit {
                park(runtime, wakes, waiting, limit.min(end));
                runtime.clock = runtime.now();
                note_moved(runtime);
            }
            reached = reached.max(runtime.clock);
        }
        for (index, runtime) in runtimes.all() {
            if parked_until(index).is_none() && runtime.clock < reached {
                runtime.stride(reached.saturating_sub(runtime.clock));
                runtime.clock = reached;
                note_moved(runtime);
            }
        }
        Moved::On
    }

    /// Moves every clock this far, whoever can run. Each runtime that has a task polls one.
    pub(crate) fn pass(&mut self, runtimes: &mut Runtimes, distance: Duration) {
        self.restart();
        // Each by the same, and by whole milliseconds: in between, clocks agree no better.
        for (_, runtime) in runtimes.all() {
            runtime.pass(distance);
            runtime.clock = runtime.now();
            note_moved(runtime);
        }
    }

    /// Whether the clock has shown `now` for longer than there is patience.
    fn has_stood_still(&mut self, now: Duration) -> bool {
        let begun = match self.still {
            Some((shown, begun)) if shown == now => begun,
            _ => Instant::now(),
        };
        self.still = Some((now, begun));
        begun.elapsed() > self.patience
    }
}

fn note_moved(runtime: &mut SteppedRuntime) {
    runtime.moved = true;
    if runtime.tasks() > 0 {
        runtime.queue = Queue::Unknown;
    }
}

/// How the clocks are moved once.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// All to this time.
    Stride(Duration),
    /// Those that are awaited to their next timers, at most to this time, and the others after them.
    Park(Duration),
    /// One to its next timer, at most to this time, and the others after it.
    Lead(usize, Duration),
}

/// Where they have waited alike, all move at once. Else the one whose timers may have been armed last leads, for those are likely to be
/// due first, and the others follow: after at most a tick, or a sixty-fourth of the time that their own timers have waited.
fn lead(runtimes: &mut Runtimes, awaited: &[usize], now: Duration, since: Duration, end: Duration) -> Way {
    let waited = |runtime: &SteppedRuntime| now.saturating_sub(runtime.waits_since.unwrap_or(now));
    let all: Vec<_> = runtimes
        .all()
        .filter(|(index, _)| awaited.contains(index))
        .map(|(index, runtime)| (waited(runtime), index))
        .collect();
    let leader = all.iter().min().copied().unwrap_or_default();
    let is_alike = all.iter().all(|&(waited, _)| waited == leader.0);
    if is_alike || foremost_is_ahead(runtimes, now) {
        return Way::Stride(end.min(next_limit(runtimes, now, since)));
    }
    let others = all.iter().filter(|&&other| other != leader);
    let tolerance = others.map(|&(waited, _)| TICK.max(waited / 64)).min();
    Way::Lead(leader.1, end.min(now + tolerance.unwrap_or(TICK)))
}

/// How far several clocks are moved at once: all to the foremost, then on by a tick or a sixty-fourth of the wait.
fn next_limit(runtimes: &mut Runtimes, now: Duration, since: Duration) -> Duration {
    if foremost_is_ahead(runtimes, now) {
        now
    } else {
        now + TICK.max(now.saturating_sub(since) / 64)
    }
}

/// Whether some clock is a tick or more behind the foremost, which shows `now`.
fn foremost_is_ahead(runtimes: &mut Runtimes, now: Duration) -> bool {
    runtimes.all().any(|(_, runtime)| runtime.clock + TICK <= now)
}

/// Parks a runtime once: its clock moves to the next timer, to a slot's edge, or to `limit`; where a blocking task
/// is at work, real time passes. Returns before any task runs.
fn park(runtime: &mut SteppedRuntime, wakes: &ReadySet, waiting: &[u64], limit: Duration) {
    let limit = runtime.instant(limit);
    let unpark = &runtime.unpark;
    let mut phase = 0;
    let bound = {
        let _guard = runtime.inner().enter();
        tokio::time::sleep_until(limit)
    };
    let mut bound = pin!(bound);
    runtime.inner().block_on(poll_fn(|cx| {
        phase += 1;
        match phase {
            // Tokio refuses to move its clock right after a wake-up. This one uses the refusal up.
            1 => {
                wakes.sleep(cx.waker());
                if bound.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            2 if !wakes.any(waiting) && bound.as_mut().poll(cx).is_pending() => {
                unpark.arm(cx.waker());
                Poll::Pending
            }
            _ => Poll::Ready(()),
        }
    }));
    unpark.disarm();
    wakes.awake();
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tokio::time::{Instant, sleep};

    use super::*;
    use crate::interleave::RuntimeTopology;

    /// In one runtime a task on an interval, in another one that waits for long: each tick takes some moves of the clocks, not as many as
    /// it has milliseconds.
    #[test]
    fn a_tick_costs_a_few_moves() {
        let mut first = SteppedRuntime::new(false);
        first.leave_room();
        let begun = first.instant(Duration::ZERO);
        let mut runtimes = Runtimes::new(RuntimeTopology::PerActor, first);
        let other = runtimes.for_actor(0);
        let times: Arc<Mutex<Vec<Duration>>> = Arc::default();
        let noted = Arc::clone(&times);
        let ticking = async move {
            loop {
                sleep(Duration::from_millis(100)).await;
                noted.lock().unwrap().push(Instant::now() - begun);
            }
        };
        drop(runtimes.first().handle().spawn(ticking));
        let long = sleep_in(&mut runtimes, other, Duration::from_secs(10));
        let mut clock = Clock::new(Duration::from_secs(1));
        let mut moves = 0;
        while !long.is_finished() {
            let ran = runtimes
                .all()
                .map(|(_, runtime)| runtime.step())
                .fold(false, |any, ran| any | ran);
            if ran {
                clock.restart();
            } else {
                let outcome = clock.advance(&mut runtimes, &ReadySet::new(0), &[], Duration::ZERO);
                assert_eq!(outcome, Moved::On);
                moves += 1;
            }
        }
        let times = times.lock().unwrap();
        for (tick, time) in (1..).zip(&*times) {
            let due = Duration::from_millis(100) * tick;
            assert!(
                (due..=due + tick * TICK).contains(time),
                "tick {tick} came at {time:?}"
            );
        }
        assert!((95..=100).contains(&times.len()), "{} ticks", times.len());
        assert!(
            (times.len()..2_000).contains(&moves),
            "{moves} moves for {} ticks",
            times.len()
        );
    }

    fn sleep_in(runtimes: &mut Runtimes, index: usize, time: Duration) -> tokio::task::JoinHandle<()> {
        let runtime = runtimes.runtime(index).unwrap();
        runtime.handle().spawn(async move { sleep(time).await })
    }

    #[test]
    fn patience_is_for_a_clock_that_stands_still() {
        let mut clock = Clock::new(Duration::from_millis(5));
        assert!(!clock.has_stood_still(TICK));
        while !clock.has_stood_still(TICK) {
            std::thread::yield_now();
        }
        assert!(!clock.has_stood_still(2 * TICK), "it has moved");
        while !clock.has_stood_still(2 * TICK) {
            std::thread::yield_now();
        }
        clock.restart();
        assert!(!clock.has_stood_still(2 * TICK), "somebody went on");
    }
}
