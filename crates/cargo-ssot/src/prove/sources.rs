//! What tests are compiled from beside the folders that are always theirs.

use std::path::{Path, PathBuf};

use super::trees::{Trees, normal};
use super::{dep_info, files};
use crate::error::Error;
use crate::program::{TargetKind, TestRef};
use crate::project::{Package, Project};

/// The sources of a package's tests.
pub(crate) struct Sources<'a> {
    pub(crate) project: &'a Project,
    pub(crate) package: &'a Package,
    /// Its tests.
    pub(crate) tests: Vec<TestRef<'a>>,
    /// The packages that are proven, whose products stay the base's.
    pub(crate) proven: &'a [&'a Package],
    pub(crate) trees: &'a Trees,
}

impl Sources<'_> {
    /// Takes the packages that only tests depend on, and the files that test programs are compiled from, to the base. Gives
    /// the folders of the former, in the work tree.
    ///
    /// # Errors
    ///
    /// Where something cannot be read or copied.
    pub(crate) fn carry(&self) -> Result<Vec<PathBuf>, Error> {
        let support = self.support();
        for folder in &support {
            if let Some(there) = self.trees.in_base(folder) {
                files::carry_package(folder, &there, &self.packages_within(folder))?;
            }
        }
        let mut seen: Vec<&Path> = Vec::new();
        for test in &self.tests {
            let program = test.program;
            let is_of_tests = matches!(program.kind, TargetKind::Test | TargetKind::Bench);
            if !is_of_tests || seen.contains(&&*program.executable) {
                continue;
            }
            seen.push(&program.executable);
            for file in dep_info::sources(&program.executable, &self.project.root)? {
                let file = normal(&file);
                if self.is_carried_apart(&file, &support) {
                    files::carry_file(&file, self.trees)?;
                }
            }
        }
        Ok(support)
    }

    /// The folders of the packages in the repository that only the tests of this one depend on.
    fn support(&self) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> = self
            .tests
            .iter()
            .flat_map(|test| &test.declared.support)
            .map(|folder| normal(&self.package.folder.join(folder)))
            .filter(|folder| self.trees.in_base(folder).is_some())
            .filter(|folder| !self.proven.iter().any(|package| package.folder == *folder))
            .collect();
        folders.sort();
        folders.dedup();
        folders
    }

    fn packages_within(&self, folder: &Path) -> Vec<PathBuf> {
        let packages = self.project.packages.iter().map(|package| package.folder.clone());
        packages
            .filter(|other| other.starts_with(folder) && other != folder)
            .collect()
    }

    /// Whether a source has to be taken to the base by itself: it is in the repository, is no product's, and is not taken
    /// along with a folder.
    fn is_carried_apart(&self, file: &Path, support: &[PathBuf]) -> bool {
        let is_taken = files::FOLDERS
            .iter()
            .any(|folder| file.starts_with(self.package.folder.join(folder)))
            || support.iter().any(|folder| file.starts_with(folder));
        !is_taken
            && !file.starts_with(&self.project.target_folder)
            && self.trees.in_base(file).is_some()
            && !self.is_product(file)
    }

    fn is_product(&self, file: &Path) -> bool {
        let Some(folder) = file
            .ancestors()
            .skip(1)
            .find(|folder| folder.join("Cargo.toml").is_file())
        else {
            return false;
        };
        let known = self
            .project
            .packages
            .iter()
            .find(|package| package.folder == folder);
        known.map_or_else(
            || file.starts_with(folder.join("src")),
            |package| package.product.iter().any(|product| file.starts_with(product)),
        )
    }
}
