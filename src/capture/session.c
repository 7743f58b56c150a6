#include "capture/session.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

const struct cw_session_chain *cw_session_chain(const struct cw_session *session, enum cw_session_end from)
{
	for (size_t i = 0; i < session->chain_count; i++)
		if (session->chains[i].from == from)
			return &session->chains[i];
	return NULL;
}

/* A capture of ten thousand connections prints twenty thousand of them: inet_ntop's snprintf is felt. */
static char *print_number(char *at, unsigned number)
{
	char digits[8];
	size_t count = 0;
	do
		digits[count++] = (char)('0' + number % 10);
	while (number /= 10);
	while (count)
		*at++ = digits[--count];
	return at;
}

static char *print_address(const struct cw_session_address *endpoint, char *at)
{
	if (endpoint->version != 4) {
		inet_ntop(AF_INET6, endpoint->address, at, CW_ADDRESS_TEXT_SIZE - 10);
		return at + strlen(at);
	}
	for (size_t i = 0; i < 4; i++) {
		at = print_number(at, endpoint->address[i]);
		if (i < 3)
			*at++ = '.';
	}
	return at;
}

const char *cw_session_address_host(
	const struct cw_session_address *endpoint, char text[CW_ADDRESS_TEXT_SIZE])
{
	*print_address(endpoint, text) = '\0';
	return text;
}

const char *cw_session_address_text(
	const struct cw_session_address *endpoint, char text[CW_ADDRESS_TEXT_SIZE])
{
	char *at = text;
	if (endpoint->version != 4)
		*at++ = '[';
	at = print_address(endpoint, at);
	if (endpoint->version != 4)
		*at++ = ']';
	*at++ = ':';
	*print_number(at, endpoint->port) = '\0';
	return text;
}

const char *cw_session_end_name(enum cw_session_end end)
{
	return end == CW_SESSION_CLIENT ? "client" : "server";
}

const char *cw_session_outcome_name(enum cw_session_outcome outcome)
{
	switch (outcome) {
	case CW_OUTCOME_UP:
		return "up";
	case CW_OUTCOME_REFUSED:
		return "refused";
	case CW_OUTCOME_HIDDEN:
		return "hidden";
	case CW_OUTCOME_RESET:
		return "reset";
	case CW_OUTCOME_CLOSED:
		return "closed";
	case CW_OUTCOME_UNFINISHED:
		return "unfinished";
	case CW_OUTCOME_MIDDLE:
		return "middle";
	}
	return "";
}
