use std::path::Path;

use super::load::load;
use super::tree::trees;
use super::types::Model;
use crate::error::Error;
use crate::workspace::Workspace;

impl Model {
    /// The model of the workspace that `folder` belongs to. Modules of the names in `test_modules` hold test code.
    ///
    /// # Errors
    ///
    /// Where cargo knows no workspace there. A file that cannot be read or parsed is no error: it is named in the statistics.
    pub(crate) fn of(folder: &Path, test_modules: &[String]) -> Result<Self, Error> {
        let workspace = Workspace::at(folder)?;
        let loaded = load(&workspace);
        let mut model = trees(workspace, loaded, test_modules);
        model.resolve_imports();
        model.resolve_impls();
        Ok(model)
    }
}
