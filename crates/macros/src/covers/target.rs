use std::path::{Path, PathBuf};
use std::{env, fs};

/// The cargo target that is being compiled.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// `lib`, `bin`, `test`, `bench` or `example`: a package may have one of each with the same name.
    pub(super) kind: &'static str,
    /// The folder of its package; `None` outside of cargo.
    pub(super) package: Option<PathBuf>,
    /// Its topmost source file; `None` where the compiler was not called with one, as under an editor's analysis.
    pub(super) root: Option<PathBuf>,
}

impl Target {
    /// What cargo has told the compiler, within which a macro runs: by its arguments and its environment.
    pub(super) fn of_this_process() -> Self {
        let arguments = arguments();
        let root = arguments.iter().map(Path::new).find_map(|argument| {
            let is_source = argument.extension().is_some_and(|extension| extension == "rs");
            // Cargo calls the compiler in the folder of the workspace.
            is_source.then(|| fs::canonicalize(argument).ok()).flatten()
        });
        let out_folder = arguments
            .iter()
            .position(|argument| argument == "--out-dir")
            .and_then(|at| arguments.get(at + 1));
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let package = package.map(|package| fs::canonicalize(&package).unwrap_or(package));
        let stands_in = |folder: &str| match (&root, &package) {
            (Some(root), Some(package)) => root.starts_with(package.join(folder)),
            _ => false,
        };
        let is_example = out_folder.is_some_and(|folder| Path::new(folder).ends_with("examples"));
        let kind = if env::var_os("CARGO_TARGET_TMPDIR").is_some() {
            if stands_in("benches") { "bench" } else { "test" }
        } else if is_example {
            "example"
        } else if env::var_os("CARGO_BIN_NAME").is_some() {
            "bin"
        } else {
            "lib"
        };
        Self { kind, package, root }
    }

    /// Whether everything in it is there for tests.
    pub(super) fn is_of_tests(&self) -> bool {
        matches!(self.kind, "test" | "bench")
    }
}

/// The compiler's arguments, those in a file among them.
fn arguments() -> Vec<String> {
    let mut arguments = Vec::new();
    for argument in env::args_os().skip(1) {
        let argument = argument.to_string_lossy().into_owned();
        match argument.strip_prefix('@').map(fs::read_to_string) {
            Some(Ok(text)) => arguments.extend(text.lines().map(str::to_owned)),
            Some(Err(_)) | None => arguments.push(argument),
        }
    }
    arguments
}
