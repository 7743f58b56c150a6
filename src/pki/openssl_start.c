#include "pki/openssl_start.h"

#include "pki/cert_library.h"
#include "pki/error_mark.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

static void *allocate(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	if (!size)
		return NULL;
	void *memory = malloc(size);
	if (!memory)
		cw_error_mark_count_failure();
	return memory;
}

static void release(void *memory, const char *file, int line)
{
	(void)file, (void)line;
	free(memory);
}

/* As OpenSSL wants it: no memory at first is an allocation, no size a release. */
static void *reallocate(void *memory, size_t size, const char *file, int line)
{
	if (!size) {
		release(memory, file, line);
		return NULL;
	}
	void *larger = realloc(memory, size);
	if (!larger)
		cw_error_mark_count_failure();
	return larger;
}

bool cw_openssl_start(void)
{
	/* Refused where OpenSSL has allocated already, by a library's constructor: then it works as
	 * without. */
	CRYPTO_set_mem_functions(allocate, reallocate, release);
	if (!OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL))
		return false;
	EVP_MD *digest = EVP_MD_fetch(NULL, "SHA256", NULL);
	EVP_MD_free(digest);
	cw_cert_library();
	return digest != NULL;
}
