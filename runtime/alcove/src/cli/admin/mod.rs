//! `alcove admin`: what has to be there before the first request can be sent, made in the database itself.

mod expiry;
mod keys;
mod tenants;

use std::sync::Arc;

use alcove_control::{Administration, ControlError, Directory};
use alcove_execution::SystemClock;
use alcove_store::{Store, StoreOptions};
use anyhow::Context;
use clap::Subcommand;
use serde_json::Value;

use super::{Exit, Format, complaint::Complaint};
use crate::terminal::Terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a tenant.
    CreateTenant(tenants::Create),
    /// List the tenants.
    ListTenants(tenants::List),
    /// Make a key for a member of a tenant, who is made if they are not there. It is printed once.
    CreateKey(keys::Create),
    /// Make a key for an operator of the platform. It is printed once.
    CreateOperatorKey(keys::CreateOperator),
    /// End a key: a running server refuses it within two seconds.
    RevokeKey(keys::Revoke),
}

/// Where, and how to print.
#[derive(Debug, clap::Args)]
struct Place {
    /// The database: `sqlite:FILE`, which no server may be running on, or `postgres://…`. It is made if there is none.
    #[arg(long, value_name = "URL")]
    database: String,
    /// How to print.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// What was done: for a program, and for a person.
struct Done {
    json: Value,
    lines: Vec<String>,
}

impl What {
    fn place(&self) -> &Place {
        match self {
            Self::CreateTenant(args) => &args.place,
            Self::ListTenants(args) => &args.place,
            Self::CreateKey(args) => &args.place,
            Self::CreateOperatorKey(args) => &args.place,
            Self::RevokeKey(args) => &args.place,
        }
    }

    async fn run(&self, admin: &Administration) -> Result<Done, Complaint> {
        match self {
            Self::CreateTenant(args) => args.run(admin).await,
            Self::ListTenants(args) => args.run(admin).await,
            Self::CreateKey(args) => args.run(admin).await,
            Self::CreateOperatorKey(args) => args.run(admin).await,
            Self::RevokeKey(args) => args.run(admin).await,
        }
    }
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let tokio = tokio.context("the async runtime cannot start")?;
    let Place { database, format } = args.what.place();
    match tokio.block_on(act(&args.what, database)) {
        Ok(done) => {
            match format {
                Format::Json => terminal.json(&done.json.to_string()),
                Format::Human => done.lines.iter().for_each(|line| terminal.line(line)),
            }
            Ok(Exit::Done)
        }
        Err(complaint) => Ok(complaint.report(*format, terminal)),
    }
}

async fn act(what: &What, database: &str) -> Result<Done, Complaint> {
    let unavailable = |error: &dyn std::error::Error| Complaint::caused("unavailable", "--database", error);
    let store = Store::open(database, &StoreOptions::DURABLE).await.map_err(|error| unavailable(&error))?;
    // A server on the same file would not know of it.
    let lock = store.lock_exclusively().map_err(|error| unavailable(&error))?;
    let admin = Administration::new(Directory::new(store.clone(), Arc::new(SystemClock)));
    let done = what.run(&admin).await;
    drop(lock);
    store.close().await;
    done
}

/// Why something was not done.
fn complaint(error: &ControlError) -> Complaint {
    let code = match error {
        ControlError::Unavailable(_) | ControlError::Internal(_) => "unavailable",
        _ => "refused",
    };
    Complaint::caused(code, "admin", error)
}
