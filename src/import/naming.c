#include "import/naming.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* `word` stands in `text` and no letter or digit touches it. */
static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = text; (at = strcasestr(at, word)); at++) {
		bool begins = at == text || !isalnum((unsigned char)at[-1]);
		if (begins && !isalnum((unsigned char)at[length]))
			return true;
	}
	return false;
}

static bool has_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (has_word(text, words[i]))
			return true;
	return false;
}

#define HAS(text, ...) \
	has_any(text, (const char *const[]){__VA_ARGS__}, \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static bool store_of(const char *name, enum cw_imported_store *ret)
{
	bool trust = strcasestr(name, "trust") != NULL;
	if (trust && strcasestr(name, "tomcat"))
		*ret = CW_IMPORTED_TOMCAT_TRUST;
	else if (trust && strcasestr(name, "callmanager"))
		*ret = CW_IMPORTED_CALLMANAGER_TRUST;
	else if (HAS(name, "ca", "cas", "trust", "trusted", "trusted-ca", "truststore", "certs_root"))
		*ret = CW_IMPORTED_TRUSTED_CA;
	else
		return false;
	return true;
}

static bool identity_of(const char *name, enum cw_imported_identity *ret)
{
	bool ecdsa = strcasestr(name, "ecdsa") != NULL;
	if (strcasestr(name, "tomcat"))
		*ret = ecdsa ? CW_IMPORTED_TOMCAT_ECDSA : CW_IMPORTED_TOMCAT;
	else if (strcasestr(name, "callmanager"))
		*ret = ecdsa ? CW_IMPORTED_CALLMANAGER_ECDSA : CW_IMPORTED_CALLMANAGER;
	else if (HAS(name, "client"))
		*ret = CW_IMPORTED_CLIENT;
	else if (HAS(name, "server", "cert", "leaf", "identity"))
		*ret = CW_IMPORTED_SERVER;
	else
		return false;
	return true;
}

/* One part of the path between slashes. */
static bool take_part(const char *path, size_t *end, char part[256])
{
	size_t start = *end;
	while (start && path[start - 1] != '/')
		start--;
	size_t length = *end - start < 255 ? *end - start : 255;
	memcpy(part, path + start, length);
	part[length] = 0;
	*end = start ? start - 1 : 0;
	return start > 0;
}

/*
 * The file's own name first, but for a folder that is called tomcat-trust: what is in there is an entry of it,
 * whatever its own name (a certificate of a CallManager may stand in tomcat-trust).
 */
struct cw_naming cw_naming_file(const char *path)
{
	struct cw_naming naming = {0};
	char file[256], folder[256];
	size_t end = strlen(path);
	bool more = take_part(path, &end, file);
	if (more) {
		take_part(path, &end, folder);
		bool named = strcasestr(folder, "trust") || HAS(folder, "ca", "cas");
		if (named && store_of(folder, &naming.store)) {
			naming.is = CW_NAMING_STORE;
			naming.single = true;
			return naming;
		}
	}
	if (store_of(file, &naming.store))
		naming.is = CW_NAMING_STORE;
	else if (identity_of(file, &naming.identity))
		naming.is = CW_NAMING_IDENTITY;
	return naming;
}

bool cw_naming_mentions(const char *path, const char *host)
{
	char label[256];
	size_t length = strcspn(host, ".");
	if (has_word(path, host))
		return true;
	if (!length || length >= sizeof label)
		return false;
	memcpy(label, host, length);
	label[length] = 0;
	return has_word(path, label);
}

/* "expc", "exp-c", "expressway-c01", "vcsc": a word of these with digits behind it. */
static bool has_stem(const char *text, const char *stem)
{
	size_t length = strlen(stem);
	for (const char *at = text; (at = strcasestr(at, stem)); at++) {
		size_t digits = strspn(at + length, "0123456789");
		bool begins = at == text || !isalpha((unsigned char)at[-1]);
		if (begins && !isalpha((unsigned char)at[length + digits]))
			return true;
	}
	return false;
}

enum cw_imported_role cw_naming_role(const char *text)
{
	static const struct {
		const char *stem;
		enum cw_imported_role role;
	} stems[] = {
		{"expc", CW_IMPORTED_C},
		{"exp-c", CW_IMPORTED_C},
		{"expressway-c", CW_IMPORTED_C},
		{"expresswayc", CW_IMPORTED_C},
		{"vcsc", CW_IMPORTED_C},
		{"vcs-c", CW_IMPORTED_C},
		{"expe", CW_IMPORTED_E},
		{"exp-e", CW_IMPORTED_E},
		{"expressway-e", CW_IMPORTED_E},
		{"expresswaye", CW_IMPORTED_E},
		{"vcse", CW_IMPORTED_E},
		{"vcs-e", CW_IMPORTED_E},
		{"imp", CW_IMPORTED_IMP},
		{"cup", CW_IMPORTED_IMP},
		{"cups", CW_IMPORTED_IMP},
		{"presence", CW_IMPORTED_IMP},
		{"unity", CW_IMPORTED_UNITY},
		{"cuc", CW_IMPORTED_UNITY},
		{"cxn", CW_IMPORTED_UNITY},
		{"cucm", CW_IMPORTED_CUCM},
		{"ucm", CW_IMPORTED_CUCM},
	};
	for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++)
		if (has_stem(text, stems[i].stem))
			return stems[i].role;
	return CW_IMPORTED_UNKNOWN;
}

/* RFC 1123 section 2.1, and the underscore that some boxes have in spite of it. */
bool cw_naming_is_host(const char *name)
{
	size_t length = strlen(name);
	if (!length || length > 253 || *name == '.' || *name == '-' || strstr(name, ".."))
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("-_.", *name))
			return false;
	return true;
}

bool cw_naming_cert_has(const struct cw_cert *cert, const char *name)
{
	const struct cw_sans *sans = cw_cert_sans(cert);
	const char *common = cw_cert_common_name(cert);
	if (common && strcasecmp(common, name) == 0)
		return true;
	for (size_t i = 0; i < sans->count && i < CW_NAMING_NAMES_MAX; i++)
		if (strcasecmp(sans->items[i].text, name) == 0)
			return true;
	return false;
}

bool cw_naming_cert_is_edge(const struct cw_cert *cert)
{
	const struct cw_sans *sans = cw_cert_sans(cert);
	for (size_t i = 0; i < sans->count; i++)
		if (sans->items[i].kind == CW_SAN_DNS &&
			strncasecmp(sans->items[i].text, "collab-edge.", 12) == 0)
			return true;
	return false;
}

static bool may_be_host(const char *name)
{
	return name && strchr(name, '.') && cw_naming_is_host(name) &&
		strncasecmp(name, "collab-edge.", 12) != 0;
}

const char *cw_naming_cert_host(const struct cw_cert *cert, size_t index)
{
	const struct cw_sans *sans = cw_cert_sans(cert);
	const char *common = cw_cert_common_name(cert);
	if (may_be_host(common) && index-- == 0)
		return common;
	for (size_t i = 0; i < sans->count && i < CW_NAMING_NAMES_MAX; i++) {
		const char *name = sans->items[i].text;
		if (sans->items[i].kind != CW_SAN_DNS || !may_be_host(name) ||
			(common && strcasecmp(name, common) == 0))
			continue;
		if (index-- == 0)
			return name;
	}
	return NULL;
}

static bool is_below(const char *name, const char *domain)
{
	size_t length = strlen(name), tail = strlen(domain);
	return length > tail + 1 && name[length - tail - 1] == '.' &&
		strcasecmp(name + length - tail, domain) == 0;
}

bool cw_naming_is_domain_in(const struct cw_cert *cert, const char *name)
{
	const struct cw_sans *sans = cw_cert_sans(cert);
	const char *common = cw_cert_common_name(cert);
	if (may_be_host(common) && is_below(common, name))
		return true;
	for (size_t i = 0; i < sans->count && i < CW_NAMING_NAMES_MAX; i++)
		if (sans->items[i].kind == CW_SAN_DNS && may_be_host(sans->items[i].text) &&
			is_below(sans->items[i].text, name))
			return true;
	return false;
}

static bool is_of_label(char c)
{
	return isalnum((unsigned char)c) || c == '-';
}

/* The last host of the path that is below this domain, one label deep. */
static bool host_below(const char *path, const char *domain, char ret[CW_NAMING_HOST_SIZE])
{
	bool found = false;
	size_t length = strlen(domain);
	for (const char *at = path; (at = strcasestr(at, domain)); at++) {
		const char *label = at - 1;
		if (at == path || *label != '.' || is_of_label(at[length]))
			continue;
		while (label > path && is_of_label(label[-1]))
			label--;
		size_t whole = (size_t)(at - label) + length;
		if (label + 1 == at || whole >= CW_NAMING_HOST_SIZE)
			continue;
		memcpy(ret, label, whole);
		ret[whole] = 0;
		found = true;
	}
	return found;
}

bool cw_naming_path_host(const char *path, const struct cw_cert *cert, char ret[CW_NAMING_HOST_SIZE])
{
	const char *name;
	for (size_t i = 0; (name = cw_naming_cert_host(cert, i)); i++) {
		const char *domain = cw_naming_is_domain_in(cert, name) ? name : strchr(name, '.') + 1;
		if (strchr(domain, '.') && host_below(path, domain, ret))
			return true;
	}
	return false;
}
