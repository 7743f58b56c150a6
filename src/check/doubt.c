#include "check/doubt.h"

#include "base/buffer.h"
#include "trust/names.h"

#include <stdarg.h>
#include <string.h>

void cw_doubt_finish(struct cw_doubts *doubts)
{
	for (size_t i = 0; i < doubts->count; i++)
		free(doubts->items[i].sentence);
	free(doubts->items);
	*doubts = (struct cw_doubts){0};
}

const char *cw_doubt_kind_name(enum cw_doubt_kind kind)
{
	static const char *const names[CW_DOUBT_KIND_COUNT] = {"one-certificate", "others-name", "swapped",
		"ca-first", "empty-list", "no-endpoints", "revocation"};
	return names[kind];
}

__attribute__((format(printf, 4, 5))) static bool add(
	struct cw_doubts *doubts, enum cw_doubt_kind kind, struct cw_error *error, const char *format, ...)
{
	AUTO_BUFFER sentence = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&sentence, format, args);
	va_end(args);
	if (!cw_memory_grow(&doubts->items, &doubts->capacity, doubts->count, sizeof *doubts->items))
		return cw_error_memory(error);
	char *text = cw_buffer_steal(&sentence);
	if (!text)
		return cw_error_memory(error);
	doubts->items[doubts->count++] = (struct cw_doubt){kind, text};
	return true;
}

/* Every node with an identity that is known, the front too. */
struct nodes {
	const struct cw_node **items;
	size_t count;
};

static bool collect(const struct cw_deployment *deployment, struct nodes *ret)
{
	size_t count = deployment->front != NULL;
	for (size_t i = 0; i < deployment->group_count; i++)
		count += deployment->groups[i]->count;
	ret->items = calloc(count + 1, sizeof *ret->items);
	if (!ret->items)
		return false;
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			ret->items[ret->count++] = deployment->groups[i]->nodes[k];
	if (deployment->front)
		ret->items[ret->count++] = deployment->front;
	return true;
}

/* ---------------------------------------------------------------- whose certificate it is */

static bool is_uc(const struct cw_node *node)
{
	return node->kind == CW_NODE_CUCM || node->kind == CW_NODE_IMP || node->kind == CW_NODE_UNITY;
}

/* One certificate may be meant for both: peers of a cluster, a multi-server certificate, a front before its E. */
static bool may_share(const struct cw_node *a, const struct cw_node *b)
{
	return (a->group && a->group == b->group) || (is_uc(a) && is_uc(b)) || a->kind == CW_NODE_FRONT ||
		b->kind == CW_NODE_FRONT;
}

static const struct cw_identity *shared_identity(const struct cw_node *a, const struct cw_node *b)
{
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		const struct cw_cert *leaf = a->identities[i].leaf;
		for (size_t k = 0; leaf && k < CW_IDENTITY_KIND_COUNT; k++)
			if (b->identities[k].leaf && cw_cert_same(leaf, b->identities[k].leaf))
				return &b->identities[k];
	}
	return NULL;
}

static bool find_shared(const struct nodes *nodes, struct cw_doubts *ret, struct cw_error *error)
{
	for (size_t i = 0; i < nodes->count; i++) {
		for (size_t k = i + 1; k < nodes->count; k++) {
			const struct cw_node *a = nodes->items[i], *b = nodes->items[k];
			const struct cw_identity *shared = may_share(a, b) ? NULL : shared_identity(a, b);
			if (shared &&
				!add(ret, CW_DOUBT_ONE_CERTIFICATE, error,
					"%s and %s have one certificate, %s (in %s): was one box's file taken "
					"for both? Export each box's own",
					a->fqdn, b->fqdn, cw_cert_label(shared->leaf),
					shared->path ? shared->path : "their files"))
				return false;
		}
	}
	return true;
}

/* What other boxes meet the node by: the first that it has. */
static const struct cw_identity *shown_identity(const struct cw_node *node)
{
	static const enum cw_identity_kind kinds[] = {CW_IDENTITY_SERVER, CW_IDENTITY_TOMCAT};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (node->identities[kinds[i]].state == CW_KNOWN && node->identities[kinds[i]].leaf)
			return &node->identities[kinds[i]];
	return NULL;
}

static bool bears(const struct cw_cert *leaf, const char *name)
{
	const struct cw_name_rule rule = {.common_name_counts = true};
	return cw_name_found(cw_name_find(leaf, name, rule));
}

static bool bears_exactly(const struct cw_cert *leaf, const char *name)
{
	const struct cw_name_rule rule = {.common_name_counts = true};
	enum cw_name_match match = cw_name_find(leaf, name, rule);
	return match == CW_NAME_EXACT || match == CW_NAME_COMMON_NAME;
}

static bool bears_own_name(const struct cw_node *node, const struct cw_cert *leaf)
{
	bool own = bears(leaf, node->fqdn);
	for (size_t i = 0; i < node->addresses.count; i++)
		own |= bears(leaf, node->addresses.items[i]);
	return own;
}

/* The node whose name the certificate of `node` bears in place of its own; NULL: there is none. A front is met by the
 * names of the domains, and may well present what its E does. */
static const struct cw_node *named_instead(const struct nodes *nodes, const struct cw_node *node)
{
	const struct cw_identity *identity = shown_identity(node);
	if (!identity || node->kind == CW_NODE_FRONT || bears_own_name(node, identity->leaf))
		return NULL;
	for (size_t i = 0; i < nodes->count; i++)
		if (nodes->items[i] != node && bears_exactly(identity->leaf, nodes->items[i]->fqdn))
			return nodes->items[i];
	return NULL;
}

static const char *path_of(const struct cw_node *node)
{
	const struct cw_identity *identity = shown_identity(node);
	return identity && identity->path ? identity->path : "its file";
}

static bool tell_name(
	const struct nodes *nodes, const struct cw_node *node, struct cw_doubts *ret, struct cw_error *error)
{
	const struct cw_node *other = named_instead(nodes, node);
	if (!other)
		return true;
	if (named_instead(nodes, other) != node)
		return add(ret, CW_DOUBT_OTHERS_NAME, error,
			"the certificate of %s (%s) bears the name of %s, and its own nowhere: is it the other box's "
			"file?",
			node->fqdn, path_of(node), other->fqdn);
	if (node > other) /* told once; which of the two does not matter */
		return true;
	return add(ret, CW_DOUBT_SWAPPED, error,
		"%s and %s have each other's certificate (%s, %s): the files look swapped", node->fqdn,
		other->fqdn, path_of(node), path_of(other));
}

/* ---------------------------------------------------------------- files and lists */

static bool tell_first(const struct cw_node *node, struct cw_doubts *ret, struct cw_error *error)
{
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		const struct cw_identity *identity = &node->identities[i];
		if (identity->state != CW_KNOWN || identity->format != CW_FORMAT_PEM ||
			identity->leaf_number < 2 || !identity->others)
			continue;
		if (!add(ret, CW_DOUBT_CA_FIRST, error,
			    "%s of %s begins with a CA certificate (%s); the certificate itself is number %zu: put "
			    "number %zu first (causeway cert split %s)",
			    identity->path, node->fqdn, cw_cert_label(identity->others[0]),
			    identity->leaf_number, identity->leaf_number, identity->path))
			return false;
	}
	return true;
}

static bool is_empty(const struct cw_store *store)
{
	return store->state == CW_KNOWN && !store->list.count && !store->has_fingerprints &&
		store->paths.count && !cw_strings_contain(&store->paths, "system");
}

static bool tell_empty(const char *owner, const char *name, const struct cw_store *store,
	struct cw_doubts *ret, struct cw_error *error)
{
	return !is_empty(store) ||
		add(ret, CW_DOUBT_EMPTY_LIST, error,
			"the list %s of %s (%s) is empty: nobody is trusted with it; was the export cut off?",
			name, owner, store->paths.items[0]);
}

static bool find_empty(const struct cw_deployment *deployment, const struct nodes *nodes,
	struct cw_doubts *ret, struct cw_error *error)
{
	for (size_t i = 0; i < nodes->count; i++)
		for (size_t k = 0; k < CW_STORE_KIND_COUNT && !nodes->items[i]->same_as; k++)
			if (!tell_empty(nodes->items[i]->fqdn, cw_node_store_name((enum cw_store_kind)k),
				    &nodes->items[i]->stores[k], ret, error))
				return false;
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		if (!tell_empty(deployment->endpoints[i].name, "trust", &deployment->endpoints[i].trust, ret,
			    error))
			return false;
	return true;
}

static bool has_edge(const struct nodes *nodes)
{
	for (size_t i = 0; i < nodes->count; i++)
		if (nodes->items[i]->kind == CW_NODE_EXPRESSWAY_E || nodes->items[i]->kind == CW_NODE_FRONT)
			return true;
	return false;
}

/* Told once for all clusters: no REST answer and no loose file says it. */
static bool tell_revocation(
	const struct cw_deployment *deployment, struct cw_doubts *ret, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		if (group->revocation_unknown)
			cw_buffer_printf(&names, "%s%s", names.length ? ", " : "", group->name);
	}
	if (names.failed)
		return cw_error_memory(error);
	return !names.length ||
		add(ret, CW_DOUBT_REVOCATION, error,
			"whether revocation is checked, or what that check says, is not known of %s: their SIP TLS "
			"links are judged as if it were not; where it is, a revoked certificate, or a revocation list that is missing, refuses "
			"what works here (Configuration > Protocols > SIP: Certificate revocation checking mode; "
			"revocation: off or crl in deployment.yaml)",
			cw_buffer_string(&names));
}

static bool tell_no_endpoints(struct cw_doubts *ret, struct cw_error *error)
{
	return add(ret, CW_DOUBT_NO_ENDPOINTS, error,
		"the deployment names no endpoints: whether anybody can sign in is not judged (endpoints: in "
		"deployment.yaml)");
}

static bool find(const struct cw_deployment *deployment, const struct nodes *nodes, struct cw_doubts *ret,
	struct cw_error *error)
{
	if (!find_shared(nodes, ret, error))
		return false;
	for (size_t i = 0; i < nodes->count; i++)
		if (!tell_name(nodes, nodes->items[i], ret, error))
			return false;
	for (size_t i = 0; i < nodes->count; i++)
		if (!tell_first(nodes->items[i], ret, error))
			return false;
	if (!find_empty(deployment, nodes, ret, error))
		return false;
	if (!deployment->endpoint_count && has_edge(nodes) && !tell_no_endpoints(ret, error))
		return false;
	return tell_revocation(deployment, ret, error);
}

bool cw_doubt_find(const struct cw_deployment *deployment, struct cw_doubts *ret, struct cw_error *error)
{
	struct nodes nodes = {0};
	AUTO_DOUBTS doubts = {0};
	bool good = collect(deployment, &nodes) || cw_error_memory(error);
	good = good && find(deployment, &nodes, &doubts, error);
	free(nodes.items);
	if (!good)
		return false;
	*ret = doubts;
	doubts = (struct cw_doubts){0};
	return true;
}
