/**
 * Any text as a session cookie: it is never good, unless it is the one that was signed. Any bytes as a document of the zone,
 * as a file of keys, and as an answer of User Data Services.
 */
#include "node/edge/edge_cookie.h"
#include "node/edge/edge_told.h"
#include "node/edge/edge_uds.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW ((cw_time)1795000000)

static struct cw_edge_key_signer signer;
static struct cw_edge_key_ring ring;
static struct cw_buffer good;

/* One key and one cookie for all inputs. */
static void begin(void)
{
	static const char keys[] =
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 1794999000 1795999000\n";
	struct cw_edge_key_told told[CW_EDGE_KEY_OWN_MAX];
	struct cw_error error;
	const struct cw_edge_session session = {.user = "anna", .issued = NOW, .expires = NOW + 3600};
	if (!cw_edge_key_signer_read(keys, sizeof keys - 1, &signer, &error) ||
		!cw_edge_cookie_sign(&signer.keys[0].key, &session, &good, &error))
		abort();
	if (!cw_edge_key_ring_take(&ring, "c1", told, cw_edge_key_signer_told(&signer, told), NOW))
		abort();
}

/* The input in the place of some of a good cookie's bytes, too. */
static void try_cookie(struct cw_http_text text)
{
	struct cw_edge_session session;
	AUTO_BUFFER mixed = {0};
	bool same = text.length == good.length && memcmp(text.at, good.data, good.length) == 0;
	if ((cw_edge_cookie_verify(&ring, text, NOW, &session) == CW_EDGE_COOKIE_GOOD) != same)
		abort();
	size_t at = text.length ? (uint8_t)text.at[0] % good.length : 0;
	size_t length = text.length < good.length - at ? text.length : good.length - at;
	cw_buffer_append(&mixed, good.data, good.length);
	if (length)
		memcpy(mixed.data + at, text.at, length);
	same = memcmp(mixed.data, good.data, good.length) == 0;
	const struct cw_http_text value = {mixed.data, mixed.length};
	if ((cw_edge_cookie_verify(&ring, value, NOW, &session) == CW_EDGE_COOKIE_GOOD) != same)
		abort();
}

static void try_keys(const char *data, size_t size)
{
	struct cw_edge_key_signer read;
	struct cw_error error;
	AUTO_BUFFER again = {.secret = true};
	if (!cw_edge_key_signer_read(data, size, &read, &error))
		return;
	cw_edge_key_signer_write(&read, &again);
	struct cw_edge_key_signer twice;
	if (!cw_edge_key_signer_read(cw_buffer_string(&again), again.length, &twice, &error) ||
		twice.count != read.count)
		abort();
	cw_edge_key_signer_finish(&read);
	cw_edge_key_signer_finish(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cw_http_text text = {(const char *)data, size};
	struct cw_edge_uds_user user;
	AUTO_EDGE_TOLD told = {0};
	if (!signer.count)
		begin();
	try_cookie(text);
	try_keys(text.at, size);
	(void)cw_edge_told_read(text.at, size, &told);
	(void)cw_edge_uds_read_user(text.at, size, &user);
	return 0;
}
