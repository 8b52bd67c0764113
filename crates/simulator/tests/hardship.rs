//! Each hardship shows the observation that it should, in turmoil and in virtual time.

mod echo;

use echo::{Echo, PATIENCE, exchange, next, open, rest, say, text, within};
use simulator::{Direction, Event, Hardship, Network, Shut, Simulation, SimulationConfig, Virtual};
use std::time::Duration;

/// The same test in both networks.
macro_rules! in_both {
    ($($(#[$attribute:meta])* fn $name:ident($network:ident: &mut dyn Network) $body:block)*) => {$(
        mod $name {
            use super::*;

            $(#[$attribute])*
            fn scenario($network: &mut dyn Network) $body

            #[test]
            fn simulated() {
                let mut simulation = simulation(SimulationConfig::default());
                scenario(&mut simulation);
                assert_eq!(simulation.failure(), None);
            }

            #[test]
            fn in_virtual_time() {
                scenario(&mut Virtual::new(Echo::default));
            }
        }
    )*};
}

fn simulation(config: SimulationConfig) -> Simulation {
    let mut simulation = Simulation::new(config);
    simulation.server("server", Echo::default);
    simulation
}

fn server() -> String {
    "server".to_owned()
}

const SHORT: Duration = Duration::from_secs(1);

in_both! {
    fn what_is_sent_comes_back(network: &mut dyn Network) {
        let one = open(network);
        let two = open(network);

        exchange(network, one, "one");
        exchange(network, two, "two");
        say(network, one, "bye");

        assert_eq!(next(network), Some((one, text("farewell"))));
        assert_eq!(next(network), Some((one, Event::EndOfStream)));
        exchange(network, two, "still here");
        assert!(network.is_quiet());
    }

    fn bytes_sent_before_the_connection_is_open_follow_it(network: &mut dyn Network) {
        let link = network.connect("server");
        say(network, link, "early");

        assert_eq!(next(network), Some((link, Event::Connected)));
        assert_eq!(next(network), Some((link, text("early"))));
    }

    fn a_megabyte_arrives_whole(network: &mut dyn Network) {
        let link = open(network);

        say(network, link, "flood");

        assert_eq!(rest(network, link), (vec![b'.'; 1024 * 1024], None));
    }

    fn time_passes_as_far_as_it_is_let(network: &mut dyn Network) {
        let link = open(network);
        say(network, link, "later");
        let start = network.now();

        assert_eq!(within(network, Duration::from_secs(59)), None);
        assert_eq!(network.now(), start + Duration::from_secs(59));
        assert!(network.is_quiet());
        assert_eq!(within(network, Duration::from_secs(2)), Some((link, text("now"))));
        assert!(network.now() < start + Duration::from_secs(61));
    }

    fn the_end_of_the_stream_reaches_the_server_while_the_client_goes_on_reading(network: &mut dyn Network) {
        let link = open(network);

        network.shut(link, Shut::HalfClose);

        assert_eq!(next(network), Some((link, text("end seen"))));
        assert_eq!(next(network), Some((link, Event::EndOfStream)));
    }

    fn a_client_that_closes_or_resets_hears_no_more(network: &mut dyn Network) {
        let witness = open(network);
        let closing = open(network);
        let resetting = open(network);
        say(network, closing, "unheard");

        network.shut(closing, Shut::Close);
        network.shut(resetting, Shut::Reset);

        assert_eq!(next(network), None);
        exchange(network, witness, "hello");
        say(network, witness, "how many?");
        assert_eq!(next(network), Some((witness, text("1"))));
    }

    fn what_is_held_arrives_after_the_release(network: &mut dyn Network) {
        let held = open(network);
        let free = open(network);
        network.apply(Hardship::Hold(held)).unwrap();

        say(network, held, "held");
        exchange(network, free, "free");
        assert_eq!(within(network, SHORT), None);
        assert!(network.is_quiet());
        network.apply(Hardship::Release(held)).unwrap();

        assert_eq!(next(network), Some((held, text("held"))));
    }

    fn a_partition_concerns_one_direction(network: &mut dyn Network) {
        let from = open(network);
        let to = open(network);
        network.apply(Hardship::PartitionFrom(from)).unwrap();
        network.apply(Hardship::PartitionTo(to)).unwrap();

        say(network, from, "bye");
        say(network, to, "bye");
        assert_eq!(next(network), None);
        network.apply(Hardship::Release(from)).unwrap();

        assert_eq!(next(network), Some((from, text("farewell"))));
        assert_eq!(next(network), Some((from, Event::EndOfStream)));
        network.apply(Hardship::Release(to)).unwrap();
        assert_eq!(next(network), Some((to, text("farewell"))));
    }

    fn a_cut_lets_exactly_so_many_bytes_to_the_client(network: &mut dyn Network) {
        let link = open(network);
        exchange(network, link, "before");
        let cut = Hardship::CutAfterBytes { link, direction: Direction::ToClient, bytes: 7 };
        network.apply(cut).unwrap();

        say(network, link, "twelve bytes");

        assert_eq!(rest(network, link), (b"twelve ".to_vec(), Some(Event::Reset)));
    }

    fn a_cut_lets_exactly_so_many_bytes_to_the_server(network: &mut dyn Network) {
        let link = open(network);
        let cut = Hardship::CutAfterBytes { link, direction: Direction::ToServer, bytes: 5 };
        network.apply(cut).unwrap();

        say(network, link, "on");
        say(network, link, "e two three");

        // What the Server sent back before it saw the cut may be lost with the Network Connection.
        let (bytes, end) = rest(network, link);
        assert!(b"one t".starts_with(&bytes), "{bytes:?}");
        assert_eq!(end, Some(Event::Reset));
        let witness = open(network);
        say(network, witness, "how many?");
        assert_eq!(next(network), Some((witness, text("1"))));
    }

    fn a_cut_after_nothing_cuts_at_once(network: &mut dyn Network) {
        let link = open(network);

        network.apply(Hardship::CutAfterBytes { link, direction: Direction::ToServer, bytes: 0 }).unwrap();

        assert_eq!(next(network), Some((link, Event::Reset)));
    }

    fn a_reset_is_seen_at_both_ends(network: &mut dyn Network) {
        let link = open(network);
        let witness = open(network);

        network.apply(Hardship::Reset(link)).unwrap();

        assert_eq!(next(network), Some((link, Event::Reset)));
        assert_eq!(within(network, SHORT), None);
        say(network, witness, "how many?");
        assert_eq!(next(network), Some((witness, text("1"))));
    }

    fn a_half_open_connection_is_silent_for_ever(network: &mut dyn Network) {
        let link = open(network);
        let witness = open(network);
        say(network, link, "under way");
        network.apply(Hardship::HalfOpen(link)).unwrap();

        say(network, link, "hello?");

        assert_eq!(next(network), None);
        say(network, witness, "how many?");
        assert_eq!(next(network), Some((witness, text("2"))));
    }

    fn reads_can_be_split(network: &mut dyn Network) {
        let link = open(network);
        network.apply(Hardship::SplitReads(2)).unwrap();

        say(network, link, "bye");
        say(network, link, "bye");

        // "by", "e", "by", "e": the Server never sees the word.
        let mut bytes = Vec::new();
        while let Some((_, Event::Bytes(part))) = next(network) {
            assert!(part.len() <= 2);
            bytes.extend_from_slice(&part);
        }
        assert_eq!(bytes, b"byebye");
    }

    fn a_crash_closes_and_refuses_until_the_restart(network: &mut dyn Network) {
        let link = open(network);

        network.apply(Hardship::CrashServer(server())).unwrap();
        assert_eq!(next(network), Some((link, Event::EndOfStream)));
        let refused = network.connect("server");
        assert_eq!(next(network), Some((refused, Event::ConnectFailed("connection refused".to_owned()))));
        network.apply(Hardship::RestartServer(server())).unwrap();

        let link = open(network);
        say(network, link, "how many?");
        assert_eq!(next(network), Some((link, text("1"))));
    }

    fn a_restart_of_a_running_server_forgets(network: &mut dyn Network) {
        let link = open(network);

        network.apply(Hardship::RestartServer(server())).unwrap();

        assert_eq!(next(network), Some((link, Event::EndOfStream)));
        let link = open(network);
        say(network, link, "how many?");
        assert_eq!(next(network), Some((link, text("1"))));
    }

    fn a_server_that_is_stopped_says_farewell(network: &mut dyn Network) {
        let link = open(network);

        network.apply(Hardship::StopServer(server())).unwrap();

        assert_eq!(next(network), Some((link, text("going down"))));
        assert_eq!(next(network), Some((link, Event::EndOfStream)));
        let refused = network.connect("server");
        assert!(matches!(next(network), Some((link, Event::ConnectFailed(_))) if link == refused));
    }

    fn a_loss_of_power_is_silent_until_the_restart(network: &mut dyn Network) {
        let link = open(network);

        network.apply(Hardship::PowerLoss(server())).unwrap();
        say(network, link, "anybody there?");
        assert_eq!(next(network), None);
        let waiting = network.connect("server");
        assert_eq!(next(network), None);
        network.apply(Hardship::RestartServer(server())).unwrap();

        let mut seen = [next(network).unwrap(), next(network).unwrap()];
        seen.sort_by_key(|(link, _)| *link);
        assert_eq!(seen, [(link, Event::Reset), (waiting, Event::Connected)]);
        exchange(network, waiting, "up again");
    }

    fn latency_delays(network: &mut dyn Network) {
        let link = open(network);
        let second = Duration::from_secs(1);
        network.apply(Hardship::Latency(second..second)).unwrap();
        let start = network.now();

        exchange(network, link, "hello");

        assert_eq!(network.now() - start, 2 * second);
    }

    fn trouble_on_an_unknown_connection_is_an_error(network: &mut dyn Network) {
        let error = network.apply(Hardship::Reset(simulator::LinkId(7))).unwrap_err();

        assert_eq!(error.to_string(), "hardship Reset(LinkId(7)) is not supported: there is no such Network Connection");
    }
}

#[test]
fn reads_can_be_merged() {
    let mut network = simulation(SimulationConfig::default());
    let link = open(&mut network);
    network.apply(Hardship::MergeReads).unwrap();
    network.apply(Hardship::Hold(link)).unwrap();
    say(&mut network, link, "b");
    say(&mut network, link, "ye");
    network.apply(Hardship::Latency(Duration::ZERO..Duration::ZERO)).unwrap();

    network.apply(Hardship::Release(link)).unwrap();

    assert_eq!(next(&mut network), Some((link, text("farewell"))));
}

#[test]
fn a_slow_reader_gets_everything_slowly_and_disturbs_nobody() {
    let mut network = simulation(SimulationConfig::default());
    let slow = open(&mut network);
    let other = open(&mut network);
    network.apply(Hardship::SlowReader { link: slow, bytes_per_second: 100_000 }).unwrap();
    let start = network.now();
    let mut received = 0;

    say(&mut network, slow, "flood");
    while received < 1_000_000 {
        match next(&mut network) {
            Some((link, Event::Bytes(bytes))) if link == slow => received += bytes.len(),
            event => panic!("{event:?}"),
        }
        assert!(!network.is_quiet());
    }

    let elapsed = (network.now() - start).as_secs_f64();
    assert!((9.0..12.0).contains(&elapsed), "{elapsed}");
    say(&mut network, other, "unimpressed");
    while let Some((link, event)) = next(&mut network) {
        if link == other {
            assert_eq!(event, text("unimpressed"));
        }
    }
}

#[test]
fn a_slow_reader_that_has_closed_keeps_nothing_under_way() {
    let mut network = simulation(SimulationConfig::default());
    let slow = open(&mut network);
    network.apply(Hardship::SlowReader { link: slow, bytes_per_second: 1_000 }).unwrap();
    say(&mut network, slow, "flood");
    assert!(matches!(next(&mut network), Some((_, Event::Bytes(_)))));

    network.shut(slow, Shut::Close);
    let until = network.now() + Duration::from_secs(60);

    assert_eq!(network.next_event(until), None);
    assert!(network.is_quiet());
}

#[test]
fn what_a_slow_reader_will_never_get_is_not_under_way() {
    let mut network = simulation(SimulationConfig::default());
    let slow = open(&mut network);
    network.apply(Hardship::SlowReader { link: slow, bytes_per_second: 1_000 }).unwrap();
    say(&mut network, slow, "flood");
    assert!(matches!(next(&mut network), Some((_, Event::Bytes(_)))));

    network.apply(Hardship::HalfOpen(slow)).unwrap();
    assert!(!network.is_quiet(), "what has arrived is still to be read");
    let mut received = 0;
    while let Some((_, Event::Bytes(bytes))) = next(&mut network) {
        received += bytes.len();
    }

    assert!((60_000..70_000).contains(&received), "a window of {received} bytes");
    assert!(network.is_quiet());
}

#[test]
fn a_reader_that_never_reads_loses_its_connection_when_its_queue_is_full() {
    let serve = transport::ServeOptions { maximum_queued_bytes: 256 * 1024, ..Default::default() };
    let mut network = simulation(SimulationConfig { serve, ..SimulationConfig::default() });
    let lazy = open(&mut network);
    let witness = open(&mut network);
    network.apply(Hardship::SlowReader { link: lazy, bytes_per_second: 0 }).unwrap();

    say(&mut network, lazy, "flood");

    assert_eq!(next(&mut network), None);
    say(&mut network, witness, "how many?");
    assert_eq!(next(&mut network), Some((witness, text("1"))));
}

#[test]
fn a_panic_of_the_server_is_a_failure_of_the_run() {
    let mut network = simulation(SimulationConfig::default());
    let link = open(&mut network);

    say(&mut network, link, "panic");

    assert_eq!(next(&mut network), Some((link, Event::EndOfStream)));
    assert_eq!(network.failure().as_deref(), Some("the Server server panicked: as told"));
}

#[test]
fn ping_pong_completes_under_heavy_loss() {
    for seed in 0..100 {
        let config = SimulationConfig { seed, loss: 0.3, ..SimulationConfig::default() };
        let mut network = simulation(config);
        let link = open(&mut network);
        for _ in 0..20 {
            exchange(&mut network, link, "ping");
        }
        network.shut(link, Shut::HalfClose);
        assert_eq!(next(&mut network), Some((link, text("end seen"))), "seed {seed}");
        assert_eq!(next(&mut network), Some((link, Event::EndOfStream)), "seed {seed}");
    }
}

#[test]
fn what_the_factory_keeps_survives_a_crash() {
    let starts = std::rc::Rc::new(std::cell::Cell::new(0));
    let mut network = Simulation::new(SimulationConfig::default());
    let counter = starts.clone();
    network.server("server", move || {
        counter.set(counter.get() + 1);
        Echo::default()
    });

    open(&mut network);
    network.apply(Hardship::RestartServer(server())).unwrap();

    assert_eq!(starts.get(), 2);
}

#[test]
fn servers_are_independent() {
    let mut network = simulation(SimulationConfig::default());
    network.server("other", Echo::default);
    let here = open(&mut network);
    let there = network.connect("other");
    assert_eq!(next(&mut network), Some((there, Event::Connected)));

    network.apply(Hardship::PowerLoss(server())).unwrap();

    exchange(&mut network, there, "unharmed");
    say(&mut network, here, "gone");
    assert_eq!(next(&mut network), None);
}

#[test]
fn a_server_that_does_not_exist_cannot_be_connected_to() {
    let mut network = simulation(SimulationConfig::default());

    let link = network.connect("nowhere");

    assert_eq!(next(&mut network), Some((link, Event::ConnectFailed("no host is named nowhere".to_owned()))));
    let link = open(&mut network);
    exchange(&mut network, link, "hello");
    assert!(network.now() < PATIENCE);
}
