//! The server itself: it starts, it gives databases, and it leaves nothing behind.

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use alcove_test_postgres::{Durability, Server};

/// Set in the process that is going to be killed.
const VICTIM: &str = "ALCOVE_TEST_POSTGRES_VICTIM";

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

#[test]
fn a_server_whose_process_is_killed_leaves_nothing_behind() {
    if env::var_os(VICTIM).is_some() {
        let server = Server::start(Durability::Memory).unwrap();
        println!("{}", server.address());
        thread::sleep(Duration::from_mins(1));
        return;
    }
    let mut victim = Command::new(env::current_exe().unwrap())
        .args(["--exact", "a_server_whose_process_is_killed_leaves_nothing_behind", "--nocapture"])
        .env(VICTIM, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    let address = lines.map(Result::unwrap).find(|line| line.contains("host=")).unwrap();
    let folder = Path::new(address.split_once("host=").unwrap().1);
    assert!(folder.exists());
    victim.kill().unwrap();
    victim.wait().unwrap();
    for _ in 0..200 {
        if !folder.exists() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("`{}` is still there", folder.display());
}
