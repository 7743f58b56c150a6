/*
 * Faults of names: what is typed where, and what the certificates do not say.
 */
#include "lab/lab_faults.h"

#include "base/buffer.h"

#include <string.h>

static struct cw_lab_plan_node *last_c(struct cw_lab_plan *plan)
{
	return cw_lab_plan_node(
		plan, CW_NODE_EXPRESSWAY_C, cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_C)->count - 1);
}

static struct cw_lab_plan_cert *last_c_server(struct cw_lab_plan *plan)
{
	return cw_lab_fault_server(
		plan, CW_NODE_EXPRESSWAY_C, cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_C)->count - 1);
}

static const char *first(const struct cw_strings *list)
{
	return list->count ? list->items[0] : "";
}

static void replace_text(struct cw_lab_plan *plan, struct cw_strings *list, const char *old, const char *new)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i], old) != 0)
			continue;
		char *copy = strdup(new);
		if (!copy) {
			plan->failed = true;
			return;
		}
		free(list->items[i]);
		list->items[i] = copy;
	}
}

static void type_other_peer_address(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_node *e1 = cw_lab_plan_node(plan, CW_NODE_EXPRESSWAY_E, 0);
	e1->address = "mra.acme.test";
	replace_text(plan, &plan->peers, e1->fqdn, e1->address);
}

static void type_other_verify_name(struct cw_lab_plan *plan)
{
	plan->tls_verify_name = "vcs.acme.test";
}

static void verify_domain_instead_of_cluster(struct cw_lab_plan *plan)
{
	plan->tls_verify_name = first(&plan->domains);
}

static void add_cucm_by_ip(struct cw_lab_plan *plan)
{
	cw_lab_plan_node(plan, CW_NODE_CUCM, 0)->address = "10.0.0.11";
}

static void forget_phone_profiles(struct cw_lab_plan *plan)
{
	for (size_t i = 0; i < cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_C)->count; i++)
		for (size_t j = 0; j < plan->phone_profiles.count; j++)
			cw_lab_plan_remove_name(plan, cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_C, i),
				plan->phone_profiles.items[j]);
}

/* As the profile is often called in CUCM. */
static void call_profile_by_words(struct cw_lab_plan *plan)
{
	forget_phone_profiles(plan);
	cw_strings_finish(&plan->phone_profiles);
	cw_lab_plan_add_text(plan, &plan->phone_profiles, "Secure Jabber Profile");
}

static void forget_edge_domain(struct cw_lab_plan *plan)
{
	for (size_t i = 0; i < cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_E)->count; i++) {
		struct cw_lab_plan_cert *cert = cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, i);
		cw_lab_plan_remove_name(plan, cert, first(&plan->domains));
		cw_lab_plan_remove_name(
			plan, cert, cw_lab_plan_text(plan, "collab-edge.%s", first(&plan->domains)));
	}
}

static void use_wildcard(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_cert *cert = cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0);
	cert->subject = "C=US, O=Acme, CN=*.acme.test";
	cw_lab_plan_add_name(plan, cert, "*.acme.test");
}

static void leave_out_common_name(struct cw_lab_plan *plan)
{
	cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0)->subject = "C=US, O=Acme";
}

static void forget_cluster_name(struct cw_lab_plan *plan)
{
	const char *cluster = cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_C)->cluster;
	if (cluster)
		cw_lab_plan_remove_name(plan, last_c_server(plan), cluster);
}

static void use_peer_name_as_cn(struct cw_lab_plan *plan)
{
	last_c_server(plan)->subject = cw_lab_plan_text(plan, "C=US, O=Acme, CN=%s", last_c(plan)->fqdn);
}

static void forget_peer_name(struct cw_lab_plan *plan)
{
	cw_lab_plan_remove_name(plan, last_c_server(plan), last_c(plan)->fqdn);
}

static void forget_domain(struct cw_lab_plan *plan)
{
	cw_lab_plan_remove_name(
		plan, cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_C, 0), first(&plan->domains));
}

static void forget_chat_alias(struct cw_lab_plan *plan)
{
	cw_lab_plan_remove_name(
		plan, cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_C, 0), first(&plan->chat_aliases));
}

static void forget_federation_domain(struct cw_lab_plan *plan)
{
	cw_lab_plan_remove_name(
		plan, cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0), first(&plan->federation_domains));
}

/* Behind the names that are needed, so that those still count. */
static void add_too_many_names(struct cw_lab_plan *plan)
{
	for (unsigned i = 1; i <= 40; i++)
		cw_lab_plan_add_name(plan, cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0),
			cw_lab_plan_text(plan, "alias-%02u.e1.acme.test", i));
}

static void rename_e_with_underscore(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_node *e1 = cw_lab_plan_node(plan, CW_NODE_EXPRESSWAY_E, 0);
	struct cw_lab_plan_cert *cert = cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0);
	const char *renamed = "e_1.acme.test";
	replace_text(plan, &cert->sans, cw_lab_plan_text(plan, "DNS:%s", e1->fqdn),
		cw_lab_plan_text(plan, "DNS:%s", renamed));
	replace_text(plan, &plan->peers, e1->fqdn, renamed);
	if (!cw_lab_plan_group(plan, CW_NODE_EXPRESSWAY_E)->cluster)
		cert->subject = cw_lab_plan_text(plan, "C=US, O=Acme, CN=%s", renamed);
	e1->fqdn = renamed;
}

/* The names are right and every list holds its CA: people do that to make it work. */
static void use_temporary_certificate(struct cw_lab_plan *plan)
{
	static const char uuid[] = "8f1f4a3e-6d2b-4c57-9a1e-2b7c0d4e5f60";
	struct cw_lab_plan_cert *cert = cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_C, 0);
	cert->issuer = cw_lab_plan_add_ca(plan, "temporary",
		cw_lab_plan_text(
			plan, "O=Temporary CA %s, OU=Temporary CA %s, CN=Temporary CA %s", uuid, uuid, uuid),
		NULL);
	cert->subject = cw_lab_plan_text(
		plan, "O=Temporary Certificate %s, OU=Temporary Certificate %s, CN=cisco", uuid, uuid);
}

static const struct cw_lab_fault_row rows[] = {
	{{"peer-name-mismatch", "C's zone names e1 by mra.acme.test, which is not in its certificate.",
		 "traversal and tunnel to e1", "traversal-refused", false},
		type_other_peer_address, NULL},
	{{"verify-name-mismatch",
		 "E's TLS verify subject name is vcs.acme.test, which no C certificate holds.",
		 "traversal, refused by E", "traversal-refused verify-name-not-cluster", false},
		type_other_verify_name, NULL},
	{{"verify-name-not-cluster",
		 "E's TLS verify subject name is the domain instead of the C cluster name.", "node: E", "",
		 true},
		verify_domain_instead_of_cluster, NULL},
	{{"address-is-ip",
		 "The CUCM publisher was added on C by its IP address, which is not in its certificates.",
		 "tomcat and tftp to the publisher", "", false},
		add_cucm_by_ip, NULL},
	{{"phone-profile-missing", "No C certificate holds the name of the phone security profile.",
		 "sip-out (SIP 403: TLS is up)", "", false},
		forget_phone_profiles, NULL},
	{{"phone-profile-unfit",
		 "The phone security profile is called \"Secure Jabber Profile\", which no request takes.",
		 "node: pub; sip-out", "phone-profile-missing", false},
		call_profile_by_words, NULL},
	{{"edge-domain-missing", "No E certificate holds the first edge domain, nor collab-edge with it.",
		 "edge-https and edge-sip of endpoints of that domain (jabber warns)", "domain-missing",
		 false},
		forget_edge_domain, NULL},
	{{"wildcard-name", "e1's common name is a wildcard.", "node: e1", "cluster-cn-differs", false},
		use_wildcard, NULL},
	{{"temporary-certificate",
		 "c1 runs with the temporary certificate that it came with, and everybody trusts the "
		 "temporary CA.",
		 "node: c1", "cluster-cn-differs", false},
		use_temporary_certificate, NULL},
	{{"san-too-long", "e1's certificate has 40 further names, well over 999 characters in all.",
		 "node: e1", "", false},
		add_too_many_names, NULL},
	{{"common-name-missing", "e1's subject has no common name.", "node: e1", "", false},
		leave_out_common_name, NULL},
	{{"cluster-name-missing", "The last C peer's certificate lacks the cluster name.",
		 "node: the last C peer; its traversal links, since E verifies that name",
		 "verify-name-mismatch traversal-refused", true},
		forget_cluster_name, NULL},
	{{"cluster-cn-differs", "The common name of the last C peer is its own and not the cluster's.",
		 "node: the last C peer", "", true},
		use_peer_name_as_cn, NULL},
	{{"peer-name-missing", "The last C peer's certificate lacks the peer's own name.",
		 "node: the last C peer; cluster links to it (warn)", "peer-name-mismatch", true},
		forget_peer_name, NULL},
	{{"domain-missing", "c1's certificate lacks the first domain.", "node: c1", "", false}, forget_domain,
		NULL},
	{{"chat-alias-missing", "c1's certificate lacks the chat node alias.", "node: c1", "", false},
		forget_chat_alias, NULL},
	{{"federation-domain-missing", "e1's certificate lacks the XMPP federation domain.", "node: e1", "",
		 false},
		forget_federation_domain, NULL},
	{{"tunnel-name-unfit",
		 "e1 is called e_1.acme.test: SSH tunnels do not come up to a name with an underscore.",
		 "tunnel to e1", "", false},
		rename_e_with_underscore, NULL},
};

const struct cw_lab_fault_table cw_lab_name_faults = {rows, sizeof rows / sizeof rows[0]};
