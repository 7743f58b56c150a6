#include "cli/call_changes.h"

#include "pki/bundle/bundle.h"
#include "workbench/node_files.h"

#include <string.h>

#define DIGITS_MIN 8 /* of a SHA-256: fewer may mean another entry tomorrow */

struct laying {
	const struct cw_call *call;
	const struct cw_deployment *deployment;
	struct cw_pool *pool;
	struct cw_whatif *whatif;
	struct cw_error *error;
};

/* "left=right"; both are the caller's. */
static bool split(const char *option, const char *text, char **left, char **right, struct cw_error *error)
{
	const char *sign = strchr(text, '=');
	if (!sign || sign == text || !sign[1])
		return cw_error_set(error, CW_E_USAGE, "--%s: wanted NAME=VALUE, found \"%s\"", option, text);
	*left = strndup(text, (size_t)(sign - text));
	*right = strdup(sign + 1);
	return (*left && *right) || cw_error_memory(error);
}

bool cw_call_changes_identity(const struct cw_deployment *deployment, const char *word,
	const struct cw_node **ret, enum cw_identity_kind *ret_kind, struct cw_error *error)
{
	AUTO(free) char *name = strdup(word);
	if (!name)
		return cw_error_memory(error);
	char *colon = strchr(name, ':');
	if (colon)
		*colon++ = '\0';
	return cw_node_files_choose_node(deployment, name, ret, error) &&
		cw_node_files_choose_identity(*ret, colon, ret_kind, error);
}

static bool lay_identity(struct laying *laying, const char *where, const char *path, enum cw_whatif_kind kind)
{
	AUTO_BUNDLE bundle = {0};
	const struct cw_node *node;
	struct cw_whatif_change change = {.kind = kind, .from = path};
	if (!cw_call_changes_identity(laying->deployment, where, &node, &change.identity, laying->error) ||
		!cw_bundle_read(path, path, NULL, laying->pool, &bundle, laying->error))
		return false;
	if (!bundle.count)
		return cw_error_set(laying->error, CW_E_FORMAT, "%s: holds no certificate", path);
	change.node = node->fqdn;
	change.cert = bundle.entries[cw_bundle_leaf(&bundle)].cert;
	return cw_whatif_apply(laying->whatif, &change, laying->error);
}

static const struct cw_endpoint *find_endpoint(const struct cw_deployment *deployment, const char *name)
{
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		if (strcmp(deployment->endpoints[i].name, name) == 0)
			return &deployment->endpoints[i];
	return NULL;
}

static bool choose_store(
	const struct cw_node *node, const char *name, enum cw_store_kind *ret, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	size_t found = 0;
	for (unsigned i = 0; i < CW_STORE_KIND_COUNT; i++) {
		const char *known = cw_node_store_name((enum cw_store_kind)i);
		if (node->stores[i].state == CW_ABSENT)
			continue;
		cw_buffer_printf(&names, "%s%s:%s", names.length ? ", " : "", node->fqdn, known);
		if (name && strcmp(name, known) != 0)
			continue;
		*ret = (enum cw_store_kind)i;
		found++;
	}
	if (found == 1)
		return true;
	const char *named = name ? name : "";
	const char *colon = *named ? ":" : "";
	return cw_buffer_ok(&names, error) &&
		cw_error_set(error, CW_E_USAGE, "%s%s%s: wanted one of its lists: %s", node->fqdn, colon,
			named, cw_buffer_string(&names));
}

/* "NODE[:STORE]" or an endpoint: whose list, and which. */
static bool find_list(struct laying *laying, const char *where, struct cw_whatif_change *change,
	const struct cw_trust_list **ret)
{
	AUTO(free) char *name = strdup(where);
	if (!name)
		return cw_error_memory(laying->error);
	char *colon = strchr(name, ':');
	if (colon)
		*colon++ = '\0';
	const struct cw_endpoint *endpoint = find_endpoint(laying->deployment, name);
	if (endpoint) {
		change->node = endpoint->name;
		change->store = CW_STORE_TRUST;
		*ret = &endpoint->trust.list;
		return true;
	}
	const struct cw_node *node;
	if (!cw_node_files_choose_node(laying->deployment, name, &node, laying->error) ||
		!choose_store(node, colon, &change->store, laying->error))
		return false;
	change->node = node->fqdn;
	*ret = &node->stores[change->store].list;
	return true;
}

static bool lay_append(struct laying *laying, const char *where, const char *path, enum cw_whatif_kind kind)
{
	AUTO_BUNDLE bundle = {0};
	const struct cw_trust_list *list;
	struct cw_whatif_change change = {.kind = kind, .from = path};
	if (!find_list(laying, where, &change, &list) ||
		!cw_bundle_read(path, path, NULL, laying->pool, &bundle, laying->error))
		return false;
	for (size_t i = 0; i < bundle.count; i++) {
		change.cert = bundle.entries[i].cert;
		if (!cw_whatif_apply(laying->whatif, &change, laying->error))
			return false;
	}
	return true;
}

static bool lay_entry(struct laying *laying, const char *where, const char *digits, enum cw_whatif_kind kind)
{
	const struct cw_trust_list *list;
	struct cw_whatif_change change = {.kind = kind};
	if (!find_list(laying, where, &change, &list))
		return false;
	size_t length = strlen(digits);
	for (size_t i = 0; i < list->count && length >= DIGITS_MIN; i++)
		if (strncmp(cw_cert_sha256_text(list->entries[i].cert), digits, length) == 0)
			change.cert = list->entries[i].cert;
	if (!change.cert)
		return cw_error_set(laying->error, CW_E_USAGE,
			"%s: no entry with the sha256 %s (wanted at least %d digits; causeway trust list -d D %s "
			"shows them)",
			where, digits, DIGITS_MIN, where);
	return cw_whatif_apply(laying->whatif, &change, laying->error);
}

static bool lay_release(struct laying *laying, const char *where, const char *value, enum cw_whatif_kind kind)
{
	const struct cw_whatif_change change = {.kind = kind, .node = where, .value = value};
	AUTO_BUFFER sentence = {0};
	struct cw_release release;
	if (!cw_whatif_apply(laying->whatif, &change, laying->error))
		return false;
	if (cw_release_parse(value, &release, laying->error) && cw_release_is_unknown(release, &sentence))
		cw_call_tell(laying->call, cw_buffer_string(&sentence));
	return true;
}

/* "GROUP.KEY" or "NODE.KEY": a key has no dot, so the last one parts them. */
static bool lay_setting(struct laying *laying, const char *where, const char *value, enum cw_whatif_kind kind)
{
	AUTO(free) char *name = strdup(where);
	if (!name)
		return cw_error_memory(laying->error);
	char *dot = strrchr(name, '.');
	if (dot)
		*dot = '\0';
	struct cw_whatif_change change = {.kind = kind, .setting = name, .value = value};
	if (dot) {
		change.node = name;
		change.setting = dot + 1;
	}
	return cw_whatif_apply(laying->whatif, &change, laying->error);
}

static const struct row {
	const char *option;
	bool (*lay)(struct laying *laying, const char *where, const char *what, enum cw_whatif_kind kind);
	enum cw_whatif_kind kind;
} rows[] = {
	{"cert", lay_identity, CW_WHATIF_IDENTITY},
	{"append", lay_append, CW_WHATIF_APPEND},
	{"remove", lay_entry, CW_WHATIF_REMOVE},
	{"move", lay_entry, CW_WHATIF_MOVE},
	{"release", lay_release, CW_WHATIF_RELEASE},
	{"set", lay_setting, CW_WHATIF_SETTING},
};

static const struct row *find_row(const char *option)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].option, option) == 0)
			return &rows[i];
	return NULL;
}

bool cw_call_changes_apply(const struct cw_call *call, const struct cw_deployment *deployment,
	struct cw_pool *pool, struct cw_whatif *whatif, struct cw_error *error)
{
	struct laying laying = {call, deployment, pool, whatif, error};
	for (size_t i = 0; i < call->arguments.use_count; i++) {
		const struct cw_option_use *use = &call->arguments.uses[i];
		const struct row *row = find_row(use->option->name);
		AUTO(free) char *left = NULL;
		AUTO(free) char *right = NULL;
		if (row &&
			(!split(row->option, use->value, &left, &right, error) ||
				!row->lay(&laying, left, right, row->kind)))
			return false;
	}
	return true;
}
