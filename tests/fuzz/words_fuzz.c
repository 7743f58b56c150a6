/**
 * Any text as what people type: a time, a release, a host name, an address, a name pattern. Two lines: the
 * second is a host name for the pattern in the first.
 */
#include "base/time.h"
#include "model/release.h"
#include "support/instant.h"
#include "trust/names.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_time(const char *text)
{
	struct cw_error error;
	char written[CW_TIME_TEXT_SIZE];
	cw_time time, again;
	if (!cw_time_parse(text, TEST_AT, &time, &error))
		return;
	cw_time_format(time, written);
	bool four_digits =
		time >= cw_time_from_utc(0, 1, 1, 0, 0, 0) && time < cw_time_from_utc(10000, 1, 1, 0, 0, 0);
	if (four_digits && (!cw_time_parse(written, TEST_AT, &again, &error) || again != time))
		abort();
}

static void try_release(const char *text)
{
	struct cw_error error;
	char written[CW_RELEASE_TEXT_SIZE];
	struct cw_release release, again;
	if (!cw_release_parse(text, &release, &error))
		return;
	if (!cw_release_parse(cw_release_text(release, written), &again, &error) ||
		cw_release_compare(release, again) != 0 || !cw_release_row(release))
		abort();
}

/* Without the dot behind an absolute name. */
static size_t relative_length(const char *name)
{
	size_t length = strlen(name);
	return length && name[length - 1] == '.' ? length - 1 : length;
}

static void try_names(const char *pattern, const char *host)
{
	uint8_t ip[16];
	size_t length = 0;
	if (cw_name_is_ip(host, ip, &length) && length != 4 && length != 16)
		abort();
	/* a wildcard stands for one label, and nothing else for more than itself */
	length = relative_length(pattern);
	if (cw_name_pattern_matches(pattern, host) && !strchr(pattern, '*') &&
		(length != relative_length(host) || strncasecmp(pattern, host, length) != 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(free) char *text = strndup((const char *)data, size);
	if (!text)
		return 0;
	char *line_end = strchr(text, '\n');
	if (line_end)
		*line_end = '\0';
	try_time(text);
	try_release(text);
	try_names(text, line_end ? line_end + 1 : text);
	return 0;
}
