#include "live/twin_parts.h"

/* Names whose bearers are still to be looked for. */
struct wanted {
	const struct cw_name **items;
	size_t count;
	size_t capacity;
};

static bool want(struct wanted *wanted, const struct cw_name *name)
{
	for (size_t i = 0; i < wanted->count; i++)
		if (cw_name_equal(wanted->items[i], name))
			return true;
	if (!cw_array_grow(&wanted->items, &wanted->capacity, wanted->count, sizeof *wanted->items))
		return false;
	wanted->items[wanted->count++] = name;
	return true;
}

static bool pair_of(struct cw_twin *twin, const struct cw_cert *cert, size_t *ret)
{
	for (size_t i = 0; i < twin->pair_count; i++) {
		if (cw_cert_same_key(twin->pairs[i].bearer, cert)) {
			*ret = i;
			return true;
		}
	}
	if (!cw_array_grow(&twin->pairs, &twin->pair_capacity, twin->pair_count, sizeof *twin->pairs))
		return false;
	*ret = twin->pair_count;
	twin->pairs[twin->pair_count++] = (struct cw_twin_pair){.bearer = cert};
	return true;
}

static bool add(struct cw_twin *twin, struct wanted *wanted, struct cw_cert *cert)
{
	for (size_t i = 0; i < twin->count; i++)
		if (cw_cert_same(twin->certs[i].original, cert))
			return true;
	size_t pair;
	if (!cw_array_grow(&twin->certs, &twin->capacity, twin->count, sizeof *twin->certs) ||
		!pair_of(twin, cert, &pair))
		return false;
	twin->certs[twin->count++] = (struct cw_twin_cert){.original = cw_cert_ref(cert), .pair = pair};
	return want(wanted, cw_cert_issuer(cert));
}

static bool add_bearers(struct cw_twin *twin, struct wanted *wanted, const struct cw_name *name)
{
	struct cw_cert *cert;
	for (const void *after = NULL; (cert = cw_pool_next(twin->deployment->pool, name, &after));)
		if (!add(twin, wanted, cert))
			return false;
	return true;
}

static bool want_node(struct cw_twin *twin, struct wanted *wanted, const struct cw_node *node)
{
	for (int kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_identity *identity = &node->identities[kind];
		if (identity->state != CW_KNOWN)
			continue;
		if (!want(wanted, cw_cert_subject(identity->leaf)) || !add(twin, wanted, identity->leaf))
			return false;
	}
	return true;
}

static bool want_all(struct cw_twin *twin, struct wanted *wanted)
{
	const struct cw_deployment *deployment = twin->deployment;
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (!want_node(twin, wanted, deployment->groups[i]->nodes[k]))
				return false;
	return !deployment->front || want_node(twin, wanted, deployment->front);
}

bool cw_twin_collect(struct cw_twin *twin, struct cw_error *error)
{
	struct wanted wanted = {0};
	bool good = want_all(twin, &wanted);
	for (size_t i = 0; good && i < wanted.count; i++)
		good = add_bearers(twin, &wanted, wanted.items[i]);
	free(wanted.items);
	return good ? true : cw_error_memory(error);
}
