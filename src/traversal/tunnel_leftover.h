/**
 * Processes of a tunnel that outlived the one that started them.
 *
 * sshd is killed with its parent; the process that it made for a peer that is logged in is not, and goes on
 * forwarding with nobody to cut it (tried with OpenSSH 9.2). So every child is noted in the folder before its
 * first byte, and who opens the folder next ends what is left of those groups.
 */
#ifndef CW_TRAVERSAL_TUNNEL_LEFTOVER_H
#define CW_TRAVERSAL_TUNNEL_LEFTOVER_H

#include "traversal/tunnel_folder.h"

/** Notes the groups of these children, in the place of those noted before. */
CW_MUST_USE bool cw_tunnel_leftover_note(
	const struct cw_tunnel_folder *folder, const pid_t *children, size_t count, struct cw_error *error);

/** Kills what is left of the groups that were noted in this folder, forgets them, and says how many processes
 * that were. */
CW_MUST_USE bool cw_tunnel_leftover_kill(
	const struct cw_tunnel_folder *folder, size_t *ret, struct cw_error *error);

#endif
