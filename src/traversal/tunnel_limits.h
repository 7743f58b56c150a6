/**
 * Bounds and times of the tunnels.
 */
#ifndef CW_TRAVERSAL_TUNNEL_LIMITS_H
#define CW_TRAVERSAL_TUNNEL_LIMITS_H

/* Peers of a traversal zone: six of each kind, and what a lab may have. */
#define CW_TUNNEL_PEERS_MAX 64
/* Against floods: connections at once, each of which is two processes. */
#define CW_TUNNEL_CONNECTIONS_MAX 128
/* A cluster may come through one address. */
#define CW_TUNNEL_CONNECTIONS_EACH_MAX 16

/* Times in milliseconds. */
struct cw_tunnel_limits {
	unsigned probe;	      /* between two probes */
	unsigned probe_first; /* before the second try of the first one; it doubles up to ten times as much */
	unsigned misses;      /* probes in a row that are not answered: lost */
	unsigned begin;	      /* from the first connection to the first probe that is answered */
	unsigned exchange;    /* at the beginning of a stream */
	unsigned cut;	      /* from the cut to the end of the processes, then they are killed */
	unsigned redial_min, redial_max;
	unsigned burst;	 /* connections from one address at once … */
	unsigned refill; /* … and then one in so many milliseconds */
};
extern const struct cw_tunnel_limits cw_tunnel_limits_default;

#endif
