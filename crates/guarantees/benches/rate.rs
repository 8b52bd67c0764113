//! How many histories are judged in a second, and whether the rate stays flat: `cargo bench -p guarantees`.
//!
//! The histories come from the model of the tests; all have faultless Servers. *Steady* is a flow of messages to three Subscriptions, with a break
//! now and then. *Restless* is the worst that Clients do: each second message is retained, and each is followed by a SUBSCRIBE that
//! replaces a Subscription and asks for retained messages.

#[path = "../tests/model/mod.rs"]
mod model;

use guarantees::{History, judge};
use model::Act;
use protocol::Version;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// So long is measured.
const LONG_ENOUGH: Duration = Duration::from_millis(700);

fn main() {
    for (name, flow) in [("steady", flow as fn(u64, usize) -> Vec<Act>), ("restless", restless)] {
        println!("{name}\n{:>10} {:>10} {:>14} {:>14}", "messages", "events", "histories/s", "events/s");
        for messages in [10, 100, 1_000, 10_000] {
            let histories: Vec<History> = (0..if messages > 100 { 2 } else { 200 })
                .map(|seed: u64| {
                    let version = if seed.is_multiple_of(2) { Version::V311 } else { Version::V500 };
                    model::run(version, seed.is_multiple_of(3), &flow(seed, messages)).history
                })
                .collect();
            measure(messages, &histories);
        }
    }
}

/// Messages, each second one retained, and a SUBSCRIBE with each.
fn restless(seed: u64, messages: usize) -> Vec<Act> {
    let mut acts = flow(seed, 0);
    for n in 0..messages {
        let n = n as u8;
        acts.push((6, [n % 3, n % 5, 1 | (n % 2) << 6, 3]));
        acts.push((1, [n % 2, n % 5, 1, 0]));
    }
    acts
}

/// Subscriptions, then messages of all kinds, a break with every sixteenth.
fn flow(seed: u64, messages: usize) -> Vec<Act> {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    let mut acts = vec![(1, [0, 1, 2, 1]), (1, [1, 3, 1, 2]), (1, [2, 0, 2, 0])];
    for n in 0..messages {
        if n % 16 == 15 {
            acts.push((4, [next(), 2, next(), 0]));
        }
        // The last choice decides how the exchange ends: 3 is well.
        acts.push((6, [next(), next(), next() & !64, 3]));
    }
    acts
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn measure(messages: usize, histories: &[History]) {
    let events: usize = histories.iter().map(|history| history.events.len()).sum();
    let mut judged = 0u32;
    let start = Instant::now();
    while start.elapsed() < LONG_ENOUGH {
        for history in histories {
            let verdict = black_box(judge(history));
            assert!(verdict.findings.is_empty(), "{}", verdict.findings[0]);
            judged += 1;
        }
    }
    let rate = f64::from(judged) / start.elapsed().as_secs_f64();
    println!(
        "{messages:>10} {:>10} {rate:>14.0} {:>14.0}",
        events / histories.len(),
        rate * (events / histories.len()) as f64
    );
}
