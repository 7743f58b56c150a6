/**
 * The state folders of a deployment's nodes, on a loopback network of its own.
 *
 * Every Expressway-C, Expressway-E and CUCM node becomes a folder that `node run` takes: stand-in certificates, lists and
 * keys (rehearse/stand_ins.h), names and addresses of the others. Private keys that the deployment names are used where
 * they stand and copied nowhere, unless the caller says so (a lab's keys protect nothing). As on the boxes, a certificate
 * that is replaced is shown after a restart (apply: restart).
 */
#ifndef CW_LABRUN_LAB_FOLDERS_H
#define CW_LABRUN_LAB_FOLDERS_H

#include "net/loopback.h"
#include "rehearse/stand_ins.h"

struct cw_lab_folder {
	const struct cw_node *node;
	char *path;
	char address[INET_ADDRSTRLEN];
	char trouble[300]; /* why it cannot run; "": it can */
};

struct cw_lab_folders {
	struct cw_lab_folder *items;
	size_t count;
};

void cw_lab_folders_finish(struct cw_lab_folders *folders);

/* Everything borrowed. */
struct cw_lab_folders_setup {
	const struct cw_deployment *deployment;
	const struct cw_stand_ins *stand_ins;
	const struct cw_loopback *loopback;
	const char *folder; /* an absolute path; it is there */
	bool copies_keys;   /* private keys that the deployment names are copied into the nodes' folders */
};

/** Makes FOLDER/FQDN for each node. CW_E_LIMIT: more nodes than a loopback network has addresses. */
CW_MUST_USE bool cw_lab_folders_make(
	const struct cw_lab_folders_setup *setup, struct cw_lab_folders *ret, struct cw_error *error);

#endif
