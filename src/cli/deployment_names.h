/**
 * The names of a deployment that completions offer: nodes, their identities and lists, endpoints, groups. One a line, as
 * they are typed behind an option.
 */
#ifndef CW_CLI_DEPLOYMENT_NAMES_H
#define CW_CLI_DEPLOYMENT_NAMES_H

#include "base/buffer.h"
#include "model/deployment.h"

/** What is typed in a place where usage shows `shown` ("NODE[:STORE]=FILE") for the option `name` (NULL: a word): a kind
 * of cw_deployment_names, or NULL where it is no name of a deployment. */
const char *cw_deployment_names_kind(const char *name, const char *shown);

/** Appends the names of a kind: "nodes", "identities", "identity-names", "stores", "endpoints", "groups". False for
 * another kind. */
bool cw_deployment_names(struct cw_buffer *ret, const struct cw_deployment *deployment, const char *kind);

#endif
