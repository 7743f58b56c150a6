#include "workbench/crl/fetch.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

CW_DEFINE_AUTO(CURL *, curl_easy_cleanup)

struct receiving {
	struct cw_buffer *buffer;
	size_t limit;
	bool too_long;
	bool refused; /* an address that is not public */
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

/* RFC 6890 and its registry: everything that is not globally reachable. First bytes and how many bits count. */
static bool is_in(const uint8_t *address, const uint8_t *network, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;
	return memcmp(address, network, whole) == 0 &&
		(!rest || (address[whole] ^ network[whole]) >> (8 - rest) == 0);
}

static bool is_public_4(const uint8_t *address)
{
	static const struct {
		uint8_t network[4];
		unsigned bits;
	} others[] = {
		{{0}, 8},	      /* this network */
		{{10}, 8},	      /* private */
		{{100, 64}, 10},      /* carrier-grade NAT */
		{{127}, 8},	      /* loopback */
		{{169, 254}, 16},     /* link-local; clouds answer there with secrets */
		{{172, 16}, 12},      /* private */
		{{192, 0, 0}, 24},    /* IETF protocol assignments */
		{{192, 0, 2}, 24},    /* documentation */
		{{192, 168}, 16},     /* private */
		{{198, 18}, 15},      /* benchmarks */
		{{198, 51, 100}, 24}, /* documentation */
		{{203, 0, 113}, 24},  /* documentation */
		{{224}, 4},	      /* multicast */
		{{240}, 4},	      /* reserved, broadcast */
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (is_in(address, others[i].network, others[i].bits))
			return false;
	return true;
}

static bool is_public_6(const uint8_t *address)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff}, translated[12] = {0, 0x64, 0xff, 0x9b},
			     global[1] = {0x20}, documentation[4] = {0x20, 0x01, 0x0d, 0xb8},
			     six_to_four[2] = {0x20, 0x02}, teredo[4] = {0x20, 0x01};
	if (is_in(address, mapped, 96) || is_in(address, translated, 96))
		return is_public_4(address + 12);
	if (is_in(address, six_to_four, 16))
		return is_public_4(address + 2);
	return is_in(address, global, 3) && !is_in(address, documentation, 32) && !is_in(address, teredo, 32);
}

bool cw_fetch_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return is_public_4(
			(const uint8_t *)&((const struct sockaddr_in *)(const void *)address)->sin_addr);
	return address->sa_family == AF_INET6 &&
		is_public_6(((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr);
}

/* Asked for each connection, with the address that it will have. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct receiving *receiving = context;
	(void)purpose;
	if (!cw_fetch_is_public(&address->addr)) {
		receiving->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void configure(
	CURL *curl, const char *url, const struct cw_fetch_limits *limits, struct receiving *receiving)
{
	curl_easy_setopt(curl, CURLOPT_PROXY, limits->proxy ? limits->proxy : "");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	if (!limits->private_too && !limits->proxy) { /* a proxy's owner decides what it reaches */
		curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
		curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, receiving);
	}
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

/* "http://user:password@host/": an address that would be shown, kept and sent with a secret in it. */
static bool has_user(const char *url)
{
	const char *host = url + strlen("http://");
	return memchr(host, '@', strcspn(host, "/?#")) != NULL;
}

bool cw_fetch(
	const char *url, const struct cw_fetch_limits *limits, struct cw_buffer *ret, struct cw_error *error)
{
	struct receiving receiving = {ret, limits->bytes, false, false};
	if (strncasecmp(url, "http://", 7) != 0)
		return cw_error_set(error, CW_E_USAGE,
			"only http addresses are fetched; have the CA publish its list over http, or get it there "
			"(certutil -store) and name the file as crl: of the node");
	if (has_user(url))
		return cw_error_set(error, CW_E_USAGE,
			"an address with a user name in it is not fetched: no CRL needs one");
	AUTO(curl_easy_cleanup) CURL *curl = curl_easy_init();
	if (!curl)
		return cw_error_memory(error);
	configure(curl, url, limits, &receiving);
	CURLcode code = curl_easy_perform(curl);
	if (ret->failed || code == CURLE_OUT_OF_MEMORY)
		return cw_error_memory(error);
	if (receiving.too_long || code == CURLE_FILESIZE_EXCEEDED)
		return cw_error_set(error, CW_E_LIMIT, "%s: longer than %zu bytes", url, limits->bytes);
	if (receiving.refused)
		return cw_error_set(error, CW_E_NETWORK,
			"%s: leads to an address of this machine or of a private network, which a certificate may not choose; "
			"--private allows it",
			url);
	if (code == CURLE_LOGIN_DENIED)
		return cw_error_set(error, CW_E_USAGE,
			"%s: leads to an address with a user name in it, which no CRL needs", url);
	if (code == CURLE_HTTP_RETURNED_ERROR) {
		long status = 0;
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
		return cw_error_set(error, CW_E_NETWORK, "%s: the server answered %ld", url, status);
	}
	if (code != CURLE_OK)
		return cw_error_set(error, CW_E_NETWORK, "%s: %s", url, curl_easy_strerror(code));
	return true;
}
