//! Topic Aliases (section 3.3.2.3.4), and PUBLISH packets that are wrong on purpose (section 3.3).

use super::fields::{self, rows};
use super::publishing::{publish, row};
use crate::world::World;
use bytes::{Bytes, BytesMut};
use cucumber::{given, then, when};
use gherkin::Step;
use protocol::{Packet, Property, Publish, QoS};
use tester::ObservationKind;
use tester::stop::{StepResult, Stop};

/// The Topic Alias Maximum of the CONNACK.
fn maximum(world: &mut World, name: &str) -> u16 {
    let connack = world.tester().client(name).connack.as_ref();
    connack.and_then(|c| c.properties.topic_alias_maximum()).unwrap_or(0)
}

/// With the greatest Topic Alias that the Server takes.
#[given(expr = "{word} has published {string} to {string} with the greatest Topic Alias")]
#[when(expr = "{word} publishes {string} to {string} with the greatest Topic Alias")]
async fn publishes_greatest(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let alias = maximum(world, &name).to_string();
    let rows = [row("Topic Name", topic), row("Payload", payload), row("Topic Alias", alias)];
    Ok(publish(world, &name, &rows).await?)
}

/// Sends a PUBLISH as the table says, although that is an error: fields may stand twice or have forbidden values. `Topic Alias` may be `above the maximum`.
#[when(expr = "{word} sends the erroneous PUBLISH with:")]
async fn sends_erroneous(world: &mut World, name: String, step: &Step) -> StepResult {
    let mut rows = rows(step);
    for (field, value) in &mut rows {
        if field == "Topic Alias" && value == "above the maximum" {
            let maximum = maximum(world, &name);
            let Some(above) = maximum.checked_add(1) else {
                let text = "the Server's Topic Alias Maximum is 65535, and no Topic Alias is above that";
                return Err(Stop::NotApplicable(text.to_owned()).into());
            };
            *value = above.to_string();
        }
    }
    let tester = world.tester();
    let mut packet = Publish::new(tester.namespace.topic("t"), Bytes::new());
    fields::publish(&mut packet, &rows, &tester.namespace)?;
    if packet.qos != QoS::AtMostOnce && packet.packet_id.is_none() {
        packet.packet_id = Some(tester.fresh_packet_id(&name));
    }
    let mut bytes = BytesMut::new();
    protocol::encode(&Packet::Publish(packet), tester.version, &mut bytes)
        .map_err(|error| Stop::Error(format!("the scenario's packet cannot be encoded: {error}")))?;
    let said: Vec<String> = rows.iter().map(|(field, value)| format!("{field} {value}")).collect();
    tester.send_bytes(&name, bytes.freeze(), Some(format!("PUBLISH with {}", said.join(", "))));
    Ok(())
}

/// Sends a PUBLISH at QoS 0 that has this many bytes on the whole, filled up with `x`.
#[when(expr = "{word} sends a PUBLISH of {int} bytes to {string}")]
async fn sends_of_size(world: &mut World, name: String, size: usize, topic: String) -> StepResult {
    let packet = of_size(world, size, &topic)?;
    world.tester().send(&name, packet)?;
    Ok(world.tester().ping(&name).await?)
}

fn of_size(world: &mut World, size: usize, topic: &str) -> Result<Packet, Stop> {
    let tester = world.tester();
    let wire = tester.namespace.topic(topic);
    for payload in 0..size {
        let packet = Packet::Publish(Publish::new(wire.clone(), vec![b'x'; payload]));
        let mut bytes = BytesMut::new();
        protocol::encode(&packet, tester.version, &mut bytes).map_err(|e| Stop::Error(e.to_string()))?;
        if bytes.len() == size {
            return Ok(packet);
        }
    }
    Err(Stop::Error(format!("no PUBLISH to \"{topic}\" has {size} bytes")))
}

/// The message, whatever is in it.
#[then(expr = "{word} receives a message on {string}")]
async fn receives_any(world: &mut World, name: String, topic: String) -> StepResult {
    let tester = world.tester();
    let wire = tester.namespace.topic(&topic);
    let what = format!("PUBLISH on \"{topic}\"");
    let arrival =
        tester.expect(&name, &what, |a| matches!(&a.packet, Packet::Publish(p) if *p.topic == *wire)).await?;
    world.last_message = Some(arrival.clone());
    world.last = Some(arrival);
    Ok(())
}

/// Of all PUBLISH packets that the Client got on its present Network Connection.
#[then(expr = "no PUBLISH to {word} has a Topic Alias above {int}")]
async fn no_alias_above(world: &mut World, name: String, most: u16) -> StepResult {
    let tester = world.tester();
    let connection = tester.client(&name).connection;
    let mut used = 0;
    for (index, observation) in tester.transcript.observations.iter().enumerate() {
        let ObservationKind::Received { packet: Packet::Publish(p), .. } = &observation.kind else {
            continue;
        };
        if observation.connection != connection {
            continue;
        }
        for property in p.properties.iter() {
            let Property::TopicAlias(alias) = property else { continue };
            used += 1;
            if *alias == 0 || *alias > most {
                let expected = match most {
                    0 => "no Topic Alias".to_owned(),
                    most => format!("no Topic Alias but 1 to {most}"),
                };
                return Err(Stop::seen(expected, format!("Topic Alias {alias}"), Some(index)).into());
            }
        }
    }
    if most > 0 && used == 0 {
        return Err(Stop::NotExercised("the Server uses no Topic Aliases".to_owned()).into());
    }
    Ok(())
}
