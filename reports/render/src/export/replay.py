# Needs nothing but Python 3.8 or later.
#   python3 THIS_FILE [HOST:PORT]        plain TCP
# It sends what the Tester sent, in the same order, on as many Network Connections. Before it sends, it waits until as many
# packets have come as had come then (at most PATIENCE seconds). Packet Identifiers that the Server chose are replaced by those that it
# chooses now. Exit code 0 means that everything was sent, not that the Server was right: read what it answered.
import socket
import sys
import time

PATIENCE = 3.0
NAMES = "? CONNECT CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK PINGREQ PINGRESP DISCONNECT AUTH".split()
began = time.monotonic()


def say(text):
    print("%9.3f s  %s" % (time.monotonic() - began, text), flush=True)


def frames(data):
    """The whole packets at the start of data, and the rest."""
    out = []
    while len(data) >= 2:
        length, at, shift = 0, 1, 0
        while True:
            if at >= len(data):
                return out, data
            byte = data[at]
            length |= (byte & 127) << shift
            at += 1
            shift += 7
            if not byte & 128:
                break
            if shift > 21:
                return out, data
        if len(data) < at + length:
            break
        out.append((data[0], data[at:at + length], data[:at + length]))
        data = data[at + length:]
    return out, data


class Client:
    def __init__(self, name, address):
        self.name, self.rest, self.packets, self.identifiers, self.open = name, b"", 0, [], True
        self.missing = 0
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        say("%s  Network Connection opened" % name)

    def read(self, seconds):
        """Reads once; whether there may be more."""
        if not self.open:
            return False
        self.socket.settimeout(max(seconds, 0.001))
        try:
            data = self.socket.recv(65536)
        except (socket.timeout, BlockingIOError):
            return False
        except OSError as error:
            say("%s  <- reset (%s)" % (self.name, error.__class__.__name__))
            self.open = False
            return False
        if not data:
            say("%s  <- closed by the Server" % self.name)
            self.open = False
            return False
        whole, self.rest = frames(self.rest + data)
        for first, body, raw in whole:
            self.packets += 1
            say("%s  <- %s %s" % (self.name, NAMES[first >> 4], raw.hex(" ")))
            if first >> 4 == 3 and first & 6 and len(body) >= 2:
                topic = int.from_bytes(body[:2], "big")
                self.identifiers.append(body[2 + topic:4 + topic])
        return True

    def expect(self, packets):
        """Waits until so many packets have come in all."""
        until = time.monotonic() + PATIENCE
        while self.open and self.packets + self.missing < packets and time.monotonic() < until:
            self.read(until - time.monotonic())
        if self.packets + self.missing < packets:
            say("%s  %d packets have come, and %d had come then" % (self.name, self.packets, packets))
            self.missing = packets - self.packets

    def send(self, data, answers=None):
        """Sends. With answers, the Packet Identifier is that of the Server's PUBLISH with this number."""
        if answers is not None:
            at = 1
            while data[at] & 128:
                at += 1
            if answers < len(self.identifiers):
                data = data[:at + 1] + self.identifiers[answers] + data[at + 3:]
            else:
                say("%s  the PUBLISH that this acknowledges has not come" % self.name)
        say("%s  -> %s %s" % (self.name, NAMES[data[0] >> 4] if data else "", data.hex(" ")))
        try:
            self.socket.sendall(data)
        except OSError as error:
            say("%s  can not be sent (%s)" % (self.name, error.__class__.__name__))

    def close(self, how):
        say("%s  -> %s" % (self.name, how))
        if how == "half closed":
            self.socket.shutdown(socket.SHUT_WR)
            return
        if how == "reset":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.socket.close()
        self.open = False


def wait(clients, seconds):
    """Lets time pass, and reads meanwhile."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for client in clients.values():
            client.read(min(0.02, max(until - time.monotonic(), 0.001)))
        time.sleep(0.002)


def target(default):
    """The address from the command line, as HOST:PORT or mqtt://HOST:PORT, or that of the recording."""
    text = sys.argv[1] if len(sys.argv) > 1 else default
    address = text[len("mqtt://"):] if text.startswith("mqtt://") else text
    host, _, port = address.rstrip("/").rpartition(":")
    if text.startswith("-") or not host or not port.isdigit():
        sys.exit("usage: python3 THIS_FILE [HOST:PORT], where %s is taken if it is left out" % default)
    return host.strip("[]"), int(port)


def main(default, steps):
    address = target(default)
    where = "" if len(sys.argv) > 1 else ", the address of the recording; put HOST:PORT behind the name of this file, or behind python3 -, for another"
    say("connecting to %s:%d%s" % (address + (where,)))
    try:
        play(address, steps)
    except OSError as error:
        sys.exit("%s:%d: %s" % (address + (error,)))


def play(address, steps):
    clients = {}
    for step in steps:
        kind, name = step[0], step[1]
        if kind == "open":
            clients[name] = Client(name, address)
        elif kind == "wait":
            say("waits for %.1f s" % name)
            wait(clients, name)
        elif kind == "expect":
            clients[name].expect(step[2])
        elif kind == "send":
            clients[name].send(*step[2:])
        else:
            clients[name].close(kind)
    wait(clients, PATIENCE)
    for client in clients.values():
        if client.open:
            say("%s  is still open" % client.name)
            client.socket.close()
