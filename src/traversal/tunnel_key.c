#include "traversal/tunnel_key.h"

#include "pki/key.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <string.h>

CW_DEFINE_AUTO(BIGNUM *, BN_free)
CW_DEFINE_AUTO(BIO *, BIO_free_all)

/* Against a key of absurd size: RSA with 16384 bits is 2 kB. */
#define NUMBER_MAX 4096
#define POINT_MAX 200

struct key_kind {
	enum cw_tunnel_algorithm algorithm;
	const char *group;	/* OpenSSL's name of the curve; NULL: RSA */
	const char *name;	/* of the key, RFC 4253 and RFC 5656 */
	const char *curve;	/* RFC 5656 section 6.1 */
	const char *signatures; /* that such keys make */
};

static const struct key_kind key_kinds[] = {
	{CW_TUNNEL_RSA, NULL, "ssh-rsa", NULL, "rsa-sha2-512,rsa-sha2-256"},
	{CW_TUNNEL_NISTP256, "prime256v1", "ecdsa-sha2-nistp256", "nistp256", "ecdsa-sha2-nistp256"},
	{CW_TUNNEL_NISTP384, "secp384r1", "ecdsa-sha2-nistp384", "nistp384", "ecdsa-sha2-nistp384"},
	{CW_TUNNEL_NISTP521, "secp521r1", "ecdsa-sha2-nistp521", "nistp521", "ecdsa-sha2-nistp521"},
};

#define KINDS (sizeof key_kinds / sizeof key_kinds[0])

static const struct key_kind *kind_of(const EVP_PKEY *key)
{
	char group[40] = "";
	size_t length;
	bool rsa = EVP_PKEY_is_a(key, "RSA") == 1;
	if (!rsa && EVP_PKEY_is_a(key, "EC") == 1)
		EVP_PKEY_get_group_name(key, group, sizeof group, &length);
	for (size_t i = 0; i < KINDS; i++)
		if (key_kinds[i].group ? strcmp(key_kinds[i].group, group) == 0 : rsa)
			return &key_kinds[i];
	return NULL;
}

unsigned cw_tunnel_key_algorithm(const EVP_PKEY *key)
{
	const struct key_kind *kind = kind_of(key);
	return kind ? (unsigned)kind->algorithm : 0;
}

_Static_assert(CW_TUNNEL_RSA == 1 << CW_TUNNEL_KEY_RSA && CW_TUNNEL_NISTP256 == 1 << CW_TUNNEL_KEY_NISTP256 &&
		CW_TUNNEL_NISTP384 == 1 << CW_TUNNEL_KEY_NISTP384 &&
		CW_TUNNEL_NISTP521 == 1 << CW_TUNNEL_KEY_NISTP521,
	"the sets are those of the model");

unsigned cw_tunnel_key_allowed(const struct cw_group *group)
{
	return group->tunnel_keys ? group->tunnel_keys : (unsigned)CW_TUNNEL_ALL;
}

static void put_string(struct cw_buffer *blob, const void *data, size_t length)
{
	const unsigned char size[4] = {(unsigned char)(length >> 24), (unsigned char)(length >> 16),
		(unsigned char)(length >> 8), (unsigned char)length};
	cw_buffer_append(blob, size, sizeof size);
	cw_buffer_append(blob, data, length);
}

/* An mpint (RFC 4251 section 5): a leading zero keeps it positive. */
static bool put_number(struct cw_buffer *blob, const EVP_PKEY *key, const char *which)
{
	unsigned char bytes[NUMBER_MAX + 1] = {0};
	BIGNUM *found = NULL;
	if (EVP_PKEY_get_bn_param(key, which, &found) != 1)
		return false;
	AUTO(BN_free) BIGNUM *number = found;
	int length = BN_num_bytes(number);
	if (length == 0 || length > NUMBER_MAX)
		return false;
	BN_bn2bin(number, bytes + 1);
	const size_t zero = bytes[1] & 0x80 ? 1 : 0;
	put_string(blob, bytes + 1 - zero, (size_t)length + zero);
	return true;
}

/* The point uncompressed, whatever form the certificate has it in. */
static bool put_point(struct cw_buffer *blob, const EVP_PKEY *key)
{
	unsigned char bytes[POINT_MAX];
	AUTO(BN_free) BIGNUM *x = NULL;
	AUTO(BN_free) BIGNUM *y = NULL;
	int width = (EVP_PKEY_get_bits(key) + 7) / 8;
	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &x) != 1 ||
		EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y) != 1 || 2 * width + 1 > POINT_MAX)
		return false;
	bytes[0] = 4;
	if (BN_bn2binpad(x, bytes + 1, width) != width || BN_bn2binpad(y, bytes + 1 + width, width) != width)
		return false;
	put_string(blob, bytes, (size_t)(2 * width + 1));
	return true;
}

static bool make_blob(
	const EVP_PKEY *key, const struct key_kind **ret_kind, struct cw_buffer *blob, struct cw_error *error)
{
	const struct key_kind *kind = kind_of(key);
	if (!kind)
		return cw_error_set(error, CW_E_KEY,
			"SSH cannot use this kind of key; wanted RSA or EC on P-256, P-384 or P-521");
	put_string(blob, kind->name, strlen(kind->name));
	bool good;
	if (kind->curve) {
		put_string(blob, kind->curve, strlen(kind->curve));
		good = put_point(blob, key);
	} else {
		good = put_number(blob, key, OSSL_PKEY_PARAM_RSA_E) &&
			put_number(blob, key, OSSL_PKEY_PARAM_RSA_N);
	}
	if (!good)
		return cw_error_set(error, CW_E_KEY, "the public key cannot be written as SSH has it");
	*ret_kind = kind;
	return cw_buffer_ok(blob, error);
}

static bool put_base64(struct cw_buffer *out, const void *data, size_t length)
{
	AUTO(free) unsigned char *text = malloc(length / 3 * 4 + 8);
	if (!text)
		return false;
	int size = EVP_EncodeBlock(text, data, (int)length);
	cw_buffer_append(out, text, (size_t)size);
	return true;
}

bool cw_tunnel_key_check(const EVP_PKEY *key, unsigned set, struct cw_error *error)
{
	unsigned algorithm = cw_tunnel_key_algorithm(key);
	if (algorithm & set)
		return true;
	return cw_error_set(error, CW_E_KEY,
		algorithm ? "the key of the certificate is of a kind that tunnel-key-algorithms leaves out"
			  : "SSH cannot use the key of the certificate; wanted RSA or EC on P-256, P-384 or "
			    "P-521");
}

bool cw_tunnel_key_line(const EVP_PKEY *key, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER blob = {0};
	const struct key_kind *kind;
	if (!make_blob(key, &kind, &blob, error))
		return false;
	cw_buffer_printf(ret, "%s ", kind->name);
	return put_base64(ret, blob.data, blob.length) ? cw_buffer_ok(ret, error) : cw_error_memory(error);
}

bool cw_tunnel_key_fingerprint(
	const EVP_PKEY *key, char ret[CW_TUNNEL_FINGERPRINT_SIZE], struct cw_error *error)
{
	AUTO_BUFFER blob = {0};
	AUTO_BUFFER text = {0};
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size;
	const struct key_kind *kind;
	if (!make_blob(key, &kind, &blob, error))
		return false;
	if (EVP_Digest(blob.data, blob.length, digest, &size, EVP_sha256(), NULL) != 1)
		return cw_error_set(error, CW_E_CRYPTO, "SHA-256 is not to be had");
	if (!put_base64(&text, digest, size))
		return cw_error_memory(error);
	while (text.length && text.data[text.length - 1] == '=')
		text.data[--text.length] = '\0';
	snprintf(ret, CW_TUNNEL_FINGERPRINT_SIZE, "SHA256:%s", cw_buffer_string(&text));
	return true;
}

bool cw_tunnel_key_pem(EVP_PKEY *key, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(BIO_free_all) BIO *memory = BIO_new(BIO_s_secmem()); /* wiped when it is released */
	char *text;
	if (!memory || PEM_write_bio_PKCS8PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL) != 1)
		return cw_error_set(error, CW_E_KEY, "the private key cannot be written as PKCS#8");
	long length = BIO_get_mem_data(memory, &text);
	ret->secret = true;
	cw_buffer_append(ret, text, (size_t)length);
	return cw_buffer_ok(ret, error);
}

void cw_tunnel_key_algorithms(unsigned set, struct cw_buffer *ret)
{
	const char *before = "";
	for (size_t i = 0; i < KINDS; i++) {
		if (!(set & (unsigned)key_kinds[i].algorithm))
			continue;
		cw_buffer_printf(ret, "%s%s", before, key_kinds[i].signatures);
		before = ",";
	}
}
