use super::load::load;
use super::tree::trees;
use super::types::Model;
use crate::workspace::Workspace;

impl Model {
    /// The model of a workspace. Modules of the names in `test_modules` hold test code.
    ///
    /// A file that cannot be read or parsed is no error: it is named in the statistics.
    pub(crate) fn of(workspace: Workspace, test_modules: &[String]) -> Self {
        let loaded = load(&workspace);
        let mut model = trees(workspace, loaded, test_modules);
        model.resolve_imports();
        model.resolve_impls();
        model
    }
}
