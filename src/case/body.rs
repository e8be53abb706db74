use std::fmt;
use std::pin::Pin;

use super::outcome::Outcome;
use super::{Case, CaseResult, SsotAsyncTestCase};

/// A future of the test's own thread.
pub(super) type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What a test does, and what it stands on. Made in one thread, run in another.
pub struct Body(Box<dyn FnOnce() -> Box<dyn Staged> + Send>);

impl Body {
    pub(super) fn stage(self) -> Box<dyn Staged> {
        (self.0)()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").finish_non_exhaustive()
    }
}

/// How a fixture is taken down, on whichever thread.
pub(super) struct TearDown {
    pub(super) fixture: &'static str,
    pub(super) work: TearDownWork,
}

type TearDownWork = Box<dyn for<'a> FnOnce(&'a Case) -> Local<'a, CaseResult> + Send>;

impl fmt::Debug for TearDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TearDown")
            .field("fixture", &self.fixture)
            .finish_non_exhaustive()
    }
}

/// A body in one call.
pub(super) enum Call<'a> {
    Later(Local<'a, Outcome>),
    Now(Box<dyn FnOnce() -> Outcome + 'a>),
}

/// A fixture and a body, in the order in which they are used.
pub(super) trait Staged {
    fn set_up<'a>(&'a mut self, case: &'a Case) -> Local<'a, CaseResult>;

    /// The body; asked for once, after a set-up that succeeded.
    fn call<'a>(&'a mut self, case: &'a Case) -> Call<'a>;

    /// Gives up what was set up, where something was, to be taken down.
    fn give_back(&mut self) -> Option<TearDown>;

    /// What the fixture is called, where there is one.
    fn fixture(&self) -> Option<&'static str>;
}

/// A test with an asynchronous body and no fixture.
pub fn body<F>(body: F) -> Body
where
    F: for<'a> FnOnce(&'a Case) -> Pin<Box<dyn Future<Output = Outcome> + 'a>> + Send + 'static,
{
    Body(Box::new(|| Box::new(Bare::new(|case| Call::Later(body(case))))))
}

/// A test with a body that does not wait, and no fixture.
pub fn sync_body<F>(body: F) -> Body
where
    F: for<'a> FnOnce(&'a Case) -> Outcome + Send + 'static,
{
    Body(Box::new(|| {
        Box::new(Bare::new(|case| Call::Now(Box::new(move || body(case)))))
    }))
}

/// A test with an asynchronous body that stands on a fixture.
pub fn body_with<T, F>(body: F) -> Body
where
    T: SsotAsyncTestCase + 'static,
    F: for<'a> FnOnce(&'a mut T, &'a Case) -> Pin<Box<dyn Future<Output = Outcome> + 'a>> + Send + 'static,
{
    Body(Box::new(|| {
        Box::new(With::new(|fixture, case| Call::Later(body(fixture, case))))
    }))
}

/// A test with a body that does not wait, which stands on a fixture.
pub fn sync_body_with<T, F>(body: F) -> Body
where
    T: SsotAsyncTestCase + 'static,
    F: for<'a> FnOnce(&'a mut T, &'a Case) -> Outcome + Send + 'static,
{
    Body(Box::new(|| {
        Box::new(With::new(|fixture, case| {
            Call::Now(Box::new(move || body(fixture, case)))
        }))
    }))
}

struct Bare<F>(Option<F>);

impl<F> Bare<F>
where
    F: for<'a> FnOnce(&'a Case) -> Call<'a>,
{
    fn new(body: F) -> Self {
        Self(Some(body))
    }
}

impl<F> Staged for Bare<F>
where
    F: for<'a> FnOnce(&'a Case) -> Call<'a>,
{
    fn set_up<'a>(&'a mut self, _: &'a Case) -> Local<'a, CaseResult> {
        Box::pin(async { Ok(()) })
    }

    fn call<'a>(&'a mut self, case: &'a Case) -> Call<'a> {
        let body = self.0.take().expect("a body is called once");
        body(case)
    }

    fn give_back(&mut self) -> Option<TearDown> {
        None
    }

    fn fixture(&self) -> Option<&'static str> {
        None
    }
}

struct With<T, F> {
    fixture: Option<T>,
    body: Option<F>,
}

impl<T, F> With<T, F>
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

impl<T, F> Staged for With<T, F>
where
    T: SsotAsyncTestCase + 'static,
    F: for<'a> FnOnce(&'a mut T, &'a Case) -> Call<'a>,
{
    fn set_up<'a>(&'a mut self, case: &'a Case) -> Local<'a, CaseResult> {
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

    fn give_back(&mut self) -> Option<TearDown> {
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
