-- What stands in the journal of wirecensus, for people who ask with plain SQL:
--
--     sqlite3 -readonly /var/lib/wirecensus/census.db
--
-- Ask the views: their names are plural, their times text (UTC), their addresses and directions
-- words. The tables behind them are packed and may change with the version; the views stay.
--
--     intervals            one row for each interval of each capture: totals and losses
--     ports, protocols, fragments, ethertypes, conversations, hosts, scanners
--                          the rows of each interval
--     minutes, minute_ports, minute_protocols, minute_conversations, minute_hosts
--     hours, hour_ports, hour_protocols, hour_conversations, hour_hosts
--                          the same added up; minutes are kept for 14 days, hours for two years,
--                          and when the journal is at its size an eighth and a quarter of it
--     runs, positions      of the program; of its exporters
--
-- Counts are those of the interval, minute or hour alone: add them up. A row with other = 1 stands
-- for all that have none of their own; with it, rows add up to the totals. In roll-ups these are the
-- conversations and hosts behind the 1,000 largest by bytes, of each minute, and of each hour by
-- what stands in its minutes. A minute or hour of which more than one run, or an hour of which
-- the last minute, was counted apart has more than one row: add them up, too.
-- SQLite's integers have a sign: a count beyond 9223372036854775807 is held there.
--
--     -- Which ports were tried most in the last day, and how many tries met a closed door?
--     SELECT transport, port, sum(new) AS tries, sum(refused) AS closed FROM hour_ports
--     WHERE hour >= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 day') AND direction = 'in'
--     GROUP BY transport, port ORDER BY tries DESC LIMIT 10;
--
--     -- Whom did a host talk to, in the intervals that are kept?
--     SELECT server, protocol, port, sum(bytes + reverse_bytes) AS bytes FROM conversations
--     WHERE client = '192.0.2.7' GROUP BY server, protocol, port ORDER BY bytes DESC;
--
--     -- When was something lost?
--     SELECT capture, "end", lost_kernel, gone_seconds FROM intervals WHERE NOT complete;

-- One row, for the writer.
CREATE TABLE wirecensus (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last_sequence INTEGER NOT NULL, -- of the last interval that was written
    last_snapshot INTEGER NOT NULL,
    last_span INTEGER NOT NULL,
    written INTEGER NOT NULL,      -- bytes that intervals took, all of them
    dropped INTEGER NOT NULL,      -- intervals that went before all exporters had delivered them
    intervals INTEGER NOT NULL,    -- that are kept
    minute_bytes INTEGER NOT NULL, -- that minutes take
    hour_bytes INTEGER NOT NULL
);
INSERT INTO wirecensus VALUES (1, 0, 0, 0, 0, 0, 0, 0, 0);

-- A run of the daemon.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    host TEXT NOT NULL,
    instance TEXT NOT NULL, -- a UUID
    version TEXT NOT NULL
);

-- How far each exporter has delivered.
CREATE TABLE position (
    exporter TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    messages INTEGER, -- delivered of the intervals that begin with sequence; NULL: all up to it
    encoding INTEGER -- which made these messages, as a digest; NULL: not known
) WITHOUT ROWID;

-- One end of an interval, for all captures at once: written whole or not at all.
CREATE TABLE interval (
    sequence INTEGER PRIMARY KEY, -- grows by one, over restarts
    run INTEGER NOT NULL,
    first_snapshot INTEGER NOT NULL,
    last_snapshot INTEGER NOT NULL,
    start_ns INTEGER, -- wall clock since 1970, as all _ns without another meaning; NULL: unknown
    end_ns INTEGER,
    length_ns INTEGER NOT NULL,
    written INTEGER NOT NULL, -- bytes of all intervals before it
    disk_bytes INTEGER NOT NULL -- that it took itself, in whole pages
);

-- One capture in an interval. Directions: 0 in, 1 out, 2 local, 3 transit.
CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL,
    capture TEXT NOT NULL,
    observer TEXT NOT NULL,
    number INTEGER NOT NULL, -- of the interval, from 1 in each run
    start_ns INTEGER,
    end_ns INTEGER,
    pending INTEGER NOT NULL,
    offload INTEGER NOT NULL, -- 0 no, 1 yes, 2 unknown
    complete INTEGER NOT NULL,
    five_tuple INTEGER NOT NULL,
    length_ns INTEGER NOT NULL, clock_step_ns INTEGER NOT NULL, received INTEGER NOT NULL,
    lost_kernel INTEGER NOT NULL, lost_interface INTEGER NOT NULL, gone_ns INTEGER NOT NULL,
    restarts INTEGER NOT NULL, frames INTEGER NOT NULL, rejected_packets INTEGER NOT NULL,
    rejected_bytes INTEGER NOT NULL, tcp_packets INTEGER NOT NULL, tcp_bytes INTEGER NOT NULL,
    udp_packets INTEGER NOT NULL, udp_bytes INTEGER NOT NULL, protocol_packets INTEGER NOT NULL,
    protocol_bytes INTEGER NOT NULL, fragment_packets INTEGER NOT NULL,
    fragment_bytes INTEGER NOT NULL, ethertype_packets INTEGER NOT NULL,
    ethertype_bytes INTEGER NOT NULL, llc_packets INTEGER NOT NULL, llc_bytes INTEGER NOT NULL,
    malformed_packets INTEGER NOT NULL, malformed_bytes INTEGER NOT NULL,
    unsupported_packets INTEGER NOT NULL, unsupported_bytes INTEGER NOT NULL,
    in_packets INTEGER NOT NULL, in_bytes INTEGER NOT NULL, out_packets INTEGER NOT NULL,
    out_bytes INTEGER NOT NULL, local_packets INTEGER NOT NULL, local_bytes INTEGER NOT NULL,
    transit_packets INTEGER NOT NULL, transit_bytes INTEGER NOT NULL,
    internet_in_packets INTEGER NOT NULL, internet_in_bytes INTEGER NOT NULL,
    internet_out_packets INTEGER NOT NULL, internet_out_bytes INTEGER NOT NULL,
    merged INTEGER NOT NULL
);

-- Rows. Their id is that of the snapshot times 16777216, plus a number: one interval's stand
-- together without an index, and go together. A row that an interval added nothing to is left out.
CREATE TABLE port (
    id INTEGER PRIMARY KEY,
    protocol INTEGER NOT NULL, -- 6 TCP, 17 UDP
    other INTEGER NOT NULL,
    port INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    packets INTEGER NOT NULL, bytes INTEGER NOT NULL,
    new INTEGER NOT NULL, accepted INTEGER NOT NULL, refused INTEGER NOT NULL
);
CREATE TABLE protocol (
    id INTEGER PRIMARY KEY,
    other INTEGER NOT NULL,
    key INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    packets INTEGER NOT NULL, bytes INTEGER NOT NULL
);
CREATE TABLE fragment (
    id INTEGER PRIMARY KEY,
    other INTEGER NOT NULL,
    key INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    packets INTEGER NOT NULL, bytes INTEGER NOT NULL
);
CREATE TABLE ethertype (
    id INTEGER PRIMARY KEY,
    other INTEGER NOT NULL,
    key INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    packets INTEGER NOT NULL, bytes INTEGER NOT NULL
);
-- Addresses: IPv4 as an integer, IPv6 as text of RFC 5952, 'internet' for all outside the local networks.
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    client NOT NULL, server NOT NULL,
    protocol INTEGER NOT NULL,
    port INTEGER NOT NULL,
    client_port INTEGER NOT NULL, -- 0 without five_tuple
    other INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    scope INTEGER NOT NULL, -- 0 local, 1 internet
    packets INTEGER NOT NULL, bytes INTEGER NOT NULL, ip_bytes INTEGER NOT NULL,
    new INTEGER NOT NULL, flags INTEGER NOT NULL,
    reverse_packets INTEGER NOT NULL, reverse_bytes INTEGER NOT NULL,
    reverse_ip_bytes INTEGER NOT NULL, reverse_new INTEGER NOT NULL, reverse_flags INTEGER NOT NULL,
    first_seen_ns INTEGER, last_seen_ns INTEGER
);
CREATE TABLE host (
    id INTEGER PRIMARY KEY,
    address NOT NULL,
    other INTEGER NOT NULL,
    sent_packets INTEGER NOT NULL, sent_bytes INTEGER NOT NULL, sent_new INTEGER NOT NULL,
    received_packets INTEGER NOT NULL, received_bytes INTEGER NOT NULL,
    received_new INTEGER NOT NULL,
    rates_known INTEGER NOT NULL,
    packets_per_hour REAL NOT NULL, connections_per_hour REAL NOT NULL,
    bytes_per_hour REAL NOT NULL,
    first_seen_ns INTEGER, last_seen_ns INTEGER
);
CREATE TABLE scanner (
    id INTEGER PRIMARY KEY,
    address NOT NULL,
    attempts INTEGER NOT NULL, port_changes INTEGER NOT NULL,
    distinct_ports INTEGER NOT NULL, distinct_hosts INTEGER NOT NULL,
    refused INTEGER NOT NULL, unanswered INTEGER NOT NULL,
    first_seen_ns INTEGER,
    plain INTEGER NOT NULL
);

-- A minute or an hour of one capture. A minute counts for its hour by itself as long as hour is not
-- NULL in it: then its rows are added to those of the hour, and it does not change any more.
CREATE TABLE span (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    capture TEXT NOT NULL,
    minute TEXT, -- when it began; NULL for an hour
    hour TEXT,
    open INTEGER NOT NULL, -- takes more intervals, or minutes
    disk_bytes INTEGER NOT NULL, -- that it takes, in whole pages
    intervals INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    length_ns INTEGER NOT NULL DEFAULT 0, clock_step_ns INTEGER NOT NULL DEFAULT 0,
    received INTEGER NOT NULL DEFAULT 0, lost_kernel INTEGER NOT NULL DEFAULT 0,
    lost_interface INTEGER NOT NULL DEFAULT 0, gone_ns INTEGER NOT NULL DEFAULT 0,
    restarts INTEGER NOT NULL DEFAULT 0, frames INTEGER NOT NULL DEFAULT 0,
    rejected_packets INTEGER NOT NULL DEFAULT 0, rejected_bytes INTEGER NOT NULL DEFAULT 0,
    tcp_packets INTEGER NOT NULL DEFAULT 0, tcp_bytes INTEGER NOT NULL DEFAULT 0,
    udp_packets INTEGER NOT NULL DEFAULT 0, udp_bytes INTEGER NOT NULL DEFAULT 0,
    protocol_packets INTEGER NOT NULL DEFAULT 0, protocol_bytes INTEGER NOT NULL DEFAULT 0,
    fragment_packets INTEGER NOT NULL DEFAULT 0, fragment_bytes INTEGER NOT NULL DEFAULT 0,
    ethertype_packets INTEGER NOT NULL DEFAULT 0, ethertype_bytes INTEGER NOT NULL DEFAULT 0,
    llc_packets INTEGER NOT NULL DEFAULT 0, llc_bytes INTEGER NOT NULL DEFAULT 0,
    malformed_packets INTEGER NOT NULL DEFAULT 0, malformed_bytes INTEGER NOT NULL DEFAULT 0,
    unsupported_packets INTEGER NOT NULL DEFAULT 0, unsupported_bytes INTEGER NOT NULL DEFAULT 0,
    in_packets INTEGER NOT NULL DEFAULT 0, in_bytes INTEGER NOT NULL DEFAULT 0,
    out_packets INTEGER NOT NULL DEFAULT 0, out_bytes INTEGER NOT NULL DEFAULT 0,
    local_packets INTEGER NOT NULL DEFAULT 0, local_bytes INTEGER NOT NULL DEFAULT 0,
    transit_packets INTEGER NOT NULL DEFAULT 0, transit_bytes INTEGER NOT NULL DEFAULT 0,
    internet_in_packets INTEGER NOT NULL DEFAULT 0, internet_in_bytes INTEGER NOT NULL DEFAULT 0,
    internet_out_packets INTEGER NOT NULL DEFAULT 0,
    internet_out_bytes INTEGER NOT NULL DEFAULT 0, merged INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX span_minute ON span (minute);
CREATE INDEX span_hour ON span (hour);
CREATE INDEX span_open ON span (open) WHERE open;

CREATE TABLE span_port (
    span INTEGER NOT NULL,
    protocol INTEGER NOT NULL, other INTEGER NOT NULL, port INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    packets INTEGER NOT NULL, bytes INTEGER NOT NULL,
    new INTEGER NOT NULL, accepted INTEGER NOT NULL, refused INTEGER NOT NULL,
    PRIMARY KEY (span, protocol, other, port, direction)
) WITHOUT ROWID;
CREATE TABLE span_protocol (
    span INTEGER NOT NULL,
    other INTEGER NOT NULL, key INTEGER NOT NULL, direction INTEGER NOT NULL,
    packets INTEGER NOT NULL, bytes INTEGER NOT NULL,
    PRIMARY KEY (span, other, key, direction)
) WITHOUT ROWID;
CREATE TABLE span_conversation (
    span INTEGER NOT NULL,
    client NOT NULL, server NOT NULL, protocol INTEGER NOT NULL, port INTEGER NOT NULL,
    other INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    scope INTEGER NOT NULL, -- 0 local, 1 internet
    packets INTEGER NOT NULL, bytes INTEGER NOT NULL, ip_bytes INTEGER NOT NULL,
    new INTEGER NOT NULL,
    reverse_packets INTEGER NOT NULL, reverse_bytes INTEGER NOT NULL,
    reverse_ip_bytes INTEGER NOT NULL, reverse_new INTEGER NOT NULL,
    PRIMARY KEY (span, client, server, protocol, port, other)
) WITHOUT ROWID;
CREATE TABLE span_host (
    span INTEGER NOT NULL,
    address NOT NULL, other INTEGER NOT NULL,
    sent_packets INTEGER NOT NULL, sent_bytes INTEGER NOT NULL, sent_new INTEGER NOT NULL,
    received_packets INTEGER NOT NULL, received_bytes INTEGER NOT NULL,
    received_new INTEGER NOT NULL,
    PRIMARY KEY (span, address, other)
) WITHOUT ROWID;

-- Views.
CREATE VIEW runs AS SELECT host, instance, version FROM run;
CREATE VIEW positions AS SELECT exporter, sequence, messages FROM position;

CREATE VIEW intervals AS
    SELECT instance, capture, observer, number AS interval, snapshot.sequence AS sequence,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.start_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.start_ns / 1000000 % 1000) AS start,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.end_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.end_ns / 1000000 % 1000) AS "end",
           frames, tcp_packets + udp_packets + protocol_packets + fragment_packets
           + ethertype_packets + llc_packets + malformed_packets + unsupported_packets AS packets,
           tcp_bytes + udp_bytes + protocol_bytes + fragment_bytes
           + ethertype_bytes + llc_bytes + malformed_bytes + unsupported_bytes AS bytes,
           received, pending, lost_kernel, lost_interface, gone_ns / 1e9 AS gone_seconds, restarts,
           CASE offload WHEN 0 THEN 0 WHEN 1 THEN 1 END AS offload, clock_step_ns / 1e9 AS clock_step,
           complete, snapshot.length_ns / 1e9 AS seconds,
           rejected_packets, rejected_bytes, tcp_packets, tcp_bytes, udp_packets, udp_bytes,
           protocol_packets, protocol_bytes, fragment_packets, fragment_bytes, ethertype_packets,
           ethertype_bytes, llc_packets, llc_bytes, malformed_packets, malformed_bytes,
           unsupported_packets, unsupported_bytes, in_packets, in_bytes, out_packets, out_bytes,
           local_packets, local_bytes, transit_packets, transit_bytes, internet_in_packets,
           internet_in_bytes, internet_out_packets, internet_out_bytes
    FROM interval CROSS JOIN run ON run.id = interval.run
    CROSS JOIN snapshot ON snapshot.id BETWEEN first_snapshot AND last_snapshot;
CREATE VIEW ports AS
    SELECT capture, number AS interval, sequence,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.start_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.start_ns / 1000000 % 1000) AS start,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.end_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.end_ns / 1000000 % 1000) AS "end",
           CASE protocol WHEN 6 THEN 'tcp' ELSE 'udp' END AS transport, other,
           CASE WHEN other THEN NULL ELSE port END AS port,
           CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out' WHEN 2 THEN 'local' ELSE 'transit' END
           AS direction,
           packets, bytes, new, accepted, refused
    FROM snapshot CROSS JOIN port
    ON port.id BETWEEN snapshot.id << 24 AND (snapshot.id << 24) + 16777215;
CREATE VIEW protocols AS
    SELECT capture, number AS interval, sequence,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.start_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.start_ns / 1000000 % 1000) AS start,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.end_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.end_ns / 1000000 % 1000) AS "end",
           other, CASE WHEN other THEN NULL ELSE key END AS protocol,
           CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out' WHEN 2 THEN 'local' ELSE 'transit' END
           AS direction, packets, bytes
    FROM snapshot CROSS JOIN protocol
    ON protocol.id BETWEEN snapshot.id << 24 AND (snapshot.id << 24) + 16777215;
CREATE VIEW fragments AS
    SELECT capture, number AS interval, sequence,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.start_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.start_ns / 1000000 % 1000) AS start,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.end_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.end_ns / 1000000 % 1000) AS "end",
           other, CASE WHEN other THEN NULL ELSE key END AS protocol,
           CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out' WHEN 2 THEN 'local' ELSE 'transit' END
           AS direction, packets, bytes
    FROM snapshot CROSS JOIN fragment
    ON fragment.id BETWEEN snapshot.id << 24 AND (snapshot.id << 24) + 16777215;
CREATE VIEW ethertypes AS
    SELECT capture, number AS interval, sequence,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.start_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.start_ns / 1000000 % 1000) AS start,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.end_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.end_ns / 1000000 % 1000) AS "end",
           other, CASE WHEN other THEN NULL ELSE key END AS ethertype,
           CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out' WHEN 2 THEN 'local' ELSE 'transit' END
           AS direction, packets, bytes
    FROM snapshot CROSS JOIN ethertype
    ON ethertype.id BETWEEN snapshot.id << 24 AND (snapshot.id << 24) + 16777215;
CREATE VIEW conversations AS
    SELECT capture, number AS interval, sequence,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.start_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.start_ns / 1000000 % 1000) AS start,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.end_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.end_ns / 1000000 % 1000) AS "end",
           other, CASE WHEN other THEN NULL WHEN typeof(client) = 'text' THEN client ELSE
               printf('%d.%d.%d.%d', client >> 24, client >> 16 & 255, client >> 8 & 255, client & 255)
           END AS client,
           CASE WHEN other THEN NULL WHEN typeof(server) = 'text' THEN server ELSE
               printf('%d.%d.%d.%d', server >> 24, server >> 16 & 255, server >> 8 & 255, server & 255)
           END AS server,
           CASE WHEN other THEN NULL ELSE protocol END AS protocol,
           CASE WHEN other THEN NULL ELSE port END AS port,
           CASE WHEN five_tuple AND NOT other THEN client_port END AS client_port,
           CASE WHEN other THEN NULL ELSE CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out'
               WHEN 2 THEN 'local' ELSE 'transit' END END AS direction,
           CASE WHEN other THEN NULL WHEN scope THEN 'internet' ELSE 'local' END AS scope,
           packets, bytes, ip_bytes, new, flags,
           reverse_packets, reverse_bytes, reverse_ip_bytes, reverse_new, reverse_flags,
           strftime('%Y-%m-%dT%H:%M:%S', first_seen_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', first_seen_ns / 1000000 % 1000) AS first_seen,
           strftime('%Y-%m-%dT%H:%M:%S', last_seen_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', last_seen_ns / 1000000 % 1000) AS last_seen
    FROM snapshot CROSS JOIN conversation
    ON conversation.id BETWEEN snapshot.id << 24 AND (snapshot.id << 24) + 16777215;
CREATE VIEW hosts AS
    SELECT capture, number AS interval, sequence,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.start_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.start_ns / 1000000 % 1000) AS start,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.end_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.end_ns / 1000000 % 1000) AS "end",
           other, CASE WHEN other THEN NULL WHEN typeof(address) = 'text' THEN address ELSE
               printf('%d.%d.%d.%d', address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255)
           END AS address,
           sent_packets, sent_bytes, sent_new, received_packets, received_bytes, received_new,
           CASE WHEN rates_known THEN packets_per_hour END AS packets_per_hour,
           CASE WHEN rates_known THEN connections_per_hour END AS connections_per_hour,
           CASE WHEN rates_known THEN bytes_per_hour END AS bytes_per_hour,
           strftime('%Y-%m-%dT%H:%M:%S', first_seen_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', first_seen_ns / 1000000 % 1000) AS first_seen,
           strftime('%Y-%m-%dT%H:%M:%S', last_seen_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', last_seen_ns / 1000000 % 1000) AS last_seen
    FROM snapshot CROSS JOIN host
    ON host.id BETWEEN snapshot.id << 24 AND (snapshot.id << 24) + 16777215;
CREATE VIEW scanners AS
    SELECT capture, number AS interval, sequence,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.start_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.start_ns / 1000000 % 1000) AS start,
           strftime('%Y-%m-%dT%H:%M:%S', snapshot.end_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', snapshot.end_ns / 1000000 % 1000) AS "end",
           CASE typeof(address) WHEN 'text' THEN address ELSE
               printf('%d.%d.%d.%d', address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255)
           END AS address,
           attempts, port_changes, distinct_ports, distinct_hosts, refused,
           CASE WHEN plain THEN NULL ELSE unanswered END AS unanswered,
           strftime('%Y-%m-%dT%H:%M:%S', first_seen_ns / 1000000000, 'unixepoch')
           || printf('.%03dZ', first_seen_ns / 1000000 % 1000) AS first_seen
    FROM snapshot CROSS JOIN scanner
    ON scanner.id BETWEEN snapshot.id << 24 AND (snapshot.id << 24) + 16777215;

CREATE VIEW minutes AS
    SELECT minute, capture, intervals, frames,
           tcp_packets + udp_packets + protocol_packets + fragment_packets
           + ethertype_packets + llc_packets + malformed_packets + unsupported_packets AS packets,
           tcp_bytes + udp_bytes + protocol_bytes + fragment_bytes
           + ethertype_bytes + llc_bytes + malformed_bytes + unsupported_bytes AS bytes,
           received, lost_kernel, lost_interface, gone_ns / 1e9 AS gone_seconds, restarts,
           clock_step_ns / 1e9 AS clock_step, complete, length_ns / 1e9 AS seconds,
           rejected_packets, rejected_bytes, tcp_packets, tcp_bytes, udp_packets, udp_bytes,
           protocol_packets, protocol_bytes, fragment_packets, fragment_bytes, ethertype_packets,
           ethertype_bytes, llc_packets, llc_bytes, malformed_packets, malformed_bytes,
           unsupported_packets, unsupported_bytes, in_packets, in_bytes, out_packets, out_bytes,
           local_packets, local_bytes, transit_packets, transit_bytes, internet_in_packets,
           internet_in_bytes, internet_out_packets, internet_out_bytes
    FROM span WHERE minute IS NOT NULL;
CREATE VIEW minute_ports AS
    SELECT minute, capture, CASE protocol WHEN 6 THEN 'tcp' ELSE 'udp' END AS transport, other,
           CASE WHEN other THEN NULL ELSE port END AS port,
           CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out' WHEN 2 THEN 'local' ELSE 'transit' END
           AS direction,
           packets, bytes, new, accepted, refused
    FROM span CROSS JOIN span_port ON span_port.span = span.id WHERE minute IS NOT NULL;
CREATE VIEW minute_protocols AS
    SELECT minute, capture, other, CASE WHEN other THEN NULL ELSE key END AS protocol,
           CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out' WHEN 2 THEN 'local' ELSE 'transit' END
           AS direction, packets, bytes
    FROM span CROSS JOIN span_protocol ON span_protocol.span = span.id WHERE minute IS NOT NULL;
CREATE VIEW minute_conversations AS
    SELECT minute, capture, other,
           CASE WHEN other THEN NULL WHEN typeof(client) = 'text' THEN client ELSE
               printf('%d.%d.%d.%d', client >> 24, client >> 16 & 255, client >> 8 & 255, client & 255)
           END AS client,
           CASE WHEN other THEN NULL WHEN typeof(server) = 'text' THEN server ELSE
               printf('%d.%d.%d.%d', server >> 24, server >> 16 & 255, server >> 8 & 255, server & 255)
           END AS server,
           CASE WHEN other THEN NULL ELSE protocol END AS protocol,
           CASE WHEN other THEN NULL ELSE port END AS port,
           CASE WHEN other THEN NULL ELSE CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out'
               WHEN 2 THEN 'local' ELSE 'transit' END END AS direction,
           CASE WHEN other THEN NULL WHEN scope THEN 'internet' ELSE 'local' END AS scope,
           packets, bytes, ip_bytes, new, reverse_packets, reverse_bytes, reverse_ip_bytes,
           reverse_new
    FROM span CROSS JOIN span_conversation ON span_conversation.span = span.id WHERE minute IS NOT NULL;
CREATE VIEW minute_hosts AS
    SELECT minute, capture, other,
           CASE WHEN other THEN NULL WHEN typeof(address) = 'text' THEN address ELSE
               printf('%d.%d.%d.%d', address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255)
           END AS address,
           sent_packets, sent_bytes, sent_new, received_packets, received_bytes, received_new
    FROM span CROSS JOIN span_host ON span_host.span = span.id WHERE minute IS NOT NULL;

CREATE VIEW hours AS
    SELECT hour, capture, intervals, frames,
           tcp_packets + udp_packets + protocol_packets + fragment_packets
           + ethertype_packets + llc_packets + malformed_packets + unsupported_packets AS packets,
           tcp_bytes + udp_bytes + protocol_bytes + fragment_bytes
           + ethertype_bytes + llc_bytes + malformed_bytes + unsupported_bytes AS bytes,
           received, lost_kernel, lost_interface, gone_ns / 1e9 AS gone_seconds, restarts,
           clock_step_ns / 1e9 AS clock_step, complete, length_ns / 1e9 AS seconds,
           rejected_packets, rejected_bytes, tcp_packets, tcp_bytes, udp_packets, udp_bytes,
           protocol_packets, protocol_bytes, fragment_packets, fragment_bytes, ethertype_packets,
           ethertype_bytes, llc_packets, llc_bytes, malformed_packets, malformed_bytes,
           unsupported_packets, unsupported_bytes, in_packets, in_bytes, out_packets, out_bytes,
           local_packets, local_bytes, transit_packets, transit_bytes, internet_in_packets,
           internet_in_bytes, internet_out_packets, internet_out_bytes
    FROM span WHERE hour IS NOT NULL;
CREATE VIEW hour_ports AS
    SELECT hour, capture, CASE protocol WHEN 6 THEN 'tcp' ELSE 'udp' END AS transport, other,
           CASE WHEN other THEN NULL ELSE port END AS port,
           CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out' WHEN 2 THEN 'local' ELSE 'transit' END
           AS direction,
           packets, bytes, new, accepted, refused
    FROM span CROSS JOIN span_port ON span_port.span = span.id WHERE hour IS NOT NULL;
CREATE VIEW hour_protocols AS
    SELECT hour, capture, other, CASE WHEN other THEN NULL ELSE key END AS protocol,
           CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out' WHEN 2 THEN 'local' ELSE 'transit' END
           AS direction, packets, bytes
    FROM span CROSS JOIN span_protocol ON span_protocol.span = span.id WHERE hour IS NOT NULL;
CREATE VIEW hour_conversations AS
    SELECT hour, capture, other,
           CASE WHEN other THEN NULL WHEN typeof(client) = 'text' THEN client ELSE
               printf('%d.%d.%d.%d', client >> 24, client >> 16 & 255, client >> 8 & 255, client & 255)
           END AS client,
           CASE WHEN other THEN NULL WHEN typeof(server) = 'text' THEN server ELSE
               printf('%d.%d.%d.%d', server >> 24, server >> 16 & 255, server >> 8 & 255, server & 255)
           END AS server,
           CASE WHEN other THEN NULL ELSE protocol END AS protocol,
           CASE WHEN other THEN NULL ELSE port END AS port,
           CASE WHEN other THEN NULL ELSE CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out'
               WHEN 2 THEN 'local' ELSE 'transit' END END AS direction,
           CASE WHEN other THEN NULL WHEN scope THEN 'internet' ELSE 'local' END AS scope,
           packets, bytes, ip_bytes, new, reverse_packets, reverse_bytes, reverse_ip_bytes,
           reverse_new
    FROM span CROSS JOIN span_conversation ON span_conversation.span = span.id WHERE hour IS NOT NULL;
CREATE VIEW hour_hosts AS
    SELECT hour, capture, other,
           CASE WHEN other THEN NULL WHEN typeof(address) = 'text' THEN address ELSE
               printf('%d.%d.%d.%d', address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255)
           END AS address,
           sent_packets, sent_bytes, sent_new, received_packets, received_bytes, received_new
    FROM span CROSS JOIN span_host ON span_host.span = span.id WHERE hour IS NOT NULL;
