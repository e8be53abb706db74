use ssot_harness::interleave::*;
use search::play::Stand;
use search::shapes::all;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let filter = &args[1]; let seeds: u64 = args[2].parse().unwrap(); let most: u64 = args[3].parse().unwrap();
    let only = args.get(4).cloned().unwrap_or_default();
    let singles: Vec<(&str, fn(u64) -> Box<dyn Strategy>)> = vec![
        ("random", |s| Box::new(RandomWalk::new(s))), ("uniform", |s| Box::new(UniformWalk::new(s))),
        ("selective", |s| Box::new(SelectiveWalk::new(s))), ("pct2", |s| Box::new(Pct::new(s, 2))), ("pct3", |s| Box::new(Pct::new(s, 3))),
        ("pct4", |s| Box::new(Pct::new(s, 4))), ("sparse", |s| Box::new(SparseDeviations::new(s, 4)))];
    for shape in all().into_iter().filter(|s| search::found::needs_nothing_else(s) && s.name.contains(filter.as_str())) {
        let mut stand = Stand::new(shape); let facts = stand.facts().clone();
        print!("{:34}", shape.name);
        let mut best = u64::MAX;
        let mut row = |name: &str, f: &mut dyn FnMut(u64) -> Option<u64>| {
            if !only.is_empty() && !only.contains(name) { return None; }
            let begun = std::time::Instant::now();
            let mut v = vec![];
            for s in 0..seeds { v.push(f(s)); if begun.elapsed().as_secs() > 12 { break; } }
            v.sort_by_key(|x| x.unwrap_or(u64::MAX));
            let m = v[v.len()/2];
            use std::io::Write;
            print!(" {name} {} ({}/{})", m.map_or("-".into(), |m| m.to_string()), v.iter().flatten().count(), v.len());
            std::io::stdout().flush().unwrap();
            m
        };
        for (name, make) in &singles {
            if let Some(m) = row(name, &mut |seed| {
                let mut st = make(seed);
                for e in 1..=most {
                    let t = if facts.spawns { RuntimeTopology::ALL[(e % 3) as usize] } else { RuntimeTopology::One };
                    st.begin(&facts);
                    if stand.play(t, &mut *st).leaks() { return Some(e); }
                }
                None
            }) { best = best.min(m); }
        }
        let p = row("portfolio", &mut |seed| {
            let mut p = Portfolio::new(seed, most, 10);
            while p.begin(&facts) { let t = p.layout().unwrap_or(RuntimeTopology::One); if stand.play(t, &mut p).leaks() { return Some(p.execution()); } }
            None });
        println!(" RATIO {:.1}", p.map_or(f64::NAN, |p| p as f64 / best as f64));
    }
}
