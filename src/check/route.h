/**
 * The route of one sign-in: endpoint, front, Expressway-E, zone and tunnel, Expressway-C, CUCM; and how far
 * it reaches.
 *
 * Private to the deploy layer.
 */
#ifndef CW_CHECK_ROUTE_H
#define CW_CHECK_ROUTE_H

#include "check/mesh.h"

struct cw_route {
	const struct cw_endpoint *endpoint;
	const struct cw_domain *domain;
	bool unknown_passes; /* an unknown link counts as up */
};

struct cw_reach {
	bool any;	/* at least one whole route for signing in exists */
	bool registers; /* on one of them a device can register as well */
	bool all; /* through every E node, to every CUCM, IM&P and Unity node, registering with every CUCM node */
	bool edge_down; /* no E node can be entered: the edge and front links are to blame */
	bool zone_down; /* no zone with its tunnel is up */
	bool cucm_down; /* no C has devices, or none configuration, from any CUCM node */
	bool sip_down;	/* no E and C with a CUCM node behind them would let a device register */
};

/** The finding concerns this route: edge-domain-missing counts for its own domain only (docs/rules.md rule
 * 18). */
bool cw_route_concerns(const struct cw_route *route, const struct cw_finding *finding);

/** The link is one of those the route may take. */
bool cw_route_uses(const struct cw_route *route, const struct cw_link *link);

/** The link is up as far as this route is concerned. */
bool cw_route_passes(const struct cw_route *route, const struct cw_link *link);

/** How far it reaches; `mesh` was made with the same `unknown_passes`. False: no memory. */
CW_MUST_USE bool cw_route_reach(const struct cw_check *check, const struct cw_mesh *mesh,
	const struct cw_route *route, struct cw_reach *ret);

/** What is refused on links of this kind counts among the reasons. */
bool cw_route_blames(const struct cw_route *route, const struct cw_reach *reach, enum cw_link_kind kind);

/** An endpoint that is of no use without registering: a phone or a TelePresence endpoint. */
bool cw_route_must_register(const struct cw_route *route);

#endif
