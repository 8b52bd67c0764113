//! What a run says while it goes on, to standard error: a bar on a terminal, plain lines elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use record::Verdict;
use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use suite::plan::ScenarioCheck;
use suite::recording::Heading;
use suite::runner::Outcome;
use suite::session::Plan;

/// The progress of one run.
pub struct Progress {
    bar: Option<ProgressBar>,
    verbose: bool,
    failed: AtomicUsize,
    unsure: AtomicUsize,
}

impl Progress {
    /// Says what is going to happen.
    pub fn start(plan: &Plan, heading: &Heading, verbose: bool) -> Self {
        let versions: Vec<String> = plan.versions.iter().map(ToString::to_string).collect();
        eprintln!("mqtt-certify {}  MQTT {}", env!("CARGO_PKG_VERSION"), versions.join(" and "));
        eprintln!(
            "subject  {} at {}   seed 0x{:x}",
            encoded(&heading.subject),
            encoded(&heading.address),
            plan.seed
        );
        eprintln!("plan     {} checks, {} at a time", plan.checks.len(), plan.jobs);
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar =
                ProgressBar::with_draw_target(Some(plan.checks.len() as u64), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template(" {bar:30} {pos}/{len} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar
        });
        Progress { bar, verbose, failed: AtomicUsize::new(0), unsure: AtomicUsize::new(0) }
    }

    /// A check has ended.
    pub fn checked(&self, check: &ScenarioCheck, outcome: &Outcome) {
        let word = match outcome.verdict {
            Verdict::Fail => "FAIL",
            Verdict::Error => "ERROR",
            Verdict::Inconclusive => "?",
            Verdict::Warn => "warn",
            Verdict::Pass => "pass",
            Verdict::NotApplicable => "n/a",
            Verdict::NotExercised => "not exercised",
            Verdict::Info => "info",
            Verdict::NotRun | Verdict::Untested | Verdict::Untestable => "not run",
        };
        match outcome.verdict {
            Verdict::Fail => drop(self.failed.fetch_add(1, Ordering::Relaxed)),
            Verdict::Inconclusive | Verdict::Error => drop(self.unsure.fetch_add(1, Ordering::Relaxed)),
            _ => {}
        }
        let loud =
            matches!(outcome.verdict, Verdict::Fail | Verdict::Error | Verdict::Inconclusive | Verdict::Warn);
        if loud || self.verbose {
            let reason = match outcome.cause.to_string() {
                reason if reason.is_empty() => reason,
                reason => format!("\n        {}", encoded(&reason)),
            };
            self.line(&format!("  {word:<6} {}{reason}", check.id));
        }
        if let Some(bar) = &self.bar {
            let (failed, unsure) = (self.failed.load(Ordering::Relaxed), self.unsure.load(Ordering::Relaxed));
            bar.set_message(format!("✗{failed} ?{unsure}"));
            bar.inc(1);
        }
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{text}")),
            None => eprintln!("{text}"),
        }
    }

    /// The run has ended.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Text that may come from the wire, for a terminal.
fn encoded(text: &str) -> String {
    record::encode::terminal::text(text.as_bytes())
}
