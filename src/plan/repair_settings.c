#include "plan/repair_parts.h"

#include "issue/issue_key.h"
#include "plan/stand_in_leaf.h"
#include "trust/names.h"

#include <string.h>

/* One setting of one node; `former` is what a list has now, or NULL. */
static bool add_setting(struct repair_search *search, const char *node, const char *setting,
	const char *value, struct cw_repair_step *step, struct repair_steps *ret)
{
	step->remedy.action = CW_ACTION_SET;
	step->remedy.node = node;
	step->remedy.setting = setting;
	step->phase = CW_REPAIR_WINDOW;
	step->unit = ++search->units;
	if (value && !(step->remedy.value = strdup(value))) {
		cw_repair_step_finish(step);
		return cw_error_memory(search->error);
	}
	return repair_steps_take(ret, step) || cw_error_memory(search->error);
}

static bool bears(const struct cw_cert *leaf, const char *name)
{
	return leaf && name &&
		cw_name_found(cw_name_find(leaf, name, (struct cw_name_rule){.san_is_cut = true}));
}

static bool is_about_typed_name(const struct repair_target *target)
{
	enum cw_code code = target->complaint->finding.code;
	return target->link && target->complaint->question &&
		(code == CW_PEER_NAME_MISMATCH || code == CW_ADDRESS_IS_IP);
}

/* The Expressway troubleshooting guide: the peer address must match a name of the certificate: type the name that it has. */
bool repair_set_address(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	if (!is_about_typed_name(target))
		return true;
	const struct cw_link *link = target->link;
	const struct cw_node *server = link->server.node;
	const struct cw_cert *leaf =
		server ? server->identities[target->complaint->question->identity].leaf : NULL;
	struct cw_repair_step step = {0};
	if (!bears(leaf, server ? server->fqdn : NULL))
		return true;
	bool typed = link->zone || link->kind == CW_LINK_TOMCAT || link->kind == CW_LINK_TFTP;
	if (!typed || strcmp(server->fqdn, link->address) == 0)
		return true;
	if (!cw_strings_add(&step.former, link->address) || !cw_strings_add(&step.nodes, server->fqdn)) {
		cw_repair_step_finish(&step);
		return cw_error_memory(search->error);
	}
	const char *where = link->zone ? link->zone->c->nodes[0]->fqdn : link->client.name;
	return add_setting(
		search, where, link->zone ? "peer address" : "server address", server->fqdn, &step, ret);
}

static bool all_peers_bear(const struct cw_group *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct cw_identity *client = &c->nodes[i]->identities[CW_IDENTITY_CLIENT];
		bool own = client->state == CW_KNOWN && cw_release_row(c->release)->client_store;
		const struct cw_identity *shown = own ? client : &c->nodes[i]->identities[CW_IDENTITY_SERVER];
		if (shown->state == CW_KNOWN && !bears(shown->leaf, name))
			return false;
	}
	return true;
}

/* The cluster name, where all peers have it; else any name that all have. */
static const char *name_of_all(const struct cw_group *c)
{
	if (c->cluster && all_peers_bear(c, c->cluster))
		return c->cluster;
	const struct cw_identity *server = &c->nodes[0]->identities[CW_IDENTITY_SERVER];
	if (c->count == 1 && all_peers_bear(c, c->nodes[0]->fqdn))
		return c->nodes[0]->fqdn;
	const struct cw_sans *sans = server->state == CW_KNOWN ? cw_cert_sans(server->leaf) : NULL;
	for (size_t i = 0; sans && i < sans->count; i++)
		if (sans->items[i].kind == CW_SAN_DNS && sans->items[i].text[0] != '*' &&
			all_peers_bear(c, sans->items[i].text))
			return sans->items[i].text;
	return NULL;
}

bool repair_set_verify_name(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	if (!target->link || !target->link->zone ||
		target->complaint->finding.code != CW_VERIFY_NAME_MISMATCH)
		return true;
	const struct cw_zone *zone = target->link->zone;
	const char *name = name_of_all(zone->c);
	struct cw_repair_step step = {0};
	return !name || add_setting(search, zone->e->nodes[0]->fqdn, "tls-verify-name", name, &step, ret);
}

bool repair_set_credentials(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	if (!target->link || !target->link->zone || target->complaint->finding.code != CW_CREDENTIALS_DIFFER)
		return true;
	const struct cw_zone *zone = target->link->zone;
	struct cw_repair_step step = {0};
	return add_setting(
		search, zone->c->nodes[0]->fqdn, "traversal zone user name and password", NULL, &step, ret);
}

bool repair_set_sends(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	const struct cw_node *node = NULL;
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	struct cw_repair_step step = {0};
	if (!target->link || target->complaint->finding.depth == 0 ||
		!repair_presenter(search, target, &node, &kind) || node->sends != CW_SENDS_LEAF)
		return true;
	return add_setting(search, node->fqdn, "sends", "auto", &step, ret);
}

/* A chain file that begins with a CA: nothing is to be issued, the leaf is to stand first. */
bool repair_put_leaf_first(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	const struct cw_node *node = NULL;
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	if (target->link || target->complaint->finding.code != CW_KEY_MISMATCH ||
		!repair_presenter(search, target, &node, &kind) || node->identities[kind].leaf_number <= 1)
		return true;
	struct cw_cert *leaf = node->identities[kind].leaf;
	struct cw_repair_step step = {.remedy = {.action = CW_ACTION_INSTALL,
					      .node = node->fqdn,
					      .store = cw_node_identity_name(kind),
					      .cert = cw_cert_ref(leaf),
					      .from = cw_pool_path(search->deployment->pool, leaf)},
		.unit = ++search->units,
		.stand_in = cw_cert_ref(leaf)};
	return repair_steps_take(ret, &step) || cw_error_memory(search->error);
}

/* ---------------------------------------------------------------- releases */

/* FN74362 and the X15.4 and X15.5 release notes: what these ask of a certificate public CAs still issue. */
static bool asks_less(const struct cw_release_row *present, const struct cw_release_row *newer)
{
	return (present->service_wants_client_auth && !newer->service_wants_client_auth) ||
		(present->cluster_wants_client_auth && !newer->cluster_wants_client_auth) ||
		(present->upload != CW_UPLOAD_SERVER && newer->upload == CW_UPLOAD_SERVER);
}

/* Both ends of a zone must run one release: all Expressways that zones connect to the group. */
static bool add_partners(
	const struct repair_search *search, const struct cw_group *group, struct cw_repair_step *step)
{
	const struct cw_deployment *deployment = search->deployment;
	for (size_t i = 0; i < deployment->zone_count; i++) {
		const struct cw_zone *zone = &deployment->zones[i];
		const struct cw_group *c = zone->c, *e = zone->e;
		const struct cw_group *other =
			strcmp(c->name, group->name) == 0 && c->kind == group->kind ? e : c;
		bool mine = other == e || (strcmp(e->name, group->name) == 0 && e->kind == group->kind);
		if (mine && other->count && !cw_strings_contain(&step->nodes, other->nodes[0]->fqdn) &&
			!cw_strings_add(&step->nodes, other->nodes[0]->fqdn))
			return false;
	}
	return true;
}

/* A release that does not ask for a client's key usage where only a server's is issued any more: the newest known. */
bool repair_upgrade(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	const struct cw_node *node = NULL;
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	if (target->complaint->finding.code != CW_CLIENT_AUTH_MISSING ||
		!repair_presenter(search, target, &node, &kind) || !cw_node_is_expressway(node))
		return true;
	size_t count;
	const struct cw_release_row *newest = cw_release_rows(&count);
	newest += count - 1;
	if (!asks_less(cw_release_row(node->group->release), newest))
		return true;
	char release[CW_RELEASE_TEXT_SIZE];
	struct cw_repair_step step = {0};
	if (!add_partners(search, node->group, &step)) {
		cw_repair_step_finish(&step);
		return cw_error_memory(search->error);
	}
	return add_setting(search, node->group->nodes[0]->fqdn, "release",
		cw_release_text(newest->release, release), &step, ret);
}

/* ---------------------------------------------------------------- revocation lists */

/* Whose list is wanted: the next step of the judged path, or the root's own. */
static struct cw_cert *issuer_wanted(const struct cw_complaint *complaint)
{
	const struct cw_path *path = complaint->question ? &complaint->question->judgement.path : NULL;
	for (size_t i = 0; path && complaint->finding.name && i < path->count; i++)
		if (strcmp(cw_cert_subject_text(path->steps[i].cert), complaint->finding.name) == 0)
			return path->steps[i].cert;
	return NULL;
}

static const struct cw_crl *former_of(const struct cw_node *node, const struct cw_cert *issuer)
{
	for (size_t i = 0; i < node->crls.count; i++)
		if (cw_name_equal(cw_crl_issuer(node->crls.items[i]), cw_cert_subject(issuer)))
			return node->crls.items[i];
	return NULL;
}

bool repair_install_crl(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	const struct cw_complaint *complaint = target->complaint;
	enum cw_code code = complaint->finding.code;
	struct cw_cert *issuer = issuer_wanted(complaint);
	if ((code != CW_CRL_MISSING && code != CW_CRL_EXPIRED) || !complaint->judge_node || !issuer)
		return true;
	if (!search->stand_ins->key && !cw_issue_key("ec", &search->stand_ins->key, search->error))
		return false;
	struct cw_repair_step step = {.remedy = {.action = CW_ACTION_INSTALL,
					      .node = complaint->judge_node->fqdn,
					      .store = "crl",
					      .subject = cw_cert_subject_text(issuer)},
		.needs = CW_REPAIR_NEEDS_CA,
		.unit = ++search->units,
		.issuer = cw_cert_ref(issuer)};
	if (!cw_stand_in_leaf_crl(issuer, former_of(complaint->judge_node, issuer), search->stand_ins->key,
		    search->options.at, &step.crl, search->error)) {
		cw_repair_step_finish(&step);
		return false;
	}
	return repair_steps_take(ret, &step) || cw_error_memory(search->error);
}
