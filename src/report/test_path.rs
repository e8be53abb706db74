use std::path::PathBuf;
use std::{env, thread};

use super::program::Program;
use crate::current;

/// Which test a check runs in, as far as it can be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TestPath {
    krate: String,
    /// What `cargo test` takes as a filter.
    path: String,
    /// Whether the runner knows a test of this path: else it is the function that the check was written in.
    is_test: bool,
    /// The crate and the function that the check was written in, after which kept failures were named once.
    written_in: Option<(String, String)>,
}

impl TestPath {
    /// The test that this thread runs, where this program is a test program: what the harness' own attribute says, what the runner
    /// says, the name that libtest gave the thread, and last the function around a closure of the check.
    pub(crate) fn around(closure: &str) -> Option<Self> {
        let written_in = of_closure(closure);
        // A thread that works for a known test knows it better than a name does.
        if let Some(test) = current::test() {
            return Some(Self::known(test.krate(), test.path(), written_in));
        }
        let program = Program::current()?;
        let runner = of_nextest().or_else(|| of_arguments(env::args().skip(1)));
        if let Some(path) = runner {
            return Some(Self::known(program.krate(), &path, written_in));
        }
        Self::of_thread(&program, thread::current().name(), written_in)
    }

    fn known(krate: &str, path: &str, written_in: Option<(String, String)>) -> Self {
        let own = (krate.to_owned(), path.to_owned());
        Self {
            written_in: written_in.filter(|function| *function != own),
            krate: own.0,
            path: own.1,
            is_test: true,
        }
    }

    /// Libtest calls a thread after the test that it runs; others may call theirs whatever they like.
    fn of_thread(
        program: &Program,
        thread: Option<&str>,
        written_in: Option<(String, String)>,
    ) -> Option<Self> {
        let thread = thread.filter(|name| is_path(name));
        let function = written_in.as_ref().map(|(_, function)| function.as_str());
        // A case of a parametrised test is a function of its own that calls the one with the check.
        let is_around = |thread: &str| {
            function.is_some_and(|function| {
                thread
                    .strip_prefix(function)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            })
        };
        if let Some(thread) = thread.filter(|thread| is_around(thread)) {
            return Some(Self::known(program.krate(), thread, written_in.clone()));
        }
        let tests = program.tests();
        let is_test = |path: &&str| tests.is_some_and(|tests| tests.contains(*path));
        let known = thread.filter(is_test).or_else(|| function.filter(is_test));
        if let Some(path) = known {
            return Some(Self::known(program.krate(), path, written_in.clone()));
        }
        let (krate, path) = written_in?;
        Some(Self {
            krate,
            path,
            is_test: false,
            written_in: None,
        })
    }

    /// The test's path within its crate.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The words of the command that runs this test and no other, where there is such a test.
    pub(crate) fn command(&self) -> Option<Vec<String>> {
        if !self.is_test {
            return None;
        }
        let selection = Program::current().map(|program| program.selection());
        let words = ["cargo", "test"].into_iter().map(str::to_owned);
        let rest = [self.path.as_str(), "--", "--exact", "--nocapture"];
        Some(
            words
                .chain(selection.unwrap_or_default())
                .chain(rest.into_iter().map(str::to_owned))
                .collect(),
        )
    }

    /// Where failures of this test are kept, relative to the package.
    pub(crate) fn regressions(&self) -> PathBuf {
        file(&self.krate, &self.path)
    }

    /// Where they were kept once, after the function that the check was written in.
    pub(crate) fn older_regressions(&self) -> Option<PathBuf> {
        let (krate, function) = self.written_in.as_ref()?;
        Some(file(krate, function))
    }

    /// A test of this path, for tests of what is made of it.
    #[cfg(test)]
    pub(crate) fn sample(path: &str) -> Self {
        Self::known("chat", path, None)
    }
}

fn file(krate: &str, path: &str) -> PathBuf {
    let mut file = PathBuf::from("ssot-regressions");
    file.push(krate);
    file.extend(path.split("::"));
    file.set_extension("txt");
    file
}

/// The crate and the path of the function that a closure was written in, read off the closure's type.
fn of_closure(type_name: &str) -> Option<(String, String)> {
    let (krate, path) = type_name
        .split_once("::")
        .filter(|_| !type_name.starts_with('<'))?;
    let path = path
        .split("::{{closure}}")
        .next()
        .filter(|path| !path.is_empty() && !path.contains(['<', '{']))?;
    Some((krate.to_owned(), path.to_owned()))
}

/// Nextest starts a process for each test, and says which it is.
fn of_nextest() -> Option<String> {
    env::var("NEXTEST_TEST_NAME").ok().filter(|name| is_path(name))
}

/// A test that libtest was told to run and no other: `name --exact`.
fn of_arguments(arguments: impl Iterator<Item = String>) -> Option<String> {
    /// Options whose value is an argument of its own.
    const WITH_VALUE: [&str; 8] = [
        "--logfile",
        "--skip",
        "--test-threads",
        "--color",
        "--format",
        "--shuffle-seed",
        "--report-time",
        "-Z",
    ];
    let mut filters = Vec::new();
    let mut is_exact = false;
    let mut is_value = false;
    for argument in arguments {
        if std::mem::take(&mut is_value) {
            continue;
        }
        if argument.starts_with('-') {
            is_exact |= argument == "--exact";
            is_value = WITH_VALUE.contains(&argument.as_str());
        } else {
            filters.push(argument);
        }
    }
    match &filters[..] {
        [only] if is_exact && is_path(only) => Some(only.clone()),
        _ => None,
    }
}

/// Whether a text can be the path of a test.
fn is_path(text: &str) -> bool {
    text.split("::").all(|part| {
        let mut characters = part.chars();
        characters
            .next()
            .is_some_and(|first| first.is_alphabetic() || first == '_')
            && characters.all(|character| character.is_alphanumeric() || character == '_')
    })
}

/// The root of the package whose tests are running: what cargo and nextest say, else the current directory.
pub(crate) fn package_root() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(PathBuf::new, PathBuf::from)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_function_around_a_closure_is_known() {
        let found = of_closure("chat::inner::answers_stay::{{closure}}::{{closure}}").unwrap();
        assert_eq!(found, ("chat".to_owned(), "inner::answers_stay".to_owned()));
        assert_eq!(
            file(&found.0, &found.1),
            PathBuf::from("ssot-regressions/chat/inner/answers_stay.txt")
        );
    }

    #[test]
    fn a_type_that_is_no_closure_in_a_function_names_no_function() {
        for type_name in [
            "u8",
            "chat::{{closure}}",
            "<chat::Chat as chat::Ask>::ask::{{closure}}",
            "<u8 as chat::Ask>::{{closure}}",
        ] {
            assert_eq!(of_closure(type_name), None, "{type_name}");
        }
    }

    /// A thread called as this test is, or as another.
    #[rstest]
    #[case::a_case_of_a_parametrised_test(
        Some("answers_stay::case_2"),
        "answers_stay",
        "answers_stay::case_2",
        true
    )]
    #[case::the_test_itself(Some("answers_stay"), "answers_stay", "answers_stay", true)]
    #[case::a_helper(Some(OWN), "support::helper", OWN, true)]
    #[case::a_worker(Some("worker"), OWN, OWN, true)]
    #[case::a_thread_without_a_name(None, OWN, OWN, true)]
    #[case::a_helper_on_a_worker(Some("worker"), "support::helper", "support::helper", false)]
    #[case::a_name_that_is_no_path(Some("tokio-rt-worker"), "support::helper", "support::helper", false)]
    #[case::a_longer_name(Some("answers_stay_not"), "answers_stay", "answers_stay", false)]
    fn a_thread_of_libtest_is_called_after_its_test(
        #[case] thread: Option<&str>,
        #[case] function: &str,
        #[case] expected: &str,
        #[case] is_test: bool,
    ) {
        let written_in = Some(("helpers".to_owned(), function.to_owned()));
        let program = Program::current().unwrap();
        let path = TestPath::of_thread(&program, thread, written_in).unwrap();
        assert_eq!((path.path(), path.is_test), (expected, is_test));
        assert_eq!(path.command().is_some(), is_test);
    }

    const OWN: &str = "report::test_path::tests::the_function_around_a_closure_is_known";

    #[test]
    fn what_was_kept_after_the_function_is_still_found() {
        let path = TestPath::known(
            "shop",
            "orders::one",
            Some(("support".to_owned(), "check".to_owned())),
        );
        assert_eq!(
            path.regressions(),
            PathBuf::from("ssot-regressions/shop/orders/one.txt")
        );
        assert_eq!(
            path.older_regressions(),
            Some(PathBuf::from("ssot-regressions/support/check.txt"))
        );
        let direct = TestPath::known("shop", "one", Some(("shop".to_owned(), "one".to_owned())));
        assert_eq!(direct.older_regressions(), None);
    }

    #[rstest]
    #[case(&["orders::one", "--exact"], Some("orders::one"))]
    #[case(&["--exact", "--test-threads", "1", "one", "--nocapture"], Some("one"))]
    #[case(&["one"], None)]
    #[case(&["--exact", "one", "two"], None)]
    #[case(&["--exact", "--skip", "one"], None)]
    fn the_only_test_that_is_run_is_the_one(#[case] arguments: &[&str], #[case] expected: Option<&str>) {
        let arguments = arguments.iter().map(|&argument| argument.to_owned());
        assert_eq!(of_arguments(arguments).as_deref(), expected);
    }
}
