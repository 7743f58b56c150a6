#include "traversal/tunnel_config.h"

#include "traversal/tunnel_key.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const struct cw_tunnel_programs cw_tunnel_programs_default = {
	.ssh = "/usr/bin/ssh", .sshd = "/usr/sbin/sshd"};

#define QUICK_EXCHANGE "curve25519-sha256"

/* In words: what may never be done through a tunnel. Those that take values from outside come after. */
static const char *const sshd_options[] = {
	"AuthenticationMethods publickey",
	"PubkeyAuthentication yes",
	"PasswordAuthentication no",
	"KbdInteractiveAuthentication no",
	"HostbasedAuthentication no",
	"PermitEmptyPasswords no",
	"PermitRootLogin no",
	"UsePAM no", /* needs root */
	"PidFile none",
	"StrictModes no", /* demands a home; tunnel_folder checks owners and modes */
	"AllowTcpForwarding remote",
	"AllowStreamLocalForwarding no",
	"PermitOpen none",
	"MaxSessions 0", /* no session, so no command and no shell */
	"PermitTTY no",
	"AllowAgentForwarding no",
	"X11Forwarding no",
	"PermitTunnel no",
	"PermitUserRC no",
	"PermitUserEnvironment no",
	"UseDNS no",
	"Compression no",
	"TCPKeepAlive yes",
	"ClientAliveInterval 5", /* against a C that is gone without a word */
	"ClientAliveCountMax 3",
	"LoginGraceTime 15",
	"MaxAuthTries 2",
	"AddressFamily inet",
	"GatewayPorts clientspecified", /* the address is permitlisten's to limit */
	"LogLevel VERBOSE",		/* with the fingerprint of the key that was let in */
	"PrintMotd no",
	"PrintLastLog no",
	"VersionAddendum none",
	"DebianBanner no",
};

/* -F none, so that neither the system's nor anybody's file counts. */
static const char *const ssh_options[] = {
	"BatchMode=yes",
	"StrictHostKeyChecking=yes",
	"GlobalKnownHostsFile=none",
	"KnownHostsCommand=none",
	"VerifyHostKeyDNS=no",
	"CheckHostIP=no",
	"UpdateHostKeys=no",
	("HostKeyAlias=" CW_TUNNEL_HOST_ALIAS),
	"IdentitiesOnly=yes",
	"IdentityAgent=none",
	"AddKeysToAgent=no",
	"PreferredAuthentications=publickey",
	"ExitOnForwardFailure=yes",
	"ForwardAgent=no",
	"ForwardX11=no",
	"Tunnel=no",
	"PermitLocalCommand=no",
	"ProxyCommand=none",
	"ControlMaster=no",
	"ControlPath=none",
	"CanonicalizeHostname=no",
	"AddressFamily=inet",
	"ConnectionAttempts=1",
	"ConnectTimeout=15",
	"ServerAliveInterval=5",
	"ServerAliveCountMax=3",
	"TCPKeepAlive=yes",
	"Compression=no",
	"EscapeChar=none",
	"RequestTTY=no",
	"LogLevel=VERBOSE",
};

bool cw_tunnel_config_has(const char *program, const char *package, struct cw_error *error)
{
	if (access(program, X_OK) == 0)
		return true;
	return cw_error_set(error, CW_E_IO, "%s: %s; tunnels need OpenSSH, which the package %s holds",
		program, strerror(errno), package);
}

bool cw_tunnel_config_sshd(const struct cw_tunnel_folder *folder, unsigned algorithms, bool quick,
	struct cw_buffer *ret, struct cw_error *error)
{
	for (size_t i = 0; i < sizeof sshd_options / sizeof sshd_options[0]; i++)
		cw_buffer_printf(ret, "%s\n", sshd_options[i]);
	cw_buffer_printf(ret, "HostKey %s/host_key\n", folder->path);
	cw_buffer_printf(ret, "AuthorizedKeysFile %s/authorized_keys\n", folder->path);
	cw_buffer_printf(ret, "AllowUsers %s\n", folder->account.name);
	cw_buffer_printf(ret, "RequiredRSASize %d\n", CW_TUNNEL_RSA_BITS_MIN);
	if (quick)
		cw_buffer_text(ret, "KexAlgorithms " QUICK_EXCHANGE "\n");
	cw_buffer_text(ret, "HostKeyAlgorithms ");
	cw_tunnel_key_algorithms(algorithms, ret);
	cw_buffer_text(ret, "\nPubkeyAcceptedAlgorithms ");
	cw_tunnel_key_algorithms(algorithms, ret);
	cw_buffer_char(ret, '\n');
	return cw_buffer_ok(ret, error);
}

#define ADDRESS_SIZE (INET_ADDRSTRLEN + 6)

static const char *address_text(const struct sockaddr_in *address, char text[ADDRESS_SIZE])
{
	char host[INET_ADDRSTRLEN];
	snprintf(text, ADDRESS_SIZE, "%s:%u",
		inet_ntop(AF_INET, &address->sin_addr, host, sizeof host) ? host : "?",
		(unsigned)ntohs(address->sin_port));
	return text;
}

/* "20261120120000Z"; sshd knows years up to 9999, and what comes after them is never. */
static void put_expiry(struct cw_buffer *ret, cw_time expires)
{
	time_t at = (time_t)expires;
	struct tm utc;
	if (gmtime_r(&at, &utc) && utc.tm_year + 1900 <= 9999)
		cw_buffer_printf(ret, ",expiry-time=\"%04d%02d%02d%02d%02d%02dZ\"", utc.tm_year + 1900,
			utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

static bool came_before(const struct cw_tunnel_line *lines, size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (strcmp(lines[i].key, lines[place].key) == 0)
			return true;
	return false;
}

/* Two peers of a cluster may share a key (and then a certificate): one line with both ports, until the earlier
 * of the two dates. */
static void put_line(struct cw_buffer *ret, const struct cw_tunnel_line *lines, size_t count, size_t place)
{
	char text[ADDRESS_SIZE];
	cw_time expires = 0;
	cw_buffer_text(ret, "restrict,port-forwarding");
	for (size_t i = place; i < count; i++) {
		if (strcmp(lines[i].key, lines[place].key) != 0)
			continue;
		cw_buffer_printf(ret, ",permitlisten=\"%s\"", address_text(&lines[i].listen, text));
		if (lines[i].expires && (!expires || lines[i].expires < expires))
			expires = lines[i].expires;
	}
	if (expires)
		put_expiry(ret, expires);
	cw_buffer_printf(ret, " %s\n", lines[place].key);
}

bool cw_tunnel_config_lines(
	const struct cw_tunnel_line *lines, size_t count, struct cw_buffer *ret, struct cw_error *error)
{
	for (size_t i = 0; i < count; i++)
		if (!came_before(lines, i))
			put_line(ret, lines, count, i);
	return cw_buffer_ok(ret, error);
}

static bool add_options(const struct cw_tunnel_call *call, struct cw_strings *ret)
{
	AUTO_BUFFER algorithms = {0};
	cw_tunnel_key_algorithms(call->algorithms, &algorithms);
	for (size_t i = 0; i < sizeof ssh_options / sizeof ssh_options[0]; i++)
		if (!cw_strings_addf(ret, "-o%s", ssh_options[i]))
			return false;
	char from[INET_ADDRSTRLEN];
	if (call->from.s_addr != INADDR_ANY && inet_ntop(AF_INET, &call->from, from, sizeof from) &&
		!cw_strings_addf(ret, "-oBindAddress=%s", from))
		return false;
	if (call->quick && !cw_strings_add(ret, "-oKexAlgorithms=" QUICK_EXCHANGE))
		return false;
	return !algorithms.failed &&
		cw_strings_addf(ret, "-oUserKnownHostsFile=%s/known_hosts", call->folder->path) &&
		cw_strings_addf(ret, "-oIdentityFile=%s/user_key", call->folder->path) &&
		cw_strings_addf(ret, "-oRequiredRSASize=%d", CW_TUNNEL_RSA_BITS_MIN) &&
		cw_strings_addf(ret, "-oHostKeyAlgorithms=%s", cw_buffer_string(&algorithms)) &&
		cw_strings_addf(ret, "-oPubkeyAcceptedAlgorithms=%s", cw_buffer_string(&algorithms));
}

bool cw_tunnel_config_ssh(const struct cw_tunnel_call *call, struct cw_strings *ret, struct cw_error *error)
{
	char listen[ADDRESS_SIZE], to[INET_ADDRSTRLEN];
	if (!inet_ntop(AF_INET, &call->to.sin_addr, to, sizeof to))
		return cw_error_set(error, CW_E_NETWORK, "the other side has no IPv4 address");
	address_text(&call->listen, listen);
	bool good = cw_strings_add(ret, call->programs->ssh) && cw_strings_add(ret, "-N") &&
		cw_strings_add(ret, "-T") && cw_strings_add(ret, "-F") && cw_strings_add(ret, "none") &&
		add_options(call, ret) && cw_strings_add(ret, "-l") && cw_strings_add(ret, call->login) &&
		cw_strings_add(ret, "-p") && cw_strings_addf(ret, "%u", (unsigned)ntohs(call->to.sin_port)) &&
		cw_strings_add(ret, "-R") && cw_strings_addf(ret, "%s:%s", listen, call->relay) &&
		cw_strings_add(ret, "--") && cw_strings_add(ret, to);
	return good ? true : cw_error_memory(error);
}
