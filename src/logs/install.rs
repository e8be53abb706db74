use std::cell::RefCell;
use std::io::{self, Write as _};
use std::sync::OnceLock;

use tracing::dispatcher::{self, DefaultGuard, Dispatch};

use super::subscriber::{Capturing, Hears};
use super::traced_test::{self, Installed};

/// What each thread has to be told of, where our subscriber could not be the process's.
static BESIDE: OnceLock<Option<Dispatch>> = OnceLock::new();

/// Installs the subscriber of the process, at the first call; for tests of that crate, where it is known.
pub(super) fn install(krate: Option<&str>) {
    beside(krate);
}

fn beside(krate: Option<&str>) -> Option<&'static Dispatch> {
    BESIDE
        .get_or_init(|| {
            let laid_over = |theirs| Dispatch::new(Capturing::over(theirs, Hears::TracedTests));
            match traced_test::install(krate, laid_over) {
                Installed::Ours => None,
                Installed::Another(global) => Some(over(global)),
                Installed::Theirs(global) => {
                    // Past the capture of test output: what a test asserts of its logs may depend on it. A standard error
                    // that is closed is nobody's reader.
                    drop(writeln!(io::stderr().lock(), "{THEIRS}"));
                    Some(over(global))
                }
            }
        })
        .as_ref()
}

const THEIRS: &str = "ssot: this version of tracing-test installs its subscriber in a way that ssot-harness does not know: the logs of a \
     test are those of the threads that the harness starts and of those that call `Case::enter`";

fn over(dispatch: Dispatch) -> Dispatch {
    Dispatch::new(Capturing::over(dispatch, Hears::Everything))
}

/// While it lives, what its thread logs is captured.
#[derive(Debug)]
#[must_use = "what the thread logs is captured only while this lives"]
pub(crate) struct Listening(Option<DefaultGuard>);

impl Listening {
    /// Listens until the thread ends.
    pub(crate) fn stay(self) {
        thread_local! {
            static STAYING: RefCell<Option<Listening>> = const { RefCell::new(None) };
        }
        // Where the process's subscriber is ours there is nothing to keep, nor a destructor to register.
        if self.0.is_some() {
            STAYING.set(Some(self));
        }
    }
}

/// Captures what this thread logs also where the process has a subscriber of its own. For threads that have none
/// set for themselves.
pub(crate) fn listen() -> Listening {
    Listening(beside(None).map(dispatcher::set_default))
}

/// The same over whatever subscriber this thread has.
pub(crate) fn listen_over() -> Listening {
    install(None);
    let present = dispatcher::get_default(Clone::clone);
    let listens = present.is::<Capturing>();
    Listening((!listens).then(|| dispatcher::set_default(&over(present))))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::{Capturing, Dispatch, Listening, dispatcher, install};

    #[test]
    fn who_stays_listens_until_the_thread_ends() {
        install(None);
        let is_ours = || dispatcher::get_default(Dispatch::is::<Capturing>);
        let set = || Listening(Some(dispatcher::set_default(&Dispatch::none())));
        thread::spawn(move || {
            drop(set());
            assert!(is_ours());
            set().stay();
            assert!(!is_ours());
        })
        .join()
        .unwrap();
    }
}
