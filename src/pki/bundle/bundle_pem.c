#include "pki/bundle/bundle_parts.h"

#include "pki/bundle/der.h"
#include "pki/bundle/der_kind.h"
#include "pki/bundle/file_content.h"
#include "pki/error_mark.h"
#include "pki/key_parse.h"

#include <openssl/x509.h>
#include <string.h>

CW_DEFINE_AUTO(X509 *, X509_free)

static bool read_cert(
	struct cw_bundle_reader *reader, const struct cw_pem_block *block, struct cw_error *error)
{
	return cw_bundle_add_cert(reader, block->data, block->length, error);
}

static void put_purposes(struct cw_buffer *ret, const char *what, STACK_OF(ASN1_OBJECT) * purposes)
{
	for (int i = 0; i < sk_ASN1_OBJECT_num(purposes); i++) {
		char name[80] = "?";
		OBJ_obj2txt(name, sizeof name, sk_ASN1_OBJECT_value(purposes, i), 0);
		cw_buffer_printf(ret, "%s%s", i ? ", " : what, name);
	}
}

/* Settings that OpenSSL alone obeys are told, for no box keeps them and nothing here is judged by them. */
static bool note_trust(struct cw_bundle_reader *reader, X509 *whole, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	STACK_OF(ASN1_OBJECT) *trusted = X509_get0_trust_objects(whole),
			      *rejected = X509_get0_reject_objects(whole);
	if (sk_ASN1_OBJECT_num(trusted) <= 0 && sk_ASN1_OBJECT_num(rejected) <= 0)
		return true;
	put_purposes(&text, "trusted for ", trusted);
	put_purposes(&text, text.length ? ", rejected for " : "rejected for ", rejected);
	cw_buffer_text(&text,
		": OpenSSL's own settings of a TRUSTED CERTIFICATE, which no box keeps and which are not obeyed here; "
		"causeway cert convert writes the certificate without them");
	return cw_buffer_ok(&text, error) && cw_bundle_note(reader, cw_buffer_string(&text), error);
}

/* "BEGIN TRUSTED CERTIFICATE": a certificate, then OpenSSL's own
 * trust settings, which are checked, told and dropped. */
static bool read_trusted(
	struct cw_bundle_reader *reader, const struct cw_pem_block *block, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	struct cw_der rest = {block->data, block->length};
	struct cw_der_item cert;
	if (!cw_der_next(&rest, &cert))
		return cw_bundle_add_cert(reader, block->data, block->length, error);
	const unsigned char *at = block->data;
	AUTO(X509_free) X509 *whole = d2i_X509_AUX(NULL, &at, (long)block->length);
	if (whole && at != block->data + block->length)
		cw_error_set(error, CW_E_DER, "bytes after the trust settings of a trusted certificate");
	else if (!whole)
		cw_error_mark_report(&mark, error, CW_E_DER, "broken trusted certificate");
	else
		return note_trust(reader, whole, error) &&
			cw_bundle_add_cert(reader, cert.data, cert.length, error);
	return cw_bundle_place(reader, error);
}

static bool read_crl(
	struct cw_bundle_reader *reader, const struct cw_pem_block *block, struct cw_error *error)
{
	return cw_bundle_add_crl(reader, block->data, block->length, error);
}

static bool read_pkcs7(
	struct cw_bundle_reader *reader, const struct cw_pem_block *block, struct cw_error *error)
{
	return cw_bundle_read_pkcs7(reader, block->data, block->length, error);
}

/* OpenSSH's own format cannot be read here, but a key beside certificates is only counted. */
static bool read_key(
	struct cw_bundle_reader *reader, const struct cw_pem_block *block, struct cw_error *error)
{
	EVP_PKEY *key = NULL;
	if (reader->bundle.key || strcmp(block->label, "OPENSSH PRIVATE KEY") == 0) {
		reader->bundle.key_count++;
		return true;
	}
	bool parsed = cw_key_parse_block(block, reader->password, &reader->spent, &key, error);
	return cw_bundle_add_key(reader, parsed, key, error);
}

static bool is_container(const struct cw_pem_block *block)
{
	return block->length && *block->data == CW_DER_SEQUENCE &&
		cw_der_kind(block->data, block->length) == CW_DER_PKCS7;
}

/* Microsoft's certsrv writes its Base 64 chain so (certnew.p7b?Enc=b64). OpenSSL reads no certificate there. */
static bool read_labelled_certificate(
	struct cw_bundle_reader *reader, const struct cw_pem_block *block, struct cw_error *error)
{
	return cw_bundle_note(reader,
		       "a PKCS#7 under the label CERTIFICATE, as Microsoft's certsrv writes it; other programs want "
		       "the label PKCS7, or causeway cert convert",
		       error) &&
		cw_bundle_read_pkcs7(reader, block->data, block->length, error);
}

enum contents { CERTIFICATES, CONTAINER, CRLS };

static const struct {
	const char *label;
	enum contents contents;
	bool (*read)(struct cw_bundle_reader *, const struct cw_pem_block *, struct cw_error *);
} kinds[] = {
	{"CERTIFICATE", CERTIFICATES, read_cert},
	{"X509 CERTIFICATE", CERTIFICATES, read_cert},
	{"TRUSTED CERTIFICATE", CERTIFICATES, read_trusted},
	{"PKCS7", CONTAINER, read_pkcs7},
	{"PKCS #7 SIGNED DATA", CONTAINER, read_pkcs7},
	{"CMS", CONTAINER, read_pkcs7},
	{"X509 CRL", CRLS, read_crl},
};

/* What the blocks of a text were. */
struct met {
	bool certificates, container;
	char other[CW_PEM_LABEL_MAX + 1]; /* the first label that holds nothing for a bundle, or "" */
	size_t other_line;
};

/* OpenSSL takes them for encryption and gives up. */
static bool refuse_headers(struct cw_bundle_reader *reader, struct cw_error *error)
{
	cw_error_set(error, CW_E_PEM,
		"header lines inside the block, which OpenSSL does not read there; wanted base64 text alone");
	return cw_bundle_place(reader, error);
}

static bool read_block(struct cw_bundle_reader *reader, const struct cw_pem_block *block, struct met *met,
	struct cw_error *error)
{
	reader->line = block->line;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(block->label, kinds[i].label) == 0) {
			if (*block->headers)
				return refuse_headers(reader, error);
			if (kinds[i].read == read_cert && is_container(block)) {
				met->container = true;
				return read_labelled_certificate(reader, block, error);
			}
			met->certificates |= kinds[i].contents == CERTIFICATES;
			met->container |= kinds[i].contents == CONTAINER;
			return kinds[i].read(reader, block, error);
		}
	}
	if (cw_key_parse_knows_label(block->label))
		return read_key(reader, block, error);
	if (!*met->other) {
		memcpy(met->other, block->label, sizeof met->other);
		met->other_line = block->line;
	}
	return true;
}

static bool is_request(const char *label)
{
	return strcmp(label, "CERTIFICATE REQUEST") == 0 || strcmp(label, "NEW CERTIFICATE REQUEST") == 0;
}

/* Blocks, but none that a bundle is for. */
static bool nothing_useful(struct cw_bundle_reader *reader, const struct met *met, struct cw_error *error)
{
	reader->line = met->other_line;
	if (is_request(met->other))
		cw_error_set(error, CW_E_FORMAT,
			"a certificate request (CSR), not a certificate; wanted what the CA made of it");
	else if (reader->bundle.key_count && !*met->other)
		cw_error_set(
			error, CW_E_FORMAT, "a private key and no certificate; wanted the certificate to it");
	else
		cw_error_set(error, CW_E_FORMAT,
			"no certificate in it; wanted \"-----BEGIN CERTIFICATE-----\", "
			"found \"-----BEGIN %s-----\"",
			met->other);
	return cw_bundle_place(reader, error);
}

static bool check_useful(struct cw_bundle_reader *reader, const struct met *met, const char *text,
	size_t length, struct cw_error *error)
{
	struct cw_bundle *bundle = &reader->bundle;
	bundle->format = met->container && !met->certificates ? CW_FORMAT_PKCS7 : CW_FORMAT_PEM;
	if (bundle->count || bundle->crl_count)
		return true;
	if (bundle->key_count || *met->other)
		return nothing_useful(reader, met, error);
	reader->line = 0;
	cw_file_content_error(text, length, "certificate", error);
	return cw_bundle_place(reader, error);
}

bool cw_bundle_read_pem(
	struct cw_bundle_reader *reader, const char *text, size_t length, struct cw_error *error)
{
	AUTO_PEM pem;
	struct cw_pem_block block;
	struct met met = {0};
	bool found = true;
	cw_pem_start(&pem, text, length);
	/* ends: each turn is behind another block */
	while (cw_pem_next(&pem, &block, &found, error)) {
		if (!found)
			return check_useful(reader, &met, text, length, error);
		if (!read_block(reader, &block, &met, error))
			return false;
	}
	reader->line = pem.line;
	return cw_bundle_place(reader, error);
}
