#include "lab/lab_write.h"

/* In the order in which they stand in the file. */
static const struct {
	enum cw_lab_kind kind;
	const char *key;
} sections[] = {
	{CW_LAB_C, "expressway-c"},
	{CW_LAB_E, "expressway-e"},
	{CW_LAB_CUCM, "cucm"},
	{CW_LAB_IMP, "imp"},
	{CW_LAB_UNITY, "unity"},
};

static void write_list(struct cw_buffer *ret, const char *key, const struct cw_strings *list)
{
	cw_buffer_printf(ret, "%s: [", key);
	for (size_t i = 0; i < list->count; i++)
		cw_buffer_printf(ret, "%s%s", i ? ", " : "", list->items[i]);
	cw_buffer_text(ret, "]\n");
}

static void write_identities(const struct cw_lab_plan_node *node, const char *indent, struct cw_buffer *ret)
{
	static const char *const keys[] = {"server", "tomcat", "callmanager", "tomcat-ecdsa"};
	for (unsigned kind = 0; kind < CW_LAB_IDENTITIES; kind++) {
		if (!node->identities[kind].cert)
			continue;
		AUTO(free) char *file = cw_lab_write_identity_file(node, kind);
		if (!file)
			ret->failed = true;
		else
			cw_buffer_printf(ret, "%s  %s: %s\n", indent, keys[kind],
				node->identities[kind].unknown ? "unknown" : file);
	}
	if (node->identities[CW_LAB_SERVER].cert)
		cw_buffer_printf(ret, "%s  key: %s/privkey.pem\n", indent, node->name);
}

static void write_stores(const struct cw_lab_plan_node *node, const char *indent, struct cw_buffer *ret)
{
	static const char *const keys[] = {"trusted-ca", "tomcat-trust", "callmanager-trust"};
	if (node->same_as) {
		cw_buffer_printf(ret, "%s  same-as: %s\n", indent, node->same_as->fqdn);
		return;
	}
	for (size_t i = 0; i < CW_LAB_STORES; i++)
		if (node->stores[i])
			cw_buffer_printf(ret, "%s  %s: %s\n", indent, keys[i], node->stores[i]->file);
}

static void write_node(const struct cw_lab_plan_group *group, const struct cw_lab_plan_node *node,
	const char *indent, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, "%s- fqdn: %s\n", indent, node->fqdn);
	if (node->publisher)
		cw_buffer_printf(ret, "%s  publisher: true\n", indent);
	if (node->address)
		cw_buffer_printf(ret, "%s  address: %s\n", indent, node->address);
	write_identities(node, indent, ret);
	write_stores(node, indent, ret);
	if (group->revocation)
		cw_buffer_printf(ret, "%s  crl: %s/crl.pem\n", indent, node->name);
}

static void write_credentials(
	const struct cw_lab_credentials *credentials, const char *indent, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, "%s  username: %s\n", indent, credentials->username);
	cw_buffer_printf(ret, "%s  password: %s\n", indent, credentials->password);
}

static void write_expressway(const struct cw_lab_plan *plan, const struct cw_lab_plan_group *group,
	const char *indent, struct cw_buffer *ret)
{
	bool is_c = group->kind == CW_LAB_C;
	cw_buffer_printf(ret, "%srelease: %s\n", indent, group->release);
	if (group->cluster)
		cw_buffer_printf(ret, "%scluster: %s\n", indent, group->cluster);
	cw_buffer_printf(ret, "%straversal:\n%s  ", indent, indent);
	if (is_c)
		write_list(ret, "peers", &plan->peers);
	else
		cw_buffer_printf(ret, "tls-verify-name: %s\n", plan->tls_verify_name);
	write_credentials(is_c ? &plan->on_c : &plan->on_e, indent, ret);
	if (is_c)
		cw_buffer_printf(ret, "%scucm-tls-verify: on\n", indent);
	if (group->prefer)
		cw_buffer_printf(ret, "%sprefer: %s\n", indent, group->prefer);
	cw_buffer_printf(ret, "%srevocation: %s\n", indent, group->revocation ? "crl" : "off");
}

static void write_group(
	const struct cw_lab_plan *plan, const struct cw_lab_plan_group *group, struct cw_buffer *ret)
{
	const char *indent = group->name ? "    " : "  ";
	if (group->name)
		cw_buffer_printf(ret, "  - name: %s\n", group->name);
	if (group->kind == CW_LAB_C || group->kind == CW_LAB_E)
		write_expressway(plan, group, indent, ret);
	if (group->kind == CW_LAB_CUCM)
		cw_buffer_printf(ret, "%ssecure-registration: on\n", indent);
	cw_buffer_printf(ret, "%snodes:\n", indent);
	for (size_t i = 0; i < group->count; i++)
		write_node(group, group->nodes[i], group->name ? "      " : "    ", ret);
}

static void write_endpoint(const struct cw_lab_endpoint *endpoint, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, "  - {name: %s, kind: %s, trust: %s", endpoint->name, endpoint->kind,
		endpoint->trust->file);
	if (endpoint->domain)
		cw_buffer_printf(ret, ", domains: [%s]", endpoint->domain);
	cw_buffer_text(ret, "}\n");
}

void cw_lab_write_yaml(const struct cw_lab_plan *plan, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, "causeway: 1\nname: %s\n", plan->name);
	write_list(ret, "domains", &plan->domains);
	write_list(ret, "chat-aliases", &plan->chat_aliases);
	write_list(ret, "federation-domains", &plan->federation_domains);
	write_list(ret, "phone-profiles", &plan->phone_profiles);
	for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
		bool begun = false;
		for (size_t j = 0; j < plan->group_count; j++) {
			if (plan->groups[j]->kind != sections[i].kind)
				continue;
			if (!begun)
				cw_buffer_printf(ret, "\n%s:\n", sections[i].key);
			begun = true;
			write_group(plan, plan->groups[j], ret);
		}
	}
	cw_buffer_text(ret, "\nendpoints:\n");
	for (size_t i = 0; i < plan->endpoint_count; i++)
		write_endpoint(&plan->endpoints[i], ret);
}

void cw_lab_write_readme(
	const struct cw_lab_plan *plan, const struct cw_lab_options *options, struct cw_buffer *ret)
{
	char text[CW_TIME_TEXT_SIZE];
	cw_buffer_printf(ret,
		"A deployment made by `causeway lab new`, sound as of %s but for the faults below.\n"
		"`causeway check deployment.yaml` judges it; ca/ holds the CAs, for `causeway ca sign`.\n"
		"No key here protects anything.\n\n",
		cw_time_format(plan->at, text));
	for (size_t i = 0; i < options->fault_count; i++) {
		const struct cw_lab_fault *fault = cw_lab_fault_find(options->faults[i]);
		if (fault)
			cw_buffer_printf(ret, "%s: %s\n    Shows on: %s.%s%s%s\n", fault->code, fault->plants,
				fault->shows, *fault->companions ? " Brings along: " : "", fault->companions,
				*fault->companions ? "." : "");
	}
	if (!options->fault_count)
		cw_buffer_text(ret, "No faults: everything passes.\n");
}
