#include "traversal/tunnel_talk.h"

#include <errno.h>
#include <sys/socket.h>

/* The exchange is shorter than any socket's empty buffer: what does not go out at once never will. */
static bool send_out(int socket, struct cw_tunnel_exchange *exchange)
{
	if (!exchange->out_length)
		return true;
	ssize_t sent = send(socket, exchange->out, exchange->out_length, MSG_NOSIGNAL);
	bool good = sent >= 0 && (size_t)sent == exchange->out_length;
	exchange->out_length = 0;
	return good;
}

enum cw_tunnel_talk_end cw_tunnel_talk(int socket, struct cw_tunnel_exchange *exchange)
{
	uint8_t bytes[sizeof exchange->in];
	for (;;) {
		if (!send_out(socket, exchange))
			return CW_TUNNEL_TALK_BROKEN;
		size_t wants = cw_tunnel_exchange_wants(exchange);
		if (!wants)
			return exchange->state == CW_TUNNEL_AGREED ? CW_TUNNEL_TALK_DONE
								   : CW_TUNNEL_TALK_OTHER;
		ssize_t got = recv(socket, bytes, wants, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return CW_TUNNEL_TALK_MORE;
		if (got <= 0)
			return CW_TUNNEL_TALK_BROKEN;
		cw_tunnel_exchange_take(exchange, bytes, (size_t)got);
	}
}
