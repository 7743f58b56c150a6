/**
 * Any bytes as a digest header, as a STUN message and as a flow token: read or refused; no credentials fit
 * that were not made with the password; a challenge that is answered gives credentials that are read again.
 */
#include "sip/sip_auth_client.h"
#include "sip/sip_flow.h"
#include "sip/sip_stun.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_digest(struct cw_sip_text value)
{
	struct cw_sip_digest digest;
	struct cw_error error;
	bool fits;
	if (cw_sip_digest_parse(value, &digest) != CW_SIP_DIGEST_READ)
		return;
	(void)cw_sip_digest_offers_auth(&digest);
	if (!cw_sip_digest_matches(&digest, cw_sip_text_of("OPTIONS"), "0123456789", &fits, &error) || fits)
		abort();
}

static void try_challenge(const char *challenge)
{
	AUTO_BUFFER out = {0};
	struct cw_sip_writer writer = {.out = &out};
	struct cw_error error;
	struct cw_sip_digest digest;
	bool fits;
	struct cw_sip_auth_client client = {.username = "a\"b", .password = "0123456789"};
	client.challenge = strdup(challenge);
	if (client.challenge && cw_sip_auth_client_write(&client, &writer, "OPTIONS", "sip:e", &error) &&
		!writer.unfit) {
		struct cw_sip_text line = cw_sip_text_of(cw_buffer_string(&out));
		struct cw_sip_text value = cw_sip_text_part(line, strlen("Authorization: "), line.length);
		value.length -= 2;
		if (cw_sip_digest_parse(value, &digest) != CW_SIP_DIGEST_READ ||
			!cw_sip_digest_matches(
				&digest, cw_sip_text_of("OPTIONS"), "0123456789", &fits, &error) ||
			!fits)
			abort();
	}
	cw_sip_auth_client_finish(&client);
}

static void try_stun(const uint8_t *data, size_t size)
{
	static const struct cw_sip_stun_address from = {.port = 5061};
	AUTO_BUFFER out = {0};
	struct cw_sip_stun stun, answer;
	const char *reason;
	if (!cw_sip_stun_parse(data, size, &stun, &reason))
		return;
	cw_sip_stun_answer(&stun, &from, &out);
	if (out.length && !cw_sip_stun_parse(out.data, out.length, &answer, &reason))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[CW_SIP_FLOW_KEY] = {1};
	struct cw_sip_flow flow;
	AUTO(free) char *text = strndup((const char *)data, size);
	if (!text)
		return 0;
	try_digest((struct cw_sip_text){(const char *)data, size});
	try_challenge(text);
	try_stun(data, size);
	if (cw_sip_flow_read(key, text, &flow)) /* nobody guesses a MAC of 128 bits */
		abort();
	return 0;
}
