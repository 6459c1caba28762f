"""OpenVPN over UDP with TLS. Its state comes from the management interface, which tells of every change by itself."""

import asyncio
import os
import pathlib
import re
import socket
import struct
import time

from tunnel import Base, Daemon, log

MANAGEMENT = "/run/reconverge-openvpn.sock"
CLIENTS = "/run/reconverge-openvpn-clients"

# The watchdog of the profile `assisted`: OpenVPN's server cannot speak first, so the client must notice.
PING_EVERY = 0.1
# Silence that is longer is an outage. A network with a longer round trip needs more.
SILENCE = 0.3
# The first attempt may come before the route has moved, and would then wait for OpenVPN's own retransmission.
RETRY = (0.5, 0.5, 0.5, 1.0, 2.0)

CONNECTED = "CONNECTED"


class Tunnel(Base):

    def __init__(self, settings):
        super().__init__(settings)
        self.writer = None
        self.state = ""
        self.endpoint = ""
        self.session = ""
        self.sid = ""
        self.negotiations = 0
        self.agreed = {}
        self.counted = {}

    def configuration(self):
        """The daemon's configuration. README.md gives the reason of each line that is not the vendor's default."""
        lines = [f"dev {self.interface}", "dev-type tun", "topology subnet", "proto udp4",
                 f"ca {self.file('ca.pem')}", f"cert {self.file('cert.pem')}", f"key {self.file('key.pem')}",
                 "persist-tun", "persist-key", "verb 3", f"management {MANAGEMENT} unix"]
        stock = self.profile == "stock"
        if self.is_client:
            lines += ["client", f"remote {self.service} {self.port}", "nobind", "remote-cert-tls server",
                      "verify-x509-name platform name"]
            if self.mark:
                lines.append(f"mark {self.mark}")
            if not stock:
                lines += ["connect-retry 0", "tls-timeout 1"]
        else:
            network = self.settings["network"]
            lines += ["mode server", "tls-server", "push \"topology subnet\"", f"local {self.service}",
                      f"lport {self.port}", "dh none", "remote-cert-tls client",
                      f"client-config-dir {CLIENTS}", "ccd-exclusive",
                      f"ifconfig {self.platform} {netmask(network)}", "ifconfig-noexec"]
            lines += ["keepalive 10 60"] if stock else [
                "ping 1", "ping-restart 3", "push \"ping 1\"", "push \"ping-restart 3\"", "explicit-exit-notify 1"]
        return "\n".join(lines) + "\n"

    async def run(self):
        pathlib.Path("/run/reconverge-openvpn.conf").write_text(self.configuration())
        os.makedirs(CLIENTS, exist_ok=True)
        for peer in self.peers:
            pathlib.Path(CLIENTS, peer["client"]).write_text(
                f"ifconfig-push {peer['innerAddress']} {netmask(self.settings['network'])}\n")
        self.all_down("not started")
        if self.is_client and self.profile == "assisted":
            self.watchdog = asyncio.create_task(Watchdog(self).run())
        daemon = Daemon(["openvpn", "--config", "/run/reconverge-openvpn.conf"], started=self.started,
                        line=lambda text: None)
        self.daemons.append(daemon)
        await daemon.supervise(self.ended)

    def ended(self, how):
        self.state = ""
        self.writer = None
        pathlib.Path(MANAGEMENT).unlink(missing_ok=True)
        self.all_down(f"openvpn ended: {how}")

    async def started(self):
        await self.await_path(MANAGEMENT)
        while True:
            try:
                reader, self.writer = await asyncio.open_unix_connection(MANAGEMENT)
                break
            except ConnectionRefusedError:  # bound, but not listening yet
                await asyncio.sleep(0.01)
        self.send("log on all")
        self.send("state on all" if self.is_client else "state on")
        if not self.is_client:
            await self.await_interface()
            self.address()
        async for line in reader:
            self.take(line.decode(errors="replace").rstrip())

    def send(self, command):
        if self.writer:
            self.writer.write(command.encode() + b"\n")

    def take(self, line):
        if line.startswith(">LOG:") or re.match(r"\d+,[A-Z]{0,3},", line):
            text = line.removeprefix(">LOG:").split(",", 2)[2]
            log(text)
            self.logged(text)
        elif self.is_client and line.startswith(">STATE:"):
            self.stated(line[7:].split(","))
        elif self.is_client and re.match(r"\d+,[A-Z_]+,", line):
            self.stated(line.split(","))
        elif line.startswith("CLIENT_LIST,"):
            # Name, address, inner IPv4 and IPv6 address, octets received and sent, two times, user, client id.
            words = line.split(",")
            self.counted[words[1]] = (int(words[5]), words[10])

    def stated(self, words):
        self.state = words[1]
        client = self.settings["client"]
        if self.state == CONNECTED:
            self.endpoint = f"{words[4]}:{words[5]}"
            self.changed(client, "up", self.session, self.endpoint, words[2])
        elif self.state == "EXITING":
            self.changed(client, "down", self.session, self.endpoint, "openvpn is exiting")
        else:
            self.changed(client, "handshaking", self.session, self.endpoint, ",".join(words[1:3]))

    async def received(self):
        found, self.counted = self.counted, {}
        self.send("status 2")
        return found

    async def tell_to_leave(self, handle):
        self.send(f"client-kill {handle}")

    def longest_silence(self):
        # OpenVPN counts whole seconds: ping-restart 3 gives a client up after 2 to 3 s, and then there is nobody to tell.
        return 12 if self.profile == "stock" else 1.3

    def logged(self, text):
        """A session is the peer's TLS session id and how often keys were agreed on in it; a server does not write the
        id, so that it counts what it agreed on."""
        if self.is_client:
            found = re.match(r"TLS: Initial packet from \S+ sid=(\S+) (\S+)", text)
            if found:
                self.sid, self.negotiations = found[1] + found[2], 0
            elif text.startswith("Control Channel: TLS"):
                self.negotiations += 1
                self.session = f"{self.sid}/{self.negotiations}"
                if self.state == CONNECTED:
                    self.changed(self.settings["client"], "up", self.session, self.endpoint, "keys renewed")
            return
        # A server's lines begin with the client's name, once it is known, and its address.
        found = re.match(r"(?:(\S+)/)?(\d+\.\d+\.\d+\.\d+:\d+) (.*)", text)
        if not found:
            return
        client, endpoint, what = found[1], found[2], found[3]
        if what.startswith("Control Channel: TLS"):
            self.negotiations += 1
            self.agreed[endpoint] = f"{self.negotiations}"
            if client in self.clients():
                self.changed(client, "up", self.agreed[endpoint], endpoint, "keys renewed")
        elif client in self.clients() and what.startswith("MULTI: primary virtual IP"):
            self.changed(client, "up", self.agreed.get(endpoint, ""), endpoint, "")
        elif client in self.clients() and "client-instance" in what:
            agreed = self.agreed.pop(endpoint, "")
            # A client that came back from another port has a new instance already when the old one ends.
            if self.last.get(client, ("", "", "", False))[2] == endpoint:
                self.changed(client, "down", agreed, endpoint, what)


class Watchdog:
    """Pings the platform through the tunnel and makes OpenVPN connect again when it falls silent."""

    def __init__(self, tunnel):
        self.tunnel = tunnel
        self.identifier = os.getpid() & 0xFFFF

    async def run(self):
        socket_ = None
        sequence = 0
        heard = time.monotonic()
        acted = 0.0
        attempts = 0
        loop = asyncio.get_running_loop()
        while True:
            if self.tunnel.state == CONNECTED and socket_ is None:
                heard = time.monotonic()
                socket_ = socket.socket(socket.AF_INET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMP)
            if socket_:
                sequence = (sequence + 1) & 0xFFFF
                try:
                    socket_.setsockopt(
                        socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self.tunnel.interface.encode() + b"\0")
                    socket_.sendto(echo(self.identifier, sequence), (self.tunnel.platform, 0))
                except OSError:
                    pass  # the interface has gone with the daemon
            await asyncio.sleep(PING_EVERY)
            while socket_:
                try:
                    packet = socket_.recv(2048)
                except BlockingIOError:
                    break
                except OSError:
                    break
                at = (packet[0] & 0x0F) * 4
                kind, _, _, identifier, number = struct.unpack_from("!BBHHH", packet, at)
                if kind == 0 and identifier == self.identifier and number == sequence:
                    heard = time.monotonic()
                    attempts = 0
            now = time.monotonic()
            pause = RETRY[min(attempts, len(RETRY)) - 1] if attempts else 0
            if self.tunnel.writer and socket_ and now - heard > SILENCE and now - acted >= pause:
                log(f"watchdog: nothing heard for {now - heard:.2f} s, attempt {attempts + 1}")
                self.tunnel.send("signal SIGUSR1")
                acted = now
                attempts += 1


def echo(identifier, sequence):
    header = struct.pack("!BBHHH", 8, 0, 0, identifier, sequence)
    total = sum(struct.unpack("!4H", header))
    total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!BBHHH", 8, 0, ~total & 0xFFFF, identifier, sequence)


def netmask(network):
    length = int(network.split("/")[1])
    return socket.inet_ntoa(struct.pack("!I", 0xFFFFFFFF << 32 - length & 0xFFFFFFFF))
