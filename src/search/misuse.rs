use super::config::CheckConfig;
use super::target_source::TargetSource;
use crate::report::{Failure, FailureKind};

/// The most users that a check takes.
const MOST_USERS: usize = 1_024;

/// Refuses a check that was asked for what makes no sense.
pub(crate) fn refuse(targets: &dyn TargetSource, config: &CheckConfig) -> Result<(), Failure> {
    let misuse = |what: String, remedy: &str| Err(Failure::refused(FailureKind::Misuse, what, remedy));
    let users = targets.users();
    if users.is_empty() {
        return misuse(
            format!("the range of users {users:?} is empty"),
            "give the smaller number first",
        );
    }
    match *users.start() {
        0 => {
            return misuse(
                "a check with no users".to_owned(),
                "isolation is between users: give it two or more",
            );
        }
        1 => {
            return misuse(
                "a check with one user, who has nobody to be isolated from".to_owned(),
                "give it two users or more",
            );
        }
        _ => {}
    }
    if *users.end() > MOST_USERS {
        return misuse(
            format!("a check with {} users", users.end()),
            "take at most 1,024: a leak between many shows between few, and every user is an actor of each execution",
        );
    }
    if let Some(defect) = config.impossible_protocols.first() {
        return misuse(
            format!("a protocol that can match nothing: {defect}"),
            "mend the protocol that is given to `.protocol(..)`",
        );
    }
    if config.executions == 0 {
        return misuse(
            "a check with a budget of 0 executions, which would look at nothing".to_owned(),
            "give `.executions(..)` or SSOT_EXECUTIONS at least 1, or leave it out",
        );
    }
    if config.within.is_zero() {
        return misuse(
            "a check within no time, which would look at nothing".to_owned(),
            "give `.within(..)` or SSOT_WITHIN some time, or leave it out",
        );
    }
    if config.identities.is_empty() {
        return misuse(
            "a check without an identity mode".to_owned(),
            "name one or more in `.identities(..)`",
        );
    }
    if config.cases == 0 {
        return misuse(
            "a check with 0 sets of inputs".to_owned(),
            "give `.cases(..)` at least 1",
        );
    }
    Ok(())
}
