/*
 * live_pcap.h - a packet socket that libpcap reads
 *
 * libpcap makes socket, ring (TPACKET_V3) and frames. It opens the socket for an
 * ethertype that nobody uses, so that it stays silent until our program is on it
 * and it is bound: no frame enters the ring that the program has not seen.
 */
#ifndef WC_LIVE_PCAP_H
#define WC_LIVE_PCAP_H

#include "live_reader.h"

extern const struct wc_live_kind wc_live_pcap;

#endif /* WC_LIVE_PCAP_H */
