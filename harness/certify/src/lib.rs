//! `mqtt-certify`: the command line around the suite, the campaigns and the reports.

pub mod campaign_record;
pub mod cli;
pub mod shell;
