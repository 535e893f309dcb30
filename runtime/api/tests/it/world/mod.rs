//! A server with callers, and what most tests do with it.

mod answer;
mod apps;
mod client;
mod contract;
mod server;

pub(crate) use answer::Answer;
pub(crate) use apps::{APPROVAL, AWARD, FAILING, MANUAL, WELCOME, named};
pub(crate) use client::Client;
pub(crate) use server::{SHOP, SHOP_SECRETS, World};
