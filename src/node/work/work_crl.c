#include "base/file.h"
#include "node/work/work_apply.h"
#include "node/work/work_do.h"
#include "node/work/work_json.h"
#include "node/work/work_yaml.h"
#include "pki/bundle/pem_write.h"
#include "trust/issuers.h"
#include "workbench/crl/crl_note.h"

#include <openssl/crypto.h>
#include <openssl/x509.h>
#include <string.h>

#define URLS_MAX 32

/* --- what there is --- */

static json_t *crl_of(const struct cw_work_call *call, const struct cw_crl *crl, cw_time now)
{
	const STACK_OF(X509_REVOKED) *revoked = X509_CRL_get_REVOKED(cw_crl_x509(crl));
	const struct cw_cert *signer = cw_issuers_crl_signer(crl, call->core->snapshot->pool);
	struct cw_json json = {0};
	AUTO(json_decref) json_t *row = json_object();
	cw_time next;
	bool ends = cw_crl_next_update(crl, &next);
	cw_json_put(&json, row, "issuer", cw_json_text(cw_crl_issuer_text(crl)));
	cw_json_put(&json, row, "this_update", cw_json_time(cw_crl_this_update(crl)));
	cw_json_put(&json, row, "next_update", ends ? cw_json_time(next) : json_null());
	cw_json_put(&json, row, "expired", json_boolean(ends && next < now));
	cw_json_put(
		&json, row, "revoked", cw_json_count((size_t)(revoked ? sk_X509_REVOKED_num(revoked) : 0)));
	cw_json_put(&json, row, "delta", json_boolean(cw_crl_note_is_delta(crl)));
	cw_json_put(&json, row, "indirect", json_boolean(cw_crl_note_is_indirect(crl)));
	cw_json_put(&json, row, "signed_by", cw_json_text(signer ? cw_cert_subject_text(signer) : NULL));
	return json.failed ? NULL : TAKE(row);
}

static const char *revocation_word(const struct cw_group *group)
{
	if (group->revocation_unknown)
		return "unknown";
	return group->revocation ? "crl" : "off";
}

static bool put_page(struct cw_work_call *call)
{
	const struct cw_snapshot *snapshot = call->core->snapshot;
	const struct cw_node_file_crl *update = &snapshot->file->crl_update;
	const struct cw_crl_set *set = &snapshot->node->crls;
	cw_time now = cw_time_now();
	json_t *crls = json_array();
	for (size_t i = 0; i < set->count; i++)
		cw_json_add(&call->json, crls, crl_of(call, set->items[i], now));
	cw_work_call_put(call, "crls", crls);
	cw_work_call_put(call, "revocation", cw_json_text(revocation_word(snapshot->node->group)));
	cw_work_call_put(call, "fallback",
		cw_json_text(snapshot->node->group->revocation_missing_passes ? "ignore" : "fail"));
	cw_work_call_put(call, "urls", cw_json_texts(&update->urls));
	cw_work_call_put(call, "daily", cw_json_text(update->daily ? update->daily : "03:00"));
	cw_work_call_put(call, "enabled", json_boolean(update->enabled));
	return true;
}

bool cw_work_do_crl(struct cw_work_call *call)
{
	return put_page(call);
}

/* --- the manual upload: what was uploaded before is replaced --- */

static bool read_crls(struct cw_work_call *call, struct cw_pool *pool, struct cw_bundle *ret, char why[600])
{
	AUTO_BUFFER file = {0};
	const char *name;
	bool given;
	*why = '\0';
	if (!cw_work_call_file_name(call, "the file", &name) ||
		!cw_work_call_file(call, "file", &file, &given))
		return false;
	if (!given)
		return cw_work_call_refuse(call, 400, "Choose the CRL file.",
			"file: wanted a revocation list (CRL), found no file");
	const struct cw_bundle_file bytes = {cw_buffer_string(&file), file.length, name};
	if (!cw_bundle_parse(&bytes, NULL, pool, ret, call->error)) {
		if (call->error->code == CW_E_MEMORY)
			return false;
		snprintf(why, 600, "%.590s", call->error->message);
	} else if (!ret->crl_count) {
		snprintf(why, 600, "%.200s: wanted a revocation list (CRL), found none", name);
	}
	return true;
}

static bool write_pem(const struct cw_bundle *bundle, struct cw_buffer *ret, struct cw_error *error)
{
	for (size_t i = 0; i < bundle->crl_count; i++) {
		unsigned char *der = NULL;
		int length = i2d_X509_CRL(cw_crl_x509(bundle->crls[i]), &der);
		bool good = length > 0 && cw_pem_write_block(ret, "X509 CRL", der, (size_t)length, error);
		OPENSSL_free(der);
		if (!good)
			return length > 0 ? false : cw_error_memory(error);
	}
	return cw_buffer_ok(ret, error);
}

static void lay_over(struct cw_snapshot *after, struct cw_bundle *bundle)
{
	struct cw_crl_set *set = &after->node->crls;
	struct cw_crl_set former = *set;
	*set = (struct cw_crl_set){bundle->crls, bundle->crl_count, bundle->crl_capacity, false};
	bundle->crls = former.items;
	bundle->crl_count = former.count;
	bundle->crl_capacity = former.capacity;
}

/* One file of the node's own, certs/crl.pem unless node.yaml names another. */
static bool store(struct cw_work_call *call, struct cw_snapshot *after, const struct cw_bundle *bundle)
{
	struct cw_strings *paths = &after->node->crl_paths;
	const char *typed = paths->count ? paths->items[0] : "certs/crl.pem";
	AUTO(free) char *path = cw_file_path(call->core->folder.path, typed);
	AUTO_WORK_LOCKS locks = {0};
	AUTO_BUFFER pem = {0};
	if (paths->count > 1)
		return cw_work_call_refuse(call, 409,
			"Change the files by hand; the node reads them by itself.",
			"node.yaml names %zu files of revocation lists; a page replaces one", paths->count);
	if (!path)
		return cw_work_call_memory(call);
	if (!write_pem(bundle, &pem, call->error) || !cw_work_apply_lock(call, path, &locks) ||
		!cw_work_apply_keep(call, path) ||
		!cw_file_write(path, cw_buffer_string(&pem), pem.length, 0644, call->error))
		return false;
	if (paths->count)
		return true;
	const struct cw_work_yaml_change change = {.model = after};
	return (cw_strings_add(paths, typed) || cw_work_call_memory(call)) &&
		cw_work_yaml_write(call, &change);
}

bool cw_work_do_crl_upload(struct cw_work_call *call)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	AUTO_BUNDLE bundle = {0};
	char why[600];
	bool tries = false, done;
	if (!cw_work_call_switch(call, "try", &tries) || !cw_work_apply_read(call, &after) ||
		!read_crls(call, after->pool, &bundle, why))
		return false;
	bool refused = *why != '\0';
	cw_work_call_put(call, "refused", json_boolean(refused));
	const char *said = tries ? "The CRL file would be accepted." : "CRL file uploaded.";
	cw_work_call_put(call, "page_text", cw_json_text(refused ? why : said));
	if (refused) {
		cw_work_apply_nothing(call, "refused: nothing is changed");
		return put_page(call);
	}
	if (tries) {
		lay_over(after, &bundle);
		done = cw_work_apply_try(call, after);
	} else {
		done = store(call, after, &bundle) && cw_work_apply_done(call);
	}
	return done && put_page(call);
}

/* --- settings --- */

static bool is_clock(const char *text)
{
	unsigned hour, minute;
	char rest;
	return strlen(text) == 5 && sscanf(text, "%2u:%2u%c", &hour, &minute, &rest) == 2 && hour < 24 &&
		minute < 60;
}

static bool is_url(const char *text)
{
	const char *host = strstr(text, "://");
	bool known = strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
	return known && host && strlen(host) > 3 && strlen(text) < 1000 && !strpbrk(text, " \"'<>\\^`{|}");
}

static bool check_urls(struct cw_work_call *call, const struct cw_strings *urls)
{
	if (urls->count > URLS_MAX)
		return cw_work_call_refuse(
			call, 400, NULL, "urls: wanted at most %d, found %zu", URLS_MAX, urls->count);
	for (size_t i = 0; i < urls->count; i++)
		if (!is_url(urls->items[i]))
			return cw_work_call_refuse(call, 400, NULL,
				"urls: wanted an HTTP(S) distribution point, found \"%.200s\"",
				urls->items[i]);
	return true;
}

/* "crl-updates:" as it will stand. */
static void put_words(struct cw_buffer *ret, bool enabled, const char *daily, const struct cw_strings *urls)
{
	cw_buffer_printf(ret, "crl-updates:\n  enabled: %s\n  daily: ", enabled ? "on" : "off");
	cw_work_yaml_quote(ret, daily);
	cw_buffer_text(ret, "\n  urls: [");
	for (size_t i = 0; i < urls->count; i++) {
		cw_buffer_text(ret, i ? ", " : "");
		cw_work_yaml_quote(ret, urls->items[i]);
	}
	cw_buffer_text(ret, "]\n");
}

static bool set_words(struct cw_work_call *call, struct cw_snapshot *after, struct cw_buffer *ret)
{
	static const char *const revocations[] = {"off", "crl"}, *const fallbacks[] = {"fail", "ignore"};
	const struct cw_node_file_crl *update = &after->file->crl_update;
	struct cw_group *group = after->node->group;
	AUTO_STRINGS urls = {0};
	const char *daily;
	bool enabled = update->enabled, given;
	size_t revocation = 2, fallback = 2;
	if (!cw_work_call_texts(call, "urls", &urls, &given) || !cw_work_call_text(call, "daily", &daily) ||
		!cw_work_call_switch(call, "enabled", &enabled) ||
		!cw_work_call_word(call, "revocation", revocations, 2, &revocation) ||
		!cw_work_call_word(call, "fallback", fallbacks, 2, &fallback) || !check_urls(call, &urls))
		return false;
	if (daily && !is_clock(daily))
		return cw_work_call_refuse(call, 400, NULL,
			"daily: wanted a time of day in UTC (03:30), found \"%.60s\"", daily);
	if (!daily)
		daily = update->daily ? update->daily : "03:00";
	put_words(ret, enabled, daily, given ? &urls : &update->urls);
	if (revocation < 2) {
		group->revocation = revocation == 1;
		group->revocation_unknown = false;
	}
	if (fallback < 2)
		group->revocation_missing_passes = fallback == 1;
	return cw_buffer_ok(ret, call->error);
}

bool cw_work_do_crl_set(struct cw_work_call *call)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	AUTO_BUFFER words = {0};
	bool tries = false;
	if (!cw_work_call_switch(call, "try", &tries) || !cw_work_apply_read(call, &after) ||
		!set_words(call, after, &words))
		return false;
	const struct cw_work_yaml_own own = {"crl-updates", cw_buffer_string(&words)};
	const struct cw_work_yaml_change change = {
		.model = after, .own = &own, .own_count = 1, .tries = tries};
	return cw_work_yaml_apply(call, &change) && put_page(call);
}
