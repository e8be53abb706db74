use std::path::PathBuf;
use std::{env, thread};

use crate::current;

/// Which test a check stands in, as far as it can be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TestPath {
    krate: String,
    /// What `cargo test` takes as a filter.
    path: String,
}

impl TestPath {
    /// The test that a closure was written in, where this program is a test program: cargo builds those, and only
    /// those, into a folder `deps`.
    ///
    /// A thread that works for a known test knows it better than a type name does.
    pub(crate) fn around(closure: &str) -> Option<Self> {
        if let Some(test) = current::test() {
            return Some(Self {
                krate: test.krate().to_owned(),
                path: test.path().to_owned(),
            });
        }
        let program = env::current_exe().ok()?;
        if program.parent()?.file_name()? == "deps" {
            Self::of_closure(closure)
        } else {
            None
        }
    }

    /// Reads it off the type of a closure that was written in the test, which names the function around it in every
    /// runner, on every thread.
    fn of_closure(type_name: &str) -> Option<Self> {
        let (krate, path) = type_name
            .split_once("::")
            .filter(|_| !type_name.starts_with('<'))?;
        let path = path
            .split("::{{closure}}")
            .next()
            .filter(|path| !path.is_empty() && !path.contains(['<', '{']))?;
        // A case of a parametrised test is a function of its own that calls this one: its thread has the whole name.
        let thread = thread::current();
        let path = thread
            .name()
            .filter(|name| name.starts_with(path))
            .unwrap_or(path);
        Some(Self {
            krate: krate.to_owned(),
            path: path.to_owned(),
        })
    }

    /// The test's path within its crate.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Where failures of this test are kept, relative to the package.
    pub(crate) fn regressions(&self) -> PathBuf {
        let mut path = PathBuf::from("ssot-regressions");
        path.push(&self.krate);
        path.extend(self.path.split("::"));
        path.set_extension("txt");
        path
    }
}

/// The root of the package whose tests are running: what cargo and nextest say, else the current directory.
pub(crate) fn package_root() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(PathBuf::new, PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_around_a_closure_is_the_test() {
        let path = TestPath::of_closure("chat::inner::answers_stay::{{closure}}::{{closure}}").unwrap();
        assert_eq!(path.path(), "inner::answers_stay");
        assert_eq!(
            path.regressions(),
            PathBuf::from("ssot-regressions/chat/inner/answers_stay.txt")
        );
    }

    #[test]
    fn a_type_that_is_no_closure_in_a_function_names_no_test() {
        for type_name in [
            "u8",
            "chat::{{closure}}",
            "<chat::Chat as chat::Ask>::ask::{{closure}}",
            "<u8 as chat::Ask>::{{closure}}",
        ] {
            assert_eq!(TestPath::of_closure(type_name), None, "{type_name}");
        }
    }

    #[test]
    fn a_case_of_a_parametrised_test_has_the_name_of_its_thread() {
        let path = thread::Builder::new()
            .name("answers_stay::case_2".to_owned())
            .spawn(|| TestPath::of_closure("chat::answers_stay::{{closure}}"))
            .unwrap()
            .join()
            .unwrap();
        assert_eq!(path.unwrap().path(), "answers_stay::case_2");
    }
}
