//! What is simpler than a step. Following it always ends: each simplification takes something away for good.

use crate::schedule::{Down, Hardship};
use crate::workload::{Action, Connect, Filter, Publish, Step, Will};
use protocol::{QoS, RetainHandling};

/// The steps that are a little simpler, the simplest first.
pub(super) fn than(step: &Step) -> Vec<Step> {
    match step {
        Step::Does(client, action) => {
            actions(action).into_iter().map(|action| Step::Does(*client, action)).collect()
        }
        Step::Suffers(hardship) => hardships(hardship).into_iter().map(Step::Suffers).collect(),
        Step::Passes(milliseconds) => {
            [10, 1_000, 10_000].into_iter().filter(|less| less < milliseconds).map(Step::Passes).collect()
        }
    }
}

fn actions(action: &Action) -> Vec<Action> {
    match action {
        Action::Connect(connect) => connects(connect).into_iter().map(Action::Connect).collect(),
        Action::Subscribe(filters, identifier) => {
            let mut simpler = Vec::new();
            if filters.len() > 1 {
                for place in 0..filters.len() {
                    let mut fewer = filters.clone();
                    fewer.remove(place);
                    simpler.push(Action::Subscribe(fewer, *identifier));
                }
            }
            if identifier.is_some() {
                simpler.push(Action::Subscribe(filters.clone(), None));
            }
            for (place, filter) in filters.iter().enumerate() {
                for plain in plainer(filter) {
                    let mut other = filters.clone();
                    other[place] = plain;
                    simpler.push(Action::Subscribe(other, *identifier));
                }
            }
            simpler
        }
        Action::Publish(publish) => publishes(publish).into_iter().map(Action::Publish).collect(),
        Action::Disconnect(disconnect) if disconnect.session_expiry.is_some() => {
            let mut simpler = *disconnect;
            simpler.session_expiry = None;
            vec![Action::Disconnect(simpler)]
        }
        Action::Disconnect(_) | Action::Unsubscribe(_) | Action::Leave => Vec::new(),
    }
}

/// Those of the changed values that really differ.
fn changed<T: Clone + PartialEq>(value: &T, changes: &[fn(&mut T)]) -> Vec<T> {
    let apply = |change: &fn(&mut T)| {
        let mut other = value.clone();
        change(&mut other);
        other
    };
    changes.iter().map(apply).filter(|other| other != value).collect()
}

fn connects(connect: &Connect) -> Vec<Connect> {
    let mut simpler = changed(
        connect,
        &[
            |c| c.will = None,
            |c| c.receive_maximum = None,
            |c| c.keep_alive = 0,
            |c| c.topic_aliases = 0,
            |c| c.session_expiry = 0,
            |c| c.session_expiry = if c.session_expiry == 0 { 0 } else { 1_000 },
            |c| c.clean_start = true,
        ],
    );
    if let Some(will) = &connect.will {
        let wills: Vec<Will> =
            changed(will, &[|w| w.retain = false, |w| w.delay = 0, |w| w.qos = QoS::AtMostOnce]);
        simpler.extend(wills.into_iter().map(|will| Connect { will: Some(will), ..connect.clone() }));
    }
    simpler
}

fn plainer(filter: &Filter) -> Vec<Filter> {
    changed(
        filter,
        &[
            |f| f.no_local = false,
            |f| f.retain_as_published = false,
            |f| f.retain_handling = RetainHandling::SendAtSubscribe,
        ],
    )
}

fn publishes(publish: &Publish) -> Vec<Publish> {
    changed(
        publish,
        &[
            |p| p.retain = false,
            |p| p.empty = false,
            |p| p.expiry = None,
            |p| p.length = 0,
            |p| p.qos = QoS::AtMostOnce,
            |p| {
                if p.qos == QoS::ExactlyOnce {
                    p.qos = QoS::AtLeastOnce;
                }
            },
        ],
    )
}

fn hardships(hardship: &Hardship) -> Vec<Hardship> {
    match hardship {
        Hardship::Cut { client, toward, packet, after, nth } if *nth > 1 => {
            vec![Hardship::Cut { client: *client, toward: *toward, packet: *packet, after: *after, nth: 1 }]
        }
        Hardship::ServerDown(Down::PowerLoss) => vec![Hardship::ServerDown(Down::Kill)],
        Hardship::ServerDown(Down::Stop) => vec![Hardship::ServerDown(Down::Kill)],
        Hardship::Cut { .. }
        | Hardship::CutAfterBytes { .. }
        | Hardship::Reset(_)
        | Hardship::HalfOpen(_)
        | Hardship::Hold(_)
        | Hardship::HoldToward(..)
        | Hardship::Release(_)
        | Hardship::Latency(..)
        | Hardship::Loss(_)
        | Hardship::SplitReads(_)
        | Hardship::MergeReads
        | Hardship::SlowReader(..)
        | Hardship::ClientCrash(_)
        | Hardship::Takeover(_)
        | Hardship::ServerDown(Down::Kill)
        | Hardship::ServerUp
        | Hardship::ClockMoved(_) => Vec::new(),
    }
}
