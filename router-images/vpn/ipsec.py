"""IPsec with IKEv2: strongSwan, with ESP in the kernel where it has it, else in charon itself (kernel-libipsec)."""

import asyncio
import os
import pathlib
import struct
import subprocess
import time

import strays
import vici
from tunnel import Base, Daemon, log, run

CONFIGURATION = "/run/reconverge-charon.conf"
VICI = "/run/reconverge-charon.vici"
INTERFACE_ID = "42"
LOOK_EVERY = 1.0

# The takeover agent. charon itself retransmits within an attempt, and one at a wrong peer ends as soon as that answers.
AGAIN_AT_SOURCE = 0.25
# How long an association that was just asked for may not be listed yet.
UNLISTED_FOR = 0.1
# Whom the site has heard from within so long is served here.
HEARD_FOR = 0.8
# Each attempt at a peer that somebody else turns out to be costs both ends a Diffie-Hellman exchange and a signature.
CANDIDATES = 4
INITIATIONS_PER_SECOND = 50

INFORMATIONAL = 37


class Tunnel(Base):

    def __init__(self, settings):
        super().__init__(settings)
        self.kernel = kernel_has_esp()
        self.session = None
        self.looking = False
        self.again = False
        self.ike_ports = (settings.get("ikePort", 500), self.port)
        self.agent = Agent(self) if self.profile == "assisted" and not self.is_client else None

    def charon(self):
        quick = "" if self.profile == "stock" else "retransmit_timeout = 0.2\nretransmit_tries = 2\nretransmit_base = 1\n"
        return f"""charon {{
load_modular = yes
port = {self.ike_ports[0]}
port_nat_t = {self.ike_ports[1]}
install_routes = no
install_virtual_ip = no
{quick}
filelog {{ stderr {{ default = 1\n net = 0\n enc = 0\n ike_name = yes\n flush_line = yes }} }}
plugins {{
include /etc/strongswan.d/charon/*.conf
kernel-libipsec {{ load = {"no" if self.kernel else "yes"} }}
vici {{ load = yes\n socket = unix://{VICI} }}
}} }}
"""

    def connection(self, peer, endpoint=None):
        """One connection as in swanctl.conf. `endpoint` is where the peer is known to be, if the site is to begin."""
        stock = self.profile == "stock"
        if self.is_client:
            own, inner = self.settings["client"], (self.settings["innerAddress"], self.platform)
            ends = {"remote_addrs": [self.service], "remote_port": self.ike_ports[0]}
            local, remote = own, "platform"
        else:
            inner = (self.platform, peer["innerAddress"])
            ends = {"local_addrs": [self.service], "remote_addrs": ["%any"]}
            if endpoint:
                ends |= {"remote_addrs": [endpoint[0], "%any"], "remote_port": endpoint[1],
                         "local_port": self.ike_ports[1]}
            local, remote = "platform", peer["client"]
        child = {"local_ts": [inner[0] + "/32"], "remote_ts": [inner[1] + "/32"]}
        more = {}
        if self.is_client:
            child["start_action"] = "start"
        if not stock:
            more = {"mobike": "no", "dpd_delay": "1s" if self.is_client else "10s", "keyingtries": 0, "unique": "replace"}
            child |= {"dpd_action": "restart", "close_action": "start"} if self.is_client else {"dpd_action": "clear"}
            if not self.is_client:
                more["keyingtries"] = 1
        else:
            more = {"mobike": "no"}
        if self.kernel:
            child |= {"if_id_in": INTERFACE_ID, "if_id_out": INTERFACE_ID}
        return {"version": 2, **ends, **more,
                "local": {"auth": "pubkey", "certs": ["cert.pem"], "id": local_id(local)},
                "remote": {"auth": "pubkey", "cacerts": ["ca.pem"], "id": local_id(remote)},
                "children": {"inner": child}}

    def names(self):
        return {self.settings["client"]: None} if self.is_client else {peer["client"]: peer for peer in self.peers}

    async def run(self):
        pathlib.Path(CONFIGURATION).write_text(self.charon())
        # swanctl looks for keys and certificates in fixed places.
        for name, place in (("ca.pem", "x509ca"), ("cert.pem", "x509"), ("key.pem", "private")):
            pathlib.Path("/etc/swanctl", place, name).write_bytes(pathlib.Path(self.file(name)).read_bytes())
        pathlib.Path("/etc/swanctl/swanctl.conf").write_text(
            "connections {\n" + "".join(written(name, self.connection(peer)) for name, peer in self.names().items()) + "}\n")
        self.all_down("not started")
        if self.kernel:
            run("ip", "link", "delete", self.interface, check=False)
            run("ip", "link", "add", self.interface, "type", "xfrm", "dev", "lo", "if_id", INTERFACE_ID)
            self.address()
        if self.agent:
            self.agent.start()
        pathlib.Path(VICI).unlink(missing_ok=True)
        watching = asyncio.create_task(self.watch())
        daemon = Daemon(["/usr/lib/ipsec/charon"], {"STRONGSWAN_CONF": CONFIGURATION}, self.started)
        self.daemons.append(daemon)
        await daemon.supervise(self.ended)
        await watching

    def ended(self, how):
        self.session = None
        pathlib.Path(VICI).unlink(missing_ok=True)
        pathlib.Path("/var/run/charon.pid").unlink(missing_ok=True)
        self.all_down(f"charon ended: {how}")
        if self.agent:
            self.agent.forget()

    async def started(self):
        await self.await_path(VICI)
        if not self.kernel:
            await self.await_interface()
            self.address()
        session = await vici.Session.open(VICI, self.event)
        await session.register("ike-updown", "ike-rekey", "ike-update", "child-updown", "child-rekey")
        loading = await asyncio.create_subprocess_exec(
            "swanctl", "--load-all", "--uri", "unix://" + VICI, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT)
        said, _ = await loading.communicate()
        if loading.returncode:
            log("swanctl: " + said.decode(errors="replace"))
        self.session = session
        self.event("started", {})

    def event(self, name, message):
        if self.looking:
            self.again = True
        else:
            asyncio.get_running_loop().create_task(self.look())

    async def watch(self):
        while True:
            await asyncio.sleep(LOOK_EVERY)
            self.event("tick", {})

    async def look(self):
        self.looking = True
        try:
            if self.session:
                self.report(await self.session.security_associations())
        except (ConnectionError, OSError) as e:
            log(f"vici: {e}")
        finally:
            self.looking = False
        if self.again:
            self.again = False
            self.event("again", {})

    async def received(self):
        """What IKE itself receives is not counted: an idle client may be told without need, and comes back at once."""
        if not self.session:
            return {}
        octets = {}
        for name, sa in await self.session.security_associations():
            if sa["state"] == "ESTABLISHED":
                count = sum(int(child.get("bytes-in", 0)) for child in sa.get("child-sas", {}).values())
                octets[name] = ((sa["uniqueid"], count), sa["uniqueid"])
        return octets

    async def tell_to_leave(self, handle):
        await self.session.request("terminate", {"ike-id": handle, "timeout": -1})

    def longest_silence(self):
        return 1.2

    def report(self, found):
        if self.agent:
            self.agent.looked(found)
        for name in self.names():
            associations = [sa for connection, sa in found if connection == name]
            # The newest child is the one in use.
            best = max(((int(child["install-time"]) if "install-time" in child else 0, int(child["uniqueid"]), sa, child)
                        for sa in associations for child in sa.get("child-sas", {}).values()
                        if child["state"] in ("INSTALLED", "REKEYING", "REKEYED")),
                       key=lambda one: one[1], default=None)
            previous = self.last.get(name, ("down", "", "", False))
            if best:
                _, _, sa, child = best
                # Both ends name a session by the same two SPIs, the site's first.
                spis = (child["spi-out"], child["spi-in"]) if self.is_client else (child["spi-in"], child["spi-out"])
                self.changed(name, "up", "-".join(spis), f"{sa['remote-host']}:{sa['remote-port']}", sa["state"])
            elif any(sa["state"] == "CONNECTING" for sa in associations):
                self.changed(name, "handshaking", previous[1], previous[2], "connecting")
            else:
                reason = "told to connect anew" if name in self.told else "no security association"
                self.changed(name, "down", previous[1], previous[2], reason)


class Agent:
    """Takes over tunnels whose packets arrive here although the other site holds their security associations: the site
    initiates towards where they come from, and the client, which keeps one association with each identity
    (unique = replace), drops the old one for the new."""

    def __init__(self, tunnel):
        self.tunnel = tunnel
        self.capture = strays.Capture(lambda address, port: address == tunnel.service, self.take)
        self.endpoints = {}
        for peer in tunnel.peers:
            if peer.get("endpoint"):
                address, _, port = peer["endpoint"].rpartition(":")
                self.endpoints[peer["client"]] = (address, int(port))
        self.spis = []
        self.sources = {}
        self.stale = {}
        self.heard = {}
        self.fresh = {}
        self.initiated = {}
        self.connecting = {}
        self.allowance = float(INITIATIONS_PER_SECOND)
        self.refilled = time.monotonic()

    def start(self):
        self.watch_wire()
        self.capture.start()

    def forget(self):
        """charon has died with all of its associations: whoever was served here is to be taken over anew, at once."""
        for known in (self.spis, self.sources, self.stale, self.heard, self.fresh, self.initiated,
                      self.connecting):
            known.clear()
        self.watch_wire()

    def watch_wire(self):
        known_esp = [number for kind, number in self.spis if kind == "esp"][-strays.MOST_SESSIONS // 2:]
        known_ike = [number for kind, number in self.spis if kind == "ike"][-strays.MOST_SESSIONS // 2:]
        ike = [(strays.LDB_IND, 0, 0, 8 + 4 + 18), *strays.only(strays.JEQ, INFORMATIONAL), (strays.LDW_IND, 0, 0, 12)]
        for spi in known_ike:
            ike += strays.unless(strays.JEQ, spi)
        ike.append(strays.ACCEPT)
        esp = []
        for spi in known_esp:
            esp += strays.unless(strays.JEQ, spi)
        esp.append(strays.ACCEPT)
        # RFC 3948 §2: four octets of zero mark IKE, a single 0xff is a keepalive, all else is ESP and begins with its SPI.
        incoming = [(strays.LDH_IND, 0, 0, 4), (strays.JSET, 1, 0, 0xFFF0), strays.DROP, (strays.LDW_IND, 0, 0, 8),
                    (strays.JEQ, 1, 0, 0), (strays.JA, 0, 0, len(ike)), *ike, *esp]
        self.capture.attach(
            strays.datagrams(self.tunnel.service, self.tunnel.port, incoming, [strays.DROP]))

    def take(self, from_site, site, source, payload):
        now = time.monotonic()
        tries, last = self.sources.get(source, (0, 0.0))
        if from_site or now - last < AGAIN_AT_SOURCE or self.tunnel.session is None:
            return
        if now - last > 10:
            tries = 0
        self.sources[source] = (tries, now)
        asyncio.get_running_loop().create_task(self.stray(source, tries, payload[:12]))

    async def stray(self, source, tries, start):
        session = self.tunnel.session
        if session is None:
            return
        # An association that was made a moment ago is no stray; charon is asked before anything is done.
        self.looked(await session.security_associations())
        kind, spi = ("ike", start[4:8]) if start[:4] == b"\0\0\0\0" else ("esp", start[:4])
        if (kind, struct.unpack("!I", spi)[0]) in self.spis:
            self.sources.pop(source, None)
            return
        if source in self.connecting.values():
            return  # the answer there is awaited
        await self.initiate(session, source, tries)

    def candidates(self, source, tries):
        """Whom a packet from `source` may come from: who was last seen there, then who has that address, then everyone
        else in turn. Never a peer that this site is hearing from."""
        now = time.monotonic()
        idle = [peer["client"] for peer in self.tunnel.peers
                if now - self.fresh.get(peer["client"], -1e9) > HEARD_FOR
                and now - self.initiated.get(peer["client"], -1e9) > UNLISTED_FOR
                and peer["client"] not in self.connecting]
        exact = [name for name in idle if self.endpoints.get(name) == source]
        if exact and tries < 3:
            return exact
        near = [name for name in idle if name in self.endpoints and self.endpoints[name][0] == source[0]]
        if near and tries < 5:
            return near
        rest = sorted(idle, key=lambda name: name in self.endpoints)
        start = tries * CANDIDATES % max(1, len(rest))
        return (rest + rest)[start:start + min(CANDIDATES, len(rest))]

    async def initiate(self, session, source, tries):
        now = time.monotonic()
        limit = INITIATIONS_PER_SECOND
        self.allowance = min(limit, self.allowance + (now - self.refilled) * limit)
        self.refilled = now
        chosen = self.candidates(source, tries)[:int(self.allowance)]
        self.allowance -= len(chosen)
        if chosen:
            self.sources[source] = (tries + 1, now)
        for name in chosen:
            self.initiated[name] = now
            # What is left from when the client was served here before would count as a duplicate. With it gone, charon
            # says INITIAL_CONTACT (RFC 7296 §2.4), and the client drops its association with the other site at once.
            for identifier in self.stale.get(name, ()):
                await session.request("terminate", {"ike-id": identifier, "force": "yes", "timeout": -1})
            connection = self.tunnel.connection(self.tunnel.names()[name], source)
            await session.request("load-conn", {name: self.loadable(connection)})
            answer = await session.request("initiate", {"child": "inner", "ike": name, "timeout": -1})
            how = "" if answer.get("success") == "yes" else f": {answer.get('errmsg')}"
            log(f"takeover: stray from {source[0]}:{source[1]}, attempt {tries + 1}, initiated to {name}{how}")

    def loadable(self, connection):
        """As swanctl sends it: certificates by their content, since charon reads no files for others."""
        connection["local"]["certs"] = [pathlib.Path(self.tunnel.file("cert.pem")).read_text()]
        connection["remote"]["cacerts"] = [pathlib.Path(self.tunnel.file("ca.pem")).read_text()]
        return connection

    def looked(self, found):
        spis = []
        self.stale = {}
        self.connecting = {}
        for name, sa in found:
            if sa["state"] == "CONNECTING":
                self.connecting[name] = (sa["remote-host"], int(sa["remote-port"]))
            spis.append(("ike", int(sa["initiator-spi"][:8], 16)))
            self.stale.setdefault(name, []).append(sa["uniqueid"])
            for child in sa.get("child-sas", {}).values():
                if "spi-in" in child:
                    spis.append(("esp", int(child["spi-in"], 16)))
                    self.endpoints[name] = (sa["remote-host"], int(sa["remote-port"]))
                    heard = int(child.get("bytes-in", 0))
                    if heard > self.heard.get(child["spi-in"], 0):
                        self.fresh[name] = time.monotonic()
                        self.heard[child["spi-in"]] = heard
        if spis != self.spis:
            self.spis = spis
            self.watch_wire()


def local_id(name):
    return f"fqdn:{name}"


def written(name, section, indent="  "):
    """Writes a section of swanctl.conf."""
    out = f"{indent}{name} {{\n"
    for key, value in section.items():
        if isinstance(value, dict):
            out += written(key, value, indent + "  ")
        else:
            out += f"{indent}  {key} = {', '.join(value) if isinstance(value, list) else value}\n"
    return out + indent + "}\n"


def kernel_has_esp():
    """ESP and interfaces for it; a policy without an interface would give a firewall nothing to tell the inside by."""
    state = "ip xfrm state {} src 192.0.2.1 dst 192.0.2.2 proto esp spi 1"
    try:
        run(*state.format("add").split(), "mode", "tunnel", "aead", "rfc4106(gcm(aes))",
            "0x0123456789abcdef0123456789abcdef01234567", "128")
        run(*state.format("delete").split())
        run("ip", "link", "add", "reconverge-x", "type", "xfrm", "dev", "lo", "if_id", "4242")
        run("ip", "link", "delete", "reconverge-x")
        return True
    except RuntimeError:
        return False
