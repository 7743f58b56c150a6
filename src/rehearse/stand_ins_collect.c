#include "rehearse/stand_ins_parts.h"

#include "trust/issuers.h"

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
	if (!cw_memory_grow(&wanted->items, &wanted->capacity, wanted->count, sizeof *wanted->items))
		return false;
	wanted->items[wanted->count++] = name;
	return true;
}

static bool pair_of(struct cw_stand_ins *stand_ins, const struct cw_cert *cert, size_t *ret)
{
	for (size_t i = 0; i < stand_ins->pair_count; i++) {
		if (cw_cert_same_key(stand_ins->pairs[i].bearer, cert)) {
			*ret = i;
			return true;
		}
	}
	if (!cw_memory_grow(&stand_ins->pairs, &stand_ins->pair_capacity, stand_ins->pair_count,
		    sizeof *stand_ins->pairs))
		return false;
	*ret = stand_ins->pair_count;
	stand_ins->pairs[stand_ins->pair_count++] = (struct cw_stand_ins_pair){.bearer = cert};
	return true;
}

static bool add(struct cw_stand_ins *stand_ins, struct wanted *wanted, struct cw_cert *cert)
{
	for (size_t i = 0; i < stand_ins->count; i++)
		if (cw_cert_same(stand_ins->certs[i].original, cert))
			return true;
	size_t pair;
	if (!cw_memory_grow(
		    &stand_ins->certs, &stand_ins->capacity, stand_ins->count, sizeof *stand_ins->certs) ||
		!pair_of(stand_ins, cert, &pair))
		return false;
	stand_ins->certs[stand_ins->count++] =
		(struct cw_stand_ins_cert){.original = cw_cert_ref(cert), .pair = pair};
	return want(wanted, cw_cert_issuer(cert));
}

static bool add_bearers(struct cw_stand_ins *stand_ins, struct wanted *wanted, const struct cw_name *name)
{
	struct cw_cert *cert;
	struct cw_issuers bearers = cw_issuers_named(name, NULL, stand_ins->deployment->pool);
	while ((cert = cw_issuers_next(&bearers, NULL)))
		if (!add(stand_ins, wanted, cert))
			return false;
	return true;
}

static bool want_node(struct cw_stand_ins *stand_ins, struct wanted *wanted, const struct cw_node *node)
{
	for (int kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_identity *identity = &node->identities[kind];
		if (identity->state != CW_KNOWN)
			continue;
		if (!want(wanted, cw_cert_subject(identity->leaf)) || !add(stand_ins, wanted, identity->leaf))
			return false;
	}
	return true;
}

static bool want_all(struct cw_stand_ins *stand_ins, struct wanted *wanted)
{
	const struct cw_deployment *deployment = stand_ins->deployment;
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (!want_node(stand_ins, wanted, deployment->groups[i]->nodes[k]))
				return false;
	return !deployment->front || want_node(stand_ins, wanted, deployment->front);
}

bool cw_stand_ins_collect(struct cw_stand_ins *stand_ins, struct cw_error *error)
{
	struct wanted wanted = {0};
	bool good = want_all(stand_ins, &wanted);
	for (size_t i = 0; good && i < wanted.count; i++)
		good = add_bearers(stand_ins, &wanted, wanted.items[i]);
	free(wanted.items);
	return good ? true : cw_error_memory(error);
}
