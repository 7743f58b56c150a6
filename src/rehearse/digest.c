#include "rehearse/digest.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdint.h>
#include <stdio.h>

#define RAW_SIZE 16

void cw_digest_quote(struct cw_buffer *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < ' ' || c == 0x7f) {
			cw_buffer_printf(out, "%%%02X", c);
			continue;
		}
		if (c == '"' || c == '\\')
			cw_buffer_char(out, '\\');
		cw_buffer_char(out, *text);
	}
}

static void to_text(const uint8_t raw[RAW_SIZE], char ret[CW_DIGEST_SIZE])
{
	for (unsigned i = 0; i < RAW_SIZE; i++)
		snprintf(ret + 2 * i, 3, "%02x", raw[i]);
}

static bool md5(const struct cw_buffer *text, char ret[CW_DIGEST_SIZE])
{
	uint8_t raw[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	if (text->failed ||
		!EVP_Digest(cw_buffer_string(text), text->length, raw, &length, EVP_md5(), NULL) ||
		length != RAW_SIZE)
		return false;
	to_text(raw, ret);
	return true;
}

bool cw_digest_response(
	const struct cw_digest_login *login, const char *method, const char *uri, char ret[CW_DIGEST_SIZE])
{
	AUTO_BUFFER who = {0};
	AUTO_BUFFER what = {0};
	AUTO_BUFFER both = {0};
	char who_hash[CW_DIGEST_SIZE], what_hash[CW_DIGEST_SIZE];
	cw_buffer_printf(&who, "%s:%s:%s", login->quoted_user, login->realm, login->password);
	cw_buffer_printf(&what, "%s:%s", method, uri);
	if (!md5(&who, who_hash) || !md5(&what, what_hash))
		return false;
	cw_buffer_printf(&both, "%s:%s:%s", who_hash, login->nonce, what_hash);
	return md5(&both, ret);
}

bool cw_digest_nonce(char ret[CW_DIGEST_SIZE])
{
	uint8_t raw[RAW_SIZE];
	if (RAND_bytes(raw, sizeof raw) != 1)
		return false;
	to_text(raw, ret);
	return true;
}
