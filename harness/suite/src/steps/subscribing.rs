//! SUBSCRIBE and UNSUBSCRIBE (sections 3.8 to 3.11).

use super::fields::{self, rows};
use crate::world::World;
use cucumber::{given, when};
use gherkin::Step;
use protocol::{Packet, Properties, QoS, Subscribe, SubscriptionOptions, Unsubscribe};
use tester::stop::{StepResult, Stop};

/// Subscribes and waits for a SUBACK that grants it.
async fn subscribe(
    world: &mut World,
    name: &str,
    filter: String,
    table: &[(String, String)],
) -> Result<(), Stop> {
    let tester = world.tester();
    let (options, properties) = fields::subscription(table, &tester.namespace)?;
    let packet_id = tester.fresh_packet_id(name);
    let filters = vec![(filter.clone().into(), options)];
    tester.send(name, Packet::Subscribe(Subscribe { packet_id, properties, filters }))?;
    let arrival = tester
        .expect(name, "SUBACK", |a| matches!(&a.packet, Packet::Suback(p) if p.packet_id == packet_id))
        .await?;
    world.last = Some(arrival.clone());
    let tester = world.tester();
    let Packet::Suback(suback) = &arrival.packet else { return Ok(()) };
    match suback.reasons.first().and_then(|reason| QoS::from_bits(reason.0)) {
        Some(granted) => {
            tester.client(name).granted.insert(filter, granted);
            if granted < options.qos {
                tester.choose("granted QoS", format!("{granted} for {}", options.qos));
                return Err(Stop::NotApplicable(format!(
                    "the Server grants QoS {granted} to a Subscription of QoS {}, which it may; the scenario needs more",
                    options.qos
                )));
            }
            Ok(())
        }
        None => {
            let reasons: Vec<String> = suback.reasons.iter().map(ToString::to_string).collect();
            Err(Stop::seen(
                "SUBACK that grants the Subscription",
                format!("SUBACK {}", reasons.join(" ")),
                Some(arrival.observation),
            ))
        }
    }
}

#[given(expr = "{word} is subscribed to {string} at QoS {int}")]
#[when(expr = "{word} subscribes to {string} at QoS {int}")]
async fn subscribes(world: &mut World, name: String, filter: String, qos: u8) -> StepResult {
    let filter = world.tester().namespace.topic(&fields::text(&filter));
    Ok(subscribe(world, &name, filter, &[("QoS".to_owned(), qos.to_string())]).await?)
}

/// With Subscription Options and Properties of the table.
#[given(expr = "{word} is subscribed to {string} with:")]
#[when(expr = "{word} subscribes to {string} with:")]
async fn subscribes_with(world: &mut World, name: String, filter: String, step: &Step) -> StepResult {
    let filter = world.tester().namespace.topic(&fields::text(&filter));
    Ok(subscribe(world, &name, filter, &rows(step)).await?)
}

/// To a Topic Filter as it stands, outside the namespace of the scenario: messages of others are not counted.
#[given(expr = "{word} is subscribed to the bare Topic Filter {string} at QoS {int}")]
#[when(expr = "{word} subscribes to the bare Topic Filter {string} at QoS {int}")]
async fn subscribes_bare(world: &mut World, name: String, filter: String, qos: u8) -> StepResult {
    Ok(subscribe(world, &name, filter, &[("QoS".to_owned(), qos.to_string())]).await?)
}

/// Sends one SUBSCRIBE with the Topic Filters of the table (`| filter | QoS |`) and does not wait.
#[when(expr = "{word} sends SUBSCRIBE {int} to:")]
async fn sends_subscribe(world: &mut World, name: String, packet_id: u16, step: &Step) -> StepResult {
    let tester = world.tester();
    let mut filters = Vec::new();
    for (filter, qos) in rows(step) {
        let wire =
            if filter == "empty" { String::new() } else { tester.namespace.topic(&fields::text(&filter)) };
        filters.push((wire.into(), SubscriptionOptions::at(fields::qos("QoS", &qos)?)));
    }
    Ok(tester
        .send(&name, Packet::Subscribe(Subscribe { packet_id, properties: Properties::new(), filters }))?)
}

/// Unsubscribes and waits for the UNSUBACK.
#[given(expr = "{word} has unsubscribed from {string}")]
#[when(expr = "{word} unsubscribes from {string}")]
async fn unsubscribes(world: &mut World, name: String, filter: String) -> StepResult {
    let tester = world.tester();
    let packet_id = tester.fresh_packet_id(&name);
    let filter = tester.namespace.topic(&fields::text(&filter));
    tester.send(
        &name,
        Packet::Unsubscribe(Unsubscribe {
            packet_id,
            properties: Properties::new(),
            filters: vec![filter.clone().into()],
        }),
    )?;
    let arrival = tester
        .expect(&name, "UNSUBACK", |a| matches!(&a.packet, Packet::Unsuback(p) if p.packet_id == packet_id))
        .await?;
    tester.client(&name).granted.remove(&filter);
    world.last = Some(arrival);
    Ok(())
}

/// Sends one UNSUBSCRIBE with the Topic Filters of the table and does not wait.
#[when(expr = "{word} sends UNSUBSCRIBE {int} from:")]
async fn sends_unsubscribe(world: &mut World, name: String, packet_id: u16, step: &Step) -> StepResult {
    let tester = world.tester();
    let filters =
        rows(step)
            .into_iter()
            .map(|(filter, _)| {
                if filter == "empty" { String::new() } else { tester.namespace.topic(&fields::text(&filter)) }
            })
            .map(Into::into)
            .collect();
    Ok(tester.send(
        &name,
        Packet::Unsubscribe(Unsubscribe { packet_id, properties: Properties::new(), filters }),
    )?)
}
