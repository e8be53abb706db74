//! What every run says of itself.

use serde::Serialize;

use super::orphans::orphans;
use super::references::Class;
use super::types::Model;
use crate::name::Set;

/// References by how much is known of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) resolved: usize,
    pub(crate) macro_made: usize,
    pub(crate) unresolved: usize,
    pub(crate) in_macros: usize,
}

impl Counted {
    pub(crate) fn count(&mut self, class: Class, in_macro: bool) {
        match class {
            Class::Workspace | Class::Outside => self.resolved += 1,
            Class::MacroMade => self.macro_made += 1,
            // Tokens of a macro need not be a path at all.
            Class::Unresolved if in_macro => {
                self.in_macros += 1;
                return;
            }
            Class::Unresolved => self.unresolved += 1,
            Class::Local => return,
        }
        if in_macro {
            self.in_macros += 1;
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.resolved += other.resolved;
        self.macro_made += other.macro_made;
        self.unresolved += other.unresolved;
        self.in_macros += other.in_macros;
    }
}

/// What a run has read, and what it could not see. Every run prints it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Statistics {
    /// Files that some target reaches.
    pub files: usize,
    /// Their lines.
    pub lines: usize,
    /// Targets: libraries, programs, tests, examples, benches, build scripts.
    pub targets: usize,
    /// Names that `use` declares.
    pub imports: usize,
    /// Those that lead nowhere the audit knows.
    pub unresolved_imports: usize,
    /// Paths in bodies and signatures.
    pub paths: usize,
    /// Of these, those that lead to a definition of the workspace or out of it.
    pub resolved: usize,
    /// Those whose name a macro makes.
    pub macro_made: usize,
    /// Those that lead nowhere.
    pub unresolved: usize,
    /// Those in the tokens of a macro that may do anything with them; counted in one of the above unless they lead nowhere.
    pub in_macros: usize,
    /// Macro calls where items stand, whose tokens are no items.
    pub opaque_macro_calls: usize,
    /// Sources below a package's folders that no target reaches, relative to the workspace.
    pub orphans: Vec<String>,
    /// Files that are not audited, and why: `path:line: reason`.
    pub unread: Vec<String>,
}

impl Statistics {
    pub(crate) fn of(model: &Model, counted: &Counted) -> Self {
        let mut calls = Set::default();
        for placement in &model.placements {
            let index = &model.loaded.files[placement.file as usize].index;
            for call in index.macro_calls.iter().filter(|call| call.opaque) {
                calls.insert((placement.file, call.at));
            }
        }
        let unread = model
            .loaded
            .files
            .iter()
            .filter_map(|file| {
                let error = file.unread.as_ref()?;
                Some(format!("{}:{}: {error}", model.relative(&file.path), error.line))
            })
            .collect();
        Self {
            files: model.loaded.files.len(),
            lines: model
                .loaded
                .files
                .iter()
                .map(|file| file.index.lines as usize)
                .sum(),
            targets: model.crates.len(),
            imports: model.imports,
            unresolved_imports: model.unresolved_imports.len(),
            paths: counted.resolved + counted.macro_made + counted.unresolved,
            resolved: counted.resolved,
            macro_made: counted.macro_made,
            unresolved: counted.unresolved,
            in_macros: counted.in_macros,
            opaque_macro_calls: calls.len(),
            orphans: orphans(model),
            unread,
        }
    }
}
