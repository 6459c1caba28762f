"""Reads selected datagrams of a tunnel's port next to the daemon, through a packet socket with a kernel filter.

The filter passes handshakes and strays: packets of sessions that this end does not hold. Packets of its own sessions,
which are nearly all, are dropped in the kernel, so that watching costs nothing while nothing happens. A packet socket
is used, and not nftables' log, because it works on every kernel and leaves the node's own rules alone."""

import asyncio
import ctypes
import socket
import struct

ETH_P_ALL = 0x0003
SO_ATTACH_FILTER = 26

LDB_ABS, LDH_ABS, LDW_ABS = 0x30, 0x28, 0x20
LDB_IND, LDH_IND, LDW_IND = 0x50, 0x48, 0x40
LDXB_MSH, JA, JEQ, JSET, RET = 0xB1, 0x05, 0x15, 0x45, 0x06
DROP, ACCEPT = (RET, 0, 0, 0), (RET, 0, 0, 0xFFFF)
# The kernel takes 4096 instructions; two for each session that is known.
MOST_SESSIONS = 1900


def number(address):
    return struct.unpack("!I", socket.inet_aton(address))[0]


def unless(code, value):
    """Goes on if the accumulator does not match; drops otherwise."""
    return [(code, 0, 1, value), DROP]


def only(code, value):
    """Goes on if the accumulator matches; drops otherwise."""
    return [(code, 1, 0, value), DROP]


def datagrams(address, port, incoming, outgoing):
    """A filter for IPv4 datagrams from (`outgoing`) and to (`incoming`) a site's port. Without an address, the port alone
    tells the direction. Both parts start with the length of the IP header in X, and must end with a return."""
    head = [
        (LDB_ABS, 0, 0, 9), *only(JEQ, socket.IPPROTO_UDP), (LDH_ABS, 0, 0, 6), *unless(JSET, 0x1FFF),
        (LDXB_MSH, 0, 0, 0)]
    to_site = [(LDH_IND, 0, 0, 2), *only(JEQ, port), *incoming]
    if address is None:
        test, from_site = [(LDH_IND, 0, 0, 0), (JEQ, 1, 0, port)], outgoing
    else:
        test = [(LDW_ABS, 0, 0, 12), (JEQ, 1, 0, number(address))]
        from_site = [(LDH_IND, 0, 0, 0), *only(JEQ, port), *outgoing]
        to_site = [(LDW_ABS, 0, 0, 16), *only(JEQ, number(address)), *to_site]
    # A conditional jump reaches 255 instructions, an unconditional one any distance.
    return [*head, *test, (JA, 0, 0, len(from_site)), *from_site, *to_site]


class Capture:
    """A packet socket whose filter can be replaced at any time. `take(from_site, site, other, payload)` gets what
    passes; `site` and `other` are (address, port) of the site's end and of the other one."""

    def __init__(self, is_from_site, take):
        self.is_from_site = is_from_site
        self.take = take
        self.socket = socket.socket(
            socket.AF_PACKET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, socket.htons(ETH_P_ALL))
        self.attach([DROP])

    def attach(self, program):
        code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in program))
        self.socket.setsockopt(
            socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", len(program), ctypes.addressof(code)))

    def start(self):
        asyncio.get_running_loop().add_reader(self.socket, self.read)

    def read(self):
        for _ in range(256):
            try:
                packet = self.socket.recv(2048)
            except BlockingIOError:
                return
            if packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_UDP:
                continue  # from before the first filter
            header = (packet[0] & 0x0F) * 4
            sport, dport = struct.unpack_from("!HH", packet, header)
            source, destination = socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20])
            from_site = self.is_from_site(source, sport)
            ends = (source, sport), (destination, dport)
            self.take(from_site, *(ends if from_site else ends[::-1]), packet[header + 8:])
