//! The suite proves itself: against Defects, Variants and null Servers (`selftest`), by campaigns that are told nothing (`hunt`), and statement by
//! statement (`ledger`).

pub mod everything;
pub mod hunt;
pub mod ledger;
pub mod selftest;
