#include "workbench/cert_diff.h"

#include "report/text/layout.h"

#include <string.h>
#include <strings.h>

static void line(struct cw_buffer *ret, const char *label, const char *format, ...) CW_PRINTF(3, 4);

static void line(struct cw_buffer *ret, const char *label, const char *format, ...)
{
	AUTO_BUFFER text = {0}, prefix = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	cw_buffer_printf(&prefix, "  %-12s", label);
	cw_layout_wrap(ret, cw_buffer_string(&prefix), 14, cw_buffer_string(&text));
	ret->failed |= text.failed || prefix.failed;
}

static bool has_name(const struct cw_cert *cert, const char *name)
{
	const struct cw_sans *sans = cw_cert_sans(cert);
	for (size_t i = 0; i < sans->count; i++)
		if (strcasecmp(sans->items[i].text, name) == 0)
			return true;
	return false;
}

static bool names_only_in(
	struct cw_buffer *ret, const char *label, const struct cw_cert *one, const struct cw_cert *other)
{
	const struct cw_sans *sans = cw_cert_sans(one);
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < sans->count; i++)
		if (!has_name(other, sans->items[i].text))
			cw_buffer_printf(&names, "%s%s", names.length ? ", " : "", sans->items[i].text);
	ret->failed |= names.failed;
	if (!names.length)
		return false;
	line(ret, label, "%s", cw_buffer_string(&names));
	return true;
}

static const char *purposes(const struct cw_cert *cert)
{
	const struct cw_eku *eku = cw_cert_eku(cert);
	if (!eku->present)
		return "any (no extended key usage)";
	if (eku->server_auth && eku->client_auth)
		return "serverAuth and clientAuth";
	if (eku->server_auth)
		return "serverAuth only";
	return eku->client_auth ? "clientAuth only" : "neither";
}

static bool diff_purposes(
	struct cw_buffer *ret, const struct cw_cert *old_cert, const struct cw_cert *new_cert)
{
	const struct cw_eku *before = cw_cert_eku(old_cert), *after = cw_cert_eku(new_cert);
	if (before->present == after->present && before->server_auth == after->server_auth &&
		before->client_auth == after->client_auth)
		return false;
	line(ret, "Purposes", "%s, was %s", purposes(new_cert), purposes(old_cert));
	return (before->server_auth && !after->server_auth && after->present) ||
		(before->client_auth && !after->client_auth && after->present);
}

static void diff_key(struct cw_buffer *ret, const struct cw_cert *old_cert, const struct cw_cert *new_cert)
{
	char before[CW_KEY_TEXT_SIZE], after[CW_KEY_TEXT_SIZE];
	if (cw_cert_same_key(old_cert, new_cert))
		line(ret, "Key", "the same, %s", cw_cert_key_text(cw_cert_key(new_cert), after));
	else
		line(ret, "Key", "a new one, %s, was %s", cw_cert_key_text(cw_cert_key(new_cert), after),
			cw_cert_key_text(cw_cert_key(old_cert), before));
	if (strcmp(cw_cert_digest(old_cert), cw_cert_digest(new_cert)) != 0)
		line(ret, "Digest", "%s, was %s", cw_cert_digest(new_cert), cw_cert_digest(old_cert));
}

static bool same_authority(const struct cw_cert *old_cert, const struct cw_cert *new_cert)
{
	size_t before, after;
	const uint8_t *a = cw_cert_authority_key_id(old_cert, &before);
	const uint8_t *b = cw_cert_authority_key_id(new_cert, &after);
	return !a || !b || (before == after && memcmp(a, b, before) == 0);
}

static bool diff_issuer(struct cw_buffer *ret, const struct cw_cert *old_cert, const struct cw_cert *new_cert)
{
	size_t length;
	bool same_name = cw_name_equal(cw_cert_issuer(old_cert), cw_cert_issuer(new_cert));
	if (same_name && same_authority(old_cert, new_cert))
		return false;
	AUTO_BUFFER id = {0};
	const uint8_t *key_id = cw_cert_authority_key_id(new_cert, &length);
	if (key_id)
		cw_buffer_hex(&id, key_id, length);
	if (same_name)
		line(ret, "Issuer",
			"%s again, but with another key (authority key identifier %s): two entries of one "
			"subject, of which the first in a list decides",
			cw_cert_issuer_text(new_cert), cw_buffer_string(&id));
	else
		line(ret, "Issuer", "%s, was %s", cw_cert_issuer_text(new_cert),
			cw_cert_issuer_text(old_cert));
	ret->failed |= id.failed;
	return true;
}

static void diff_dates(
	struct cw_buffer *ret, const struct cw_cert *old_cert, const struct cw_cert *new_cert, cw_time at)
{
	char before[CW_TIME_TEXT_SIZE], from[CW_TIME_TEXT_SIZE], until[CW_TIME_TEXT_SIZE];
	line(ret, "Valid", "%s to %s (%lld days), was to %s",
		cw_time_format_date(cw_cert_not_before(new_cert), from),
		cw_time_format_date(cw_cert_not_after(new_cert), until),
		(long long)((cw_cert_not_after(new_cert) - at) / CW_DAY),
		cw_time_format_date(cw_cert_not_after(old_cert), before));
	if (cw_cert_not_before(new_cert) > at)
		line(ret, "", "not valid yet: install it on %s or later", from);
	if (cw_cert_not_after(new_cert) <= cw_cert_not_after(old_cert))
		line(ret, "", "it does not last longer than the old one");
}

/* Those whose lists lack something, each once, in the order of the links: boxes or endpoints. */
static void judges(struct cw_buffer *ret, const struct cw_consequences *consequences, bool endpoints)
{
	AUTO_STRINGS seen = {0};
	for (size_t i = 0; i < consequences->count; i++) {
		const struct cw_consequence *item = &consequences->items[i];
		if (!item->lacks || endpoints != !item->judge_node || cw_strings_contain(&seen, item->judge))
			continue;
		cw_buffer_printf(ret, "%s%s", seen.count ? ", " : "", item->judge);
		ret->failed |= !cw_strings_add(&seen, item->judge);
	}
}

static void meaning_of_issuer(struct cw_buffer *ret, const struct cw_consequences *consequences)
{
	AUTO_BUFFER boxes = {0}, endpoints = {0};
	judges(&boxes, consequences, false);
	judges(&endpoints, consequences, true);
	if (boxes.length)
		line(ret, "That means", "new issuing CA: upload it on %s %s", cw_buffer_string(&boxes),
			consequences->installed ? "now" : "before you install");
	if (endpoints.length)
		line(ret, boxes.length ? "" : "That means", "endpoints that do not know the CA: %s",
			cw_buffer_string(&endpoints));
	if (!boxes.length && !endpoints.length)
		line(ret, "That means", "new issuing CA, and every list that matters holds it already");
	ret->failed |= boxes.failed || endpoints.failed;
}

static void meaning(
	struct cw_buffer *ret, const struct cw_cert_diff *diff, const struct cw_consequences *consequences)
{
	bool other = false;
	if (consequences && consequences->installed)
		line(ret, "Now", "the new one is installed already; %zu %s refused", consequences->refused,
			consequences->refused == 1 ? "link on which it is shown is"
						   : "links on which it is shown are");
	else if (consequences && consequences->refused)
		line(ret, "Now", "%zu %s refused now, and with the new one as well", consequences->refused,
			consequences->refused == 1 ? "link on which it is shown is"
						   : "links on which it is shown are");
	if (diff->issuer && consequences)
		meaning_of_issuer(ret, consequences);
	else if (diff->issuer)
		line(ret, "That means",
			"new issuing CA: upload it on the box itself and on everybody who meets this "
			"certificate before you install (with --deployment and --node they are named)");
	for (size_t i = 0; consequences && i < consequences->count; i++) {
		const struct cw_consequence *item = &consequences->items[i];
		if (item->lacks && diff->issuer)
			continue;
		const char *label = other || diff->issuer ? "" : "That means";
		line(ret, label, "%s: %s: %s", item->judge, cw_finding_code_name(item->code),
			item->detail ? item->detail : "");
		other = true;
	}
	if (!diff->issuer && !diff->lost && !other)
		line(ret, "That means", "nobody has to trust anything new");
}

static bool diff_common_name(
	struct cw_buffer *ret, const struct cw_cert *old_cert, const struct cw_cert *new_cert)
{
	const char *before = cw_cert_common_name(old_cert), *after = cw_cert_common_name(new_cert);
	bool same = before && after ? strcmp(before, after) == 0 : before == after;
	if (same)
		return false;
	if (!before)
		before = "none";
	line(ret, "CN", "%s, was %s", after ? after : "none", before);
	return true;
}

struct cw_cert_diff cw_cert_diff_text(struct cw_buffer *ret, const struct cw_cert *old_cert,
	const struct cw_cert *new_cert, const struct cw_consequences *consequences, cw_time at)
{
	struct cw_cert_diff diff = {0};
	if (cw_cert_same(old_cert, new_cert)) {
		cw_buffer_text(ret, "the same certificate\n");
		return diff;
	}
	cw_buffer_printf(ret, "old  %s\nnew  %s\n", cw_cert_label(old_cert), cw_cert_label(new_cert));
	diff.names = diff_common_name(ret, old_cert, new_cert);
	diff.lost = names_only_in(ret, "Names lost", old_cert, new_cert);
	diff.names |= names_only_in(ret, "Names won", new_cert, old_cert) || diff.lost;
	diff.lost |= diff_purposes(ret, old_cert, new_cert);
	diff_key(ret, old_cert, new_cert);
	diff.issuer = diff_issuer(ret, old_cert, new_cert);
	diff_dates(ret, old_cert, new_cert, at);
	meaning(ret, &diff, consequences);
	return diff;
}
