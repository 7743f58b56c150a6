/*
 * REST: a request from outside (a line with method and path, then JSON that is query, body and answer in one) to a question,
 * and any answer to bytes.
 */
#include "admin/rest/rest.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void answer(const struct cw_rest_call *call, unsigned status, const json_t *said)
{
	AUTO_REST_REPLY reply = {0};
	struct cw_error error;
	if (cw_rest_answer(call, status, said, &reply, &error) && (reply.status < 200 || !reply.type))
		abort();
}

/* "GET /path\n{…}": of an array the parts are query, body, answer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
	const char *text = (const char *)data, *end = memchr(data, '\n', size);
	char path[200];
	json_error_t ignored;
	struct cw_error error;
	bool ready = false;
	if (!end || end == text || end - text > 190)
		return 0;
	snprintf(path, sizeof path, "%.*s", (int)(end - text - 1), text + 1);
	json_t *parts = json_loadb(end + 1, size - (size_t)(end + 1 - text), JSON_DECODE_ANY, &ignored);
	const json_t *query = json_array_get(parts, 0);
	const struct cw_rest_request request = {.method = methods[*data & 3],
		.path = path,
		.query = json_is_object(query) ? query : NULL,
		.body = json_array_get(parts, 1),
		.file = *data & 4 ? data : NULL,
		.file_length = size,
		.csrf = *data & 8};
	AUTO_REST_CALL call = {0};
	AUTO_REST_REPLY reply = {0};
	if (cw_rest_ask(&request, &call, &ready, &reply, &error) && !ready && reply.status < 400)
		abort();
	if (ready) {
		answer(&call, 200, json_array_get(parts, 2));
		answer(&call, 409, json_array_get(parts, 2));
	}
	json_decref(parts);
	return 0;
}
