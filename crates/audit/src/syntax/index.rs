//! What the audit keeps of a file: everything that names something, and where.

use crate::name::Name;

/// No index.
pub(crate) const NONE: u32 = u32::MAX;

/// The index of one file. Offsets are bytes from its beginning; scopes, items and paths are numbers of this index.
#[derive(Debug, Default)]
pub(crate) struct FileIndex {
    /// The first is the module that the file is.
    pub(crate) scopes: Vec<Scope>,
    pub(crate) items: Vec<Item>,
    pub(crate) impls: Vec<Impl>,
    pub(crate) imports: Vec<Import>,
    pub(crate) mod_files: Vec<ModFile>,
    pub(crate) includes: Vec<Include>,
    pub(crate) macro_calls: Vec<MacroCall>,
    pub(crate) paths: Vec<WrittenPath>,
    pub(crate) references: Vec<Reference>,
    pub(crate) texts: Vec<TextLiteral>,
    pub(crate) superseded: Vec<Declared>,
    /// Whether a comment at the top calls the file generated.
    pub(crate) generated: bool,
    /// Whether `#![cfg(test)]` or the like stands at its top.
    pub(crate) test: bool,
    pub(crate) lines: u32,
}

/// A module or a block with items.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) parent: u32,
    /// The item that is this module; [`NONE`] for a block and for the file's own.
    pub(crate) module: u32,
    /// What a block stands in.
    pub(crate) within: u32,
    pub(crate) block: bool,
    /// Each `#[path]` of an inline module, which names a folder.
    pub(crate) paths: Vec<String>,
    /// Whether its files may stand in the folder of its name.
    pub(crate) usual: bool,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ItemKind {
    Module,
    Struct,
    Enum,
    Union,
    Variant,
    Trait,
    Function,
    Constant,
    Static,
    Alias,
    Macro,
    AssocFunction,
    AssocConstant,
    AssocType,
}

impl ItemKind {
    /// As a finding calls it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Struct => "struct",
            Self::Enum => "enum",
            Self::Union => "union",
            Self::Variant => "variant",
            Self::Trait => "trait",
            Self::Function => "function",
            Self::Constant => "constant",
            Self::Static => "static",
            Self::Alias => "type alias",
            Self::Macro => "macro",
            Self::AssocFunction => "associated function",
            Self::AssocConstant => "associated constant",
            Self::AssocType => "associated type",
        }
    }

    pub(crate) fn is_type(self) -> bool {
        matches!(self, Self::Struct | Self::Enum | Self::Union | Self::Alias)
    }

    /// Of a trait or an impl.
    pub(crate) fn is_associated(self) -> bool {
        matches!(self, Self::AssocFunction | Self::AssocConstant | Self::AssocType)
    }
}

#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) kind: ItemKind,
    pub(crate) name: Name,
    /// Where its name stands.
    pub(crate) at: u32,
    pub(crate) scope: u32,
    /// The trait, the enum or the function that it belongs to.
    pub(crate) owner: u32,
    /// The impl that it belongs to.
    pub(crate) in_impl: u32,
    pub(crate) flags: Flags,
    pub(crate) body: Body,
    pub(crate) detail: Detail,
}

/// What is known of an item beside its kind.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and they are kept by the million"
)]
pub(crate) struct Flags {
    /// Compiled for tests only, by its attributes.
    pub(crate) test: bool,
    pub(crate) deprecated: bool,
    /// Whether any `cfg` decides on it.
    pub(crate) conditional: bool,
    /// Parsed from the tokens of a macro call.
    pub(crate) in_macro: bool,
    /// Guessed from the tokens of a macro call that does not parse as items.
    pub(crate) nominal: bool,
    pub(crate) public: bool,
    pub(crate) exported_macro: bool,
    /// Its documentation says legacy, superseded or the like.
    pub(crate) called_old: bool,
    /// `#[derive(Default)]`
    pub(crate) derives_default: bool,
    /// An attribute macro that the audit does not know may rewrite it.
    pub(crate) foreign_attribute: bool,
}

/// The tokens of an item, in numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Body {
    pub(crate) tokens: u32,
    /// A hash with names and literals blanked.
    pub(crate) shape: u64,
    /// A hash of all tokens.
    pub(crate) exact: u64,
}

#[derive(Debug)]
pub(crate) enum Detail {
    None,
    Struct {
        style: Style,
        fields: Box<[(Name, u64)]>,
    },
    Function {
        receiver: bool,
        /// All paths in its return type.
        returns: Box<[u32]>,
    },
    /// A path in its target, where it is one.
    Alias(u32),
    /// The value of a constant that is a text.
    Text(Name),
    /// The traits that a `macro_rules!` writes impls of.
    Macro(Box<[u32]>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Named,
    Tuple,
    Unit,
}

#[derive(Debug)]
pub(crate) struct Impl {
    pub(crate) at: u32,
    pub(crate) scope: u32,
    /// The function that it stands in.
    pub(crate) owner: u32,
    pub(crate) trait_path: u32,
    pub(crate) self_path: u32,
    /// For every type that fits, or for a reference or a box of one.
    pub(crate) blanket: bool,
    /// The paths in the generic arguments of its type, where that has arguments.
    pub(crate) arguments: Option<Box<[u32]>>,
    pub(crate) flags: Flags,
}

#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) scope: u32,
    pub(crate) path: u32,
    pub(crate) at: u32,
    pub(crate) what: Imported,
    pub(crate) public: bool,
    pub(crate) flags: Flags,
    /// The function whose block it stands in.
    pub(crate) owner: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Imported {
    /// Under this name.
    As(Name),
    Glob,
    /// `as _`
    Unnamed,
    /// `extern crate a as b;`
    Crate(Name),
}

/// `mod name;`
#[derive(Debug)]
pub(crate) struct ModFile {
    pub(crate) item: u32,
    /// Each `#[path]`, those in `cfg_attr` too.
    pub(crate) paths: Vec<String>,
    /// Whether a file at the usual place is expected.
    pub(crate) usual: bool,
}

/// `include!("text")` where items stand.
#[derive(Debug)]
pub(crate) struct Include {
    pub(crate) scope: u32,
    /// Relative to the file; to its package behind [`PACKAGE`].
    pub(crate) file: String,
}

/// Stands for the folder of the package.
pub(crate) const PACKAGE: &str = "{package}";

/// A macro call where items stand.
#[derive(Debug)]
pub(crate) struct MacroCall {
    pub(crate) path: u32,
    pub(crate) scope: u32,
    pub(crate) at: u32,
    /// Its tokens say nothing to the audit.
    pub(crate) opaque: bool,
}

/// Where a path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Lead {
    /// With a name that is in scope.
    Name,
    /// `::`
    Global,
    Crate,
    /// `self::`
    Here,
    /// `super::`, so many times.
    Super(u8),
    /// `Self`
    SelfType,
}

/// A path as it is written, generic arguments left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct WrittenPath {
    pub(crate) lead: Lead,
    pub(crate) names: Box<[Name]>,
}

/// What a path is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// In a type, a bound, a path.
    Mention,
    /// By itself, where a value stands.
    Value,
    /// `path(..)`
    Call,
    /// `Path { .. }`
    Literal,
    /// In a pattern.
    Pattern,
    /// `path!`
    MacroName,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference {
    pub(crate) path: u32,
    pub(crate) at: u32,
    pub(crate) scope: u32,
    /// The innermost item around it, else [`NONE`].
    pub(crate) item: u32,
    /// The impl around it, else [`NONE`].
    pub(crate) in_impl: u32,
    pub(crate) used: Use,
    /// Within the tokens of a macro that may do anything with it.
    pub(crate) in_macro: bool,
    pub(crate) test: bool,
}

/// A line of documentation `SSOT: superseded by path`.
#[derive(Debug)]
pub(crate) struct Declared {
    /// [`NONE`] for the module that the file is.
    pub(crate) item: u32,
    pub(crate) by: String,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct TextLiteral {
    pub(crate) value: u64,
    pub(crate) at: u32,
    pub(crate) scope: u32,
    pub(crate) item: u32,
    pub(crate) test: bool,
}

impl FileIndex {
    /// Of a file that cannot be read: a module without items.
    pub(crate) fn unread() -> Self {
        let mut index = Self::default();
        index.scopes.push(Scope {
            parent: NONE,
            module: NONE,
            within: NONE,
            block: false,
            paths: Vec::new(),
            usual: true,
        });
        index
    }
}
