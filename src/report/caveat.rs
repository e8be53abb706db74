use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::interleave::Certificate;

/// What a reader of an outcome should know that is no violation.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Caveat {
    /// The time was up before the budget was.
    OutOfTime {
        #[serde(serialize_with = "seconds")]
        within: Duration,
        executions: u64,
        planned: u64,
    },
    /// Not every schedule of the bound that was asked for was run.
    BoundMissed {
        bound: u32,
        executions: u64,
        #[serde(serialize_with = "printed")]
        reached: Option<Certificate>,
    },
    /// The first solo runs of these users differ from the later ones, which agree.
    ColdPaths { users: Vec<String> },
    /// Threads of the system's own, of these names, woke users.
    ThreadsAtWork { threads: Vec<String> },
    /// Threads of tokio's were at work, and not waited for.
    BlockingThreads,
    /// The same where sockets are real, for which host names are looked up.
    BlockingThreadsWithSockets,
    /// Peers outside of the process may have answered.
    PeersOutside,
    /// A schedule that passed did something else when it was run again.
    Nondeterministic { difference: String },
    /// Nobody could be alone, although the test did not say so.
    NobodyAlone,
    /// Logs were to be looked at, and nobody saw any.
    NoLogs,
    /// So many executions without a dropped call had a script that returned an error, which was compared with nothing; the first.
    UncomparedErrors {
        user: String,
        error: String,
        executions: u64,
    },
    /// In this plan, one of many, nobody saw a secret of its own.
    NoSecretInPlan,
    /// Threads were raced on one core.
    OneCore,
    /// A user saw somebody else's secret in a solo run.
    OutlivesAlone {
        user: String,
        owner: String,
        secret: String,
        /// The number of that solo run.
        run: u64,
        /// The numbers of the solo runs in which the owner had handed the secret over; none where it was another execution.
        handed_over_in: Vec<u64>,
    },
    /// A user saw a secret before its owner had begun.
    OutlivesBegin {
        user: String,
        owner: String,
        secret: String,
    },
    /// Threads that are blocked were given up.
    ThreadsGivenUp,
    /// The failure could not be kept for the next run.
    NotKept { error: String },
    #[cfg(test)]
    Sample { what: &'static str },
}

impl fmt::Display for Caveat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfTime {
                within,
                executions,
                planned,
            } => {
                write!(f, "the time was up ({within:?}) after {executions} of {planned} executions")?;
                if cfg!(debug_assertions) {
                    f.write_str("; `[profile.dev.package.\"*\"]` with `opt-level = 3` in Cargo.toml lets several times as many run in a debug build")?;
                }
                Ok(())
            }
            Self::BoundMissed {
                bound,
                executions,
                reached,
            } => {
                write!(
                    f,
                    "asked for every schedule with at most {bound} preemptions, and {executions} executions were not enough: "
                )?;
                match reached {
                    Some(certificate) => certificate.fmt(f),
                    None => f.write_str("not even those without a preemption were all run"),
                }
            }
            Self::ColdPaths { users } => write_cold_paths(f, users),
            Self::ThreadsAtWork { threads } => write_threads(f, threads),
            Self::BlockingThreads => f.write_str(
                "nondeterministic: threads were at work (`spawn_blocking`), and when they are done no schedule decides; what it passed it may fail next time",
            ),
            Self::BlockingThreadsWithSockets => f.write_str(
                "nondeterministic: threads were at work (`spawn_blocking`, and the look-up of a host name such as `localhost`), and when they are \
                 done no schedule decides; what it passed it may fail next time; a literal address needs no look-up",
            ),
            Self::PeersOutside => f.write_str(
                "peers outside of the process may answer (`.sockets_outside(..)`): when they do no schedule decides, so that there is no \
                 certificate and a replay may differ",
            ),
            Self::Nondeterministic { difference } => write!(
                f,
                "nondeterministic: one schedule, run twice, did not do the same ({difference}); what it passed it may fail next time"
            ),
            Self::NobodyAlone => f.write_str(
                "a user alone does not come to an end, so that there were no solo runs, as with `.together()`",
            ),
            Self::NoLogs => f.write_str(
                "`.logs()` is set, and no log event was attributed to any user: an event belongs to the user whose call is polled, or in \
                 whose span it is; instrument tasks (`tokio::spawn(work.instrument(span))`), or name the user's id in a field",
            ),
            Self::UncomparedErrors {
                user,
                error,
                executions,
            } => write!(
                f,
                "a script returned an error in {executions} executions without a dropped call, and errors are compared with nothing \
                 here (`.together()`, `.without_solo_comparison()`): the first was {user}'s, `{error}`; record an error that may come \
                 with `user.saw(Surface::Error, ..)`, and panic where one must not"
            ),
            Self::NoSecretInPlan => f.write_str("in this plan nobody saw a secret of its own"),
            Self::OneCore => f.write_str(
                "racing pairs of threads had one core, on which they hardly ever meet: run the check on two or more",
            ),
            Self::OutlivesAlone {
                user,
                owner,
                secret,
                run,
                handed_over_in,
            } => {
                write!(
                    f,
                    "something outlives an execution: alone, in solo run #{run}, {user} saw {owner}'s secret `{secret}`, which was handed to \
                     the system in "
                )?;
                write_origin(f, owner, handed_over_in)?;
                f.write_str("; look for a static, a thread-local or an external store")
            }
            Self::OutlivesBegin { user, owner, secret } => write!(
                f,
                "something outlives an execution: {user} saw {owner}'s secret `{secret}` before {owner} had begun, so that it was handed to the \
                 system in an earlier execution of this process ({owner}'s solo run, where there was one); look for a static, a \
                 thread-local or an external store"
            ),
            Self::ThreadsGivenUp => f.write_str(
                "the blocked threads are given up, and keep what they hold until the process ends",
            ),
            Self::NotKept { error } => write!(f, "the failure could not be kept: {error}"),
            #[cfg(test)]
            Self::Sample { what } => f.write_str(what),
        }
    }
}

fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn printed<S: Serializer>(certificate: &Option<Certificate>, serializer: S) -> Result<S::Ok, S::Error> {
    match certificate {
        Some(certificate) => serializer.collect_str(certificate),
        None => serializer.serialize_none(),
    }
}

fn write_cold_paths(f: &mut fmt::Formatter<'_>, users: &[String]) -> fmt::Result {
    match users {
        [user] => write!(
            f,
            "{user}'s first solo run took a course of its own, and the later ones"
        )?,
        _ => write!(
            f,
            "the first solo runs of {} took a course of their own, and the later ones",
            users.join(", ")
        )?,
    }
    f.write_str(
        " agree: unless it is by chance, something outlives an execution (a static, a thread-local, a store), and what happens \
         before it is there was seen in these runs only; no certificate covers it",
    )
}

fn write_threads(f: &mut fmt::Formatter<'_>, threads: &[String]) -> fmt::Result {
    if threads.is_empty() {
        f.write_str("a thread of the system's own")?;
    } else {
        let names: Vec<_> = threads.iter().map(|thread| format!("`{thread}`")).collect();
        write!(f, "threads of the system's own ({})", names.join(", "))?;
    }
    f.write_str(
        " woke users or tasks, and was waited for in real time: when it does no schedule decides, so that there is no certificate and \
         a replay is best effort",
    )
}

fn write_origin(f: &mut fmt::Formatter<'_>, owner: &str, runs: &[u64]) -> fmt::Result {
    if runs.is_empty() {
        return f.write_str("an earlier execution of this process");
    }
    let runs: Vec<_> = runs.iter().map(|run| format!("#{run}")).collect();
    write!(f, "{owner}'s solo run {}", runs.join(" and "))
}
