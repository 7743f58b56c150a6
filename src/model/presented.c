#include "model/presented.h"

#include "trust/send.h"

enum cw_store_kind cw_presented_store(enum cw_identity_kind identity)
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

size_t cw_presented_chain(
	const struct cw_node *node, enum cw_identity_kind kind, struct cw_cert *ret[CW_PATH_DEPTH_MAX])
{
	struct cw_cert *leaf = node->identities[kind].leaf;
	const struct cw_store *store = &node->stores[cw_presented_store(kind)];
	ret[0] = leaf;
	if (cw_node_sends_file(node)) {
		const struct cw_identity *identity = &node->identities[kind];
		size_t count = 1;
		for (; count <= identity->extra && count < CW_PATH_DEPTH_MAX; count++)
			ret[count] = identity->others[count - 1];
		return count;
	}
	if (node->sends == CW_SENDS_LEAF || store->state != CW_KNOWN)
		return 1;
	return cw_send_chain(leaf, &store->list,
		cw_node_is_expressway(node) ? CW_PROFILE_EXPRESSWAY : CW_PROFILE_RFC5280, ret);
}

bool cw_presented_identity(const struct cw_link_ends *ends, bool server, enum cw_identity_kind *ret)
{
	size_t count;
	const struct cw_link_row *rows = cw_link_rows(&count);
	for (size_t i = 0; i < count; i++) {
		if (rows[i].kind == ends->kind && rows[i].by_client == server) {
			*ret = cw_link_row_identity(&rows[i], ends);
			return true;
		}
	}
	return false;
}

bool cw_presented_asked(const struct cw_link_ends *ends, bool client)
{
	size_t count;
	const struct cw_link_row *rows = cw_link_rows(&count);
	for (size_t i = 0; i < count; i++)
		if (rows[i].kind == ends->kind && rows[i].by_client == client &&
			cw_link_row_weight(&rows[i], ends) != CW_WEIGHT_NONE)
			return true;
	return false;
}
