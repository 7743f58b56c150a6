#include "observe/session_match.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

void cw_session_match_hosts_finish(struct cw_session_hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++)
		free(hosts->items[i].name);
	free(hosts->items);
	*hosts = (struct cw_session_hosts){0};
}

static bool read_address(const char *text, struct cw_session_address *ret)
{
	struct cw_session_address at = {0};
	at.version = strchr(text, ':') ? 6 : 4;
	if (inet_pton(at.version == 6 ? AF_INET6 : AF_INET, text, at.address) != 1)
		return false;
	*ret = at;
	return true;
}

bool cw_session_match_hosts_add(struct cw_session_hosts *hosts, const char *text, struct cw_error *error)
{
	const char *equals = strchr(text, '=');
	struct cw_session_host host = {0};
	if (!equals || equals == text || !read_address(equals + 1, &host.at))
		return cw_error_set(error, CW_E_USAGE,
			"--host: wanted FQDN=IP (e1.acme.test=10.0.0.1), found \"%s\"", text);
	if (!cw_memory_grow(&hosts->items, &hosts->capacity, hosts->count, sizeof *hosts->items))
		return cw_error_memory(error);
	host.name = strndup(text, (size_t)(equals - text));
	if (!host.name)
		return cw_error_memory(error);
	hosts->items[hosts->count++] = host;
	return true;
}

/* How sure it is that an end of a session is a party of a link. */
enum sureness { NOT, BY_NAME, BY_CERTIFICATE, BY_ADDRESS };

static bool same_address(const struct cw_session_address *a, const struct cw_session_address *b)
{
	return a->version == b->version && memcmp(a->address, b->address, sizeof a->address) == 0;
}

/* The name that --host gives to the address, or NULL. */
static const char *host_name(const struct cw_session_hosts *hosts, const struct cw_session_address *at)
{
	for (size_t i = 0; i < hosts->count; i++)
		if (same_address(&hosts->items[i].at, at))
			return hosts->items[i].name;
	return NULL;
}

static bool has_address(const struct cw_node *node, const struct cw_session_address *at)
{
	struct cw_session_address own;
	for (size_t i = 0; i < node->addresses.count; i++)
		if (read_address(node->addresses.items[i], &own) && same_address(&own, at))
			return true;
	return false;
}

static bool has_identity(const struct cw_node *node, const struct cw_cert *leaf)
{
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (node->identities[i].state == CW_KNOWN && cw_cert_same(node->identities[i].leaf, leaf))
			return true;
	return false;
}

static bool goes_by(const struct cw_node *node, const char *name)
{
	return strcasecmp(node->fqdn, name) == 0 || cw_strings_contain_name(&node->addresses, name);
}

static bool names_node(const struct cw_cert *leaf, const struct cw_node *node)
{
	const struct cw_sans *sans = cw_cert_sans(leaf);
	for (size_t i = 0; i < sans->count; i++)
		if (sans->items[i].kind == CW_SAN_DNS && goes_by(node, sans->items[i].text))
			return true;
	const char *common = cw_cert_common_name(leaf);
	return common && goes_by(node, common);
}

static enum sureness party_fits(const struct cw_party *party, const struct cw_session_hosts *hosts,
	const struct cw_session_address *at, const struct cw_parsed_chain *shown)
{
	const char *given = host_name(hosts, at);
	if (given) /* what a person said goes before what a certificate claims */
		return strcasecmp(given, party->name) == 0 || (party->node && goes_by(party->node, given))
			? BY_ADDRESS
			: NOT;
	if (!party->node)
		return NOT;
	if (has_address(party->node, at))
		return BY_ADDRESS;
	if (!shown->count)
		return NOT;
	if (has_identity(party->node, shown->certs[0]))
		return BY_CERTIFICATE;
	return names_node(shown->certs[0], party->node) ? BY_NAME : NOT;
}

/* Nothing is known of this end: it sent no certificate, and no --host names its address. */
static bool anonymous(const struct cw_session_hosts *hosts, const struct cw_session_address *at,
	const struct cw_parsed_chain *shown)
{
	return !shown->count && !host_name(hosts, at);
}

static const char *by_text(enum sureness sureness)
{
	static const char *const texts[] = {NULL, "name", "certificate", "address"};
	return texts[sureness];
}

struct cw_session_match cw_session_match(const struct cw_check *check, const struct cw_session_hosts *hosts,
	const struct cw_session *session, const struct cw_parsed_chain shown[2])
{
	const struct cw_session_address *client_at = &session->sides[CW_SESSION_CLIENT].at;
	const struct cw_session_address *server_at = &session->sides[CW_SESSION_SERVER].at;
	bool unknown_client = anonymous(hosts, client_at, &shown[CW_SESSION_CLIENT]);
	struct cw_session_match best = {0};
	unsigned best_score = 0;
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		if (!cw_link_kind_is_tls(link->kind))
			continue;
		enum sureness server = party_fits(&link->server, hosts, server_at, &shown[CW_SESSION_SERVER]);
		enum sureness client = party_fits(&link->client, hosts, client_at, &shown[CW_SESSION_CLIENT]);
		bool port = link->port == server_at->port;
		if (server == NOT || (client == NOT && (!unknown_client || !port)))
			continue;
		unsigned score = (port ? 16U : 0) + server * 4U + client;
		if (score > best_score) {
			best = (struct cw_session_match){link, 0, by_text(server), by_text(client)};
			best_score = score;
		} else if (score == best_score) {
			best.others++;
		}
	}
	return best;
}
