/**
 * Writes a deployment as its file: what the loader reads, in the order and the layout of the manual.
 *
 * Facts of the model become keys; what the model does not know is left out, and so is what stands at its
 * default (but for a few that a reader looks for: release, cucm-tls-verify, revocation). Certificates are not
 * written: identities and lists are named by the paths that the model holds, and the files must be there when
 * the deployment is loaded. What the files say (formats, further certificates) is no fact of its own.
 */
#ifndef CW_CONFIG_DEPLOYMENT_WRITE_H
#define CW_CONFIG_DEPLOYMENT_WRITE_H

#include "base/buffer.h"
#include "model/deployment.h"

/** Where a comment can stand. Members that do not apply are NULL. */
struct cw_deployment_place {
	const struct cw_group *group; /* the traversal's keys too */
	const struct cw_node *node;   /* with its group; the front has none */
	const struct cw_zone *zone;   /* of `zones:` */
	const struct cw_endpoint *endpoint;
	const char *key; /* "trusted-ca"; NULL: of an endpoint as a whole, which is one line */
};

/** What stands in the comment behind a key, as a rule the source of its value; NULL: nothing. UTF-8; control
 * characters become question marks. The text must last until the next call. */
typedef const char *(*cw_deployment_comment)(void *user, const struct cw_deployment_place *place);

/**
 * Appends the YAML to `ret`. The text holds the passwords of the zones, as the file does: whoever writes it to
 * a disk chooses the mode. `comment` may be NULL.
 *
 * CW_E_YAML where a text of the model cannot stand in a deployment file: empty, with a control character or a
 * line break, or not UTF-8. `ret` then holds a part.
 */
CW_MUST_USE bool cw_deployment_write(const struct cw_deployment *deployment, cw_deployment_comment comment,
	void *user, struct cw_buffer *ret, struct cw_error *error);

#endif
