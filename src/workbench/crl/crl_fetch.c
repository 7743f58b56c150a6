#include "workbench/crl/crl_fetch.h"

#include "base/file.h"
#include "pki/bundle/pem_write.h"
#include "pki/error_mark.h"
#include "trust/issuers.h"
#include "workbench/crl/crl_note.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

void cw_crl_fetch_rows_finish(struct cw_crl_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->items[i].url);
		free(rows->items[i].detail);
	}
	free(rows->items);
	*rows = (struct cw_crl_rows){0};
}

static bool add_urls(const struct cw_cert *cert, struct cw_strings *ret)
{
	const struct cw_strings *urls = cw_cert_crl_urls(cert);
	for (size_t i = 0; i < urls->count; i++)
		if (!cw_strings_contain(ret, urls->items[i]) && !cw_strings_add(ret, urls->items[i]))
			return false;
	return true;
}

static bool add_node_urls(const struct cw_node *node, struct cw_strings *ret)
{
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (node->identities[i].leaf && !add_urls(node->identities[i].leaf, ret))
			return false;
	for (unsigned i = 0; i < CW_STORE_KIND_COUNT; i++)
		for (size_t k = 0; k < node->stores[i].list.count; k++)
			if (!add_urls(node->stores[i].list.entries[k].cert, ret))
				return false;
	return true;
}

bool cw_crl_fetch_addresses(const struct cw_deployment *deployment, const struct cw_node *only,
	struct cw_strings *ret, struct cw_error *error)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++) {
			const struct cw_node *node = deployment->groups[i]->nodes[k];
			if ((!only || node == only) && !add_node_urls(node, ret))
				return cw_error_memory(error);
		}
	return true;
}

/* What will be written. */
struct storing {
	const struct cw_deployment *deployment;
	struct cw_crl **crls;
	size_t count, capacity;
	bool changed;
	cw_time at;
	struct cw_crl_rows *rows;
	const struct cw_crl_fetch_options *options;
	struct cw_error *error;
};

static bool tell(struct storing *storing, const char *url, enum cw_crl_outcome outcome, const char *format,
	...) CW_PRINTF(4, 5);

static bool tell(
	struct storing *storing, const char *url, enum cw_crl_outcome outcome, const char *format, ...)
{
	struct cw_crl_rows *rows = storing->rows;
	AUTO_BUFFER detail = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&detail, format, args);
	va_end(args);
	if (!cw_memory_grow(&rows->items, &rows->capacity, rows->count, sizeof *rows->items))
		return cw_error_memory(storing->error);
	struct cw_crl_row *row = &rows->items[rows->count++];
	*row = (struct cw_crl_row){strdup(url), outcome, cw_buffer_steal(&detail)};
	return row->url && row->detail ? true : cw_error_memory(storing->error);
}

/* The stored list of the same CA and kind; `count`: none. */
static size_t find_stored(const struct storing *storing, const struct cw_crl *crl)
{
	size_t i = 0;
	while (i < storing->count &&
		(!cw_name_equal(cw_crl_issuer(storing->crls[i]), cw_crl_issuer(crl)) ||
			cw_crl_note_is_delta(storing->crls[i]) != cw_crl_note_is_delta(crl)))
		i++;
	return i;
}

static bool store(struct storing *storing, struct cw_crl *crl)
{
	size_t place = find_stored(storing, crl);
	if (place == storing->count) {
		if (!cw_memory_grow(&storing->crls, &storing->capacity, storing->count, sizeof(void *)))
			return cw_error_memory(storing->error);
		storing->count++;
	} else {
		cw_crl_free(storing->crls[place]);
	}
	storing->crls[place] = cw_crl_ref(crl);
	storing->changed = true;
	return true;
}

static bool consider(struct storing *storing, const char *url, struct cw_crl *crl)
{
	char date[CW_TIME_TEXT_SIZE];
	cw_time next;
	size_t place = find_stored(storing, crl);
	if (!cw_issuers_crl_signer(crl, storing->deployment->pool))
		return tell(storing, url, CW_CRL_REFUSED, "no CA of this deployment signed it (it says %s)",
			cw_crl_issuer_text(crl));
	if (cw_crl_next_update(crl, &next) && next < storing->at)
		return tell(storing, url, CW_CRL_REFUSED, "%s: expired on %s", cw_crl_issuer_text(crl),
			cw_time_format_date(next, date));
	if (cw_crl_this_update(crl) > storing->at)
		return tell(storing, url, CW_CRL_REFUSED, "%s: not valid before %s", cw_crl_issuer_text(crl),
			cw_time_format_date(cw_crl_this_update(crl), date));
	if (place < storing->count && cw_crl_this_update(storing->crls[place]) >= cw_crl_this_update(crl))
		return tell(storing, url, CW_CRL_KEPT, "%s: the stored one of %s is as new",
			cw_crl_issuer_text(crl),
			cw_time_format_date(cw_crl_this_update(storing->crls[place]), date));
	return store(storing, crl) &&
		tell(storing, url, CW_CRL_STORED, "%s, of %s", cw_crl_issuer_text(crl),
			cw_time_format_date(cw_crl_this_update(crl), date));
}

/* Adds the certificate's name where it names the address; counts those that do. */
static void add_namer(
	const struct cw_cert *cert, const char *where, const char *url, size_t *count, struct cw_buffer *ret)
{
	if (!cert || !cw_strings_contain(cw_cert_crl_urls(cert), url))
		return;
	if (!(*count)++)
		cw_buffer_printf(ret, "%s (%s)", cw_cert_label(cert), where);
}

/* The first certificate that names the address, and how many there are more. */
static void who_names(const struct cw_deployment *deployment, const char *url, struct cw_buffer *ret)
{
	size_t count = 0;
	for (size_t i = 0; i < deployment->group_count; i++) {
		for (size_t k = 0; k < deployment->groups[i]->count; k++) {
			const struct cw_node *node = deployment->groups[i]->nodes[k];
			for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
				add_namer(node->identities[kind].leaf, node->fqdn, url, &count, ret);
			for (unsigned kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
				for (size_t at = 0; at < node->stores[kind].list.count; at++)
					add_namer(node->stores[kind].list.entries[at].cert, node->fqdn, url,
						&count, ret);
		}
	}
	if (count > 1)
		cw_buffer_printf(ret, " and %zu more", count - 1);
}

static bool get(const struct storing *storing, const char *url, const struct cw_fetch_limits *limits,
	struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_crl_fetch_options *options = storing->options;
	if (options->get)
		return options->get(options->context, url, limits, ret, error);
	return cw_fetch(url, limits, ret, error);
}

static bool fetch_one(struct storing *storing, const char *url, const struct cw_fetch_limits *limits)
{
	AUTO_BUFFER content = {0};
	AUTO_BUNDLE bundle = {0};
	AUTO(cw_pool_free)
	struct cw_pool *pool = cw_pool_new(); /* what came over the wire stays out of ours */
	struct cw_error why;
	if (!pool)
		return cw_error_memory(storing->error);
	if (!get(storing, url, limits, &content, &why) ||
		!cw_bundle_parse(&(struct cw_bundle_file){cw_buffer_string(&content), content.length, url},
			NULL, pool, &bundle, &why)) {
		if (why.code == CW_E_MEMORY)
			return cw_error_memory(storing->error);
		bool network = why.code == CW_E_NETWORK || why.code == CW_E_LIMIT || why.code == CW_E_USAGE;
		AUTO_BUFFER namer = {0};
		who_names(storing->deployment, url, &namer);
		const char *named = namer.length ? "; named by " : "";
		return tell(storing, url, network ? CW_CRL_FAILED : CW_CRL_REFUSED, "%s%s%s", why.message,
			named, cw_buffer_string(&namer));
	}
	if (!bundle.crl_count)
		return tell(storing, url, CW_CRL_REFUSED, "what came is no CRL");
	for (size_t i = 0; i < bundle.crl_count; i++)
		if (!consider(storing, url, bundle.crls[i]))
			return false;
	return true;
}

static bool read_stored(struct storing *storing, const char *path)
{
	AUTO_BUNDLE bundle = {0};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	if (!pool)
		return cw_error_memory(storing->error);
	if (access(path, F_OK) != 0)
		return true;
	if (!cw_bundle_read(path, path, NULL, pool, &bundle, storing->error))
		return false;
	if (bundle.count || bundle.key_count)
		return cw_error_set(storing->error, CW_E_USAGE,
			"%s: holds more than revocation lists; wanted a file for them alone", path);
	for (size_t i = 0; i < bundle.crl_count; i++)
		if (!store(storing, bundle.crls[i]))
			return false;
	storing->changed = false;
	return true;
}

static bool write_stored(const struct storing *storing, const char *path)
{
	AUTO_BUFFER pem = {0};
	for (size_t i = 0; i < storing->count; i++) {
		unsigned char *der = NULL;
		int length = i2d_X509_CRL(cw_crl_x509(storing->crls[i]), &der);
		bool good = length > 0 &&
			cw_pem_write_block(&pem, "X509 CRL", der, (size_t)length, storing->error);
		OPENSSL_free(der);
		if (!good)
			return length > 0 ? false : cw_error_memory(storing->error);
	}
	return cw_file_write(path, cw_buffer_string(&pem), pem.length, 0644, storing->error);
}

static time_t now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec;
}

/* All of them together have a limit too: a hundred slow servers must not take an hour. */
static bool fetch_in_time(
	struct storing *storing, const char *url, const struct cw_fetch_limits *limits, time_t end)
{
	struct cw_fetch_limits left = *limits;
	time_t rest = end - now();
	if (rest < 1)
		return tell(storing, url, CW_CRL_FAILED,
			"not asked for: the others have taken the %d seconds that there are for all",
			CW_CRL_FETCH_SECONDS_MAX);
	if (left.seconds > rest)
		left.seconds = (long)rest;
	return fetch_one(storing, url, &left);
}

bool cw_crl_fetch(const struct cw_deployment *deployment, const struct cw_strings *urls,
	const struct cw_crl_fetch_options *options, struct cw_crl_rows *ret, struct cw_error *error)
{
	AUTO_CRL_ROWS rows = {0};
	struct storing storing = {.deployment = deployment,
		.at = options->at,
		.rows = &rows,
		.options = options,
		.error = error};
	if (urls->count > CW_CRL_FETCH_ADDRESSES_MAX)
		return cw_error_set(error, CW_E_LIMIT,
			"the certificates name %zu CRL addresses; at most %d are fetched at once: name a node (--node)",
			urls->count, CW_CRL_FETCH_ADDRESSES_MAX);
	bool good = read_stored(&storing, options->path);
	const time_t end = now() + CW_CRL_FETCH_SECONDS_MAX;
	for (size_t i = 0; good && i < urls->count; i++)
		good = fetch_in_time(&storing, urls->items[i], &options->limits, end);
	good = good && (!storing.changed || write_stored(&storing, options->path));
	for (size_t i = 0; i < storing.count; i++)
		cw_crl_free(storing.crls[i]);
	free(storing.crls);
	if (!good)
		return false;
	*ret = rows;
	rows = (struct cw_crl_rows){0};
	return true;
}
