/**
 * The inside of a deployment as sign-in sees it: which C is connected to which E, and which C reaches which
 * server.
 *
 * The same for every endpoint, so it is made once. Private to the deploy layer.
 */
#ifndef CW_CHECK_MESH_H
#define CW_CHECK_MESH_H

#include "check/check.h"

enum cw_mesh_sip { CW_MESH_SIP_OUT, CW_MESH_SIP_IN, CW_MESH_SIP_OAUTH, CW_MESH_SIP_COUNT };

struct cw_mesh {
	const struct cw_node **c, **e, **servers; /* servers: CUCM first, then IM&P and Unity */
	size_t c_count, e_count, server_count, cucm_count;
	bool *crosses; /* [c * e_count + e]: zone and tunnel are up */
	bool *vouches; /* [c * e_count + e]: the SIP SERVICE check is passed, so that E lets devices register */
	bool *serves; /* [c * server_count + server]: tomcat is up */
	bool *files;  /* [c * cucm_count + server]: tftp is up */
	/* [c * cucm_count + server]: the SIP links of C with this CUCM node; NULL: none of that kind */
	const struct cw_link **sip[CW_MESH_SIP_COUNT];
	const struct cw_link **entries; /* the links of endpoints and of the front */
	size_t entry_count;
};

/** `unknown_passes`: an unknown link counts as up. False: no memory. */
CW_MUST_USE bool cw_mesh_make(
	const struct cw_check *check, bool unknown_passes, struct cw_mesh *ret, struct cw_error *error);
void cw_mesh_finish(struct cw_mesh *mesh);

#endif
