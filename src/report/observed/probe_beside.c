#include "report/observed/probe_beside.h"

#include "base/file.h"
#include "report/json.h"

#include <string.h>
#include <strings.h>

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool is_it(const json_t *server, const struct cw_probed *probed)
{
	const char *host = text_of(server, "host"), *sni = text_of(server, "sni");
	bool same_sni = sni && probed->sni ? strcasecmp(sni, probed->sni) == 0 : !sni && !probed->sni;
	return host && strcasecmp(host, probed->host) == 0 && same_sni &&
		json_integer_value(json_object_get(server, "port")) == (json_int_t)probed->port;
}

/* Both presented the same certificates, in the same order. */
static bool same_chain(const json_t *chain, const struct cw_probed *probed)
{
	if (json_array_size(chain) != probed->chain_count)
		return false;
	for (size_t i = 0; i < probed->chain_count; i++) {
		const char *sha256 = text_of(json_array_get(chain, i), "sha256");
		if (!sha256 || strcmp(sha256, cw_cert_sha256_text(probed->chain[i])) != 0)
			return false;
	}
	return true;
}

static bool same_leaf(const json_t *chain, const struct cw_probed *probed)
{
	const char *sha256 = text_of(json_array_get(chain, 0), "sha256");
	return sha256 && probed->chain_count && strcmp(sha256, cw_cert_sha256_text(probed->chain[0])) == 0;
}

static bool compare(struct cw_probed *probed, const json_t *server, struct cw_error *error)
{
	const json_t *chain = json_object_get(server, "chain");
	const char *from = text_of(server, "from"), *subject = text_of(json_array_get(chain, 0), "subject");
	bool good;
	if (!from)
		from = "elsewhere";
	if (!json_array_size(chain))
		good = cw_strings_addf(&probed->remarks, "seen from %s: it was not reached", from);
	else if (!probed->chain_count)
		good = cw_strings_addf(&probed->remarks, "seen from %s: it presents %s", from,
			subject ? subject : "a certificate");
	else if (same_chain(chain, probed))
		good = cw_strings_addf(&probed->remarks, "seen from %s: it presents the same", from);
	else if (same_leaf(chain, probed))
		good = cw_strings_addf(&probed->remarks,
			"seen from %s: it presents the same certificate, with another chain behind it", from);
	else
		good = cw_strings_addf(&probed->remarks,
			"seen from %s: it presents another certificate, %s: a front or another box stands there",
			from, subject ? subject : "(no subject)");
	return good || cw_error_memory(error);
}

bool cw_probe_beside(struct cw_probed_set *set, const char *path, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	json_error_t place;
	if (!cw_file_read(path, CW_PROBE_BESIDE_MAX, &text, error))
		return false;
	AUTO(json_decref) json_t *whole = json_loadb(cw_buffer_string(&text), text.length, 0, &place);
	const json_t *servers = json_object_get(whole, "servers");
	if (!json_is_array(servers))
		return cw_error_set(error, CW_E_FORMAT,
			"%s: wanted what `causeway probe -f json` writes, found %s", path,
			whole ? "other JSON" : place.text);
	for (size_t i = 0; i < set->count; i++)
		for (size_t k = 0; k < json_array_size(servers); k++)
			if (is_it(json_array_get(servers, k), &set->items[i]) &&
				!compare(&set->items[i], json_array_get(servers, k), error))
				return false;
	return true;
}
