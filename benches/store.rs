//! Which map should hold the catalog? Measured before building on it.
//!
//! The work: 10,000 relations are made, each as one shared record under its OID and as one name, with a snapshot kept
//! while every 14 statements run (a migration's transaction), then every relation is changed three times the same way.
//!
//! `cargo bench --bench store`

use std::collections::BTreeMap;
use std::sync::Arc;

const RELATIONS: u32 = 10_000;
const PER_TRANSACTION: u32 = 14;

#[derive(Clone)]
struct Record {
    name: ecow::EcoString,
    columns: Vec<(ecow::EcoString, u32)>,
}

fn record(i: u32) -> Record {
    let columns = (0..8).map(|c| (ecow::eco_format!("column_{c}"), 23)).collect();
    Record { name: ecow::eco_format!("relation_{i}"), columns }
}

macro_rules! workload {
    ($name:ident, $records:ty, $names:ty, $insert:ident) => {
        #[divan::bench(sample_count = 10)]
        fn $name() -> usize {
            let mut records: $records = Default::default();
            let mut names: $names = Default::default();
            let mut snapshot = (records.clone(), names.clone());
            for i in 0..RELATIONS {
                if i % PER_TRANSACTION == 0 {
                    snapshot = (records.clone(), names.clone());
                }
                let record = record(i);
                names.$insert((2200u32, record.name.clone()), i);
                records.$insert(i, Arc::new(record));
            }
            for round in 0..3u32 {
                for i in 0..RELATIONS {
                    if i % PER_TRANSACTION == 0 {
                        snapshot = (records.clone(), names.clone());
                    }
                    let record = records.get_mut(&i).expect("made above");
                    Arc::make_mut(record).columns[0].1 = round;
                }
            }
            snapshot.0.iter().count() + names.iter().count()
        }
    };
}

workload!(
    imbl_ord_map,
    imbl::OrdMap<u32, Arc<Record>>,
    imbl::OrdMap<(u32, ecow::EcoString), u32>,
    insert
);
workload!(
    imbl_hash_map,
    imbl::HashMap<u32, Arc<Record>>,
    imbl::HashMap<(u32, ecow::EcoString), u32>,
    insert
);
workload!(
    rpds_red_black,
    rpds::RedBlackTreeMapSync<u32, Arc<Record>>,
    rpds::RedBlackTreeMapSync<(u32, ecow::EcoString), u32>,
    insert_mut
);
workload!(
    std_btree_cloned,
    BTreeMap<u32, Arc<Record>>,
    BTreeMap<(u32, ecow::EcoString), u32>,
    insert
);

fn main() {
    divan::main();
}
