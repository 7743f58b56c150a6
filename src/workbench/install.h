/**
 * Installing an accepted certificate into the folder of its node: the former one is kept, every file is
 * written in one step, and a run that was killed can be repeated.
 */
#ifndef CW_WORKBENCH_INSTALL_H
#define CW_WORKBENCH_INSTALL_H

#include "workbench/gate.h"

struct cw_installed {
	char *former;	  /* where the former certificate is now, or NULL */
	char *former_key; /* and its key, where that was replaced, or NULL */
	bool key_written;
};

void cw_install_finish(struct cw_installed *installed);
#define AUTO_INSTALLED __attribute__((cleanup(cw_install_finish))) struct cw_installed

/**
 * Writes the leaf alone, in PEM, where the node's identity stands; with it the key that it belongs to (0600,
 * decrypted with the question's password).
 * In this order: former certificate, former key, key, certificate; then the request in progress is done. Where the
 * files' key is the certificate's own file (CUCM), both are written in one step.
 */
CW_MUST_USE bool cw_install(const struct cw_gate_question *question, const struct cw_gate *gate,
	struct cw_installed *ret, struct cw_error *error);

/**
 * Takes an installation back that was killed between key and certificate: the former key stands in its place again.
 * `*ret` says whether there was one. What cannot be read is not looked at.
 */
CW_MUST_USE bool cw_install_undo(const struct cw_node_files *files, bool *ret, struct cw_error *error);

/**
 * An installation was killed between key and certificate: the key in place is not the certificate's, and the former
 * one, kept beside it, is. A sentence with the way out is appended to `ret`; nothing where all is well. What cannot
 * be read is not looked at.
 */
void cw_install_look(const struct cw_node_files *files, struct cw_buffer *ret);

#endif
