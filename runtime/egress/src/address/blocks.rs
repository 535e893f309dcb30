//! What is not public: one table.
//!
//! From IANA's registries: "IANA IPv4 Special-Purpose Address Registry", "IANA IPv6 Special-Purpose Address Registry"
//! (RFC 6890 and its updates), "IPv4 Multicast Address Space Registry" and "Internet Protocol Version 6 Address Space".
//! All of their blocks are here, also those that are globally reachable, as nobody is served from them: anycast of
//! AS112 and of tunnels. The one exception is 64:ff9b::/96 ([`NAT64`]), through which a network with IPv6 alone reaches
//! the IPv4 address that stands in it, and that one is checked. Of IPv6 only 2000::/3 is global unicast.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// One row.
#[derive(Debug)]
pub(crate) struct Block {
    pub(super) network: IpNet,
    /// What an address of it is, for messages.
    pub(crate) what: &'static str,
    /// Who says so.
    pub(crate) source: &'static str,
}

const fn v4(octets: [u8; 4], prefix: u8, what: &'static str, source: &'static str) -> Block {
    let [a, b, c, d] = octets;
    Block { network: IpNet::new_assert(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix), what, source }
}

const fn v6(segments: [u16; 8], prefix: u8, what: &'static str, source: &'static str) -> Block {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = segments;
    let address = Ipv6Addr::new(s0, s1, s2, s3, s4, s5, s6, s7);
    Block { network: IpNet::new_assert(IpAddr::V6(address), prefix), what, source }
}

/// Where an IPv4 address stands in the last four bytes of an IPv6 address, and is what is reached.
pub(super) const NAT64: Block = v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96, "a translated address (NAT64)", "RFC 6052");

/// What is not public. The first row that holds an address says what it is.
pub(super) const BLOCKS: &[Block] = &[
    v4([0, 0, 0, 0], 8, "an address of \"this network\"", "RFC 791"),
    v4([10, 0, 0, 0], 8, "a private address", "RFC 1918"),
    v4([100, 64, 0, 0], 10, "a shared address (CGNAT)", "RFC 6598"),
    v4([127, 0, 0, 0], 8, "a loopback address", "RFC 1122"),
    v4([169, 254, 0, 0], 16, "a link-local address", "RFC 3927"),
    v4([172, 16, 0, 0], 12, "a private address", "RFC 1918"),
    v4([192, 0, 0, 0], 24, "an address of protocol assignments", "RFC 6890"),
    v4([192, 0, 2, 0], 24, "a documentation address", "RFC 5737"),
    v4([192, 31, 196, 0], 24, "an address of AS112", "RFC 7535"),
    v4([192, 52, 193, 0], 24, "an address of multicast tunnels (AMT)", "RFC 7450"),
    v4([192, 88, 99, 0], 24, "a 6to4 relay address", "RFC 7526"),
    v4([192, 168, 0, 0], 16, "a private address", "RFC 1918"),
    v4([192, 175, 48, 0], 24, "an address of AS112", "RFC 7534"),
    v4([198, 18, 0, 0], 15, "a benchmarking address", "RFC 2544"),
    v4([198, 51, 100, 0], 24, "a documentation address", "RFC 5737"),
    v4([203, 0, 113, 0], 24, "a documentation address", "RFC 5737"),
    v4([224, 0, 0, 0], 4, "a multicast address", "RFC 5771"),
    v4([255, 255, 255, 255], 32, "the broadcast address", "RFC 8190"),
    v4([240, 0, 0, 0], 4, "a reserved address", "RFC 1112"),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 128, "the unspecified address", "RFC 4291"),
    v6([0, 0, 0, 0, 0, 0, 0, 0x1], 128, "a loopback address", "RFC 4291"),
    v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, "an IPv4-mapped address", "RFC 4291"),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 96, "an IPv4-compatible address", "RFC 4291"),
    v6([0x64, 0xff9b, 0x1, 0, 0, 0, 0, 0], 48, "an address of local translation (NAT64)", "RFC 8215"),
    v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64, "a discard address", "RFC 6666"),
    v6([0x100, 0, 0, 0x1, 0, 0, 0, 0], 64, "a dummy address", "RFC 9780"),
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, "a Teredo address", "RFC 4380"),
    v6([0x2001, 0x2, 0, 0, 0, 0, 0, 0], 48, "a benchmarking address", "RFC 5180"),
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, "an address of protocol assignments", "RFC 2928"),
    v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, "a documentation address", "RFC 3849"),
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "a 6to4 address", "RFC 3056"),
    v6([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48, "an address of AS112", "RFC 7534"),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, "a documentation address", "RFC 9637"),
    v6([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16, "an address of segment routing", "RFC 9602"),
    v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "a unique local address", "RFC 4193"),
    v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "a link-local address", "RFC 4291"),
    v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, "a site-local address", "RFC 3879"),
    v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "a multicast address", "RFC 4291"),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 3, "an address that is not global unicast", "RFC 4291"),
    v6([0x4000, 0, 0, 0, 0, 0, 0, 0], 2, "an address that is not global unicast", "RFC 4291"),
    v6([0x8000, 0, 0, 0, 0, 0, 0, 0], 1, "an address that is not global unicast", "RFC 4291"),
];

/// Where clouds give a machine its credentials. They are refused also where a network around them is allowed.
pub(super) const METADATA: &[Block] = &[
    v4([169, 254, 169, 254], 32, "a cloud metadata address", "AWS, Azure, Google Cloud, DigitalOcean, Oracle Cloud"),
    v4([169, 254, 170, 2], 32, "a cloud metadata address", "AWS ECS, credentials of a task"),
    v4([169, 254, 170, 23], 32, "a cloud metadata address", "AWS EKS, credentials of a pod"),
    v4([100, 100, 100, 200], 32, "a cloud metadata address", "Alibaba Cloud"),
    v4([168, 63, 129, 16], 32, "a cloud metadata address", "Azure, the machine's agent; by number a public address"),
    v4([192, 0, 0, 192], 32, "a cloud metadata address", "Oracle Cloud, classic"),
    v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254], 128, "a cloud metadata address", "AWS"),
    v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23], 128, "a cloud metadata address", "AWS EKS, credentials of a pod"),
    v6([0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254], 128, "a cloud metadata address", "Google Cloud"),
];
