/**
 * A sound small lab, changed by any bytes: lists lose, gain and reorder entries, certificates change places,
 * settings flip, days pass. Whatever comes of it, a refusal has its reason, a remedy names a node and a store
 * that there are, and the same question gets the same report again, with a cache and without.
 *
 * Input: threes of what to do, to which, and with which.
 */
#include "check/check.h"
#include "config/load.h"
#include "lab/lab.h"
#include "report/report_format.h"
#include "support/folder.h"
#include "support/instant.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACES_MAX 64
#define STEPS_MAX 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct cw_pool *pool;
static char *folder;

static void make_once(void)
{
	struct cw_error error;
	if (pool)
		return;
	test_folder_make();
	atexit(test_folder_remove);
	folder = strdup(test_folder_path("lab"));
	const struct cw_lab_options options = {.folder = folder, .key = "ec", .at = TEST_AT};
	if (!folder || !cw_lab_new(&options, &error) || !(pool = cw_pool_new()))
		abort();
}

/* Everything of a deployment that can be changed. */
struct places {
	struct cw_store *stores[PLACES_MAX];
	struct cw_identity *identities[PLACES_MAX];
	size_t store_count, identity_count;
};

static void collect_node(struct places *places, struct cw_node *node)
{
	for (size_t i = 0; i < CW_STORE_KIND_COUNT && places->store_count < PLACES_MAX; i++)
		if (node->stores[i].state == CW_KNOWN)
			places->stores[places->store_count++] = &node->stores[i];
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT && places->identity_count < PLACES_MAX; i++)
		if (node->identities[i].state == CW_KNOWN)
			places->identities[places->identity_count++] = &node->identities[i];
}

static void collect(struct places *places, struct cw_deployment *deployment)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			collect_node(places, deployment->groups[i]->nodes[k]);
	for (size_t i = 0; i < deployment->endpoint_count && places->store_count < PLACES_MAX; i++)
		if (deployment->endpoints[i].trust.state == CW_KNOWN)
			places->stores[places->store_count++] = &deployment->endpoints[i].trust;
}

static void swap_entries(struct cw_trust_list *list, size_t a, size_t b)
{
	struct cw_trust_entry entry = list->entries[a];
	list->entries[a] = list->entries[b];
	list->entries[b] = entry;
}

static void remove_entry(struct cw_trust_list *list, size_t at)
{
	cw_cert_free(list->entries[at].cert);
	free(list->entries[at].path);
	list->count--;
	for (; at < list->count; at++)
		list->entries[at] = list->entries[at + 1];
}

static void change_list(
	struct cw_trust_list *list, const struct cw_trust_list *other, unsigned what, unsigned which)
{
	if (what == 0 && list->count > 1)
		swap_entries(list, which % list->count, (which + 1) % list->count);
	else if (what == 1 && list->count)
		remove_entry(list, which % list->count);
	else if (what == 2 && other != list && other->count) {
		const struct cw_trust_entry *entry = &other->entries[which % other->count];
		if (!cw_trust_list_add(list, entry->cert, entry->path, entry->number))
			abort();
	}
}

static void change_group(struct cw_group *group, unsigned which)
{
	switch (which % 6) {
	case 0:
		group->eku_check = !group->eku_check;
		break;
	case 1:
		group->revocation = !group->revocation;
		break;
	case 2:
		group->secure_registration = (enum cw_switch)(which / 6 % 4);
		break;
	case 3:
		group->cluster_tls_verify = !group->cluster_tls_verify;
		break;
	case 4:
		group->cucm_tls_verify = CW_SWITCH_OFF;
		break;
	case 5:
		group->release = (struct cw_release){12 + which % 4, which % 8, 0};
		if (group->release.major == 12)
			group->release.minor = 5;
		break;
	}
}

static void swap_leaves(struct cw_identity *a, struct cw_identity *b)
{
	struct cw_cert *leaf = a->leaf;
	a->leaf = b->leaf;
	b->leaf = leaf;
}

static void change(struct cw_deployment *deployment, const uint8_t *step, cw_time *at)
{
	struct places places = {0};
	collect(&places, deployment);
	if (!places.store_count || !places.identity_count)
		return;
	struct cw_store *store = places.stores[step[1] % places.store_count];
	const struct cw_store *other = places.stores[step[2] % places.store_count];
	switch (step[0] % 7) {
	case 0:
	case 1:
	case 2:
		change_list(&store->list, &other->list, step[0] % 7U, step[2]);
		break;
	case 3:
		swap_leaves(places.identities[step[1] % places.identity_count],
			places.identities[step[2] % places.identity_count]);
		break;
	case 4:
		change_group(deployment->groups[step[1] % deployment->group_count], step[2]);
		break;
	case 5:
		store->state = CW_UNKNOWN;
		cw_trust_list_finish(&store->list);
		break;
	case 6:
		*at += ((int)step[1] - 64) * 4 * CW_DAY;
		break;
	}
}

static const struct cw_node *find_node(const struct cw_deployment *deployment, const char *fqdn)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (strcmp(deployment->groups[i]->nodes[k]->fqdn, fqdn) == 0)
				return deployment->groups[i]->nodes[k];
	return deployment->front && strcmp(deployment->front->fqdn, fqdn) == 0 ? deployment->front : NULL;
}

static const struct cw_store *find_store(
	const struct cw_deployment *deployment, const struct cw_remedy *remedy)
{
	const struct cw_node *node = find_node(deployment, remedy->node);
	for (size_t i = 0; node && i < CW_STORE_KIND_COUNT; i++)
		if (strcmp(cw_node_store_name((enum cw_store_kind)i), remedy->store) == 0)
			return &node->stores[i];
	for (size_t i = 0; !node && i < deployment->endpoint_count; i++)
		if (strcmp(deployment->endpoints[i].name, remedy->node) == 0)
			return &deployment->endpoints[i].trust;
	return NULL;
}

/* What is installed on a node, and where it is re-issued: an identity; or the CRLs. */
static bool is_installed(const char *name)
{
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (strcmp(cw_node_identity_name((enum cw_identity_kind)i), name) == 0)
			return true;
	return strcmp(name, "crl") == 0;
}

static bool holds(const struct cw_store *store, const struct cw_cert *cert)
{
	return cert && cw_trust_list_find(&store->list, cert) < store->list.count;
}

/* Tells what is wrong, and stops. */
static void wrong(const char *rule, const struct cw_complaint *complaint)
{
	const struct cw_remedy *remedy = &complaint->remedy;
	fprintf(stderr, "%s: %s judged by %s (%s): %s %s %s %s\n", rule,
		cw_finding_code_name(complaint->finding.code), complaint->judge, complaint->finding.detail,
		cw_remedy_action_name(remedy->action), remedy->node ? remedy->node : "-",
		remedy->store ? remedy->store : "-", remedy->cert ? cw_cert_label(remedy->cert) : "-");
	abort();
}

static void check_list_remedy(const struct cw_deployment *deployment, const struct cw_complaint *complaint)
{
	const struct cw_remedy *remedy = &complaint->remedy;
	const struct cw_store *store = remedy->store ? find_store(deployment, remedy) : NULL;
	if (!store)
		wrong("a store that there is", complaint);
	else if (remedy->action == CW_ACTION_APPEND && !remedy->cert && !remedy->subject)
		wrong("a certificate to append", complaint);
	else if (remedy->action == CW_ACTION_APPEND && holds(store, remedy->cert))
		wrong("a certificate that is not there yet", complaint);
	else if (remedy->action != CW_ACTION_APPEND && !holds(store, remedy->cert))
		wrong("an entry of the list", complaint);
	else if (remedy->before && !holds(store, remedy->before))
		wrong("an entry of the list to stand before", complaint);
}

static void check_remedy(const struct cw_deployment *deployment, const struct cw_complaint *complaint)
{
	const struct cw_remedy *remedy = &complaint->remedy;
	switch (remedy->action) {
	case CW_ACTION_NONE:
	case CW_ACTION_RESTART:
	case CW_ACTION_SET:
		return;
	case CW_ACTION_REISSUE:
	case CW_ACTION_INSTALL:
		if (!remedy->store ||
			(!find_store(deployment, remedy) &&
				(!find_node(deployment, remedy->node) || !is_installed(remedy->store))))
			wrong("a node and what is installed there", complaint);
		return;
	case CW_ACTION_APPEND:
	case CW_ACTION_REMOVE:
	case CW_ACTION_MOVE_BEFORE:
		check_list_remedy(deployment, complaint);
		return;
	}
}

static void check_complaints(const struct cw_deployment *deployment, const struct cw_complaints *complaints,
	enum cw_verdict *worst)
{
	*worst = CW_VERDICT_PASS;
	for (size_t i = 0; i < complaints->count; i++) {
		enum cw_verdict verdict = cw_finding_severity_verdict(complaints->items[i].finding.severity);
		*worst = verdict > *worst ? verdict : *worst;
		check_remedy(deployment, &complaints->items[i]);
	}
}

static void check_answers(const struct cw_check *check)
{
	enum cw_verdict worst;
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		check_complaints(check->deployment, &link->complaints, &worst);
		if (worst != link->verdict || (worst == CW_VERDICT_REFUSED) != (link->refused_by != NULL))
			abort();
	}
	for (size_t i = 0; i < check->node_count; i++)
		check_complaints(check->deployment, &check->nodes[i].complaints, &worst);
	for (size_t i = 0; i < check->service_count; i++)
		if ((check->services[i].state == CW_SERVICE_WORKS) != (check->services[i].because_count == 0))
			abort();
}

static void ask(
	const struct cw_deployment *deployment, cw_time at, struct cw_cache *cache, struct cw_buffer *text)
{
	static const char *const formats[] = {"text", "json"};
	AUTO(cw_check_free) struct cw_check *check = NULL;
	const struct cw_check_options options = {.at = at, .cache = cache};
	const struct cw_report_options report = {.all = true};
	struct cw_error error;
	if (!cw_check_run(deployment, &options, &check, &error))
		abort();
	check_answers(check);
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (!cw_report_format(formats[i])->write(check, &report, text, &error))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct cw_cache *cache; /* from input to input */
	make_once();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO_STRINGS problems = {0};
	AUTO_BUFFER first = {0};
	AUTO_BUFFER second = {0};
	cw_time at = TEST_AT;
	if (!cw_load_deployment(folder, pool, &deployment, &problems) ||
		(!cache && !(cache = cw_cache_new())))
		abort();
	for (size_t i = 0; i + 3 <= size && i < (size_t)3 * STEPS_MAX; i += 3)
		change(deployment, data + i, &at);
	ask(deployment, at, NULL, &first);
	ask(deployment, at, cache, &second);
	if (strcmp(cw_buffer_string(&first), cw_buffer_string(&second)) != 0 || ERR_peek_error())
		abort();
	return 0;
}
