//! A node that a test starts with `alcove serve`, and what it is asked over HTTP.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::program::Program;

/// A node for everybody on this machine, on the database `node.db` in the program's folder.
pub(crate) struct Node {
    process: Child,
    address: String,
}

impl Node {
    pub(crate) fn start(program: &Program) -> Self {
        Self::start_with(program, &["--dev-tenant", "t1"])
    }

    /// The same for whoever these options let in.
    pub(crate) fn start_with(program: &Program, options: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_alcove"))
            .args(["serve", "--database", "sqlite:node.db", "--listen", "127.0.0.1:0"])
            .args(options)
            .current_dir(program.path("."))
            .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
            .env_remove("ALCOVE_AI_DIALECT")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { process, address }
    }

    /// What somebody who shows a key is given, with the line of the status.
    pub(crate) fn get_with(&self, key: &str, path: &str) -> (String, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let address = &self.address;
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let body = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"));
        (head.lines().next().unwrap_or_default().to_owned(), body)
    }

    /// A connection to it.
    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// Tells it to stop, as a supervisor does.
    pub(crate) fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended by itself, and says whether all was well.
    pub(crate) fn ended_well(&mut self) -> bool {
        self.process.wait().unwrap().success()
    }

    /// Posts a body, and gives the answer's.
    pub(crate) fn post(&self, path: &str, body: &str) -> Value {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let (address, length) = (&self.address, body.len());
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Idempotency-Key: {path}\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 2"), "{path}: {answer}");
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // A process that has ended already is what this is for.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
