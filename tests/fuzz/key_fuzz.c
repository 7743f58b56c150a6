/** Any bytes as a private key in DER, with a password at hand and without. */
#include "pki/key_parse.h"

#include <openssl/err.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const passwords[] = {NULL, "secret"};
	for (size_t i = 0; i < 2; i++) {
		AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
		struct cw_error error;
		uint64_t spent = 0;
		bool good = cw_key_parse_der(data, size, passwords[i], &spent, &key, &error);
		if (good != (key != NULL) || (!good && !*error.message) || ERR_peek_error())
			abort();
	}
	return 0;
}
