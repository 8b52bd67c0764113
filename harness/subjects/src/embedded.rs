//! The reference broker inside this process, behind real sockets: one listener per configuration, each on a free loopback port.

use std::collections::BTreeMap;
use std::sync::mpsc;
use tester::testbed::in_process::BoxedService;
use transport::{Address, ServeOptions, TokioClock, listen, serve};

/// A running broker. It ends when this is dropped.
pub struct Embedded {
    /// `host:port` of each configuration; `None` is the ordinary one.
    pub addresses: BTreeMap<Option<String>, String>,
    end: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// Makes the Server for a configuration.
pub type MakeService = Box<dyn Fn(Option<&str>) -> Result<BoxedService, String> + Send>;

impl Embedded {
    /// Starts listeners for the ordinary configuration and for `named` ones.
    ///
    /// # Errors
    /// If a configuration is wrong or no port can be had.
    pub fn start(named: &[String], make: MakeService) -> Result<Self, String> {
        let names: Vec<Option<String>> =
            std::iter::once(None).chain(named.iter().cloned().map(Some)).collect();
        let (end, ended) = tokio::sync::oneshot::channel();
        let (ready, started) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("embedded broker".to_owned())
            .spawn(move || run(&names, &make, ended, &ready))
            .map_err(|error| format!("no thread for the embedded broker: {error}"))?;
        let addresses = started.recv().map_err(|_| "the embedded broker ended at once".to_owned())??;
        Ok(Embedded { addresses, end: Some(end), thread: Some(thread) })
    }

    /// The address of a configuration.
    #[must_use]
    pub fn address(&self, name: Option<&str>) -> Option<&str> {
        self.addresses.get(&name.map(str::to_owned)).map(String::as_str)
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // It has nothing more to say, whatever became of it.
            let _ = thread.join();
        }
    }
}

type Started = Result<BTreeMap<Option<String>, String>, String>;

fn run(
    names: &[Option<String>],
    make: &MakeService,
    ended: tokio::sync::oneshot::Receiver<()>,
    ready: &mpsc::Sender<Started>,
) {
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(format!("no runtime for the embedded broker: {error}")))),
    };
    runtime.block_on(async {
        let mut addresses = BTreeMap::new();
        let mut servers = tokio::task::JoinSet::new();
        for name in names {
            let started = async {
                let address = Address::parse("mqtt://127.0.0.1:0").map_err(|e| e.to_string())?;
                let listener = listen(&address).await.map_err(|e| e.to_string())?;
                let local = listener.local_addr().map_err(|e| e.to_string())?;
                let service = make(name.as_deref())?;
                Ok::<_, String>((listener, local, service))
            };
            match started.await {
                Ok((listener, local, service)) => {
                    addresses.insert(name.clone(), local.to_string());
                    let clock = TokioClock::new();
                    servers.spawn(serve(
                        listener,
                        service,
                        ServeOptions::default(),
                        clock,
                        std::future::pending::<()>(),
                    ));
                }
                Err(error) => return drop(ready.send(Err(error))),
            }
        }
        let _ = ready.send(Ok(addresses));
        // Either end of the channel is the sign to stop.
        let _ = ended.await;
        servers.shutdown().await;
    });
}
