//! Makes the Server of a configuration for the Testbeds in this process: the reference broker, with a behaviour around it or none, and with a store on a
//! simulated disk where the configuration wants what outlasts the process.

use crate::around::{self, Around, Behaviour, Faulty};
use crate::null_servers;
use crate::settings::{self, Setting};
use campaign::{Machine, Subject};
use disk::Disk;
use reference_broker::store::{Redb, Store};
use reference_broker::{Durable, Server};
use tester::testbed::{InProcess, Kind, Testbed, in_process::BoxedService};

/// Makes a Server, now and again at each restart.
pub type Factory = Box<dyn Fn() -> BoxedService + Send>;

/// What makes the reference broker with a behaviour around it in a configuration (`None` is the ordinary one). Restarts of one factory have one disk.
#[must_use]
pub fn factory(behaviour: Behaviour, configuration: Option<&str>, seed: u64) -> Factory {
    // The plan has only configurations that exist; that each of them is right is tested.
    let setting = settings::setting(configuration).unwrap_or_default();
    if !settings::is_durable(configuration) {
        return Box::new(move || around::serve(behaviour, setting.clone(), seed));
    }
    let mut config = setting.config;
    if let Some(twist) = behaviour.config {
        twist(&mut config);
    }
    let disk = Disk::new(seed);
    Box::new(move || {
        // Whatever was not synced is lost or not, by chance: a process that begins can rest on nothing else.
        disk.restore_power();
        let opened = Redb::open_on("on the simulated disk", disk.clone()).and_then(|mut store| {
            let records = store.load()?;
            Ok((store, records))
        });
        let restored = opened.map_err(|error| error.to_string()).and_then(|(store, records)| {
            let server = Server::restore(config.clone(), seed, records).map_err(|error| error.to_string())?;
            Ok((server, store))
        });
        match restored {
            Ok((server, store)) => {
                let store = Faulty::new(store, behaviour.store);
                Box::new(Durable::new(Around::new(server, behaviour), store))
            }
            // As the program does: a store that cannot be read is not served. Checks see that no Server is there.
            Err(_) => null_servers::hang_up(),
        }
    })
}

/// For a campaign, a Server that keeps nothing over its end.
#[must_use]
pub fn subject(name: &str, behaviour: Behaviour) -> Subject {
    Subject::in_memory(name, move |seed| around::serve(behaviour, Setting::default(), seed))
}

/// For a campaign, a Server on a machine with a disk, on which it keeps everything.
#[must_use]
pub fn durable_subject(name: &str, behaviour: Behaviour) -> Subject {
    Subject::on_machines(name, move |seed| {
        Box::new(WithDisk(factory(behaviour, Some("durable-over-crashes"), seed)))
    })
}

/// The processes of the Server have the disk one after the other.
struct WithDisk(Factory);

impl Machine for WithDisk {
    fn start(&mut self) -> campaign::BoxedService {
        (self.0)()
    }

    fn keeps_sessions(&self) -> bool {
        true
    }
}

/// The Testbed of that Server in this process; `kind` is not live.
#[must_use]
pub fn testbed(kind: Kind, behaviour: Behaviour, configuration: Option<&str>, seed: u64) -> Box<dyn Testbed> {
    let factory = factory(behaviour, configuration, seed);
    let testbed = match kind {
        Kind::Simulated => InProcess::simulated(seed, factory),
        Kind::Virtual | Kind::Live => InProcess::virtual_time(seed, factory),
    };
    Box::new(testbed.with_resource(settings::resource(configuration)))
}
