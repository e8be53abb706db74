use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use super::findings::{Findings, report};
use crate::isolation::{Check, ScriptResult, isolation};
use crate::oracle::Kind;
use crate::trace::{Recorder, Surface, Trace, User};

/// Begins a comparison of two implementations, each made by a closure for every execution.
///
/// [`users`](Differential::users) gives the script. Both implementations are driven by it in lockstep, under one schedule; the first
/// observation of a user in which they differ is a violation of kind [`ContractDrift`](Kind::ContractDrift), and the schedule is
/// shrunk as for every check. Ids and times are interned, so that two that mean the same do not differ.
///
/// ```
/// use ssot_harness::conformance::differential;
/// use ssot_harness::prelude::*;
///
/// struct Greeter(&'static str);
///
/// let failure = differential(async || Greeter("hello"), async || Greeter("hi"))
///     .users(2, async |user: &User, greeter: &Greeter| {
///         tokio::task::yield_now().await;
///         user.saw(Surface::Reply, &format!("{}, {}", greeter.0, user.secret("name")));
///         Ok(())
///     })
///     .check()
///     .unwrap_err();
/// assert_eq!(failure.violations()[0].kind(), Kind::ContractDrift);
/// assert_eq!(
///     failure.violations()[0].detail(),
///     r#"observation 1 on reply is "hello, [secret:name]" with one implementation and "hi, [secret:name]" with the other"#
/// );
/// ```
pub fn differential<S: 'static>(
    one: impl AsyncFn() -> S + Send + Sync + 'static,
    other: impl AsyncFn() -> S + Send + Sync + 'static,
) -> Differential<S, impl AsyncFn() -> (S, S) + Send + Sync + 'static> {
    Differential {
        build: async move || (one().await, other().await),
        system: std::marker::PhantomData,
    }
}

/// Two implementations; what their users do comes next.
pub struct Differential<S, B> {
    build: B,
    system: std::marker::PhantomData<fn() -> S>,
}

impl<S: 'static, B: AsyncFn() -> (S, S) + Send + Sync + 'static> Differential<S, B> {
    /// Has this many users, 2 to 1,024, run a script with each implementation. The check has the settings of every other one; no
    /// call is dropped, as what was seen until then has no end that could be compared.
    pub fn users<F>(self, users: usize, script: F) -> Check<(S, S)>
    where
        F: AsyncFn(&User, &S) -> ScriptResult + Send + Sync + 'static,
    {
        isolation(self.build)
            .users(users, async move |user: &User, (one, other): &(S, S)| {
                let [of_one, of_other] = [Recorder::new(Arc::default()), Recorder::new(Arc::default())];
                let [as_one, as_other] = [&of_one, &of_other].map(|recorder| user.recorded_by(recorder));
                let (ended, ended_other) = in_lockstep(script(&as_one, one), script(&as_other, other)).await;
                for (shown, ended) in [(&as_one, &ended), (&as_other, &ended_other)] {
                    if let Err(error) = ended {
                        shown.saw(Surface::Error, &error.to_string());
                    }
                }
                let (seen, seen_other) = (of_one.finish(), of_other.finish());
                for observation in seen.observations() {
                    user.saw(observation.surface(), &observation.value());
                }
                if let Some(difference) = first_difference(user, &seen, &seen_other) {
                    report(user, Kind::ContractDrift, difference);
                }
                Ok(())
            })
            .without_solo_comparison()
            .cancellations(0)
            .oracle(Findings)
    }
}

impl<S, B> fmt::Debug for Differential<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Differential").finish_non_exhaustive()
    }
}

/// Polls two futures in turn, each once a step, until both are done.
async fn in_lockstep<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (mut of_one, mut of_other) = (None, None);
    poll_fn(|cx| {
        if of_one.is_none()
            && let Poll::Ready(output) = one.as_mut().poll(cx)
        {
            of_one = Some(output);
        }
        if of_other.is_none()
            && let Poll::Ready(output) = other.as_mut().poll(cx)
        {
            of_other = Some(output);
        }
        match (of_one.take(), of_other.take()) {
            (Some(one), Some(other)) => Poll::Ready((one, other)),
            (one, other) => {
                (of_one, of_other) = (one, other);
                Poll::Pending
            }
        }
    })
    .await
}

fn first_difference(user: &User, one: &Trace, other: &Trace) -> Option<String> {
    let [mut of_one, mut of_other] = [user.interner(), user.interner()];
    for surface in Surface::ALL {
        let texts = |trace: &Trace, interner: &mut crate::trace::Interner| -> Vec<String> {
            let seen = trace
                .observations()
                .iter()
                .filter(|seen| seen.surface() == surface);
            seen.map(|seen| interner.intern(&seen.value()).to_string())
                .collect()
        };
        let (one, other) = (texts(one, &mut of_one), texts(other, &mut of_other));
        let nothing = "missing";
        let differs = (0..one.len().max(other.len())).find(|&at| one.get(at) != other.get(at));
        if let Some(at) = differs {
            let text = |texts: &[String]| texts.get(at).map_or(nothing.to_owned(), Clone::clone);
            return Some(format!(
                "observation {} on {surface} is {} with one implementation and {} with the other",
                at + 1,
                text(&one),
                text(&other)
            ));
        }
    }
    None
}
