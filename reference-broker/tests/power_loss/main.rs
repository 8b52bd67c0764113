//! The power goes at every single write of a workload, and what was acknowledged before is there afterwards.

mod facts;
mod machine;
mod workload;

use disk::Disk;
use workload::{run, verify};

/// Runs the workload on a disk until the power goes during this operation, and judges what another process finds.
fn lose_power_at(operation: u64, seed: u64, syncs: bool) -> Result<(), String> {
    let disk = Disk::new(seed ^ (operation << 8));
    disk.set_syncs(syncs);
    disk.lose_power_at(operation);
    let facts = run(&disk, seed);
    disk.restore_power();
    verify(&disk, &facts)
}

fn operations(seed: u64) -> u64 {
    let disk = Disk::new(seed);
    run(&disk, seed);
    disk.operations()
}

#[test]
fn without_a_power_loss_all_is_acknowledged_and_there() {
    let disk = Disk::new(1);

    let facts = run(&disk, 1);

    assert!(facts.are_complete(), "{facts:?}");
    assert_eq!(verify(&disk, &facts), Ok(()));
}

#[test]
fn what_was_acknowledged_survives_a_power_loss_at_any_write() {
    for seed in 1..=3 {
        let operations = operations(seed);
        assert!(operations > 100, "{operations} are too few to show anything");
        for operation in 0..operations {
            if let Err(violation) = lose_power_at(operation, seed, true) {
                panic!("seed {seed}, power loss at operation {operation} of {operations}: {violation}");
            }
        }
    }
}

/// The test above could fail: on a disk that does not sync it does.
#[test]
fn without_syncing_what_was_acknowledged_is_lost() {
    let operations = operations(1);

    let violations = (0..operations).filter(|operation| lose_power_at(*operation, 1, false).is_err()).count();

    assert!(
        violations as u64 > operations / 4,
        "only {violations} of {operations} power losses lost anything"
    );
}
