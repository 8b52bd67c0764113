//! `mqtt-certify`: the command line around the suite, the campaigns and the reports.

pub mod campaign_record;
pub mod cli;
pub mod shell;

/// The commit that this program is built of, or `unknown`.
pub const COMMIT: &str = env!("MQTT_CERTIFY_COMMIT");
