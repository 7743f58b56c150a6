#include "plan/repair_parts.h"

#include "issue/issue.h"
#include "issue/issue_key.h"
#include "model/required_names.h"
#include "plan/reissue.h"
#include "plan/stand_in_leaf.h"
#include "trust/issuers.h"

#include <string.h>

const struct cw_node *repair_node(const struct repair_search *search, const char *fqdn)
{
	return fqdn ? cw_deployment_node(search->now->deployment, fqdn) : NULL;
}

static bool identity_named(const char *name, enum cw_identity_kind *ret)
{
	for (unsigned kind = 0; name && kind < CW_IDENTITY_KIND_COUNT; kind++) {
		*ret = (enum cw_identity_kind)kind;
		if (strcmp(cw_node_identity_name(*ret), name) == 0)
			return true;
	}
	*ret = CW_IDENTITY_SERVER;
	return false;
}

bool repair_presenter(const struct repair_search *search, const struct repair_target *target,
	const struct cw_node **ret, enum cw_identity_kind *ret_kind)
{
	const struct cw_complaint *complaint = target->complaint;
	(void)search;
	if (target->link) {
		*ret = complaint->question ? complaint->question->subject->node : target->link->server.node;
		*ret_kind = complaint->question ? complaint->question->identity : CW_IDENTITY_SERVER;
		return *ret != NULL;
	}
	*ret = complaint->judge_node;
	if (!identity_named(complaint->store, ret_kind) && !cw_node_is_expressway(*ret))
		*ret_kind = CW_IDENTITY_TOMCAT; /* the complaint is about a list */
	return *ret != NULL;
}

/* ---------------------------------------------------------------- who may sign */

static bool has_issued_for_clients(const struct repair_search *search, const struct cw_cert *issuer)
{
	const struct cw_deployment *deployment = search->deployment;
	for (size_t i = 0; i < deployment->group_count; i++) {
		for (size_t k = 0; k < deployment->groups[i]->count; k++) {
			const struct cw_node *node = deployment->groups[i]->nodes[k];
			for (size_t n = 0; n < CW_IDENTITY_KIND_COUNT; n++) {
				const struct cw_cert *leaf = node->identities[n].leaf;
				if (leaf && cw_cert_eku(leaf)->client_auth &&
					cw_name_equal(cw_cert_issuer(leaf), cw_cert_subject(issuer)))
					return true;
			}
		}
	}
	return false;
}

static bool is_known_issuer(const struct repair_search *search, const struct cw_cert *cert)
{
	for (size_t i = 0; i < search->issuer_count; i++)
		if (cw_cert_same(search->issuers[i], cert))
			return true;
	return false;
}

static bool note_issuer(struct repair_search *search, struct cw_cert *cert)
{
	const cw_time at = search->options.at;
	if (is_known_issuer(search, cert) || !cw_cert_is_ca(cert) || cw_cert_not_before(cert) > at ||
		cw_cert_not_after(cert) < at + CW_DAY)
		return true;
	if (!cw_memory_grow(&search->issuers, &search->issuer_capacity, search->issuer_count,
		    sizeof(struct cw_cert *)))
		return false;
	search->issuers[search->issuer_count++] = cw_cert_ref(cert);
	return true;
}

static bool note_signers_of(struct repair_search *search, const struct cw_cert *leaf)
{
	struct cw_issuers bearers = cw_issuers_named(cw_cert_issuer(leaf), NULL, search->deployment->pool);
	struct cw_cert *issuer;
	while ((issuer = cw_issuers_next(&bearers, NULL)))
		if (cw_cache_signed_by(search->options.cache, leaf, issuer) && !note_issuer(search, issuer))
			return false;
	return true;
}

#define ROOTS_OF_A_DEVICE 3 /* tried, of a list that nobody can change */

/* Those that have signed something here; then the roots of devices whose list is fixed. */
static bool find_issuers(struct repair_search *search)
{
	const struct cw_deployment *deployment = search->deployment;
	if (search->issuer_count)
		return true;
	for (size_t i = 0; i < search->before->node_count; i++)
		for (size_t n = 0; n < CW_IDENTITY_KIND_COUNT; n++) {
			const struct cw_cert *leaf = search->before->nodes[i].node->identities[n].leaf;
			if (leaf && !note_signers_of(search, leaf))
				return false;
		}
	for (size_t i = 0; i < deployment->endpoint_count; i++) {
		const struct cw_trust_list *list = &deployment->endpoints[i].trust.list;
		for (size_t k = 0; k < list->count && k < ROOTS_OF_A_DEVICE; k++)
			if (!note_issuer(search, list->entries[k].cert))
				return false;
	}
	return true;
}

/* ---------------------------------------------------------------- the step */

void repair_stand_ins_finish(struct repair_stand_ins *stand_ins)
{
	for (size_t i = 0; i < stand_ins->count; i++) {
		free(stand_ins->items[i].carries);
		cw_cert_free(stand_ins->items[i].cert);
	}
	free(stand_ins->items);
	EVP_PKEY_free(stand_ins->key);
	*stand_ins = (struct repair_stand_ins){0};
}

/* All that goes into a stand-in; the certificate before it gives its subject. */
static char *carries(
	const struct cw_node *node, enum cw_identity_kind kind, const struct cw_repair_step *step)
{
	AUTO_BUFFER text = {0};
	const struct cw_cert *leaf = node->identities[kind].leaf;
	cw_buffer_printf(&text, "%s %s %s %s %d%d", node->fqdn, cw_node_identity_name(kind),
		cw_cert_sha256_text(step->issuer), leaf ? cw_cert_subject_text(leaf) : "",
		step->remedy.server_auth, step->remedy.client_auth);
	for (size_t i = 0; i < step->remedy.names.count; i++)
		cw_buffer_printf(&text, " %s", step->remedy.names.items[i]);
	return cw_buffer_steal(&text);
}

static bool make_stand_in(struct repair_search *search, const struct cw_node *node,
	enum cw_identity_kind kind, struct cw_repair_step *step)
{
	struct repair_stand_ins *made = search->stand_ins;
	if (!made->key && !cw_issue_key("ec", &made->key, search->error))
		return false;
	AUTO(free) char *text = carries(node, kind, step);
	if (!text)
		return cw_error_memory(search->error);
	for (size_t i = 0; i < made->count; i++) {
		if (strcmp(made->items[i].carries, text) != 0)
			continue;
		step->stand_in = cw_cert_ref(made->items[i].cert);
		return true;
	}
	const struct cw_stand_in_leaf wanted = {.remedy = &step->remedy,
		.node = node,
		.kind = kind,
		.issuer = step->issuer,
		.key = made->key,
		.at = search->options.at};
	if (!cw_memory_grow(&made->items, &made->capacity, made->count, sizeof *made->items))
		return cw_error_memory(search->error);
	if (!cw_stand_in_leaf_make(&wanted, &step->stand_in, search->error))
		return false;
	made->items[made->count++] = (struct repair_stand_in){TAKE(text), cw_cert_ref(step->stand_in)};
	return true;
}

/* Of a multi-server certificate, and of one that serves tomcat and CallManager: one request, one upload. */
static bool add_sharers(const struct repair_search *search, const struct cw_node *node,
	enum cw_identity_kind kind, struct cw_repair_step *step)
{
	const struct cw_cert *leaf = node->identities[kind].leaf;
	if (!leaf || cw_node_is_expressway(node))
		return true;
	for (size_t i = 0; i < search->now->node_count; i++) {
		const struct cw_node *other = search->now->nodes[i].node;
		for (size_t n = 0; n < CW_IDENTITY_KIND_COUNT; n++) {
			const struct cw_identity *identity = &other->identities[n];
			bool shares = identity->state == CW_KNOWN && cw_cert_same(identity->leaf, leaf) &&
				!cw_node_is_expressway(other) && !(other == node && n == kind);
			if (shares &&
				!cw_strings_addf(&step->nodes, "%s:%s", other->fqdn,
					cw_node_identity_name((enum cw_identity_kind)n)))
				return false;
		}
	}
	return true;
}

/* The names of an earlier step for the same certificate are in the stand-in that is laid over, and so come
 * along. */
static bool add_names(
	const struct repair_steps *steps, const struct cw_node *node, struct cw_repair_step *step)
{
	for (size_t i = 0; i < steps->count; i++) {
		const struct cw_remedy *other = &steps->items[i].remedy;
		bool same = other->action == CW_ACTION_REISSUE && strcmp(other->node, node->fqdn) == 0 &&
			strcmp(other->store, step->remedy.store) == 0;
		for (size_t k = 0; same && k < other->names.count; k++)
			if (!cw_strings_add(&step->remedy.names, other->names.items[k]))
				return false;
	}
	return true;
}

static bool add_reissue(struct repair_search *search, const struct repair_target *target,
	const struct cw_node *node, enum cw_identity_kind kind, struct cw_cert *issuer,
	struct repair_steps *ret)
{
	struct cw_repair_step step = {.remedy = {.action = CW_ACTION_REISSUE,
					      .node = node->fqdn,
					      .store = cw_node_identity_name(kind)},
		.phase = CW_REPAIR_WINDOW,
		.needs = CW_REPAIR_NEEDS_CA,
		.unit = ++search->units,
		.issuer = cw_cert_ref(issuer)};
	const struct cw_node *original = cw_deployment_node(search->deployment, node->fqdn);
	const struct cw_cert *leaf = original ? original->identities[kind].leaf : NULL;
	step.same_issuer = leaf && cw_cache_signed_by(search->options.cache, leaf, issuer);
	const char *name = target->link && target->complaint->finding.layer != CW_LAYER_DIGEST
		? target->complaint->finding.name
		: NULL;
	bool crl = target->complaint->finding.code == CW_CRL_MISSING ||
		target->complaint->finding.code == CW_CRL_EXPIRED;
	bool good = (add_names(ret, node, &step) || cw_error_memory(search->error)) &&
		cw_reissue_fill(search->now->deployment, node, step.remedy.store, crl ? NULL : name,
			&step.remedy, search->error) &&
		(add_sharers(search, node, kind, &step) || cw_error_memory(search->error)) &&
		make_stand_in(search, node, kind, &step);
	if (!good) {
		cw_repair_step_finish(&step);
		return false;
	}
	return repair_steps_take(ret, &step) || cw_error_memory(search->error);
}

/* A new certificate helps against what is wrong with the old one, and against lists that nobody can change. */
static bool can_help(const struct cw_complaint *complaint)
{
	switch (complaint->finding.code) {
	case CW_TRAVERSAL_REFUSED:
	case CW_CREDENTIALS_DIFFER:
	case CW_TUNNEL_NAME_UNFIT:
	case CW_NOT_KNOWN:
		return false;
	case CW_PHONE_PROFILE_MISSING: /* a name that no request takes is changed in CUCM first */
		return !complaint->finding.name || cw_required_names_profile_fits(complaint->finding.name);
	default: /* all others are about a certificate */
		return true;
	}
}

static bool wants_client(
	const struct repair_search *search, const struct cw_node *node, enum cw_identity_kind kind, bool *ret)
{
	struct cw_remedy remedy = {0};
	bool good = cw_reissue_fill(
		search->now->deployment, node, cw_node_identity_name(kind), NULL, &remedy, search->error);
	*ret = remedy.client_auth;
	cw_remedy_finish(&remedy);
	return good;
}

/* "The client store is right": from X15.5 what C shows as a client is a certificate of its own. */
static bool goes_to_client_store(const struct repair_target *target, const struct cw_node *node)
{
	const struct cw_complaint *complaint = target->complaint;
	bool client = complaint->finding.code == CW_CLIENT_AUTH_MISSING && target->link &&
		complaint->question && !complaint->question->by_client;
	return client && cw_node_is_expressway(node) && cw_release_row(node->group->release)->client_store;
}

bool repair_reissue_client_store(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	const struct cw_node *node = NULL;
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	if (!find_issuers(search))
		return cw_error_memory(search->error);
	if (!repair_presenter(search, target, &node, &kind) || !goes_to_client_store(target, node))
		return true;
	for (size_t i = 0; i < search->issuer_count; i++)
		if (has_issued_for_clients(search, search->issuers[i]))
			return add_reissue(search, target, node, CW_IDENTITY_CLIENT, search->issuers[i], ret);
	return !search->issuer_count ||
		add_reissue(search, target, node, CW_IDENTITY_CLIENT, search->issuers[0], ret);
}

bool repair_reissue_same_ca(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	const struct cw_node *node = NULL;
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	bool client = false;
	if (!find_issuers(search))
		return cw_error_memory(search->error);
	if (!can_help(target->complaint) || !repair_presenter(search, target, &node, &kind))
		return true;
	const struct cw_node *original = cw_deployment_node(search->deployment, node->fqdn);
	const struct cw_cert *leaf = original->identities[kind].leaf;
	if (!leaf)
		return true;
	if (!wants_client(search, node, kind, &client))
		return false;
	for (size_t i = 0; i < search->issuer_count; i++) {
		struct cw_cert *issuer = search->issuers[i];
		if (!cw_cache_signed_by(search->options.cache, leaf, issuer))
			continue;
		/* a CA that issues for servers only is asked in vain */
		bool in_vain = client && !cw_cert_eku(leaf)->client_auth && cw_cert_eku(leaf)->present &&
			!has_issued_for_clients(search, issuer);
		return in_vain || add_reissue(search, target, node, kind, issuer, ret);
	}
	return true;
}

bool repair_reissue_by(struct repair_search *search, const struct repair_target *target, size_t issuer,
	bool *ret_there, struct repair_steps *ret)
{
	const struct cw_node *node = NULL;
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	if (!find_issuers(search))
		return cw_error_memory(search->error);
	*ret_there = issuer < search->issuer_count && can_help(target->complaint) &&
		repair_presenter(search, target, &node, &kind);
	if (!*ret_there)
		return true;
	if (goes_to_client_store(target, node))
		kind = CW_IDENTITY_CLIENT;
	return add_reissue(search, target, node, kind, search->issuers[issuer], ret);
}
