"""The client side of strongSwan's control protocol (README.vici): requests, and events as they come."""

import asyncio
import struct

REQUEST, RESPONSE, UNKNOWN, REGISTER, UNREGISTER, CONFIRM, NO_EVENT, EVENT = range(8)
SECTION, SECTION_END, KEY_VALUE, LIST, LIST_ITEM, LIST_END = range(1, 7)


def encode(message):
    out = b""
    for key, value in message.items():
        name = bytes([len(key)]) + key.encode()
        if isinstance(value, dict):
            out += bytes([SECTION]) + name + encode(value) + bytes([SECTION_END])
        elif isinstance(value, list):
            out += bytes([LIST]) + name + b"".join(bytes([LIST_ITEM]) + text(item) for item in value)
            out += bytes([LIST_END])
        else:
            out += bytes([KEY_VALUE]) + name + text(value)
    return out


def text(value):
    octets = str(value).encode()
    return struct.pack("!H", len(octets)) + octets


def decode(data):
    root = {}
    stack = [root]
    at = 0
    items = None
    while at < len(data):
        kind = data[at]
        at += 1
        key = value = ""
        if kind in (SECTION, KEY_VALUE, LIST):
            key = data[at + 1:at + 1 + data[at]].decode()
            at += 1 + data[at]
        if kind in (KEY_VALUE, LIST_ITEM):
            length, = struct.unpack_from("!H", data, at)
            value = data[at + 2:at + 2 + length].decode(errors="replace")
            at += 2 + length
        if kind == SECTION:
            stack.append(stack[-1].setdefault(key, {}))
        elif kind == SECTION_END:
            stack.pop()
        elif kind == KEY_VALUE:
            stack[-1][key] = value
        elif kind == LIST:
            items = stack[-1].setdefault(key, [])
        elif kind == LIST_ITEM:
            items.append(value)
    return root


class Session:
    """One connection. Requests are answered in order; events go to `event(name, message)`."""

    def __init__(self, reader, writer, event):
        self.reader = reader
        self.writer = writer
        self.event = event
        self.waiting = []
        self.streamed = None
        self.lock = asyncio.Lock()

    @classmethod
    async def open(cls, path, event):
        session = cls(*await asyncio.open_unix_connection(path), event)
        session.task = asyncio.create_task(session.receive())
        return session

    def send(self, kind, name, message=b""):
        packet = bytes([kind, len(name)]) + name.encode() + message
        self.writer.write(struct.pack("!I", len(packet)) + packet)
        answer = asyncio.get_running_loop().create_future()
        self.waiting.append(answer)
        return answer

    async def receive(self):
        try:
            while True:
                length, = struct.unpack("!I", await self.reader.readexactly(4))
                packet = await self.reader.readexactly(length)
                if packet[0] == EVENT:
                    name = packet[2:2 + packet[1]].decode()
                    message = decode(packet[2 + packet[1]:])
                    if name == "list-sa":
                        self.streamed.append(message)
                    else:
                        self.event(name, message)
                else:
                    answer = self.waiting.pop(0)
                    if not answer.done():  # who asked may have been cancelled
                        answer.set_result((packet[0], packet[1:]))
        except (asyncio.IncompleteReadError, ConnectionError, OSError):
            for answer in self.waiting:
                if not answer.done():
                    answer.set_exception(ConnectionError("charon has gone"))

    async def register(self, *names):
        for name in names:
            kind, _ = await self.send(REGISTER, name)
            if kind != CONFIRM:
                raise RuntimeError(f"charon knows no event '{name}'")

    async def request(self, name, message):
        kind, answer = await self.send(REQUEST, name, encode(message))
        if kind != RESPONSE:
            raise RuntimeError(f"charon knows no request '{name}'")
        return decode(answer)

    async def security_associations(self):
        """Returns all IKE_SAs: a list of (connection, IKE_SA)."""
        async with self.lock:
            self.streamed = []
            await self.send(REGISTER, "list-sa")
            await self.request("list-sas", {})
            await self.send(UNREGISTER, "list-sa")
            return [item for message in self.streamed for item in message.items()]
