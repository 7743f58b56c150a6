/*
 * Sizes: appends COUNT further CA certificates to each list file that is named, all of one key and with names of their
 * own, as lists that serve other services hold them. bench/run_sizes times check and tidy on them.
 */
#include "base/buffer.h"
#include "base/file.h"
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "pki/bundle/pem_write.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#define LIST_MAX (64 * 1024 * 1024)

static bool write_cas(struct cw_buffer *pem, size_t count, EVP_PKEY *key, struct cw_error *error)
{
	const cw_time now = cw_time_now();
	for (size_t i = 0; i < count; i++) {
		AUTO(cw_cert_free) struct cw_cert *cert = NULL;
		char subject[64];
		snprintf(subject, sizeof subject, "O=Others, CN=Other CA %zu", i);
		const struct cw_issue_spec spec = {.subject = subject,
			.not_before = now - CW_DAY,
			.not_after = now + 2000 * CW_DAY,
			.constraints = CW_ISSUE_CA,
			.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN};
		if (!cw_issue(&spec, key, NULL, NULL, &cert, error) || !cw_pem_write_cert(pem, cert, error))
			return false;
	}
	return cw_buffer_ok(pem, error);
}

int main(int count, char **words)
{
	struct cw_error error;
	AUTO_BUFFER more = {0};
	EVP_PKEY *key = NULL;
	if (count < 3)
		return 0; /* bench/run_sizes names them */
	bool good = cw_issue_key("ec", &key, &error) &&
		write_cas(&more, strtoul(words[1], NULL, 10), key, &error);
	for (int i = 2; good && i < count; i++) {
		AUTO_BUFFER list = {0};
		good = cw_file_read(words[i], LIST_MAX, &list, &error);
		cw_buffer_append(&list, cw_buffer_string(&more), more.length);
		good = good && cw_buffer_ok(&list, &error) &&
			cw_file_write(words[i], cw_buffer_string(&list), list.length, 0644, &error);
	}
	EVP_PKEY_free(key);
	if (!good)
		fprintf(stderr, "bench: %s\n", error.message);
	return good ? 0 : 1;
}
