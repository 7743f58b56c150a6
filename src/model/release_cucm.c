#include "model/release.h"

#include <ctype.h>
#include <stdio.h>

/*
 * Where the columns come from:
 *   tftp_shows_callmanager  nobody has confirmed on a box which identity 6972 presents; probe and capture tell
 *   certificate_reuse       "MRA Certificate Requirements and Apache Traffic Server History": CUCM 14+
 *   certmgr_api             developer.cisco.com, "Certificate Management API": CUCM, IM&P, CUC, CER 14+
 *   tls_1_3                 nobody has confirmed on a box from which release on; 15 is taken, probe and capture tell
 */
static const struct cw_release_cucm_row rows[] = {
	/* release    tftp  reuse  api  tls-1.3 */
	{{12, 5, 0}, true, false, false, false},
	{{14, 0, 0}, true, true, true, false},
	{{15, 0, 0}, true, true, true, true},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])
#define PARTS 3

bool cw_release_cucm_parse(const char *text, struct cw_release *ret, struct cw_error *error)
{
	unsigned parts[PARTS] = {0};
	size_t count = 0;
	const char *rest = text;
	for (; count < PARTS; count++) {
		const char *start = rest;
		for (; isdigit((unsigned char)*rest) && rest - start < 4; rest++)
			parts[count] = parts[count] * 10 + (unsigned)(*rest - '0');
		if (rest == start || *rest != '.')
			break;
		rest++;
	}
	if (*rest || rest == text || rest[-1] == '.')
		return cw_error_set(error, CW_E_USAGE,
			"\"%s\" is no release; wanted one of CUCM like 12.5, 14 or 15.0.1", text);
	struct cw_release release = {parts[0], parts[1], parts[2]};
	if (cw_release_compare(release, rows[0].release) < 0)
		return cw_error_set(
			error, CW_E_USAGE, "release \"%s\" is older than 12.5, the oldest one known", text);
	*ret = release;
	return true;
}

const char *cw_release_cucm_text(struct cw_release release, char text[CW_RELEASE_TEXT_SIZE])
{
	int length = snprintf(text, CW_RELEASE_TEXT_SIZE, "%u", release.major);
	if ((release.minor || release.patch) && length > 0)
		length +=
			snprintf(text + length, CW_RELEASE_TEXT_SIZE - (size_t)length, ".%u", release.minor);
	if (release.patch && length > 0)
		snprintf(text + length, CW_RELEASE_TEXT_SIZE - (size_t)length, ".%u", release.patch);
	return text;
}

bool cw_release_cucm_is_unknown(struct cw_release release, struct cw_buffer *ret)
{
	struct cw_release newest = rows[ROW_COUNT - 1].release;
	char text[CW_RELEASE_TEXT_SIZE], newest_text[CW_RELEASE_TEXT_SIZE];
	if (release.major <= newest.major)
		return false;
	cw_release_cucm_text(newest, newest_text);
	cw_buffer_printf(ret, "release %s is newer than %s, the newest one known here, and is judged as %s",
		cw_release_cucm_text(release, text), newest_text, newest_text);
	return true;
}

const struct cw_release_cucm_row *cw_release_cucm_row(struct cw_release release)
{
	const struct cw_release_cucm_row *row = &rows[0];
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (cw_release_compare(rows[i].release, release) <= 0)
			row = &rows[i];
	return row;
}

struct cw_release cw_release_cucm_default(void)
{
	return (struct cw_release){14, 0, 0};
}
