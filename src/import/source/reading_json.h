/**
 * What the readers of JSON answers share. For reading_json.c and reading_certmgr.c only.
 */
#ifndef CW_IMPORT_SOURCE_READING_JSON_H
#define CW_IMPORT_SOURCE_READING_JSON_H

#include "import/source/reading.h"

#include <jansson.h>

/** The text under `key`, whatever the key's case; NULL where there is none. */
const char *cw_reading_json_text(const json_t *object, const char *key);

/** Adds a fact where `value` is not NULL. */
CW_MUST_USE bool cw_reading_json_fact(const struct cw_reading *read, enum cw_fact_key key, unsigned a,
	unsigned b, const char *value, struct cw_error *error);

/** An answer of certificate management, or of `causeway probe`. */
bool cw_reading_json_is_certmgr(const json_t *object);
CW_MUST_USE bool cw_reading_json_certmgr(
	const struct cw_reading *read, const json_t *object, struct cw_error *error);

#endif
