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

# The takeover agent. Strays are collected for a moment, since many clients move together.
COLLECT = 0.003
# A likely peer is asked again after so long: the longest round trip with which a takeover works.
KNOCK_EVERY = 0.3
# A peer that is only tried has so long to answer before it is tried elsewhere.
ANSWER_WITHIN = 0.1
# After so long without an answer the daemon is told to stop asking; it would by itself ask every 5 s for 90 s.
SETTLE_AFTER = 1.0
# Who was heard within this time is here: the profile's client says something every second.
RECENT = 1.2
# After so long without strays a place is as good as new.
FORGET = 5.0
# How many peers are tried at one place at a time, when there is one place.
CANDIDATES = 32
# At so many places at once somebody unknown is looked for. Beyond, looking would take longer than WireGuard's own 15 s,
# and get in the way of it: then endpoints must be known.
MOST_UNKNOWN = 16
# Attempts a second over all places, each 148 octets and about 0.2 ms of a core: the bound on what forged packets cost.
KNOCKS_PER_SECOND = 1000

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
        self.asked = collections.deque(maxlen=4096)
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
            await daemon.supervise(self.ended)

    def ended(self, how):
        self.all_down(f"wireguard-go ended: {how}")
        if self.agent:
            self.agent.forget()

    async def configure(self):
        await self.await_interface()
        if not self.kernel:
            await self.await_path(f"/var/run/wireguard/{self.interface}.sock")
        lines = ["[Interface]", "PrivateKey = " + open(self.file("private.key")).read().strip()]
        if self.is_client:
            lines += ["[Peer]", "PublicKey = " + self.settings["publicKey"],
                      "AllowedIPs = " + ("0.0.0.0/0" if self.settings.get("routed") else f"{self.platform}/32"), f"Endpoint = {self.service}:{self.port}"]
            keepalive = self.settings.get("keepalive", {"stock": 0, "tuned": 1, "assisted": 1}[self.profile])
            if self.mark:
                lines.insert(1, f"FwMark = {self.mark}")
            if keepalive:
                lines.append(f"PersistentKeepalive = {keepalive}")
        else:
            lines.append(f"ListenPort = {self.port}")
            for peer in self.peers:
                lines += ["[Peer]", "PublicKey = " + peer["publicKey"], "AllowedIPs = " + allowed(peer)]
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
            if self.agent:
                self.agent.agrees(other, payload[4:8] if ours else payload[8:12])
                self.watch_wire()
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


def allowed(peer):
    """What may come from a peer, and is sent to it: its inner address, and the networks behind it."""
    return ",".join([peer["innerAddress"] + "/32", *peer.get("networks", [])])


def told(line):
    """wireguard-go frames its advice to use the kernel's WireGuard, which was tried first, in a box."""
    if line[:1] not in "┌│└":
        log(line)


class Agent:
    """Takes over tunnels whose packets arrive here although the other site holds their sessions.

    A stray packet shows that the route has moved and where the client is. The site then begins the handshake itself,
    which WireGuard's client answers at once; left alone, it would ask only 15 s after its last answered packet.

    Who sent the packet is not written on it, and a peer can be asked at one place at a time. So it is asked first who was
    last seen at that place, then who was last seen at that address, then everybody who is not served here, in turn."""

    def __init__(self, tunnel):
        self.tunnel = tunnel
        # The last few sessions with each place.
        self.indices = collections.defaultdict(lambda: collections.deque(maxlen=4))
        self.since = {}
        self.endpoints = {p["publicKey"]: p["endpoint"] for p in tunnel.peers if p.get("endpoint")}
        self.inner = {p["publicKey"]: allowed(p) for p in tunnel.peers}
        self.sources = {}
        self.received = {}
        self.fresh = {}
        self.knocked = {}
        self.allowance = float(KNOCKS_PER_SECOND)
        self.refilled = time.monotonic()
        self.round_due = None

    def agrees(self, place, index):
        """Both sent their handshake messages: data with this index will be this site's own."""
        self.indices[place].append(index)
        self.since[place] = time.monotonic()

    def known(self):
        return [index for indices in self.indices.values() for index in indices]

    def forget(self):
        """The daemon has died with all of its sessions: whoever was served here is to be taken over anew, at once."""
        for known in (self.indices, self.since, self.fresh, self.received, self.knocked):
            known.clear()
        self.tunnel.watch_wire()

    def stray(self, place, index):
        if index in self.indices.get(place, ()):
            return  # it was under way while the filter was being changed
        source = self.sources.setdefault(place, Source(f"{place[0]}:{place[1]}"))
        source.heard = time.monotonic()
        self.next_round(COLLECT)

    def next_round(self, delay):
        if self.round_due is None:
            self.round_due = asyncio.get_running_loop().call_later(delay, self.round)

    def round(self):
        """Asks for every source of strays somebody who may be there."""
        self.round_due = None
        now = time.monotonic()
        self.looked(self.tunnel.dump())
        self.sources = {place: source for place, source in self.sources.items() if now - source.heard < FORGET}
        served = {self.endpoints[key]: at for key, at in self.fresh.items()}
        waiting = [source for source in self.sources.values()
                   if now - source.heard < RECENT and served.get(source.endpoint, -1e9) < source.heard]
        idle = [key for key in self.inner
                if now - self.fresh.get(key, -1e9) > RECENT and now - self.knocked.get(key, -1e9) > ANSWER_WITHIN]
        self.allowance = min(KNOCKS_PER_SECOND, self.allowance + (now - self.refilled) * KNOCKS_PER_SECOND)
        self.refilled = now
        chosen = {}
        for source in waiting:
            if now - source.knocked > KNOCK_EVERY:
                for key in source.likely(idle, self.endpoints):
                    chosen.setdefault(key, source)
        free = [key for key in idle if key not in chosen]
        unlucky = [source for source in waiting if source not in chosen.values()
                   and now - source.knocked > ANSWER_WITHIN][:MOST_UNKNOWN]
        for _ in range(CANDIDATES):
            for source in unlucky:
                key = source.untried(free)
                if key:
                    free.remove(key)
                    chosen[key] = source
        chosen = dict(list(chosen.items())[:int(self.allowance)])
        self.allowance -= len(chosen)
        self.knock(chosen, now)
        if waiting:
            self.next_round(ANSWER_WITHIN)

    def knock(self, chosen, now):
        words = []
        for key, source in chosen.items():
            # Removed first: an initiation of the last 5 s would silently suppress the next one. The keepalive is what
            # makes the daemon speak first.
            words += ["peer", key, "remove", "peer", key, "endpoint", source.endpoint,
                      "allowed-ips", self.inner[key], "persistent-keepalive", "25"]
            source.knocked = self.knocked[key] = now
            source.tried.add(key)
        if words:
            run("wg", "set", self.tunnel.interface, *words)
            log(f"takeover: knocked for {len(chosen)} at {len(set(chosen.values()))} places")
            asyncio.get_running_loop().call_later(SETTLE_AFTER, self.settle, list(chosen), now)

    def settle(self, keys, when):
        """Stops knocking where nobody answered."""
        words = []
        for key, (_, handshake, _) in self.tunnel.dump().items():
            if key in keys and self.knocked.get(key) == when:
                words += ["peer", key] + (["persistent-keepalive", "0"] if handshake else [
                    "remove", "peer", key, "allowed-ips", self.inner[key]])
        if words:
            run("wg", "set", self.tunnel.interface, *words)

    def looked(self, peers):
        now = time.monotonic()
        held = {endpoint for endpoint, handshake, _ in peers.values() if handshake}
        for place in list(self.indices):
            # A peer that was removed took its sessions with it, also one that was agreed on at that very moment. Were they
            # still taken for ours, its packets would be no strays, and nobody would ever knock again.
            if f"{place[0]}:{place[1]}" not in held and now - self.since[place] > KNOCK_EVERY:
                del self.indices[place]
                self.tunnel.watch_wire()
        for key, (endpoint, handshake, received) in peers.items():
            if handshake and endpoint:
                self.endpoints[key] = endpoint
                if received > self.received.get(key, 0):
                    self.fresh[key] = now
            self.received[key] = received


class Source:
    """Where strays come from."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.address = endpoint.rpartition(":")[0]
        self.heard = self.knocked = -1e9
        self.tried = set()
        self.attempts = 0

    def likely(self, idle, endpoints):
        """Who was last seen here, or at least at this address; a few times, then anybody may be."""
        self.attempts += 1
        exact = [key for key in idle if endpoints.get(key) == self.endpoint]
        if exact and self.attempts <= 3:
            return exact
        near = [key for key in idle if endpoints.get(key, "").rpartition(":")[0] == self.address]
        return near[:CANDIDATES] if self.attempts <= 5 else []

    def untried(self, free):
        left = [key for key in free if key not in self.tried]
        if not left and free:
            self.tried.clear()
            left = free
        return left[0] if left else None
