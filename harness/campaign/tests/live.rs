//! Live campaigns over the reference broker behind real sockets.

mod faults;

use campaign::live::{Keeps, Target};
use campaign::schedule::{Down, Hardship};
use campaign::workload::Step;
use campaign::{
    BoxedService, Conclusion, Driver, Plan, Report, Subject, Workload, campaign as campaigns, fails, replay,
};
use guarantees::Kind;
use simulator::Hooks;
use std::sync::mpsc;
use transport::{Address, ServeOptions, TokioClock, listen, serve};

/// A Server behind a free port, as long as this is there.
struct Served {
    authority: String,
    end: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Served {
    fn new(service: BoxedService) -> Self {
        let (end, ended) = tokio::sync::oneshot::channel();
        let (ready, started) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = listen(&Address::parse("mqtt://127.0.0.1:0").unwrap()).await.unwrap();
                ready.send(listener.local_addr().unwrap().to_string()).unwrap();
                serve(listener, service, ServeOptions::default(), TokioClock::new(), ended).await.unwrap();
            });
        });
        Served { authority: started.recv().unwrap(), end: Some(end), thread: Some(thread) }
    }

    fn subject(&self, nonce: u64) -> Subject {
        let target = Target::new(self.authority.clone(), Hooks::default(), Keeps::default(), nonce);
        Subject::live("served", target)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn run(subject: &Subject, seeds: std::ops::Range<u64>) -> Report {
    campaigns::run(&Plan { jobs: 24, ..Plan::of(Driver::Live, seeds) }, subject, &|_| false)
}

fn evidence(report: &Report) -> String {
    let shown: Vec<&str> = report.found.iter().filter_map(|found| found.evidence.as_deref()).collect();
    format!("{:?} {:?}\n{}", report.conclusion, report.failures, shown.join("\n"))
}

#[test]
fn a_live_campaign_over_the_reference_finds_nothing_but_the_canary() {
    let served = Served::new(faults::right());

    // Seeds whose Clients do not wait for long.
    let report = run(&served.subject(1), 84..108);

    assert_eq!(report.conclusion, Conclusion::NothingFound, "{}", evidence(&report));
    assert_eq!((report.runs, report.statistics.restless), (24, 0));
}

#[test]
fn a_live_campaign_finds_a_server_that_distributes_repeats_and_replays_what_it_found() {
    let served = Served::new(faults::wrong());
    let subject = served.subject(2);

    let report = run(&subject, 17..25);

    let found = report.found.iter().find(|found| found.key().kind == Kind::Duplicated);
    let found = found.unwrap_or_else(|| panic!("{}", evidence(&report)));
    let seen = found.evidence.as_ref().unwrap();
    assert!(seen.contains("PUBLISH") && seen.contains(&found.signature), "{seen}");
    assert!(fails(found.workload(), Driver::Live, &subject, found.key()), "{seen}");
    let again = replay(found.workload(), Driver::Live, &subject, Some(found.key()));
    assert!(again.to_string().contains("dup=1"), "{again}");
}

#[test]
fn runs_side_by_side_and_one_after_the_other_do_not_see_each_other() {
    let served = Served::new(faults::right());
    let (one, other) = (served.subject(3), served.subject(4));
    let retaining = |seed: &u64| campaign::generate::live(*seed).to_string().contains("retained message");
    let seed = (0..).find(retaining).unwrap();

    // The same topics, Client Identifiers and messages each time.
    let reports: Vec<Report> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            [&one, &one, &other, &other].map(|subject| scope.spawn(|| run(subject, seed..seed + 1))).into();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });

    for report in reports {
        assert!(report.found.is_empty(), "{}", evidence(&report));
    }
}

#[test]
fn a_command_that_fails_is_named_and_no_finding() {
    let served = Served::new(faults::right());
    let hooks = Hooks {
        start: Some("true".to_owned()),
        stop: Some("echo no; exit 1".to_owned()),
        kill: Some("exit 2".to_owned()),
    };
    let subject = Subject::live("served", Target::new(served.authority.clone(), hooks, Keeps::default(), 6));
    let is_ended = |step: &Step| matches!(step, Step::Suffers(Hardship::ServerDown(Down::Stop)));
    let workload = (0..).map(campaign::generate::live).find(|it| it.steps.iter().any(is_ended)).unwrap();
    let steps = workload.steps.into_iter().filter(is_ended).collect();
    let workload = Workload { steps, ..workload };

    let shown = replay(&workload, Driver::Live, &subject, None);

    let failure = shown.failure.unwrap();
    assert!(failure.contains("has failed") && failure.contains("echo no; exit 1"), "{failure}");
    assert!(shown.verdict.findings.is_empty());
    assert_eq!(subject.target().unwrap().gone(), None, "it is still there");
}

#[test]
fn a_server_that_goes_away_ends_the_campaign_and_what_was_found_stays() {
    let served = Served::new(faults::wrong());
    let subject = served.subject(5);
    let served = std::sync::Mutex::new(Some(served));
    let plan = Plan { jobs: 4, ..Plan::of(Driver::Live, 17..1_000) };

    let report = campaigns::run(&plan, &subject, &|done| {
        if done >= 8 {
            drop(served.lock().unwrap().take());
        }
        false
    });

    assert!(report.runs < 1_000, "{}", report.runs);
    let gone = subject.target().unwrap().gone().unwrap().to_owned();
    assert!(report.failures.iter().any(|failure| failure.reason == gone), "{gone}: {:?}", report.failures);
    assert_eq!(report.conclusion, Conclusion::Found, "{}", evidence(&report));
}
