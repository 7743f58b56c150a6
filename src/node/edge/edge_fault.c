#include "node/edge/edge_fault.h"

#include "http/http_write.h"

#include <stdio.h>
#include <string.h>

/* What the boxes ask with ("Collaboration Edge TC-based Endpoints Configuration Example"). */
#define REALM "Basic realm=\"Cisco-Edge\""

struct row {
	const char *name;
	unsigned status;
	const char *phrase, *server;
	unsigned bits;
	const char *body;
};

static const struct row rows[CW_EDGE_FAULT_COUNT] = {
#define X(code, name, status, phrase, server, bits, body) {name, status, phrase, server, bits, body},
	CW_EDGE_FAULTS(X)
#undef X
};

const char *cw_edge_fault_name(enum cw_edge_fault fault)
{
	return rows[fault].name;
}

unsigned cw_edge_fault_status(const struct cw_edge_fault_answer *answer)
{
	if (rows[answer->fault].status)
		return rows[answer->fault].status;
	return (unsigned)cw_http_reason_status(answer->reason);
}

bool cw_edge_fault_keeps(enum cw_edge_fault fault)
{
	return rows[fault].bits & CW_EDGE_FAULT_DECISION;
}

static bool write_fields(const struct cw_edge_fault_answer *answer, const struct row *row,
	struct cw_buffer *ret, struct cw_error *error)
{
	char seconds[16];
	snprintf(seconds, sizeof seconds, "%u", answer->retry_after ? answer->retry_after : 1);
	return cw_http_write_named(ret, "Server", row->server, error) &&
		(!(row->bits & CW_EDGE_FAULT_REALM) ||
			cw_http_write_named(ret, "WWW-Authenticate", REALM, error)) &&
		(!(row->bits & CW_EDGE_FAULT_RETRY) ||
			cw_http_write_named(ret, "Retry-After", seconds, error)) &&
		(!(row->bits & CW_EDGE_FAULT_ALLOW) || cw_http_write_named(ret, "Allow", "GET", error)) &&
		(!*row->body ||
			(cw_http_write_named(ret, "Content-Type", "text/plain; charset=UTF-8", error) &&
				cw_http_write_named(ret, "X-Content-Type-Options", "nosniff", error))) &&
		cw_http_write_named(ret, "Cache-Control", "no-store", error);
}

bool cw_edge_fault_write(
	const struct cw_edge_fault_answer *answer, struct cw_buffer *ret, struct cw_error *error)
{
	const struct row *row = &rows[answer->fault];
	const size_t from = ret->length;
	bool chunks = row->bits & CW_EDGE_FAULT_REALM && !answer->is_http_1_0;
	if (!cw_http_write_status(ret, cw_edge_fault_status(answer), row->phrase, error) ||
		!write_fields(answer, row, ret, error))
		return false;
	if (chunks)
		cw_http_write_chunked(ret);
	else
		cw_http_write_length(ret, strlen(row->body));
	if (answer->closes || !cw_edge_fault_keeps(answer->fault))
		cw_http_write_close(ret);
	if (!cw_http_write_head_end(ret, from, error))
		return false;
	if (chunks && !answer->is_head)
		cw_buffer_text(ret, CW_HTTP_CHUNK_LAST);
	else if (!answer->is_head)
		cw_buffer_text(ret, row->body);
	return cw_buffer_ok(ret, error);
}
