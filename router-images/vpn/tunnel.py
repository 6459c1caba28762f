"""What every kind of tunnel shares: the daemon's supervision, the interface's addresses, the lines of the history."""

import asyncio
import ipaddress
import json
import os
import subprocess
import sys
import time

# Marks, and routing tables, of tunnels that keep to one access line.
FIRST_MARK = 20_000
# As systemd: RestartSec defaults to 100 ms.
RESTART_AFTER = 0.1
# How often a site that is drained looks whether a client has gone.
FAREWELL_EVERY = 0.2


def log(text):
    """Says something to people; standard output belongs to the history."""
    print(text, file=sys.stderr, flush=True)


def run(*command, check=True, text=None):
    """Runs a short command and returns what it printed."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, close_fds=False)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


class Daemon:
    """A daemon under supervision: started again when it ends, however it ends."""

    def __init__(self, command, environment=None, started=None, line=None):
        self.command = command
        self.environment = {**os.environ, **(environment or {})}
        self.started = started
        self.line = line
        self.process = None
        self.starts = 0

    async def supervise(self, ended):
        while True:
            self.process = await asyncio.create_subprocess_exec(
                *self.command, env=self.environment, stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
            self.starts += 1
            preparing = asyncio.create_task(self.prepare())
            async for line in self.process.stdout:
                text = line.decode(errors="replace").rstrip()
                (self.line or log)(text)
            status = await self.process.wait()
            preparing.cancel()
            how = f"signal {-status}" if status < 0 else f"exit status {status}"
            log(f"{self.command[0]} ended: {how}")
            ended(how)
            await asyncio.sleep(RESTART_AFTER)

    async def prepare(self):
        if self.started:
            try:
                await self.started()
            except Exception as e:  # the daemon may have died meanwhile; its supervision says so
                log(f"{self.command[0]}: {type(e).__name__}: {e}")

    async def terminate(self):
        """Ends it as an operator would, so that it can say goodbye to its peers."""
        if self.process and self.process.returncode is None:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), 3)
            except asyncio.TimeoutError:
                self.process.kill()


class Base:
    """One end of a tunnel. `settings` is what tunnel.json says."""

    def __init__(self, settings):
        self.settings = settings
        self.directory = settings["directory"]
        self.is_client = settings["role"] == "client"
        self.profile = settings["profile"]
        self.interface = settings["interface"]
        self.service = settings["service"]
        self.port = settings["port"]
        self.platform = settings["platform"]
        self.peers = settings.get("peers", [])
        self.last = {}
        self.daemons = []
        self.maintenance_over = None
        self.farewells = None
        self.told = set()
        # Without its tunnel, traffic of the inside must never leave in the clear by the default route.
        run("ip", "route", "replace", "unreachable", settings["network"], "metric", "4096")
        self.mark = self.pin(settings["from"]) if "from" in settings else 0

    def pin(self, address):
        """Keeps the tunnel's packets to the access line of an address of the node, as the node's own routing has it, whatever
        the best way to the platform is. Returns the mark that they must carry."""
        way = json.loads(run("ip", "-json", "route", "get", self.service, "from", address))[0]
        mark = str(FIRST_MARK + int(ipaddress.ip_address(address)) % 10_000)
        gateway = ["via", way["gateway"]] if "gateway" in way else []
        run("ip", "route", "replace", f"{self.service}/32", *gateway, "dev", way["dev"], "src", address, "table", mark)
        run("ip", "rule", "del", "fwmark", mark, check=False)
        run("ip", "rule", "add", "fwmark", mark, "lookup", mark, "priority", "100")
        return mark

    def file(self, name):
        return os.path.join(self.directory, name)

    async def await_path(self, path, patience=30):
        """Waits for what a daemon makes when it is ready: its socket, its interface."""
        deadline = time.monotonic() + patience
        while not os.path.exists(path):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{path} did not appear within {patience} s")
            await asyncio.sleep(0.01)

    async def await_interface(self):
        await self.await_path(f"/sys/class/net/{self.interface}")

    def address(self):
        """Gives the interface its addresses and routes. The platform's address is the same at every site."""
        lines = []
        name = self.interface
        if self.is_client:
            own = self.settings["innerAddress"]
            lines += [f"address replace {own}/32 dev {name}", f"link set {name} up",
                      f"route replace {self.platform}/32 dev {name} src {own}"]
        else:
            lines += [f"address replace {self.platform}/32 dev {name}", f"link set {name} up"]
            lines += [f"route replace {peer['innerAddress']}/32 dev {name} src {self.platform}" for peer in self.peers]
        run("ip", "-batch", "-", text="\n".join(lines) + "\n")

    def changed(self, client, state, session, endpoint, detail, at=None):
        """Prints a line of the history, if something is not as it was said last."""
        present = os.path.exists(f"/sys/class/net/{self.interface}")
        shape = (state, session, endpoint, present)
        if self.last.get(client) == shape:
            return
        self.last[client] = shape
        inner = self.settings["innerAddress"] if self.is_client else next(
            peer["innerAddress"] for peer in self.peers if peer["client"] == client)
        print(json.dumps({
            "type": "tunnel-changed",
            "at": at or time.monotonic_ns(),
            "client": client,
            "side": self.settings["side"],
            "state": state,
            "session": session,
            "endpoint": endpoint,
            "innerAddress": inner if present else "",
            "detail": detail}), flush=True)

    def clients(self):
        return [self.settings["client"]] if self.is_client else [peer["client"] for peer in self.peers]

    def all_down(self, detail):
        for client in self.clients():
            self.changed(client, "down", "", "", detail)

    def drain(self):
        """The site goes into maintenance: who leaves is told so, as an operator would with the daemon's own tools. A client
        whose route has moved hears nothing from its new site and still hears the old one, which lives."""
        if not self.is_client and self.maintenance_over is None:
            self.maintenance_over = asyncio.Event()
            self.told.clear()
            self.farewells = asyncio.create_task(self.bid_farewell(self.maintenance_over))

    def resume(self):
        """The site's maintenance is over."""
        if self.maintenance_over:
            self.maintenance_over.set()
            self.maintenance_over = None

    async def bid_farewell(self, over):
        """Tells each client once, when it has been silent for longer than it ever is. It is never cancelled: a question to
        the daemon that nobody waits for would leave all others without an answer."""
        heard = {}
        while not over.is_set():
            now = time.monotonic()
            try:
                for client, (octets, handle) in (await self.received()).items():
                    if heard.get(client, (None,))[0] != octets:
                        heard[client] = (octets, now)
                    silence = now - heard[client][1]
                    if silence > self.longest_silence() and client not in self.told:
                        self.told.add(client)
                        log(f"drain: {client} has been silent for {silence:.1f} s and is told to connect anew")
                        await self.tell_to_leave(handle)
            except (ConnectionError, OSError) as e:  # the daemon has died meanwhile, and is started again
                log(f"drain: {e}")
            try:
                await asyncio.wait_for(over.wait(), FAREWELL_EVERY)
            except asyncio.TimeoutError:
                pass

    async def received(self):
        """Returns, for each client with a session here, how many octets have come from it, and what `tell_to_leave` needs.
        WireGuard has no word for a farewell, and returns none."""
        return {}

    async def tell_to_leave(self, handle):
        raise NotImplementedError

    def longest_silence(self):
        """Returns for how long, in seconds, a client that is well may send nothing."""
        raise NotImplementedError

    async def stop(self):
        self.resume()
        for daemon in self.daemons:
            await daemon.terminate()
