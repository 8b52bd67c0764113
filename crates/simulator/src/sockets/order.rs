//! What is sent first arrives first, on each direction of a Network Connection, also once the latency has gone back to zero.

use super::stream::Order;
use super::{Event, Hardship, LinkId, Sockets};
use bytes::Bytes;
use std::time::Duration;
use tokio::sync::mpsc;

const LINK: LinkId = LinkId(0);

/// Lets `first` happen under a latency and `second` without one, once what is late is due and before anybody has looked for it.
fn one_after_the_other(sockets: &mut Sockets, first: impl Fn(&mut Sockets), second: impl Fn(&mut Sockets)) {
    let latency = Duration::from_millis(5);
    sockets.apply(&Hardship::Latency(latency..latency)).unwrap();
    first(sockets);
    sockets.apply(&Hardship::Latency(Duration::ZERO..Duration::ZERO)).unwrap();
    // Times of arrival are whole ticks, so it may be a little later than the latency says.
    let late = sockets.now() + latency * 4;
    while sockets.now() <= late {
        std::thread::yield_now();
    }
    second(sockets);
    sockets.do_what_is_due();
}

#[test]
fn what_is_sent_without_latency_does_not_overtake_what_was_sent_with_it() {
    let mut sockets = Sockets::new("127.0.0.1:1", 0);
    let (orders_in, mut orders) = mpsc::unbounded_channel();
    sockets.orders.insert(LINK, orders_in);
    let send = |text: &'static str| move |s: &mut Sockets| s.send(LINK, Bytes::from_static(text.as_bytes()));

    one_after_the_other(&mut sockets, send("first"), send("second"));

    let mut sent = Vec::new();
    while let Ok(Order::Send(bytes)) = orders.try_recv() {
        sent.push(bytes);
    }
    assert_eq!(sent, ["first", "second"]);
}

#[test]
fn what_comes_in_without_latency_does_not_overtake_what_came_in_with_it() {
    let mut sockets = Sockets::new("127.0.0.1:1", 0);
    let admit = |text: &'static str| {
        move |s: &mut Sockets| s.admit(LINK, s.now(), Event::Bytes(Bytes::from_static(text.as_bytes())))
    };

    one_after_the_other(&mut sockets, admit("first"), admit("second"));

    let seen: Vec<Event> = sockets.ready.into_iter().map(|(_, _, event)| event).collect();
    assert_eq!(seen, ["first", "second"].map(|text| Event::Bytes(Bytes::from_static(text.as_bytes()))));
}
