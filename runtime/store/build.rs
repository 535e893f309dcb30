//! Cargo does not see that the migrator reads a folder: a new migration must rebuild this crate.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations/sqlite");
}
