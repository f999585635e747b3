package dial

import "net/netip"

// Public reports whether an address belongs to somebody on the open Internet.
// Whatever is inner, special or a way to write another address is not: loopback,
// private, link-local, shared (CGNAT), multicast, unspecified, documentation,
// benchmarks, and IPv4 inside IPv6 (mapped, compatible, translated by NAT64,
// 6to4, Teredo, ISATAP). The list follows IANA's special-purpose registries
// (RFC 6890 and its updates); of IPv6 only what is handed out, 2000::/3, counts.
func Public(a netip.Addr) bool {
	if !a.IsValid() || a.Zone() != "" || a.Is4In6() {
		return false
	}
	if a.Is6() && (!unicast().Contains(a) || isatap(a)) {
		return false
	}
	for _, p := range special() {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

func unicast() netip.Prefix { return netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20}), 3) }

// isatap is RFC 5214: the last 64 bits are 0000:5efe or 0200:5efe and an IPv4 address.
func isatap(a netip.Addr) bool {
	b := a.As16()
	return b[8]&^0x02 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}

// special lists what is not public within IPv4 and 2000::/3.
func special() [25]netip.Prefix {
	v4 := func(a, b, c byte, bits int) netip.Prefix {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{a, b, c}), bits)
	}
	v6 := func(a, b, c uint16, bits int) netip.Prefix {
		return netip.PrefixFrom(netip.AddrFrom16([16]byte{byte(a >> 8), byte(a), byte(b >> 8), byte(b), byte(c >> 8), byte(c)}), bits) //nolint:gosec // each half of a 16-bit group, cut on purpose
	}
	return [...]netip.Prefix{
		v4(0, 0, 0, 8),       // this network
		v4(10, 0, 0, 8),      // private
		v4(100, 64, 0, 10),   // shared by carriers (RFC 6598), some clouds' metadata
		v4(127, 0, 0, 8),     // loopback
		v4(169, 254, 0, 16),  // link-local, most clouds' metadata
		v4(172, 16, 0, 12),   // private
		v4(192, 0, 0, 24),    // protocol assignments, another cloud's metadata
		v4(192, 0, 2, 24),    // documentation
		v4(192, 31, 196, 24), // AS112
		v4(192, 52, 193, 24), // multicast tunnelling
		v4(192, 88, 99, 24),  // 6to4 relays
		v4(192, 168, 0, 16),  // private
		v4(192, 175, 48, 24), // AS112
		v4(198, 18, 0, 15),   // benchmarks
		v4(198, 51, 100, 24), // documentation
		v4(203, 0, 113, 24),  // documentation
		v4(224, 0, 0, 4),     // multicast
		v4(240, 0, 0, 4),     // reserved, broadcast
		v4(168, 63, 129, 24), // a cloud's host, reached from inside its machines
		v6(0x2001, 0, 0, 23), // protocol assignments: Teredo, benchmarks, ORCHID
		v6(0x2001, 0xdb8, 0, 32),
		v6(0x2002, 0, 0, 16),         // 6to4
		v6(0x2620, 0x4f, 0x8000, 48), // AS112
		v6(0x3ffe, 0, 0, 16),         // 6bone, gone
		v6(0x3fff, 0, 0, 20),         // documentation
	}
}
