#include "sip/sip_auth_client.h"

#include "base/random.h"

#include <stdio.h>
#include <string.h>

#define STALE_MAX 3
#define RANDOM_BYTES 16 /* of a cnonce */

void cw_sip_auth_client_finish(struct cw_sip_auth_client *client)
{
	free(client->challenge);
	client->challenge = NULL;
}

void cw_sip_auth_client_accepted(struct cw_sip_auth_client *client)
{
	client->sent = false;
	client->stale = 0;
}

static bool fits(struct cw_sip_text value, struct cw_sip_digest *ret)
{
	return cw_sip_digest_parse(value, ret) == CW_SIP_DIGEST_READ && ret->realm.data &&
		ret->nonce.length && cw_sip_digest_algorithm(ret) != CW_SIP_DIGEST_UNKNOWN &&
		cw_sip_digest_offers_auth(ret);
}

bool cw_sip_auth_client_take(struct cw_sip_auth_client *client, const struct cw_sip_message *response,
	enum cw_sip_auth_client_state *ret, struct cw_error *error)
{
	bool proxy = response->start.status == 407;
	enum cw_sip_field_id id = proxy ? CW_SIP_PROXY_AUTHENTICATE : CW_SIP_WWW_AUTHENTICATE;
	struct cw_sip_digest digest;
	struct cw_sip_text value;
	for (unsigned nth = 0; (value = cw_sip_message_field(response, id, nth)).data; nth++)
		if (fits(value, &digest))
			break;
	*ret = CW_SIP_AUTH_CLIENT_UNFIT;
	if (!value.data)
		return true;
	*ret = CW_SIP_AUTH_CLIENT_DENIED;
	if (client->sent && (!cw_sip_text_is(digest.stale, "true") || ++client->stale > STALE_MAX))
		return true;
	char *copy = strndup(value.data, value.length);
	if (!copy)
		return cw_error_memory(error);
	free(client->challenge);
	client->challenge = copy;
	client->proxy = proxy;
	client->count = 0;
	*ret = CW_SIP_AUTH_CLIENT_AGAIN;
	return true;
}

static void put(struct cw_buffer *out, const char *name, struct cw_sip_text value)
{
	cw_buffer_printf(out, ", %s=\"%.*s\"", name, CW_SIP_TEXT_ARGS(value));
}

/* The line of credentials, from what `digest` has by now. */
static void put_line(struct cw_buffer *line, const struct cw_sip_digest *digest)
{
	enum cw_sip_digest_algorithm algorithm = cw_sip_digest_algorithm(digest);
	cw_buffer_printf(line, "Digest username=\"%.*s\"", CW_SIP_TEXT_ARGS(digest->username));
	put(line, "realm", digest->realm);
	put(line, "nonce", digest->nonce);
	put(line, "uri", digest->uri);
	put(line, "response", digest->response);
	if (digest->algorithm.data)
		cw_buffer_printf(line, ", algorithm=%.*s", CW_SIP_TEXT_ARGS(digest->algorithm));
	if (digest->opaque.data)
		put(line, "opaque", digest->opaque);
	if (digest->qop.data)
		cw_buffer_printf(line, ", qop=auth, nc=%.*s", CW_SIP_TEXT_ARGS(digest->nc));
	if (digest->qop.data || algorithm == CW_SIP_DIGEST_MD5_SESS || algorithm == CW_SIP_DIGEST_SHA256_SESS)
		put(line, "cnonce", digest->cnonce);
}

bool cw_sip_auth_client_write(struct cw_sip_auth_client *client, struct cw_sip_writer *writer,
	const char *method, const char *uri, struct cw_error *error)
{
	AUTO_BUFFER user = {0};
	AUTO_BUFFER line = {0};
	struct cw_sip_digest digest;
	char count[9], cnonce[CW_RANDOM_HEX_SIZE(RANDOM_BYTES)], response[CW_SIP_DIGEST_SIZE];
	if (!client->challenge)
		return true;
	if (!fits(cw_sip_text_of(client->challenge), &digest))
		return cw_error_set(error, CW_E_FORMAT, "no challenge to answer");
	cw_random_hex(RANDOM_BYTES, cnonce);
	cw_sip_digest_quote(&user, client->username);
	digest.username = cw_sip_text_of(cw_buffer_string(&user));
	digest.uri = cw_sip_text_of(uri);
	snprintf(count, sizeof count, "%08x", ++client->count);
	if (digest.qop.data) {
		digest.qop = cw_sip_text_of("auth");
		digest.nc = cw_sip_text_of(count);
	}
	digest.cnonce = cw_sip_text_of(cnonce);
	if (!cw_sip_digest_response(&digest, cw_sip_text_of(method), client->password, response, error))
		return false;
	digest.response = cw_sip_text_of(response);
	put_line(&line, &digest);
	cw_sip_writer_field(writer, client->proxy ? CW_SIP_PROXY_AUTHORIZATION : CW_SIP_AUTHORIZATION, "%s",
		cw_buffer_string(&line));
	client->sent = true;
	return cw_buffer_ok(&user, error) && cw_buffer_ok(&line, error);
}
