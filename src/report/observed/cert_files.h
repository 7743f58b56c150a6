/**
 * `causeway capture --extract DIR`: each distinct certificate as a file, when it is met first, and index.json
 * at the end. What cannot be parsed is written all the same: it is what was sent.
 */
#ifndef CW_REPORT_OBSERVED_CERT_FILES_H
#define CW_REPORT_OBSERVED_CERT_FILES_H

#include "base/buffer.h"
#include "capture/captured_certs.h"

struct cw_cert_files {
	const char *folder;
	bool der; /* else PEM */
	bool cer; /* name the files .cer, which Windows opens */
	uint64_t written;
};

/** Makes the folder. */
CW_MUST_USE bool cw_cert_files_begin(struct cw_cert_files *extract, struct cw_error *error);
CW_MUST_USE bool cw_cert_files_add(
	struct cw_cert_files *extract, const struct cw_captured_cert *cert, struct cw_error *error);
CW_MUST_USE bool cw_cert_files_end(
	struct cw_cert_files *extract, const struct cw_captured_certs *certs, struct cw_error *error);

/** "e1.acme.test-<sha256>.pem" into `ret`: nothing in it that a shell or a file system could take amiss. */
void cw_cert_files_name(
	const struct cw_cert_files *extract, const struct cw_captured_cert *cert, struct cw_buffer *ret);

#endif
