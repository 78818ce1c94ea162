"""Mapped dialers: any phone system that posts its calls, described by a mapping and not by code.

A mapping is the TOML of an import, with four more tables: [vendor], [body], [proof] and [handshake] (options).
It becomes a Dialer (dialer): the sender is verified (proof), the vendor's test of the address is answered (handshake),
and each delivery is cut into calls (bodies) that become items of the API (calls). `preview` shows what a body would
become. Ready mappings of known vendors are in `ready`.
"""
