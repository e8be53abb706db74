use std::sync::Arc;

use super::install::install;
use super::keepers::Log;
use super::query::Logs;
use super::verbosity;
use crate::current::CurrentTest;

/// Keeps what a test logs, for as long as it lives.
#[derive(Debug)]
#[must_use = "logs are captured only while this lives"]
pub(crate) struct Capture {
    log: Arc<Log>,
}

impl Capture {
    /// Begins to keep what `test` logs.
    pub(crate) fn begin(test: &CurrentTest) -> Self {
        verbosity::capture_all_of(test.krate());
        install(Some(test.krate()));
        let log = Arc::new(Log::of(test.id()));
        log.open();
        Self { log }
    }

    /// What has been logged so far.
    pub(crate) fn logs(&self) -> Logs {
        self.log.logs()
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.log.close();
    }
}

#[cfg(test)]
mod tests {
    use super::Capture;
    use crate::current::CurrentTest;
    use crate::logs::keepers::Keepers;

    #[test]
    fn a_capture_ends_when_it_is_dropped() {
        let test = CurrentTest::new(module_path!(), "ends");
        let is_kept = || !Keepers::of(Some(test.id())).is_nobody();
        let capture = Capture::begin(&test);
        assert!(is_kept());
        drop(capture);
        assert!(!is_kept());
    }
}
