//! What rust-analyzer says of the paths in bodies and signatures.

use std::path::Path;

use ra_ap_hir::{AsAssocItem, AssocItem, ModuleDef, PathResolution, Semantics};
use ra_ap_ide::{NavigationTarget, TryToNav};
use ra_ap_ide_db::RootDatabase;
use ra_ap_load_cargo::{LoadCargoConfig, ProcMacroServerChoice, load_workspace_at};
use ra_ap_paths::AbsPathBuf;
use ra_ap_project_model::{CargoConfig, CargoFeatures, RustLibSource};
use ra_ap_syntax::ast::{self, AstNode, HasName};
use ra_ap_syntax::{SyntaxKind, SyntaxNode, SyntaxToken};
use ra_ap_vfs::Vfs;

/// A path as rust-analyzer sees it.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) file: String,
    /// Of its first token.
    pub(crate) at: usize,
    /// One for each expansion that it comes up in.
    pub(crate) targets: Vec<Found>,
    /// Whether it begins with a generic parameter.
    pub(crate) generic: bool,
    pub(crate) in_macro: bool,
    /// For a person.
    pub(crate) what: String,
}

/// What a path leads to.
#[derive(Debug)]
pub(crate) struct Found {
    /// File and offset of its name; None for what is not of the workspace.
    pub(crate) place: Option<(String, usize)>,
    /// The item of a trait or of an impl that it is.
    item: Option<AssocItem>,
}

/// Loads a workspace without build scripts and without expanding procedural macros, with all features and `cfg(test)`.
pub(crate) fn load(folder: &Path, run: impl FnOnce(&Analyzer<'_>)) {
    let cargo = CargoConfig {
        all_targets: true,
        features: CargoFeatures::All,
        sysroot: Some(RustLibSource::Discover),
        set_test: true,
        ..CargoConfig::default()
    };
    let load = LoadCargoConfig {
        load_out_dirs_from_check: false,
        with_proc_macro_server: ProcMacroServerChoice::None,
        prefill_caches: false,
        num_worker_threads: 1,
        proc_macro_processes: 1,
    };
    let (db, vfs, _) = load_workspace_at(folder, &cargo, &load, &|_| {}).expect("it can be loaded");
    ra_ap_hir::attach_db(&db, || {
        run(&Analyzer {
            folder,
            vfs: &vfs,
            sema: Semantics::new(&db),
        });
    });
}

/// A loaded workspace.
pub(crate) struct Analyzer<'a> {
    folder: &'a Path,
    vfs: &'a Vfs,
    sema: Semantics<'a, RootDatabase>,
}

impl Analyzer<'_> {
    /// Tells every path of a file that is not in a `use`, an attribute, a visibility, or in what this configuration leaves out.
    pub(crate) fn file(&self, file: String, seen: &mut impl FnMut(Seen)) {
        let Some(source) = self.source(&file) else {
            eprintln!("{file}: no crate of this configuration has it");
            return;
        };
        let tokens = source
            .syntax()
            .descendants_with_tokens()
            .filter_map(|element| element.into_token());
        for token in tokens.filter(|token| is_word(token) && !self.is_left_out(token)) {
            let mut one = Seen {
                file: file.clone(),
                at: token.text_range().start().into(),
                targets: Vec::new(),
                generic: false,
                in_macro: token
                    .parent_ancestors()
                    .any(|node| node.kind() == SyntaxKind::TOKEN_TREE),
                what: String::new(),
            };
            let mut starts = false;
            for token in self.sema.descend_into_macros_exact(token) {
                starts |= self.resolve(&token, &mut one).is_some();
            }
            if starts {
                seen(one);
            }
        }
    }

    /// Whether one of the two declares an item of a trait that the other implements: which of them a path names follows from types.
    pub(crate) fn implements(&self, file: &str, at: usize, found: &Found) -> bool {
        let Some(wanted) = found.item else { return false };
        let db = self.sema.db;
        let item = || {
            let source = self.source(file)?;
            let offset = u32::try_from(at).ok()?.into();
            let token = source.syntax().token_at_offset(offset).right_biased()?;
            let name = ast::Name::cast(token.parent()?)?.syntax().parent()?;
            let item = match name.kind() {
                SyntaxKind::FN => AssocItem::Function(self.sema.to_def(&ast::Fn::cast(name)?)?),
                SyntaxKind::CONST => AssocItem::Const(self.sema.to_def(&ast::Const::cast(name)?)?),
                _ => AssocItem::TypeAlias(self.sema.to_def(&ast::TypeAlias::cast(name)?)?),
            };
            let of_trait = item.container_or_implemented_trait(db)?;
            let same = wanted.container_or_implemented_trait(db) == Some(of_trait)
                && item.name(db) == wanted.name(db);
            // One is the declaration; two impls are two definitions.
            let declares = item.container_trait(db).is_some() || wanted.container_trait(db).is_some();
            (same && declares).then_some(())
        };
        item().is_some()
    }

    fn source(&self, file: &str) -> Option<ast::SourceFile> {
        let path = AbsPathBuf::assert_utf8(self.folder.join(file));
        let (id, _) = self.vfs.file_id(&path.into())?;
        self.sema.attach_first_edition_opt(id)?;
        Some(self.sema.parse_guess_edition(id))
    }

    /// None where no path begins.
    fn resolve(&self, token: &SyntaxToken, seen: &mut Seen) -> Option<()> {
        let parent = token.parent()?;
        if let Some(name) = ast::Name::cast(parent.clone()) {
            let pattern = ast::IdentPat::cast(name.syntax().parent()?)?;
            let def = self.sema.resolve_bind_pat_to_const(&pattern)?;
            seen.what = format!("{def:?}");
            seen.targets.push(self.found(def));
            return Some(());
        }
        let (path, first) = path_from(&parent, token)?;
        seen.generic |= matches!(self.sema.resolve_path(&first), Some(PathResolution::TypeParam(_)));
        let Some(resolution) = self.sema.resolve_path(&path) else {
            return Some(());
        };
        seen.what = format!("{resolution:?}");
        seen.what.truncate(60);
        if let PathResolution::Def(def) = resolution
            && let Some(name) = def.name(self.sema.db)
        {
            seen.what += name.as_str();
        }
        seen.targets.push(match resolution {
            PathResolution::Def(def) => self.found(def),
            PathResolution::SelfType(of) => match of.self_ty(self.sema.db).as_adt() {
                Some(adt) => self.found(ModuleDef::Adt(adt)),
                None => Found {
                    place: None,
                    item: None,
                },
            },
            _ => Found {
                place: None,
                item: None,
            },
        });
        Some(())
    }

    fn found(&self, def: ModuleDef) -> Found {
        let db = self.sema.db;
        let item = match def {
            ModuleDef::Function(function) => function.as_assoc_item(db),
            ModuleDef::Const(constant) => constant.as_assoc_item(db),
            ModuleDef::TypeAlias(alias) => alias.as_assoc_item(db),
            _ => None,
        };
        Found {
            place: self.place(def),
            item,
        }
    }

    fn place(&self, def: ModuleDef) -> Option<(String, usize)> {
        let db = self.sema.db;
        if let ModuleDef::Module(module) = def {
            if module.is_crate_root(db) {
                let source = module.definition_source_file_id(db);
                return Some((self.relative(source.original_file(db).file_id(db))?, 0));
            }
            let source = module.declaration_source(db)?;
            let name = source.value.name()?;
            let range = source.with_value(name.syntax()).original_file_range_rooted(db);
            return Some((
                self.relative(range.file_id.file_id(db))?,
                range.range.start().into(),
            ));
        }
        let target: NavigationTarget = def.try_to_nav(&self.sema)?.call_site();
        let range = target.focus_range.unwrap_or(target.full_range);
        Some((self.relative(target.file_id)?, range.start().into()))
    }

    /// None where the file is not of the workspace.
    fn relative(&self, file: ra_ap_vfs::FileId) -> Option<String> {
        let path = self.vfs.file_path(file).as_path()?.to_path_buf();
        let path: &Path = path.as_ref();
        Some(path.strip_prefix(self.folder).ok()?.display().to_string())
    }

    fn is_left_out(&self, token: &SyntaxToken) -> bool {
        token.parent_ancestors().any(|node| match node.kind() {
            SyntaxKind::USE | SyntaxKind::ATTR | SyntaxKind::VISIBILITY | SyntaxKind::EXTERN_CRATE => true,
            SyntaxKind::MODULE => {
                ast::Module::cast(node).is_some_and(|item| self.sema.to_def(&item).is_none())
            }
            SyntaxKind::FN => ast::Fn::cast(node).is_some_and(|item| self.sema.to_def(&item).is_none()),
            SyntaxKind::IMPL => ast::Impl::cast(node).is_some_and(|item| self.sema.to_def(&item).is_none()),
            SyntaxKind::STRUCT => {
                ast::Struct::cast(node).is_some_and(|item| self.sema.to_def(&item).is_none())
            }
            SyntaxKind::ENUM => ast::Enum::cast(node).is_some_and(|item| self.sema.to_def(&item).is_none()),
            _ => false,
        })
    }
}

fn is_word(token: &SyntaxToken) -> bool {
    let kind = token.kind();
    kind == SyntaxKind::IDENT
        || matches!(
            kind,
            SyntaxKind::CRATE_KW | SyntaxKind::SUPER_KW | SyntaxKind::SELF_KW | SyntaxKind::SELF_TYPE_KW
        )
}

/// The whole path that begins with this token, and its first segment.
fn path_from(parent: &SyntaxNode, token: &SyntaxToken) -> Option<(ast::Path, ast::Path)> {
    let name = ast::NameRef::cast(parent.clone())?;
    let segment = ast::PathSegment::cast(name.syntax().parent()?)?;
    let mut path = segment.parent_path();
    let first = path.clone();
    if path.qualifier().is_some() {
        return None;
    }
    loop {
        if let Some(next) = path.parent_path() {
            path = next;
            continue;
        }
        // `<T>::f` is read as `T::f`.
        let next = path
            .syntax()
            .parent()
            .and_then(ast::PathType::cast)
            .and_then(|ty| ty.syntax().parent())
            .and_then(ast::PathSegment::cast)
            .filter(|segment| {
                let first = segment.syntax().children().find_map(ast::Type::cast);
                first.is_some_and(|ty| ty.syntax().text_range().contains_range(token.text_range()))
            });
        match next {
            Some(segment) => path = segment.parent_path(),
            None => return Some((path, first)),
        }
    }
}
