//! The binary in a process of its own, on a free port.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

pub struct Broker {
    pub process: Child,
    pub port: u16,
    pub output: BufReader<ChildStdout>,
}

impl Broker {
    /// Starts it and waits until it says where it listens.
    pub fn start<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_reference-broker"))
            .args(["--listen", "mqtt://127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut output = BufReader::new(process.stdout.take().expect("its output is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("it says where it listens");
        let (_, port) = line.trim().rsplit_once(':').expect("with a port");
        let port = port.parse().expect("a number");
        Broker { process, port, output }
    }

    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).expect("it accepts")
    }
}

impl Drop for Broker {
    /// `kill -9`, if it is still running.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
