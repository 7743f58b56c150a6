/**
 * The data link layer of a captured packet: finds the IP datagram in it.
 *
 * Ethernet with any number of VLAN tags (802.1Q, QinQ) and PPPoE, raw IP, Linux cooked v1 and v2, BSD null
 * and loopback. What is no IP is no error; it is passed over.
 */
#ifndef CW_CAPTURE_PACKET_DATA_LINK_H
#define CW_CAPTURE_PACKET_DATA_LINK_H

#include "capture/packet/packet.h"

#include <stdbool.h>

/* Stacked tags: two are QinQ; more than this is an attempt to make the reader walk. */
#define CW_VLAN_TAGS_MAX 8

/** The bytes from the IP header on. False: no IP in it, or too short. */
bool cw_data_link_find_ip(const struct cw_packet *packet, const uint8_t **ip, size_t *length);

/** The data link type is one that is known here. */
bool cw_data_link_known(uint32_t data_link_type);

#endif
