#include "config/load_parts.h"

#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define DOMAINS_MAX 1000 /* against domains × endpoints of memory */

static const struct cw_value_word edges[] = {
	{"dns", CW_EDGE_DNS}, {"collab-edge", CW_EDGE_COLLAB_EDGE}, {"none", CW_EDGE_NONE}};

static const struct cw_value_word kinds[] = {
	{"jabber", CW_ENDPOINT_JABBER},
	{"telepresence", CW_ENDPOINT_TELEPRESENCE},
	{"phone-7800", CW_ENDPOINT_PHONE_7800},
	{"phone-8800", CW_ENDPOINT_PHONE_8800},
	{"phone-9800", CW_ENDPOINT_PHONE_9800},
	{"webex", CW_ENDPOINT_WEBEX},
};

/* A list of things that have a name each, and no two the same. */
struct list {
	const char *things, *wanted;
	size_t max;
	const char *unique; /* what must not stand twice */
	void (*load)(struct cw_loader *loader, const struct cw_yaml *value, struct cw_named *name);
};

static void load_list(struct cw_loader *loader, const struct cw_yaml *value, const struct list *list)
{
	if (!cw_value_is_list(&loader->problems, value, list->wanted))
		return;
	if (value->count > list->max) {
		cw_problem(&loader->problems, value, "more than %zu %s", list->max, list->things);
		return;
	}
	AUTO(free) struct cw_named *names = calloc(value->count + 1, sizeof *names);
	if (!names) {
		loader->problems.no_memory = true;
		return;
	}
	size_t count = 0;
	for (size_t i = 0; i < value->count; i++) {
		names[count] = (struct cw_named){0};
		list->load(loader, &value->entries[i].value, &names[count]);
		count += names[count].name != NULL;
	}
	cw_load_unique(loader, names, count, list->unique);
}

/* --- domains --- */

static void load_domain(struct cw_loader *loader, const struct cw_yaml *value, struct cw_named *name)
{
	struct cw_deployment *deployment = loader->deployment;
	struct cw_raw_domain raw = {.name = value};
	if (value->kind == CW_YAML_MAP) {
		raw.name = NULL;
		if (!cw_schema_read(&loader->problems, &cw_domain_schema, value, &raw) ||
			!cw_schema_want(&loader->problems, &cw_domain_schema, value, raw.name, "name"))
			return;
	}
	int edge = CW_EDGE_EITHER;
	cw_value_choice(&loader->problems, raw.edge, edges, COUNT(edges), &edge);
	const char *text = cw_value_host(&loader->problems, raw.name);
	if (!text)
		return;
	char *copy = NULL;
	if (cw_memory_grow(&deployment->domains, &deployment->domain_capacity, deployment->domain_count,
		    sizeof *deployment->domains))
		copy = strdup(text);
	if (!copy) {
		loader->problems.no_memory = true;
		return;
	}
	deployment->domains[deployment->domain_count++] = (struct cw_domain){copy, (enum cw_edge_name)edge};
	*name = (struct cw_named){copy, raw.name};
}

void cw_load_domains(struct cw_loader *loader, const struct cw_yaml *value)
{
	static const struct list list = {"domains", "a list of domains", DOMAINS_MAX, "domain", load_domain};
	load_list(loader, value, &list);
}

/* --- endpoints --- */

static void choose_domain(struct cw_loader *loader, const struct cw_yaml *value, bool *chosen)
{
	const struct cw_deployment *deployment = loader->deployment;
	const char *text = cw_value_text(&loader->problems, value, "a domain of the deployment");
	const char *meant = NULL;
	for (size_t i = 0; text && i < deployment->domain_count; i++) {
		const char *name = deployment->domains[i].name;
		if (strcasecmp(name, text) == 0) {
			chosen[i] = true;
			return;
		}
		meant = meant ? meant : cw_strings_suggest(text, &name, 1);
	}
	char quoted[CW_QUOTED_SIZE], suggestion[CW_SUGGESTION_SIZE];
	if (text)
		cw_problem(&loader->problems, value, "%s is not one of the \"domains\" of the deployment%s",
			cw_problem_quote(text, quoted), cw_problem_did_you_mean(meant, suggestion));
}

static void choose_domains(
	struct cw_loader *loader, const struct cw_yaml *value, struct cw_endpoint *endpoint)
{
	size_t count = loader->deployment->domain_count;
	bool *chosen = endpoint->domains = calloc(count + 1, sizeof *endpoint->domains);
	if (!chosen) {
		loader->problems.no_memory = true;
		return;
	}
	for (size_t i = 0; !value && i < count; i++)
		chosen[i] = true;
	if (!cw_value_is_list(&loader->problems, value, "a list of domains of the deployment"))
		return;
	for (size_t i = 0; i < value->count && i < DOMAINS_MAX; i++)
		choose_domain(loader, &value->entries[i].value, chosen);
}

static const char *find_profile(const struct cw_strings *profiles, const char *text)
{
	for (size_t i = 0; i < profiles->count; i++)
		if (strcasecmp(profiles->items[i], text) == 0)
			return profiles->items[i];
	return NULL;
}

/* One of the deployment's, or of a CUCM cluster of it. */
static const char *known_profile(const struct cw_deployment *deployment, const char *text)
{
	const char *found = find_profile(&deployment->phone_profiles, text);
	for (size_t i = 0; i < deployment->group_count && !found; i++)
		found = find_profile(&deployment->groups[i]->phone_profiles, text);
	return found;
}

static void load_profile(struct cw_loader *loader, const struct cw_yaml *value, struct cw_endpoint *endpoint)
{
	static const char *const wanted = "one of \"phone-profiles\", oauth or none";
	const char *text = cw_value_text(&loader->problems, value, wanted);
	if (!text)
		return;
	const char *profile = known_profile(loader->deployment, text);
	if (profile) {
		endpoint->sip = CW_ENDPOINT_SIP_SECURE;
		endpoint->profile = strdup(profile);
		loader->problems.no_memory |= !endpoint->profile;
	} else if (strcmp(text, "oauth") == 0) {
		endpoint->sip = CW_ENDPOINT_SIP_OAUTH;
	} else if (strcmp(text, "none") == 0) {
		endpoint->sip = CW_ENDPOINT_SIP_NONE;
	} else {
		cw_value_wrong(&loader->problems, value, wanted, true);
	}
}

static struct cw_endpoint *endpoint_new(struct cw_loader *loader)
{
	struct cw_deployment *deployment = loader->deployment;
	if (!cw_memory_grow(&deployment->endpoints, &deployment->endpoint_capacity,
		    deployment->endpoint_count, sizeof *deployment->endpoints)) {
		loader->problems.no_memory = true;
		return NULL;
	}
	struct cw_endpoint *endpoint = &deployment->endpoints[deployment->endpoint_count++];
	*endpoint = (struct cw_endpoint){0};
	return endpoint;
}

static void load_endpoint(struct cw_loader *loader, const struct cw_yaml *value, struct cw_named *name)
{
	struct cw_problems *problems = &loader->problems;
	struct cw_raw_endpoint raw = {0};
	if (!cw_schema_read(problems, &cw_endpoint_schema, value, &raw))
		return;
	struct cw_endpoint *endpoint = endpoint_new(loader);
	if (!endpoint)
		return;
	int kind = CW_ENDPOINT_JABBER;
	cw_schema_want(problems, &cw_endpoint_schema, value, raw.name, "name");
	cw_schema_want(problems, &cw_endpoint_schema, value, raw.kind, "kind");
	cw_value_copy(problems, raw.name, "a name", &endpoint->name);
	cw_value_choice(problems, raw.kind, kinds, COUNT(kinds), &kind);
	endpoint->kind = (enum cw_endpoint_kind)kind;
	load_profile(loader, raw.profile, endpoint);
	cw_load_store(loader, raw.trust, raw.trust_password, CW_STORE_TRUST, NULL, &endpoint->trust);
	choose_domains(loader, raw.domains, endpoint);
	*name = (struct cw_named){endpoint->name, raw.name};
}

void cw_load_endpoints(struct cw_loader *loader, const struct cw_yaml *value)
{
	static const struct list list = {
		"endpoints", "a list of endpoints", CW_ENDPOINTS_MAX, "name", load_endpoint};
	load_list(loader, value, &list);
}
