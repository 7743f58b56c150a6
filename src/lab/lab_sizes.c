#include "lab/lab_sizes.h"

#include <string.h>

#define DOMAIN "acme.test"

/* The CAs that everything is signed by. */
struct authorities {
	struct cw_lab_plan_cert *public;
	struct cw_lab_plan_cert *private;
};

static struct authorities add_authorities(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_cert *public_root = cw_lab_plan_add_ca(
		plan, "public-root", "C=US, O=Public Trust, CN=Public Trust Root CA", NULL);
	struct cw_lab_plan_cert *private_root =
		cw_lab_plan_add_ca(plan, "private-root", "C=US, O=Acme, CN=Acme Root CA", NULL);
	return (struct authorities){
		.public = cw_lab_plan_add_ca(plan, "public-issuing",
			"C=US, O=Public Trust, CN=Public Trust Issuing CA", public_root),
		.private = cw_lab_plan_add_ca(
			plan, "private-issuing", "C=US, O=Acme, CN=Acme Issuing CA", private_root),
	};
}

static struct cw_lab_plan_cert *add_identity(struct cw_lab_plan *plan, struct cw_lab_plan_node *node,
	enum cw_identity_kind kind, const char *common_name, struct cw_lab_plan_cert *issuer)
{
	struct cw_lab_plan_cert *cert = cw_lab_plan_add_leaf(plan,
		cw_lab_plan_text(plan, "%s/%s", node->name, cw_node_identity_name(kind)),
		cw_lab_plan_text(plan, "C=US, O=Acme, CN=%s", common_name), issuer);
	node->identities[kind].cert = cert;
	cw_lab_plan_add_name(plan, cert, node->fqdn);
	return cert;
}

static void add_names(struct cw_lab_plan *plan, struct cw_lab_plan_cert *cert, const struct cw_strings *names)
{
	for (size_t i = 0; i < names->count; i++)
		cw_lab_plan_add_name(plan, cert, names->items[i]);
}

/* sources F1.2, and the seed's domains on Expressway-C. */
static void add_c_peer(struct cw_lab_plan *plan, struct cw_lab_plan_group *group, const char *name,
	struct cw_lab_plan_cert *issuer)
{
	struct cw_lab_plan_node *node =
		cw_lab_plan_add_node(plan, group, name, cw_lab_plan_text(plan, "%s." DOMAIN, name));
	struct cw_lab_plan_cert *cert = add_identity(
		plan, node, CW_IDENTITY_SERVER, group->cluster ? group->cluster : node->fqdn, issuer);
	if (group->cluster)
		cw_lab_plan_add_name(plan, cert, group->cluster);
	add_names(plan, cert, &plan->domains);
	add_names(plan, cert, &plan->phone_profiles);
	add_names(plan, cert, &plan->chat_aliases);
}

static void add_e_peer(struct cw_lab_plan *plan, struct cw_lab_plan_group *group, const char *name,
	struct cw_lab_plan_cert *issuer)
{
	struct cw_lab_plan_node *node =
		cw_lab_plan_add_node(plan, group, name, cw_lab_plan_text(plan, "%s." DOMAIN, name));
	struct cw_lab_plan_cert *cert = add_identity(
		plan, node, CW_IDENTITY_SERVER, group->cluster ? group->cluster : node->fqdn, issuer);
	if (group->cluster)
		cw_lab_plan_add_name(plan, cert, group->cluster);
	for (size_t i = 0; i < plan->domains.count; i++) {
		cw_lab_plan_add_name(plan, cert, plan->domains.items[i]);
		cw_lab_plan_add_name(
			plan, cert, cw_lab_plan_text(plan, "collab-edge.%s", plan->domains.items[i]));
	}
	add_names(plan, cert, &plan->federation_domains);
	add_names(plan, cert, &plan->chat_aliases);
	cw_lab_plan_add_text(plan, &plan->peers, node->fqdn);
}

/* tomcat and CallManager of one node from one CA (the seed: "must be signed by the same CA"). */
static struct cw_lab_plan_node *add_voice_node(struct cw_lab_plan *plan, struct cw_lab_plan_group *group,
	const char *name, struct cw_lab_plan_cert *issuer)
{
	struct cw_lab_plan_node *node =
		cw_lab_plan_add_node(plan, group, name, cw_lab_plan_text(plan, "%s." DOMAIN, name));
	node->publisher = group->kind == CW_NODE_CUCM && group->count == 1;
	add_identity(plan, node, CW_IDENTITY_TOMCAT, node->fqdn, issuer);
	if (group->kind == CW_NODE_CUCM)
		add_identity(plan, node, CW_IDENTITY_CALLMANAGER, node->fqdn, issuer);
	return node;
}

static void add_settings(struct cw_lab_plan *plan)
{
	cw_lab_plan_add_text(plan, &plan->domains, DOMAIN);
	cw_lab_plan_add_text(plan, &plan->chat_aliases, "conference." DOMAIN);
	cw_lab_plan_add_text(plan, &plan->federation_domains, "im." DOMAIN);
	cw_lab_plan_add_text(plan, &plan->phone_profiles, "secure-jabber." DOMAIN);
	plan->on_c = plan->on_e = (struct cw_lab_credentials){"traversal", "lab-password"};
}

/* `peers` Expressways on each side; with more than one they are clusters, with the cluster name as CN. */
static void add_expressways(struct cw_lab_plan *plan, const struct authorities *authorities, unsigned peers)
{
	struct cw_lab_plan_group *c = cw_lab_plan_add_group(plan, CW_NODE_EXPRESSWAY_C, NULL);
	struct cw_lab_plan_group *e = cw_lab_plan_add_group(plan, CW_NODE_EXPRESSWAY_E, NULL);
	c->cluster = peers > 1 ? "expc." DOMAIN : NULL;
	e->cluster = peers > 1 ? "expe." DOMAIN : NULL;
	for (unsigned i = 1; i <= peers; i++) {
		add_c_peer(plan, c, cw_lab_plan_text(plan, "c%u", i), authorities->private);
		add_e_peer(plan, e, cw_lab_plan_text(plan, "e%u", i), authorities->public);
	}
	plan->tls_verify_name = c->cluster ? c->cluster : "c1." DOMAIN;
}

static void add_three_endpoints(struct cw_lab_plan *plan)
{
	static const struct {
		const char *name;
		enum cw_endpoint_kind kind;
		const char *file;
	} rows[] = {
		{"laptop", CW_ENDPOINT_JABBER, "endpoints/laptop.pem"},
		{"room", CW_ENDPOINT_TELEPRESENCE, "endpoints/room.pem"},
		{"desk", CW_ENDPOINT_PHONE_8800, "endpoints/8800.pem"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cw_lab_plan_add_endpoint(plan,
			&(struct cw_lab_endpoint){.name = rows[i].name,
				.kind = rows[i].kind,
				.trust = cw_lab_plan_add_store(plan, rows[i].file)});
}

/* Without endpoints: CAs, so many peers on each side, a CUCM with one subscriber, which is the answer. */
static struct cw_lab_plan_group *build_acme(struct cw_lab_plan *plan, unsigned peers, struct authorities *ret)
{
	plan->name = "acme";
	add_settings(plan);
	*ret = add_authorities(plan);
	add_expressways(plan, ret, peers);
	struct cw_lab_plan_group *cucm = cw_lab_plan_add_group(plan, CW_NODE_CUCM, NULL);
	add_voice_node(plan, cucm, "pub", ret->private);
	add_voice_node(plan, cucm, "sub1", ret->private);
	return cucm;
}

static void build_small(struct cw_lab_plan *plan)
{
	struct authorities authorities;
	build_acme(plan, 1, &authorities);
	add_three_endpoints(plan);
}

static void build_cluster(struct cw_lab_plan *plan)
{
	struct authorities authorities;
	struct cw_lab_plan_group *cucm = build_acme(plan, 2, &authorities);
	add_voice_node(plan, cucm, "sub2", authorities.private);
	add_voice_node(plan, cw_lab_plan_add_group(plan, CW_NODE_IMP, NULL), "imp1", authorities.private);
	add_voice_node(plan, cw_lab_plan_add_group(plan, CW_NODE_UNITY, NULL), "unity1", authorities.private);
	add_three_endpoints(plan);
}

/* Subscribers hold what their publisher holds, and the file says so. */
static struct cw_lab_plan_group *add_cucm_cluster(
	struct cw_lab_plan *plan, const char *name, unsigned subscribers, struct cw_lab_plan_cert *issuer)
{
	struct cw_lab_plan_group *group = cw_lab_plan_add_group(plan, CW_NODE_CUCM, name);
	const struct cw_lab_plan_node *publisher =
		add_voice_node(plan, group, cw_lab_plan_text(plan, "%s-pub", name), issuer);
	for (unsigned i = 1; i <= subscribers; i++)
		add_voice_node(plan, group, cw_lab_plan_text(plan, "%s-sub%u", name, i), issuer)->same_as =
			publisher;
	return group;
}

/* CUCM's multi-server certificates: one tomcat and one CallManager that name every node of the cluster. */
static void use_multi_server_certs(struct cw_lab_plan *plan, struct cw_lab_plan_group *group)
{
	static const enum cw_identity_kind kinds[] = {CW_IDENTITY_TOMCAT, CW_IDENTITY_CALLMANAGER};
	for (size_t i = 0; i < group->count * 2; i++) {
		struct cw_lab_identity *first = &group->nodes[0]->identities[kinds[i % 2]];
		struct cw_lab_identity *own = &group->nodes[i / 2]->identities[kinds[i % 2]];
		if (own->cert && own != first)
			own->cert->unused = true;
		own->cert = first->cert;
		if (first->cert)
			cw_lab_plan_add_name(plan, first->cert, group->nodes[i / 2]->fqdn);
	}
}

/* A second enterprise CA, three levels deep, as hospitals and ministries bring their own. */
static struct cw_lab_plan_cert *add_second_authority(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_cert *root = cw_lab_plan_add_ca(
		plan, "health-root", "C=US, O=Health Service, CN=Health Service Root CA", NULL);
	struct cw_lab_plan_cert *policy = cw_lab_plan_add_ca(
		plan, "health-policy", "C=US, O=Health Service, CN=Health Service Policy CA", root);
	policy->spec.path_length = 1;
	return cw_lab_plan_add_ca(
		plan, "health-issuing", "C=US, O=Health Service, CN=Health Service Issuing CA", policy);
}

#define LARGE_PEERS 6
#define LARGE_SUBSCRIBERS 9
#define LARGE_ENDPOINTS 48

/* Every endpoint signs in for one domain; each kind has one list. */
static void add_many_endpoints(struct cw_lab_plan *plan)
{
	static const enum cw_endpoint_kind kinds[] = {
		CW_ENDPOINT_JABBER, CW_ENDPOINT_TELEPRESENCE, CW_ENDPOINT_PHONE_8800, CW_ENDPOINT_PHONE_7800};
	const size_t kind_count = sizeof kinds / sizeof kinds[0];
	const size_t domain_count = plan->domains.count;
	struct cw_lab_store *stores[sizeof kinds / sizeof kinds[0]];
	for (size_t i = 0; i < kind_count; i++)
		stores[i] = cw_lab_plan_add_store(
			plan, cw_lab_plan_text(plan, "endpoints/%s.pem", cw_endpoint_kind_name(kinds[i])));
	for (size_t i = 0; i < LARGE_ENDPOINTS; i++) {
		size_t kind = i % kind_count;
		struct cw_lab_endpoint endpoint = {
			.name = cw_lab_plan_text(plan, "%s-%zu", cw_endpoint_kind_name(kinds[kind]), i + 1),
			.kind = kinds[kind],
			.trust = stores[kind]};
		if (domain_count)
			endpoint.domain = plan->domains.items[i / kind_count % domain_count];
		cw_lab_plan_add_endpoint(plan, &endpoint);
	}
}

static void build_large(struct cw_lab_plan *plan)
{
	static const char *const domains[] = {
		"north." DOMAIN, "south." DOMAIN, "east.test", "west.test", "health.test"};
	plan->name = "national";
	add_settings(plan);
	for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++)
		cw_lab_plan_add_text(plan, &plan->domains, domains[i]);
	struct authorities authorities = add_authorities(plan);
	struct cw_lab_plan_cert *voice = cw_lab_plan_add_ca(
		plan, "voice-issuing", "C=US, O=Acme, CN=Acme Voice CA", authorities.private->issuer);
	struct cw_lab_plan_cert *health = add_second_authority(plan);
	add_expressways(plan, &authorities, LARGE_PEERS);
	add_cucm_cluster(plan, "east", LARGE_SUBSCRIBERS, voice);
	use_multi_server_certs(plan, add_cucm_cluster(plan, "west", LARGE_SUBSCRIBERS, health));
	struct cw_lab_plan_group *imp = cw_lab_plan_add_group(plan, CW_NODE_IMP, NULL);
	add_voice_node(plan, imp, "imp1", voice);
	add_voice_node(plan, imp, "imp2", voice);
	struct cw_lab_plan_group *unity = cw_lab_plan_add_group(plan, CW_NODE_UNITY, NULL);
	add_voice_node(plan, unity, "unity1", voice);
	add_voice_node(plan, unity, "unity2", health);
	add_many_endpoints(plan);
}

void cw_lab_size_build(struct cw_lab_plan *plan, enum cw_lab_size size)
{
	switch (size) {
	case CW_LAB_SMALL:
		build_small(plan);
		return;
	case CW_LAB_CLUSTER:
		build_cluster(plan);
		return;
	case CW_LAB_LARGE:
		build_large(plan);
		return;
	}
}
