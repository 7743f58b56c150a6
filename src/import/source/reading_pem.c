#include "import/source/reading.h"

#include "base/forward.h"

#include "base/buffer.h"
#include "import/source/terminal_text.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <string.h>

#define BEGIN "-----BEGIN "
#define END "-----END "

/*
 * Certificates out of a text that went through a terminal: white space in front of lines, empty lines and
 * what the pager asked between two lines are no part of the PEM text that the box wrote. A file is read by
 * pki/bundle.h, which is strict, since OpenSSL would not read such a file either.
 */
struct collect {
	const struct cw_reading *read;
	struct cw_evidence_cert *as;
	struct cw_error *error;
	struct cw_buffer base64;
	bool open;    /* inside a block */
	size_t begin; /* its line */
	bool wanted;  /* it is a certificate */
	bool key;     /* it is a private key */
};

static bool base64_line(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("+/=", text[i]))
			return false;
	return length > 0;
}

static bool add_decoded(struct collect *collect, const uint8_t *der, size_t length)
{
	struct cw_error error;
	struct cw_cert *cert = NULL;
	if (!cw_pool_parse(collect->read->evidence->pool, der, length, &cert, &error)) {
		if (error.code == CW_E_MEMORY)
			return cw_error_memory(collect->error);
		AUTO_BUFFER why = {0};
		cw_buffer_printf(&why, "a certificate that cannot be read: %s", error.message);
		return cw_buffer_ok(&why, collect->error) &&
			cw_evidence_unused(collect->read->evidence,
				collect->read->evidence->sources[collect->read->source].shown, collect->begin,
				cw_buffer_string(&why), collect->error);
	}
	collect->as->source = collect->read->source;
	collect->as->line = collect->begin;
	collect->as->number++;
	collect->as->cert = cert;
	bool added = cw_evidence_add_cert(collect->read->evidence, collect->as, collect->error);
	collect->as->cert = NULL;
	cw_cert_free(cert);
	return added;
}

static bool end_block(struct collect *collect)
{
	const struct cw_buffer *text = &collect->base64;
	if (collect->key)
		return cw_evidence_drop(collect->read->evidence, collect->read->source, collect->begin,
			"private key", collect->error);
	if (!collect->wanted)
		return true;
	AUTO_BUFFER der = {0};
	cw_buffer_printf(&der, "%*s", (int)(text->length / 4 * 3 + 4), "");
	if (der.failed || text->failed)
		return cw_error_memory(collect->error);
	int length = EVP_DecodeBlock(
		(unsigned char *)der.data, (const unsigned char *)cw_buffer_string(text), (int)text->length);
	for (size_t i = text->length; length > 0 && i > 0 && text->data[i - 1] == '='; i--)
		length--;
	return add_decoded(collect, (const uint8_t *)der.data, length < 0 ? 0 : (size_t)length);
}

static bool take_line(struct collect *collect, const char *text, size_t length, size_t line)
{
	size_t unread = CW_FORWARD_BEGIN;
	while (length && isspace((unsigned char)*text) && cw_forward(&unread, length)) {
		text++;
		length--;
	}
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	if (length > strlen(BEGIN) && memcmp(text, BEGIN, strlen(BEGIN)) == 0) {
		const char *label = text + strlen(BEGIN);
		size_t left = length - strlen(BEGIN);
		collect->open = true;
		collect->begin = line;
		collect->base64.length = 0;
		collect->key = memmem(label, left, "PRIVATE KEY", 11) != NULL;
		collect->wanted = left == 16 && memcmp(label, "CERTIFICATE-----", 16) == 0;
		return true;
	}
	if (!collect->open)
		return true;
	if (length > strlen(END) && memcmp(text, END, strlen(END)) == 0) {
		bool fine = end_block(collect);
		collect->open = false;
		return fine;
	}
	if (base64_line(text, length) && !collect->key &&
		collect->base64.length + length < 2 * (size_t)CW_CERT_DER_MAX)
		cw_buffer_append(&collect->base64, text, length);
	return true;
}

bool cw_reading_pem(const struct cw_reading *read, const char *text, size_t length, size_t line,
	struct cw_evidence_cert *as, struct cw_error *error)
{
	struct collect collect = {.read = read, .as = as, .error = error};
	bool fine = true;
	for (size_t at = 0; fine && at<length; line += line> 0) {
		const char *stop = memchr(text + at, '\n', length - at);
		size_t next = stop ? (size_t)(stop - text) : length;
		fine = take_line(&collect, text + at, next - at, line);
		at = next + 1;
	}
	cw_buffer_finish(&collect.base64);
	return fine;
}
