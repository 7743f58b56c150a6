#include "node/crl/node_crl_parts.h"

#include "base/file.h"
#include "node/work/node_work.h"
#include "report/json.h"
#include "workbench/crl/crl_fetch.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In the order in which they were asked. */
static bool take_next(void *context, const char *url, const struct cw_fetch_limits *limits,
	struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_node_crl *crl = context;
	const unsigned char *head = (const unsigned char *)crl->in.data + crl->at;
	size_t left = crl->in.length - crl->at, length = 0;
	(void)url;
	(void)limits;
	for (size_t i = 1; left >= CW_NODE_CRL_HEAD && i < CW_NODE_CRL_HEAD; i++)
		length = length << 8 | head[i];
	if (left < CW_NODE_CRL_HEAD || length > left - CW_NODE_CRL_HEAD)
		return cw_error_set(error, CW_E_NETWORK,
			"no answer: all of them together may take %d seconds", CW_NODE_CRL_SECONDS_ALL);
	const char *bytes = (const char *)head + CW_NODE_CRL_HEAD;
	crl->at += CW_NODE_CRL_HEAD + length;
	if (*head != 'y')
		return cw_error_set(error, CW_E_NETWORK, "%.*s", (int)(length < 400 ? length : 400), bytes);
	cw_buffer_append(ret, bytes, length);
	return cw_buffer_ok(ret, error);
}

/* True: a list of at least one address is new. */
static bool tell(struct cw_node_crl *crl, const struct cw_crl_rows *rows)
{
	static const char *const words[] = {"stored", "kept", "refused", "failed"};
	bool stored = false;
	for (size_t i = 0; i < rows->count; i++) {
		const struct cw_crl_row *row = &rows->items[i];
		char text[600];
		snprintf(text, sizeof text, "%s: %.580s", words[row->outcome], row->detail);
		const struct cw_node_history_event event = {
			.kind = "crl-update", .about = row->url, .who = "crl-updates", .text = text};
		cw_node_history_tell(crl->core->history, &event);
		cw_node_core_say(crl->core, "crl-updates: %s: %s", row->url, text);
		stored = stored || row->outcome == CW_CRL_STORED;
		if (row->outcome == CW_CRL_REFUSED || row->outcome == CW_CRL_FAILED)
			cw_node_crl_note(crl, row->url, text);
	}
	return stored;
}

/* By the upload's own operation. */
static void lay_over(struct cw_node_crl *crl, const struct cw_buffer *pem)
{
	static const struct cw_node_work_who who = {.user = "crl-updates", .role = CW_ROLE_READ_WRITE};
	size_t size = sodium_base64_encoded_len(pem->length, sodium_base64_VARIANT_ORIGINAL);
	AUTO(free) char *text = malloc(size);
	AUTO(json_decref) json_t *with = NULL, *answer = NULL;
	struct cw_error error;
	if (!text)
		return;
	sodium_bin2base64(text, size, (const unsigned char *)cw_buffer_string(pem), pem->length,
		sodium_base64_VARIANT_ORIGINAL);
	with = json_pack("{s:s, s:s}", "file", text, "file_name", "crl-updates.pem");
	if (!with || !cw_node_work(crl->core, &who, "crl/upload", with, &answer, &error)) {
		cw_node_crl_note(crl, "what was downloaded", with ? error.message : "out of memory");
		return;
	}
	const char *why = json_string_value(
		json_object_get(json_object_get(json_object_get(answer, "answer"), "error"), "text"));
	if (!why)
		why = json_string_value(json_object_get(json_object_get(answer, "error"), "text"));
	if (why)
		cw_node_crl_note(crl, "what was downloaded", why);
}

/* The lists that are there, as far as no newer one came: in a file of run/, which the gate reads and writes. */
static bool prepare(const struct cw_node_crl *crl, const char *draft, struct cw_error *error)
{
	const struct cw_strings *paths = &crl->core->snapshot->node->crl_paths;
	AUTO(free)
	char *path = cw_file_path(crl->core->folder.path, paths->count ? paths->items[0] : "certs/crl.pem");
	AUTO_BUFFER there = {0};
	unlink(draft);
	if (!path)
		return cw_error_memory(error);
	if (access(path, F_OK) != 0)
		return true;
	return cw_file_read(path, CW_NODE_WORK_FILE_MAX, &there, error) &&
		cw_file_write(draft, cw_buffer_string(&there), there.length, 0600, error);
}

void cw_node_crl_take(struct cw_node_crl *crl)
{
	AUTO(free) char *draft = cw_file_path(crl->core->folder.path, "run/crl-updates.pem");
	const struct cw_crl_fetch_options options = {
		.path = draft, .at = cw_time_now(), .get = take_next, .context = crl};
	AUTO_CRL_ROWS rows = {0};
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	if (!draft)
		return;
	if (!prepare(crl, draft, &error) ||
		!cw_crl_fetch(crl->core->snapshot->file->deployment, &crl->urls, &options, &rows, &error))
		cw_node_crl_note(crl, "what was downloaded", error.message);
	else if (tell(crl, &rows) && cw_file_read(draft, CW_NODE_WORK_FILE_MAX, &pem, &error))
		lay_over(crl, &pem);
	unlink(draft);
}
