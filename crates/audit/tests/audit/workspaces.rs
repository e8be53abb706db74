//! Workspaces that a test writes.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// A workspace in a folder that vanishes with it.
pub(crate) struct Written {
    folder: TempDir,
}

impl Written {
    /// A workspace of one package `app` with these files, each under a line `//- path`; `src/lib.rs` is the first.
    pub(crate) fn app(text: &str) -> Self {
        let files = format!("//- Cargo.toml\n{}\n{text}", manifest("app", ""));
        Self::of(&files)
    }

    /// A workspace of these files, each under a line `//- path`.
    pub(crate) fn of(text: &str) -> Self {
        let written = Self {
            folder: tempfile::tempdir().expect("a folder can be made"),
        };
        written.add(text);
        written
    }

    /// Writes more files, over those of the same path.
    pub(crate) fn add(&self, text: &str) {
        let mut path = "src/lib.rs";
        let mut lines = Vec::new();
        for line in text.lines() {
            if let Some(next) = line.strip_prefix("//- ") {
                self.file(path, &lines);
                (path, lines) = (next.trim(), Vec::new());
            } else {
                lines.push(line);
            }
        }
        self.file(path, &lines);
    }

    fn file(&self, path: &str, lines: &[&str]) {
        if lines.iter().all(|line| line.trim().is_empty()) && path == "src/lib.rs" {
            return;
        }
        self.write(path, &(lines.join("\n") + "\n"));
    }

    /// Writes one file.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        let folder = path.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).expect("a folder can be made");
        fs::write(&path, text).expect("a file can be written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).expect("the file can be read")
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).expect("the file can be removed");
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// An audit of it, without rules yet.
    pub(crate) fn audit(&self) -> ssot_audit::Audit {
        ssot_audit::audit()
            .at(self.path())
            .mode(ssot_audit::Mode::reading(false))
    }
}

/// Compares with a snapshot, in the folder of the whole workspace.
pub(crate) fn snapshot(name: &str, shown: &str) {
    let mut settings = insta::Settings::clone_current();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots/audit");
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, shown));
}

/// A manifest of a package in edition 2024, with what follows its name.
pub(crate) fn manifest(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{rest}\n")
}
