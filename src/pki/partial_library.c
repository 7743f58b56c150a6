#include "pki/partial_library.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static OSSL_PROVIDER *whole; /* in the ordinary context */

static int count_other(OSSL_PROVIDER *provider, void *others)
{
	if (strcmp(OSSL_PROVIDER_get0_name(provider), "default") != 0)
		++*(unsigned *)others;
	return 1;
}

static bool only_the_default_provider(void)
{
	unsigned others = 0;
	return OSSL_PROVIDER_do_all(NULL, count_other, &others) == 1 && !others &&
		!EVP_default_properties_is_fips_enabled(NULL);
}

static bool is_openssl_3_0(void)
{
	return OPENSSL_version_major() == 3 && OPENSSL_version_minor() == 0;
}

static void find_whole(void)
{
	if (is_openssl_3_0() && only_the_default_provider())
		whole = OSSL_PROVIDER_try_load(NULL, "default", 1);
}

OSSL_PROVIDER *cw_partial_library_whole(void)
{
	return CRYPTO_THREAD_run_once(&once, find_whole) ? whole : NULL;
}

/* "EC" is the first name of "EC:id-ecPublicKey:1.2.840.10045.2.1". */
static bool is_among(const char *all, const char *const names[], size_t count)
{
	size_t length = strcspn(all, ":");
	for (size_t i = 0; i < count && names[i]; i++)
		if (strlen(names[i]) == length && strncmp(all, names[i], length) == 0)
			return true;
	return false;
}

void cw_partial_library_pick(
	int operation, const char *const names[], size_t count, const char *property, OSSL_ALGORITHM *ret)
{
	int uncached;
	size_t picked = 0;
	const OSSL_ALGORITHM *all =
		OSSL_PROVIDER_query_operation(cw_partial_library_whole(), operation, &uncached);
	for (; all && all->algorithm_names && picked < count; all++)
		if (is_among(all->algorithm_names, names, count) &&
			(!property || strstr(all->property_definition, property)))
			ret[picked++] = *all;
	ret[picked] = (OSSL_ALGORITHM){0};
}

/* Which groups there are for key exchanges. */
static int get_capabilities(void *context, const char *name, OSSL_CALLBACK *tell, void *argument)
{
	(void)context;
	return OSSL_PROVIDER_get_capabilities(cw_partial_library_whole(), name, tell, argument);
}

int cw_partial_library_begin(OSSL_FUNC_provider_query_operation_fn *query,
	OSSL_DISPATCH functions[CW_PARTIAL_FUNCTIONS], const OSSL_DISPATCH **ret, void **context)
{
	functions[0] = (OSSL_DISPATCH){OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query};
	functions[1] = (OSSL_DISPATCH){OSSL_FUNC_PROVIDER_GET_CAPABILITIES, (void (*)(void))get_capabilities};
	functions[2] = (OSSL_DISPATCH){0, NULL};
	*context =
		OSSL_PROVIDER_get0_provider_ctx(cw_partial_library_whole()); /* what its algorithms expect */
	*ret = functions;
	return 1;
}

OSSL_LIB_CTX *cw_partial_library(const char *name, OSSL_provider_init_fn *begin)
{
	OSSL_LIB_CTX *made = OSSL_LIB_CTX_new();
	if (made && OSSL_PROVIDER_add_builtin(made, name, begin) == 1 && OSSL_PROVIDER_load(made, name))
		return made;
	OSSL_LIB_CTX_free(made);
	return NULL;
}
