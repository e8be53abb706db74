//! Each side in a process of its own, one after the other, so that neither finds a warm allocator.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use std::{env, hint};

use rayon::prelude::*;
use ssot_audit::Report;

/// What one process cost.
#[derive(Clone, Copy, Debug)]
struct Cost {
    wall: f64,
    cpu: f64,
    megabytes: f64,
}

/// Audits with the one rule that fits every workspace: deprecated items are superseded.
pub(crate) fn audited(path: &str) -> Report {
    ssot_audit::audit()
        .at(path)
        .deprecated()
        .run()
        .expect("the workspace can be audited")
}

/// Audits and leaves the list of the files that were read.
pub(crate) fn audit_once(path: &str, list: &str) {
    let report = audited(path);
    let files: Vec<String> = report
        .files
        .iter()
        .map(|file| report.root.join(file).display().to_string())
        .collect();
    tell();
    fs::write(list, files.join("\n")).expect("the list can be written");
}

/// Parses the files of a list.
pub(crate) fn syn_once(_path: &str, list: &str) {
    let files = fs::read_to_string(list).expect("the list is there");
    let files: Vec<&str> = files.lines().collect();
    // Kept until the end, as whoever follows paths needs them; spans and trees do not leave their thread.
    let items: usize = files
        .par_iter()
        .map(|file| {
            let text = fs::read_to_string(file).unwrap_or_default();
            let parsed = syn::parse_file(&text);
            hint::black_box(&parsed)
                .as_ref()
                .map_or(0, |file| file.items.len())
        })
        .sum();
    hint::black_box(items);
    tell();
}

/// Prints this process's own processor time, that of its children, and its peak of memory.
fn tell() {
    let status = fs::read_to_string("/proc/self/status").expect("this is Linux");
    let peak: f64 = status
        .lines()
        .find_map(|line| {
            line.strip_prefix("VmHWM:")?
                .trim()
                .strip_suffix(" kB")?
                .parse()
                .ok()
        })
        .expect("the kernel counts it");
    let stat = fs::read_to_string("/proc/self/stat").expect("this is Linux");
    let behind = stat.rsplit_once(')').expect("a name is in parentheses").1;
    let ticks: f64 = behind
        .split_whitespace()
        .skip(11)
        .take(4)
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum();
    println!("{} {}", ticks / 100.0, peak / 1024.0);
}

/// Prints both sides and their ratio.
pub(crate) fn compare(path: &str, rounds: usize) {
    let list = env::temp_dir().join(format!("audit-bench-{}", std::process::id()));
    let list = list
        .to_str()
        .expect("a folder for temporary files has a plain name");
    let mut sides: [Vec<Cost>; 2] = [Vec::new(), Vec::new()];
    // Files come from the disk once.
    once("audit", path, list);
    for _ in 0..rounds {
        sides[0].push(once("audit", path, list));
        sides[1].push(once("syn", path, list));
    }
    drop(fs::remove_file(list));
    print!("{}", audited(path).summary());
    println!("{rounds} rounds in turns; median (least to most)");
    let [audit, syn] = &sides;
    for (what, of) in [
        ("wall, s", (|cost: &Cost| cost.wall) as fn(&Cost) -> f64),
        ("CPU, s", |cost| cost.cpu),
        ("memory, MB", |cost| cost.megabytes),
    ] {
        let (one, other) = (spread(audit, of), spread(syn, of));
        let ratio = one.0 / other.0;
        println!(
            "{what:>10}: audit {}, syn {}, ratio {ratio:.2}",
            shown(one),
            shown(other)
        );
    }
}

fn shown((median, least, most): (f64, f64, f64)) -> String {
    format!("{median:.2} ({least:.2} to {most:.2})")
}

fn spread(costs: &[Cost], of: fn(&Cost) -> f64) -> (f64, f64, f64) {
    let mut values: Vec<f64> = costs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    (values[values.len() / 2], values[0], values[values.len() - 1])
}

fn once(side: &str, path: &str, list: &str) -> Cost {
    let program = env::current_exe().expect("this program is somewhere");
    let begun = Instant::now();
    let output = Command::new(program)
        .args(["once", side, path, list])
        .output()
        .expect("this program can be run");
    let wall = begun.elapsed().as_secs_f64();
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().filter_map(|number| number.parse().ok());
    let mut next = || {
        numbers.next().unwrap_or_else(|| {
            panic!(
                "{} of {side} fails:\n{}",
                Path::new(path).display(),
                String::from_utf8_lossy(&output.stderr)
            )
        })
    };
    Cost {
        wall,
        cpu: next(),
        megabytes: next(),
    }
}
