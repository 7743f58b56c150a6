#include "capture/tls/keylog.h"

#include "base/forward.h"

#include "base/buffer.h"
#include "base/file.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *label;
	enum cw_secret_kind kind;
} labels[] = {
	{"CLIENT_RANDOM", CW_SECRET_MASTER},
	{"CLIENT_EARLY_TRAFFIC_SECRET", CW_SECRET_CLIENT_EARLY},
	{"CLIENT_HANDSHAKE_TRAFFIC_SECRET", CW_SECRET_CLIENT_HANDSHAKE},
	{"SERVER_HANDSHAKE_TRAFFIC_SECRET", CW_SECRET_SERVER_HANDSHAKE},
	{"CLIENT_TRAFFIC_SECRET_0", CW_SECRET_CLIENT_TRAFFIC},
	{"SERVER_TRAFFIC_SECRET_0", CW_SECRET_SERVER_TRAFFIC},
};

struct secret {
	uint8_t random[CW_RANDOM_SIZE];
	uint8_t value[CW_SECRET_MAX];
	uint8_t kind, length;
};

struct cw_keylog {
	struct secret *items;
	size_t count, capacity;
	uint32_t *slots; /* open addressing; 0: free, else index + 1 */
	size_t slot_count;
	size_t bad_lines;
};

struct cw_keylog *cw_keylog_new(void)
{
	return calloc(1, sizeof(struct cw_keylog));
}

void cw_keylog_free(struct cw_keylog *keylog)
{
	if (!keylog)
		return;
	if (keylog->items)
		OPENSSL_cleanse(keylog->items, keylog->capacity * sizeof *keylog->items);
	free(keylog->items);
	free(keylog->slots);
	free(keylog);
}

static bool matches(const struct secret *secret, enum cw_secret_kind kind, const uint8_t *random)
{
	return secret->kind == kind && memcmp(secret->random, random, CW_RANDOM_SIZE) == 0;
}

/* The place of a secret, or the free one where it belongs. Client
 * randoms are random: their bytes are the hash. */
static size_t place_of(const struct cw_keylog *keylog, enum cw_secret_kind kind, const uint8_t *random)
{
	uint64_t hash, tail;
	memcpy(&hash, random + 8, sizeof hash);
	memcpy(&tail, random + 24, sizeof tail);
	hash = (hash ^ tail ^ (uint64_t)kind) * UINT64_C(0x9e3779b97f4a7c15);
	size_t place = (size_t)(hash >> 32) & (keylog->slot_count - 1);
	while (keylog->slots[place] && !matches(&keylog->items[keylog->slots[place] - 1], kind, random))
		place = (place + 1) & (keylog->slot_count - 1);
	return place;
}

/* Twice as many places, once half of them are taken. realloc would leave copies of secrets behind. */
static bool grow(struct cw_keylog *keylog, struct cw_error *error)
{
	size_t capacity = keylog->capacity ? keylog->capacity * 2 : 64;
	struct secret *items = calloc(capacity, sizeof *items);
	uint32_t *slots = calloc(capacity * 2, sizeof *slots);
	if (!items || !slots) {
		free(items);
		free(slots);
		return cw_error_memory(error);
	}
	if (keylog->count) {
		memcpy(items, keylog->items, keylog->count * sizeof *items);
		OPENSSL_cleanse(keylog->items, keylog->capacity * sizeof *items);
	}
	free(keylog->items);
	free(keylog->slots);
	keylog->items = items;
	keylog->slots = slots;
	keylog->capacity = capacity;
	keylog->slot_count = capacity * 2;
	for (size_t i = 0; i < keylog->count; i++)
		keylog->slots[place_of(keylog, items[i].kind, items[i].random)] = (uint32_t)i + 1;
	return true;
}

static bool add(struct cw_keylog *keylog, const struct secret *secret, struct cw_error *error)
{
	if (keylog->count == CW_KEYLOG_MAX)
		return true;
	if (keylog->count == keylog->capacity && !grow(keylog, error))
		return false;
	size_t place = place_of(keylog, secret->kind, secret->random);
	if (keylog->slots[place]) { /* logged again: the same, or a wrong log; the later one counts */
		keylog->items[keylog->slots[place] - 1] = *secret;
		return true;
	}
	keylog->items[keylog->count] = *secret;
	keylog->slots[place] = (uint32_t)++keylog->count;
	return true;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads hexadecimal up to a space or the end. Returns the bytes
 * read; 0: none, too many, or no hexadecimal. */
static size_t read_hex(const char **at, const char *end, uint8_t *bytes, size_t room)
{
	size_t count = 0;
	while (*at < end && **at == ' ')
		(*at)++;
	size_t unread = CW_FORWARD_BEGIN;
	while (*at < end && **at != ' ' && cw_forward(&unread, (size_t)(end - *at))) {
		if (end - *at < 2 || count == room || digit((*at)[0]) < 0 || digit((*at)[1]) < 0)
			return 0;
		bytes[count++] = (uint8_t)(digit((*at)[0]) << 4 | digit((*at)[1]));
		*at += 2;
	}
	return count;
}

static bool add_line(struct cw_keylog *keylog, const char *line, size_t length, struct cw_error *error)
{
	const char *end = line + length, *space = memchr(line, ' ', length);
	while (end > line && (end[-1] == '\r' || end[-1] == ' '))
		end--;
	if (end == line || *line == '#')
		return true;
	if (!space) {
		keylog->bad_lines++;
		return true;
	}
	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
		size_t label = strlen(labels[i].label);
		if (label != (size_t)(space - line) || memcmp(line, labels[i].label, label) != 0)
			continue;
		struct secret secret = {.kind = (uint8_t)labels[i].kind};
		const char *at = space;
		size_t random = read_hex(&at, end, secret.random, CW_RANDOM_SIZE);
		secret.length = (uint8_t)read_hex(&at, end, secret.value, CW_SECRET_MAX);
		bool good = random == CW_RANDOM_SIZE && secret.length && at == end;
		bool added = true;
		if (good)
			added = add(keylog, &secret, error);
		else
			keylog->bad_lines++;
		OPENSSL_cleanse(&secret, sizeof secret);
		return added;
	}
	return true; /* EXPORTER_SECRET, RSA and others: of no use here */
}

bool cw_keylog_add(struct cw_keylog *keylog, const uint8_t *lines, size_t length, struct cw_error *error)
{
	if (!length)
		return true; /* of an empty file there may be no memory at all */
	const char *at = (const char *)lines, *end = at + length;
	size_t unread = CW_FORWARD_BEGIN;
	while (at < end && cw_forward(&unread, (size_t)(end - at))) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		if (!line_end)
			line_end = end;
		if (!add_line(keylog, at, (size_t)(line_end - at), error))
			return false;
		at = line_end + (line_end < end);
	}
	return true;
}

bool cw_keylog_read(struct cw_keylog *keylog, const char *path, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	if (!cw_file_read(path, CW_KEYLOG_FILE_MAX, &text, error))
		return false;
	size_t before = keylog->count, bad = keylog->bad_lines;
	bool added = cw_keylog_add(keylog, (const uint8_t *)text.data, text.length, error);
	if (text.data)
		OPENSSL_cleanse(text.data, text.length);
	if (!added)
		return false;
	if (keylog->count == before && keylog->bad_lines > bad)
		return cw_error_set(error, CW_E_FORMAT,
			"%s: is no key log; wanted lines like \"CLIENT_RANDOM <64 hex digits> <secret>\"",
			path);
	return true;
}

const uint8_t *cw_keylog_find(const struct cw_keylog *keylog, enum cw_secret_kind kind,
	const uint8_t random[CW_RANDOM_SIZE], size_t *length)
{
	if (!keylog || keylog->count == 0)
		return NULL;
	uint32_t slot = keylog->slots[place_of(keylog, kind, random)];
	if (!slot)
		return NULL;
	*length = keylog->items[slot - 1].length;
	return keylog->items[slot - 1].value;
}

size_t cw_keylog_count(const struct cw_keylog *keylog)
{
	return keylog->count;
}

size_t cw_keylog_bad_lines(const struct cw_keylog *keylog)
{
	return keylog->bad_lines;
}
