//! Time, PING and raw bytes.

use crate::world::World;
use bytes::Bytes;
use cucumber::{given, when};
use protocol::Packet;
use std::time::Duration;
use tester::stop::{StepResult, Stop};

#[given(expr = "{float} seconds have passed")]
#[when(expr = "{float} seconds pass")]
async fn seconds_pass(world: &mut World, seconds: f64) -> StepResult {
    world.tester().pass(Duration::from_secs_f64(seconds)).await;
    Ok(())
}

#[when(expr = "{word} sends PINGREQ")]
async fn sends_pingreq(world: &mut World, name: String) -> StepResult {
    Ok(world.tester().send(&name, Packet::Pingreq)?)
}

/// Bytes in hexadecimal, as they are.
#[when(expr = "{word} sends the bytes {string}")]
async fn sends_bytes(world: &mut World, name: String, hex: String) -> StepResult {
    let mut bytes = Vec::new();
    for pair in hex.split_whitespace() {
        match u8::from_str_radix(pair, 16) {
            Ok(byte) => bytes.push(byte),
            Err(error) => return Err(Stop::Error(format!("{pair} is no byte: {error}")).into()),
        }
    }
    world.tester().send_bytes(&name, Bytes::from(bytes), Some("crafted bytes".to_owned()));
    Ok(())
}

/// Makes sure that all which is on its way to this Client has arrived, before the scenario goes on.
#[given(expr = "everything for {word} has arrived")]
#[when(expr = "everything for {word} has arrived")]
async fn everything_arrived(world: &mut World, name: String) -> StepResult {
    Ok(world.tester().fence(&name).await?)
}
