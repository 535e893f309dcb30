//! The client against name servers and web servers that speak their protocols over real sockets.
//!
//! Of this machine, 127.0.0.1 stands for the public web and is named as such to the client; 127.0.0.2 stands for the
//! inside, where nothing may ever arrive.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test, or its server, fails by panicking"
)]

mod limits;
mod lists;
mod names;
mod payloads;
mod records;
mod redirects;
mod routes;
mod world;
