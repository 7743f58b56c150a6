/**
 * First inputs for the SIP targets: RFC 4475's messages, keep-alives, digest headers. Argument: the folder to
 * make them in.
 */
#include "base/file.h"
#include "support/sip_torture.h"

#include <stdio.h>
#include <stdlib.h>

static const char *folder;

static void write_seed(const char *target, const char *name, const void *data, size_t length)
{
	AUTO_BUFFER path = {0};
	struct cw_error error;
	cw_buffer_printf(&path, "%s/%s", folder, target);
	if (!cw_file_make_folder(cw_buffer_string(&path), &error))
		exit(1);
	cw_buffer_printf(&path, "/%s", name);
	if (!cw_file_write(cw_buffer_string(&path), data, length, 0644, &error)) {
		fprintf(stderr, "%s\n", error.message);
		exit(1);
	}
}

static void write_torture(void)
{
	for (size_t i = 0; i < test_torture_count; i++) {
		AUTO_BUFFER stream = {0};
		cw_buffer_char(&stream, (char)(i * 5));
		test_torture_write(&test_torture[i], &stream);
		if (stream.failed)
			exit(1);
		write_seed("sip_frame", test_torture[i].name, stream.data, stream.length);
		write_seed("sip_message", test_torture[i].name, stream.data + 1, stream.length - 1);
		write_seed("sip_hop", test_torture[i].name, stream.data + 1, stream.length - 1);
	}
}

static void write_others(void)
{
	static const char stun[] = "\0\1\0\0\x21\x12\xa4\x42"
				   "0123456789ab";
	static const char keep[] = "\x04\r\n\r\n\0\1\0\0\x21\x12\xa4\x42"
				   "0123456789ab\r\n\r\n";
	static const char first[] = "Digest realm=\"traversal (cluster 1)\", "
				    "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c0\", opaque=\"x\", "
				    "algorithm=MD5, qop=\"auth\", stale=FALSE";
	static const char second[] = "Digest algorithm=SHA-256-sess, realm=\"a\\\"b\", nonce=\"n\"";
	static const char third[] =
		"Digest username=\"traversal\", realm=\"r\", nonce=\"n\", uri=\"sip:E:7001;transport=tls\", "
		"response=\"6629fae49393a05397450978507c4ef1\", qop=auth, cnonce=\"c\", nc=00000001";
	const char *const digests[] = {first, second, third};
	write_seed("sip_digest", "stun", stun, sizeof stun - 1);
	write_seed("sip_frame", "keep-alives", keep, sizeof keep - 1);
	for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++) {
		char name[16];
		snprintf(name, sizeof name, "header%zu", i);
		AUTO_BUFFER text = {0};
		cw_buffer_text(&text, digests[i]);
		write_seed("sip_digest", name, text.data, text.length);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	folder = argv[1];
	write_torture();
	write_others();
	return 0;
}
