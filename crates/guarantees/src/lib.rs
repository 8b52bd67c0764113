//! The history checker: did a Server keep what QoS, Sessions, retained and Will Messages promise, whatever happened?
//!
//! [`judge()`] is a pure function of a [`History`], which somebody else has written down while Clients worked on a Server under hardship. It
//! says what was lost, duplicated, unexpected, out of order and so on ([`Kind`]), each with the events that prove it.
//!
//! # What it assumes
//!
//! Of everything that a history leaves open it assumes what is best for the Server. A message whose acknowledgement never came may have been taken
//! over, or not, as long as its connection may have been there; so may SUBSCRIBE, UNSUBSCRIBE, CONNECT and DISCONNECT. An answer to
//! a packet proves that the Server has read all that the Client had sent on that connection before. Only a
//! Client that is connected at a quiescent end, in a Session that surely lasted, is owed anything. The Server is assumed to let all Clients
//! publish and subscribe: in 3.1.1 it could not say that it denies a PUBLISH.
//!
//! # What is not judged
//!
//! - QoS 0 messages that do not arrive, retained QoS 0 messages that are forgotten; both are allowed at any time.
//! - Messages that do not arrive at a Client that unsubscribed, crashed, began a new Session, was dropped for quota, or was not connected at
//!   the end; messages that may have expired by then; and those that lack only because a packet exceeds the Maximum Packet Size: write histories in
//!   which that cannot happen.
//! - A message without RETAIN that reaches a Subscription made after PUBACK: a Server that hands on late is not forbidden.
//! - QoS 1 copies with DUP 1, but for those that come after PUBACK had surely arrived; all QoS 0 and QoS 1 copies, and Wills, around a restart of the Server, and those of QoS 1 to a member of a share on different connections.
//! - Order of Shared Subscriptions, retained messages and Will Messages, of what was published before SUBACK for the topic, and of repeats that
//!   need not have been delivered the first time.
//! - Which member of a share gets a message. That another one gets what the first has not acknowledged is allowed with QoS 1.
//! - Payloads that are empty: nobody can tell one from another.
//! - Missing Wills with QoS 0 or a Message Expiry Interval, or around a restart. Wills and Session Expiry are judged to the second.
//! - What the Packet Identifier, the form, or the order of acknowledgements of a packet breaks: the Monitors of the harness see to that.
//!
//! Deliberately not here: engines, drivers, networks, clocks, and everything that one packet shows by itself.
//!
//! ```
//! use guarantees::{ClientIndex, ConnectionIndex, History, Kind, What, judge};
//! use std::time::Duration;
//!
//! let mut history = History::new(protocol::Version::V500);
//! let (client, connection) = (ClientIndex(0), ConnectionIndex(0));
//! history.push(Duration::ZERO, What::Connect {
//!     client, connection, clean_start: true, session_expiry: 0, will: None, receive_maximum: 10, keep_alive: 0,
//! });
//! history.push(Duration::from_millis(1), What::Connected {
//!     connection, session_present: true, session_expiry: 0, keep_alive: 0,
//! });
//! let verdict = judge(&history);
//! assert_eq!(verdict.findings[0].kind, Kind::SessionPresent);
//! assert_eq!(verdict.findings[0].events, [0, 1]);
//! ```

mod finding;
pub mod history;
mod judge;
mod survey;

pub use finding::{Finding, Kind, Signature, Summary, Verdict};
pub use history::{
    Acknowledgement, Announced, ClientIndex, ConnectionIndex, Down, Ending, Event, Filter, History,
    MessageId, RequestIndex, TopicIndex, Topics, What, Will,
};
pub use judge::judge;
