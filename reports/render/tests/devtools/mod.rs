//! A headless Chromium, driven through the DevTools protocol: commands and answers are JSON over a WebSocket, events come in between.
//!
//! Each [`Page`] has a browser and a profile of its own, so that what one test stores is unknown to the others. Nothing is polled:
//! a command returns when the browser has answered it. Deliberately not here: anything that knows the report.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// How long the browser may take for one answer, in a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program: what `CHROMIUM` names, or `chromium`.
fn program() -> String {
    std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned())
}

/// One page in a browser of its own.
pub struct Page {
    browser: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    last: u64,
    /// Events in the order of their arrival.
    events: Vec<Value>,
    /// Holds the profile and the files that the page shows.
    directory: tempfile::TempDir,
}

impl Page {
    /// Starts a browser that shows nothing yet. Without Chromium this is a failure, and says how to get it.
    pub fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory for the profile");
        let mut browser = Command::new(program())
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--remote-debugging-port=0",
                "about:blank",
            ])
            .arg(format!("--user-data-dir={}", directory.path().join("profile").display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{} can not be started ({error}): install Chromium or set CHROMIUM", program())
            });
        let mut lines = BufReader::new(browser.stderr.take().expect("it is piped")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("DevTools listening on ").map(str::to_owned))
            .expect("Chromium says where its DevTools listen");
        // Read on, so that the browser never waits for somebody to read what it has to say.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let host = address.trim_start_matches("ws://").split('/').next().unwrap_or_default();
        let stream = TcpStream::connect(host).expect("Chromium listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("not zero");
        let (socket, _) = tungstenite::client(address.as_str(), stream).expect("Chromium speaks WebSocket");
        let mut page = Self { browser, socket, session: String::new(), last: 0, events: vec![], directory };
        let target = page.send("Target.createTarget", json!({"url": "about:blank"}));
        let attached =
            page.send("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        page.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"] {
            page.send(&format!("{domain}.enable"), json!({}));
        }
        // As if the window were in front: otherwise no key arrives.
        page.send("Emulation.setFocusEmulationEnabled", json!({"enabled": true}));
        page
    }

    /// Sends a command and gives its result; events that come before it are kept.
    pub fn send(&mut self, method: &str, parameters: Value) -> Value {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": parameters});
        if !self.session.is_empty() {
            command["sessionId"] = self.session.as_str().into();
        }
        self.socket.send(Message::text(command.to_string())).expect("Chromium takes a command");
        loop {
            let message = self.receive();
            if message["id"] == self.last {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn receive(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.socket.read().expect("Chromium answers") {
                return serde_json::from_str(&text).expect("DevTools speak JSON");
            }
        }
    }

    /// Writes a file that this page can open, and gives its path.
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        std::fs::write(&path, content).expect("the directory is ours");
        path
    }

    /// Opens a file at a place that starts with `?` or `#`, if any, and returns when it is loaded.
    pub fn open(&mut self, file: &Path, place: &str) {
        // From another document, so that a new fragment is a new load, too.
        self.navigate("Page.navigate", json!({"url": "about:blank"}));
        self.events.clear();
        self.navigate("Page.navigate", json!({"url": format!("file://{}{place}", file.display())}));
    }

    /// Loads the page again from the address that it has now.
    pub fn reload(&mut self) {
        self.navigate("Page.reload", json!({}));
    }

    fn navigate(&mut self, method: &str, parameters: Value) {
        let before = self.events.len();
        self.send(method, parameters);
        while !self.events[before..].iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.receive();
            self.events.push(event);
        }
    }

    /// The value of an expression in the page, awaited if it is a promise. The policy of the page does not bind it.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let answer = self.send(
            "Runtime.evaluate",
            json!({"expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true}),
        );
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Presses and releases a key.
    pub fn press(&mut self, key: &str, text: &str, code: u32) {
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = text.into();
            }
            self.send("Input.dispatchKeyEvent", event);
        }
    }

    /// What the browser takes for wrong: errors and warnings, exceptions, violations of the policy, dialogs. Each as its event.
    pub fn complaints(&self) -> Vec<String> {
        self.events
            .iter()
            .filter(|event| match event["method"].as_str() {
                Some("Runtime.exceptionThrown" | "Audits.issueAdded" | "Page.javascriptDialogOpening") => {
                    true
                }
                Some("Runtime.consoleAPICalled") => {
                    ["error", "warning", "assert"].contains(&event["params"]["type"].as_str().unwrap_or(""))
                }
                Some("Log.entryAdded") => {
                    ["error", "warning"].contains(&event["params"]["entry"]["level"].as_str().unwrap_or(""))
                }
                _ => false,
            })
            .map(Value::to_string)
            .collect()
    }

    /// The addresses that were requested since the file was opened.
    pub fn requests(&self) -> Vec<String> {
        self.events
            .iter()
            .filter(|event| event["method"] == "Network.requestWillBeSent")
            .map(|event| event["params"]["request"]["url"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Media that the page is told of: `print` or nothing, and whether the system prefers a dark theme.
    pub fn media(&mut self, medium: &str, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        self.send(
            "Emulation.setEmulatedMedia",
            json!({"media": medium, "features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
    }

    /// The size of the window in CSS pixels.
    pub fn size(&mut self, width: u32, height: u32) {
        self.send(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}),
        );
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // Whether it goes by itself or not: what counts is that it is gone before its profile.
        let close = json!({"id": 0, "method": "Browser.close"}).to_string();
        if self.socket.send(Message::text(close)).is_ok() {
            while self.socket.read().is_ok() {}
        }
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}
