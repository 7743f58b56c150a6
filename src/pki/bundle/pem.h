/**
 * Taking PEM blocks out of a text, strictly, with their lines.
 *
 * OpenSSL's own reader skips what it does not understand and a list gets shorter without a word; this one
 * never does. Text outside of blocks is passed over. What looks like a damaged BEGIN or END line (four
 * hyphens, dashes of a word processor, white space or text in front), an END without a BEGIN, and everything
 * wrong inside a block is an error. Line ends are LF or CRLF; a UTF-8 byte order mark in front of a line and
 * white space behind it are passed over. Where it is strict, OpenSSL does not read the block either (tried):
 * white space in front of BEGIN and END, empty lines between base64 text, CR alone as line end. Does not look
 * into what is encoded.
 */
#ifndef CW_PKI_BUNDLE_PEM_H
#define CW_PKI_BUNDLE_PEM_H

#include "base/buffer.h"

#include <stdint.h>

#define CW_PEM_LABEL_MAX 64

struct cw_pem {
	const char *at, *end; /* the text still to be read */
	size_t line;	      /* of what was read last, from 1; after an error, the line that it is about */
	struct cw_buffer base64, decoded, headers;
};

struct cw_pem_block {
	char label[CW_PEM_LABEL_MAX + 1]; /* "CERTIFICATE" */
	size_t line;			  /* of the BEGIN line, from 1 */
	const char *headers; /* RFC 1421 headers ("Proc-Type: 4,ENCRYPTED", …), a line each; "" without */
	const uint8_t *data; /* belongs to the reader, until the next block */
	size_t length;
};

void cw_pem_start(struct cw_pem *pem, const char *text, size_t length);
void cw_pem_finish(struct cw_pem *pem);
#define AUTO_PEM __attribute__((cleanup(cw_pem_finish))) struct cw_pem

/**
 * The next block; `*found` false at the end of the text. Errors (CW_E_PEM) say what was wanted and found, not
 * the place: that is `pem->line`.
 */
CW_MUST_USE bool cw_pem_next(
	struct cw_pem *pem, struct cw_pem_block *ret, bool *found, struct cw_error *error);

#endif
