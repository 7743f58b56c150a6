#include "pki/bundle/file_content.h"

#include "base/forward.h"

#include <string.h>
#include <strings.h>

#define UTF16_PROBE 64 /* bytes read where there is no byte order mark */

/* Every other byte of the first few is 0, the rest are printable ASCII or line ends. */
static bool alternates(const char *data, size_t length, size_t zero_at)
{
	size_t probe = length < UTF16_PROBE ? length & ~(size_t)1 : UTF16_PROBE;
	for (size_t i = 0; i < probe; i++) {
		bool zero = data[i] == 0;
		bool printable = (data[i] >= ' ' && data[i] <= '~') || data[i] == '\r' || data[i] == '\n';
		if (i % 2 == zero_at ? !zero : !printable)
			return false;
	}
	return probe >= 4;
}

bool cw_file_content_is_utf16(const char *data, size_t length)
{
	if (length >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0))
		return true;
	return alternates(data, length, 0) || alternates(data, length, 1);
}

struct known {
	const char *start;
	size_t length;
	const char *sentence;
};

#define KNOWN(start, sentence) \
	{ \
		start, sizeof start - 1, sentence \
	}

static const struct known binaries[] = {
	KNOWN("\xfe\xed\xfe\xed",
		"a Java keystore (JKS); export the certificate from it with keytool -exportcert -rfc"),
	KNOWN("\xce\xce\xce\xce",
		"a Java keystore (JCEKS); export the certificate from it with keytool -exportcert -rfc"),
	KNOWN("PK\003\004", "a zip archive; unpack it and give the file inside"),
	KNOWN("\x1f\x8b", "gzip-compressed data; unpack it and give the file inside"),
	KNOWN("7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it and give the file inside"),
	KNOWN("%PDF", "a PDF document; export the certificate itself, as Base64 (PEM)"),
	KNOWN("\xd0\xcf\x11\xe0",
		"a Microsoft Office or mail document; save the attached certificate and give that"),
	KNOWN("\x89PNG", "a picture (PNG); export the certificate itself, as Base64 (PEM)"),
	KNOWN("\xff\xd8\xff", "a picture (JPEG); export the certificate itself, as Base64 (PEM)"),
};

static const struct known texts[] = {
	KNOWN("<!doctype html",
		"an HTML page, probably a login or error page saved in place of the file; "
		"sign in and download it again"),
	KNOWN("<html",
		"an HTML page, probably a login or error page saved in place of the file; "
		"sign in and download it again"),
	KNOWN("<?xml", "an XML document; export the certificate itself, as Base64 (PEM)"),
	KNOWN("{", "a JSON document; take the PEM text out of it and give that"),
	KNOWN("[{", "a JSON document; take the PEM text out of it and give that"),
	KNOWN("ssh-", "an OpenSSH public key"),
	KNOWN("ecdsa-sha2-", "an OpenSSH public key"),
	KNOWN("---- BEGIN SSH2", "an SSH2 public key"),
	KNOWN("PuTTY-User-Key-File", "a PuTTY key file; convert it with puttygen -O private-openssh-new"),
	KNOWN("Certificate:",
		"a certificate printed for reading, without its PEM text; export it again as Base64 (PEM)"),
	KNOWN("Certificate Request:", "a certificate request (CSR) printed for reading"),
};

static const char *find_binary(const char *data, size_t length)
{
	for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
		if (length >= binaries[i].length && memcmp(data, binaries[i].start, binaries[i].length) == 0)
			return binaries[i].sentence;
	return NULL;
}

static const char *find_text(const char *data, size_t length)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (length >= texts[i].length && strncasecmp(data, texts[i].start, texts[i].length) == 0)
			return texts[i].sentence;
	return NULL;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* DER starts with 0x30 0x80…0x84: "MI" or "MH" and so on in base64. */
static bool is_bare_base64(const char *data, size_t length)
{
	size_t count = 0;
	for (size_t i = 0; i < length; i++) {
		char c = data[i];
		bool fits = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '+' || c == '/' || c == '=';
		if (!fits && !is_space(c))
			return false;
		count += fits;
	}
	return count >= 64 && data[0] == 'M';
}

static bool is_text(const char *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)data[i];
		if ((c < ' ' && !is_space((char)c) && c != '\f' && c != '\v') || c == 0x7f)
			return false;
	}
	return true;
}

bool cw_file_content_error(const char *data, size_t length, const char *wanted, struct cw_error *error)
{
	if (cw_file_content_is_utf16(data, length))
		return cw_error_set(error, CW_E_FORMAT,
			"UTF-16 text (\"Unicode\" in Windows), which TLS software does not read; "
			"save it as plain text (ANSI or UTF-8)");
	const char *sentence = find_binary(data, length);
	size_t unread = CW_FORWARD_BEGIN;
	while (length && is_space(*data) && cw_forward(&unread, length)) {
		data++;
		length--;
	}
	if (!sentence)
		sentence = find_text(data, length);
	if (sentence)
		return cw_error_set(error, CW_E_FORMAT, "no %s: this is %s", wanted, sentence);
	if (is_bare_base64(data, length))
		return cw_error_set(error, CW_E_FORMAT,
			"base64 text without the lines \"-----BEGIN …-----\" and \"-----END …-----\"; "
			"put them around it");
	if (is_text(data, length))
		return cw_error_set(error, CW_E_FORMAT,
			"text without any PEM block; wanted a %s between \"-----BEGIN …-----\" and "
			"\"-----END …-----\"",
			wanted);
	return cw_error_set(error, CW_E_FORMAT,
		"binary data that is no %s (it starts with 0x%02x); wanted PEM, DER, PKCS#7 or PKCS#12",
		wanted, (unsigned char)data[0]);
}
