//! What a server does when its supervisor stops it.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::{node::Node, program::Program};

/// The rest of what the server says, until it closes the connection.
fn rest(stream: &mut TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn asked(node: &Node, path: &str) -> String {
    let mut stream = node.connect();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: alcove\r\n\r\n").as_bytes()).unwrap();
    rest(&mut stream)
}

#[test]
fn a_server_that_is_terminated_says_so_finishes_what_was_begun_and_ends() {
    let program = Program::new();
    let mut node = Node::start(&program);
    let mut idle = node.connect();
    idle.write_all(b"GET /readyz HTTP/1.1\r\nhost: alcove\r\n\r\n").unwrap();
    let mut head = [0; 15];
    idle.read_exact(&mut head).unwrap();
    assert_eq!(head, *b"HTTP/1.1 200 OK");

    let body = r#"{"type":"custom.x","id":"e1"}"#;
    let mut begun = node.connect();
    let length = body.len();
    let request =
        format!("POST /v1/events HTTP/1.1\r\nhost: alcove\r\nexpect: 100-continue\r\ncontent-length: {length}\r\n\r\n");
    begun.write_all(request.as_bytes()).unwrap();
    // The server asks for the body: the request has begun.
    let mut go_on = [0; 25];
    begun.read_exact(&mut go_on).unwrap();
    assert_eq!(go_on, *b"HTTP/1.1 100 Continue\r\n\r\n");

    node.terminate();
    // Connections without a request are closed, and by then the server stops.
    rest(&mut idle);
    let probe = asked(&node, "/readyz");
    assert!(probe.starts_with("HTTP/1.1 503 ") && probe.contains("connection: close"), "{probe}");
    assert!(asked(&node, "/v1/apps").contains("the server is stopping"));
    begun.write_all(body.as_bytes()).unwrap();
    let answer = rest(&mut begun);
    assert!(answer.starts_with("HTTP/1.1 202 Accepted"), "{answer}");
    assert!(node.ended_well());
}
