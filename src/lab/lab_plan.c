#include "lab/lab_plan.h"

#include "base/buffer.h"
#include "pki/key.h"

#include <stdarg.h>
#include <string.h>

static void cert_free(struct cw_lab_plan_cert *cert)
{
	cw_strings_finish(&cert->sans);
	EVP_PKEY_free(cert->key);
	cw_cert_free(cert->cert);
	free(cert);
}

static void group_finish(struct cw_lab_plan_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		free(group->nodes[i]);
	free(group->nodes);
}

static void finish_texts(struct cw_lab_plan *plan)
{
	struct cw_strings *lists[] = {&plan->domains, &plan->chat_aliases, &plan->federation_domains,
		&plan->phone_profiles, &plan->peers, &plan->texts, &plan->scratch_cert.sans};
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		cw_strings_finish(lists[i]);
}

void cw_lab_plan_finish(struct cw_lab_plan *plan)
{
	for (size_t i = 0; i < plan->cert_count; i++)
		cert_free(plan->certs[i]);
	for (size_t i = 0; i < plan->group_count; i++) {
		group_finish(plan->groups[i]);
		free(plan->groups[i]);
	}
	group_finish(&plan->scratch_group);
	for (size_t i = 0; i < plan->store_count; i++) {
		free(plan->stores[i]->items);
		free(plan->stores[i]);
	}
	free(plan->certs);
	free(plan->groups);
	free(plan->stores);
	free(plan->endpoints);
	free(plan->crls);
	free(plan->scratch_store.items);
	finish_texts(plan);
	*plan = (struct cw_lab_plan){0};
}

bool cw_lab_plan_ok(const struct cw_lab_plan *plan, struct cw_error *error)
{
	return plan->failed ? cw_error_memory(error) : true;
}

const char *cw_lab_plan_text(struct cw_lab_plan *plan, const char *format, ...)
{
	AUTO_BUFFER buffer = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&buffer, format, args);
	va_end(args);
	if (buffer.failed || !cw_strings_add(&plan->texts, cw_buffer_string(&buffer))) {
		plan->failed = true;
		return "";
	}
	return plan->texts.items[plan->texts.count - 1];
}

void cw_lab_plan_add_text(struct cw_lab_plan *plan, struct cw_strings *list, const char *text)
{
	if (!cw_strings_add(list, text))
		plan->failed = true;
}

void cw_lab_plan_remove_text(struct cw_strings *list, const char *text)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i], text) == 0)
			free(list->items[i]);
		else
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

/* A zeroed object noted in the array `*items`, or NULL. */
static void *add_object(
	struct cw_lab_plan *plan, void *items, size_t *count, size_t *capacity, size_t object_size)
{
	void *object = NULL;
	if (cw_memory_grow(items, capacity, *count, sizeof(void *)))
		object = calloc(1, object_size);
	if (!object) {
		plan->failed = true;
		return NULL;
	}
	void **array;
	memcpy(&array, items, sizeof array);
	array[(*count)++] = object;
	return object;
}

static struct cw_lab_plan_cert *add_cert(
	struct cw_lab_plan *plan, const char *id, const char *subject, struct cw_lab_plan_cert *issuer)
{
	struct cw_lab_plan_cert *cert =
		add_object(plan, &plan->certs, &plan->cert_count, &plan->cert_capacity, sizeof *cert);
	if (!cert)
		return &plan->scratch_cert;
	cert->id = cw_lab_plan_text(plan, "%s", id);
	cert->subject = cw_lab_plan_text(plan, "%s", subject);
	cert->issuer = issuer;
	return cert;
}

struct cw_lab_plan_cert *cw_lab_plan_add_ca(
	struct cw_lab_plan *plan, const char *id, const char *subject, struct cw_lab_plan_cert *issuer)
{
	struct cw_lab_plan_cert *cert = add_cert(plan, id, subject, issuer);
	const long days_before = issuer ? 365 : 730;
	const long years_after = issuer ? 5 : 10;
	cert->spec = (struct cw_issue_spec){
		.not_before = plan->at - days_before * CW_DAY,
		.not_after = plan->at + years_after * 365 * CW_DAY,
		.constraints = CW_ISSUE_CA,
		.path_limited = issuer,
		.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN,
	};
	return cert;
}

struct cw_lab_plan_cert *cw_lab_plan_add_leaf(
	struct cw_lab_plan *plan, const char *id, const char *subject, struct cw_lab_plan_cert *issuer)
{
	struct cw_lab_plan_cert *cert = add_cert(plan, id, subject, issuer);
	cert->spec = (struct cw_issue_spec){
		.not_before = plan->at - CW_DAY,
		.not_after = plan->at + 365 * CW_DAY,
		.constraints = CW_ISSUE_END_ENTITY,
		.eku = "server, client",
	};
	return cert;
}

void cw_lab_plan_add_name(struct cw_lab_plan *plan, struct cw_lab_plan_cert *cert, const char *name)
{
	const char *san = cw_lab_plan_text(plan, "DNS:%s", name);
	if (!cw_strings_contain(&cert->sans, san))
		cw_lab_plan_add_text(plan, &cert->sans, san);
}

void cw_lab_plan_remove_name(struct cw_lab_plan *plan, struct cw_lab_plan_cert *cert, const char *name)
{
	cw_lab_plan_remove_text(&cert->sans, cw_lab_plan_text(plan, "DNS:%s", name));
}

struct cw_lab_store *cw_lab_plan_add_store(struct cw_lab_plan *plan, const char *file)
{
	struct cw_lab_store *store =
		add_object(plan, &plan->stores, &plan->store_count, &plan->store_capacity, sizeof *store);
	if (!store)
		return &plan->scratch_store;
	store->file = cw_lab_plan_text(plan, "%s", file);
	return store;
}

void cw_lab_plan_insert(
	struct cw_lab_plan *plan, struct cw_lab_store *store, size_t place, struct cw_lab_plan_cert *cert)
{
	if (!cw_memory_grow(&store->items, &store->capacity, store->count, sizeof *store->items)) {
		plan->failed = true;
		return;
	}
	if (place > store->count)
		place = store->count;
	memmove(store->items + place + 1, store->items + place,
		(store->count - place) * sizeof *store->items);
	store->items[place] = cert;
	store->count++;
}

bool cw_lab_plan_holds(const struct cw_lab_store *store, const struct cw_lab_plan_cert *cert)
{
	for (size_t i = 0; i < store->count; i++)
		if (store->items[i] == cert)
			return true;
	return false;
}

void cw_lab_plan_remove(struct cw_lab_store *store, const struct cw_lab_plan_cert *cert)
{
	size_t kept = 0;
	for (size_t i = 0; i < store->count; i++)
		if (store->items[i] != cert)
			store->items[kept++] = store->items[i];
	store->count = kept;
}

struct cw_lab_plan_group *cw_lab_plan_add_group(
	struct cw_lab_plan *plan, enum cw_node_kind kind, const char *name)
{
	struct cw_lab_plan_group *group =
		add_object(plan, &plan->groups, &plan->group_count, &plan->group_capacity, sizeof *group);
	if (!group)
		return &plan->scratch_group;
	group->kind = kind;
	group->name = name;
	group->release = cw_release_default();
	return group;
}

static void add_stores(struct cw_lab_plan *plan, struct cw_lab_plan_node *node)
{
	static const struct {
		enum cw_store_kind kind;
		const char *file;
		unsigned nodes; /* which kinds of nodes have it, as bits */
	} rows[] = {
		{CW_STORE_TRUSTED_CA, "ca.pem", 1U << CW_NODE_EXPRESSWAY_C | 1U << CW_NODE_EXPRESSWAY_E},
		{CW_STORE_TOMCAT_TRUST, "tomcat-trust.pem",
			1U << CW_NODE_CUCM | 1U << CW_NODE_IMP | 1U << CW_NODE_UNITY},
		{CW_STORE_CALLMANAGER_TRUST, "CallManager-trust.pem", 1U << CW_NODE_CUCM},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].nodes >> node->kind & 1)
			node->stores[rows[i].kind] = cw_lab_plan_add_store(
				plan, cw_lab_plan_text(plan, "%s/%s", node->name, rows[i].file));
}

struct cw_lab_plan_node *cw_lab_plan_add_node(
	struct cw_lab_plan *plan, struct cw_lab_plan_group *group, const char *name, const char *fqdn)
{
	struct cw_lab_plan_node *node =
		add_object(plan, &group->nodes, &group->count, &group->capacity, sizeof *node);
	if (!node)
		node = &plan->scratch_node;
	node->kind = group->kind;
	node->name = cw_lab_plan_text(plan, "%s", name);
	node->fqdn = cw_lab_plan_text(plan, "%s", fqdn);
	add_stores(plan, node);
	return node;
}

void cw_lab_plan_add_endpoint(struct cw_lab_plan *plan, const struct cw_lab_endpoint *endpoint)
{
	if (cw_memory_grow(
		    &plan->endpoints, &plan->endpoint_capacity, plan->endpoint_count, sizeof *endpoint))
		plan->endpoints[plan->endpoint_count++] = *endpoint;
	else
		plan->failed = true;
}

void cw_lab_plan_add_crl(struct cw_lab_plan *plan, struct cw_lab_plan_cert *issuer)
{
	for (size_t i = 0; i < plan->crl_count; i++)
		if (plan->crls[i].issuer == issuer)
			return;
	if (cw_memory_grow(&plan->crls, &plan->crl_capacity, plan->crl_count, sizeof *plan->crls))
		plan->crls[plan->crl_count++] = (struct cw_lab_crl){.issuer = issuer};
	else
		plan->failed = true;
}

struct cw_lab_plan_group *cw_lab_plan_group(struct cw_lab_plan *plan, enum cw_node_kind kind)
{
	for (size_t i = 0; i < plan->group_count; i++)
		if (plan->groups[i]->kind == kind)
			return plan->groups[i];
	return &plan->scratch_group;
}

struct cw_lab_plan_node *cw_lab_plan_node(struct cw_lab_plan *plan, enum cw_node_kind kind, size_t place)
{
	struct cw_lab_plan_group *group = cw_lab_plan_group(plan, kind);
	return place < group->count ? group->nodes[place] : &plan->scratch_node;
}

struct cw_lab_plan_cert *cw_lab_plan_cert(struct cw_lab_plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->cert_count; i++)
		if (strcmp(plan->certs[i]->id, id) == 0)
			return plan->certs[i];
	return &plan->scratch_cert;
}
