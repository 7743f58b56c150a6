#include "deploy/presents.h"

#include "deploy/side_table.h"
#include "trust/send.h"

bool cw_node_is_expressway(const struct cw_node *node)
{
	return node && (node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E);
}

static enum cw_store_kind sending_store(enum cw_identity_kind identity)
{
	switch (identity) {
	case CW_IDENTITY_SERVER:
	case CW_IDENTITY_CLIENT:
		return CW_STORE_TRUSTED_CA;
	case CW_IDENTITY_TOMCAT:
	case CW_IDENTITY_TOMCAT_ECDSA:
		return CW_STORE_TOMCAT_TRUST;
	case CW_IDENTITY_CALLMANAGER:
	case CW_IDENTITY_CALLMANAGER_ECDSA:
	case CW_IDENTITY_KIND_COUNT:
		return CW_STORE_CALLMANAGER_TRUST;
	}
	return CW_STORE_TRUSTED_CA;
}

size_t cw_node_sends(
	const struct cw_node *node, enum cw_identity_kind kind, struct cw_cert *ret[CW_PATH_DEPTH_MAX])
{
	struct cw_cert *leaf = node->identities[kind].leaf;
	const struct cw_store *store = &node->stores[sending_store(kind)];
	ret[0] = leaf;
	if (node->sends_leaf_only || store->state != CW_KNOWN)
		return 1;
	return cw_send_chain(leaf, &store->list,
		cw_node_is_expressway(node) ? CW_PROFILE_EXPRESSWAY : CW_PROFILE_RFC5280, ret);
}

bool cw_link_presents(const struct cw_link *link, bool server, enum cw_identity_kind *ret)
{
	size_t count;
	const struct cw_side_row *rows = cw_side_rows(&count);
	for (size_t i = 0; i < count; i++) {
		if (rows[i].kind == link->kind && rows[i].by_client == server) {
			*ret = cw_side_identity(&rows[i], link);
			return true;
		}
	}
	return false;
}

bool cw_link_end_asks(const struct cw_link *link, bool client)
{
	size_t count;
	const struct cw_side_row *rows = cw_side_rows(&count);
	for (size_t i = 0; i < count; i++)
		if (rows[i].kind == link->kind && rows[i].by_client == client &&
			cw_side_weight(&rows[i], link) != CW_WEIGHT_NONE)
			return true;
	return false;
}
