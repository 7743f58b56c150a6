/**
 * `rehearse --hold`: a folder with certificates and keys to connect with, and what happens, line by line.
 */
#ifndef CW_REHEARSE_SERVE_FOLDER_H
#define CW_REHEARSE_SERVE_FOLDER_H

#include "rehearse/rehearsal.h"

/** Who shows what happens: `text` is whole lines, safe for a terminal. */
struct cw_serve_folder_owner {
	void (*say)(void *context, const char *text);
	void *context;
};

/** Stays until a signal comes; then the folder is removed. */
CW_MUST_USE bool cw_serve_folder(
	struct cw_rehearsal *rehearsal, const struct cw_serve_folder_owner *owner, struct cw_error *error);

#endif
