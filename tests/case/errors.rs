//! What `?` takes, in tests, in scripts and in clean-ups.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex};

use ssot_harness::prelude::*;

/// An error that is no `Error` and shows its sources in the alternate form, as those of `anyhow` and `eyre` do.
struct Report(&'static str, &'static str);

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        if f.alternate() {
            write!(f, ": {}", self.1)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\nCaused by:\n    {}", self.0, self.1)
    }
}

#[derive(Debug)]
struct Outer(Inner);

#[derive(Debug)]
struct Inner;

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outer")
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("inner")
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

impl Error for Inner {}

/// What it says of an error in a test, in a script and in a clean-up, the place left out.
macro_rules! said_of {
    ($error:expr) => {{
        fn in_a_test() -> CaseResult {
            Err($error)?;
            Ok(())
        }
        fn in_a_script() -> ScriptResult {
            Err($error)?;
            Ok(())
        }
        let in_a_test = in_a_test().unwrap_err().to_string();
        let in_a_clean_up = ssot_harness::case::CleanedUp::into_result(Err::<(), _>($error));
        let texts = [
            in_a_test.split(" (at ").next().unwrap().to_owned(),
            in_a_script().unwrap_err().to_string(),
            in_a_clean_up.unwrap_err().to_string(),
        ];
        assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
        let [text, ..] = texts;
        text
    }};
}

#[test]
fn errors_of_any_type_are_taken_with_their_sources() {
    assert_eq!(
        said_of!("u".parse::<u32>().unwrap_err()),
        "invalid digit found in string"
    );
    assert_eq!(said_of!("text"), "text");
    assert_eq!(said_of!(String::from("text")), "text");
    assert_eq!(said_of!(Cow::Borrowed("text")), "text");
    assert_eq!(
        said_of!(fmt::Error),
        "an error occurred when formatting an argument"
    );
    assert_eq!(said_of!(Box::<dyn Error>::from(Outer(Inner))), "outer: inner");
    assert_eq!(
        said_of!(Box::<dyn Error + Send + Sync>::from(Outer(Inner))),
        "outer: inner"
    );
    assert_eq!(
        said_of!(Box::new(Outer(Inner)) as Box<dyn Error + Send>),
        "outer: inner"
    );
    assert_eq!(
        said_of!(Arc::new(Outer(Inner)) as Arc<dyn Error + Send + Sync>),
        "outer: inner"
    );
    assert_eq!(said_of!(std::io::Error::other(Outer(Inner))), "outer: inner");
    assert_eq!(said_of!(Report("outer", "inner")), "outer: inner");
}

/// Without specialisation, nothing tells that a type is an `Error` that can be asked.
#[test]
fn an_error_of_ones_own_shows_its_sources_in_full() {
    fn fails() -> CaseResult {
        Err(Outer(Inner))?;
        Ok(())
    }
    let error = fails().unwrap_err();
    assert!(error.error().is::<Outer>() && !error.error().is::<Inner>());
    assert!(error.to_string().starts_with("outer (at "), "{error}");
    assert!(
        format!("{error:?}").ends_with("\nin full: Outer(Inner)"),
        "{error:?}"
    );
}

/// What the harness knows of its own errors is kept, also of one that was boxed.
#[test]
fn an_error_of_the_harness_stays_what_it_is() {
    fn fails() -> CaseResult {
        isolation(async || ())
            .users(2, async |_: &User, (): &()| Ok(()))
            .check()?;
        Ok(())
    }
    fn fails_in_a_box() -> CaseResult {
        let check = || -> Result<(), Box<dyn Error + Send + Sync>> {
            isolation(async || ())
                .users(2, async |_: &User, (): &()| Ok(()))
                .check()?;
            Ok(())
        };
        Ok(check()?)
    }
    assert!(fails().unwrap_err().error().is::<Failure>());
    let [failure, boxed] = [fails(), fails_in_a_box()].map(|result| result.unwrap_err().error().to_string());
    assert_eq!(failure, boxed);
}

#[test]
fn errors_of_tests_and_scripts_become_each_other() {
    fn script() -> ScriptResult {
        Err(Report("outer", "inner"))?;
        Ok(())
    }
    fn test() -> CaseResult {
        Ok(script()?)
    }
    fn script_of_a_test() -> ScriptResult {
        test()?;
        Ok(())
    }
    fn same() -> CaseResult {
        test()?;
        Ok(())
    }
    assert!(test().unwrap_err().to_string().starts_with("outer: inner (at "));
    assert!(same().unwrap_err().to_string().starts_with("outer: inner (at "));
    assert_eq!(script_of_a_test().unwrap_err().to_string(), "outer: inner");
    let written: CaseError = "text".into();
    assert!(written.to_string().starts_with("text (at "), "{written}");
}

#[test]
fn a_scripts_error_is_seen_with_its_sources() {
    let verdict = isolation(async || Mutex::new(Vec::new()))
        .users(2, async |user: &User, seen: &Mutex<Vec<String>>| {
            user.saw(Surface::Reply, &user.secret("card"));
            seen.lock().unwrap().push(user.secret("card"));
            tokio::task::yield_now().await;
            let others = seen.lock().unwrap().first().cloned().unwrap_or_default();
            if others != user.secret("card") {
                Err(Box::<dyn Error>::from(format!("refused: {others}")))?;
            }
            Ok(())
        })
        .without_regressions()
        .check();
    let failure = verdict.unwrap_err();
    assert!(
        failure
            .violations()
            .iter()
            .any(|violation| violation.kind() == ssot_harness::oracle::Kind::ContextLeak),
        "{failure}"
    );
}

#[ssot_harness::test]
async fn clean_ups_take_what_a_test_takes(case: &Case) {
    case.on_cleanup(async { Ok::<(), &str>(()) });
    case.on_cleanup(async { Ok::<u32, String>(3) });
    case.on_cleanup(async { Ok::<(), Box<dyn Error>>(()) });
    case.on_cleanup(async { Ok::<(), Box<dyn Error + Send + Sync>>(()) });
    case.on_cleanup(async { Ok::<Option<String>, Report>(None) });
    let task = case.spawn(async { Ok::<_, CaseError>((1, "two", vec![3])) });
    case.on_cleanup(task);
}
