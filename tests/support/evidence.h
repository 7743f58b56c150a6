/**
 * Evidence of an import as text, for rows with what is wanted of it.
 */
#ifndef TEST_SUPPORT_EVIDENCE_H
#define TEST_SUPPORT_EVIDENCE_H

#include "base/buffer.h"
#include "import/evidence.h"

/**
 * Appends a line for each piece, in the order met:
 *
 *     c1.txt:3 Zones Zone.# Name 6/0 = Traversal        (numbers of the key behind its words)
 *     c1.txt:9 trust tomcat-trust 1 root @pub:8443      (place, service, number, name in support/certs.h,
 * host) c1.txt dropped private key c1.txt unused empty
 */
static inline __attribute__((unused)) void test_evidence_text(const struct cw_evidence *evidence,
	const char *(*cert_name)(const struct cw_cert *), struct cw_buffer *ret)
{
	static const char *const places[] = {"loose", "own", "trust", "presented", "list"};
	for (size_t i = 0; i < evidence->source_count; i++)
		if (evidence->sources[i].box)
			cw_buffer_printf(
				ret, "%s box %s\n", evidence->sources[i].shown, evidence->sources[i].box);
	for (size_t i = 0; i < evidence->fact_count; i++) {
		const struct cw_evidence_fact *fact = &evidence->facts[i];
		cw_buffer_printf(ret, "%s:%zu %s %u/%u = %s\n", evidence->sources[fact->source].shown,
			fact->line, cw_fact_words(fact->key), fact->a, fact->b, fact->value);
	}
	for (size_t i = 0; i < evidence->cert_count; i++) {
		const struct cw_evidence_cert *cert = &evidence->certs[i];
		cw_buffer_printf(ret, "%s:%zu %s %s %zu %s", evidence->sources[cert->source].shown,
			cert->line, places[cert->place], cert->service ? cert->service : "-", cert->number,
			cert_name(cert->cert));
		if (cert->host)
			cw_buffer_printf(ret, " @%s:%u", cert->host, cert->port);
		cw_buffer_text(ret, "\n");
	}
	for (size_t i = 0; i < evidence->crl_count; i++)
		cw_buffer_printf(ret, "%s crl\n", evidence->sources[evidence->crls[i].source].shown);
	for (size_t i = 0; i < evidence->dropped.count; i++)
		cw_buffer_printf(ret, "%s dropped %s\n", evidence->dropped.items[i].file,
			evidence->dropped.items[i].text);
	for (size_t i = 0; i < evidence->unused.count; i++)
		cw_buffer_printf(ret, "%s unused %s\n", evidence->unused.items[i].file,
			evidence->unused.items[i].text);
}

#endif
