//! Reads and indexes every file that a target reaches, in parallel.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::name::{Map, Set};
use crate::syntax::index::{FileIndex, ModFile, NONE, PACKAGE};
use crate::syntax::{SyntaxError, index};
use crate::workspace::Workspace;

/// A file that some target reaches.
#[derive(Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    pub(crate) index: FileIndex,
    /// Why it has an empty index.
    pub(crate) unread: Option<SyntaxError>,
}

/// Where the modules of a file are looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Seat {
    pub(crate) file: PathBuf,
    /// The folder of `mod name;`.
    pub(crate) folder: PathBuf,
}

impl Seat {
    /// The seat of a target's root, of a `mod.rs`, and of what `#[path]` names.
    pub(crate) fn root(file: PathBuf) -> Self {
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        Self { file, folder }
    }

    fn named(file: PathBuf) -> Self {
        let folder = file.with_extension("");
        Self { file, folder }
    }
}

/// Every file of a workspace, by its path.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) files: Vec<SourceFile>,
    pub(crate) by_path: Map<PathBuf, u32>,
}

struct Loader {
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    seats: Set<Seat>,
    files: Map<PathBuf, std::sync::Arc<SourceFile>>,
}

/// Reads every file that the targets of a workspace reach.
pub(crate) fn load(workspace: &Workspace) -> Loaded {
    let loader = Loader {
        seen: Mutex::default(),
    };
    rayon::scope(|scope| {
        for target in &workspace.targets {
            let seat = Seat::root(target.root.clone());
            let loader = &loader;
            scope.spawn(move |scope| loader.visit(&seat, scope));
        }
    });
    let seen = loader.seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    drop(seen.seats);
    let mut files: Vec<SourceFile> = seen
        .files
        .into_values()
        .filter_map(std::sync::Arc::into_inner)
        .collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let by_path = files
        .iter()
        .zip(0..)
        .map(|(file, number)| (file.path.clone(), number))
        .collect();
    Loaded { files, by_path }
}

impl Loader {
    fn visit<'s>(&'s self, seat: &Seat, scope: &rayon::Scope<'s>) {
        let known = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if !seen.seats.insert(seat.clone()) {
                return;
            }
            seen.files.get(&seat.file).cloned()
        };
        let file = known.unwrap_or_else(|| {
            let file = std::sync::Arc::new(read(&seat.file));
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.files.entry(seat.file.clone()).or_insert(file).clone()
        });
        for next in children(seat, &file.index) {
            scope.spawn(move |scope| self.visit(&next, scope));
        }
    }
}

/// The files of the modules of a file, and of what it includes.
fn children(seat: &Seat, index: &FileIndex) -> Vec<Seat> {
    let modules = index
        .mod_files
        .iter()
        .flat_map(|module| module_files(seat, index, module));
    let included = index
        .includes
        .iter()
        .filter_map(|include| included(seat, &include.file));
    modules.chain(included).collect()
}

/// The file of an `include!`, if it is there.
pub(crate) fn included(seat: &Seat, file: &str) -> Option<Seat> {
    let path = match file.strip_prefix(PACKAGE) {
        Some(rest) => {
            let mut folders = seat.file.ancestors().skip(1);
            let package = folders.find(|folder| folder.join("Cargo.toml").is_file())?;
            plain(&package.join(rest.trim_start_matches('/')))
        }
        None => plain(&seat.file.parent()?.join(file)),
    };
    path.is_file().then(|| Seat::root(path))
}

/// The files of a `mod name;` that are there: more than one where attributes decide.
pub(crate) fn module_files(seat: &Seat, index: &FileIndex, module: &ModFile) -> Vec<Seat> {
    let item = &index.items[module.item as usize];
    // The inline modules around it, from the outermost.
    let mut around = Vec::new();
    let mut scope = item.scope;
    while scope != NONE {
        let entry = &index.scopes[scope as usize];
        if entry.module != NONE {
            around.push(entry);
        }
        scope = entry.parent;
    }
    // Where modules without `#[path]` are looked for, and where those with it.
    let beside = seat.file.parent().unwrap_or(Path::new("")).to_owned();
    let mut folders = vec![(seat.folder.clone(), beside)];
    for entry in around.iter().rev() {
        let name = index.items[entry.module as usize].name.as_str();
        let inner = folders.iter().flat_map(|(folder, beside)| {
            let named = entry.paths.iter().map(|path| beside.join(path));
            named.chain(entry.usual.then(|| folder.join(name)))
        });
        folders = inner.map(|folder| (folder.clone(), folder)).collect();
    }
    let mut files = Vec::new();
    for (folder, beside) in &folders {
        let named = module.paths.iter().map(|path| plain(&beside.join(path)));
        files.extend(named.filter(|path| path.is_file()).map(Seat::root));
        if module.usual {
            let name = item.name.as_str();
            let flat = plain(&folder.join(format!("{name}.rs")));
            let nested = plain(&folder.join(name).join("mod.rs"));
            if flat.is_file() {
                files.push(Seat::named(flat));
            } else if nested.is_file() {
                files.push(Seat::root(nested));
            }
        }
    }
    files
}

/// A path without `.` and `..`, by its text alone, so that one file has one path.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

fn read(path: &Path) -> SourceFile {
    let failed = |what: String| SyntaxError {
        what,
        line: 1,
        column: 0,
    };
    let index = fs::read(path)
        .map_err(|error| failed(format!("it cannot be read: {error}")))
        .and_then(|bytes| {
            String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                SyntaxError {
                    what: "it is not UTF-8".to_owned(),
                    line: error.as_bytes()[..at].split(|byte| *byte == b'\n').count(),
                    column: 0,
                }
            })
        })
        .and_then(|text| index(&text));
    let (index, unread) = match index {
        Ok(index) => (index, None),
        Err(error) => (FileIndex::unread(), Some(error)),
    };
    SourceFile {
        path: path.to_owned(),
        index,
        unread,
    }
}
