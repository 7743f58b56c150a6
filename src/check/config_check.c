#include "check/node_check.h"
#include "model/required_names.h"

#include <string.h>
#include <strings.h>

/* the Expressway troubleshooting guide: "it is recommended that the Expressway-C cluster FQDN is configured as TLS Verify name". */
static bool check_verify_name(const struct cw_node_checking *checking, const struct cw_zone *zone)
{
	const char *cluster = zone->c->cluster;
	if (!zone->tls_verify_name || !cluster || strcasecmp(zone->tls_verify_name, cluster) == 0)
		return true;
	struct cw_complaint *complaint = cw_node_check_complain(checking, CW_VERIFY_NAME_NOT_CLUSTER, NULL,
		NULL, "zone %s: the TLS verify subject name is %s; the Expressway-C cluster FQDN is %s",
		zone->name, zone->tls_verify_name, cluster);
	if (!complaint)
		return false;
	complaint->finding.name = strdup(cluster);
	return complaint->finding.name ? true : cw_error_memory(checking->error);
}

/* sources F4.2: "C and E must run the same version after upgrade". */
static bool check_release(const struct cw_node_checking *checking, const struct cw_zone *zone)
{
	char c[CW_RELEASE_TEXT_SIZE], e[CW_RELEASE_TEXT_SIZE];
	if (cw_release_compare(zone->c->release, zone->e->release) == 0)
		return true;
	return cw_node_check_complain(checking, CW_RELEASE_DIFFERS, NULL, NULL,
		"Expressway-E runs %s, Expressway-C behind zone %s runs %s",
		cw_release_text(zone->e->release, e), zone->name, cw_release_text(zone->c->release, c));
}

static bool check_zones(const struct cw_node_checking *checking)
{
	const struct cw_deployment *deployment = checking->check->deployment;
	for (size_t i = 0; i < deployment->zone_count; i++) {
		const struct cw_zone *zone = &deployment->zones[i];
		if (zone->e == checking->node->group &&
			(!check_verify_name(checking, zone) || !check_release(checking, zone)))
			return false;
	}
	return true;
}

/* the MRA certificates guide "Cluster Certificates", reasons 1 and 2. */
static bool check_shared_key(const struct cw_node_checking *checking)
{
	const struct cw_node *node = checking->node;
	const struct cw_identity *own = &node->identities[CW_IDENTITY_SERVER];
	for (size_t i = 0; own->state == CW_KNOWN && i < node->group->count; i++) {
		const struct cw_node *peer = node->group->nodes[i];
		const struct cw_identity *theirs = &peer->identities[CW_IDENTITY_SERVER];
		if (peer == node || theirs->state != CW_KNOWN || !cw_cert_same_key(own->leaf, theirs->leaf))
			continue;
		return cw_node_check_complain(checking, CW_SHARED_KEY, "server", own->leaf,
			"%s and %s use one private key: whoever gets it can decrypt the traffic of both, and "
			"a change means the whole "
			"procedure again",
			node->fqdn, peer->fqdn);
	}
	return true;
}

/* Expressway certificate guide: since X12.6 a profile's name must look like a host's. */
static bool check_profiles(const struct cw_node_checking *checking)
{
	const struct cw_strings *profiles = &checking->node->group->phone_profiles;
	for (size_t i = 0; checking->node->publisher && i < profiles->count; i++) {
		if (cw_required_names_profile_fits(profiles->items[i]))
			continue;
		struct cw_complaint *complaint = cw_node_check_complain(checking, CW_PHONE_PROFILE_UNFIT,
			NULL, NULL,
			"the phone security profile \"%s\" is not named like a host (secure-jabber.acme.test), so "
			"that Expressway-C cannot make its request with it",
			profiles->items[i]);
		if (!complaint)
			return false;
		complaint->finding.name = strdup(profiles->items[i]);
		if (!complaint->finding.name)
			return cw_error_memory(checking->error);
	}
	return true;
}

static bool tell_notes(
	const struct cw_node_checking *checking, const struct cw_strings *notes, const char *store)
{
	for (size_t i = 0; i < notes->count; i++)
		if (!cw_node_check_complain(checking, CW_ODD_FILE, store, NULL, "%s", notes->items[i]))
			return false;
	return true;
}

static bool check_notes(const struct cw_node_checking *checking)
{
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (!tell_notes(checking, &checking->node->identities[i].notes,
			    cw_node_identity_name((enum cw_identity_kind)i)))
			return false;
	for (unsigned i = 0; i < CW_STORE_KIND_COUNT; i++)
		if (!tell_notes(checking, &checking->node->stores[i].notes,
			    cw_node_store_name((enum cw_store_kind)i)))
			return false;
	return true;
}

bool cw_node_check_config(const struct cw_node_checking *checking)
{
	if (!check_notes(checking))
		return false;
	switch (checking->node->kind) {
	case CW_NODE_EXPRESSWAY_C:
		return check_shared_key(checking);
	case CW_NODE_EXPRESSWAY_E:
		return check_shared_key(checking) && check_zones(checking);
	case CW_NODE_CUCM:
		return check_profiles(checking);
	case CW_NODE_IMP:
	case CW_NODE_UNITY:
	case CW_NODE_FRONT:
	case CW_NODE_KIND_COUNT:
		return true;
	}
	return true;
}
