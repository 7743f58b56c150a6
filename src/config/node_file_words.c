#include "config/load_parts.h"
#include "config/node_file.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static bool to_port(const char *text, in_port_t *ret)
{
	unsigned long port = 0;
	size_t digits = strspn(text, "0123456789");
	if (!digits || digits > 5 || text[digits])
		return false;
	port = strtoul(text, NULL, 10);
	*ret = htons((uint16_t)port);
	return port <= 65535;
}

/* "192.0.2.1", "7001" or "192.0.2.1:7001". Port 0: any that is free. */
static bool to_address(const char *text, struct sockaddr_in *ret)
{
	char address[INET_ADDRSTRLEN];
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);
	if (!colon && to_port(text, &ret->sin_port))
		return true;
	if (length >= sizeof address)
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	return inet_pton(AF_INET, address, &ret->sin_addr) == 1 &&
		(!colon || to_port(colon + 1, &ret->sin_port));
}

static void load_address(struct cw_loader *loader, const struct cw_yaml *value, struct sockaddr_in *ret)
{
	static const char wanted[] = "an IPv4 address, a port, or both (192.0.2.1:7001)";
	const char *text = cw_value_text(&loader->problems, value, wanted);
	struct sockaddr_in address = *ret;
	if (text && to_address(text, &address))
		*ret = address;
	else if (text)
		cw_value_wrong(&loader->problems, value, wanted, true);
}

static struct sockaddr_in anywhere(unsigned port)
{
	return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
}

static void load_listen(
	struct cw_loader *loader, const struct cw_yaml *value, struct cw_node_file_listen *ret)
{
	struct cw_raw_listen raw = {0};
	struct sockaddr_in from = anywhere(0);
	/* no other role knows CUCM's node-to-node port */
	bool cucm = loader->node_file->node && loader->node_file->node->kind == CW_NODE_CUCM;
	ret->zone = anywhere(loader->deployment->zone_count ? loader->deployment->zones[0].port : 7001);
	ret->tunnels = anywhere(2222);
	ret->streams = anywhere(0);
	ret->streams.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ret->https = anywhere(8443);
	ret->tftp = anywhere(6972);
	ret->sip = anywhere(5061);
	ret->sip_oauth = anywhere(5091);
	ret->cluster = anywhere(cucm ? 1515 : 4372);
	ret->admin = anywhere(7443);
	ret->admin_cert = anywhere(7444);
	if (!value || !cw_schema_read(&loader->problems, &cw_listen_schema, value, &raw))
		return;
	load_address(loader, raw.from, &from);
	ret->from = from.sin_addr;
	load_address(loader, raw.zone, &ret->zone);
	load_address(loader, raw.tunnels, &ret->tunnels);
	load_address(loader, raw.streams, &ret->streams);
	load_address(loader, raw.https, &ret->https);
	load_address(loader, raw.tftp, &ret->tftp);
	load_address(loader, raw.sip, &ret->sip);
	load_address(loader, raw.sip_oauth, &ret->sip_oauth);
	load_address(loader, raw.cluster, &ret->cluster);
	load_address(loader, raw.admin, &ret->admin);
	load_address(loader, raw.admin_cert, &ret->admin_cert);
}

static void add_host(struct cw_loader *loader, const struct cw_yaml_entry *entry)
{
	struct cw_node_file *file = loader->node_file;
	struct in_addr address;
	const char *text = cw_value_text(&loader->problems, &entry->value, "an IPv4 address");
	if (!text)
		return;
	if (inet_pton(AF_INET, text, &address) != 1) {
		cw_value_wrong(&loader->problems, &entry->value, "an IPv4 address", true);
		return;
	}
	char *name = strdup(entry->key);
	if (!name ||
		!cw_memory_grow(&file->hosts, &file->host_capacity, file->host_count, sizeof *file->hosts)) {
		free(name);
		loader->problems.no_memory = true;
		return;
	}
	file->hosts[file->host_count++] = (struct cw_node_file_host){name, address};
}

static void load_hosts(struct cw_loader *loader, const struct cw_yaml *value)
{
	if (!value)
		return;
	if (value->kind != CW_YAML_MAP) {
		cw_value_wrong(&loader->problems, value, "a map: name to IPv4 address", false);
		return;
	}
	if (value->count > CW_NODE_FILE_HOSTS_MAX)
		cw_problem(&loader->problems, value, "more than %d hosts", CW_NODE_FILE_HOSTS_MAX);
	for (size_t i = 0; i < value->count && i < CW_NODE_FILE_HOSTS_MAX; i++)
		add_host(loader, &value->entries[i]);
}

/* --- dns, tls, history, security password --- */

static void load_dns(struct cw_loader *loader, const struct cw_yaml *value, struct cw_node_file *file)
{
	if (!cw_value_is_list(&loader->problems, value, "a list of addresses of DNS servers"))
		return;
	if (value->count > CW_NODE_FILE_DNS_MAX)
		cw_problem(&loader->problems, value, "more than %d DNS servers", CW_NODE_FILE_DNS_MAX);
	for (size_t i = 0; i < value->count && i < CW_NODE_FILE_DNS_MAX; i++) {
		file->dns[i] = anywhere(53);
		load_address(loader, &value->entries[i].value, &file->dns[i]);
		file->dns_count = i + 1;
	}
}

void cw_load_number(struct cw_loader *loader, const struct cw_yaml *value, unsigned most, unsigned *ret)
{
	char wanted[48];
	snprintf(wanted, sizeof wanted, "a number from 1 to %u", most);
	const char *text = cw_value_text(&loader->problems, value, wanted);
	if (!text)
		return;
	size_t digits = strspn(text, "0123456789");
	unsigned long number = digits && digits < 7 && !text[digits] ? strtoul(text, NULL, 10) : 0;
	if (number >= 1 && number <= most)
		*ret = (unsigned)number;
	else
		cw_value_wrong(&loader->problems, value, wanted, true);
}

static void load_history(struct cw_loader *loader, const struct cw_yaml *value, struct cw_node_file *file)
{
	struct cw_raw_history raw = {0};
	file->history_days = 90;
	file->history_megabytes = 200;
	if (!value || !cw_schema_read(&loader->problems, &cw_history_schema, value, &raw))
		return;
	cw_load_number(loader, raw.days, 3650, &file->history_days);
	cw_load_number(loader, raw.megabytes, 10000, &file->history_megabytes);
}

static void load_security_password(
	struct cw_loader *loader, const struct cw_yaml *value, struct cw_node_file *file)
{
	if (!value)
		return;
	AUTO_SECRET secret = cw_load_secret(loader, value, "security");
	if (!secret.text)
		return;
	file->security_password = strdup(secret.text);
	if (!file->security_password)
		loader->problems.no_memory = true;
}

static void load_client_certificates(
	struct cw_loader *loader, const struct cw_yaml *value, struct cw_node_file *file)
{
	static const struct cw_value_word modes[] = {{"not-required", CW_CBA_NOT_REQUIRED},
		{"validation", CW_CBA_VALIDATION}, {"authentication", CW_CBA_AUTHENTICATION}};
	struct cw_raw_client_certificates raw = {0};
	int mode = CW_CBA_NOT_REQUIRED;
	if (!value || !cw_schema_read(&loader->problems, &cw_client_certificates_schema, value, &raw))
		return;
	cw_value_choice(&loader->problems, raw.mode, modes, 3, &mode);
	cw_value_copy(&loader->problems, raw.pattern, "a regular expression", &file->cba_pattern);
	cw_value_copy(&loader->problems, raw.format, "a user name with #groups#", &file->cba_format);
	file->cba = (enum cw_node_file_cba)mode;
}

static void load_crl_updates(struct cw_loader *loader, const struct cw_yaml *value, struct cw_node_file *file)
{
	struct cw_raw_crl_updates raw = {0};
	if (!value || !cw_schema_read(&loader->problems, &cw_crl_updates_schema, value, &raw))
		return;
	cw_value_on_off(&loader->problems, raw.enabled, &file->crl_update.enabled);
	cw_value_copy(&loader->problems, raw.daily, "a time of day (03:00)", &file->crl_update.daily);
	cw_value_texts(&loader->problems, raw.urls, &file->crl_update.urls);
}

void cw_load_node_own(struct cw_loader *loader, const struct cw_raw_deployment *raw)
{
	static const struct cw_value_word applies[] = {{"at-once", false}, {"restart", true}};
	static const struct cw_value_word versions[] = {{"1.2", 12}, {"1.3", 13}};
	struct cw_node_file *file = loader->node_file;
	struct cw_problems *problems = &loader->problems;
	int apply = false;
	load_listen(loader, raw->listen, &file->listen);
	load_hosts(loader, raw->hosts);
	load_dns(loader, raw->dns, file);
	load_history(loader, raw->history, file);
	load_security_password(loader, raw->security_password, file);
	cw_load_edge(loader, raw);
	file->workers = 1;
	cw_load_number(loader, raw->workers, CW_NODE_FILE_WORKERS_MAX, &file->workers);
	load_client_certificates(loader, raw->client_certificates, file);
	load_crl_updates(loader, raw->crl_updates, file);
	cw_value_copy(problems, raw->user, "the name of an account", &file->user);
	cw_value_choice(problems, raw->apply, applies, 2, &apply);
	cw_value_choice(problems, raw->tls, versions, 2, &file->tls);
	file->after_restart = apply;
}
