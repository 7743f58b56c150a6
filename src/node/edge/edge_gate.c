#include "node/edge/edge_gate.h"

#include <string.h>
#include <strings.h>

/* So long a client is asked to wait while the edge is in maintenance. */
#define MAINTENANCE_SECONDS 300

static void refuse(struct cw_edge_gate_answer *ret, enum cw_edge_fault fault)
{
	ret->fault = fault;
}

static bool is_domain(const struct cw_strings *domains, struct cw_http_text name)
{
	for (size_t i = 0; i < domains->count; i++)
		if (cw_http_text_same_word(name, domains->items[i]))
			return true;
	return false;
}

static bool read_prefix(
	const struct cw_edge_gate *gate, const struct cw_http_head *head, struct cw_edge_gate_answer *ret)
{
	if (!cw_http_prefix_parse(head->start.target_text, &ret->prefix, &ret->reason)) {
		refuse(ret, CW_EDGE_FAULT_NO_SERVICE);
		return false;
	}
	if (is_domain(gate->domains, ret->prefix.domain))
		return true;
	refuse(ret, CW_EDGE_FAULT_DOMAIN);
	return false;
}

/* --- sessions --- */

/* The clocks are the tunnel's matter as well; here they are what a client meets. */
static enum cw_edge_fault fault_of(enum cw_edge_cookie_end end)
{
	switch (end) {
	case CW_EDGE_COOKIE_GOOD:
		return CW_EDGE_FAULT_NOTHING;
	case CW_EDGE_COOKIE_EARLY:
		return CW_EDGE_FAULT_CLOCKS;
	case CW_EDGE_COOKIE_MALFORMED:
	case CW_EDGE_COOKIE_STRANGE_KEY:
	case CW_EDGE_COOKIE_FORGED:
	case CW_EDGE_COOKIE_EXPIRED:
		break;
	}
	return CW_EDGE_FAULT_NO_SESSION;
}

static bool find_cookie(
	const struct cw_http_head *head, struct cw_edge_gate_answer *ret, struct cw_http_text *ret_value)
{
	struct cw_http_text field;
	struct cw_http_cookies cookies;
	if (!cw_http_head_known(head, CW_HTTP_FIELD_COOKIE, &field)) {
		refuse(ret, CW_EDGE_FAULT_NO_SESSION);
		return false;
	}
	if (!cw_http_cookie_parse(field, &cookies, &ret->reason)) {
		refuse(ret, CW_EDGE_FAULT_MALFORMED);
		return false;
	}
	if (cw_http_cookie_find(&cookies, CW_EDGE_COOKIE_NAME, ret_value))
		return true;
	refuse(ret, CW_EDGE_FAULT_NO_SESSION);
	return false;
}

static bool has_session(const struct cw_edge_gate *gate, const struct cw_http_head *head, cw_time now,
	struct cw_edge_gate_answer *ret)
{
	struct cw_http_text value;
	ret->cookie = CW_EDGE_COOKIE_MALFORMED;
	if (!find_cookie(head, ret, &value))
		return false;
	ret->cookie = cw_edge_cookie_verify(gate->ring, value, now, &ret->session);
	ret->fault = fault_of(ret->cookie);
	return ret->fault == CW_EDGE_FAULT_NOTHING;
}

/* --- signing in --- */

/* A user whom no cookie can have is nobody's. */
static bool has_password(const struct cw_http_head *head, struct cw_edge_gate_answer *ret)
{
	struct cw_http_text value;
	if (head->start.method != CW_HTTP_METHOD_GET) {
		refuse(ret, CW_EDGE_FAULT_METHOD);
		return false;
	}
	if (!cw_http_head_known(head, CW_HTTP_FIELD_AUTHORIZATION, &value)) {
		refuse(ret, CW_EDGE_FAULT_NO_SESSION);
		return false;
	}
	if (!cw_http_auth_parse(value, &ret->auth, &ret->reason)) {
		bool scheme = ret->reason == CW_HTTP_BAD_AUTH_SCHEME;
		refuse(ret, scheme ? CW_EDGE_FAULT_NO_SESSION : CW_EDGE_FAULT_MALFORMED);
		return false;
	}
	if (ret->auth.scheme == CW_HTTP_AUTH_BASIC && ret->auth.user.length <= CW_EDGE_COOKIE_USER_MAX)
		return true;
	refuse(ret, CW_EDGE_FAULT_NO_SESSION); /* no token was given out here */
	return false;
}

void cw_edge_gate_outer(const struct cw_edge_gate *gate, const struct cw_http_head *head, cw_time now,
	struct cw_edge_gate_answer *ret)
{
	*ret = (struct cw_edge_gate_answer){0};
	if (gate->maintenance) {
		refuse(ret, CW_EDGE_FAULT_MAINTENANCE);
		ret->retry_after = MAINTENANCE_SECONDS;
		return;
	}
	if (!gate->domains->count) { /* no Expressway-C has told of any yet */
		refuse(ret, CW_EDGE_FAULT_NO_TUNNEL);
		return;
	}
	if (!read_prefix(gate, head, ret))
		return;
	switch (ret->prefix.kind) {
	case CW_HTTP_PREFIX_EDGE_SSO:
		refuse(ret, CW_EDGE_FAULT_NO_SSO);
		return;
	case CW_HTTP_PREFIX_EDGE_CONFIG:
		(void)has_password(head, ret);
		return;
	case CW_HTTP_PREFIX_SERVER:
		(void)has_session(gate, head, now, ret);
	}
}

static bool is_allowed(
	const struct cw_edge_gate *gate, const struct cw_http_head *head, struct cw_edge_gate_answer *ret)
{
	const struct cw_http_prefix *prefix = &ret->prefix;
	const struct cw_allow_request request = {.is_https = prefix->is_https,
		.host = prefix->host.at,
		.host_length = prefix->host.length,
		.port = prefix->port,
		.path = prefix->rest.at,
		.path_length = cw_http_text_find(prefix->rest, '?'),
		.method = cw_allow_list_method(cw_http_head_method_name(head->start.method))};
	ret->rule = cw_allow_list_find(gate->allow, &request);
	return ret->rule != NULL;
}

void cw_edge_gate_inner(const struct cw_edge_gate *gate, const struct cw_http_head *head, cw_time now,
	struct cw_edge_gate_answer *ret)
{
	*ret = (struct cw_edge_gate_answer){0};
	if (!read_prefix(gate, head, ret))
		return;
	switch (ret->prefix.kind) {
	case CW_HTTP_PREFIX_EDGE_SSO:
		refuse(ret, CW_EDGE_FAULT_NO_SSO);
		return;
	case CW_HTTP_PREFIX_EDGE_CONFIG:
		(void)has_password(head, ret);
		return;
	case CW_HTTP_PREFIX_SERVER:
		if (has_session(gate, head, now, ret) && !is_allowed(gate, head, ret))
			refuse(ret, CW_EDGE_FAULT_NOT_ALLOWED);
	}
}

void cw_edge_gate_finish(struct cw_edge_gate_answer *answer)
{
	cw_http_auth_finish(&answer->auth);
}
