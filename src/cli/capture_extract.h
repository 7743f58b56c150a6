/**
 * `causeway capture --extract DIR`: each distinct certificate as a file, when it is met first, and index.json
 * at the end. What cannot be parsed is written all the same: it is what was sent.
 */
#ifndef CW_CLI_CAPTURE_EXTRACT_H
#define CW_CLI_CAPTURE_EXTRACT_H

#include "base/buffer.h"
#include "capture/certs.h"

struct cw_extract {
	const char *folder;
	bool der; /* else PEM */
	bool cer; /* name the files .cer, which Windows opens */
	uint64_t written;
};

/** Makes the folder. */
CW_MUST_USE bool cw_extract_begin(struct cw_extract *extract, struct cw_error *error);
CW_MUST_USE bool cw_extract_cert(
	struct cw_extract *extract, const struct cw_seen_cert *cert, struct cw_error *error);
CW_MUST_USE bool cw_extract_end(
	struct cw_extract *extract, const struct cw_certs *certs, struct cw_error *error);

/** "e1.acme.test-<sha256>.pem" into `ret`: nothing in it that a shell or a file system could take amiss. */
void cw_extract_name(
	const struct cw_extract *extract, const struct cw_seen_cert *cert, struct cw_buffer *ret);

#endif
