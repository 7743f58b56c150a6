/**
 * Any bytes as what a box answers to `collect`: the first byte says what was asked for. What is kept holds neither
 * the login nor an encrypted value.
 */
#include "collect/collect_answer.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TOKEN "cmVhZGVyOlhwdy1leHByZXNzd2F5"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct cw_collect_login login = {.user = "reader", .password = "Xpw-expressway"};
	struct cw_collect_request request = {.name = "x"};
	struct cw_collect_result result = {0};
	AUTO_BUFFER body = {0};
	struct cw_error error;
	if (!size)
		return 0;
	request.body = data[0] % (CW_COLLECT_FILE + 1);
	request.service = data[0] & 32 ? "tomcat-trust" : NULL;
	request.trust = data[0] & 64;
	cw_buffer_append(&body, data + 1, size - 1);
	struct cw_collect_answer answer = {
		&request, "c1.acme.test", &login, TOKEN, data[0] & 128 ? 500 : 200, NULL, &body};
	if (!cw_collect_answer_take(&answer, &result, &error))
		abort();
	if (result.outcome == CW_COLLECT_HAD &&
		memmem(cw_buffer_string(&body), body.length, TOKEN, strlen(TOKEN)))
		abort();
	free(result.why);
	return 0;
}
