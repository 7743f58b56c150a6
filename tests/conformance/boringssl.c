/*
 * BoringSSL's verify_certificate_chain tests: folders with NAME.test files of "key: value" lines, then the
 * expected errors, none for a valid chain. `chain` names a PEM file: the leaf, its issuers, and the trust
 * anchor last. `last_cert_trust` says what that one is trusted for: TRUSTED_ANCHOR and its kin for whatever
 * is below it, TRUSTED_LEAF as the peer itself, UNSPECIFIED and DISTRUSTED for nothing. `key_purpose` is
 * taken without its _STRICT and _STRICT_LEAF, `digest_policy` not at all: boringssl.differences has those
 * cases.
 */
#include "suite.h"

#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (4 * 1024 * 1024)
#define DEFAULT_TIME ((cw_time)1633435200) /* 2021-10-05T12:00:00Z, what DEFAULT means in the suite */
#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"

/* The value of "key:" in the header lines, in a buffer of the caller; NULL where it is not there. */
static const char *value_of(const char *text, const char *key, char value[256])
{
	size_t length = strlen(key);
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (strncmp(line, key, length) != 0 || line[length] != ':')
			continue;
		line += length + 1;
		line += strspn(line, " \t");
		snprintf(value, 256, "%.*s", (int)strcspn(line, "\r\n"), line);
		return value;
	}
	return NULL;
}

/* "151010120000Z" or "20151010120000Z". */
static cw_time parse_time(const char *text)
{
	int year, month, day, hour, minute, second;
	size_t digits = strspn(text, "0123456789");
	int read = digits == 14
		? sscanf(text, "%4d%2d%2d%2d%2d%2dZ", &year, &month, &day, &hour, &minute, &second)
		: sscanf(text, "%2d%2d%2d%2d%2d%2dZ", &year, &month, &day, &hour, &minute, &second);
	if (read != 6)
		return DEFAULT_TIME;
	if (digits != 14)
		year += year < 50 ? 2000 : 1900;
	return cw_time_from_utc(year, month, day, hour, minute, second);
}

static enum cw_purpose parse_purpose(const char *text)
{
	if (strncmp(text, "SERVER_AUTH", 11) == 0)
		return CW_PURPOSE_SERVER;
	return strncmp(text, "CLIENT_AUTH", 11) == 0 ? CW_PURPOSE_CLIENT : CW_PURPOSE_ANY;
}

/* Cuts the blocks of the chain file: first, middle ones, last. */
static bool split_chain(
	const char *text, struct cw_buffer *leaf, struct cw_buffer *middle, struct cw_buffer *anchor)
{
	const char *block = strstr(text, BEGIN);
	for (size_t i = 0; block; i++) {
		const char *end = strstr(block, END);
		if (!end)
			return false;
		end += strlen(END);
		const char *next = strstr(end, BEGIN);
		struct cw_buffer *to = i == 0 ? leaf : next ? middle : anchor;
		cw_buffer_append(to, block, (size_t)(end - block));
		cw_buffer_char(to, '\n');
		block = next;
	}
	return leaf->length > 0;
}

/* Whether the last certificate of such a chain belongs into the list. */
static bool last_is_trusted(const char *header, bool alone)
{
	char trust[256];
	if (!value_of(header, "last_cert_trust", trust))
		return true;
	if (strncmp(trust, "TRUSTED_LEAF", 12) == 0)
		return alone;
	return strncmp(trust, "TRUSTED_ANCHOR", 14) == 0;
}

/* The list is what is trusted; what is not was presented, like the rest. */
static void move_last(
	const char *header, struct cw_buffer *leaf, struct cw_buffer *middle, struct cw_buffer *anchor)
{
	bool alone = anchor->length == 0;
	if (!last_is_trusted(header, alone)) {
		cw_buffer_append(middle, anchor->data, anchor->length);
		cw_buffer_finish(anchor);
	} else if (alone) {
		cw_buffer_append(anchor, leaf->data, leaf->length);
	}
}

/* Errors behind "expected_errors:", warnings do not count. */
static bool expects_errors(const char *text)
{
	const char *errors = strstr(text, "expected_errors:");
	return errors && strstr(errors, "ERROR:");
}

static void read_policies(const char *text, struct cw_policies *policies)
{
	char value[256];
	if (value_of(text, "initial_explicit_policy", value))
		policies->explicit = strstr(value, "true") != NULL;
	if (value_of(text, "initial_policy_mapping_inhibit", value))
		policies->inhibit_mapping = strstr(value, "true") != NULL;
	if (value_of(text, "initial_any_policy_inhibit", value))
		policies->inhibit_any = strstr(value, "true") != NULL;
	policies->on = policies->explicit || policies->inhibit_mapping || policies->inhibit_any;
}

static bool ask_file(struct suite *suite, const char *folder, const char *file, const char *id)
{
	AUTO_BUFFER text = {0}, chain = {0}, leaf = {0}, middle = {0}, anchor = {0};
	char path[1024], value[256];
	struct cw_error error;
	snprintf(path, sizeof path, "%s/%s", folder, file);
	if (!cw_file_read(path, FILE_MAX, &text, &error) ||
		!value_of(cw_buffer_string(&text), "chain", value))
		return false;
	snprintf(path, sizeof path, "%s/%s", folder, value);
	if (!cw_file_read(path, FILE_MAX, &chain, &error) ||
		!split_chain(cw_buffer_string(&chain), &leaf, &middle, &anchor))
		return false;
	const char *header = cw_buffer_string(&text);
	move_last(header, &leaf, &middle, &anchor);
	struct suite_case asked = {
		.id = id,
		.leaf = cw_buffer_string(&leaf),
		.untrusted = middle.length ? cw_buffer_string(&middle) : NULL,
		.trusted = cw_buffer_string(&anchor),
		.at = value_of(header, "utc_time", value) ? parse_time(value) : DEFAULT_TIME,
		.purpose = value_of(header, "key_purpose", value) ? parse_purpose(value) : CW_PURPOSE_ANY,
		.want_valid = !expects_errors(header),
	};
	read_policies(header, &asked.policies);
	suite_ask(suite, &asked);
	return true;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);
	return length > tail && strcmp(text + length - tail, end) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* All *.test files of a folder; `prefix` is its name, for the ids. */
static bool ask_folder(struct suite *suite, const char *folder, const char *prefix)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, by_name);
	bool worked = count >= 0;
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		char id[600];
		snprintf(id, sizeof id, "%s/%.*s", prefix, (int)(strlen(name) >= 5 ? strlen(name) - 5 : 0),
			name);
		if (ends_with(name, ".test") && !ask_file(suite, folder, name, id)) {
			fprintf(stderr, "%s/%s: cannot be read as a test\n", folder, name);
			worked = false;
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return worked;
}

bool suite_boringssl(struct suite *suite, const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, by_name);
	if (count < 0) {
		fprintf(stderr, "%s: cannot be opened; wanted a folder of folders with .test files\n",
			folder);
		return false;
	}
	bool worked = true;
	for (int i = 0; i < count; i++) {
		char path[1024];
		snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
		if (entries[i]->d_type == DT_DIR && entries[i]->d_name[0] != '.')
			worked = ask_folder(suite, path, entries[i]->d_name) && worked;
		free(entries[i]);
	}
	free(entries);
	return worked;
}
