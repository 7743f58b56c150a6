/**
 * The allow list of Expressway-C: which requests from outside go to which server inside.
 *
 * A rule is a protocol, a host, a port, a path and methods; the path counts exactly, or as a prefix that ends at the end
 * of a segment. Some rules are there for each server that the node's file names (automatic rules, which nobody edits);
 * others are written (allow: of node.yaml), with a table of tests (allow-tests:) that proves the list before it counts.
 * Whatever no rule names is refused. Paths are compared byte by byte: the caller has taken only a path that is its own
 * normal form (http_target.h), and a rule has no other.
 *
 * Columns and defaults as in "Mobile and Remote Access Through Expressway", HTTP Allow List Formats. Which rules the
 * vendor makes by itself is not published; the table of automatic ones is this project's.
 */
#ifndef CW_CONFIG_ALLOW_LIST_H
#define CW_CONFIG_ALLOW_LIST_H

#include "base/buffer.h"
#include "model/deployment.h"

/* Against lists that make each request slow. */
#define CW_ALLOW_LIST_RULES_MAX 2000
#define CW_ALLOW_LIST_PATH_MAX 1024
#define CW_ALLOW_LIST_HOST_MAX 253

enum cw_allow_match { CW_ALLOW_PREFIX, CW_ALLOW_EXACT };

struct cw_allow_rule {
	bool is_https;
	char *host;
	unsigned port;
	char *path; /* begins with a slash */
	enum cw_allow_match match;
	unsigned methods;  /* bits of cw_allow_list_method */
	char *description; /* or NULL */
	bool automatic;
};

struct cw_allow_list {
	struct cw_allow_rule *rules;
	size_t count, capacity;
};

/** What is asked for. Everything borrowed; texts have no NUL at their end. */
struct cw_allow_request {
	bool is_https;
	const char *host;
	size_t host_length;
	unsigned port;
	const char *path; /* without the query */
	size_t path_length;
	unsigned method; /* one bit */
};

void cw_allow_list_finish(struct cw_allow_list *list);

/** The bit of a method; 0: it is none of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS. */
unsigned cw_allow_list_method(const char *name);

/**
 * Reads `http://` or `https://`, host, perhaps a port and a path. False: `*ret_why` (fixed text) says what was wanted;
 * `*ret` is empty. The caller owns host and path.
 */
CW_MUST_USE bool cw_allow_list_url(const char *url, struct cw_allow_rule *ret, const char **ret_why);

/** Adds a rule and takes it over, also where false: no memory, or too many. */
CW_MUST_USE bool cw_allow_list_add(struct cw_allow_list *list, struct cw_allow_rule *rule);

/** Adds the automatic rules of every server of the deployment. False: no memory, or too many. */
CW_MUST_USE bool cw_allow_list_add_servers(
	struct cw_allow_list *list, const struct cw_deployment *deployment);

/** The rule that lets the request in; NULL: none does. */
const struct cw_allow_rule *cw_allow_list_find(
	const struct cw_allow_list *list, const struct cw_allow_request *request);

/** Appends "https://cucm.acme.test:8443/cucm-uds/ (prefix; GET, HEAD)". */
void cw_allow_list_text(const struct cw_allow_rule *rule, struct cw_buffer *ret);

#endif
