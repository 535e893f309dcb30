//! The table, row by row.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{
    Addresses, Network,
    blocks::{BLOCKS, Block, METADATA, NAT64},
};

fn refusal(address: IpAddr) -> Option<&'static str> {
    refused_by(&Addresses::default(), address)
}

fn refused_by(addresses: &Addresses, address: IpAddr) -> Option<&'static str> {
    addresses.refusal(address).map(|block| block.what)
}

fn parsed(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn after(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(v4) => u32::from(v4).checked_add(1).map(|next| Ipv4Addr::from(next).into()),
        IpAddr::V6(v6) => u128::from(v6).checked_add(1).map(|next| Ipv6Addr::from(next).into()),
    }
}

fn before(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(v4) => u32::from(v4).checked_sub(1).map(|last| Ipv4Addr::from(last).into()),
        IpAddr::V6(v6) => u128::from(v6).checked_sub(1).map(|last| Ipv6Addr::from(last).into()),
    }
}

/// What a row and those above it say of an address, and nothing below them.
fn said_up_to(row: usize, address: IpAddr) -> Option<&'static str> {
    BLOCKS[..=row].iter().find(|block| block.network.contains(&address)).map(|block| block.what)
}

#[test]
fn the_first_and_the_last_address_of_each_row_are_refused_and_the_row_ends_there() {
    for (row, Block { network, what, source }) in BLOCKS.iter().enumerate() {
        assert!(!what.is_empty() && !source.is_empty(), "{network}");
        assert_eq!(network.trunc(), *network, "a bit is set behind the prefix");
        let (first, last) = (network.network(), network.broadcast());
        for inside in [first, last] {
            assert!(said_up_to(row, inside).is_some(), "{network}: {inside}");
            assert!(refusal(inside).is_some(), "{network}: {inside}");
        }
        for outside in [before(first), after(last)].into_iter().flatten() {
            assert!(!network.contains(&outside), "{network}: {outside}");
        }
    }
}

/// The neighbours of all rows, by hand: what stands on either side of a block, if that is public.
#[test]
fn one_before_and_one_past_a_block_is_public_where_no_other_block_begins() {
    for public in [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.1.255",
        "192.0.3.0",
        "192.31.195.255",
        "192.31.197.0",
        "192.52.192.255",
        "192.52.194.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "192.175.47.255",
        "192.175.49.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "2000::",
        "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:200::",
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db9::",
        "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2003::",
        "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff",
        "2620:4f:8001::",
        "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff:1000::",
        "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2606:4700:4700::1111",
        "93.184.215.14",
    ] {
        assert_eq!(refusal(parsed(public)), None, "{public}");
    }
}

#[test]
fn an_address_is_called_what_it_is() {
    for (address, what) in [
        ("0.0.0.0", "this network"),
        ("255.255.255.255", "broadcast"),
        ("255.255.255.254", "reserved"),
        ("239.255.255.255", "multicast"),
        ("127.0.0.1", "loopback"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::2", "IPv4-compatible"),
        ("::ffff:8.8.8.8", "IPv4-mapped"),
        ("64:ff9b:1::808:808", "local translation"),
        ("100::ffff:ffff:ffff:ffff", "discard"),
        ("2001::1", "Teredo"),
        ("2001:2::1", "benchmarking"),
        ("2001:1::1", "protocol assignments"),
        ("2002:808:808::1", "6to4"),
        ("fe80::1", "link-local"),
        ("fec0::1", "site-local"),
        ("fdff::1", "unique local"),
        ("ff02::1", "multicast"),
        ("200::1", "not global unicast"),
        ("4000::1", "not global unicast"),
        ("fe00::1", "not global unicast"),
    ] {
        let said = refusal(parsed(address));
        assert!(said.is_some_and(|said| said.contains(what)), "{address}: {said:?}");
    }
}

#[test]
fn a_translated_address_is_the_address_that_stands_in_it() {
    assert_eq!(NAT64.network.to_string(), "64:ff9b::/96");
    assert_eq!(refusal(parsed("64:ff9b::8.8.8.8")), None);
    for (inside, what) in [
        ("64:ff9b::127.0.0.1", "loopback"),
        ("64:ff9b::10.0.0.1", "private"),
        ("64:ff9b::169.254.169.254", "metadata"),
        ("64:ff9b::", "this network"),
        ("64:ff9b::255.255.255.255", "broadcast"),
        ("64:ff9b::1:0:0", "not global unicast"),
    ] {
        assert!(refusal(parsed(inside)).is_some_and(|said| said.contains(what)), "{inside}");
    }
}

#[test]
fn an_operators_network_is_taken_for_public_and_what_is_around_it_is_not() {
    let addresses = Addresses::new(vec![Network::parse("10.20.0.0/16").unwrap(), Network::parse("fd12::/32").unwrap()]);
    for inside in ["10.20.0.0", "10.20.255.255", "fd12::1"] {
        assert_eq!(refused_by(&addresses, parsed(inside)), None, "{inside}");
    }
    for outside in
        ["10.19.255.255", "10.21.0.0", "fd12:1::", "fd11:ffff::", "127.0.0.1", "::ffff:10.20.0.1", "64:ff9b::10.20.0.1"]
    {
        assert!(addresses.refusal(parsed(outside)).is_some(), "{outside}");
    }
}

#[test]
fn a_metadata_address_is_opened_by_its_own_name_alone() {
    let all = ["0.0.0.0/0", "::/0"].map(|all| Network::parse(all).unwrap());
    for Block { network, what, source } in METADATA {
        let address = network.addr();
        assert!(network.prefix_len() == network.max_prefix_len() && !source.is_empty(), "{network}");
        assert_eq!(refusal(address), Some(*what), "{address}");
        assert_eq!(refused_by(&Addresses::new(all.to_vec()), address), Some(*what), "{address}");
        let named = Addresses::new(vec![Network::parse(&address.to_string()).unwrap()]);
        assert_eq!(refused_by(&named, address), None, "{address}");
    }
    assert_eq!(refused_by(&Addresses::new(all.to_vec()), parsed("127.0.0.1")), None);
}
