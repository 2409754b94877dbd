"""What is sent, and the flows that a collector must show for it: by conversation, and by port."""
import collections
import socket

from bed import FAR_MAC, NEAR4, NEAR6, NEAR_MAC
from plan import FAR4, FAR6, IN4, IN6, OUT4

OUT6 = 'eth 86dd / ip6 %s %s ' % (NEAR6, FAR6)
ETHERNET = 14
TCP, UDP = 6, 17
S, A, SA, PA = 0x02, 0x10, 0x12, 0x18

# (frames, recipe, protocol, source, its port, destination, its port, flags)
IN = [
    (40, IN4 + '6 / tcp 40000 80 S 1', TCP, FAR4, 40000, NEAR4, 80, S),
    (200, IN4 + '6 / tcp 40000 80 A 2 / zeros 400', TCP, FAR4, 40000, NEAR4, 80, A),
    (7, IN4 + '6 / tcp 40001 80 S 1', TCP, FAR4, 40001, NEAR4, 80, S),
    (100, IN4 + '17 / udp 40000 53 / zeros 100', UDP, FAR4, 40000, NEAR4, 53, 0),
    (60, IN6 + '6 / tcp 40002 22 PA 1 / zeros 50', TCP, FAR6, 40002, NEAR6, 22, PA),
    (25, IN6 + '17 / udp 40003 53', UDP, FAR6, 40003, NEAR6, 53, 0),
]
OUT = [
    (30, OUT4 + '6 / tcp 80 40000 SA 1 / zeros 100', TCP, NEAR4, 80, FAR4, 40000, SA),
    (50, OUT6 + '6 / tcp 22 40002 A 1 / zeros 1200', TCP, NEAR6, 22, FAR6, 40002, A),
    (9, OUT6 + '6 / tcp 40009 443 S 1', TCP, NEAR6, 40009, FAR6, 443, S),
]


class Flows:
    """Sums by conversation and way: what was sent, or what a collector has."""

    def __init__(self):
        self.packets = collections.Counter()
        self.bytes = collections.Counter()  # by the IP headers
        self.flags = collections.Counter()

    def add(self, key, packets, count, flags):
        self.packets[key] += packets
        self.bytes[key] += count
        self.flags[key] |= flags

    def total(self):
        return sum(self.packets.values())

    def must_be(self, sent):
        for name in ('packets', 'bytes', 'flags'):
            mine, theirs = getattr(self, name), getattr(sent, name)
            assert mine == theirs, '%s: %s, not %s' % (name, mine - theirs, theirs - mine)


def send_flows(scene, times=1, flows=None):
    """Sends both plans so often; returns what went out."""
    flows = flows or Flows()
    for plan, link in ((IN, 'far0'), (OUT, 'near0')):
        lines = [(row[0] * times, row[1]) for row in plan]
        for row, (frames, count) in zip(plan, scene.shoot(lines, link, rate=4000)):
            flows.add(row[2:7], frames, count - ETHERNET * frames, row[7])
    return flows


def mac(text):
    return bytes.fromhex(text.replace(':', ''))


def frame(port, payload):
    """A UDP datagram over IPv4 to @port; checksums are nobody's business here."""
    length = 28 + len(payload)
    return (mac(NEAR_MAC) + mac(FAR_MAC) + b'\x08\x00' +
            b'\x45\0' + length.to_bytes(2, 'big') + b'\0\0\0\0\x40\x11\0\0' +
            socket.inet_aton(FAR4) + socket.inet_aton(NEAR4) +
            (40000).to_bytes(2, 'big') + port.to_bytes(2, 'big') +
            (8 + len(payload)).to_bytes(2, 'big') + b'\0\0' + payload)


def send_ports(scene, ports):
    """One or two frames to each of @ports, of lengths of their own; returns {port: (packets, bytes)}."""
    link = scene.inside(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW), 'far')
    link.bind(('far0', 0))
    sent = {}
    with link:
        for port in ports:
            data = frame(port, bytes(18 + port % 100))
            number = 1 + port % 2
            for _ in range(number):
                link.send(data)
            sent[port] = (number, number * len(data))
    return sent
