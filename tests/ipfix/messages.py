"""IPFIX messages taken apart (RFC 7011), by templates that must have come before."""
import collections
import ipaddress

Message = collections.namedtuple('Message', 'sequence domain records length')
ADDRESSES = {8, 12, 27, 28}
PACKETS, OCTETS, PROTOCOL, SPORT, DPORT, START = 2, 1, 4, 7, 11, 152
VARIABLE = 0xffff


class Reader:
    """What one collector knows: templates by domain and number."""

    def __init__(self):
        self.templates = {}

    def message(self, data):
        """Takes a whole message; a set whose template is not known is a failed assertion."""
        version, length = number(data[0:2]), number(data[2:4])
        assert version == 10 and length == len(data), (version, length, len(data))
        domain, records, at = number(data[12:16]), [], 16
        while at < length:
            identity, size = number(data[at:at + 2]), number(data[at + 2:at + 4])
            assert size >= 4 and at + size <= length, 'a set of %d bytes' % size
            body = data[at + 4:at + size]
            if identity in (2, 3):
                self.learn(domain, body, identity == 3)
            else:
                assert (domain, identity) in self.templates, \
                    'data before its template %d in domain %d' % (identity, domain)
                records += take(self.templates[domain, identity], body)
            at += size
        return Message(number(data[8:12]), domain, records, length)

    def learn(self, domain, body, options):
        at = 0
        while at + 4 <= len(body):
            identity, count = number(body[at:at + 2]), number(body[at + 2:at + 4])
            at += 6 if options else 4
            fields = []
            for _ in range(count):
                element, length = number(body[at:at + 2]), number(body[at + 2:at + 4])
                at += 4
                enterprise = 0
                if element & 0x8000:
                    enterprise, element = number(body[at:at + 4]), element & 0x7fff
                    at += 4
                fields.append((element if not enterprise else (enterprise, element), length))
            self.templates[domain, identity] = fields

    def stream(self, data):
        """The whole messages at the beginning of @data."""
        found, at = [], 0
        while at + 4 <= len(data) and at + number(data[at + 2:at + 4]) <= len(data):
            length = number(data[at + 2:at + 4])
            found.append(self.message(data[at:at + length]))
            at += length
        return found


def number(data):
    return int.from_bytes(data, 'big')


def take(fields, body):
    records, at = [], 0
    while at < len(body):
        record = {}
        for element, length in fields:
            if length == VARIABLE:
                length, at = body[at], at + 1
            data = body[at:at + length]
            record[element] = str(ipaddress.ip_address(data)) if element in ADDRESSES \
                else number(data)
            at += length
        assert at <= len(body), 'a record is cut off'
        records.append(record)
    return records


def key(record):
    return (record[PROTOCOL], record.get(8) or record[27], record[SPORT],
            record.get(12) or record[28], record[DPORT])


def in_order(messages):
    """Asserts that of each domain the numbers go on, from 0, by the records."""
    following = collections.Counter()
    for message in messages:
        assert message.sequence == following[message.domain], message[:2]
        following[message.domain] += len(message.records)
