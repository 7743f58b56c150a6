#include "cli/rehearse_hold.h"

#include "base/file.h"
#include "deploy/presents.h"
#include "live/hold.h"
#include "live/loopback.h"
#include "pki/escape.h"
#include "pki/pem_write.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct holding {
	struct cw_call *call;
	struct cw_rehearsal *rehearsal;
	char folder[512];
	struct cw_strings files; /* to be removed */
};

static void remove_all(struct holding *holding)
{
	for (size_t i = 0; i < holding->files.count; i++)
		unlink(holding->files.items[i]);
	if (*holding->folder)
		rmdir(holding->folder);
	cw_strings_finish(&holding->files);
}

/* "FOLDER/e1.acme.test-server.pem", noted for removal. */
static const char *add_path(struct holding *holding, const char *node, const char *kind, const char *ending)
{
	if (!cw_strings_addf(&holding->files, "%s/%s-%s.%s", holding->folder, node, kind, ending))
		return NULL;
	return holding->files.items[holding->files.count - 1];
}

/* A name becomes part of a path: what is no letter, digit, dot or hyphen becomes one. */
static void plain_name(const char *name, char ret[128])
{
	size_t i = 0;
	for (; name[i] && i < 127; i++) {
		bool plain = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= 'A' && name[i] <= 'Z') ||
			(name[i] >= '0' && name[i] <= '9') || (name[i] == '.' && i > 0);
		ret[i] = plain ? name[i] : '-';
	}
	ret[i] = '\0';
}

static bool write_identity(struct holding *holding, const struct cw_node *node, enum cw_identity_kind kind,
	struct cw_error *error)
{
	const struct cw_twin *twin = cw_rehearsal_twin(holding->rehearsal);
	const struct cw_identity *identity = &node->identities[kind];
	EVP_PKEY *key = identity->state == CW_KNOWN ? cw_twin_key(twin, identity->leaf) : NULL;
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	AUTO_BUFFER certs = {0};
	char name[128];
	if (!key)
		return true;
	plain_name(node->fqdn, name);
	size_t count = cw_node_sends(node, kind, chain);
	for (size_t i = 0; i < count; i++)
		if (!cw_pem_append_cert(&certs, cw_twin_shadow(twin, chain[i]), error))
			return false;
	const char *path = add_path(holding, name, cw_identity_name(kind), "pem");
	if (!path)
		return cw_error_memory(error);
	if (!cw_file_write(path, certs.data, certs.length, 0600, error))
		return false;
	path = add_path(holding, name, cw_identity_name(kind), "key");
	return path ? cw_pem_write_key(path, key, NULL, error) : cw_error_memory(error);
}

static bool write_identities(struct holding *holding, struct cw_error *error)
{
	const struct cw_deployment *deployment = cw_rehearsal_check(holding->rehearsal)->deployment;
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			for (int kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
				if (!write_identity(holding, deployment->groups[i]->nodes[k],
					    (enum cw_identity_kind)kind, error))
					return false;
	return true;
}

static void print_places(struct holding *holding)
{
	const struct cw_check *check = cw_rehearsal_check(holding->rehearsal);
	const struct sockaddr_in *last = NULL;
	for (size_t i = 0; i < check->link_count; i++) {
		const struct sockaddr_in *address = cw_rehearsal_address(holding->rehearsal, check->links[i]);
		char text[CW_LOOPBACK_TEXT_SIZE];
		if (!address || address == last)
			continue;
		fprintf(holding->call->err, "  %-22s %s:%u (%s)\n", cw_loopback_text(address, text),
			check->links[i]->server.name, check->links[i]->port,
			cw_link_kind_name(check->links[i]->kind));
		last = address;
	}
}

static void print_example(struct holding *holding)
{
	const struct cw_check *check = cw_rehearsal_check(holding->rehearsal);
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		const struct sockaddr_in *address = cw_rehearsal_address(holding->rehearsal, link);
		enum cw_identity_kind kind;
		char text[CW_LOOPBACK_TEXT_SIZE], name[128];
		if (!address || !cw_link_presents(link, false, &kind))
			continue;
		plain_name(link->client.name, name);
		fprintf(holding->call->err,
			"As %s, for example:\n"
			"  openssl s_client -connect %s -servername %s -cert %s/%s-%s.pem -cert_chain "
			"%s/%s-%s.pem -key %s/%s-%s.key\n",
			link->client.name, cw_loopback_text(address, text), link->address, holding->folder,
			name, cw_identity_name(kind), holding->folder, name, cw_identity_name(kind),
			holding->folder, name, cw_identity_name(kind));
		return;
	}
}

static bool on_ready(void *context, struct cw_error *error)
{
	struct holding *holding = context;
	const char *base = getenv("TMPDIR");
	snprintf(holding->folder, sizeof holding->folder, "%s/causeway-twin-XXXXXX",
		base && *base ? base : "/tmp");
	if (!mkdtemp(holding->folder)) {
		*holding->folder = '\0';
		return cw_error_set(error, CW_E_IO, "no temporary folder: %s", strerror(errno));
	}
	if (!write_identities(holding, error))
		return false;
	fprintf(holding->call->err, "The twin is up; Ctrl-C ends it.\n");
	print_places(holding);
	print_example(holding);
	fflush(holding->call->err);
	return true;
}

static void on_told(void *context, const char *line)
{
	const struct holding *holding = context;
	AUTO_BUFFER safe = {0};
	cw_escape(&safe, line, strlen(line), "");
	fprintf(holding->call->err, "%s\n", cw_buffer_string(&safe));
	fflush(holding->call->err);
}

bool cw_rehearse_hold(struct cw_call *call, struct cw_rehearsal *rehearsal, struct cw_error *error)
{
	struct holding holding = {.call = call, .rehearsal = rehearsal};
	struct cw_hold_options options = {.ready = on_ready, .told = on_told, .context = &holding};
	bool good = cw_rehearsal_hold(rehearsal, &options, error);
	remove_all(&holding);
	return good;
}
