fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let s = ssot_audit::probe(folder.as_ref()).unwrap();
    println!(
        "files {} lines {} targets {} imports {} unres {} paths {} resolved {} macro {} unresolved {} ({:.2}%) inmac {} opaque {} orphans {} unread {:#?}",
        s.files,
        s.lines,
        s.targets,
        s.imports,
        s.unresolved_imports,
        s.paths,
        s.resolved,
        s.macro_made,
        s.unresolved,
        100.0 * s.unresolved as f64 / s.paths as f64,
        s.in_macros,
        s.opaque_macro_calls,
        s.orphans.len(),
        s.unread
    );
}
