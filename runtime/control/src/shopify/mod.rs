//! Webhooks of Shopify: checked, mapped to the catalog's events, accepted.
//!
//! For the API. A webhook has no bearer key: it is signed with a secret of its shop, and [`Shops`] says which shop that
//! is, what its secrets are and whose it is. [`topic`] knows what each topic means here; [`order`], [`customer`] and
//! [`product`] read its payload, of which they take what the catalog has and ignore the rest.
//!
//! Architecture invariants: nothing of a webhook is read before its signature was checked over the bytes that came in.
//! The tenant is the shop's; no header or member names one. Which webhook it is, its id says: a second delivery is
//! answered as the first one was, whatever has changed meanwhile.

mod shop;
mod shops_file;
mod signature;

mod customer;
mod field;
mod order;
mod product;
mod topic;

mod accept;

pub use accept::{ShopAnswer, ShopCall};
pub use shop::{Shop, ShopFuture, Shops};
pub use shops_file::{ShopsError, ShopsFile};
