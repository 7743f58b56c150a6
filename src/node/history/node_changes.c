#include "node/history/node_changes.h"

#include <string.h>

/* Against a history that is one list: what is beyond is counted. */
#define EVENTS_MAX 100

struct telling {
	struct cw_node_history *history;
	const char *who;
	size_t count;
};

static void tell(struct telling *telling, const char *about, const char *before, const char *after)
{
	const struct cw_node_history_event event = {
		.kind = "change", .about = about, .who = telling->who, .before = before, .after = after};
	if (++telling->count <= EVENTS_MAX)
		cw_node_history_tell(telling->history, &event);
}

/* "CN=Acme Issuing CA (SHA-256 …)" */
static const char *name_of(const struct cw_cert *cert, char ret[400])
{
	snprintf(ret, 400, "%.300s (SHA-256 %s)", cw_cert_label(cert), cw_cert_sha256_text(cert));
	return ret;
}

static void tell_list(struct telling *telling, const char *name, const struct cw_trust_list *before,
	const struct cw_trust_list *after)
{
	char text[400];
	size_t first = telling->count;
	bool moved = before->count != after->count;
	for (size_t i = 0; i < before->count; i++)
		if (cw_trust_list_find(after, before->entries[i].cert) == after->count)
			tell(telling, name, name_of(before->entries[i].cert, text), NULL);
	for (size_t i = 0; i < after->count; i++)
		if (cw_trust_list_find(before, after->entries[i].cert) == before->count)
			tell(telling, name, NULL, name_of(after->entries[i].cert, text));
	for (size_t i = 0; !moved && i < after->count; i++)
		moved = !cw_cert_same(before->entries[i].cert, after->entries[i].cert);
	if (moved && telling->count == first)
		tell(telling, name, "", "another order");
}

static void tell_identity(struct telling *telling, const char *name, const struct cw_identity *before,
	const struct cw_identity *after)
{
	char old[400], now[400];
	if (before->leaf == after->leaf ||
		(before->leaf && after->leaf && cw_cert_same(before->leaf, after->leaf)))
		return;
	const char *was = before->leaf ? name_of(before->leaf, old) : NULL;
	const char *is = after->leaf ? name_of(after->leaf, now) : NULL;
	tell(telling, name, was, is);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void tell_text(struct telling *telling, const char *name, const char *before, const char *after)
{
	if (!same_text(before, after))
		tell(telling, name, before, after);
}

static void tell_switch(struct telling *telling, const char *name, bool before, bool after)
{
	static const char *const words[] = {"off", "on"};
	if (before != after)
		tell(telling, name, words[before], words[after]);
}

static void tell_zone(struct telling *telling, const struct cw_zone *before, const struct cw_zone *after)
{
	if (!before || !after)
		return;
	const struct cw_credentials *old[] = {&before->on_c, &before->on_e};
	const struct cw_credentials *now[] = {&after->on_c, &after->on_e};
	tell_text(telling, "tls-verify-name", before->tls_verify_name, after->tls_verify_name);
	for (size_t i = 0; i < 2; i++) {
		tell_text(telling, "username", old[i]->username, now[i]->username);
		if (!same_text(old[i]->password, now[i]->password))
			tell(telling, "password", NULL, "another");
	}
	for (size_t i = 0; i < before->peer_count || i < after->peer_count; i++) {
		const char *was = i < before->peer_count ? before->peers[i].address : NULL;
		const char *is = i < after->peer_count ? after->peers[i].address : NULL;
		tell_text(telling, "peers", was, is);
	}
}

static void tell_group(struct telling *telling, const struct cw_group *before, const struct cw_group *after)
{
	char old[CW_RELEASE_TEXT_SIZE], now[CW_RELEASE_TEXT_SIZE];
	bool expressway = cw_node_is_expressway(before->nodes[0]);
	const char *was = expressway ? cw_release_text(before->release, old)
				     : cw_release_cucm_text(before->release, old);
	const char *is =
		expressway ? cw_release_text(after->release, now) : cw_release_cucm_text(after->release, now);
	tell_text(telling, "release", was, is);
	tell_switch(telling, "eku-check", before->eku_check, after->eku_check);
	tell_switch(telling, "revocation", before->revocation, after->revocation);
	tell_switch(telling, "cluster-tls-verify", before->cluster_tls_verify, after->cluster_tls_verify);
	tell_switch(
		telling, "verify-origin-server", before->verify_origin_server, after->verify_origin_server);
	tell_switch(telling, "secure-registration", before->secure_registration == CW_SWITCH_ON,
		after->secure_registration == CW_SWITCH_ON);
	tell_switch(telling, "sip-oauth", before->sip_oauth, after->sip_oauth);
	if (before->tunnel_keys != after->tunnel_keys)
		tell(telling, "tunnel-key-algorithms", NULL, "another list");
}

void cw_node_changes_tell(struct cw_node_history *history, const char *who, const struct cw_snapshot *before,
	const struct cw_snapshot *after)
{
	struct telling telling = {.history = history, .who = who};
	char text[64];
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		tell_list(&telling, cw_node_store_name((enum cw_store_kind)i), &before->node->stores[i].list,
			&after->node->stores[i].list);
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		tell_identity(&telling, cw_node_identity_name((enum cw_identity_kind)i),
			&before->node->identities[i], &after->node->identities[i]);
	tell_group(&telling, before->node->group, after->node->group);
	tell_zone(&telling, cw_node_file_zone(before->file), cw_node_file_zone(after->file));
	if (telling.count <= EVENTS_MAX)
		return;
	snprintf(text, sizeof text, "%zu more", telling.count - EVENTS_MAX);
	const struct cw_node_history_event event = {.kind = "change", .who = who, .text = text};
	cw_node_history_tell(history, &event);
}
