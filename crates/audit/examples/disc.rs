fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let d = ssot_audit::discover(folder.as_ref(), 20, false).unwrap();
    println!("{}", d.text());
}
