/**
 * Sends what waits for a socket, as far as it takes it now.
 *
 * Whoever sends keeps a buffer; what the socket does not take stays at its front, for when it can be written to again. The
 * one loop over this: it never waits, ends where the socket is full, and leaves nothing secret behind.
 */
#ifndef CW_NET_SEND_OUT_H
#define CW_NET_SEND_OUT_H

#include "base/buffer.h"

#include <stdbool.h>

/**
 * Takes from the front of `out` what the socket takes. `out` not empty then: the socket is full. False: the connection is
 * broken, and waiting for it to be writable would wake the loop for ever; its end is told where it is read.
 */
CW_MUST_USE bool cw_send_out(int socket, struct cw_buffer *out);

#endif
