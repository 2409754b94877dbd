/*
 * packet_socket.h - what is asked of a packet socket of any reader: packet(7)
 */
#ifndef WC_PACKET_SOCKET_H
#define WC_PACKET_SOCKET_H

/* Reserved (RFC 9542): no frame has it, so a socket open for it receives none. */
#define WC_PACKET_ETHERTYPE_NONE 0xffff

/* Receives from the interface at @index, 0 for all, from now on. Returns 0, or -1 with errno set.
 */
int wc_packet_socket_bind(int fd, unsigned index);

/* Receives nothing more until it is bound again. */
void wc_packet_socket_silence(int fd);

/*
 * Has the interface at @index be promiscuous until the socket is closed, or it is deleted: it
 * belongs to that. Results as above.
 */
int wc_packet_socket_widen(int fd, unsigned index);

#endif /* WC_PACKET_SOCKET_H */
