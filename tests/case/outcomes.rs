//! What a test may return, and where an error came up.

use std::fmt;

use ssot_harness::prelude::*;

#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

#[test]
fn an_error_says_where_it_came_up() {
    fn fails() -> CaseResult {
        Err(Refused)?;
        Ok(())
    }
    let line = line!() - 3;
    let error = fails().unwrap_err();
    assert_eq!(error.to_string(), format!("refused (at {}:{line}:9)", file!()));
    assert!(error.error().is::<Refused>());
    assert_eq!(error.location().map(std::panic::Location::line), Some(line));
}

#[test]
fn an_error_shows_its_sources() {
    let error = CaseError::from(std::io::Error::other(Refused));
    assert!(error.to_string().starts_with("refused (at "), "{error}");
    let error = CaseError::new("the desk is closed");
    assert!(
        error.to_string().starts_with("the desk is closed (at "),
        "{error}"
    );
}

#[ssot_harness::test]
async fn a_body_may_wait_for_what_others_send_it() -> CaseResult {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let sending = tokio::spawn(async move { sender.send(3) });
    assert_eq!(receiver.await?, 3);
    sending.await?.map_err(|_| CaseError::new("nobody received it"))?;
    Ok(())
}

#[ssot_harness::test]
fn a_check_is_a_test() -> Verdict {
    isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("card"));
            Ok(())
        })
        .executions(50)
        .check()
}
