/**
 * What is AXL's own among the requests: the version of the schema that is asked for, and the nodes that an answer
 * names.
 *
 * A box answers the schemas of its own release and of some before it; any other it refuses with HTTP status 599 and
 * a page that says "Incorrect axl version. Supported axl versions are 12.x, 14.0 and 15.0". What it lists is asked
 * for then. Sources: "AXL Developer Guide: Versioning"; status and sentence as public clients have met them.
 */
#ifndef CW_COLLECT_COLLECT_AXL_H
#define CW_COLLECT_COLLECT_AXL_H

#include "base/buffer.h"
#include "base/strings.h"
#include "collect/collect_request.h"

#include <stdbool.h>

#define CW_COLLECT_AXL_VERSION_SIZE 8
/* Against a box that lists another version at each try. */
#define CW_COLLECT_AXL_TRIES_MAX 10

/** The version of one box, and those that it refused. Begins as {0}. */
struct cw_collect_axl {
	char version[CW_COLLECT_AXL_VERSION_SIZE];
	struct cw_strings refused;
};

void cw_collect_axl_finish(struct cw_collect_axl *axl);

/** The version to ask with: the first one of this table where none was chosen yet. */
const char *cw_collect_axl_version(const struct cw_collect_axl *axl);

/** The envelope of a row's question. The caller frees it; NULL: no memory. */
char *cw_collect_axl_envelope(const struct cw_collect_axl *axl, const struct cw_collect_request *row);

/** "SOAPAction: ..." of a row's question. The caller frees it; NULL: no memory. */
char *cw_collect_axl_action(const struct cw_collect_axl *axl, const struct cw_collect_request *row);

/** The box refuses the version, and not the question. */
bool cw_collect_axl_is_refused(long status, const struct cw_buffer *body);

/**
 * Chooses the next version: one that the answer lists, ours before others; where it lists none, our next one. False:
 * none is left (or no memory), and the version stays.
 */
bool cw_collect_axl_next(struct cw_collect_axl *axl, const struct cw_buffer *body);

/** The names of an answer to listProcessNode. The answer is XML that was read already. False: no memory. */
CW_MUST_USE bool cw_collect_axl_nodes(const struct cw_buffer *body, struct cw_strings *ret);

#endif
