#include "rehearse/connect_hints.h"

#include "base/file.h"
#include "check/links.h"
#include "model/presented.h"
#include "net/loopback.h"
#include "rehearse/serve.h"
#include "trust/names.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/"

/* What is no letter, digit, dot, underscore or hyphen becomes a hyphen. */
static void plain_name(struct cw_buffer *ret, const char *name)
{
	for (size_t i = 0; name[i]; i++) {
		bool plain = strchr(PLAIN, name[i]) && name[i] != '/' && (name[i] != '.' || i > 0);
		cw_buffer_char(ret, plain ? name[i] : '-');
	}
}

void cw_connect_hints_path(struct cw_buffer *ret, const char *folder, const char *name, const char *what)
{
	cw_buffer_printf(ret, "%s/", folder);
	plain_name(ret, name);
	cw_buffer_printf(ret, "-%s", what);
}

static void identity_path(struct cw_buffer *ret, const char *folder, const struct cw_node *node,
	enum cw_identity_kind kind, const char *ending)
{
	cw_connect_hints_path(ret, folder, node->fqdn, cw_node_identity_name(kind));
	cw_buffer_text(ret, ending);
}

void cw_connect_hints_key_path(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal,
	const char *folder, const struct cw_node *node, enum cw_identity_kind kind)
{
	const struct cw_identity *identity = &node->identities[kind];
	if (!cw_stand_ins_key_is_given(cw_rehearsal_stand_ins(rehearsal), identity->leaf)) {
		identity_path(ret, folder, node, kind, CW_CONNECT_HINTS_KEY);
		return;
	}
	const char *file = identity->key_path ? identity->key_path : identity->path;
	AUTO(free)
	char *path = identity->private_key
		? cw_file_path(cw_rehearsal_check(rehearsal)->deployment->folder, file)
		: NULL;
	AUTO(free) char *whole = path ? realpath(path, NULL) : NULL; /* for a shell that is elsewhere */
	if (whole)
		cw_buffer_text(ret, whole);
}

static bool is_new_server(const struct cw_check *check, size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (check->links[i]->server.name == check->links[place]->server.name)
			return false;
	return true;
}

static bool is_new_port(const struct cw_check *check, size_t first, size_t place)
{
	for (size_t i = first; i < place; i++)
		if (check->links[i]->server.name == check->links[place]->server.name &&
			check->links[i]->port == check->links[place]->port)
			return false;
	return true;
}

/* Its ports; where one could not be had, the one that stands for it. */
static void put_ports(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal, size_t first)
{
	const struct cw_check *check = cw_rehearsal_check(rehearsal);
	for (size_t i = first; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		const struct sockaddr_in *address = cw_serve_address(rehearsal, link);
		if (!address || link->server.name != check->links[first]->server.name ||
			!is_new_port(check, first, i))
			continue;
		cw_buffer_printf(ret, " %u", link->port);
		if (ntohs(address->sin_port) != link->port)
			cw_buffer_printf(ret, " (on %u)", (unsigned)ntohs(address->sin_port));
	}
}

void cw_connect_hints_places(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal)
{
	const struct cw_check *check = cw_rehearsal_check(rehearsal);
	for (size_t i = 0; i < check->link_count; i++) {
		const struct sockaddr_in *address = cw_serve_address(rehearsal, check->links[i]);
		char ip[INET_ADDRSTRLEN] = "";
		if (!address || !is_new_server(check, i))
			continue;
		inet_ntop(AF_INET, &address->sin_addr, ip, sizeof ip);
		cw_buffer_printf(ret, "  %-15s  %s", ip, check->links[i]->server.name);
		put_ports(ret, rehearsal, i);
		cw_buffer_char(ret, '\n');
	}
}

/* As a shell reads it back. */
static void word(struct cw_buffer *ret, const char *text)
{
	if (text[strspn(text, PLAIN)] == '\0' && *text) {
		cw_buffer_text(ret, text);
		return;
	}
	cw_buffer_char(ret, '\'');
	for (; *text; text++)
		if (*text == '\'')
			cw_buffer_text(ret, "'\\''");
		else
			cw_buffer_char(ret, *text);
	cw_buffer_char(ret, '\'');
}

static void option(struct cw_buffer *ret, const char *name, const struct cw_buffer *value)
{
	ret->failed |= value->failed;
	cw_buffer_printf(ret, " %s ", name);
	word(ret, cw_buffer_string(value));
}

/* What the client shows: leaf, issuers, key. */
static void put_identity(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal, const char *folder,
	const struct cw_link *link)
{
	AUTO_BUFFER leaf = {0};
	AUTO_BUFFER issuers = {0};
	AUTO_BUFFER key = {0};
	enum cw_identity_kind kind;
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	const struct cw_node *node = link->client.node;
	const struct cw_link_ends ends = cw_link_ends(link);
	if (!cw_presented_identity(&ends, false, &kind) || node->identities[kind].state != CW_KNOWN)
		return;
	cw_connect_hints_key_path(&key, rehearsal, folder, node, kind);
	if (!key.length)
		return;
	identity_path(&leaf, folder, node, kind, CW_CONNECT_HINTS_LEAF);
	identity_path(&issuers, folder, node, kind, CW_CONNECT_HINTS_ISSUERS);
	option(ret, "-cert", &leaf);
	option(ret, "-key", &key);
	if (cw_presented_chain(node, kind, chain) > 1)
		option(ret, "-cert_chain", &issuers);
}

/* What the client trusts: openssl judges by it in its own way. */
static void put_trust(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal, const char *folder,
	const struct cw_link *link)
{
	AUTO_BUFFER path = {0};
	for (size_t i = 0; i < link->question_count; i++) {
		const struct cw_question *side = &link->questions[i];
		const struct cw_store *store = side->judge->node ? &side->judge->node->stores[side->store]
								 : &side->judge->endpoint->trust;
		const struct cw_trust_list *list =
			cw_stand_ins_list(cw_rehearsal_stand_ins(rehearsal), store);
		if (!side->by_client || !list || !list->count)
			continue;
		cw_connect_hints_path(&path, folder, link->client.name, cw_node_store_name(side->store));
		cw_buffer_text(&path, ".pem");
		option(ret, "-verifyCAfile", &path);
		return;
	}
}

static void put_name(struct cw_buffer *ret, const char *address)
{
	uint8_t ip[16];
	size_t length;
	if (cw_name_is_ip(address, ip, &length)) {
		cw_buffer_text(ret, " -noservername");
		return;
	}
	cw_buffer_text(ret, " -servername ");
	word(ret, address);
}

static void put_example(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal, const char *folder,
	const struct cw_observed *observed)
{
	const struct cw_link *link = observed->link;
	char to[CW_LOOPBACK_TEXT_SIZE], from[CW_LOOPBACK_TEXT_SIZE];
	struct sockaddr_in client;
	cw_buffer_printf(ret, "\n# %s ", cw_link_kind_name(link->kind));
	cw_observed_ends(ret, link);
	cw_buffer_printf(ret, ": %s", cw_observed_outcome(observed));
	if (observed->refused_by)
		cw_buffer_printf(ret, " by %s", observed->refused_by);
	cw_buffer_printf(ret, "\nopenssl s_client -nocommands -connect %s",
		cw_loopback_text(cw_serve_address(rehearsal, link), to));
	if (cw_serve_client_address(rehearsal, link, &client))
		cw_buffer_printf(ret, " -bind %s", cw_loopback_text(&client, from));
	put_name(ret, link->address);
	put_trust(ret, rehearsal, folder, link);
	put_identity(ret, rehearsal, folder, link);
	cw_buffer_char(ret, '\n');
}

void cw_connect_hints_examples(
	struct cw_buffer *ret, const struct cw_rehearsal *rehearsal, const char *folder)
{
	const struct cw_check *check = cw_rehearsal_check(rehearsal);
	bool told[CW_LINK_KIND_COUNT][2] = {{false}};
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_observed *observed = &cw_rehearsal_observed(rehearsal)->items[i];
		bool refused = observed->state == CW_OBSERVED_REFUSED;
		if (!cw_link_kind_is_tls(observed->link->kind) ||
			!cw_serve_address(rehearsal, observed->link))
			continue; /* no TLS of its own to connect with */
		if ((!refused && observed->state != CW_OBSERVED_UP) || told[observed->link->kind][refused])
			continue;
		told[observed->link->kind][refused] = true;
		put_example(ret, rehearsal, folder, observed);
	}
}
