use std::io::{self, BufRead, Write};

use ssot_harness::__command::Declared;

use crate::error::{Error, ErrorKind};

/// What somebody wants of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// This one and the rest are left.
    Quit,
}

/// Asks whether a test is to turn green, until that is answered; the end of the input is an answer too.
///
/// # Errors
///
/// Where the question or the answer does not get through.
pub(super) fn ask(
    declared: &Declared,
    answers: &mut impl BufRead,
    questions: &mut impl Write,
) -> Result<Answer, Error> {
    let Declared {
        krate,
        test,
        issue,
        expect,
        ..
    } = declared;
    loop {
        write!(
            questions,
            "{krate}::{test} was red for {issue} ({expect}), and passes: accept it? [y]es, [n]o, [q]uit: "
        )
        .and_then(|()| questions.flush())
        .map_err(mute)?;
        let mut answer = String::new();
        if answers.read_line(&mut answer).map_err(mute)? == 0 {
            writeln!(questions).map_err(mute)?;
            return Ok(Answer::Quit);
        }
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => return Ok(Answer::Yes),
            "n" | "no" => return Ok(Answer::No),
            "q" | "quit" => return Ok(Answer::Quit),
            _ => {}
        }
    }
}

fn mute(error: io::Error) -> Error {
    let remedy = "call this without --interactive, or where it can ask";
    Error::new(ErrorKind::Usage, "nobody can be asked", remedy).because(error)
}
