//! The values that may be returned within `Ok`, and whether they are failures.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::ffi::OsString;
use std::fmt::Debug;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus, Output};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinHandle};

use super::outcome::Outcome;
use crate::isolation::Report;
use crate::logs::Logs;
use crate::trace::{Trace, User};

/// A value that a body or a clean-up may return within `Ok`. A failure in it fails the test: an `Err`, at whatever depth, and an
/// exit code or status of a failure.
#[diagnostic::on_unimplemented(
    message = "whether `{Self}` holds a failure cannot be told",
    label = "it is neither a plain value nor a result, an option, a tuple or a collection of such",
    note = "return `()` in its place: `.map(drop)`"
)]
pub trait Success {
    /// Whether it is a success.
    fn outcome(self) -> Outcome;
}

impl<T: Success, E: Debug + 'static> Success for Result<T, E> {
    fn outcome(self) -> Outcome {
        match self {
            Ok(value) => value.outcome(),
            Err(error) => Outcome::failed(error),
        }
    }
}

impl<T: Success> Success for Option<T> {
    fn outcome(self) -> Outcome {
        self.map_or(Outcome::PASSED, Success::outcome)
    }
}

impl<T: Success> Success for Box<T> {
    fn outcome(self) -> Outcome {
        (*self).outcome()
    }
}

/// The first failure among several.
fn first(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
    // Each is asked, so that each value is dropped here.
    let mut outcomes: Vec<_> = outcomes
        .into_iter()
        .filter(|outcome| outcome.0.is_err())
        .collect();
    if outcomes.is_empty() {
        Outcome::PASSED
    } else {
        outcomes.swap_remove(0)
    }
}

impl<T: Success, const N: usize> Success for [T; N] {
    fn outcome(self) -> Outcome {
        first(self.into_iter().map(Success::outcome))
    }
}

macro_rules! collections {
    ($($collection:ty),*) => {
        $(impl<T: Success> Success for $collection {
            fn outcome(self) -> Outcome {
                first(self.into_iter().map(Success::outcome))
            }
        })*
    };
}

collections!(Vec<T>, VecDeque<T>, Box<[T]>);

impl<K, T: Success, H> Success for HashMap<K, T, H> {
    fn outcome(self) -> Outcome {
        first(self.into_values().map(Success::outcome))
    }
}

impl<K, T: Success> Success for BTreeMap<K, T> {
    fn outcome(self) -> Outcome {
        first(self.into_values().map(Success::outcome))
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: Success),+> Success for ($($name,)+) {
            #[expect(non_snake_case, reason = "a tuple's items are called after their types")]
            fn outcome(self) -> Outcome {
                let ($($name,)+) = self;
                first([$($name.outcome()),+])
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);

impl Success for ExitCode {
    fn outcome(self) -> Outcome {
        if self == ExitCode::SUCCESS {
            Outcome::PASSED
        } else {
            Outcome::failed_with(format!("the exit code is one of a failure: {self:?}"))
        }
    }
}

impl Success for ExitStatus {
    fn outcome(self) -> Outcome {
        if self.success() {
            Outcome::PASSED
        } else {
            Outcome::failed_with(format!("a process failed: {self}"))
        }
    }
}

impl Success for Output {
    fn outcome(self) -> Outcome {
        if self.status.success() {
            return Outcome::PASSED;
        }
        let stderr = String::from_utf8_lossy(&self.stderr).trim().to_owned();
        Outcome::failed_with(format!("a process failed: {}\n{stderr}", self.status))
    }
}

macro_rules! values {
    ($([$($generics:tt)*] $value:ty),* $(,)?) => {
        $(impl<$($generics)*> Success for $value {
            fn outcome(self) -> Outcome {
                Outcome::PASSED
            }
        })*
    };
}

values!(
    [] (),
    [] bool,
    [] char,
    [] u8,
    [] u16,
    [] u32,
    [] u64,
    [] u128,
    [] usize,
    [] i8,
    [] i16,
    [] i32,
    [] i64,
    [] i128,
    [] isize,
    [] f32,
    [] f64,
    [] String,
    [] OsString,
    [] PathBuf,
    [] Duration,
    [] Instant,
    [] SystemTime,
    [] tokio::time::Instant,
    [] IpAddr,
    [] SocketAddr,
    [] Infallible,
    [] serde_json::Value,
    [] Report,
    [] Trace,
    [] Logs,
    [] tempfile::TempDir,
    [] AbortHandle,
    [] User,
    [] std::fs::File,
    [] std::net::TcpListener,
    [] std::net::TcpStream,
    [] tokio::net::TcpListener,
    [] tokio::net::TcpStream,
    [T: ?Sized] &T,
    [T: ?Sized] &mut T,
    [T: ?Sized + ToOwned] Cow<'_, T>,
    [T: ?Sized] Rc<T>,
    [T: ?Sized] Arc<T>,
    [T] Mutex<T>,
    [T, H] HashSet<T, H>,
    [T] BTreeSet<T>,
    [T] JoinHandle<T>,
    [T] mpsc::Sender<T>,
    [T] mpsc::Receiver<T>,
    [T] mpsc::UnboundedSender<T>,
    [T] mpsc::UnboundedReceiver<T>,
    [T] oneshot::Sender<T>,
    [T] oneshot::Receiver<T>,
    [T] std::thread::JoinHandle<T>,
    [T] std::marker::PhantomData<T>,
);
