//! The server itself: it starts, it gives databases, and it leaves nothing behind.

use std::path::Path;

use alcove_test_postgres::{Durability, Server};

#[test]
fn a_server_of_ones_own_gives_databases_and_leaves_nothing_behind() {
    let server = Server::start(Durability::Disk).unwrap();
    let folder = Path::new(server.address().split_once("host=").unwrap().1).to_owned();
    assert!(folder.join("data/postmaster.pid").exists());
    let databases = [server.fresh_database().unwrap(), server.fresh_database().unwrap()];
    assert_ne!(databases[0].url(), databases[1].url());
    drop(databases);
    drop(server);
    assert!(!folder.exists());
}
