#include "collect/collect_report.h"

#include "base/escape.h"
#include "base/file.h"

#include <string.h>
#include <sys/stat.h>

static bool was_had(const struct cw_collect_result *result)
{
	return result->outcome == CW_COLLECT_HAD || result->outcome == CW_COLLECT_EMPTY;
}

/* "sub1" and "sub1.acme.test" are one: a process node is called by its host name, its whole name or its address. */
static bool is_node(const char *node, const char *host)
{
	size_t length = strcspn(node, "."), other = strcspn(host, ".");
	bool whole = node[length] && host[other];
	if (strcasecmp(node, host) == 0)
		return true;
	return !whole && length == other && strncasecmp(node, host, length) == 0;
}

/* The box that told the nodes of this box's cluster, this box among them: what AXL would have said here is had. */
static const struct cw_collect_box *stands_in(
	const struct cw_collect *collect, const struct cw_collect_box *box)
{
	for (size_t i = 0; i < collect->count; i++) {
		const struct cw_strings *nodes = &collect->boxes[i]->nodes;
		for (size_t j = 0; j < nodes->count && collect->boxes[i] != box; j++)
			if (is_node(nodes->items[j], box->host) ||
				(box->at && strcmp(nodes->items[j], box->at) == 0))
				return collect->boxes[i];
	}
	return NULL;
}

static bool is_first_of_axl(const struct cw_collect_request *request)
{
	return request->account == CW_COLLECT_AXL && !request->after;
}

/*
 * A missing interface is no loss where its row is optional, or where another row stands in for it: the single answers
 * for the snapshot, E's zone for C's, AXL on another node of the same cluster. A node without CallManager has no AXL
 * of Unified CM.
 */
static bool is_missing(const struct cw_collect *collect, const struct cw_collect_box *box, size_t row)
{
	const struct cw_collect_request *request = cw_collect_request_at(row);
	enum cw_collect_outcome outcome = box->results[row].outcome;
	if (outcome == CW_COLLECT_FAILED)
		return true;
	if (outcome != CW_COLLECT_ABSENT || request->optional || strcmp(request->name, "snapshot.json") == 0)
		return false;
	return !is_first_of_axl(request) || (!stands_in(collect, box) && !box->no_call_manager);
}

/* Why a node without AXL is no loss, or is one. */
static void write_without_axl(
	const struct cw_collect *collect, const struct cw_collect_box *box, struct cw_buffer *ret)
{
	const struct cw_collect_box *other = stands_in(collect, box);
	if (other)
		cw_buffer_printf(ret, "; %s, which names it as a node of its cluster, answered", other->host);
	else if (box->no_call_manager)
		cw_buffer_text(ret, "; it has no CallManager certificate, and is no Unified CM node");
	else
		cw_buffer_text(ret,
			", and no node that names it as one of its cluster answered; without it the phone security "
			"profiles and the security mode are not had either. Activate Cisco AXL Web Service on the "
			"publisher (Cisco Unified Serviceability > Tools > Service Activation), or name the publisher "
			"with --cucm");
}

static void count(
	const struct cw_collect *collect, const struct cw_collect_box *box, size_t *had, size_t *missing)
{
	for (size_t row = 0; cw_collect_request_at(row); row++) {
		*had += was_had(&box->results[row]);
		*missing += is_missing(collect, box, row);
	}
}

void cw_collect_report_line(
	const struct cw_collect *collect, const struct cw_collect_box *box, struct cw_buffer *ret)
{
	size_t had = 0, missing = 0;
	cw_buffer_printf(ret, "%s: ", box->host);
	if (!box->trusted) {
		cw_buffer_printf(ret, "not asked: ");
		const char *why = box->why ? box->why : "its certificate is not trusted";
		cw_escape(ret, why, strlen(why), "");
		return;
	}
	count(collect, box, &had, &missing);
	cw_buffer_printf(ret, "%zu answer%s", had, had == 1 ? "" : "s");
	if (missing)
		cw_buffer_printf(ret, ", %zu not had", missing);
}

/* What a former run kept is read again by import; a person should know how old it is. */
static void write_former(const struct cw_collect *collect, const struct cw_collect_box *box,
	const struct cw_collect_request *request, struct cw_buffer *ret)
{
	AUTO(free) char *folder = cw_collect_folder(collect, box);
	AUTO(free) char *path = folder ? cw_file_path(folder, request->name) : NULL;
	struct stat found;
	char text[CW_TIME_TEXT_SIZE];
	if (path && stat(path, &found) == 0)
		cw_buffer_printf(ret, "; the answer of %s is used", cw_time_format(found.st_mtime, text));
}

static void write_box(
	const struct cw_collect *collect, const struct cw_collect_box *box, struct cw_buffer *ret)
{
	cw_collect_report_line(collect, box, ret);
	cw_buffer_text(ret, "\n");
	for (size_t row = 0; box->trusted && cw_collect_request_at(row); row++) {
		const struct cw_collect_request *request = cw_collect_request_at(row);
		const struct cw_collect_result *result = &box->results[row];
		if (was_had(result) || !result->why)
			continue;
		if (request->optional && result->outcome == CW_COLLECT_ABSENT)
			continue;
		cw_buffer_printf(ret, "  %s: ", request->what);
		cw_escape(ret, result->why, strlen(result->why), "");
		if (is_first_of_axl(request) && result->outcome == CW_COLLECT_ABSENT)
			write_without_axl(collect, box, ret);
		write_former(collect, box, request, ret);
		cw_buffer_text(ret, "\n");
	}
}

void cw_collect_report_write(const struct cw_collect *collect, struct cw_buffer *ret)
{
	for (size_t i = 0; i < collect->count; i++)
		write_box(collect, collect->boxes[i], ret);
	cw_buffer_text(ret, "\n");
}

size_t cw_collect_report_had(const struct cw_collect *collect)
{
	size_t had = 0, missing = 0;
	for (size_t i = 0; i < collect->count; i++)
		count(collect, collect->boxes[i], &had, &missing);
	return had;
}

size_t cw_collect_report_missing(const struct cw_collect *collect)
{
	size_t had = 0, missing = 0;
	for (size_t i = 0; i < collect->count; i++) {
		count(collect, collect->boxes[i], &had, &missing);
		missing += !collect->boxes[i]->trusted;
	}
	return missing;
}
