#include "collect/collect_parts.h"

#include "base/draft.h"
#include "base/file.h"
#include "collect/collect_memory.h"
#include "collect/collect_trust.h"

#include <string.h>
#include <strings.h>

#define CONNECT_SECONDS 10
#define REQUEST_SECONDS 30

void cw_collect_finish(struct cw_collect *collect)
{
	for (size_t i = 0; i < collect->count; i++) {
		struct cw_collect_box *box = collect->boxes[i];
		for (size_t k = 0; k < CW_COLLECT_REQUESTS_MAX; k++)
			free(box->results[k].why);
		cw_strings_finish(&box->pins);
		cw_strings_finish(&box->nodes);
		cw_collect_axl_finish(&box->axl);
		cw_cert_free(box->leaf);
		free(box->host);
		free(box->why);
		free(box);
	}
	free(collect->boxes);
	*collect = (struct cw_collect){0};
}

/* --- the list of boxes --- */

static bool is_host(const char *host, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:", host[i]))
			return false;
	return length && length < 256 && host[0] != '-';
}

static bool read_typed(const char *typed, unsigned *port, char **host, struct cw_error *error)
{
	const char *name = typed, *colon = strrchr(typed, ':');
	size_t length = strlen(typed);
	char *end = NULL;
	unsigned long number = *port;
	if (*typed == '[' && strchr(typed, ']')) {
		name++;
		length = strcspn(name, "]");
		colon = name[length + 1] == ':' ? name + length + 1 : NULL;
	} else if (colon && strchr(typed, ':') != colon) {
		colon = NULL; /* an IPv6 address */
	} else if (colon) {
		length = (size_t)(colon - typed);
	}
	if (colon)
		number = strtoul(colon + 1, &end, 10);
	if (!is_host(name, length) || (end && (*end || end == colon + 1)) || !number || number > 65535)
		return cw_error_set(error, CW_E_USAGE,
			"wanted HOST or HOST:PORT, without https:// and a path, found \"%s\"", typed);
	*port = (unsigned)number;
	*host = strndup(name, length);
	return *host || cw_error_memory(error);
}

bool cw_collect_add(
	struct cw_collect *collect, enum cw_collect_kind kind, const char *typed, struct cw_error *error)
{
	unsigned port = kind == CW_COLLECT_VOICE_BOX ? 8443 : 443;
	char *host;
	if (collect->count == CW_COLLECT_BOXES_MAX)
		return cw_error_set(error, CW_E_LIMIT, "more than %d boxes", CW_COLLECT_BOXES_MAX);
	if (!read_typed(typed, &port, &host, error))
		return false;
	for (size_t i = 0; i < collect->count; i++)
		if (strcasecmp(collect->boxes[i]->host, host) == 0) {
			free(host);
			return cw_error_set(error, CW_E_USAGE, "%s is named twice", typed);
		}
	struct cw_collect_box *box = calloc(1, sizeof *box);
	if (!box || !cw_memory_grow(&collect->boxes, &collect->capacity, collect->count, sizeof box)) {
		free(box);
		free(host);
		return cw_error_memory(error);
	}
	box->kind = kind;
	box->host = host;
	box->port = port;
	collect->boxes[collect->count++] = box;
	return true;
}

char *cw_collect_folder(const struct cw_collect *collect, const struct cw_collect_box *box)
{
	return cw_file_path(collect->folder, box->host);
}

/* --- one connection's settings --- */

/* An IPv6 address stands in brackets. */
static void add_host(const char *host, unsigned port, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, port);
}

char *cw_collect_address(const struct cw_collect_box *box, const char *path)
{
	AUTO_BUFFER url = {0};
	cw_buffer_text(&url, "https://");
	add_host(box->host, box->port, &url);
	cw_buffer_text(&url, path);
	return url.failed ? NULL : cw_buffer_steal(&url);
}

/* libcurl's own certificate checks are replaced: the one judge decides, during the handshake. */
static CURLcode use_judge(CURL *curl, void *context, void *user)
{
	struct cw_collect_box *box = user;
	(void)curl;
	box->judge = (struct cw_tls_judge){.ask = cw_collect_trust_ask, .context = box};
	return cw_tls_adopt(context, &box->judge) ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

static bool set_route(struct cw_collect_visit *visit)
{
	const struct cw_collect_box *box = visit->box;
	AUTO_BUFFER to = {0};
	if (!box->at)
		return true;
	cw_buffer_text(&to, "::");
	add_host(box->at, box->port, &to);
	visit->route = to.failed ? NULL : curl_slist_append(NULL, cw_buffer_string(&to));
	return visit->route && curl_easy_setopt(visit->curl, CURLOPT_CONNECT_TO, visit->route) == CURLE_OK;
}

bool cw_collect_prepare(struct cw_collect_visit *visit, struct cw_error *error)
{
	long seconds = visit->collect->seconds ? visit->collect->seconds : REQUEST_SECONDS;
	CURL *curl = visit->curl = curl_easy_init();
	if (!curl)
		return cw_error_memory(error);
	visit->box->list = visit->collect->list;
	visit->box->time = visit->collect->time;
	curl_easy_setopt(curl, CURLOPT_PRIVATE, visit);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, visit->trouble);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, seconds < CONNECT_SECONDS ? seconds : CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "causeway");
	/* refuses by itself where the judge is not asked; the name is the judge's matter too */
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	if (curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, use_judge) != CURLE_OK ||
		curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, visit->box) != CURLE_OK)
		return cw_error_set(
			error, CW_E_CRYPTO, "libcurl was built without OpenSSL: the judge cannot be asked");
	return set_route(visit) || cw_error_memory(error);
}

void cw_collect_visit_finish(struct cw_collect_visit *visit)
{
	curl_easy_cleanup(visit->curl);
	curl_slist_free_all(visit->fields);
	curl_slist_free_all(visit->route);
	free(visit->url);
	free(visit->envelope);
	cw_buffer_finish(&visit->body);
	cw_draft_free(visit->archive);
}

/* --- meeting --- */

struct meeting {
	struct cw_collect_visit *visits;
	size_t count;
	CURLM *multi;
};

static void meeting_finish(struct meeting *meeting)
{
	for (size_t i = 0; i < meeting->count; i++) {
		if (meeting->visits[i].curl)
			curl_multi_remove_handle(meeting->multi, meeting->visits[i].curl);
		cw_collect_visit_finish(&meeting->visits[i]);
	}
	free(meeting->visits);
	curl_multi_cleanup(meeting->multi);
}

#define AUTO_MEETING __attribute__((cleanup(meeting_finish))) struct meeting

static bool meet_one(struct cw_collect_visit *visit, CURLM *multi, struct cw_error *error)
{
	if (!cw_collect_prepare(visit, error))
		return false;
	visit->url = cw_collect_address(visit->box, "/");
	if (!visit->url)
		return cw_error_memory(error);
	free(TAKE(visit->box->why));
	visit->box->reached = false;
	curl_easy_setopt(visit->curl, CURLOPT_URL, visit->url);
	curl_easy_setopt(visit->curl, CURLOPT_CONNECT_ONLY, 1L);
	return curl_multi_add_handle(multi, visit->curl) == CURLM_OK || cw_error_memory(error);
}

static bool met(CURLM *multi, struct cw_error *error)
{
	int left;
	for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
		struct cw_collect_visit *visit = NULL;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &visit);
		if (code == CURLE_OK || visit->box->why)
			continue; /* met; or refused by the judge, who said why */
		visit->box->trusted = false;
		visit->box->why = strdup(*visit->trouble ? visit->trouble : curl_easy_strerror(code));
		if (!visit->box->why)
			return cw_error_memory(error);
	}
	return true;
}

bool cw_collect_meet(struct cw_collect *collect, struct cw_error *error)
{
	AUTO_MEETING meeting = {0};
	int running = 1;
	if (!cw_collect_memory_start())
		return cw_error_set(error, CW_E_NETWORK, "libcurl cannot be set up");
	meeting.multi = curl_multi_init();
	meeting.visits = calloc(collect->count + 1, sizeof *meeting.visits);
	if (!meeting.multi || !meeting.visits)
		return cw_error_memory(error);
	for (size_t i = 0; i < collect->count; i++) {
		struct cw_collect_visit *visit = &meeting.visits[meeting.count];
		if (collect->boxes[i]->trusted)
			continue;
		*visit = (struct cw_collect_visit){.collect = collect, .box = collect->boxes[i]};
		meeting.count++;
		if (!meet_one(visit, meeting.multi, error))
			return false;
	}
	while (meeting.count && running) {
		if (curl_multi_perform(meeting.multi, &running) != CURLM_OK)
			return cw_error_memory(error);
		if (running)
			curl_multi_poll(meeting.multi, NULL, 0, 1000, NULL);
	}
	return met(meeting.multi, error);
}
