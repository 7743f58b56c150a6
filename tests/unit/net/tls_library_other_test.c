/*
 * A machine that is configured for other providers keeps them: handshakes then run in the ordinary context.
 * A program of its own, since the context is made once.
 */
#include "net/tls.h"
#include "net/tls_library.h"
#include "support/cmocka.h"

#include <openssl/provider.h>

static void other_providers_are_left_alone(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO(SSL_CTX_free) SSL_CTX *context = NULL;
	const struct cw_tls_setup client = {.asks = true};
	OSSL_PROVIDER *ordinary = OSSL_PROVIDER_load(NULL, "default"),
		      *other = OSSL_PROVIDER_load(NULL, "null");
	assert_true(ordinary && other);
	assert_null(cw_tls_library());
	assert_true(cw_tls_context(&client, &context, &error));
	OSSL_PROVIDER_unload(other);
	OSSL_PROVIDER_unload(ordinary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(other_providers_are_left_alone)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
