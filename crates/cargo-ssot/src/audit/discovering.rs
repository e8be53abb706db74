//! `cargo ssot audit --discover`

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use ssot_audit::{CONFIGURATION, discover};

use super::told::error_of;
use crate::error::Error;
use crate::exit::Exit;
use crate::place::from_here;
use crate::session::Common;

/// Lists what looks like competing implementations, and adds rules for them to `ssot.toml` where that is wanted.
pub(super) fn discovering(
    common: &Common,
    folder: &Path,
    min_score: f64,
    all: bool,
    write: bool,
) -> Result<Exit, Error> {
    #[expect(clippy::cast_possible_truncation, reason = "it is between -1000 and 1000")]
    let tenths = (min_score.clamp(-100.0, 100.0) * 10.0).round() as i32;
    let found = discover(folder, tenths, all).map_err(error_of)?;
    let output = common.output();
    if output.is_json() {
        output.value(&found)?;
    } else {
        output.text(&found.text())?;
    }
    if write {
        let path = found.root.join(CONFIGURATION);
        let known = match fs::read_to_string(&path) {
            Ok(known) => known,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::unreadable(&path, error)),
        };
        let rules = found.rules(&known);
        let count = rules.matches("\n[[").count();
        if count > 0 {
            File::options()
                .append(true)
                .create(true)
                .open(&path)
                .and_then(|mut file| file.write_all(rules.as_bytes()))
                .map_err(|error| Error::unwritable(&path, error))?;
        }
        if !output.is_json() {
            let name = from_here(&path).display().to_string();
            output.text(&match count {
                0 => format!("{name} names all of them already"),
                1 => format!("added 1 rule to {name}; read it, then run `cargo ssot audit`"),
                count => format!("added {count} rules to {name}; read them, then run `cargo ssot audit`"),
            })?;
        }
    }
    Ok(Exit::Fine)
}
