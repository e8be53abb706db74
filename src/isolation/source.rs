use std::error::Error;
use std::marker::PhantomData;
use std::pin::Pin;

/// Any error that a script or a system under test may come to.
pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

pub(crate) type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Builds a fresh system for every execution.
pub(crate) trait Source<S>: Send + Sync {
    fn build(&self) -> Local<'_, Result<S, BoxError>>;
}

/// A closure that cannot fail.
pub(crate) struct Always<B>(pub(crate) B);

impl<S, B> Source<S> for Always<B>
where
    B: AsyncFn() -> S + Send + Sync,
{
    fn build(&self) -> Local<'_, Result<S, BoxError>> {
        Box::pin(async { Ok((self.0)().await) })
    }
}

/// A closure that can.
pub(crate) struct Trying<B, E>(pub(crate) B, pub(crate) PhantomData<fn() -> E>);

impl<S, E, B> Source<S> for Trying<B, E>
where
    B: AsyncFn() -> Result<S, E> + Send + Sync,
    E: Into<BoxError>,
{
    fn build(&self) -> Local<'_, Result<S, BoxError>> {
        Box::pin(async { (self.0)().await.map_err(Into::into) })
    }
}

/// An error with its sources, as one line.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
