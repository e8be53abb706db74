use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::stoppable::LocalFuture;
use crate::case::api::{Case, SsotAsyncTestCase};
use crate::case::returned::{CaseResult, Outcome};

/// A test's body and its fixture. Made in one thread, run in another.
pub struct Body(Box<dyn FnOnce() -> Box<dyn TestSteps> + Send>);

impl Body {
    pub(super) fn into_steps(self) -> Box<dyn TestSteps> {
        (self.0)()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").finish_non_exhaustive()
    }
}

/// How a fixture is torn down, on any thread.
pub(super) struct TearDown {
    pub(super) fixture: &'static str,
    pub(super) work: TearDownWork,
}

type TearDownWork = Box<dyn for<'a> FnOnce(&'a Case) -> LocalFuture<'a, CaseResult> + Send>;

/// The tear-down that is still to be run, by any worker.
#[derive(Debug, Default)]
pub(super) struct PendingTearDown(Mutex<Option<TearDown>>);

impl PendingTearDown {
    pub(super) fn set(&self, tear_down: Option<TearDown>) {
        *self.lock() = tear_down;
    }

    pub(super) fn take(&self) -> Option<TearDown> {
        self.lock().take()
    }

    pub(super) fn is_some(&self) -> bool {
        self.lock().is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<TearDown>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for TearDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TearDown")
            .field("fixture", &self.fixture)
            .finish_non_exhaustive()
    }
}

/// A body in one call.
pub(super) enum Call<'a> {
    Later(LocalFuture<'a, Outcome>),
    Now(Box<dyn FnOnce() -> Outcome + 'a>),
}

/// A fixture and a body, in the order in which they are used.
pub(super) trait TestSteps {
    fn set_up<'a>(&'a mut self, case: &'a Case) -> LocalFuture<'a, CaseResult>;

    /// The body; asked for once, after a set-up that succeeded.
    fn call<'a>(&'a mut self, case: &'a Case) -> Call<'a>;

    /// Takes the fixture, where one was set up, to be torn down.
    fn take_tear_down(&mut self) -> Option<TearDown>;

    /// The fixture's type, where there is one.
    fn fixture(&self) -> Option<&'static str>;
}

/// A test with an asynchronous body and no fixture.
pub fn body<F>(body: F) -> Body
where
    F: for<'a> FnOnce(&'a Case) -> Pin<Box<dyn Future<Output = Outcome> + 'a>> + Send + 'static,
{
    Body(Box::new(|| {
        Box::new(WithoutFixture::new(|case| Call::Later(body(case))))
    }))
}

/// A test with a synchronous body and no fixture.
pub fn sync_body<F>(body: F) -> Body
where
    F: for<'a> FnOnce(&'a Case) -> Outcome + Send + 'static,
{
    Body(Box::new(|| {
        Box::new(WithoutFixture::new(|case| {
            Call::Now(Box::new(move || body(case)))
        }))
    }))
}

/// A test with an asynchronous body with a fixture.
pub fn body_with<T, F>(body: F) -> Body
where
    T: SsotAsyncTestCase + 'static,
    F: for<'a> FnOnce(&'a mut T, &'a Case) -> Pin<Box<dyn Future<Output = Outcome> + 'a>> + Send + 'static,
{
    Body(Box::new(|| {
        Box::new(WithFixture::new(|fixture, case| Call::Later(body(fixture, case))))
    }))
}

/// A test with a synchronous body and with a fixture.
pub fn sync_body_with<T, F>(body: F) -> Body
where
    T: SsotAsyncTestCase + 'static,
    F: for<'a> FnOnce(&'a mut T, &'a Case) -> Outcome + Send + 'static,
{
    Body(Box::new(|| {
        Box::new(WithFixture::new(|fixture, case| {
            Call::Now(Box::new(move || body(fixture, case)))
        }))
    }))
}

struct WithoutFixture<F>(Option<F>);

impl<F> WithoutFixture<F>
where
    F: for<'a> FnOnce(&'a Case) -> Call<'a>,
{
    fn new(body: F) -> Self {
        Self(Some(body))
    }
}

impl<F> TestSteps for WithoutFixture<F>
where
    F: for<'a> FnOnce(&'a Case) -> Call<'a>,
{
    fn set_up<'a>(&'a mut self, _: &'a Case) -> LocalFuture<'a, CaseResult> {
        Box::pin(async { Ok(()) })
    }

    fn call<'a>(&'a mut self, case: &'a Case) -> Call<'a> {
        let body = self.0.take().expect("a body is called once");
        body(case)
    }

    fn take_tear_down(&mut self) -> Option<TearDown> {
        None
    }

    fn fixture(&self) -> Option<&'static str> {
        None
    }
}

struct WithFixture<T, F> {
    fixture: Option<T>,
    body: Option<F>,
}

impl<T, F> WithFixture<T, F>
where
    F: for<'a> FnOnce(&'a mut T, &'a Case) -> Call<'a>,
{
    fn new(body: F) -> Self {
        Self {
            fixture: None,
            body: Some(body),
        }
    }
}

impl<T, F> TestSteps for WithFixture<T, F>
where
    T: SsotAsyncTestCase + 'static,
    F: for<'a> FnOnce(&'a mut T, &'a Case) -> Call<'a>,
{
    fn set_up<'a>(&'a mut self, case: &'a Case) -> LocalFuture<'a, CaseResult> {
        Box::pin(async {
            self.fixture = Some(T::set_up(case).await?);
            Ok(())
        })
    }

    fn call<'a>(&'a mut self, case: &'a Case) -> Call<'a> {
        let body = self.body.take().expect("a body is called once");
        let fixture = self.fixture.as_mut().expect("a body is called after its set-up");
        body(fixture, case)
    }

    fn take_tear_down(&mut self) -> Option<TearDown> {
        let fixture = self.fixture.take()?;
        Some(TearDown {
            fixture: std::any::type_name::<T>(),
            work: Box::new(|case| fixture.tear_down(case)),
        })
    }

    fn fixture(&self) -> Option<&'static str> {
        Some(std::any::type_name::<T>())
    }
}
