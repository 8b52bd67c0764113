//! Workloads in words: one line for each step.

use crate::schedule::{Down, Hardship, Toward};
use crate::workload::{Action, ClientName, Connect, Filter, Publish, Step, Workload};
use std::fmt;

impl fmt::Display for ClientName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", char::from(*self))
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, below) = self.latency;
        writeln!(f, "seed {}, MQTT {}, latency {from} to {below} ms", self.seed, self.version)?;
        self.steps.iter().enumerate().try_for_each(|(n, step)| writeln!(f, "{:>3}. {step}", n + 1))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Does(client, action) => write!(f, "{client} {action}"),
            Step::Suffers(hardship) => write!(f, "{hardship}"),
            Step::Passes(milliseconds) => {
                write!(f, "{}.{:03} seconds pass", milliseconds / 1000, milliseconds % 1000)
            }
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Connect(connect) => write!(f, "{connect}"),
            Action::Subscribe(filters, identifier) => {
                f.write_str("subscribes to ")?;
                for (n, filter) in filters.iter().enumerate() {
                    write!(f, "{}{filter}", if n == 0 { "" } else { " and " })?;
                }
                identifier.map_or(Ok(()), |id| write!(f, ", Subscription Identifier {id}"))
            }
            Action::Unsubscribe(filter) => write!(f, "unsubscribes from {filter:?}"),
            Action::Publish(publish) => write!(f, "{publish}"),
            Action::Disconnect(disconnect) => {
                f.write_str("disconnects")?;
                if disconnect.with_will {
                    f.write_str(" with Will Message")?;
                }
                disconnect.session_expiry.map_or(Ok(()), |s| write!(f, ", Session Expiry Interval {s}"))
            }
            Action::Leave => f.write_str("closes its Network Connection without DISCONNECT"),
        }
    }
}

impl fmt::Display for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connects with Clean Start {}", u8::from(self.clean_start))?;
        if self.session_expiry > 0 {
            write!(f, ", Session Expiry Interval {}", self.session_expiry)?;
        }
        if let Some(maximum) = self.receive_maximum {
            write!(f, ", Receive Maximum {maximum}")?;
        }
        if self.keep_alive > 0 {
            write!(f, ", Keep Alive {}", self.keep_alive)?;
        }
        if self.topic_aliases > 0 {
            write!(f, ", Topic Alias Maximum {}", self.topic_aliases)?;
        }
        let Some(will) = &self.will else { return Ok(()) };
        write!(f, ", Will on {:?} at QoS {}", will.topic, will.qos)?;
        if will.retain {
            f.write_str(" retained")?;
        }
        if will.delay > 0 {
            write!(f, " delayed by {}", will.delay)?;
        }
        Ok(())
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at QoS {}", self.filter, self.qos)?;
        if self.no_local {
            f.write_str(" with No Local")?;
        }
        if self.retain_as_published {
            f.write_str(" with Retain As Published")?;
        }
        match self.retain_handling as u8 {
            0 => Ok(()),
            handling => write!(f, " with Retain Handling {handling}"),
        }
    }
}

impl fmt::Display for Publish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match (self.retain, self.empty) {
            (true, true) => "an empty retained message",
            (true, false) => "a retained message",
            (false, true) => "an empty message",
            (false, false) => "a message",
        };
        write!(f, "publishes {kind} to {:?} at QoS {}", self.topic, self.qos)?;
        if let Some(seconds) = self.expiry {
            write!(f, ", Message Expiry Interval {seconds}")?;
        }
        if self.length > 0 && !self.empty { write!(f, ", {} bytes", self.length) } else { Ok(()) }
    }
}

impl fmt::Display for Toward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Toward::Server => "the Server",
            Toward::Client => "the Client",
        })
    }
}

impl fmt::Display for Hardship {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hardship::Cut { client, toward, packet, after, nth } => {
                let when = if *after { "after" } else { "before" };
                write!(f, "the Network Connection of {client} will be cut {when} ")?;
                match nth {
                    0 | 1 => {}
                    n => write!(f, "the next but {} ", n - 1)?,
                }
                write!(f, "{packet} reaches {toward}")
            }
            Hardship::CutAfterBytes { client, toward, bytes } => {
                write!(
                    f,
                    "the Network Connection of {client} will be cut after {bytes} more bytes to {toward}"
                )
            }
            Hardship::Reset(client) => write!(f, "the Network Connection of {client} is reset"),
            Hardship::HalfOpen(client) => write!(f, "the Network Connection of {client} falls silent"),
            Hardship::Hold(client) => write!(f, "the link of {client} is held"),
            Hardship::HoldToward(client, toward) => {
                write!(f, "the link of {client} is held toward {toward}")
            }
            Hardship::Release(client) => write!(f, "the link of {client} is released"),
            Hardship::Latency(from, below) => write!(f, "latency becomes {from} to {below} ms"),
            Hardship::Loss(percent) => write!(f, "{percent} % of segments are lost and sent again"),
            Hardship::SplitReads(bytes) => write!(f, "reads are split into {bytes} bytes"),
            Hardship::MergeReads => f.write_str("reads are merged"),
            Hardship::SlowReader(client, rate) => write!(f, "{client} reads {rate} bytes per second"),
            Hardship::ClientCrash(client) => write!(f, "{client} crashes and loses its Session State"),
            Hardship::Takeover(client) => {
                write!(f, "{client} takes its Session over on a second Network Connection")
            }
            Hardship::ServerDown(Down::Stop) => f.write_str("the Server is stopped"),
            Hardship::ServerDown(Down::Kill) => f.write_str("the Server is killed"),
            Hardship::ServerDown(Down::PowerLoss) => f.write_str("the Server loses power"),
            Hardship::ServerUp => f.write_str("the Server starts"),
            Hardship::ClockMoved(seconds) => {
                write!(f, "the clock of the Server jumps forward by {seconds} seconds")
            }
        }
    }
}
