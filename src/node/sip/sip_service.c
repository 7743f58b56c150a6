#include "node/sip/sip_service.h"

#include "base/random.h"
#include "http/http_base64.h"
#include "pki/bundle/pem_write.h"
#include "sip/sip_digest.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKEN_BYTES 16
#define CERT_TYPE "application/x-x509-ca-cert"
#define PEM_BEGIN "-----BEGIN CERTIFICATE-----"
#define PEM_END "-----END CERTIFICATE-----"
/* DER of a certificate and its base64; an identity's are 1 to 3 KB. */
#define TEXT_MAX (24 * 1024)

/* --- writing --- */

static struct cw_sip_text credentials_of(const struct cw_sip_message *request)
{
	struct cw_sip_text own = cw_sip_message_field(request, CW_SIP_AUTHORIZATION, 0);
	return own.data ? own : cw_sip_message_field(request, CW_SIP_PROXY_AUTHORIZATION, 0);
}

bool cw_sip_service_wanted(const struct cw_sip_message *request)
{
	return cw_sip_message_is(request, "REGISTER") && credentials_of(request).data;
}

/* What a client wrote goes into XML: nothing in it is markup. */
static void put_xml(struct cw_buffer *ret, const char *element, struct cw_sip_text text)
{
	cw_buffer_printf(ret, "<%s>", element);
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte > ' ' && byte < 0x7f && !strchr("<>&\"'", byte))
			cw_buffer_char(ret, (char)byte);
		else
			cw_buffer_printf(ret, "&#%u;", (unsigned)byte);
	}
	cw_buffer_printf(ret, "</%s>", element);
}

static void put_call(struct cw_buffer *ret, const struct cw_sip_digest *digest, const char *id)
{
	cw_buffer_text(ret, "<methodCall><params>");
	put_xml(ret, "username", digest->username);
	put_xml(ret, "realm", digest->realm);
	put_xml(ret, "nonce", digest->nonce);
	put_xml(ret, "qop", digest->qop);
	put_xml(ret, "cnonce", digest->cnonce);
	put_xml(ret, "nc", digest->nc);
	put_xml(ret, "response", digest->response);
	put_xml(ret, "uri", digest->uri);
	cw_buffer_printf(ret,
		"<method>REGISTER</method><id>%s</id><caching-enabled>true</caching-enabled>"
		"<reqtype>collab-edge</reqtype></params><methodName>DigestAuth</methodName><version>1.0</version>"
		"</methodCall>",
		id);
}

static void put_body(struct cw_buffer *ret, const struct cw_sip_digest *digest, const struct cw_cert *own,
	const char *boundary)
{
	struct cw_error error;
	cw_buffer_printf(ret, "--%s\r\nContent-Type: application/text\r\n\r\n", boundary);
	put_call(ret, digest, boundary);
	cw_buffer_printf(ret, "\r\n--%s\r\nContent-Type: " CERT_TYPE "\r\n\r\n", boundary);
	if (!cw_pem_write_cert(ret, own, &error))
		ret->failed = true;
	cw_buffer_printf(ret, "--%s--\r\n", boundary);
}

bool cw_sip_service_write(struct cw_sip_hop *hop, const struct cw_sip_flow *flow,
	const struct cw_sip_message *registration, const struct cw_cert *own, struct cw_buffer *out,
	struct cw_error *error)
{
	AUTO_BUFFER branch = {0}, body = {0}, type = {0};
	struct cw_sip_writer writer = {.out = out};
	struct cw_sip_digest digest = {0};
	char token[CW_RANDOM_HEX_SIZE(TOKEN_BYTES)];
	if (cw_sip_digest_parse(credentials_of(registration), &digest) != CW_SIP_DIGEST_READ)
		digest = (struct cw_sip_digest){0}; /* Unified CM says what is wrong with it */
	cw_random_hex(TOKEN_BYTES, token);
	if (!cw_sip_hop_branch(hop, flow, &branch, error))
		return false;
	put_body(&body, &digest, own, token);
	cw_buffer_printf(&type, "multipart/mixed;boundary=%s", token);
	if (!cw_buffer_ok(&branch, error) || !cw_buffer_ok(&body, error) || !cw_buffer_ok(&type, error))
		return false;
	cw_sip_writer_request(&writer, "SERVICE", "sip:serviceserver@causeway.invalid");
	cw_sip_writer_field(&writer, CW_SIP_VIA, "SIP/2.0/TLS %s:%u;branch=%s", hop->host, hop->port,
		cw_buffer_string(&branch));
	cw_sip_writer_field(&writer, CW_SIP_MAX_FORWARDS, "15");
	cw_sip_writer_field(&writer, CW_SIP_FROM, "<sip:serviceproxy@%s>;tag=%.16s", hop->host, token);
	cw_sip_writer_field(&writer, CW_SIP_TO, "<sip:serviceserver@causeway.invalid>");
	cw_sip_writer_field(&writer, CW_SIP_CALL_ID, "%s@%s", token, hop->host);
	cw_sip_writer_field(&writer, CW_SIP_CSEQ, "1 SERVICE");
	cw_sip_writer_field(&writer, CW_SIP_CONTACT, "<sip:serviceproxy@%s>", hop->host);
	cw_sip_writer_field(&writer, CW_SIP_EVENT, "service");
	return cw_sip_writer_end(&writer, cw_buffer_string(&type),
		(struct cw_sip_text){cw_buffer_string(&body), body.length}, error);
}

/* --- reading --- */

static const char *find(struct cw_sip_text text, const char *what)
{
	return text.data ? memmem(text.data, text.length, what, strlen(what)) : NULL;
}

/* From `at` to the end of `text`. */
static struct cw_sip_text rest(struct cw_sip_text text, const char *at)
{
	return (struct cw_sip_text){at, text.length - (size_t)(at - text.data)};
}

/* The base64 between the two lines, without its line ends. */
static bool read_pem(struct cw_sip_text part, struct cw_cert **ret, const char **reason)
{
	AUTO_BUFFER text = {0};
	AUTO(free) char *der = malloc(TEXT_MAX);
	struct cw_http_text bytes;
	struct cw_error error;
	const char *begin = find(part, PEM_BEGIN), *end;
	*reason = "its certificate cannot be read";
	if (!der || !begin || !(end = find(rest(part, begin), PEM_END)) || end - begin > TEXT_MAX)
		return false;
	for (begin += sizeof PEM_BEGIN - 1; begin < end; begin++)
		if (!strchr("\r\n", *begin) || !*begin)
			cw_buffer_char(&text, *begin);
	return !text.failed &&
		cw_http_base64_decode((struct cw_http_text){cw_buffer_string(&text), text.length},
			CW_HTTP_BASE64_PADDED, &bytes, der, TEXT_MAX) &&
		cw_cert_parse((const uint8_t *)bytes.at, bytes.length, ret, &error);
}

/* The boundary of a multipart/mixed, with its two hyphens, into `ret`. */
static bool read_boundary(struct cw_sip_text type, char ret[75])
{
	static const char want[] = "multipart/mixed";
	size_t end = cw_sip_text_find(type, 0, ';');
	struct cw_sip_parameters parameters = {0};
	const char *reason;
	bool good = cw_sip_text_is(cw_sip_text_trim(cw_sip_text_part(type, 0, end)), want) &&
		cw_sip_parameters_parse(cw_sip_text_part(type, end, type.length), &parameters, &reason);
	const struct cw_sip_parameter *boundary =
		good ? cw_sip_parameters_find(&parameters, "boundary") : NULL;
	good = boundary && boundary->value.length > 0 && boundary->value.length <= 70 &&
		!memchr(boundary->value.data, '\0', boundary->value.length);
	if (good)
		snprintf(ret, 75, "--%.*s", CW_SIP_TEXT_ARGS(boundary->value));
	cw_sip_parameters_finish(&parameters);
	return good;
}

/* The header fields of a part, up to its empty line, say that it is a certificate. */
static bool is_cert(struct cw_sip_text part)
{
	const char *end = find(part, "\r\n\r\n");
	if (!end)
		return false;
	const size_t length = sizeof CERT_TYPE - 1;
	for (const char *at = part.data; at + length <= end; at++)
		if (strncasecmp(at, CERT_TYPE, length) == 0)
			return true;
	return false;
}

bool cw_sip_service_read(const struct cw_sip_message *request, struct cw_cert **ret, const char **reason)
{
	char boundary[75];
	struct cw_sip_text left = request->body;
	*reason = "it is no multipart/mixed";
	if (!read_boundary(cw_sip_message_field(request, CW_SIP_CONTENT_TYPE, 0), boundary))
		return false;
	*reason = "it has no certificate";
	for (unsigned parts = 0; parts < CW_SIP_SERVICE_PARTS_MAX; parts++) {
		const char *at = find(left, boundary);
		if (!at)
			return false;
		left = rest(left, at + strlen(boundary));
		const char *next = find(left, boundary);
		struct cw_sip_text part = {left.data, next ? (size_t)(next - left.data) : left.length};
		if (is_cert(part))
			return read_pem(part, ret, reason);
	}
	return false;
}
