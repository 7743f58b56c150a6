/**
 * How OpenSSH is set up for a tunnel, and the lines by which each side lets the other in.
 *
 * The only place that knows OpenSSH's options. Nothing but one forward from a loopback port on Expressway-E to a
 * Unix socket on Expressway-C can be had through what is written here: no session, no command, no shell, no
 * other forward in either direction. (Unix sockets on E's side are not used: there the peer would name the path
 * and could replace any file of the account's.)
 */
#ifndef CW_TRAVERSAL_TUNNEL_CONFIG_H
#define CW_TRAVERSAL_TUNNEL_CONFIG_H

#include "base/buffer.h"
#include "base/strings.h"
#include "base/time.h"
#include "traversal/tunnel_folder.h"

#include <netinet/in.h>
#include <openssl/evp.h>

/* OpenSSH refuses smaller RSA keys on both sides (RequiredRSASize), as the judge does (x509v3-rsa2048-sha256). */
#define CW_TUNNEL_RSA_BITS_MIN 2048

/** Where OpenSSH's programs are. */
struct cw_tunnel_programs {
	const char *ssh, *sshd; /* absolute paths */
};
/** Debian's and everybody's places. */
extern const struct cw_tunnel_programs cw_tunnel_programs_default;

/** CW_E_IO names the program that is not there, and the package that holds it. */
CW_MUST_USE bool cw_tunnel_config_has(const char *program, const char *package, struct cw_error *error);

/** sshd's configuration for one side of E; `algorithms` as tunnel_key.h has them. */
/* `quick`, here and for ssh: a classic key exchange alone, half the time of OpenSSH's first choice, which holds
 * out against quantum computers as well: for tunnels that live for a second. */
CW_MUST_USE bool cw_tunnel_config_sshd(const struct cw_tunnel_folder *folder, unsigned algorithms, bool quick,
	struct cw_buffer *ret, struct cw_error *error);

/* One C that is let in. Lines with the same key are put together: sshd looks at the first one only. */
struct cw_tunnel_line {
	const char *key;	   /* "ssh-rsa AAAA…" */
	struct sockaddr_in listen; /* where its streams begin */
	cw_time expires;	   /* 0: never */
};

/**
 * Appends authorized_keys: a line for each key,
 * `restrict,port-forwarding,permitlisten="127.0.0.1:4001",expiry-time="20261120120000Z" ssh-rsa AAAA…`.
 */
CW_MUST_USE bool cw_tunnel_config_lines(
	const struct cw_tunnel_line *lines, size_t count, struct cw_buffer *ret, struct cw_error *error);

/** The name that E has in known_hosts (HostKeyAlias): one per folder, so always the same. */
#define CW_TUNNEL_HOST_ALIAS "expressway-e"

/* What ssh is started with. */
struct cw_tunnel_call {
	const struct cw_tunnel_programs *programs;
	const struct cw_tunnel_folder *folder;
	const char *login;	   /* E's account */
	struct sockaddr_in to;	   /* E's tunnel port */
	struct in_addr from;	   /* 0.0.0.0: any */
	struct sockaddr_in listen; /* on E */
	const char *relay;	   /* the Unix socket on C */
	unsigned algorithms;
	bool quick;
};

/** Appends the program and its arguments. */
CW_MUST_USE bool cw_tunnel_config_ssh(
	const struct cw_tunnel_call *call, struct cw_strings *ret, struct cw_error *error);

#endif
