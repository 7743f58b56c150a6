#include "base/buffer.h"
#include "base/confine.h"
#include "node/crl/node_crl.h"
#include "workbench/crl/fetch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The lines are the node's own. */
#define LINE_MAX_BYTES 1100

static bool send_all(const char *from, size_t length)
{
	while (length) { /* ends: each turn sends something */
		ssize_t sent = write(STDOUT_FILENO, from, length);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		from += sent;
		length -= (size_t)sent;
	}
	return true;
}

static bool answer(bool good, const char *bytes, size_t length)
{
	const char head[] = {good ? 'y' : 'n', (char)(length >> 24 & 0xff), (char)(length >> 16 & 0xff),
		(char)(length >> 8 & 0xff), (char)(length & 0xff)};
	return send_all(head, sizeof head) && send_all(bytes, length);
}

/* A person names these addresses: they may be in his own network. */
static bool fetch(const char *url)
{
	static const struct cw_fetch_limits limits = {
		.bytes = CW_NODE_CRL_BYTES_MAX, .seconds = CW_NODE_CRL_SECONDS, .private_too = true};
	AUTO_BUFFER content = {0};
	struct cw_error error;
	if (cw_fetch(url, &limits, &content, &error))
		return answer(true, cw_buffer_string(&content), content.length);
	return answer(false, error.message, strlen(error.message));
}

int cw_node_crl_process(void)
{
	const struct rlimit none = {0, 0}, seconds = {CW_NODE_CRL_SECONDS_ALL, CW_NODE_CRL_SECONDS_ALL};
	char line[LINE_MAX_BYTES];
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_CPU, &seconds);
	while (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!fetch(line))
			return 1;
	}
	return 0;
}
