use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::runtime::Handle;
use tokio::time::Instant;

#[cfg(feature = "http")]
use super::{Issued, issued::IssuedNames};
use super::{Observation, Surface, Trace};
use crate::interleave::witness;
use crate::user;

/// Takes down what the users of one execution see.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    step: Arc<AtomicU32>,
    /// When the first observation was made.
    began: OnceLock<Instant>,
    /// `None` once the execution is over: what a stale sink sees later belongs to no execution.
    notes: Mutex<Option<Notes>>,
    over_sockets: bool,
}

#[derive(Clone, Debug, Default)]
struct Notes {
    observations: Vec<Observation>,
    defects: Vec<String>,
    #[cfg(feature = "conformance")]
    facts: Vec<super::Fact>,
    /// What was issued to users.
    #[cfg(feature = "http")]
    issued: IssuedNames,
}

impl Notes {
    fn into_trace(self) -> Trace {
        let trace = Trace::new(self.observations, self.defects);
        #[cfg(feature = "conformance")]
        let trace = trace.with_facts(self.facts);
        trace
    }
}

impl Shared {
    /// The time since the first observation, on the clock of the runtime at hand. In the destructor of a thread-local that clock may be gone, and tokio panics
    /// where it is asked for: then there is none.
    fn now(&self) -> Option<Duration> {
        if Handle::try_current().is_err_and(|error| error.is_thread_local_destroyed()) {
            return None;
        }
        let now = Instant::now();
        Some(now.saturating_duration_since(*self.began.get_or_init(|| now)))
    }
}

impl Recorder {
    /// A recorder that stamps every observation with what `step` says at that moment.
    pub(crate) fn new(step: Arc<AtomicU32>) -> Self {
        Self::of_execution(step, false)
    }

    /// The same of an execution in which sockets may be real.
    pub(crate) fn of_execution(step: Arc<AtomicU32>, over_sockets: bool) -> Self {
        Self {
            shared: Arc::new(Shared {
                step,
                began: OnceLock::new(),
                notes: Mutex::new(Some(Notes::default())),
                over_sockets,
            }),
        }
    }

    /// The handle of the user at index `viewer`.
    pub(crate) fn observer(&self, viewer: usize) -> Observer {
        Observer {
            shared: Arc::clone(&self.shared),
            viewer,
        }
    }

    /// What was recorded up to now.
    pub(crate) fn so_far(&self) -> Trace {
        let notes = self.shared.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.clone().unwrap_or_default().into_trace()
    }

    /// How many observations there are on a surface.
    pub(crate) fn count(&self, surface: Surface) -> usize {
        let notes = self.shared.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.as_ref().map_or(0, |notes| {
            notes
                .observations
                .iter()
                .filter(|seen| seen.surface() == surface)
                .count()
        })
    }

    /// Ends the recording and gives what was recorded; later observations are dropped, a second call gives nothing.
    pub(crate) fn finish(&self) -> Trace {
        let mut notes = self.shared.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.take().unwrap_or_default().into_trace()
    }
}

/// Says what one user saw, from anywhere: a sink, a spawned task, another thread.
///
/// A handle that outlives its execution may go on observing; nobody records it any more.
#[derive(Clone, Debug)]
pub struct Observer {
    shared: Arc<Shared>,
    viewer: usize,
}

impl Observer {
    /// Records that the user saw `value` on `surface`.
    ///
    /// A value that cannot be turned into JSON is a defect of the check, and is reported with its error.
    pub fn saw(&self, surface: Surface, value: &(impl Serialize + ?Sized)) {
        self.note(
            surface,
            value,
            #[cfg(feature = "http")]
            Arc::default(),
        );
    }

    fn note(
        &self,
        surface: Surface,
        value: &(impl Serialize + ?Sized),
        #[cfg(feature = "http")] issued: Arc<[Issued]>,
    ) {
        witness::is_at_work();
        let step = self.shared.step.load(Ordering::Relaxed);
        let at = self.shared.now();
        let seen = serde_json::to_string(value)
            .map(|text| Observation::new(self.viewer, surface, text, step).seen_at(at));
        let mut notes = self.shared.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(notes) = notes.as_mut() else { return };
        match seen {
            Ok(observation) => {
                #[cfg(feature = "http")]
                let observation = notes.issued.told_apart(self.viewer, observation, issued);
                notes.observations.push(if self.shared.over_sockets {
                    observation.over_sockets()
                } else {
                    observation
                });
            }
            Err(error) => notes.defects.push(format!(
                "what {} saw on the surface {surface} cannot be turned into JSON: {error}",
                user::name(self.viewer)
            )),
        }
    }

    /// Tells the oracles of the execution a fact, which is no observation.
    #[cfg(feature = "conformance")]
    pub(crate) fn tell(&self, fact: impl super::Told) {
        let step = self.shared.step.load(Ordering::Relaxed);
        let mut notes = self.shared.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(notes) = notes.as_mut() else { return };
        let place = notes.observations.len();
        notes.facts.push(super::Fact::new(self.viewer, step, place, fact));
    }

    /// The same, with the values that were issued to the user with it.
    #[cfg(feature = "http")]
    pub(crate) fn saw_issued(
        &self,
        surface: Surface,
        value: &(impl Serialize + ?Sized),
        issued: Vec<Issued>,
    ) {
        self.note(surface, value, issued.into());
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;

    use serde::{Serialize, Serializer};
    use serde_json::json;

    use super::{Observer, Recorder, Surface};

    #[test]
    fn an_observation_says_who_saw_what_where_and_when() {
        let step = Arc::new(AtomicU32::new(0));
        let recorder = Recorder::new(Arc::clone(&step));
        recorder
            .observer(1)
            .saw(Surface::Event, &json!({ "b": 1, "a": "é" }));
        step.store(7, Ordering::Relaxed);
        recorder.observer(0).saw(Surface::Reply, "hello");
        let trace = recorder.finish();
        let seen: Vec<_> = trace
            .observations()
            .iter()
            .map(|seen| (seen.viewer(), seen.surface(), seen.text(), seen.step()))
            .collect();
        assert_eq!(
            seen,
            [
                (1, Surface::Event, r#"{"a":"é","b":1}"#, 0),
                (0, Surface::Reply, r#""hello""#, 7)
            ]
        );
        let of_first = trace
            .observations()
            .iter()
            .filter(|observation| observation.viewer() == 0);
        assert_eq!(of_first.count(), 1);
        assert_eq!(trace.observations()[1].value(), json!("hello"));
    }

    #[cfg(feature = "conformance")]
    #[test]
    fn a_fact_is_told_beside_what_is_seen_and_counts_as_nothing_seen() {
        #[derive(Debug, PartialEq)]
        struct Begins(u32);
        let step = Arc::new(AtomicU32::new(3));
        let recorder = Recorder::new(step);
        let plain = recorder.so_far().fingerprint();
        recorder.observer(1).tell(Begins(7));
        assert_eq!(recorder.so_far().fingerprint(), plain);
        recorder.observer(0).saw(Surface::Reply, "hello");
        recorder.observer(0).tell("of another type");
        let trace = recorder.finish();
        let facts: Vec<_> = trace
            .facts()
            .iter()
            .map(|fact| (fact.viewer(), fact.step(), fact.place(), fact.get()))
            .collect();
        assert_eq!(facts, [(1, 3, 0, Some(&Begins(7))), (0, 3, 1, None)]);
        assert_eq!(trace.observations().len(), 1);
        recorder.observer(0).tell(Begins(8));
        assert_eq!(recorder.finish().facts().len(), 0);
    }

    #[test]
    fn what_a_stale_sink_sees_after_the_end_is_dropped() {
        let recorder = Recorder::new(Arc::default());
        let observer = recorder.observer(0);
        observer.saw(Surface::Reply, "in time");
        assert_eq!(recorder.finish().observations().len(), 1);
        observer.saw(Surface::Reply, "too late");
        assert_eq!(recorder.finish().observations().len(), 0);
    }

    #[cfg(feature = "http")]
    #[test]
    fn what_was_issued_has_no_part_in_a_fingerprint_and_all_of_it_in_a_digest() {
        use crate::trace::Issued;

        let trace = |tokens: [&str; 2], shown: usize| {
            let recorder = Recorder::new(Arc::default());
            for (viewer, token) in tokens.into_iter().enumerate() {
                let issued = Issued {
                    name: "session".into(),
                    text: token.into(),
                    is_credential: true,
                };
                recorder
                    .observer(viewer)
                    .saw_issued(Surface::Reply, token, vec![issued]);
            }
            recorder
                .observer(1)
                .saw(Surface::Event, &format!("for {}", tokens[shown]));
            recorder.finish()
        };
        let one = trace(["first-of-ada", "first-of-ben"], 1);
        let again = trace(["second-of-ada", "second-of-ben"], 1);
        let of_another = trace(["first-of-ada", "first-of-ben"], 0);
        assert_eq!(one.fingerprint(), again.fingerprint());
        assert_ne!(one.fingerprint(), of_another.fingerprint());
        assert_ne!(one.observations()[2].digest(), again.observations()[2].digest());
        assert_eq!(one.observations()[0].issued().len(), 1);
    }

    #[test]
    fn a_value_that_is_not_json_is_a_defect_that_says_where() {
        struct Stubborn;
        impl Serialize for Stubborn {
            fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("not today"))
            }
        }
        let recorder = Recorder::new(Arc::default());
        recorder.observer(1).saw(Surface::Row, &Stubborn);
        let trace = recorder.finish();
        assert_eq!(
            trace.defects(),
            ["what ben saw on the surface row cannot be turned into JSON: not today"]
        );
        assert_eq!(trace.observations().len(), 0);
    }

    /// Tokio's own thread-locals are gone by then, for they were first used after this one.
    #[test]
    fn what_a_destructor_of_a_thread_local_sees_is_recorded() {
        struct Sees(Observer);
        impl Drop for Sees {
            fn drop(&mut self) {
                self.0.saw(Surface::Reply, "at the end of its thread");
            }
        }
        thread_local! {
            static LAST: RefCell<Option<Sees>> = const { RefCell::new(None) };
        }
        let recorder = Recorder::new(Arc::default());
        let observer = recorder.observer(0);
        let ended = thread::spawn(move || {
            LAST.with_borrow_mut(|last| *last = Some(Sees(observer)));
            let paused = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build();
            paused.unwrap().block_on(async {});
        });
        ended.join().unwrap();
        assert_eq!(
            recorder.finish().observations()[0].text(),
            "\"at the end of its thread\""
        );
    }

    #[test]
    fn handles_can_be_sent_to_other_threads() {
        fn assert<T: Send + Sync>() {}
        assert::<Recorder>();
        assert::<super::Observer>();
        assert::<crate::trace::User>();
    }
}
