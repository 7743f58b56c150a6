/**
 * Any bytes as everything that `cert verify` is given: the first certificate of the file is judged, all
 * others are presented with it and stand in the list, its CRLs count.
 */
#include "judged.h"

#include "base/buffer.h"
#include "pki/bundle/bundle.h"
#include "support/instant.h"

#define CERTS_MAX 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct cw_bundle *bundle)
{
	AUTO_TRUST_LIST list = {0};
	struct cw_cert *chain[CERTS_MAX];
	size_t count = bundle->count < CERTS_MAX ? bundle->count : CERTS_MAX;
	for (size_t i = 0; i < count; i++) {
		chain[i] = bundle->entries[i].cert;
		if (i && !cw_trust_list_add(&list, chain[i], "file", i))
			return;
	}
	const struct cw_wanted_name name = {{"e1.acme.test", NULL}, CW_PEER_NAME_MISMATCH, CW_LAYER_TLS};
	struct cw_judge_question question = {.chain = chain,
		.chain_count = count,
		.list = &list,
		.names = &name,
		.name_count = 1,
		.revocation = {.on = bundle->crl_count > 0, .crls = bundle->crls, .count = bundle->crl_count},
		.at = TEST_AT};
	for (int profile = CW_PROFILE_EXPRESSWAY; profile <= CW_PROFILE_TUNNEL; profile++) {
		question.profile = (enum cw_profile)profile;
		question.purpose = (enum cw_purpose)(profile + 1);
		judged_ask(question);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUFFER file = {0};
	AUTO_BUNDLE bundle = {0};
	struct cw_error error;
	cw_buffer_append(&file, data, size);
	if (cw_bundle_parse(&(struct cw_bundle_file){cw_buffer_string(&file), file.length, "file"}, NULL,
		    pool, &bundle, &error) &&
		bundle.count)
		judge(&bundle);
	return 0;
}
