#include "node/node_init.h"

#include "base/file.h"
#include "base/lock.h"
#include "node/node_folder.h"

#include <string.h>
#include <sys/stat.h>

void cw_node_init_quote(struct cw_buffer *ret, const char *text)
{
	cw_buffer_char(ret, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			cw_buffer_char(ret, '\'');
		cw_buffer_char(ret, *text);
	}
	cw_buffer_char(ret, '\'');
}

static void put(struct cw_buffer *yaml, const char *indent, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	cw_buffer_printf(yaml, "%s%s: ", indent, key);
	cw_node_init_quote(yaml, value);
	cw_buffer_char(yaml, '\n');
}

static void put_traversal(struct cw_buffer *yaml, const struct cw_node_init *init)
{
	if (init->role == CW_NODE_CUCM || init->zones)
		return;
	cw_buffer_text(yaml, "  traversal:\n");
	if (init->role == CW_NODE_EXPRESSWAY_C && init->peers && init->peers->count) {
		cw_buffer_text(yaml, "    peers: [");
		for (size_t i = 0; i < init->peers->count; i++) {
			cw_buffer_text(yaml, i ? ", " : "");
			cw_node_init_quote(yaml, init->peers->items[i]);
		}
		cw_buffer_text(yaml, "]\n");
	}
	if (init->role == CW_NODE_EXPRESSWAY_E)
		put(yaml, "    ", "tls-verify-name", init->tls_verify_name);
	if (init->port)
		cw_buffer_printf(yaml, "    port: %u\n", init->port);
	put(yaml, "    ", "username", init->username);
	put(yaml, "    ", "password", init->password);
}

/* The files of each role, as node.yaml names them. */
static void put_files(struct cw_buffer *yaml, const struct cw_node_init *init)
{
	static const char indent[] = "      ";
	if (init->role == CW_NODE_CUCM) {
		put(yaml, indent, "tomcat", init->tomcat ? "certs/tomcat.pem" : NULL);
		put(yaml, indent, "callmanager", init->callmanager ? "certs/CallManager.pem" : NULL);
		put(yaml, indent, "tomcat-ecdsa", init->tomcat_ecdsa ? "certs/tomcat-ecdsa.pem" : NULL);
		put(yaml, indent, "callmanager-ecdsa",
			init->callmanager_ecdsa ? "certs/CallManager-ecdsa.pem" : NULL);
		put(yaml, indent, "tomcat-trust", init->tomcat_trust ? "certs/tomcat-trust.pem" : NULL);
		put(yaml, indent, "callmanager-trust",
			init->callmanager_trust ? "certs/CallManager-trust.pem" : NULL);
		return;
	}
	put(yaml, indent, "server", "certs/server.pem");
	put(yaml, indent, "key", init->key_path ? init->key_path : "certs/server.key");
	put(yaml, indent, "client", init->client ? "certs/client.pem" : NULL);
	if (init->client)
		put(yaml, indent, "client-key",
			init->client_key_path ? init->client_key_path : "certs/client.key");
	put(yaml, indent, "trusted-ca", "certs/trusted-ca.pem");
	put(yaml, indent, "crl", init->crl ? "certs/crl.pem" : NULL);
}

/* "name address" */
static void put_hosts(struct cw_buffer *yaml, const struct cw_strings *hosts)
{
	if (!hosts || !hosts->count)
		return;
	cw_buffer_text(yaml, "hosts:\n");
	for (size_t i = 0; i < hosts->count; i++) {
		const char *space = strchr(hosts->items[i], ' ');
		cw_buffer_text(yaml, "  ");
		cw_buffer_append(yaml, hosts->items[i], space ? (size_t)(space - hosts->items[i]) : 0);
		cw_buffer_printf(yaml, ": %s\n", space ? space + 1 : "");
	}
}

static void put_listen(struct cw_buffer *yaml, const struct cw_node_init *init)
{
	static const char *const names[] = {"from", "zone", "tunnels", "streams", "https", "tftp", "sip",
		"sip-oauth", "cluster", "admin", "admin-certificate"};
	if (!init->listen)
		return;
	cw_buffer_text(yaml, "listen:\n");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		cw_buffer_printf(yaml, "  %s: %s\n", names[i], init->listen);
}

static void put_node(struct cw_buffer *yaml, const struct cw_node_init *init)
{
	cw_buffer_printf(yaml, "causeway: 1\n%s:\n", cw_node_kind_name(init->role));
	put(yaml, "  ", "release", init->release);
	put(yaml, "  ", "cluster", init->cluster);
	cw_buffer_text(yaml, init->more ? init->more : "");
	put_traversal(yaml, init);
	cw_buffer_text(yaml, "  nodes:\n");
	cw_buffer_text(yaml, init->before ? init->before : "");
	cw_buffer_printf(yaml, "    - fqdn: %s\n", init->fqdn);
	cw_buffer_text(yaml, init->node_more ? init->node_more : "");
	put_files(yaml, init);
	cw_buffer_text(yaml, init->after ? init->after : "");
	cw_buffer_text(yaml, init->others ? init->others : "");
	cw_buffer_text(yaml, init->zones ? init->zones : "");
	put(yaml, "", "security-password-file", init->security_password ? "secrets/security.txt" : NULL);
	put_hosts(yaml, init->hosts);
	put_listen(yaml, init);
}

static bool write_file(
	const char *folder, const char *name, const char *text, mode_t mode, struct cw_error *error)
{
	if (!text)
		return true;
	AUTO(free) char *path = cw_file_path(folder, name);
	if (!path)
		return cw_error_memory(error);
	cw_lock_sweep_beside(path);
	return cw_file_write(path, text, strlen(text), mode, error);
}

/* What a killed command had begun there, also in a folder that is a node's by now and is refused. */
static bool sweep(const char *folder, struct cw_error *error)
{
	static const char *const files[] = {"certs/server.pem", "secrets/security.txt", "node.yaml"};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		AUTO(free) char *path = cw_file_path(folder, files[i]);
		if (!path)
			return cw_error_memory(error);
		cw_lock_sweep_beside(path);
	}
	return true;
}

bool cw_node_init(const struct cw_node_init *init, struct cw_error *error)
{
	AUTO_BUFFER yaml = {0};
	const char *folder = init->folder;
	const struct {
		const char *name, *text;
		mode_t mode;
	} files[] = {
		{"certs/server.pem", init->server, 0644},
		{"certs/server.key", init->server_key, 0600},
		{"certs/client.pem", init->client, 0644},
		{"certs/client.key", init->client_key, 0600},
		{"certs/trusted-ca.pem", init->trusted_ca, 0644},
		{"certs/crl.pem", init->crl, 0644},
		{"certs/tomcat.pem", init->tomcat, 0600},
		{"certs/CallManager.pem", init->callmanager, 0600},
		{"certs/tomcat-ecdsa.pem", init->tomcat_ecdsa, 0600},
		{"certs/CallManager-ecdsa.pem", init->callmanager_ecdsa, 0600},
		{"certs/tomcat-trust.pem", init->tomcat_trust, 0644},
		{"certs/CallManager-trust.pem", init->callmanager_trust, 0644},
		{"secrets/security.txt", init->security_password, 0600},
		{"secrets/administrators.json", init->administrators, 0600},
	};
	put_node(&yaml, init);
	if (!cw_buffer_ok(&yaml, error) || !sweep(folder, error) || !cw_node_folder_make(folder, error))
		return false;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		if (!write_file(folder, files[i].name, files[i].text, files[i].mode, error))
			return false;
	return write_file(folder, "node.yaml", cw_buffer_string(&yaml), 0600, error);
}
