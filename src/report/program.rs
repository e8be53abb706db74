use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use memchr::memmem;
use toml_edit::{ArrayOfTables, DocumentMut};

/// The test program that is running: what cargo built, and the target that it built it of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    path: PathBuf,
    /// The crate that the program was built of.
    krate: String,
    is_example: bool,
}

/// A target of a package, as cargo's options name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Lib,
    Bin(String),
    /// The library or the program of this name, whose crates are called alike.
    LibOrBin(String),
    Example(String),
    Test(String),
    Bench(String),
}

impl Target {
    /// The words that select it on cargo's command line.
    fn words(&self) -> Vec<String> {
        let (option, name) = match self {
            Self::Lib => return vec!["--lib".to_owned()],
            Self::LibOrBin(name) => return ["--lib", "--bin", name].map(str::to_owned).into(),
            Self::Bin(name) => ("--bin", name),
            Self::Example(name) => ("--example", name),
            Self::Test(name) => ("--test", name),
            Self::Bench(name) => ("--bench", name),
        };
        vec![option.to_owned(), name.clone()]
    }
}

impl Program {
    /// This process's, where it is a test program. Cargo builds those of examples into the folder `examples`, with a hash in their
    /// names that other examples do not have there, and all others into the folder `deps`.
    pub(crate) fn current() -> Option<Self> {
        Self::at(env::current_exe().ok()?)
    }

    fn at(path: PathBuf) -> Option<Self> {
        let name = path.file_stem()?.to_str()?;
        let folder = path.parent()?.file_name()?.to_str()?;
        let (krate, hash) = name.rsplit_once('-').unwrap_or((name, ""));
        let is_hash = hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_example = folder == "examples";
        if !is_hash || !(is_example || folder == "deps") {
            return None;
        }
        Some(Self {
            krate: krate.replace('-', "_"),
            is_example,
            path,
        })
    }

    pub(crate) fn krate(&self) -> &str {
        &self.krate
    }

    /// The tests that it has, where it has libtest's `main`. It is asked once in a process.
    pub(crate) fn tests(&self) -> Option<&'static BTreeSet<String>> {
        static TESTS: OnceLock<Option<BTreeSet<String>>> = OnceLock::new();
        TESTS.get_or_init(|| self.list()).as_ref()
    }

    fn list(&self) -> Option<BTreeSet<String>> {
        // A program with a `main` of its own would run whatever it is for.
        if env::var_os(LISTING).is_some() || !self.holds(&LIBTEST.replace('-', "_")) {
            return None;
        }
        let listed = Command::new(&self.path)
            .args(["--list", "--format", "terse"])
            .env(LISTING, "1")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(listed.stdout).ok()?;
        Some(
            text.lines()
                .filter_map(|line| line.strip_suffix(": test"))
                .map(str::to_owned)
                .collect(),
        )
    }

    fn holds(&self, text: &str) -> bool {
        fs::read(&self.path).is_ok_and(|bytes| memmem::find(&bytes, text.as_bytes()).is_some())
    }

    /// The words after `cargo test` that have cargo run this program and no other, as far as what cargo and nextest tell their
    /// tests says.
    pub(crate) fn selection(&self) -> Vec<String> {
        let Some(folder) = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
            return Vec::new();
        };
        let Some(manifest) = manifest(&folder) else {
            return Vec::new();
        };
        let target = match env::var("NEXTEST_BINARY_ID") {
            Ok(id) => of_binary_id(&id),
            Err(_) => self.target(&folder, &manifest),
        };
        let package = text(&manifest, "package", "name");
        let package = package.into_iter().flat_map(|package| ["-p".to_owned(), package]);
        package.chain(target.iter().flat_map(Target::words)).collect()
    }

    /// The target of the package in a folder that this program was built of.
    fn target(&self, package: &Path, manifest: &DocumentMut) -> Option<Target> {
        let is_ours = |name: &String| name.replace('-', "_") == self.krate;
        let named = |kind: &str, folder: &str| -> Option<String> {
            let declared = manifest.get(kind).and_then(|kind| kind.as_array_of_tables());
            let mut names = declared_names(declared);
            names.extend(found_names(&package.join(folder)));
            names.into_iter().find(is_ours)
        };
        if self.is_example {
            return named("example", "examples").map(Target::Example);
        }
        if let Some(name) = named("test", "tests") {
            return Some(Target::Test(name));
        }
        let source = package.join("src");
        let name = text(manifest, "package", "name");
        let bin = named("bin", "src/bin").or_else(|| {
            let has_main = source.join(MAIN).exists();
            name.clone().filter(|name| has_main && is_ours(name))
        });
        let is_lib = (manifest.contains_key("lib") || source.join("lib.rs").exists())
            && text(manifest, "lib", "name")
                .or(name)
                .as_ref()
                .is_some_and(is_ours);
        match (is_lib, bin) {
            // Only a program is compiled from a main file; its name may be in a library's by another way.
            (true, Some(bin)) if self.holds(&["src", MAIN].join("/")) => Some(Target::LibOrBin(bin)),
            (true, _) => Some(Target::Lib),
            (false, Some(bin)) => Some(Target::Bin(bin)),
            (false, None) => named("bench", "benches").map(Target::Bench),
        }
    }
}

/// The main file of a program, whose path is not to be found in this library.
const MAIN: &str = "main.rs";

fn manifest(package: &Path) -> Option<DocumentMut> {
    let text = fs::read_to_string(package.join("Cargo.toml")).ok()?;
    text.parse().ok()
}

fn text(manifest: &DocumentMut, table: &str, key: &str) -> Option<String> {
    Some(manifest.get(table)?.get(key)?.as_str()?.to_owned())
}

/// What libtest reads, and nobody else; written otherwise, so that it is not in every program that has this library.
const LIBTEST: &str = "RUST-TEST-SHUFFLE-SEED";

/// Set for a program that is to list its tests: whatever it does instead, it asks nobody else.
const LISTING: &str = "SSOT_LISTS_ITS_TESTS";

fn declared_names(declared: Option<&ArrayOfTables>) -> Vec<String> {
    let tables = declared.into_iter().flat_map(ArrayOfTables::iter);
    tables
        .filter_map(|table| Some(table.get("name")?.as_str()?.to_owned()))
        .collect()
}

/// The targets that cargo finds by itself: a file, or a folder with a main file.
fn found_names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let path = entry.path();
            let is_target = if path.is_dir() {
                path.join(MAIN).exists()
            } else {
                path.extension().is_some_and(|extension| extension == "rs")
            };
            let name = path.file_stem()?.to_str()?.to_owned();
            is_target.then_some(name)
        })
        .collect()
}

/// The target of nextest's id of a test program: `package`, `package::test`, `package::bin/name`.
fn of_binary_id(id: &str) -> Option<Target> {
    let Some((_, target)) = id.split_once("::") else {
        return Some(Target::Lib);
    };
    let owned = str::to_owned;
    Some(match target.split_once('/') {
        None => Target::Test(owned(target)),
        Some(("bin", name)) => Target::Bin(owned(name)),
        Some(("example", name)) => Target::Example(owned(name)),
        Some(("bench", name)) => Target::Bench(owned(name)),
        Some(("test", name)) => Target::Test(owned(name)),
        Some(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/t/debug/deps/shop-0123456789abcdef", Some(("shop", false)))]
    #[case("/t/debug/examples/my_shop-0123456789abcdef", Some(("my_shop", true)))]
    #[case("/t/debug/examples/my-shop", None)]
    #[case("/t/debug/shop", None)]
    #[case("/t/debug/deps/shop-notahash", None)]
    fn a_test_program_is_known_by_where_it_is(#[case] path: &str, #[case] expected: Option<(&str, bool)>) {
        let program = Program::at(path.into());
        let found = program
            .as_ref()
            .map(|program| (program.krate(), program.is_example));
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("shop", Some(Target::Lib))]
    #[case("shop::orders", Some(Target::Test("orders".to_owned())))]
    #[case("shop::bin/till", Some(Target::Bin("till".to_owned())))]
    #[case("shop::example/tour", Some(Target::Example("tour".to_owned())))]
    #[case("shop::proc-macro/x", None)]
    fn nextest_names_the_target(#[case] id: &str, #[case] expected: Option<Target>) {
        assert_eq!(of_binary_id(id), expected);
    }

    #[rstest]
    #[case("deps/till_roll", "[package]\nname = \"x\"\n[[bin]]\nname = \"till-roll\"\npath = \"b.rs\"", &[], &["--bin", "till-roll"])]
    #[case("deps/my_test", "[package]\nname = \"x\"", &["tests/my-test.rs"], &["--test", "my-test"])]
    #[case("deps/deep", "[package]\nname = \"x\"", &["tests/deep/main.rs"], &["--test", "deep"])]
    #[case("deps/my_shop", "[package]\nname = \"my-shop\"", &["src/lib.rs"], &["--lib"])]
    #[case("deps/my_shop", "[package]\nname = \"my-shop\"", &["src/main.rs"], &["--bin", "my-shop"])]
    #[case("deps/core", "[package]\nname = \"x\"\n[lib]\nname = \"core\"", &[], &["--lib"])]
    #[case("examples/tour", "[package]\nname = \"x\"", &["examples/tour.rs"], &["--example", "tour"])]
    #[case("deps/speed", "[package]\nname = \"x\"", &["benches/speed.rs"], &["--bench", "speed"])]
    fn the_manifest_tells_the_target(
        #[case] program: &str,
        #[case] manifest: &str,
        #[case] files: &[&str],
        #[case] expected: &[&str],
    ) {
        let package = tempfile::tempdir().unwrap();
        fs::write(package.path().join("Cargo.toml"), manifest).unwrap();
        for file in files {
            let path = package.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let program = Program::at(format!("/t/{program}-0123456789abcdef").into()).unwrap();
        let manifest = manifest.parse().unwrap();
        let target = program.target(package.path(), &manifest);
        assert_eq!(target.unwrap().words(), expected);
    }

    #[test]
    fn this_program_lists_its_tests() {
        let program = Program::current().unwrap();
        let own = concat!(module_path!(), "::this_program_lists_its_tests");
        let (_, own) = own.split_once("::").unwrap();
        assert!(program.tests().unwrap().contains(own));
    }
}
