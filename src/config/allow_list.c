#include "config/allow_list.h"

#include <string.h>
#include <strings.h>

static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
#define METHODS (sizeof methods / sizeof methods[0])
#define READS (1U | 2U)
#define CHANGES (4U | 8U | 32U) /* POST, PUT, DELETE */

/*
 * What a signed-in client needs of each kind of server: User Data Services, and the files of the TFTP service, plain
 * (6970) and over TLS (6972).
 */
static const struct {
	enum cw_node_kind kind;
	bool is_https;
	unsigned port;
	const char *path;
	unsigned methods;
	const char *description;
} automatic[] = {
	{CW_NODE_CUCM, true, 8443, "/cucm-uds/", READS | CHANGES, "User Data Services"},
	{CW_NODE_CUCM, true, 6972, "/", READS, "TFTP over HTTPS"},
	{CW_NODE_CUCM, false, 6970, "/", READS, "TFTP over HTTP"},
};

static void finish_rule(struct cw_allow_rule *rule)
{
	free(rule->host);
	free(rule->path);
	free(rule->description);
	*rule = (struct cw_allow_rule){0};
}

void cw_allow_list_finish(struct cw_allow_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		finish_rule(&list->rules[i]);
	free(list->rules);
	*list = (struct cw_allow_list){0};
}

unsigned cw_allow_list_method(const char *name)
{
	for (size_t i = 0; i < METHODS; i++)
		if (strcmp(methods[i], name) == 0)
			return 1U << i;
	return 0;
}

/* --- URLs --- */

static bool is_host(const char *text, size_t length)
{
	if (!length || length > CW_ALLOW_LIST_HOST_MAX || text[0] == '.' || text[length - 1] == '.')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", text[i]) ||
			(text[i] == '.' && text[i + 1] == '.'))
			return false;
	return true;
}

/* ":8443" or nothing; what follows is the path. */
static bool read_port(const char **at, unsigned *ret)
{
	if (**at != ':')
		return true;
	size_t digits = strspn(*at + 1, "0123456789");
	unsigned long port = digits && digits <= 5 ? strtoul(*at + 1, NULL, 10) : 0;
	*at += 1 + digits;
	*ret = (unsigned)port;
	return port >= 1 && port <= 65535;
}

/* A segment . or .. would be another path at the server. */
static bool has_dots(const char *path)
{
	for (const char *at = path; at; at = strchr(at + 1, '/')) {
		size_t length = strcspn(at + 1, "/;");
		if ((length == 1 || length == 2) && strspn(at + 1, ".") >= length)
			return true;
	}
	return false;
}

/* Its own normal form: no percent sign, so that no other spelling names the same. */
static bool is_path(const char *path)
{
	static const char bytes[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/";
	size_t length = strlen(path);
	return path[0] == '/' && length <= CW_ALLOW_LIST_PATH_MAX && strspn(path, bytes) == length &&
		!has_dots(path);
}

bool cw_allow_list_url(const char *url, struct cw_allow_rule *ret, const char **ret_why)
{
	struct cw_allow_rule rule = {.is_https = strncmp(url, "https://", 8) == 0};
	*ret = rule;
	*ret_why = "http:// or https://";
	if (!rule.is_https && strncmp(url, "http://", 7) != 0)
		return false;
	const char *host = url + (rule.is_https ? 8 : 7), *at = host + strcspn(host, ":/?#");
	size_t host_length = (size_t)(at - host);
	rule.port = rule.is_https ? 443 : 80;
	*ret_why = "a host name or an IPv4 address behind //";
	if (!is_host(host, host_length))
		return false;
	*ret_why = "a port from 1 to 65535 behind the colon";
	if (!read_port(&at, &rule.port))
		return false;
	*ret_why = "a path of letters, digits and -._~!$&'()*+,;=:@/ without segments . and .., and no query";
	if (*at && !is_path(at))
		return false;
	*ret_why = "memory, of which there is no more";
	rule.host = strndup(host, host_length);
	rule.path = strdup(*at ? at : "/");
	if (!rule.host || !rule.path) {
		finish_rule(&rule);
		return false;
	}
	*ret = rule;
	return true;
}

/* --- the list --- */

bool cw_allow_list_add(struct cw_allow_list *list, struct cw_allow_rule *rule)
{
	bool good = list->count < CW_ALLOW_LIST_RULES_MAX &&
		cw_memory_grow(&list->rules, &list->capacity, list->count, sizeof *list->rules);
	if (good)
		list->rules[list->count++] = *rule;
	else
		finish_rule(rule);
	*rule = (struct cw_allow_rule){0};
	return good;
}

static bool add_automatic(struct cw_allow_list *list, enum cw_node_kind kind, const char *host)
{
	for (size_t i = 0; i < sizeof automatic / sizeof automatic[0]; i++) {
		if (automatic[i].kind != kind)
			continue;
		struct cw_allow_rule rule = {.is_https = automatic[i].is_https,
			.host = strdup(host),
			.port = automatic[i].port,
			.path = strdup(automatic[i].path),
			.match = CW_ALLOW_PREFIX,
			.methods = automatic[i].methods,
			.description = strdup(automatic[i].description),
			.automatic = true};
		if (!rule.host || !rule.path || !rule.description) {
			finish_rule(&rule);
			return false;
		}
		if (!cw_allow_list_add(list, &rule))
			return false;
	}
	return true;
}

static bool add_node(struct cw_allow_list *list, const struct cw_node *node)
{
	if (!add_automatic(list, node->kind, node->fqdn))
		return false;
	for (size_t i = 0; i < node->addresses.count; i++)
		if (strcasecmp(node->addresses.items[i], node->fqdn) != 0 &&
			!add_automatic(list, node->kind, node->addresses.items[i]))
			return false;
	return true;
}

bool cw_allow_list_add_servers(struct cw_allow_list *list, const struct cw_deployment *deployment)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (!add_node(list, deployment->groups[i]->nodes[k]))
				return false;
	return true;
}

/* A prefix ends where a segment ends: "/a" lets in "/a" and "/a/b", not "/ab". */
static bool matches_path(const struct cw_allow_rule *rule, const char *path, size_t length)
{
	size_t own = strlen(rule->path);
	if (length < own || memcmp(path, rule->path, own) != 0)
		return false;
	if (length == own)
		return true;
	return rule->match == CW_ALLOW_PREFIX && (rule->path[own - 1] == '/' || path[own] == '/');
}

const struct cw_allow_rule *cw_allow_list_find(
	const struct cw_allow_list *list, const struct cw_allow_request *request)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct cw_allow_rule *rule = &list->rules[i];
		if (rule->is_https == request->is_https && rule->port == request->port &&
			(rule->methods & request->method) && strlen(rule->host) == request->host_length &&
			strncasecmp(rule->host, request->host, request->host_length) == 0 &&
			matches_path(rule, request->path, request->path_length))
			return rule;
	}
	return NULL;
}

void cw_allow_list_text(const struct cw_allow_rule *rule, struct cw_buffer *ret)
{
	const char *before = "", *protocol = rule->is_https ? "https" : "http";
	const char *match = rule->match == CW_ALLOW_EXACT ? "exact" : "prefix";
	cw_buffer_printf(ret, "%s://%s:%u%s (%s; ", protocol, rule->host, rule->port, rule->path, match);
	for (size_t i = 0; i < METHODS; i++)
		if (rule->methods & 1U << i) {
			cw_buffer_printf(ret, "%s%s", before, methods[i]);
			before = ", ";
		}
	cw_buffer_char(ret, ')');
}
