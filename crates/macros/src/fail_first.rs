use syn::{Error, LitStr, Meta, Result};

use crate::errors::Errors;
use crate::settings::{Settings, text};

const EXAMPLE: &str = "fail_first(issue = \"shop#12\", expect = \"context-leak\")";

/// What a test has to fail with before its fix.
pub(crate) struct FailFirst {
    pub(crate) issue: LitStr,
    pub(crate) expectation: Expectation,
}

pub(crate) enum Expectation {
    /// A violation of that kind, on that surface where one is named.
    Violation { kind: LitStr, surface: Option<LitStr> },
    /// A failing assertion that says this.
    Message(LitStr),
}

/// What stands in `fail_first(…)`.
pub(crate) fn fail_first(meta: &Meta, errors: &mut Errors) -> Option<FailFirst> {
    let Meta::List(list) = meta else {
        errors.push(Error::new_spanned(
            meta,
            format!("`fail_first` says which failure is expected: `{EXAMPLE}`"),
        ));
        return None;
    };
    let known = ["issue", "expect", "expect_message", "surface"];
    let settings = Settings::parse(list.tokens.clone(), "`fail_first`", &known, errors);
    let issue = issue(meta, &settings);
    let issue = errors.keep(issue);
    let expectation = errors.keep(expectation(meta, &settings));
    Some(FailFirst {
        issue: issue?,
        expectation: expectation?,
    })
}

fn issue(meta: &Meta, settings: &Settings) -> Result<LitStr> {
    let Some(issue) = settings.get("issue") else {
        return Err(Error::new_spanned(
            meta.path(),
            format!("`fail_first` names the issue that the fix resolves: `{EXAMPLE}`"),
        ));
    };
    filled(issue, "issue = \"shop#12\"")
}

fn expectation(meta: &Meta, settings: &Settings) -> Result<Expectation> {
    match (settings.get("expect"), settings.get("expect_message")) {
        (Some(kind), None) if is_of_task(kind) && settings.get("surface").is_some() => {
            Err(Error::new_spanned(
                settings.get("surface"),
                "a panic shows on no surface: leave out `surface`, or expect a kind of violation",
            ))
        }
        (Some(kind), None) => Ok(Expectation::Violation {
            kind: filled(kind, "expect = \"context-leak\"")?,
            surface: settings
                .get("surface")
                .map(|surface| filled(surface, "surface = \"log\""))
                .transpose()?,
        }),
        (None, Some(message)) => match settings.get("surface") {
            None => filled(message, "expect_message = \"expected 3 events\"").map(Expectation::Message),
            Some(surface) => Err(Error::new_spanned(
                surface,
                "`surface` tells where a violation shows: it goes with `expect`, not with `expect_message`",
            )),
        },
        (Some(_), Some(message)) => Err(Error::new_spanned(
            message,
            "a test fails first with a violation or with a message: give `expect` or `expect_message`, not both",
        )),
        (None, None) => Err(Error::new_spanned(
            meta.path(),
            "`fail_first` says which failure is expected: give `expect = \"<kind of violation>\"`, or \
             `expect_message = \"<part of what the assertion says>\"`",
        )),
    }
}

fn is_of_task(kind: &Meta) -> bool {
    text(kind, "").is_ok_and(|kind| kind.value() == "task-panic")
}

/// Text that is more than blanks: an empty message is part of every message.
fn filled(meta: &Meta, example: &str) -> Result<LitStr> {
    let text = text(meta, example)?;
    if text.value().trim().is_empty() {
        return Err(Error::new_spanned(
            text,
            format!("this is empty: write `{example}`"),
        ));
    }
    Ok(text.clone())
}
