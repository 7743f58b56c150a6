/**
 * Reading the JSON answers that pages are made of. What is not there, or is something else, reads as empty: a page is shown
 * with what came.
 */
#ifndef CW_ADMIN_PAGE_SCREEN_JSON_H
#define CW_ADMIN_PAGE_SCREEN_JSON_H

#include <jansson.h>
#include <stdbool.h>

/** The string of this key; "" where there is none. */
const char *cw_screen_json_text(const json_t *object, const char *key);
/** The same; NULL where there is none or it is empty. */
const char *cw_screen_json_text_or_null(const json_t *object, const char *key);
/** The number of this key; 0 where there is none. */
long long cw_screen_json_count(const json_t *object, const char *key);
bool cw_screen_json_has(const json_t *object, const char *key);
/** true, or a string or array or object that is not empty, or a number other than 0. */
bool cw_screen_json_is(const json_t *object, const char *key);
/** The text of an item: of a string, or of the key `name` of an object. "" for anything else. */
const char *cw_screen_json_item(const json_t *value, const char *name);
/** The item's text equals this one. */
bool cw_screen_json_equals(const json_t *object, const char *key, const char *text);

#endif
