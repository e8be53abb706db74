//! Names that every module has.

use std::sync::LazyLock;

use crate::name::{Name, Set};

/// The prelude of the standard library, primitive types, and attributes that are imported by name.
const PRELUDE: [&str; 78] = [
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
    "assert",
    "bool",
    "char",
    "derive",
    "drop",
    "f128",
    "f16",
    "f32",
    "f64",
    "global_allocator",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "macro_rules",
    "never",
    "size_of",
    "size_of_val",
    "align_of",
    "align_of_val",
    "str",
    "test",
    "test_case",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "cfg",
    "union",
];

static NAMES: LazyLock<Set<Name>> = LazyLock::new(|| PRELUDE.iter().map(|name| Name::new(name)).collect());

/// Whether every module has a name.
pub(super) fn is_prelude(name: Name) -> bool {
    NAMES.contains(&name)
}

static SYSROOT: LazyLock<[Name; 5]> =
    LazyLock::new(|| ["std", "core", "alloc", "proc_macro", "test"].map(Name::new));

/// Whether a crate comes with the compiler.
pub(super) fn is_sysroot(name: Name) -> bool {
    SYSROOT.contains(&name)
}
