/**
 * The messages of RFC 4475 ("Session Initiation Protocol (SIP) Torture Test Messages"), section 3, and what
 * becomes of each over a stream at a server that answers INVITE, OPTIONS, REGISTER and MESSAGE.
 */
#ifndef TEST_SUPPORT_SIP_TORTURE_H
#define TEST_SUPPORT_SIP_TORTURE_H

#include "base/buffer.h"

enum test_torture_frame {
	TEST_TORTURE_MESSAGE, /* a whole message comes out of the stream */
	TEST_TORTURE_MORE,    /* the stream waits for the rest of a body */
	TEST_TORTURE_BROKEN,  /* nobody knows where the message ends: 400, and the connection is closed */
};

struct test_torture {
	const char *section, *name;
	const char *text; /* lines end in \n alone */
	size_t length;
	enum test_torture_frame want_frame;
	unsigned want_status; /* of the answer, 0 for a good one; for a response, not 0: it is dropped */
};

extern const struct test_torture test_torture[];
extern const size_t test_torture_count;

/** The message as it goes over the wire. */
void test_torture_write(const struct test_torture *torture, struct cw_buffer *out);

#endif
