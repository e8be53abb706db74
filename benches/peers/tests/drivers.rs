//! Every driver finds what everybody must find, and nothing where nothing is.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use peers::drivers::{ask, build};
use peers::limits::Limits;
use peers::measured::Measured;
use peers::peers::{PEERS, Peer, Role};

const LIMITS: Limits = Limits {
    seeds: 2,
    search_millis: 50,
    executions: 2_000,
    patience: 2,
    pace_millis: 1,
};

/// One build at a time, and each once.
static PROGRAMS: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());

fn program(driver: &'static str) -> PathBuf {
    let mut programs = PROGRAMS.lock().unwrap_or_else(PoisonError::into_inner);
    let program = programs
        .entry(driver)
        .or_insert_with(|| build(driver).unwrap_or_else(|error| panic!("{error}")));
    program.clone()
}

fn searched(peer: &Peer, shapes: &[&str]) -> Vec<Measured> {
    let shapes: Vec<String> = shapes.iter().map(|&shape| shape.to_owned()).collect();
    let request = LIMITS.request(peer.way, &shapes);
    let records = ask(peer.driver, &program(peer.driver), &request).unwrap_or_else(|error| panic!("{error}"));
    Measured::of(&records)
}

fn searching() -> impl Iterator<Item = &'static Peer> {
    PEERS.iter().filter(|peer| peer.role != Role::Pace)
}

#[test]
fn everybody_finds_the_shared_slot_with_every_seed() {
    for peer in searching() {
        let measured = searched(peer, &["shared slot"]);
        assert_eq!(measured.len(), 1, "{}", peer.name);
        assert_eq!(measured[0].found(), 2, "{}: {measured:?}", peer.name);
    }
}

#[test]
fn nobody_finds_anything_in_a_sound_shape() {
    let sound = [
        "sound: nothing but awaits",
        "sound: a worker that answers who asked",
        "sound: the same, with calls cut off",
    ];
    for peer in searching() {
        let measured = searched(peer, &sound);
        assert_eq!(measured.len(), 3, "{}", peer.name);
        for one in measured {
            assert_eq!(
                (one.searches.len(), one.found()),
                (2, 0),
                "{}: {one:?}",
                peer.name
            );
            assert!(
                one.searches.iter().all(|search| search.executions > 10),
                "{}: {one:?}",
                peer.name
            );
        }
    }
}

#[test]
fn everybody_who_cuts_calls_off_finds_the_answer_that_was_left() {
    for peer in searching() {
        let measured = searched(peer, &["dropped call"]);
        assert_eq!(measured[0].found(), 2, "{}: {measured:?}", peer.name);
    }
}

#[test]
fn who_has_one_thread_cannot_express_what_needs_two() {
    for peer in PEERS {
        let measured = searched(&peer, &["two atomics"]);
        let is_unfit = measured[0].unfit.is_some();
        let has_threads = ["driver-naive", "driver-shuttle"].contains(&peer.driver)
            || ["portfolio", "check"].contains(&peer.way);
        assert_eq!(is_unfit, !has_threads, "{}", peer.name);
    }
}

#[test]
fn paces_count_whole_executions() {
    for peer in PEERS {
        let measured = searched(&peer, &["sound: nothing but awaits"]);
        let pace = measured[0]
            .pace
            .unwrap_or_else(|| panic!("{} has no pace", peer.name));
        assert!(pace.executions_a_second > 100.0, "{}: {pace:?}", peer.name);
    }
}
