"""A frame of every class, by its recipe, and the row that it is to be counted on."""
from bed import NEAR4, NEAR6

FAR4, FAR6 = '198.51.100.9', '2001:db8:9::9'
OTHER4 = '203.0.113.5'
IN4 = 'eth 0800 / ip4 %s %s ' % (FAR4, NEAR4)
OUT4 = 'eth 0800 / ip4 %s %s ' % (NEAR4, FAR4)
IN6 = 'eth 86dd / ip6 %s %s ' % (FAR6, NEAR6)
TAGGED4 = 'eth 8100 / tag 0800 / ip4 %s %s ' % (FAR4, NEAR4)
QINQ4 = 'eth 88a8 / tag 8100 / tag 0800 / ip4 %s %s ' % (FAR4, NEAR4)
QINQ6 = 'eth 88a8 / tag 8100 / tag 86dd / ip6 %s %s ' % (FAR6, NEAR6)


def tcp(port, direction='in'):
    return ('port', 'tcp', port, direction)


def udp(port, direction='in'):
    return ('port', 'udp', port, direction)


# (frames, recipe, row, what the frame says about an attempt and on which row, or None)
RECEIVED = [
    (11, IN4 + '6 / tcp 40000 80 S 1', tcp(80), ('new', tcp(80))),
    (3, IN4 + '6 / tcp 40000 80 SEC 1', tcp(80), ('new', tcp(80))),
    (13, IN4 + '6 / tcp 40000 80 A 2', tcp(80), None),
    (5, IN4 + '6 / tcp 443 40001 SA 1', tcp(40001), ('accepted', tcp(443, 'out'))),
    (7, IN4 + '6 / tcp 23 40002 RA 0', tcp(40002), ('refused', tcp(23, 'out'))),
    (4, IN4 + '6 / tcp 23 40002 RA 5', tcp(40002), None),
    (2, IN4 + '6 / tcp 40000 80 SF 1', tcp(80), None),
    (17, IN4 + '17 / udp 40000 53 / zeros 100', udp(53), None),
    (1, IN4 + '17 / udp 0 0', udp(0), None),
    (6, IN4 + '1 / icmp 8 0 / zeros 56', ('protocol', 1, 'in'), None),
    (9, IN4 + '47 / zeros 1200', ('protocol', 47, 'in'), None),
    (8, IN4 + '1 / icmp 3 3 / quote / ip4 %s %s 17 / udp 5000 161' % (NEAR4, FAR4),
     ('protocol', 1, 'in'), ('refused', udp(161, 'out'))),
    (19, IN6 + '6 / tcp 40000 22 S 1', tcp(22), ('new', tcp(22))),
    (10, IN6 + '17 / udp 40000 5353', udp(5353), None),
    (12, IN6 + '0 / extension 60 16 / extension 17 8 / udp 40000 500', udp(500), None),
    (14, IN6 + '0 / extension 43 1000 / extension 6 400 / tcp 40000 179 S 1', tcp(179),
     ('new', tcp(179))),
    (15, IN6 + '58 / icmp 128 0 / zeros 8', ('protocol', 58, 'in'), None),
    (16, IN6 + '44 / fragment6 17 100 1 / zeros 64', ('fragment', 17, 'in'), None),
    (18, IN4 + '6 / fragment4 185 0 / zeros 64', ('fragment', 6, 'in'), None),
    (20, IN4 + '17 / fragment4 0 1 / udp 40000 2049 / zeros 64', udp(2049), None),
    (21, IN4 + '47 / fragment4 185 0 / zeros 64', ('protocol', 47, 'in'), None),
    (22, TAGGED4 + '6 / tcp 40000 8080 S 1', tcp(8080), ('new', tcp(8080))),
    (23, QINQ4 + '17 / udp 40000 514 / zeros 30', udp(514), None),
    (24, QINQ6 + '0 / extension 6 600 / tcp 40000 8443 A 1', tcp(8443), None),
    (25, 'eth 9100 / tag 8100 / tag 8100 / tag 8100 / tag 0806 / zeros 28',
     ('ethertype', 0x0806, 'in'), None),
    (26, 'eth 8100 / tag 8100 / tag 8100 / tag 8100 / tag 8100 / zeros 50',
     ('ethertype', 0x8100, 'in'), None),
    (27, 'eth 0806 / zeros 28', ('ethertype', 0x0806, 'in'), None),
    (28, 'eth 88cc / zeros 46', ('ethertype', 0x88cc, 'in'), None),
    (29, 'eth 0026 / bytes 424203 / zeros 35', ('llc',), None),
    (30, 'eth 0800 / bytes 45000014', ('malformed',), None),
    (31, IN4 + '6 / bytes 9c40', ('malformed',), None),
    (32, 'eth 0800 / ip4 %s %s 17 / udp 40000 123' % (FAR4, OTHER4), udp(123, 'transit'), None),
    (33, 'eth 0800 / ip4 10.1.2.3 %s 17 / udp 40000 69' % NEAR4, udp(69), None),
    (34, 'eth 0800 / ip4 %s 224.0.0.251 17 / udp 40000 5353' % FAR4, udp(5353), None),
    (35, 'bytes 020000000099020000000001 / bytes 0806 / zeros 28',
     ('ethertype', 0x0806, 'transit'), None),
]

SENT = [
    (3, OUT4 + '6 / tcp 40000 25 S 1', tcp(25, 'out'), ('new', tcp(25, 'out'))),
    (4, OUT4 + '6 / tcp 80 40000 SA 1', tcp(40000, 'out'), ('accepted', tcp(80))),
    (5, OUT4 + '6 / tcp 81 40000 RA 0', tcp(40000, 'out'), ('refused', tcp(81))),
    (6, 'eth 8100 / tag 0800 / ip4 %s %s 17 / udp 53 40000' % (NEAR4, FAR4), udp(40000, 'out'),
     None),
    (7, 'eth 88a8 / tag 8100 / tag 86dd / ip6 %s %s 58 / icmp 135 0 / zeros 20' % (NEAR6, FAR6),
     ('protocol', 58, 'out'), None),
    (8, 'eth 0800 / ip4 %s %s 17 / udp 40000 7' % (NEAR4, NEAR4), udp(7, 'local'), None),
    (9, 'bytes 020000000001020000000002 / bytes 0806 / zeros 28', ('ethertype', 0x0806, 'out'),
     None),
]


def lines(plan):
    """What the sender is told."""
    return [row[:2] for row in plan]


def expected(plan, sent, only=lambda recipe: True):
    """The rows that @plan makes, given what the sender says it sent of each line."""
    rows = {}

    def add(row, name, count):
        rows.setdefault(row, {}).setdefault(name, 0)
        rows[row][name] += count

    for (_, recipe, row, event), (frames, size) in zip(plan, sent):
        if not only(recipe):
            continue
        add(row, 'packets', frames)
        add(row, 'bytes', size)
        if event:
            add(event[1], event[0], frames)
    return rows


def frames_of(plan, sent, only=lambda recipe: True):
    return sum(frames for line, (frames, _) in zip(plan, sent) if only(line[1]))
