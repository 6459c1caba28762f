"""WireGuard: in the kernel where it has it, else wireguard-go."""

import asyncio
import base64
import collections
import socket
import struct
import subprocess
import time

import strays
from tunnel import Base, Daemon, log, run

# How long a session is good for (WireGuard's REJECT_AFTER_TIME).
REJECT_AFTER = 180
# Events come from the handshakes on the wire; this only catches what they cannot tell, such as keys that ran out.
LOOK_EVERY = 1.0

# What the packet socket may be behind the daemon, in nanoseconds.
CAPTURE_DELAY = 100_000_000

# The takeover agent. Between two attempts to reach one source; an answer takes one round trip.
KNOCK_EVERY = 0.3
# Who sent the stray packet is not written on it. So many peers are tried at a time when no endpoint is known.
CANDIDATES = 32
# Attempts a second over all sources, each 148 octets and about 0.2 ms of a core: the bound on what forged packets cost.
KNOCKS_PER_SECOND = 400

INITIATION, RESPONSE, DATA = 1, 2, 4


class Tunnel(Base):

    def __init__(self, settings):
        super().__init__(settings)
        self.kernel = subprocess.run(
            ["ip", "link", "add", "reconverge-wg", "type", "wireguard"], capture_output=True).returncode == 0
        if self.kernel:
            run("ip", "link", "delete", "reconverge-wg")
        self.names = {peer["publicKey"]: peer["client"] for peer in self.peers}
        if self.is_client:
            self.names = {settings["publicKey"]: settings["client"]}
        self.shaking = set()
        # Indices of our own initiations; a response to none of them is not for us.
        self.asked = collections.deque(maxlen=1024)
        # By the other end: the session agreed last, as both indices, and when by both clocks.
        self.agreed = {}
        self.sessions = {}
        self.capture = strays.Capture(lambda address, port: port == self.port, self.take)
        self.agent = Agent(self) if self.profile == "assisted" and not self.is_client else None
        self.looking = None

    async def run(self):
        self.watch_wire()
        self.capture.start()
        self.all_down("not started")
        watching = asyncio.create_task(self.watch())
        if self.kernel:
            run("ip", "link", "delete", self.interface, check=False)
            run("ip", "link", "add", self.interface, "type", "wireguard")
            await self.configure()
            await watching
        else:
            daemon = Daemon(["wireguard-go", "-f", self.interface], {"LOG_LEVEL": "error"}, self.configure, line=told)
            self.daemons.append(daemon)
            await daemon.supervise(lambda how: self.all_down(f"wireguard-go ended: {how}"))

    async def configure(self):
        await self.await_interface()
        if not self.kernel:
            await self.await_path(f"/var/run/wireguard/{self.interface}.sock")
        lines = ["[Interface]", "PrivateKey = " + open(self.file("private.key")).read().strip()]
        if self.is_client:
            lines += ["[Peer]", "PublicKey = " + self.settings["publicKey"],
                      f"AllowedIPs = {self.platform}/32", f"Endpoint = {self.service}:{self.port}"]
            keepalive = self.settings.get("keepalive", {"stock": 0, "tuned": 1, "assisted": 1}[self.profile])
            if keepalive:
                lines.append(f"PersistentKeepalive = {keepalive}")
        else:
            lines.append(f"ListenPort = {self.port}")
            for peer in self.peers:
                lines += ["[Peer]", "PublicKey = " + peer["publicKey"], f"AllowedIPs = {peer['innerAddress']}/32"]
        run("wg", "setconf", self.interface, "/dev/stdin", text="\n".join(lines) + "\n")
        self.address()
        self.look()

    def watch_wire(self):
        handshakes = [
            (strays.LDB_IND, 0, 0, 8), (strays.JEQ, 2, 0, INITIATION), (strays.JEQ, 1, 0, RESPONSE), strays.DROP,
            strays.ACCEPT]
        incoming = handshakes
        if self.agent:
            # Data passes unless it belongs to a session of ours.
            incoming = [
                (strays.LDB_IND, 0, 0, 8), (strays.JEQ, 0, 1, INITIATION), strays.ACCEPT,
                (strays.JEQ, 0, 1, RESPONSE), strays.ACCEPT, *strays.only(strays.JEQ, DATA), (strays.LDW_IND, 0, 0, 12)]
            for index in self.agent.known()[-strays.MOST_SESSIONS:]:
                incoming += strays.unless(strays.JEQ, struct.unpack("!I", index)[0])
            incoming.append(strays.ACCEPT)
        self.capture.attach(strays.datagrams(None, self.port, incoming, handshakes))

    def take(self, from_site, site, other, payload):
        """A handshake message or a stray went by."""
        kind = payload[0]
        ours = from_site != self.is_client
        if ours and kind in (INITIATION, RESPONSE) and self.agent:
            self.agent.session(other, payload[4:8])
            self.watch_wire()
        if kind == DATA:
            self.agent.stray(other, payload[4:8])
            return
        if kind == INITIATION and ours:
            self.asked.append(payload[4:8])
            if self.is_client:
                self.shaking.add(self.settings["client"])
        if kind == RESPONSE and (ours or payload[8:12] in self.asked):
            # Both ends know a session by the same two indices, the initiator's first.
            address, port = site if self.is_client else other
            self.agreed[f"{address}:{port}"] = (
                (payload[8:12] + payload[4:8]).hex(), time.monotonic_ns(), time.time_ns() - CAPTURE_DELAY)
        # The daemon sees the message at the same time; it is asked a moment later.
        self.look_soon(0.005)

    def look_soon(self, delay):
        if self.looking is None:
            self.looking = asyncio.get_running_loop().call_later(delay, self.look)

    async def watch(self):
        while True:
            self.look()
            await asyncio.sleep(LOOK_EVERY)

    def dump(self):
        """What the daemon knows of each peer, by its public key: (endpoint, last handshake, octets received). The time of
        the handshake is in nanoseconds of the wall clock; the kernel's WireGuard tells whole seconds."""
        return kernel_peers(self.interface) if self.kernel else daemon_peers(self.interface)

    def look(self):
        self.looking = None
        self.capture.read()  # what is older than the daemon's answer must not be taken for newer
        now = time.time_ns()
        peers = self.dump()
        for key, (endpoint, handshake, _) in peers.items():
            client = self.names.get(key)
            if client is None:
                continue
            at = None
            agreed = self.agreed.get(endpoint)
            # An answer to an initiation proves nothing: the site that lost the client goes on asking for 90 s, and the
            # client answers, but to the site that has it now. Keys are in use when the daemon says so.
            if handshake and agreed and handshake >= agreed[2] - (1_000_000_000 if self.kernel else 0):
                session, at, _ = self.agreed.pop(endpoint)
                self.sessions[client] = session
                self.shaking.discard(client)
            session = self.sessions.get(client, "")
            if client in self.shaking:
                self.changed(client, "handshaking", session, endpoint, "initiation sent")
            elif handshake and now - handshake < REJECT_AFTER * 1_000_000_000:
                self.changed(client, "up", session, endpoint, "", at)
            elif handshake:
                self.changed(client, "down", session, endpoint, "keys expired")
        if self.agent:
            self.agent.looked(peers)


def daemon_peers(interface):
    """Asks wireguard-go in WireGuard's cross-platform configuration protocol."""
    peers = {}
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(f"/var/run/wireguard/{interface}.sock")
            connection.sendall(b"get=1\n\n")
            answer = b""
            while not answer.endswith(b"\n\n"):
                part = connection.recv(65536)
                if not part:
                    break
                answer += part
    except OSError:  # it has just died, or is not there yet
        return peers
    key = None
    for line in answer.decode().splitlines():
        name, _, value = line.partition("=")
        if name == "public_key":
            key = base64.b64encode(bytes.fromhex(value)).decode()
            peers[key] = ["", 0, 0]
        elif key and name == "endpoint":
            peers[key][0] = value
        elif key and name == "last_handshake_time_sec":
            peers[key][1] += int(value) * 1_000_000_000
        elif key and name == "last_handshake_time_nsec":
            peers[key][1] += int(value)
        elif key and name == "rx_bytes":
            peers[key][2] = int(value)
    return peers


def kernel_peers(interface):
    shown = subprocess.run(["wg", "show", interface, "dump"], capture_output=True, text=True, close_fds=False).stdout
    peers = {}
    for line in shown.splitlines()[1:]:
        key, _, endpoint, _, handshake, received, _, _ = line.split("\t")
        peers[key] = ["" if endpoint == "(none)" else endpoint, int(handshake) * 1_000_000_000, int(received)]
    return peers


def told(line):
    """wireguard-go frames its advice to use the kernel's WireGuard, which was tried first, in a box."""
    if line[:1] not in "┌│└":
        log(line)


class Agent:
    """Takes over tunnels whose packets arrive here although the other site holds their sessions.

    A stray packet shows that the route has moved and where the client is. The site then begins the handshake itself,
    which WireGuard's client answers at once; left alone, it would ask only 15 s after its last answered packet."""

    def __init__(self, tunnel):
        self.tunnel = tunnel
        self.indices = collections.defaultdict(lambda: collections.deque(maxlen=4))
        self.endpoints = {p["publicKey"]: p["endpoint"] for p in tunnel.peers if p.get("endpoint")}
        self.inner = {p["publicKey"]: p["innerAddress"] for p in tunnel.peers}
        self.sources = {}
        self.received = {}
        self.fresh = {}
        self.allowance = float(KNOCKS_PER_SECOND)
        self.refilled = time.monotonic()
        self.knocks = 0

    def session(self, other, index):
        """This site sent a handshake message: packets with this index will be its own."""
        self.indices[other].append(index)

    def known(self):
        return [index for indices in self.indices.values() for index in indices]

    def stray(self, source, index):
        if index in self.indices.get(source, ()):
            return  # it was under way while the filter was being changed
        now = time.monotonic()
        tries, last = self.sources.get(source, (0, 0.0))
        if now - last < KNOCK_EVERY:
            return
        if now - last > 5:
            tries = 0
        self.sources[source] = (tries + 1, now)
        self.knock(source, tries)

    def candidates(self, source, tries):
        """Whom a packet from `source` may come from: who was last seen there, then who has that address, then everyone
        else in turn. Never a peer that this site is hearing from."""
        endpoint = f"{source[0]}:{source[1]}"
        peers = self.tunnel.dump()
        self.looked(peers)
        idle = [key for key in self.inner if time.monotonic() - self.fresh.get(key, -1e9) > KNOCK_EVERY]
        exact = [key for key in idle if self.endpoints.get(key) == endpoint]
        if exact and tries < 3:
            return exact
        near = [key for key in idle if self.endpoints.get(key, "").rpartition(":")[0] == source[0]]
        if near and tries < 5:
            return near
        # Peers known to be elsewhere come last, but they may have moved.
        rest = sorted((key for key in idle), key=lambda key: key in self.endpoints)
        if not rest:
            return []
        start = tries * CANDIDATES % len(rest)
        return (rest + rest)[start:start + min(CANDIDATES, len(rest))]

    def knock(self, source, tries):
        now = time.monotonic()
        self.allowance = min(KNOCKS_PER_SECOND, self.allowance + (now - self.refilled) * KNOCKS_PER_SECOND)
        self.refilled = now
        chosen = self.candidates(source, tries)[:int(self.allowance)]
        if not chosen:
            return
        self.allowance -= len(chosen)
        self.knocks += len(chosen)
        words = []
        for key in chosen:
            # Removed first: an initiation of the last 5 s would silently suppress the next one. The keepalive is what
            # makes the daemon speak first.
            words += ["peer", key, "remove", "peer", key, "endpoint", f"{source[0]}:{source[1]}",
                      "allowed-ips", self.inner[key] + "/32", "persistent-keepalive", "25"]
        run("wg", "set", self.tunnel.interface, *words)
        log(f"takeover: stray from {source[0]}:{source[1]}, attempt {tries + 1}, knocked for {len(chosen)}")
        asyncio.get_running_loop().call_later(0.9 * KNOCK_EVERY, self.settle, chosen)

    def settle(self, chosen):
        """Stops knocking: for whom nobody answered for, it would go on every 5 s for long."""
        words = []
        for key, (_, handshake, _) in self.tunnel.dump().items():
            if key in chosen and handshake:
                words += ["peer", key, "persistent-keepalive", "0"]
            elif key in chosen:
                words += ["peer", key, "remove", "peer", key, "allowed-ips", self.inner[key] + "/32"]
        if words:
            run("wg", "set", self.tunnel.interface, *words)

    def looked(self, peers):
        for key, (endpoint, handshake, received) in peers.items():
            if handshake and endpoint:
                self.endpoints[key] = endpoint
            if handshake and received > self.received.get(key, 0):
                self.fresh[key] = time.monotonic()
            self.received[key] = received
