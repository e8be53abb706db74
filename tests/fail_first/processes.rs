//! Many processes write the ledger at once, and are killed at any moment.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use ssot_harness::__command::{Covers, Ledger};
use tempfile::TempDir;

use crate::table::{green_entry, red_entry};

const PROCESSES: u64 = 64;

/// In a process that a test below has started: writes one file that is its own, and one that is everybody's.
#[test]
fn write_as_told() {
    let Ok(told) = env::var("SSOT_LEDGER_WRITER") else {
        return;
    };
    let (folder, number) = told.split_once('|').expect("a folder and a number");
    let number: u64 = number.parse().unwrap();
    let ledger = Ledger::of_package(folder);
    let rounds: u64 = env::var("SSOT_LEDGER_ROUNDS").unwrap().parse().unwrap();
    for round in 0..rounds {
        let entry = if round % 2 == 0 {
            red_entry(number)
        } else {
            green_entry(number)
        };
        ledger
            .write(&Ledger::file("shop", &format!("own::test_{number}")), &entry)
            .unwrap();
        ledger.write(&Ledger::file("shop", "everybodys"), &entry).unwrap();
    }
}

/// A process that writes; it is killed when nobody waits for it any more.
struct Writer(Child);

impl Drop for Writer {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and need not be.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn writer(folder: &Path, number: u64, rounds: u64) -> Writer {
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "processes::write_as_told"])
        .env("SSOT_LEDGER_WRITER", format!("{}|{number}", folder.display()))
        .env("SSOT_LEDGER_ROUNDS", rounds.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Writer(child)
}

#[test]
fn sixty_four_processes_lose_nothing() {
    let folder = TempDir::new().unwrap();
    let writers: Vec<Writer> = (0..PROCESSES)
        .map(|number| writer(folder.path(), number, 3))
        .collect();
    for mut writer in writers {
        assert!(writer.0.wait().unwrap().success());
    }
    let ledger = Ledger::of_package(folder.path());
    assert_eq!(ledger.files().unwrap().len() as u64, PROCESSES + 1);
    for number in 0..PROCESSES {
        let own = ledger
            .read(&Ledger::file("shop", &format!("own::test_{number}")))
            .unwrap();
        assert_eq!(own, Some(red_entry(number)));
    }
    let everybodys = ledger
        .read(&Ledger::file("shop", "everybodys"))
        .unwrap()
        .expect("somebody was last");
    assert_eq!(everybodys, red_entry(everybodys.source));
}

/// Writers that would go on for ever are killed while they write; whatever they leave can be read.
#[test]
fn a_kill_at_any_moment_corrupts_nothing() {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::of_package(folder.path());
    let everybodys = Ledger::file("shop", "everybodys");
    for round in 0..16 {
        let mut writers: Vec<Writer> = (0..4)
            .map(|number| writer(folder.path(), number, u64::MAX))
            .collect();
        // They are at it once the file is there and has changed a few times; how often differs from round to round.
        let mut seen = 0;
        let mut last = None;
        while seen < 5 + round {
            let now = fs::read_to_string(folder.path().join(&everybodys)).ok();
            if now.is_some() {
                ledger.read(&everybodys).expect("no reader ever sees half a file");
            }
            for writer in &mut writers {
                assert_eq!(writer.0.try_wait().unwrap(), None, "a writer has ended by itself");
            }
            seen += u64::from(now != last);
            last = now;
        }
        drop(writers);
        for file in ledger.files().unwrap() {
            let entry = ledger.read(&file).unwrap().expect("it was listed");
            assert!(
                entry == red_entry(entry.source) || entry == green_entry(entry.source),
                "{entry}"
            );
        }
    }
    let shop = folder.path().join("fail-first/shop");
    // Beside those that the kills have left.
    fs::write(shop.join("everybodys.99.1.draft"), "of an earlier release").unwrap();
    ledger.write(&everybodys, &red_entry(1)).unwrap();
    let names = fs::read_dir(shop).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        names
            .iter()
            .all(|name| ["everybodys.toml", "own"].map(Some).contains(&name.to_str())),
        "what a killed process left is removed by the next: {names:?}"
    );
}

/// In a process that a test below has started: adds itself to an entry that every other one adds itself to.
#[test]
fn update_as_told() {
    let Ok(told) = env::var("SSOT_LEDGER_UPDATER") else {
        return;
    };
    let (folder, number) = told.split_once('|').expect("a folder and a number");
    let ledger = Ledger::of_package(folder);
    ledger
        .update(&Ledger::file("shop", "everybodys"), |entry| {
            let mut entry = entry.unwrap_or_else(|| {
                let mut entry = red_entry(1);
                // What was declared, or the entry contradicts itself.
                entry.red.fingerprint.kind = "context-leak".to_owned();
                entry
            });
            let covers = entry.covers.get_or_insert_with(|| Covers {
                own: 1,
                digest: 1,
                files: [].into(),
            });
            covers.files.insert(number.to_owned(), 1);
            Some(entry)
        })
        .unwrap();
}

#[test]
fn processes_that_update_one_entry_lose_nothing_of_each_other() {
    let folder = TempDir::new().unwrap();
    let updaters: Vec<Writer> = (0..PROCESSES)
        .map(|number| {
            let child = Command::new(env::current_exe().unwrap())
                .args(["--exact", "processes::update_as_told"])
                .env(
                    "SSOT_LEDGER_UPDATER",
                    format!("{}|{number}", folder.path().display()),
                )
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            Writer(child)
        })
        .collect();
    for mut updater in updaters {
        assert!(updater.0.wait().unwrap().success());
    }
    let entry = Ledger::of_package(folder.path())
        .read(&Ledger::file("shop", "everybodys"))
        .unwrap()
        .expect("all have written it");
    assert_eq!(entry.covers.unwrap().files.len() as u64, PROCESSES);
}
