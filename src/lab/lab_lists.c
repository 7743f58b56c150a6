#include "lab/lab_lists.h"

#define CHAIN_MAX 8 /* no lab has more; ends the walk up a chain that a fault bent into a ring */

/* Which identities of which kind of node a store must be able to judge. */
struct need {
	enum cw_node_kind holder;
	enum cw_store_kind store;
	enum cw_node_kind other;
	enum cw_identity_kind identity;
};

/* docs/rules.md; the rows where `other` is the holder itself are a node's own chain, which it sends from
 * there. */
static const struct need needs[] = {
	{CW_NODE_EXPRESSWAY_C, CW_STORE_TRUSTED_CA, CW_NODE_EXPRESSWAY_C, CW_IDENTITY_SERVER},
	{CW_NODE_EXPRESSWAY_C, CW_STORE_TRUSTED_CA, CW_NODE_EXPRESSWAY_E, CW_IDENTITY_SERVER},
	{CW_NODE_EXPRESSWAY_C, CW_STORE_TRUSTED_CA, CW_NODE_CUCM, CW_IDENTITY_TOMCAT},
	{CW_NODE_EXPRESSWAY_C, CW_STORE_TRUSTED_CA, CW_NODE_CUCM, CW_IDENTITY_CALLMANAGER},
	{CW_NODE_EXPRESSWAY_C, CW_STORE_TRUSTED_CA, CW_NODE_IMP, CW_IDENTITY_TOMCAT},
	{CW_NODE_EXPRESSWAY_C, CW_STORE_TRUSTED_CA, CW_NODE_UNITY, CW_IDENTITY_TOMCAT},
	{CW_NODE_EXPRESSWAY_E, CW_STORE_TRUSTED_CA, CW_NODE_EXPRESSWAY_E, CW_IDENTITY_SERVER},
	{CW_NODE_EXPRESSWAY_E, CW_STORE_TRUSTED_CA, CW_NODE_EXPRESSWAY_C, CW_IDENTITY_SERVER},
	{CW_NODE_CUCM, CW_STORE_TOMCAT_TRUST, CW_NODE_CUCM, CW_IDENTITY_TOMCAT},
	{CW_NODE_CUCM, CW_STORE_TOMCAT_TRUST, CW_NODE_EXPRESSWAY_C, CW_IDENTITY_SERVER},
	{CW_NODE_CUCM, CW_STORE_CALLMANAGER_TRUST, CW_NODE_CUCM, CW_IDENTITY_CALLMANAGER},
	{CW_NODE_CUCM, CW_STORE_CALLMANAGER_TRUST, CW_NODE_EXPRESSWAY_C, CW_IDENTITY_SERVER},
	{CW_NODE_IMP, CW_STORE_TOMCAT_TRUST, CW_NODE_IMP, CW_IDENTITY_TOMCAT},
	{CW_NODE_IMP, CW_STORE_TOMCAT_TRUST, CW_NODE_EXPRESSWAY_C, CW_IDENTITY_SERVER},
	{CW_NODE_UNITY, CW_STORE_TOMCAT_TRUST, CW_NODE_UNITY, CW_IDENTITY_TOMCAT},
	{CW_NODE_UNITY, CW_STORE_TOMCAT_TRUST, CW_NODE_EXPRESSWAY_C, CW_IDENTITY_SERVER},
};

static void add_once(struct cw_lab_plan *plan, struct cw_lab_store *store, struct cw_lab_plan_cert *cert)
{
	if (!cw_lab_plan_holds(store, cert))
		cw_lab_plan_insert(plan, store, store->count, cert);
}

/* The issuers of a leaf; a self-signed leaf is its own anchor. */
static void add_chain(
	struct cw_lab_plan *plan, struct cw_lab_store *store, struct cw_lab_plan_cert *leaf, bool root_only)
{
	struct cw_lab_plan_cert *cert = leaf->issuer ? leaf->issuer : leaf;
	for (size_t depth = 0; cert && depth < CHAIN_MAX; depth++, cert = cert->issuer)
		if (!root_only || !cert->issuer)
			add_once(plan, store, cert);
}

static void fill_store(struct cw_lab_plan *plan, struct cw_lab_store *store, const struct need *need,
	const struct cw_lab_plan_group *holder)
{
	for (size_t i = 0; i < plan->group_count; i++) {
		const struct cw_lab_plan_group *other = plan->groups[i];
		bool is_itself = need->other == need->holder;
		if (other->kind != need->other || (is_itself && other != holder))
			continue;
		for (size_t j = 0; j < other->count; j++)
			if (other->nodes[j]->identities[need->identity].cert)
				add_chain(
					plan, store, other->nodes[j]->identities[need->identity].cert, false);
	}
}

static void fill_group(struct cw_lab_plan *plan, struct cw_lab_plan_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		for (size_t j = 0; j < sizeof needs / sizeof needs[0]; j++)
			if (needs[j].holder == group->kind && !group->nodes[i]->same_as)
				fill_store(plan, group->nodes[i]->stores[needs[j].store], &needs[j], group);
}

void cw_lab_lists_fill(struct cw_lab_plan *plan)
{
	for (size_t i = 0; i < plan->group_count; i++)
		fill_group(plan, plan->groups[i]);
	struct cw_lab_plan_group *edge = cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_E);
	for (size_t i = 0; i < plan->endpoint_count; i++)
		for (size_t j = 0; j < edge->count; j++)
			add_chain(plan, plan->endpoints[i].trust,
				edge->nodes[j]->identities[CW_IDENTITY_SERVER].cert, true);
}
