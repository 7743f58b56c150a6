#include "workbench/fetch.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

CW_DEFINE_AUTO(CURL *, curl_easy_cleanup)

struct receiving {
	struct cw_buffer *buffer;
	size_t limit;
	bool too_long;
};

static size_t receive(char *data, size_t size, size_t count, void *context)
{
	struct receiving *receiving = context;
	size_t length = size * count;
	if (length > receiving->limit - receiving->buffer->length) {
		receiving->too_long = true;
		return 0;
	}
	cw_buffer_append(receiving->buffer, data, length);
	return receiving->buffer->failed ? 0 : length;
}

static void configure(
	CURL *curl, const char *url, const struct cw_fetch_limits *limits, struct receiving *receiving)
{
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)CW_FETCH_REDIRECTS_MAX);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, limits->seconds);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)limits->bytes);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "causeway");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, receiving);
}

bool cw_fetch(
	const char *url, const struct cw_fetch_limits *limits, struct cw_buffer *ret, struct cw_error *error)
{
	struct receiving receiving = {ret, limits->bytes, false};
	if (strncasecmp(url, "http://", 7) != 0)
		return cw_error_set(error, CW_E_USAGE, "%s: only http addresses are fetched", url);
	AUTO(curl_easy_cleanup) CURL *curl = curl_easy_init();
	if (!curl)
		return cw_error_memory(error);
	configure(curl, url, limits, &receiving);
	CURLcode code = curl_easy_perform(curl);
	if (ret->failed || code == CURLE_OUT_OF_MEMORY)
		return cw_error_memory(error);
	if (receiving.too_long || code == CURLE_FILESIZE_EXCEEDED)
		return cw_error_set(error, CW_E_LIMIT, "%s: longer than %zu bytes", url, limits->bytes);
	if (code == CURLE_HTTP_RETURNED_ERROR) {
		long status = 0;
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
		return cw_error_set(error, CW_E_NETWORK, "%s: the server answered %ld", url, status);
	}
	if (code != CURLE_OK)
		return cw_error_set(error, CW_E_NETWORK, "%s: %s", url, curl_easy_strerror(code));
	return true;
}
