#include "estate.h"

#include "base/file.h"
#include "estate_parts.h"

#include <stdio.h>

#define GROUPS_MAX 2
#define NODES_MAX 2
#define INDENT "      "

static const char *const domains[] = {"acme.test", "beta.test"};
#define DOMAIN_COUNT 2

uint64_t estate_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

size_t estate_pick(struct estate *estate, size_t count)
{
	return count ? (size_t)(estate_random(&estate->state) >> 20) % count : 0;
}

bool estate_chance(struct estate *estate, unsigned percent)
{
	return estate_pick(estate, 100) < percent;
}

bool estate_flaw(struct estate *estate)
{
	return estate_chance(estate, estate->flaws);
}

void estate_check(struct estate *estate, bool good, const struct cw_error *error)
{
	if (!good && !estate->failed)
		estate->error = *error;
	estate->failed |= !good;
}

void estate_write(struct estate *estate, const char *name, const struct cw_buffer *content)
{
	struct cw_error error;
	AUTO(free) char *path = cw_file_path(estate->folder, name);
	if (estate->failed)
		return;
	if (!path)
		cw_error_memory(&error);
	estate_check(estate,
		path && cw_buffer_ok(content, &error) &&
			cw_file_create(
				path, content->data ? content->data : "", content->length, 0600, &error),
		&error);
}

#define PUT(...) cw_buffer_printf(&estate->yaml, __VA_ARGS__)

static void put_switch(struct estate *estate, const char *key, unsigned percent)
{
	if (estate_chance(estate, 50))
		PUT("    %s: %s\n", key, estate_chance(estate, percent) ? "on" : "off");
}

/* What the nodes of all groups are called, for zones to pick from. */
struct shape {
	size_t counts[GROUPS_MAX]; /* nodes of each group */
	size_t groups;
};

static struct shape shape_of(struct estate *estate, size_t groups_max, size_t nodes_max)
{
	struct shape shape = {.groups = 1 + estate_pick(estate, groups_max)};
	for (size_t i = 0; i < shape.groups; i++)
		shape.counts[i] = 1 + estate_pick(estate, nodes_max);
	return shape;
}

static void put_release(struct estate *estate)
{
	static const char *const releases[] = {
		"X12.5", "X14.0.2", "X14.0.8", "X14.2", "X14.3", "X15.0", "X15.4", "X15.5", "X15.5"};
	PUT("    release: %s\n", releases[estate_pick(estate, sizeof releases / sizeof releases[0])]);
	put_switch(estate, "eku-check", 60);
	if (estate_chance(estate, 40))
		PUT("    cluster-tls-verify: on\n");
}

/* Keys of most estates are on P-256, some are RSA. */
static void put_tunnel_keys(struct estate *estate)
{
	static const char *const lists[] = {
		"RSA", "nistp256", "RSA, nistp256", "nistp256, nistp384, nistp521"};
	if (estate_chance(estate, 15))
		PUT("    tunnel-key-algorithms: [%s]\n",
			lists[estate_pick(estate, sizeof lists / sizeof lists[0])]);
}

static void put_sends(struct estate *estate)
{
	if (estate_chance(estate, 10))
		PUT(INDENT "  sends: leaf\n");
}

static void put_expressway_node(struct estate *estate, char side, size_t group, size_t place, bool revocation)
{
	AUTO_STRINGS sans = {0};
	char name[64], client[80];
	bool made = cw_strings_addf(&sans, "DNS:cluster-%c%zu.acme.test", side, group);
	snprintf(name, sizeof name, "%c%zu%zu.acme.test", side, group, place);
	for (size_t i = 0; i < DOMAIN_COUNT && made; i++)
		made = side == 'e'
			? cw_strings_addf(&sans, estate_chance(estate, 50) ? "DNS:collab-edge.%s" : "DNS:%s",
				  domains[i])
			: cw_strings_add(&sans, "DNS:profile.acme.test");
	made = made &&
		(!estate_chance(estate, 60) ||
			cw_strings_addf(&sans, "IP:10.%d.%zu.%zu", side, group, place));
	struct cw_error error;
	if (!made)
		cw_error_memory(&error);
	estate_check(estate, made, &error);
	PUT(INDENT "- fqdn: %s\n" INDENT "  address: 10.%d.%zu.%zu\n", name, side, group, place);
	put_sends(estate);
	estate_add_leaf(estate, &(struct estate_leaf){INDENT "  ", "server", "key", name, &sans, false});
	snprintf(client, sizeof client, "client-%s", name);
	if (estate_chance(estate, 25))
		estate_add_leaf(estate,
			&(struct estate_leaf){INDENT "  ", "client", "client-key", client, &sans, false});
	estate_add_list(estate, INDENT "  ", "trusted-ca", false);
	if (revocation)
		estate_add_crls(estate, INDENT "  ");
}

static void put_expressways(struct estate *estate, char side, const struct shape *shape)
{
	PUT("expressway-%c:\n", side);
	for (size_t i = 0; i < shape->groups; i++) {
		bool revocation = estate_chance(estate, 25);
		PUT("  - name: %c%zu\n", side, i);
		put_release(estate);
		PUT("    cluster: cluster-%c%zu.acme.test\n", side, i);
		if (revocation)
			PUT("    revocation: crl\n    revocation-fallback: %s\n",
				estate_chance(estate, 50) ? "fail" : "ignore");
		put_tunnel_keys(estate);
		if (side == 'c') {
			put_switch(estate, "cucm-tls-verify", 70);
			put_switch(estate, "verify-origin-server", 70);
			if (estate_chance(estate, 40))
				PUT("    prefer: %s\n", estate_chance(estate, 50) ? "rsa" : "ecdsa");
		}
		PUT("    nodes:\n");
		for (size_t k = 0; k < shape->counts[i]; k++)
			put_expressway_node(estate, side, i, k, revocation);
	}
}

/* As typed in the zone: a name, or an address. */
static void put_peers(struct estate *estate, size_t group, size_t count)
{
	PUT(", peers: [");
	for (size_t i = 0; i < count; i++)
		if (estate_chance(estate, 85))
			PUT("%se%zu%zu.acme.test", i ? ", " : "", group, i);
		else
			PUT("%s10.%d.%zu.%zu", i ? ", " : "", 'e', group, i);
	PUT("]");
}

static void put_zones(struct estate *estate, const struct shape *c, const struct shape *e)
{
	PUT("zones:\n");
	for (size_t i = 0; i < c->groups; i++) {
		for (size_t k = 0; k < e->groups; k++) {
			if ((i || k) && estate_chance(estate, 30))
				continue;
			PUT("  - {name: zone-%zu%zu, c: c%zu, e: e%zu, port: %zu", i, k, i, k, 7001 + i);
			put_peers(estate, k, e->counts[k]);
			if (estate_chance(estate, 70))
				PUT(", tls-verify-name: %s",
					estate_flaw(estate) ? "other.test" : "cluster-c0.acme.test");
			if (estate_chance(estate, 60))
				PUT(", username: traversal, password: secret");
			PUT("}\n");
		}
	}
}

static void put_voice_node(struct estate *estate, const char *name, bool cucm)
{
	PUT(INDENT "- fqdn: %s\n", name);
	if (estate_chance(estate, 10))
		PUT(INDENT "  address: 10.9.9.%zu\n", 1 + estate_pick(estate, 250));
	put_sends(estate);
	estate_add_leaf(estate, &(struct estate_leaf){INDENT "  ", "tomcat", NULL, name, NULL, false});
	if (estate_chance(estate, 25))
		estate_add_leaf(
			estate, &(struct estate_leaf){INDENT "  ", "tomcat-ecdsa", NULL, name, NULL, true});
	estate_add_list(estate, INDENT "  ", "tomcat-trust", false);
	if (!cucm)
		return;
	estate_add_leaf(estate, &(struct estate_leaf){INDENT "  ", "callmanager", NULL, name, NULL, false});
	if (estate_chance(estate, 25))
		estate_add_leaf(estate,
			&(struct estate_leaf){INDENT "  ", "callmanager-ecdsa", NULL, name, NULL, true});
	estate_add_list(estate, INDENT "  ", "callmanager-trust", false);
}

static void put_voice(struct estate *estate, const char *key, size_t groups_max, size_t nodes_max)
{
	bool cucm = *key == 'c';
	struct shape shape = shape_of(estate, groups_max, nodes_max);
	PUT("%s:\n", key);
	for (size_t i = 0; i < shape.groups; i++) {
		PUT("  - name: %s%zu\n", key, i);
		if (cucm) {
			PUT("    secure-registration: %s\n", estate_chance(estate, 75) ? "on" : "off");
			if (estate_chance(estate, 40))
				PUT("    sip-oauth: on\n");
			if (estate_chance(estate, 20))
				PUT("    cucm-tls-verify: off\n");
		}
		PUT("    nodes:\n");
		for (size_t k = 0; k < shape.counts[i]; k++) {
			char name[64];
			snprintf(name, sizeof name, "%s%zu%zu.acme.test", key, i, k);
			put_voice_node(estate, name, cucm);
		}
	}
}

static void put_front(struct estate *estate)
{
	AUTO_STRINGS sans = {0};
	struct cw_error error;
	bool made = true;
	for (size_t i = 0; i < DOMAIN_COUNT && made; i++)
		made = cw_strings_addf(&sans, "DNS:%s", domains[i]);
	if (!made)
		cw_error_memory(&error);
	estate_check(estate, made, &error);
	PUT("front:\n  fqdn: edge.acme.test\n");
	estate->flaws += 12; /* there is but one in a deployment */
	estate_add_leaf(estate, &(struct estate_leaf){"  ", "server", "key", "edge.acme.test", &sans, false});
	if (estate_chance(estate, 50))
		estate_add_leaf(estate,
			&(struct estate_leaf){"  ", "client", "client-key", "edge.acme.test", &sans, false});
	estate_add_list(estate, "  ", "trusted-ca", false);
	estate->flaws -= 12;
}

static void put_endpoints(struct estate *estate)
{
	static const char *const kinds[] = {"jabber", "telepresence", "phone-7800", "phone-8800"};
	size_t count = 1 + estate_pick(estate, 4);
	PUT("endpoints:\n");
	for (size_t i = 0; i < count; i++) {
		PUT("  - name: endpoint-%zu\n    kind: %s\n", i, kinds[estate_pick(estate, 4)]);
		if (estate_chance(estate, 30))
			PUT("    domains: [%s]\n", domains[estate_pick(estate, DOMAIN_COUNT)]);
		estate_add_list(estate, "    ", "trust", estate_chance(estate, 80));
	}
}

static void put_domains(struct estate *estate)
{
	static const char *const edges[] = {"", ", edge: dns", ", edge: collab-edge", ", edge: none"};
	PUT("causeway: 1\nname: estate\nphone-profiles: [profile.acme.test]\ndomains:\n");
	for (size_t i = 0; i < DOMAIN_COUNT; i++)
		PUT("  - {name: %s%s}\n", domains[i],
			estate_chance(estate, 70) ? "" : edges[estate_pick(estate, 4)]);
}

static void put_all(struct estate *estate)
{
	struct shape c = shape_of(estate, GROUPS_MAX, 2), e = shape_of(estate, GROUPS_MAX, 2);
	put_domains(estate);
	put_expressways(estate, 'c', &c);
	put_expressways(estate, 'e', &e);
	put_zones(estate, &c, &e);
	put_voice(estate, "cucm", GROUPS_MAX, 2);
	if (estate_chance(estate, 50))
		put_voice(estate, "imp", 1, 2);
	if (estate_chance(estate, 50))
		put_voice(estate, "unity", 1, 1);
	if (estate_chance(estate, 50))
		put_front(estate);
	put_endpoints(estate);
}

static void finish(struct estate *estate)
{
	for (size_t i = 0; i < estate->ca_count; i++) {
		cw_cert_free(estate->cas[i].cert);
		EVP_PKEY_free(estate->cas[i].key);
		cw_strings_finish(&estate->cas[i].revoked);
	}
	EVP_PKEY_free(estate->last);
	cw_buffer_finish(&estate->yaml);
}

bool estate_make(
	const char *folder, uint64_t seed, cw_time at, struct cw_stand_in_keys *rsa, struct cw_error *error)
{
	static const unsigned flaws[] = {0, 2, 4, 9};
	struct estate estate = {.folder = folder, .state = seed | 1, .at = at, .rsa = rsa};
	for (unsigned i = 0; i < 8; i++) /* seeds that are near each other part */
		estate_random(&estate.state);
	estate.flaws = flaws[estate_pick(&estate, sizeof flaws / sizeof flaws[0])];
	estate.keys = (unsigned)estate_pick(&estate, 60);
	if (!cw_file_make_folder(folder, error))
		return false;
	estate_add_cas(&estate);
	put_all(&estate);
	estate_write(&estate, "deployment.yaml", &estate.yaml);
	if (estate.failed)
		*error = estate.error;
	bool good = !estate.failed;
	finish(&estate);
	return good;
}
