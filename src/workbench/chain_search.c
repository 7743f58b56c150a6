#include "workbench/chain_search.h"

#include "report/text/layout.h"
#include "trust/issuers.h"

#include <stdlib.h>
#include <unistd.h>

bool cw_chain_search_read_system(struct cw_pool *pool, struct cw_bundle *ret, struct cw_error *error)
{
	const char *named = getenv(X509_get_default_cert_file_env());
	const char *path = named && *named ? named : X509_get_default_cert_file();
	if (access(path, R_OK) != 0)
		return true;
	return cw_bundle_read(path, "system", NULL, pool, ret, error);
}

/* Somebody of the wanted name is there, but its key is another one. */
static const struct cw_cert *namesake(const struct cw_pool *pool, const struct cw_cert *top)
{
	struct cw_issuers issuers = cw_issuers_named(cw_cert_issuer(top), NULL, pool);
	const struct cw_cert *issuer;
	while ((issuer = cw_issuers_next(&issuers, NULL)))
		if (!cw_cert_same(issuer, top))
			return issuer;
	return NULL;
}

static void missing(struct cw_buffer *ret, const struct cw_pool *pool, const struct cw_cert *top)
{
	AUTO_BUFFER line = {0};
	const struct cw_strings *urls = cw_cert_issuer_urls(top);
	size_t length;
	const uint8_t *id = cw_cert_authority_key_id(top, &length);
	const struct cw_cert *other = namesake(pool, top);
	cw_buffer_printf(&line, "missing: %s, which signed %s", cw_cert_issuer_text(top), cw_cert_label(top));
	if (id) {
		cw_buffer_text(&line, " (its key identifier is ");
		cw_buffer_hex(&line, id, length);
		cw_buffer_char(&line, ')');
	}
	cw_layout_wrap(ret, "  ", 4, cw_buffer_string(&line));
	for (size_t i = 0; i < urls->count; i++)
		cw_buffer_printf(ret, "    it can be had from %s\n", urls->items[i]);
	if (!urls->count)
		cw_buffer_text(ret, "    the certificate does not say where it can be had: ask the CA\n");
	if (other) {
		AUTO_BUFFER note = {0};
		cw_buffer_printf(&note,
			"one of that name is here (%s), but its key did not sign this certificate",
			cw_pool_path(pool, other) ? cw_pool_path(pool, other) : "");
		cw_layout_wrap(ret, "    ", 4, cw_buffer_string(&note));
		ret->failed |= note.failed;
	}
	ret->failed |= line.failed;
}

void cw_chain_search_text(
	struct cw_buffer *ret, const struct cw_pool *pool, const struct cw_chain_order *chain)
{
	for (size_t i = chain->count; i-- > 0;) {
		const struct cw_cert *cert = chain->steps[i];
		const char *path = cw_pool_path(pool, cert);
		bool top = i + 1 == chain->count;
		cw_buffer_printf(ret, "Certificate %zu", i + 1);
		if (path)
			cw_buffer_printf(ret, "  %s", path);
		cw_buffer_char(ret, '\n');
		cw_buffer_printf(ret, "  Issuer: %s%s\n  Subject: %s\n", cw_cert_issuer_text(cert),
			top && !chain->complete ? " - not found" : "", cw_cert_subject_text(cert));
	}
	if (!chain->complete)
		missing(ret, pool, chain->steps[chain->count - 1]);
	else
		cw_buffer_printf(ret, "complete: %zu certificate%s up to the root\n", chain->count,
			chain->count == 1 ? "" : "s");
}
