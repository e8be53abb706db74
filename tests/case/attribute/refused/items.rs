#[ssot_harness::test]
struct Shop;

#[ssot_harness::test]
mod tests {
    fn within() {}
}

trait Chat {
    #[ssot_harness::test]
    fn without_a_body();
}

fn main() {
    let Shop = Shop;
}
