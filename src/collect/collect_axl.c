#include "collect/collect_axl.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The nodes of the largest clusters are some twenty. */
#define NODES_MAX 256

/* In the order in which they are asked for: releases 14 and 15 take the first, 12.5 the second. The questions are the
 * same in all of them. */
static const char *const versions[] = {"14.0", "12.5", "15.0", "12.0", "11.5", "11.0", "10.5"};

#define COUNT (sizeof versions / sizeof versions[0])

void cw_collect_axl_finish(struct cw_collect_axl *axl)
{
	cw_strings_finish(&axl->refused);
}

const char *cw_collect_axl_version(const struct cw_collect_axl *axl)
{
	return *axl->version ? axl->version : versions[0];
}

char *cw_collect_axl_envelope(const struct cw_collect_axl *axl, const struct cw_collect_request *row)
{
	char *text = NULL;
	int length = asprintf(&text,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope "
		"xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
		"xmlns:ns=\"http://www.cisco.com/AXL/API/%s\"><soapenv:Body>%s</soapenv:Body></soapenv:Envelope>",
		cw_collect_axl_version(axl), row->send);
	return length < 0 ? NULL : text;
}

/* "<ns:listProcessNode>...": the operation is the first element. */
char *cw_collect_axl_action(const struct cw_collect_axl *axl, const struct cw_collect_request *row)
{
	char *text = NULL;
	const char *operation = strchr(row->send, ':') + 1;
	int length = asprintf(&text, "SOAPAction: \"CUCM:DB ver=%s %.*s\"", cw_collect_axl_version(axl),
		(int)strcspn(operation, ">"), operation);
	return length < 0 ? NULL : text;
}

bool cw_collect_axl_is_refused(long status, const struct cw_buffer *body)
{
	return status == 599 || (status >= 500 && strcasestr(cw_buffer_string(body), "axl version"));
}

/* --- what the box lists --- */

/* "12.x", "14.0", "15" of "... versions are 12.x, 14.0 and 15.0</p>", from *at on; false: no more. */
static bool next_listed(const char **at, char ret[CW_COLLECT_AXL_VERSION_SIZE])
{
	while (**at && **at != '<' && **at != '\n') {
		size_t length = strspn(*at, "0123456789.xX");
		if (!isdigit((unsigned char)**at) || length >= CW_COLLECT_AXL_VERSION_SIZE) {
			*at += length ? length : 1;
			continue;
		}
		memcpy(ret, *at, length);
		ret[length] = '\0';
		*at += length;
		while (length && ret[length - 1] == '.') /* the end of the sentence */
			ret[--length] = '\0';
		return true;
	}
	return false;
}

static const char *list_of(const struct cw_buffer *body)
{
	static const char mark[] = "supported axl versions";
	const char *at = strcasestr(cw_buffer_string(body), mark);
	return at ? at + sizeof mark - 1 : NULL;
}

/* "12.x" and "12" list every 12. */
static bool covers(const char *listed, const char *version)
{
	size_t major = strspn(listed, "0123456789");
	if (strcmp(listed, version) == 0)
		return true;
	bool all = !listed[major] || strcasecmp(listed + major, ".x") == 0;
	return all && strncmp(listed, version, major) == 0 && version[major] == '.';
}

static bool is_listed(const char *list, const char *version)
{
	char listed[CW_COLLECT_AXL_VERSION_SIZE];
	while (next_listed(&list, listed))
		if (covers(listed, version))
			return true;
	return false;
}

/* A release of the future: what it lists last is its own. "16.x" and "16" are asked for as "16.0". */
static bool take_listed(struct cw_collect_axl *axl, const char *list)
{
	char listed[CW_COLLECT_AXL_VERSION_SIZE], whole[2 * CW_COLLECT_AXL_VERSION_SIZE];
	bool found = false;
	while (next_listed(&list, listed)) {
		size_t major = strspn(listed, "0123456789");
		if (!listed[major] || strcasecmp(listed + major, ".x") == 0)
			snprintf(whole, sizeof whole, "%.*s.0", (int)major, listed);
		else
			snprintf(whole, sizeof whole, "%s", listed);
		if (strlen(whole) >= sizeof axl->version || cw_strings_contain(&axl->refused, whole))
			continue;
		strcpy(axl->version, whole);
		found = true;
	}
	return found;
}

bool cw_collect_axl_next(struct cw_collect_axl *axl, const struct cw_buffer *body)
{
	char first[CW_COLLECT_AXL_VERSION_SIZE];
	const char *list = list_of(body), *at = list;
	if (axl->refused.count >= CW_COLLECT_AXL_TRIES_MAX ||
		!cw_strings_add(&axl->refused, cw_collect_axl_version(axl)))
		return false;
	if (at && !next_listed(&at, first))
		list = NULL; /* it says that it lists, and lists nothing */
	for (size_t i = 0; i < COUNT; i++)
		if (!cw_strings_contain(&axl->refused, versions[i]) &&
			(!list || is_listed(list, versions[i]))) {
			strcpy(axl->version, versions[i]);
			return true;
		}
	return list && take_listed(axl, list);
}

/* --- answers --- */

bool cw_collect_axl_nodes(const struct cw_buffer *body, struct cw_strings *ret)
{
	static const char mark[] = "<name>";
	const char *at = cw_buffer_string(body);
	while ((at = strstr(at, mark)) && ret->count < NODES_MAX) {
		at += sizeof mark - 1;
		size_t length = strcspn(at, "<");
		if (length && length < 256 && !cw_strings_add_range(ret, at, length))
			return false;
		at += length;
	}
	return true;
}
