/**
 * JSON values that remember a failed allocation, as buffers do: callers put everything together and look
 * once.
 */
#ifndef CW_REPORT_JSON_H
#define CW_REPORT_JSON_H

#include "base/buffer.h"
#include "base/strings.h"
#include "base/time.h"

#include <jansson.h>

CW_DEFINE_AUTO(json_t *, json_decref)

/** A JSON value under construction. */
struct cw_json {
	bool failed;
};

/** Takes `value`; NULL counts as a failed allocation. */
void cw_json_put(struct cw_json *json, json_t *object, const char *key, json_t *value);
void cw_json_add(struct cw_json *json, json_t *array, json_t *value);

/** null for NULL. Bytes that are no UTF-8 are escaped (a file name may hold any). */
json_t *cw_json_text(const char *text);
json_t *cw_json_texts(const struct cw_strings *strings);
json_t *cw_json_count(size_t count);
json_t *cw_json_time(cw_time time);

/**
 * First of all in main: what jansson has no memory for is counted (base/memory.h). It drops a character that it cannot keep
 * and reads on, so that nothing else tells a text that was read from one that was read in part.
 */
void cw_json_start(void);

/** What the text says, without a key twice; for json_decref. CW_E_FORMAT with the line, CW_E_MEMORY. */
CW_MUST_USE bool cw_json_read(const char *data, size_t length, json_t **ret, struct cw_error *error);

/** Appends the value and a newline: in one line, or indented. */
CW_MUST_USE bool cw_json_print(const struct cw_json *json, const json_t *value, bool one_line,
	struct cw_buffer *ret, struct cw_error *error);

#endif
