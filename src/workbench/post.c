#include "workbench/post.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

CW_DEFINE_AUTO(CURL *, curl_easy_cleanup)
CW_DEFINE_AUTO(struct curl_slist *, curl_slist_free_all)

/* What stands behind "://", or NULL for another scheme. */
static const char *host_of(const char *url)
{
	static const char *const schemes[] = {"https://", "http://"};
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return url + strlen(schemes[i]);
	return NULL;
}

bool cw_post_check(const char *url, struct cw_error *error)
{
	const char *host = host_of(url);
	size_t length = host ? strcspn(host, "/?#") : 0;
	if (!length)
		return cw_error_set(error, CW_E_USAGE, "wanted a URL that begins with https:// or http://");
	if (memchr(host, '@', length))
		return cw_error_set(error, CW_E_USAGE, "wanted a URL without a user name in it");
	return true;
}

/* The answer is of no interest. */
static size_t drop(char *data, size_t size, size_t count, void *context)
{
	(void)data;
	(void)context;
	return size * count;
}

static void configure(CURL *curl, const char *url, const struct cw_buffer *json, struct curl_slist *fields)
{
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)json->length);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, cw_buffer_string(json));
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)CW_POST_SECONDS_MAX);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "causeway");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
}

static bool explain(CURL *curl, CURLcode code, const char *host, struct cw_error *error)
{
	int length = (int)strcspn(host, "/?#");
	long status = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_OUT_OF_MEMORY)
		return cw_error_memory(error);
	if (code == CURLE_OK && status >= 200 && status < 300)
		return true;
	if (code == CURLE_OK || code == CURLE_HTTP_RETURNED_ERROR)
		return cw_error_set(error, CW_E_NETWORK,
			"%.*s: the server answered %ld to the change, and did not take it", length, host,
			status);
	return cw_error_set(error, CW_E_NETWORK, "%.*s: the change was not sent: %s", length, host,
		curl_easy_strerror(code));
}

bool cw_post_json(const char *url, const struct cw_buffer *json, struct cw_error *error)
{
	if (!cw_post_check(url, error))
		return false;
	AUTO(curl_easy_cleanup) CURL *curl = curl_easy_init();
	AUTO(curl_slist_free_all)
	struct curl_slist *fields = curl_slist_append(NULL, "Content-Type: application/json");
	if (!curl || !fields)
		return cw_error_memory(error);
	configure(curl, url, json, fields);
	return explain(curl, curl_easy_perform(curl), host_of(url), error);
}
