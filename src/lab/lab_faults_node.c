/*
 * Faults of a node by itself: its files, its key, its configuration.
 */
#include "lab/lab_faults.h"

static struct cw_lab_identity *server_of(struct cw_lab_plan *plan, enum cw_node_kind kind, size_t place)
{
	return &cw_lab_plan_node(plan, kind, place)->identities[CW_IDENTITY_SERVER];
}

static void hide_tomcat(struct cw_lab_plan *plan)
{
	cw_lab_plan_node(plan, CW_NODE_CUCM, 1)->identities[CW_IDENTITY_TOMCAT].unknown = true;
}

/* The seed's way: one request with every peer in it, its key copied around. */
static void share_certificate(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_group *group = cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_C);
	struct cw_lab_plan_cert *shared = cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_C, 0);
	for (size_t i = 1; i < group->count; i++) {
		cw_lab_plan_add_name(plan, shared, group->nodes[i]->fqdn);
		cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_C, i)->unused =
			cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_C, i) != shared;
		group->nodes[i]->identities[CW_IDENTITY_SERVER].cert = shared;
	}
}

static void keep_key_of_discarded_request(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_cert *own = cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_C, 0);
	server_of(plan, CW_NODE_EXPRESSWAY_C, 0)->key_of = cw_lab_plan_add_leaf(
		plan, "c1/discarded-request", own->subject ? own->subject : "", own->issuer);
}

static void export_as_der(struct cw_lab_plan *plan)
{
	server_of(plan, CW_NODE_EXPRESSWAY_E, 0)->der = true;
}

static void put_chain_into_file(struct cw_lab_plan *plan)
{
	server_of(plan, CW_NODE_EXPRESSWAY_E, 0)->with_chain = true;
}

static void pad_an_entry(struct cw_lab_plan *plan)
{
	struct cw_lab_store *store =
		cw_lab_plan_node(plan, CW_NODE_EXPRESSWAY_E, 0)->stores[CW_STORE_TRUSTED_CA];
	if (store)
		store->padded = true;
}

static void upgrade_e(struct cw_lab_plan *plan)
{
	cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_E)->release = (struct cw_release){14, 3, 0};
}

static void mistype_password(struct cw_lab_plan *plan)
{
	plan->on_e.password = "lab-pasword";
}

static void mistype_username(struct cw_lab_plan *plan)
{
	plan->on_e.username = "traversl";
}

static const struct cw_lab_fault_row rows[] = {
	{{"credentials-differ", "The password of the traversal zone on E is not that on C.",
		 "traversal, after TLS", "traversal-refused", false},
		mistype_password, NULL},
	{{"traversal-refused",
		 "The user name of the traversal zone on E is not that on C, so no tunnel is tried.",
		 "tunnel", "credentials-differ", false},
		mistype_username, NULL},
	{{"not-known",
		 "Nobody has the tomcat certificate of the first CUCM subscriber: it is written as unknown.",
		 "tomcat to the subscriber (unknown)", "", false},
		hide_tomcat, NULL},
	{{"shared-key", "All C peers have one certificate and one private key.", "node: the C peers", "",
		 true},
		share_certificate, NULL},
	{{"key-mismatch", "c1's key file holds the key of a request that was discarded.", "node: c1", "",
		 false},
		keep_key_of_discarded_request, NULL},
	{{"not-pem", "e1's certificate was exported as DER.", "node: e1", "", false}, export_as_der, NULL},
	{{"extra-certificates", "e1's certificate file holds its issuers too.", "node: e1", "", false},
		put_chain_into_file, NULL},
	{{"odd-file", "A tool padded the first certificate of e1's list with zero bytes.", "node: e1", "",
		 false},
		NULL, pad_an_entry},
	{{"release-differs", "E runs X14.3, C runs X14.2.", "node: E", "", false}, upgrade_e, NULL},
};

const struct cw_lab_fault_table cw_lab_node_faults = {rows, sizeof rows / sizeof rows[0]};
