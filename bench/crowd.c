#include "crowd.h"

#include <arpa/inet.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

bool crowd_begin(struct crowd *ret)
{
	struct cw_error error;
	struct rlimit descriptors;
	const struct cw_tls_setup tls = {.asks = true, .security_level = 0};
	if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
		descriptors.rlim_cur = descriptors.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &descriptors);
	}
	ret->base = event_base_new();
	ret->seen = cw_recent_certs_new();
	return ret->base && ret->seen && cw_tls_context(&tls, &ret->tls, &error);
}

bool crowd_set_address(struct crowd *crowd, const char *text, uint16_t port)
{
	crowd->at = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
	return inet_pton(AF_INET, text, &crowd->at.sin_addr) == 1;
}

int crowd_accept(void *context, struct cw_cert *const *chain, size_t count)
{
	(void)context, (void)chain, (void)count;
	return CW_TLS_ACCEPT;
}

void crowd_after(struct event *event, double seconds)
{
	const struct timeval wait = {(time_t)seconds, (suseconds_t)(fmod(seconds, 1) * 1e6)};
	event_add(event, &wait);
}

double crowd_now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void crowd_kill(char *pids)
{
	char *rest;
	for (char *word = strtok_r(pids, ",", &rest); word; word = strtok_r(NULL, ",", &rest))
		kill((pid_t)strtol(word, NULL, 10), SIGKILL);
}
