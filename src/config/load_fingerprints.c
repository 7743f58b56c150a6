#include "config/load_parts.h"

#include <ctype.h>
#include <string.h>

/* Android's list has 140 entries; 100 bytes a line, a hundred thousand lines. */
#define FINGERPRINT_FILE_MAX (10 * 1024 * 1024)

void cw_load_fingerprints_finish(struct cw_fingerprints *fingerprints)
{
	free(fingerprints->path);
	free(fingerprints->items);
	*fingerprints = (struct cw_fingerprints){0};
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * Up to 64 digits at `*text`, which then stands behind them: "12ab…", "12:AB:…", "12 ab …". Returns how many.
 */
static size_t digits(const char **text, const char *end, uint8_t sha256[CW_SHA256_SIZE])
{
	size_t count = 0;
	for (; *text < end && count < 2 * CW_SHA256_SIZE; (*text)++) {
		int value = digit(**text);
		if (value < 0 && **text != ':' && **text != ' ' && **text != '\t')
			break;
		if (value < 0)
			continue;
		sha256[count / 2] = (uint8_t)(count % 2 ? sha256[count / 2] | value : value << 4);
		count++;
	}
	return count;
}

/* What `openssl x509 -fingerprint` puts in front. */
static const char *after_label(const char *line, const char *end)
{
	static const char label[] = "ingerprint=";
	const char *found = memmem(line, (size_t)(end - line), label, sizeof label - 1);
	return found ? found + sizeof label - 1 : line;
}

static void read_line(struct cw_loader *loader, const struct cw_yaml *at, size_t number, const char *line,
	const char *end, struct cw_fingerprints *ret)
{
	while (line < end && isspace((unsigned char)*line))
		line++;
	if (line == end || *line == '#')
		return;
	line = after_label(line, end);
	uint8_t sha256[CW_SHA256_SIZE];
	size_t count = digits(&line, end, sha256);
	bool whole = line == end || isspace((unsigned char)*line) || *line == '#';
	if (count < 2 * CW_SHA256_SIZE || !whole) {
		const char *found = count < 2 * CW_SHA256_SIZE ? "fewer digits" : "more";
		if (count == 40 && whole)
			found = "40 digits, which is a SHA-1";
		cw_problem(&loader->problems, at,
			"%s:%zu: wanted a SHA-256 fingerprint (64 hexadecimal digits), found %s", ret->path,
			number, found);
		return;
	}
	if (!cw_memory_grow(&ret->items, &ret->capacity, ret->count, sizeof *ret->items)) {
		loader->problems.no_memory = true;
		return;
	}
	memcpy(ret->items[ret->count++], sha256, sizeof sha256);
}

static void read_lines(struct cw_loader *loader, const struct cw_yaml *at, const struct cw_buffer *content,
	struct cw_fingerprints *ret)
{
	const char *text = cw_buffer_string(content), *stop = text + content->length;
	if (content->length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	for (size_t number = 1; text < stop; number++) {
		const char *end = memchr(text, '\n', (size_t)(stop - text));
		end = end ? end : stop;
		read_line(loader, at, number, text, end, ret);
		text = end < stop ? end + 1 : stop;
	}
}

void cw_load_fingerprints(struct cw_loader *loader, const struct cw_yaml *value)
{
	struct cw_error error;
	const char *typed = cw_value_text(&loader->problems, value, "a file with fingerprints");
	if (!typed)
		return;
	if (!cw_memory_grow(&loader->fingerprints, &loader->fingerprint_capacity, loader->fingerprint_count,
		    sizeof *loader->fingerprints)) {
		loader->problems.no_memory = true;
		return;
	}
	struct cw_fingerprints *list = &loader->fingerprints[loader->fingerprint_count++];
	*list = (struct cw_fingerprints){.endpoint = loader->deployment->endpoint_count - 1};
	list->path = strdup(typed);
	AUTO_BUFFER content = {0};
	if (!list->path)
		loader->problems.no_memory = true;
	else if (cw_load_files_read(&loader->files, typed, FINGERPRINT_FILE_MAX, &content, &error))
		read_lines(loader, value, &content, list);
	else
		cw_load_file_problem(loader, value, &error, NULL);
}

void cw_load_fingerprinted(struct cw_loader *loader)
{
	struct cw_deployment *deployment = loader->deployment;
	for (size_t i = 0; i < loader->fingerprint_count; i++) {
		const struct cw_fingerprints *fingerprints = &loader->fingerprints[i];
		struct cw_trust_list *list = &deployment->endpoints[fingerprints->endpoint].trust.list;
		for (size_t j = 0; j < fingerprints->count; j++) {
			struct cw_cert *cert = cw_pool_find(deployment->pool, fingerprints->items[j]);
			if (!cert)
				deployment->endpoints[fingerprints->endpoint].trust.has_fingerprints = true;
			if (cert && cw_trust_list_find(list, cert) == list->count &&
				!cw_trust_list_add(list, cert, fingerprints->path, j + 1))
				loader->problems.no_memory = true;
		}
	}
}
