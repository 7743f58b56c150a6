#include "model/release.h"

#include <stdio.h>
#include <string.h>

#define PAGE "Maintenance > Security"

/*
 * Where the columns come from:
 *   common_name_counts         sources F1.2: names are looked for in the SAN, "NOT CN", in X12.5+, X14+ and
 * X15 tftp_mutual                sources F3: X14.0.2, "first slight enforcement" (CSCvz45074)
 *   origin_verified            sources F3: X14.0.8 (S13); TAC 218018 says X14.2.0: the earlier one is kept
 *   origin_switch              sources F3: VerifyOriginServer, X14.2+
 *   prefers_ecdsa              sources F3: "X14.2 may prefer ECDSA"
 *   service_wants_client_auth  sources F9: both EKUs of E's certificate before X15.4
 *   cluster_wants_client_auth  sources F9: bypassed from X15.4 on
 *   client_store, eku_check_switch  sources F9: X15.5
 *   tls_1_3                    sources F3: TlsSignatureAlgoPrefRsa of X15 is of TLS 1.3; earlier guides know none
 *   upload                     sources F9, first row
 *   security_page              sources F1.1; the Expressway troubleshooting guide
 */
static const struct cw_release_row rows[] = {
	/* release    cn     tftp   origin switch ecdsa  service cluster store eku-switch tls-1.3 upload, page */
	{{12, 5, 0}, false, false, false, false, false, true, true, false, false, false, CW_UPLOAD_BOTH,
		PAGE},
	{{14, 0, 0}, false, false, false, false, false, true, true, false, false, false, CW_UPLOAD_BOTH,
		PAGE},
	{{14, 0, 2}, false, true, false, false, false, true, true, false, false, false, CW_UPLOAD_BOTH, PAGE},
	{{14, 0, 8}, false, true, true, false, false, true, true, false, false, false, CW_UPLOAD_BOTH, PAGE},
	{{14, 2, 0}, false, true, true, true, true, true, true, false, false, false, CW_UPLOAD_BOTH, PAGE},
	{{14, 3, 0}, false, true, true, true, true, true, true, false, false, false, CW_UPLOAD_BOTH, PAGE},
	{{15, 0, 0}, false, true, true, true, true, true, true, false, false, true, CW_UPLOAD_BOTH, PAGE},
	{{15, 4, 0}, false, true, true, true, true, false, false, false, false, true,
		CW_UPLOAD_BOTH_UNLESS_ENABLED_ON_E, PAGE},
	{{15, 5, 0}, false, true, true, true, true, false, false, true, true, true, CW_UPLOAD_SERVER, PAGE},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* A number without sign at *text, moved behind it. */
static bool number(const char **text, unsigned *ret)
{
	unsigned value = 0;
	const char *start = *text;
	for (; **text >= '0' && **text <= '9' && *text - start < 4; (*text)++)
		value = value * 10 + (unsigned)(**text - '0');
	*ret = value;
	return *text > start;
}

static bool literal(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

bool cw_release_parse(const char *text, struct cw_release *ret, struct cw_error *error)
{
	struct cw_release release = {0};
	const char *rest = text;
	bool parsed = (literal(&rest, 'X') || literal(&rest, 'x')) && number(&rest, &release.major) &&
		literal(&rest, '.') && number(&rest, &release.minor);
	if (parsed && literal(&rest, '.'))
		parsed = number(&rest, &release.patch);
	if (!parsed || *rest)
		return cw_error_set(error, CW_E_USAGE,
			"\"%s\" is no release; wanted X<major>.<minor>[.<patch>] like X14.2 or X14.0.8",
			text);
	if (cw_release_compare(release, rows[0].release) < 0)
		return cw_error_set(
			error, CW_E_USAGE, "release \"%s\" is older than X12.5, the oldest one known", text);
	*ret = release;
	return true;
}

const char *cw_release_text(struct cw_release release, char text[CW_RELEASE_TEXT_SIZE])
{
	int length = snprintf(text, CW_RELEASE_TEXT_SIZE, "X%u.%u", release.major, release.minor);
	if (release.patch && length > 0)
		snprintf(text + length, CW_RELEASE_TEXT_SIZE - (size_t)length, ".%u", release.patch);
	return text;
}

int cw_release_compare(struct cw_release a, struct cw_release b)
{
	if (a.major != b.major)
		return a.major < b.major ? -1 : 1;
	if (a.minor != b.minor)
		return a.minor < b.minor ? -1 : 1;
	return (a.patch > b.patch) - (a.patch < b.patch);
}

bool cw_release_is_unknown(struct cw_release release, struct cw_buffer *ret)
{
	struct cw_release newest = rows[ROW_COUNT - 1].release;
	char text[CW_RELEASE_TEXT_SIZE], newest_text[CW_RELEASE_TEXT_SIZE];
	if (cw_release_compare((struct cw_release){release.major, release.minor, 0}, newest) <= 0)
		return false;
	cw_release_text(newest, newest_text);
	cw_buffer_printf(ret, "release %s is newer than %s, the newest one known here, and is judged as %s",
		cw_release_text(release, text), newest_text, newest_text);
	return true;
}

const struct cw_release_row *cw_release_row(struct cw_release release)
{
	const struct cw_release_row *row = &rows[0];
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (cw_release_compare(rows[i].release, release) <= 0)
			row = &rows[i];
	return row;
}

const struct cw_release_row *cw_release_rows(size_t *count)
{
	*count = ROW_COUNT;
	return rows;
}

struct cw_release cw_release_default(void)
{
	return (struct cw_release){14, 2, 0};
}
