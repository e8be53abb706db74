//! A crate outside the workspace whose systems keep rows in PostgreSQL, on whichever server the environment offers.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use crate::crates::{Crate, cargo, profile, without_ours};

static ORDERS: Crate = Crate::new("postgres", "policies");

/// Its other files beside those that every such crate has.
const OTHERS: [&str; 8] = [
    "src/plain.rs",
    "src/deadpool.rs",
    "src/bb8.rs",
    "src/sqlx.rs",
    "tests/pools.rs",
    "tests/schemas.rs",
    "tests/servers.rs",
    "tests/figures.rs",
];

/// So often a process kills itself.
const KILLS: u64 = 50;

/// How long a server may go on without anybody.
const LINGERS: Duration = Duration::from_secs(120);

/// The crate's folder; `None` where its pools are not downloaded, and need not be.
fn folder() -> Option<PathBuf> {
    let folder = ORDERS.copy_with(&OTHERS);
    let required = env::var("SSOT_REQUIRE").unwrap_or_default();
    let is_required = required.split(',').any(|required| required == "postgres");
    if !is_required
        && !cargo(&folder)
            .args(["fetch", "--quiet"])
            .status()
            .unwrap()
            .success()
    {
        eprintln!("skipped: sqlx, deadpool and bb8 are not downloaded; SSOT_REQUIRE=postgres downloads them");
        return None;
    }
    Some(folder)
}

/// Runs its tests on the server that the environment offers.
fn run(test: &str) -> Option<String> {
    let folder = folder()?;
    let mut cargo = cargo(&folder);
    cargo
        .args([
            "test",
            "--test",
            test,
            "--profile",
            &profile(),
            "--",
            "--nocapture",
        ])
        .env("CARGO_NET_OFFLINE", "false");
    if let Some(required) = env::var_os("SSOT_REQUIRE") {
        cargo.env("SSOT_REQUIRE", required);
    }
    let ran = cargo.output().unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success(), "{printed}");
    assert!(!printed.contains("warning: unused"), "{printed}");
    Some(printed)
}

fn passes(test: &str, tests: usize) {
    let Some(printed) = run(test) else { return };
    assert!(
        printed.contains(&format!("test result: ok. {tests} passed")),
        "{printed}"
    );
}

#[test]
fn a_check_is_not_blind_to_policies() {
    passes("policies", 7);
}

#[test]
fn what_each_kind_of_pool_keeps_is_found() {
    passes("pools", 4);
}

#[test]
fn databases_of_any_schema_are_made_put_back_and_read() {
    passes("schemas", 6);
}

#[test]
fn a_server_is_found_or_it_is_said_why_not() {
    passes("servers", 4);
}

#[test]
fn databases_are_made_and_put_back_quickly() {
    passes("figures", 1);
}

/// The program that kills itself.
fn program() -> Option<PathBuf> {
    let folder = folder()?;
    let built = cargo(&folder)
        .args([
            "test",
            "--no-run",
            "--test",
            "servers",
            "--message-format=json",
            "--profile",
            &profile(),
        ])
        .env("CARGO_NET_OFFLINE", "false")
        .output()
        .unwrap();
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let messages = String::from_utf8(built.stdout).unwrap();
    let mut messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    messages.find_map(|message| {
        let is_it = message["target"]["name"] == "servers";
        is_it
            .then(|| message["executable"].as_str().map(PathBuf::from))
            .flatten()
    })
}

/// What is there of a server whose processes have this folder for temporary files.
fn left(temporary: &Path) -> Vec<String> {
    let mut left = Vec::new();
    let filter = format!("label=org.ssot-harness.postgres.folder={}", temporary.display());
    if let Ok(containers) = Command::new("docker")
        .args(["ps", "--all", "--quiet", "--filter", &filter])
        .output()
    {
        let ids = String::from_utf8(containers.stdout).unwrap();
        left.extend(ids.lines().map(|id| format!("the container {id}")));
    }
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        // One that has just ended cannot be asked.
        let works_in = fs::read_link(process.path().join("cwd")).unwrap_or_default();
        if works_in.starts_with(temporary) {
            left.push(format!("the process {}", process.file_name().display()));
        }
    }
    let servers = fs::read_dir(temporary).into_iter().flatten().flatten();
    for place in servers.flat_map(|server| fs::read_dir(server.path()).into_iter().flatten().flatten()) {
        for folder in fs::read_dir(place.path()).into_iter().flatten().flatten() {
            if folder.file_name().to_string_lossy().starts_with("server-") {
                left.push(folder.path().display().to_string());
            }
        }
    }
    left
}

fn nothing_is_left_by_killed_processes(settings: &[(&str, &str)]) {
    let Some(program) = program() else { return };
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    // A server of root's runs as another user.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    let child = |killed_after: Option<u64>| {
        let mut child = Command::new(&program);
        child.args(["child", "--exact", "--ignored", "--nocapture"]);
        without_ours(&mut child);
        child.envs(settings.iter().copied()).env("TMPDIR", folder);
        if let Some(after) = killed_after {
            child.env("ORDERS_KILLED_AFTER", after.to_string());
        }
        let ran = child.output().unwrap();
        (
            ran.status,
            String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned(),
        )
    };
    let (status, printed) = child(None);
    assert!(status.success(), "{printed}");
    if printed.contains("ssot: skipped") {
        return;
    }
    for kill in 0..KILLS {
        let (status, printed) = child(Some(kill * 15));
        assert!(!status.success(), "{printed}");
    }
    let (status, printed) = child(None);
    assert!(status.success(), "{printed}");
    let begun = Instant::now();
    while !left(folder).is_empty() && begun.elapsed() < LINGERS {
        thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(left(folder), [""; 0]);
}

#[test]
fn nothing_is_left_by_processes_that_are_killed() {
    nothing_is_left_by_killed_processes(&[]);
}

#[test]
fn nothing_is_left_by_processes_that_are_killed_on_local_binaries() {
    nothing_is_left_by_killed_processes(&[("SSOT_POSTGRES_IMAGE", "off")]);
}
