//! What a test writes.

/// Audits the workspace of the package that this stands in, by its `ssot.toml` and `ssot.lock`. Returns a
/// [`Verdict`](crate::Verdict).
///
/// ```no_run
/// # /*
/// #[test]
/// # */
/// fn one_source_of_truth() -> ssot_audit::Verdict {
///     ssot_audit::audit!()
/// }
/// # one_source_of_truth().unwrap();
/// ```
#[macro_export]
macro_rules! audit {
    () => {
        $crate::audit()
            .at(::core::env!("CARGO_MANIFEST_DIR"))
            .configured()
            .check()
    };
}

/// Proves, by compiling, that a type implements the trait of its role, also where a macro writes the implementation.
///
/// ```
/// trait Engine {}
/// struct UserEngine;
/// impl Engine for UserEngine {}
///
/// ssot_audit::audit_probe!(UserEngine: Engine);
/// ```
///
/// A type that does not is an error of the compiler:
///
/// ```compile_fail,E0277
/// trait Engine {}
/// struct UserEngine;
///
/// ssot_audit::audit_probe!(UserEngine: Engine);
/// ```
#[macro_export]
macro_rules! audit_probe {
    ($implementor:ty: $($role:tt)+) => {
        const _: fn() = || {
            fn implements<T: ?::core::marker::Sized + $($role)+>() {}
            implements::<$implementor>();
        };
    };
}
