#include "collect/probe_plain.h"

#include "collect/probe_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define XMPP_OPEN \
	"<?xml version='1.0'?><stream:stream to='%s' xmlns='jabber:client' " \
	"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
#define XMPP_START "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

struct plain {
	struct cw_probe_plain_setup setup;
	bool connected;
	evutil_socket_t socket;
	struct event *event;
	struct timeval wait;
	char *domain;
	struct cw_probe_words_seen words;
};

static void plain_free(struct plain *plain)
{
	if (!plain)
		return;
	if (plain->event)
		event_free(plain->event);
	if (plain->socket >= 0)
		evutil_closesocket(plain->socket);
	cw_probe_words_finish(&plain->words);
	free(plain->domain);
	free(plain);
}
CW_DEFINE_AUTO(struct plain *, plain_free)

static void end(struct plain *plain, bool good, const char *words)
{
	evutil_socket_t socket_ = -1;
	if (good && plain->setup.kind == CW_PROBE_PLAIN_XMPP) {
		socket_ = plain->socket;
		plain->socket = -1;
	}
	plain->setup.done(plain->setup.context, good, socket_, words);
	plain_free(plain);
}

static bool say(struct plain *plain, const char *text)
{
	return send(plain->socket, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

static void wait_for(struct plain *plain, short what);

static void connected(struct plain *plain)
{
	int trouble = 0;
	socklen_t size = sizeof trouble;
	AUTO_BUFFER hello = {0};
	getsockopt(plain->socket, SOL_SOCKET, SO_ERROR, &trouble, &size);
	if (trouble) {
		end(plain, false, strerror(trouble));
		return;
	}
	plain->connected = true;
	if (plain->setup.kind == CW_PROBE_PLAIN_XMPP) {
		cw_buffer_printf(&hello, XMPP_OPEN, plain->domain);
		if (hello.failed || !say(plain, cw_buffer_string(&hello))) {
			end(plain, false, "the server did not take the stream's beginning");
			return;
		}
	}
	wait_for(plain, EV_READ);
}

static void readable(struct plain *plain)
{
	char bytes[4096];
	ssize_t got = recv(plain->socket, bytes, sizeof bytes, 0);
	if (got <= 0) {
		end(plain, false, got ? strerror(errno) : "the server closed the connection");
		return;
	}
	switch (cw_probe_words_take(&plain->words, bytes, (size_t)got)) {
	case CW_PROBE_WORDS_MORE:
		wait_for(plain, EV_READ);
		break;
	case CW_PROBE_WORDS_OFFERED:
		if (say(plain, XMPP_START))
			wait_for(plain, EV_READ);
		else
			end(plain, false, "the server went away");
		break;
	case CW_PROBE_WORDS_READY:
		end(plain, true, plain->words.banner);
		break;
	case CW_PROBE_WORDS_REFUSED:
		end(plain, false, plain->words.why);
		break;
	}
}

static void on_event(evutil_socket_t socket_, short what, void *context)
{
	struct plain *plain = context;
	(void)socket_;
	if (what & EV_TIMEOUT)
		end(plain, false, "nothing came in time");
	else if (!plain->connected)
		connected(plain);
	else
		readable(plain);
}

static void wait_for(struct plain *plain, short what)
{
	event_assign(plain->event, plain->setup.base, plain->socket, what, on_event, plain);
	if (event_add(plain->event, &plain->wait) < 0)
		end(plain, false, "out of memory");
}

bool cw_probe_plain_open(const struct cw_probe_plain_setup *setup, struct cw_error *error)
{
	AUTO(plain_free) struct plain *plain = calloc(1, sizeof *plain);
	if (!plain)
		return cw_error_memory(error);
	plain->socket = -1;
	plain->setup = *setup;
	plain->words.ssh = setup->kind == CW_PROBE_PLAIN_SSH;
	plain->domain = strdup(setup->domain ? setup->domain : "");
	plain->wait.tv_sec = (time_t)(setup->milliseconds / 1000);
	plain->wait.tv_usec = (suseconds_t)(setup->milliseconds % 1000) * 1000;
	plain->socket = socket(setup->to->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	plain->event = event_new(setup->base, plain->socket, EV_WRITE, on_event, plain);
	if (!plain->domain || !plain->event || event_add(plain->event, &plain->wait) < 0)
		return cw_error_memory(error);
	if (plain->socket < 0 ||
		(connect(plain->socket, setup->to, setup->length) < 0 && errno != EINPROGRESS))
		return cw_error_set(error, CW_E_NETWORK, "cannot connect: %s", strerror(errno));
	plain = NULL; /* the loop's now */
	return true;
}
