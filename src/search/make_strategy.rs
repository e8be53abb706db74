use crate::interleave::Strategy;

/// Makes the strategy of a test, anew for each case of generated inputs.
pub(crate) trait MakeStrategy: Send + Sync {
    fn make(&self) -> Box<dyn Strategy>;
}

/// A strategy to be cloned.
pub(crate) struct Cloned<T>(pub(crate) T);

impl<T: Strategy + Clone + Send + Sync + 'static> MakeStrategy for Cloned<T> {
    fn make(&self) -> Box<dyn Strategy> {
        Box::new(self.0.clone())
    }
}
