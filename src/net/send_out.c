#include "net/send_out.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static void take_sent(struct cw_buffer *out, size_t sent)
{
	out->length -= sent;
	memmove(out->data, out->data + sent, out->length);
	if (out->secret)
		explicit_bzero(out->data + out->length, sent);
}

bool cw_send_out(int socket, struct cw_buffer *out)
{
	size_t sent = 0;
	bool good = true;
	while (sent < out->length) { /* ends: each turn sends something, or the socket is full or broken */
		ssize_t more =
			send(socket, out->data + sent, out->length - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0) {
			good = errno == EAGAIN || errno == EWOULDBLOCK;
			break;
		}
		sent += (size_t)more;
	}
	if (sent)
		take_sent(out, sent);
	return good;
}
