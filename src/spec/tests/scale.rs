//! Many requirements on many tables.

use std::time::{Duration, Instant};

use super::*;

/// Every table has been looked at for every entry of `forbid` if this takes long: that is quadratic.
#[test]
fn a_thousand_requirements_on_ten_thousand_tables() {
    let mut db = Db::new();
    for i in 0..10_000 {
        db.table(&format!("public.table_number_{i}"), &["id uuid", "name text"]);
    }
    let mut spec = String::from("forbid:\n");
    for i in 0..250 {
        spec.push_str(&format!("  - table: forbidden_table_{i}\n  - column: table_number_{i}.secret\n"));
    }
    spec.push_str("tables:\n");
    for i in 0..250 {
        spec.push_str(&format!("  table_number_{i}: {{ columns: {{ id: uuid }} }}\n  missing_{i}: {{}}\n"));
    }
    let (specs, _) = load_spec(&db, &spec).unwrap();
    assert_eq!(specs.requirements.len(), 1250);
    let start = Instant::now();
    let outcome = check_on(&specs, &db.catalog);
    let took = start.elapsed();
    let count = |verdict| outcome.requirements.iter().filter(|judged| judged.verdict == verdict).count();
    assert_eq!((count(Verdict::Satisfied), count(Verdict::Violated)), (1000, 250));
    // A debug build takes 0.2 s.
    assert!(took < Duration::from_secs(2), "{took:?}");
}
