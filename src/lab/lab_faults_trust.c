/*
 * Faults of trust: what stands in a list, in which order, and who it leaves without an issuer.
 */
#include "lab/lab_faults.h"

#include <string.h>

static struct cw_lab_store *c_list(struct cw_lab_plan *plan, size_t place)
{
	struct cw_lab_store *store =
		cw_lab_plan_node(plan, CW_NODE_EXPRESSWAY_C, place)->stores[CW_STORE_TRUSTED_CA];
	return store ? store : &plan->scratch_store;
}

static size_t c_count(struct cw_lab_plan *plan)
{
	return cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_C)->count;
}

/* Peers of a cluster are treated alike, so that their lists stay equal. */
static void insert_on_every_c(struct cw_lab_plan *plan, size_t place, struct cw_lab_plan_cert *cert)
{
	for (size_t i = 0; i < c_count(plan); i++)
		cw_lab_plan_insert(plan, c_list(plan, i), place, cert);
}

static void remove_on_every_c(struct cw_lab_plan *plan, const struct cw_lab_plan_cert *cert)
{
	for (size_t i = 0; i < c_count(plan); i++)
		cw_lab_plan_remove(c_list(plan, i), cert);
}

static struct cw_lab_identity *pub_tomcat(struct cw_lab_plan *plan)
{
	return &cw_lab_plan_node(plan, CW_NODE_CUCM, 0)->identities[CW_IDENTITY_TOMCAT];
}

static void renew_e_under_new_ca(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_cert *renewed = cw_lab_plan_add_ca(plan, "public-issuing-g2",
		"C=US, O=Public Trust, CN=Public Trust Issuing CA G2", cw_lab_plan_cert(plan, "public-root"));
	for (size_t i = 0; i < cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_E)->count; i++)
		cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, i)->issuer = renewed;
}

static void leave_old_ca_on_c(struct cw_lab_plan *plan)
{
	remove_on_every_c(plan, cw_lab_plan_cert(plan, "public-issuing-g2"));
	insert_on_every_c(plan, 0, cw_lab_plan_cert(plan, "public-issuing"));
}

static void remove_public_root(struct cw_lab_plan *plan)
{
	remove_on_every_c(plan, cw_lab_plan_cert(plan, "public-root"));
}

static void self_sign_tomcat(struct cw_lab_plan *plan)
{
	if (pub_tomcat(plan)->cert)
		pub_tomcat(plan)->cert->issuer = NULL;
}

static void remove_tomcat_from_c(struct cw_lab_plan *plan)
{
	remove_on_every_c(plan, pub_tomcat(plan)->cert);
}

static void put_stale_ca_first(struct cw_lab_plan *plan)
{
	const struct cw_lab_plan_cert *right = cw_lab_plan_cert(plan, "public-issuing");
	insert_on_every_c(plan, 0,
		cw_lab_plan_add_ca(
			plan, "public-issuing-stale", right->subject ? right->subject : "", right->issuer));
}

static void take_root_from_phones(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_cert *other =
		cw_lab_plan_add_ca(plan, "other-root", "C=US, O=Other Trust, CN=Other Trust Root CA", NULL);
	for (size_t i = 0; i < plan->endpoint_count; i++) {
		struct cw_lab_endpoint *endpoint = &plan->endpoints[i];
		if (endpoint->kind != CW_ENDPOINT_PHONE_8800 || cw_lab_plan_holds(endpoint->trust, other))
			continue;
		cw_lab_plan_remove(endpoint->trust, cw_lab_plan_cert(plan, "public-root"));
		cw_lab_plan_insert(plan, endpoint->trust, 0, other);
	}
}

static void add_ecdsa_counterpart(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_node *pub = cw_lab_plan_node(plan, CW_NODE_CUCM, 0);
	struct cw_lab_plan_cert *counterpart = cw_lab_plan_add_leaf(
		plan, "pub/tomcat-ecdsa", cw_lab_plan_text(plan, "C=US, O=Acme, CN=%s-EC", pub->name), NULL);
	cw_lab_plan_add_name(plan, counterpart, pub->fqdn);
	counterpart->key_kind = "ec:P-384";
	pub->identities[CW_IDENTITY_TOMCAT_ECDSA].cert = counterpart;
	cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_C)->prefer = CW_PREFER_ECDSA;
}

static void swap_on_last_c(struct cw_lab_plan *plan)
{
	struct cw_lab_store *store = c_list(plan, c_count(plan) - 1);
	if (store->count < 2)
		return;
	struct cw_lab_plan_cert *first = store->items[0];
	store->items[0] = store->items[1];
	store->items[1] = first;
}

static void give_subscriber_its_own_lists(struct cw_lab_plan *plan)
{
	cw_lab_plan_node(plan, CW_NODE_CUCM, 1)->same_as = NULL;
}

static void take_issuer_from_subscriber(struct cw_lab_plan *plan)
{
	struct cw_lab_store *store = cw_lab_plan_node(plan, CW_NODE_CUCM, 1)->stores[CW_STORE_TOMCAT_TRUST];
	if (store)
		cw_lab_plan_remove(store, cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_C, 0)->issuer);
}

static void self_sign_both(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_cert *callmanager =
		cw_lab_plan_node(plan, CW_NODE_CUCM, 0)->identities[CW_IDENTITY_CALLMANAGER].cert;
	self_sign_tomcat(plan);
	if (callmanager)
		callmanager->issuer = NULL;
}

static void repeat_public_root(struct cw_lab_plan *plan)
{
	insert_on_every_c(plan, (size_t)-1, cw_lab_plan_cert(plan, "public-root"));
}

static void keep_expired_ca(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_cert *old =
		cw_lab_plan_add_ca(plan, "expired-root", "C=US, O=Acme, CN=Acme Root CA 2010", NULL);
	old->spec.not_before = plan->at - 3650 * CW_DAY;
	old->spec.not_after = plan->at - 60 * CW_DAY;
	insert_on_every_c(plan, (size_t)-1, old);
}

static void keep_needless_ca(struct cw_lab_plan *plan)
{
	insert_on_every_c(plan, (size_t)-1,
		cw_lab_plan_add_ca(
			plan, "former-root", "C=US, O=Former Provider, CN=Former Provider Root CA", NULL));
}

/* Revocation on for Expressway-C, with a good CRL of every CA that it trusts. */
static void use_crls(struct cw_lab_plan *plan)
{
	struct cw_lab_store *store = c_list(plan, 0);
	cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_C)->revocation = true;
	for (size_t i = 0; i < store->count; i++)
		if (store->items[i]->spec.constraints == CW_ISSUE_CA)
			cw_lab_plan_add_crl(plan, store->items[i]);
}

static struct cw_lab_crl *crl_of_e(struct cw_lab_plan *plan)
{
	const struct cw_lab_plan_cert *issuer = cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0)->issuer;
	for (size_t i = 0; i < plan->crl_count; i++)
		if (plan->crls[i].issuer == issuer)
			return &plan->crls[i];
	return NULL;
}

static void revoke_e(struct cw_lab_plan *plan)
{
	use_crls(plan);
	cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0)->revoked = true;
}

static void leave_out_crl(struct cw_lab_plan *plan)
{
	use_crls(plan);
	struct cw_lab_crl *crl = crl_of_e(plan);
	if (crl)
		crl->left_out = true;
}

static void let_crl_expire(struct cw_lab_plan *plan)
{
	use_crls(plan);
	struct cw_lab_crl *crl = crl_of_e(plan);
	if (crl)
		crl->expired = true;
}

static const struct cw_lab_fault_row rows[] = {
	{{"issuer-missing", "E was renewed by a new issuing CA that nobody uploaded on C.",
		 "tunnel (the zone stays up: E sends the new CA along)", "ca-not-needed", false},
		renew_e_under_new_ca, leave_old_ca_on_c},
	{{"root-missing", "The public root is not in C's trusted CA list; the issuing CA below it is.",
		 "traversal and tunnel, refused by C", "traversal-refused", false},
		NULL, remove_public_root},
	{{"self-signed-untrusted",
		 "The CUCM publisher's tomcat certificate is self-signed and not in C's list.",
		 "tomcat to the publisher", "", false},
		self_sign_tomcat, remove_tomcat_from_c},
	{{"issuer-shadowed",
		 "A stale certificate of the public issuing CA (same subject, other key) stands before the "
		 "right one in C's list.",
		 "traversal and tunnel, refused by C", "traversal-refused same-subject-conflict", false},
		NULL, put_stale_ca_first},
	{{"revoked", "C checks CRLs, and the public issuing CA has revoked e1's certificate.",
		 "traversal to e1", "traversal-refused", false},
		NULL, revoke_e},
	{{"crl-missing", "C checks CRLs and has none of the public issuing CA.", "traversal",
		 "traversal-refused", false},
		NULL, leave_out_crl},
	{{"crl-expired", "C checks CRLs, and that of the public issuing CA ran out yesterday.", "traversal",
		 "traversal-refused", false},
		NULL, let_crl_expire},
	{{"device-list-lacks-ca", "The list built into the 8800 phones holds another public root.",
		 "edge-https and edge-sip of the 8800 phones", "", false},
		NULL, take_root_from_phones},
	{{"ecdsa-twin-untrusted",
		 "The CUCM publisher has a self-signed tomcat-ECDSA certificate, and C prefers ECDSA.",
		 "tomcat to the publisher", "", false},
		add_ecdsa_counterpart, NULL},
	{{"trust-lists-differ", "The last C peer holds the same certificates as the first in another order.",
		 "node: the last C peer", "", true},
		NULL, swap_on_last_c},
	{{"trust-not-replicated",
		 "The first CUCM subscriber's tomcat-trust lacks the issuing CA of C's certificate.",
		 "node: the subscriber (links pass: C sends that CA along)", "", false},
		give_subscriber_its_own_lists, take_issuer_from_subscriber},
	{{"same-subject-conflict",
		 "tomcat and CallManager of the CUCM publisher are self-signed with one subject; C trusts "
		 "both, tomcat first.",
		 "node: every C peer; tftp, sip-out and sip-in with the publisher", "issuer-shadowed", false},
		self_sign_both, NULL},
	{{"duplicate-entry", "The public root stands in C's list twice.", "node: every C peer", "", false},
		NULL, repeat_public_root},
	{{"entry-expired", "C's list still holds a root that ran out two months ago; nothing uses it.",
		 "node: every C peer", "", false},
		NULL, keep_expired_ca},
	{{"ca-not-needed", "C's list holds the root of a provider that signs nothing here any more.",
		 "node: every C peer", "", false},
		NULL, keep_needless_ca},
};

const struct cw_lab_fault_table cw_lab_trust_faults = {rows, sizeof rows / sizeof rows[0]};
