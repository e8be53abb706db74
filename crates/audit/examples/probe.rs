fn main() {
    let folder = std::env::args().nth(1).unwrap();
    match ssot_audit::audit().at(folder).configured().run() {
        Ok(report) => println!("{}", report.text()),
        Err(e) => println!("{:?}", ssot_audit::Failure::from(e)),
    }
}
