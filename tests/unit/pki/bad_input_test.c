/*
 * Every way we could think of in which an exported file is wrong, with the message that a person gets to
 * read.
 */
#include "pki/bundle/bundle.h"
#include "support/cmocka.h"
#include "support/pki.h"

#include <openssl/err.h>

/* What a row starts from. */
enum base {
	NOTHING,
	ROOT_PEM,
	TWO_PEM,
	ROOT_DER,
	CRL_DER,
	REQUEST_DER,
	KEY_DER,
	PKCS7_DER,
	EMPTY_PKCS7_DER,
	PKCS12_DER
};

/* What is done to it, in this order. Lengths in bytes, lines from 1. */
struct row {
	const char *name;
	enum base base;
	size_t cut;	      /* only so many bytes are kept */
	const char *find;     /* the first occurrence of this … */
	const char *put;      /* … becomes this */
	size_t line;	      /* this line … */
	const char *text;     /* … becomes this, with its line end */
	const char *before;   /* put in front, … */
	size_t before_length; /* … so many bytes where it holds NULs */
	const char *after;    /* put behind */
	const char *password;
	const char *want; /* behind "ca.pem" */
};

static const struct row rows[] = {
	/* PEM lines */
	{"END line missing", ROOT_PEM, .find = "-----END CERTIFICATE-----\n", .put = "",
		.want = "1: \"-----BEGIN CERTIFICATE-----\" has no \"-----END CERTIFICATE-----\"; the text "
			"ends with line 7"},
	{"cut in the middle", ROOT_PEM, .cut = 200,
		.want = "1: \"-----BEGIN CERTIFICATE-----\" has no \"-----END CERTIFICATE-----\"; the text "
			"ends with line 4"},
	{"cut in the END line", ROOT_PEM, .find = "END CERTIFICATE-----\n", .put = "END CERT",
		.want = "8: \"-----END CERT\": wanted \"-----END CERTIFICATE-----\" alone on its line"},
	{"BEGIN line missing", ROOT_PEM, .find = "-----BEGIN CERTIFICATE-----\n", .put = "",
		.want = "7: \"-----END CERTIFICATE-----\": the end of a block that has no BEGIN line"},
	{"END of another type", ROOT_PEM, .find = "END CERTIFICATE", .put = "END CERTIFICATE REQUEST",
		.want = "8: \"-----END CERTIFICATE REQUEST-----\": ends the block of line 1; wanted "
			"\"-----END CERTIFICATE-----\""},
	{"BEGIN inside a block", TWO_PEM, .find = "-----END CERTIFICATE-----\n", .put = "",
		.want = "8: \"-----BEGIN CERTIFICATE-----\": inside the block of line 1, whose \"-----END "
			"CERTIFICATE-----\" is missing"},
	{"no line break between blocks", TWO_PEM, .find = "-----\n-----BEGIN", .put = "----------BEGIN",
		.want = "8: \"-----END CERTIFICATE----------BEGIN CERTIFICATE-----\": wanted a line break "
			"between the END and the next BEGIN"},
	{"END on the line of the text", ROOT_PEM, .find = "\n-----END", .put = "-----END",
		.want = "7: wanted \"-----END CERTIFICATE-----\" at the start of a line of its own; there is "
			"something in front of it"},
	{"text behind END", ROOT_PEM, .find = "END CERTIFICATE-----", .put = "END CERTIFICATE----- (root)",
		.want = "8: \"-----END CERTIFICATE----- (root)\": wanted \"-----END CERTIFICATE-----\" alone "
			"on its line"},
	{"four hyphens", ROOT_PEM, .find = "-----BEGIN", .put = "----BEGIN",
		.want = "1: \"----BEGIN CERTIFICATE-----\": wanted five plain hyphens on each side, as in "
			"\"-----BEGIN CERTIFICATE-----\""},
	{"six hyphens", ROOT_PEM, .find = "-----BEGIN", .put = "------BEGIN",
		.want = "1: \"------BEGIN CERTIFICATE-----\": wanted five plain hyphens on each side, as in "
			"\"-----BEGIN CERTIFICATE-----\""},
	{"four hyphens behind", ROOT_PEM, .find = "CERTIFICATE-----", .put = "CERTIFICATE----",
		.want = "1: \"-----BEGIN CERTIFICATE----\": wanted five plain hyphens on each side, as in "
			"\"-----BEGIN CERTIFICATE-----\""},
	{"four hyphens at END", ROOT_PEM, .find = "-----END", .put = "----END",
		.want = "8: \"----END CERTIFICATE-----\": wanted \"-----END CERTIFICATE-----\" alone on its "
			"line"},
	{"en dashes", ROOT_PEM, .find = "-----BEGIN", .put = "\xe2\x80\x93\xe2\x80\x93-BEGIN",
		.want = "1: \"––-BEGIN CERTIFICATE-----\": wanted five plain hyphens on each side, as in "
			"\"-----BEGIN CERTIFICATE-----\""},
	{"em dashes of Windows-1252", ROOT_PEM, .find = "-----BEGIN", .put = "\x97\x97-BEGIN",
		.want = "1: \"\\x97\\x97-BEGIN CERTIFICATE-----\": wanted five plain hyphens on each side, "
			"as in \"-----BEGIN CERTIFICATE-----\""},
	{"white space in front of BEGIN", ROOT_PEM, .before = "    ",
		.want = "1: column 5: OpenSSL does not see a block with something in front of "
			"\"-----BEGIN\"; wanted it at the start of the line"},
	{"white space in front of END", ROOT_PEM, .find = "-----END", .put = "  -----END",
		.want = "8: wanted \"-----END CERTIFICATE-----\" at the start of a line of its own; there is "
			"something in front of it"},
	{"text in front of BEGIN", ROOT_PEM, .before = "cert = ",
		.want = "1: column 8: OpenSSL does not see a block with something in front of "
			"\"-----BEGIN\"; wanted it at the start of the line"},
	{"only the BEGIN line in lower case", ROOT_PEM, .find = "BEGIN CERTIFICATE",
		.put = "begin certificate",
		.want = "1: \"-----begin certificate-----\": wanted five plain hyphens on each side, as in "
			"\"-----BEGIN CERTIFICATE-----\""},
	{"two BEGINs on one line", NOTHING,
		.before = "-----BEGIN CERTIFICATE----------BEGIN CERTIFICATE-----\n",
		.want = "1: \"-----BEGIN CERTIFICATE----------BEGIN CERTIFICATE-----\": wanted one "
			"\"-----BEGIN …-----\" alone on its line"},
	{"a label as long as a novel", ROOT_PEM, .find = "BEGIN CERTIFICATE",
		.put = "BEGIN AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		.want = "1: \"-----BEGIN AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\": no type of PEM "
			"block has so long a name"},
	{"the second block is broken", TWO_PEM, .line = 10, .text = "MIIB*\n",
		.want = "10: column 5: \"*\" is no base64 character"},

	/* base64 */
	{"a character that is none", ROOT_PEM, .line = 3, .text = "AAAA_AAA\n",
		.want = "3: column 5: \"_\" is no base64 character"},
	{"a control character", ROOT_PEM, .line = 3,
		.text = "AAAA\x01"
			"AAA\n",
		.want = "3: column 5: byte 0x01 is no base64 character"},
	{"a NUL", NOTHING, .before = "-----BEGIN CERTIFICATE-----\nAA\0A\n-----END CERTIFICATE-----\n",
		.before_length = 59, .want = "2: column 3: byte 0x00 is no base64 character"},
	{"CR alone as line end", NOTHING,
		.before = "-----BEGIN CERTIFICATE-----\rAAAA\r-----END CERTIFICATE-----\r",
		.want = "1: lines that end with CR alone, which OpenSSL does not read; save it with LF or "
			"CRLF line ends"},
	{"a typographic quote", ROOT_PEM, .line = 3,
		.text = "\xe2\x80\x9c"
			"AAAA\n",
		.want = "3: column 1: byte 0xe2 is no base64 character"},
	/* What nobody sees */
	{"a space of no width in the base64 text", ROOT_PEM, .line = 3,
		.text = "AA\xe2\x80\x8b"
			"AA\n",
		.want = "3: column 3: U+200B, a space of no width, which no editor shows; wanted it deleted"},
	{"a space that does not break in the base64 text", ROOT_PEM, .line = 3,
		.text = "AA\xc2\xa0"
			"AA\n",
		.want = "3: column 3: U+00A0, a space that does not break, which no editor shows; wanted it deleted"},
	{"the same in Windows-1252", ROOT_PEM, .line = 3,
		.text = "AA\xa0"
			"AA\n",
		.want = "3: column 3: a space that does not break (byte 0xa0), which no editor shows; wanted it "
			"deleted"},
	{"a space of no width in front of BEGIN", ROOT_PEM, .before = "\xe2\x80\x8b",
		.want = "1: column 1: U+200B, a space of no width, which no editor shows; wanted it deleted"},
	{"a space of no width in front of END", ROOT_PEM, .find = "-----END", .put = "\xe2\x80\x8b-----END",
		.want = "8: column 1: U+200B, a space of no width, which no editor shows; wanted it deleted"},
	{"a space that does not break behind BEGIN", ROOT_PEM, .find = "BEGIN ", .put = "BEGIN\xc2\xa0",
		.want = "1: column 11: U+00A0, a space that does not break, which no editor shows; wanted it deleted"},
	/* Texts out of other texts */
	{"line breaks written as \\n", NOTHING,
		.before = "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n",
		.want = "1: line breaks written as \\n, as in JSON or in a script; wanted a line break in place of "
			"each of them"},
	{"the same in quotes", NOTHING,
		.before = "\"pem\": \"-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n\"",
		.want = "1: line breaks written as \\n, as in JSON or in a script; wanted a line break in place of "
			"each of them"},
	{"one written line break inside", ROOT_PEM, .line = 3, .text = "AAAA\\nAAAA\n",
		.want = "3: column 5: line breaks written as \\n, as in JSON or in a script; wanted a line break in "
			"place of each of them"},
	{"a whole block in one line", NOTHING,
		.before = "-----BEGIN CERTIFICATE----- MIIB -----END CERTIFICATE-----\n",
		.want = "1: the whole block in one line, which OpenSSL does not read; wanted a line break behind the "
			"BEGIN line, one before the END line, and 64 characters a line between them"},
	{"quoted-printable: = written as =3D", ROOT_PEM, .line = 3, .text = "AAA=3D\n",
		.want = "3: column 5: the base64 text goes on after \"=\"; wanted the END line (quoted-printable text "
			"of an e-mail has it so: save the attachment itself, not the mail's source)"},
	{"quoted-printable: a line broken behind =", ROOT_PEM, .line = 2, .text = "AAAA=\n",
		.want = "3: column 1: the base64 text goes on after \"=\"; wanted the END line (quoted-printable text "
			"of an e-mail has it so: save the attachment itself, not the mail's source)"},
	{"an ellipsis of a shortened copy", ROOT_PEM, .line = 3, .text = "...\n",
		.want = "3: column 1: \".\" is no base64 character"},
	{"a lost character", ROOT_PEM, .line = 3, .text = "AAA\n",
		.want = "1: the base64 text of the block has 298 characters and 1 \"=\", which is no whole "
			"number of bytes; a line is cut off or missing"},
	{"a lost line", ROOT_PEM, .line = 3, .text = "",
		.want = "1: certificate 1: certificate cut off: its header announces 265 bytes, found 217"},
	{"an empty line", ROOT_PEM, .line = 3, .text = "\n",
		.want = "3: empty line inside a block; wanted base64 text"},
	{"text behind the padding", ROOT_PEM, .line = 2, .text = "AA==\n",
		.want = "3: column 1: the base64 text goes on after \"=\"; wanted the END line"},
	{"three pads", NOTHING, .before = "-----BEGIN CERTIFICATE-----\nA===\n-----END CERTIFICATE-----\n",
		.want = "1: the base64 text of the block has 1 characters and 3 \"=\", which is no whole "
			"number of bytes; a line is cut off or missing"},
	{"an empty block", NOTHING, .before = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
		.want = "1: the block is empty"},
	{"only padding", NOTHING, .before = "-----BEGIN CERTIFICATE-----\n====\n-----END CERTIFICATE-----\n",
		.want = "1: the block is empty"},
	{"headers", ROOT_PEM, .line = 1, .text = "-----BEGIN CERTIFICATE-----\nProc-Type: 4\n\n",
		.want = "1: header lines inside the block, which OpenSSL does not read there; wanted base64 "
			"text alone"},
	{"headers without the empty line", ROOT_PEM, .line = 1,
		.text = "-----BEGIN CERTIFICATE-----\nProc-Type: 4\n",
		.want = "3: wanted an empty line between the headers and the base64 text"},
	{"a quoted mail", ROOT_PEM, .find = "\nM", .put = "\n> M",
		.want = "2: column 1: \">\" is no base64 character"},

	/* other things in PEM */
	{"nothing but a request", NOTHING,
		.before =
			"-----BEGIN CERTIFICATE REQUEST-----\nMAMCAQE=\n-----END CERTIFICATE REQUEST-----\n",
		.want = "1: a certificate request (CSR), not a certificate; wanted what the CA made of it"},
	{"nothing but a public key", NOTHING,
		.before = "\n-----BEGIN PUBLIC KEY-----\nMAMCAQE=\n-----END PUBLIC KEY-----\n",
		.want = "2: no certificate in it; wanted \"-----BEGIN CERTIFICATE-----\", found \"-----BEGIN "
			"PUBLIC KEY-----\""},
	{"nothing but an OpenSSH key", NOTHING,
		.before =
			"-----BEGIN OPENSSH PRIVATE KEY-----\nMAMCAQE=\n-----END OPENSSH PRIVATE KEY-----\n",
		.want = " a private key and no certificate; wanted the certificate to it"},
	{"a key instead of a certificate in the block", NOTHING,
		.before = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n",
		.want = "1: certificate 1: broken certificate: wrong tag"},
	{"a broken private key beside a certificate", ROOT_PEM,
		.after = "-----BEGIN PRIVATE KEY-----\nMAMCAQE=\n-----END PRIVATE KEY-----\n",
		.want = "9: broken private key, or one of a kind that OpenSSL does not know"},
	{"a broken CRL", NOTHING, .before = "-----BEGIN X509 CRL-----\nMAMCAQE=\n-----END X509 CRL-----\n",
		.want = "1: CRL 1: broken CRL: wrong tag"},
	{"a broken trusted certificate", NOTHING,
		.before =
			"-----BEGIN TRUSTED CERTIFICATE-----\nMAMCAQE=\n-----END TRUSTED CERTIFICATE-----\n",
		.want = "1: broken trusted certificate: wrong tag"},
	{"a trusted certificate that is cut off", NOTHING,
		.before = "-----BEGIN TRUSTED CERTIFICATE-----\nMIIA\n-----END TRUSTED CERTIFICATE-----\n",
		.want = "1: certificate 1: broken certificate: its length cannot be read"},
	{"a key whose headers name no cipher", ROOT_PEM,
		.after = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: "
			 "ROT13,00\n\nMAMCAQE=\n-----END RSA PRIVATE KEY-----\n",
		.want = "9: the headers of the private key cannot be read: unsupported encryption"},
	{"a sealed key that is broken", ROOT_PEM,
		.after =
			"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAkwAgYABAMBAgM=\n-----END ENCRYPTED PRIVATE "
			"KEY-----\n",
		.want = "9: broken encrypted private key: invalid object encoding"},
	{"text in a certificate block", NOTHING,
		.before = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
		.want = "1: certificate 1: no DER certificate: the first byte is 0x68; wanted 0x30 (a "
			"SEQUENCE)"},
	{"a broken PKCS#7", NOTHING, .before = "-----BEGIN PKCS7-----\nMAMCAQE=\n-----END PKCS7-----\n",
		.want = "1: broken PKCS#7: wanted the kind of its content first"},

	/* other files */
	{"a login page", NOTHING, .before = "\n<!DOCTYPE html>\n<html><body>Sign in</body></html>\n",
		.want = " no certificate: this is an HTML page, probably a login or error page saved in "
			"place of the file; sign in and download it again"},
	{"a page without doctype", NOTHING, .before = "<HTML>",
		.want = " no certificate: this is an HTML page, probably a login or error page saved in "
			"place of the file; sign in and download it again"},
	{"XML", NOTHING, .before = "<?xml version=\"1.0\"?>",
		.want = " no certificate: this is an XML document; export the certificate itself, as Base64 "
			"(PEM)"},
	{"JSON", NOTHING, .before = "{\"certificates\": []}",
		.want = " no certificate: this is a JSON document; take the PEM text out of it and give "
			"that"},
	{"an OpenSSH public key", NOTHING, .before = "ssh-rsa AAAAB3NzaC1yc2E me@host\n",
		.want = " no certificate: this is an OpenSSH public key"},
	{"an ECDSA public key of OpenSSH", NOTHING, .before = "ecdsa-sha2-nistp256 AAAA me@host\n",
		.want = " no certificate: this is an OpenSSH public key"},
	{"an SSH2 public key", NOTHING, .before = "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n",
		.want = " no certificate: this is an SSH2 public key"},
	{"a PuTTY key", NOTHING, .before = "PuTTY-User-Key-File-2: ssh-rsa\n",
		.want = " no certificate: this is a PuTTY key file; convert it with puttygen -O "
			"private-openssh-new"},
	{"a printed certificate", NOTHING, .before = "Certificate:\n    Data:\n        Version: 3 (0x2)\n",
		.want = " no certificate: this is a certificate printed for reading, without its PEM text; "
			"export it again as Base64 (PEM)"},
	{"any text", NOTHING, .before = "see the attachment\n",
		.want = " text without any PEM block; wanted a certificate between \"-----BEGIN …-----\" and "
			"\"-----END …-----\""},
	{"base64 without BEGIN and END", NOTHING,
		.before = "MIIBszCCAVmgAwIBAgIUFb0Zr0XUQ2Jp0mKzqvSgm8aL1xkwCgYIKoZIzj0EAwIw\nLzELMAkGA1UEBhMC"
			  "VVMxDTALBgNVBAoMBEFjbWUx\n",
		.want = " base64 text without the lines \"-----BEGIN …-----\" and \"-----END …-----\"; put "
			"them around it"},
	{"UTF-16 LE with BOM", NOTHING, .before = "\xff\xfe-\0-\0-\0-\0-\0", .before_length = 12,
		.want = " UTF-16 text (\"Unicode\" in Windows), which TLS software does not read; save it as "
			"plain text (ANSI or UTF-8)"},
	{"UTF-16 BE with BOM", NOTHING, .before = "\xfe\xff\0-\0-\0-\0-\0-", .before_length = 12,
		.want = " UTF-16 text (\"Unicode\" in Windows), which TLS software does not read; save it as "
			"plain text (ANSI or UTF-8)"},
	{"UTF-16 LE without BOM", NOTHING, .before = "-\0-\0-\0-\0-\0", .before_length = 10,
		.want = " UTF-16 text (\"Unicode\" in Windows), which TLS software does not read; save it as "
			"plain text (ANSI or UTF-8)"},
	{"UTF-16 BE without BOM", NOTHING, .before = "\0-\0-\0-\0-\0-", .before_length = 10,
		.want = " UTF-16 text (\"Unicode\" in Windows), which TLS software does not read; save it as "
			"plain text (ANSI or UTF-8)"},
	{"a Java keystore", NOTHING, .before = "\xfe\xed\xfe\xed\0\0\0\2", .before_length = 8,
		.want = " no certificate: this is a Java keystore (JKS); export the certificate from it with "
			"keytool -exportcert -rfc"},
	{"a zip", NOTHING, .before = "PK\003\004\024",
		.want = " no certificate: this is a zip archive; unpack it and give the file inside"},
	{"a gzip", NOTHING, .before = "\x1f\x8b\x08\x00", .before_length = 4,
		.want = " no certificate: this is gzip-compressed data; unpack it and give the file inside"},
	{"a PDF", NOTHING, .before = "%PDF-1.7\n%\xe2\xe3",
		.want = " no certificate: this is a PDF document; export the certificate itself, as Base64 "
			"(PEM)"},
	{"a picture", NOTHING, .before = "\x89PNG\r\n",
		.want = " no certificate: this is a picture (PNG); export the certificate itself, as Base64 "
			"(PEM)"},
	{"some bytes", NOTHING, .before = "\x01\x02\x03",
		.want = " binary data that is no certificate (it starts with 0x01); wanted PEM, DER, PKCS#7 "
			"or PKCS#12"},
	{"a single zero byte", NOTHING, .before = "\0", .before_length = 1,
		.want = " binary data that is no certificate (it starts with 0x00); wanted PEM, DER, PKCS#7 "
			"or PKCS#12"},

	/* DER */
	{"DER cut off", ROOT_DER, .cut = 100,
		.want = " certificate cut off: its header announces 265 bytes, found 96"},
	{"DER of indefinite length", NOTHING, .before = "\x30\x80\x30\x80\0\0\0\0", .before_length = 8,
		.want = " certificate of indefinite length (BER); wanted DER"},
	{"DER of a huge length", NOTHING, .before = "\x30\x84\xff\xff\xff\xff\x30",
		.want = " certificate cut off: its header announces 4294967295 bytes, found 1"},
	{"DER of a length beyond any machine", NOTHING,
		.before = "\x30\x89\xff\xff\xff\xff\xff\xff\xff\xff\xff\x30",
		.want = " broken certificate: its length cannot be read"},
	{"DER whose length bytes are missing", NOTHING, .before = "\x30\x84\xff",
		.want = " broken certificate: its length cannot be read"},
	{"DER with nothing inside", NOTHING, .before = "\x30\x00", .before_length = 2,
		.want = " broken certificate: field missing (Field=cert_info, Type=X509)"},
	{"DER of something else", NOTHING, .before = "\x30\x81\x03\x0c\x01x",
		.want = " broken certificate: wrong tag"},
	{"a request in DER", REQUEST_DER,
		.want = " a certificate request (CSR), not a certificate; wanted what the CA made of it"},
	{"a private key in DER", KEY_DER,
		.want = " a private key and no certificate; wanted the certificate to it"},
	{"a CRL cut off", CRL_DER, .cut = 60,
		.want = " CRL cut off: its header announces 187 bytes, found 57"},
	{"a date that is none", ROOT_DER, .find = "261120120000Z", .put = "261320120000Z",
		.want = " notBefore is no date: wanted a form like 20261120120000Z, found \"261320120000Z\""},

	/* PKCS#7 and PKCS#12 */
	{"PKCS#7 without certificates", EMPTY_PKCS7_DER, .want = " PKCS#7 without any certificate in it"},
	{"PKCS#7 cut off", PKCS7_DER, .cut = 300,
		.want = " PKCS#7 cut off or broken: its outermost length does not fit"},
	{"PKCS#7 of another kind", PKCS7_DER, .find = "\x01\x07\x02", .put = "\x01\x07\x03",
		.want = " PKCS#7 that is not of the kind \"signed data\", the only one that carries "
			"certificates"},
	{"PKCS#7 with a broken certificate", PKCS7_DER, .find = "261120120000Z", .put = "261320120000Z",
		.want = " certificate 1: notBefore is no date: wanted a form like 20261120120000Z, found "
			"\"261320120000Z\""},
	{"PKCS#12 without its password", PKCS12_DER,
		.want = " PKCS#12 protected by a password; wanted the password (--password-file FILE)"},
	{"PKCS#12 with the wrong password", PKCS12_DER, .password = "guess",
		.want = " the password does not open the PKCS#12 file (or the file is damaged)"},
	{"PKCS#12 cut off", PKCS12_DER, .cut = 500, .password = TEST_PASSWORD,
		.want = " broken PKCS#12: too long"},
	{"PKCS#12 with bytes behind", PKCS12_DER, .after = "x", .password = TEST_PASSWORD,
		.want = " bytes after the end of the PKCS#12; wanted nothing there"},
};

static void append_base(struct cw_buffer *file, enum base base)
{
	const struct test_pki *pki = test_pki();
	struct cw_cert *certs[] = {pki->leaf, pki->root};
	const struct test_pkcs12 pkcs12 = {.password = TEST_PASSWORD, .with_key = true};
	size_t length;
	const uint8_t *der;
	switch (base) {
	case NOTHING:
		return;
	case TWO_PEM:
		test_pem_cert(file, pki->root);
		test_pem_cert(file, pki->leaf);
		return;
	case ROOT_PEM:
		test_pem_cert(file, pki->root);
		return;
	case ROOT_DER:
		der = cw_cert_der(pki->root, &length);
		cw_buffer_append(file, der, length);
		return;
	case CRL_DER:
		cw_buffer_append(file, pki->crl.data, pki->crl.length);
		return;
	case REQUEST_DER:
		cw_buffer_append(file, pki->request.data, pki->request.length);
		return;
	case KEY_DER:
		cw_buffer_append(file, pki->key.data, pki->key.length);
		return;
	case PKCS7_DER:
		test_pkcs7(file, certs, 2, false);
		return;
	case EMPTY_PKCS7_DER:
		test_pkcs7(file, certs, 0, false);
		return;
	case PKCS12_DER:
		test_pkcs12(file, &pkcs12);
		return;
	}
}

/* Replaces `length` bytes at `at`. */
static void replace(struct cw_buffer *file, size_t at, size_t length, const char *text)
{
	AUTO_BUFFER changed = {0};
	cw_buffer_append(&changed, file->data, at);
	cw_buffer_text(&changed, text);
	cw_buffer_append(&changed, file->data + at + length, file->length - at - length);
	struct cw_buffer old = *file;
	*file = changed;
	changed = old;
}

static void replace_line(struct cw_buffer *file, size_t line, const char *text)
{
	const char *at = file->data;
	while (--line)
		at = strchr(at, '\n') + 1;
	replace(file, (size_t)(at - file->data), (size_t)(strchr(at, '\n') + 1 - at), text);
}

static void build(const struct row *row, struct cw_buffer *file)
{
	append_base(file, row->base);
	if (row->cut) {
		assert_true(row->cut < file->length);
		file->length = row->cut;
		file->data[row->cut] = '\0';
	}
	if (row->find) {
		const char *at = memmem(file->data, file->length, row->find, strlen(row->find));
		assert_non_null(at);
		replace(file, (size_t)(at - file->data), strlen(row->find), row->put);
	}
	if (row->line)
		replace_line(file, row->line, row->text);
	if (row->before) {
		AUTO_BUFFER whole = {0};
		cw_buffer_append(
			&whole, row->before, row->before_length ? row->before_length : strlen(row->before));
		cw_buffer_append(&whole, file->data, file->length);
		struct cw_buffer old = *file;
		*file = whole;
		whole = old;
	}
	if (row->after)
		cw_buffer_text(file, row->after);
}

static void every_bad_file_is_refused_with_its_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		AUTO_BUFFER file = {0}, want = {0};
		struct cw_error error;
		build(&rows[i], &file);
		if (cw_bundle_parse(&(struct cw_bundle_file){file.data, file.length, "ca.pem"},
			    rows[i].password, pool, &bundle, &error))
			fail_msg("%s: read without an error", rows[i].name);
		cw_buffer_printf(&want, "ca.pem:%s", rows[i].want);
		if (strcmp(error.message, want.data) != 0)
			fail_msg("%s: wanted \"%s\", got \"%s\"", rows[i].name, want.data, error.message);
		assert_int_equal(ERR_peek_error(), 0);
		assert_int_equal(bundle.count, 0);
	}
}

static void files_that_cannot_be_read_are_named_as_they_were_typed(void **state)
{
	(void)state;
	static const struct {
		const char *path, *shown, *want;
	} files[] = {
		{"/nonexistent/ca.pem", "e1/ca.pem",
			"e1/ca.pem: cannot open: No such file or directory; the folder that it should be in is not there "
			"either"},
		{"/", "e1", "e1: is a folder; wanted a file"},
		{"/dev/zero", "/dev/zero",
			"/dev/zero: is a pipe, a device or a socket; wanted a file (\"-\" is standard input)"},
	};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		struct cw_error error;
		assert_false(cw_bundle_read(files[i].path, files[i].shown, NULL, pool, &bundle, &error));
		assert_string_equal(error.message, files[i].want);
		assert_int_equal(error.code, CW_E_IO);
	}
}

static void a_file_may_hold_ten_thousand_certificates_and_not_one_more(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER file = {0};
	struct cw_error error;
	for (size_t i = 0; i < CW_BUNDLE_ENTRIES_MAX; i++)
		test_pem_cert(&file, test_pki()->root);
	assert_true(cw_bundle_parse(
		&(struct cw_bundle_file){file.data, file.length, "ca.pem"}, NULL, pool, &bundle, &error));
	assert_int_equal(bundle.count, CW_BUNDLE_ENTRIES_MAX);
	cw_bundle_finish(&bundle);
	test_pem_cert(&file, test_pki()->root);
	assert_false(cw_bundle_parse(
		&(struct cw_bundle_file){file.data, file.length, "ca.pem"}, NULL, pool, &bundle, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_string_equal(error.message, "ca.pem:80001: more than 10000 certificates in one file");
}

static void a_file_may_hold_ten_thousand_crls_and_not_one_more(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER file = {0}, one = {0};
	struct cw_error error;
	test_pem(&one, "X509 CRL", test_pki()->crl.data, test_pki()->crl.length);
	for (size_t i = 0; i <= CW_BUNDLE_ENTRIES_MAX; i++)
		cw_buffer_append(&file, one.data, one.length);
	assert_false(cw_bundle_parse(
		&(struct cw_bundle_file){file.data, file.length, "ca.crl"}, NULL, pool, &bundle, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_string_equal(error.message, "ca.crl:60001: more than 10000 CRLs in one file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_bad_file_is_refused_with_its_reason),
		cmocka_unit_test(files_that_cannot_be_read_are_named_as_they_were_typed),
		cmocka_unit_test(a_file_may_hold_ten_thousand_certificates_and_not_one_more),
		cmocka_unit_test(a_file_may_hold_ten_thousand_crls_and_not_one_more),
	};
	return cmocka_run_group_tests(tests, test_pki_make, test_pki_free);
}
