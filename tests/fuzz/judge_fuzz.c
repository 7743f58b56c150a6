/**
 * Lists, chains, CRLs and questions put together from any bytes, over one small estate of CAs with everything
 * that goes wrong in the field.
 *
 * Input: profile, purpose, a byte of switches, days from TEST_AT, the leaf; then a byte for each certificate
 * or CRL that is added: what to (list, wire, known, CRLs) in the two highest bits, which in the others.
 */
#include "judged.h"

#include "support/certs.h"

#include <string.h>

#define HEAD 5
#define ENTRIES_MAX 24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char statements[] =
	"root ca; copy ca cn=root key=root until=700; twin ca cn=root key=twin; other ca; old ca until=-1; "
	"cross ca by=other cn=root key=root; back ca by=root cn=other key=other; "
	"inter ca by=root; renewed ca by=root cn=inter key=inter until=90; namesake ca by=other cn=inter; "
	"roll ca by=inter cn=inter key=next noski noaki; short ca by=root pathlen=0; under ca by=short; "
	"dated ca by=root until=-1; soon ca by=root from=1; plain end by=root; nosign ca by=root ku=crlsign; "
	"client ca by=root eku=client; within ca by=root permit=other.test; sha ca by=root digest=SHA1; "
	"leaf by=inter san=DNS:e1.acme.test eku=server,client; server by=inter san=DNS:*.acme.test "
	"eku=server; "
	"weak by=root kind=rsa:1024 key=weak san=DNS:e1.acme.test; forged by=root corrupt; alone "
	"san=DNS:e1.acme.test; "
	"late by=dated; under1 by=under; rolled by=roll eku=client; limited by=within san=DNS:e1.acme.test; "
	"odd by=plain critical; broken by=client broken; strange by=sha v1";
static const char *const names[] = {"root", "copy", "twin", "other", "old", "cross", "back", "inter",
	"renewed", "namesake", "roll", "short", "under", "dated", "soon", "plain", "nosign", "client",
	"within", "sha", "leaf", "server", "weak", "forged", "alone", "late", "under1", "rolled", "limited",
	"odd", "broken", "strange"};
static const char *const crl_words[] = {"by=root", "by=root revoked=inter,leaf", "by=inter",
	"by=inter revoked=leaf", "by=other", "by=other this=-9 next=-1", "by=root corrupt",
	"by=short this=1"};
#define NAMES (sizeof names / sizeof names[0])
#define CRLS (sizeof crl_words / sizeof crl_words[0])

static struct cw_cert *certs[NAMES];
static struct cw_crl *crls[CRLS];

static void make_once(void)
{
	if (certs[0])
		return;
	test_make_certs(statements);
	for (size_t i = 0; i < NAMES; i++)
		certs[i] = test_cert(names[i]);
	for (size_t i = 0; i < CRLS; i++)
		crls[i] = test_crl(crl_words[i]);
}

struct built {
	struct cw_cert *wire[ENTRIES_MAX + 1];
	struct cw_crl *crls[ENTRIES_MAX];
	struct cw_trust_list list;
	struct cw_pool *known;
	size_t wire_count, crl_count;
};

static void built_finish(struct built *built)
{
	cw_trust_list_finish(&built->list);
	cw_pool_free(built->known);
}

/* False: no memory. */
static bool add_known(struct built *built, const struct cw_cert *cert)
{
	size_t length;
	struct cw_error error;
	const uint8_t *der = cw_cert_der(cert, &length);
	AUTO(cw_cert_free) struct cw_cert *again = NULL;
	return cw_pool_parse(built->known, der, length, &again, &error) &&
		cw_pool_note(built->known, again, "known.pem");
}

static bool add(struct built *built, uint8_t byte)
{
	struct cw_cert *cert = certs[(byte & 63) % NAMES];
	switch (byte >> 6) {
	case 0:
		return cw_trust_list_add(&built->list, cert, "list.pem", built->list.count + 1);
	case 1:
		built->wire[built->wire_count++] = cert;
		return true;
	case 2:
		return add_known(built, cert);
	case 3:
		built->crls[built->crl_count++] = crls[(byte & 63) % CRLS];
		return true;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < HEAD)
		return 0;
	make_once();
	struct built built __attribute__((cleanup(built_finish))) = {.known = cw_pool_new(), .wire_count = 1};
	built.wire[0] = certs[data[4] % NAMES];
	for (size_t i = HEAD; i < size && i < HEAD + ENTRIES_MAX; i++)
		if (!add(&built, data[i]))
			return 0;
	const struct cw_wanted_name wanted = {{"e1.acme.test", NULL}, CW_PEER_NAME_MISMATCH, CW_LAYER_TLS};
	judged_ask((struct cw_judge_question){
		.chain = built.wire,
		.chain_count = built.wire_count,
		.list = &built.list,
		.profile = (enum cw_profile)(data[0] % 3),
		.purpose = (enum cw_purpose)(data[1] % 4),
		.names = &wanted,
		.name_count = data[2] & 1,
		.common_name_counts = data[2] & 2,
		.revocation = {.on = data[2] & 4,
			.missing_passes = data[2] & 8,
			.doubtful = data[2] & 32,
			.crls = built.crls,
			.count = built.crl_count},
		.known = data[2] & 16 ? built.known : NULL,
		.at = TEST_AT + (int8_t)data[3] * CW_DAY,
	});
	return 0;
}
