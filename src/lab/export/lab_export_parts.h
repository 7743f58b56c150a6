/**
 * What the forms of an export share.
 */
#ifndef CW_LAB_EXPORT_LAB_EXPORT_PARTS_H
#define CW_LAB_EXPORT_LAB_EXPORT_PARTS_H

#include "base/buffer.h"
#include "base/time.h"
#include "lab/export/lab_export.h"

struct cw_check;

struct cw_lab_export {
	const struct cw_deployment *deployment;
	const char *folder;
	cw_time at;
	struct cw_error *error;
	const struct cw_check *check; /* how the links went, for log and capture; of a bundle only */
};

/** Writes one file of the export; folders are made. */
CW_MUST_USE bool cw_lab_export_file(
	const struct cw_lab_export *job, const char *name, const struct cw_buffer *content);

/** The bytes of a file of the deployment, as typed in it. */
CW_MUST_USE bool cw_lab_export_read(
	const struct cw_lab_export *job, const char *typed, struct cw_buffer *ret);

/** The identity as the box has it: PEM, with whatever its file holds behind the leaf. */
CW_MUST_USE bool cw_lab_export_identity(
	const struct cw_lab_export *job, const struct cw_identity *identity, struct cw_buffer *ret);

/** The list in its order, PEM. */
CW_MUST_USE bool cw_lab_export_list(
	const struct cw_lab_export *job, const struct cw_store *store, struct cw_buffer *ret);

/** "c1" of "c1.acme.test"; "acme.test" behind the dot. */
size_t cw_lab_export_label(const char *fqdn);
const char *cw_lab_export_domain(const char *fqdn);
/** How C knows a voice node: its address. */
bool cw_lab_export_is_voice(const struct cw_node *node);

/** A CUCM cluster in mixed mode. */
bool cw_lab_export_is_secure(const struct cw_group *group);

/** Every node, in the order of the deployment; false stops. */
typedef bool (*cw_lab_export_each)(struct cw_lab_export *job, const struct cw_node *node);
CW_MUST_USE bool cw_lab_export_nodes(struct cw_lab_export *job, bool voice, cw_lab_export_each each);

/* --- dumps --- */

/** Settings in the order in which a dump has them: "Zones Zone 6 Name" and its value. */
struct cw_lab_dump {
	struct cw_strings keys;
	struct cw_strings values;
	bool failed;
};

void cw_lab_export_dump_finish(struct cw_lab_dump *dump);
#define AUTO_LAB_DUMP __attribute__((cleanup(cw_lab_export_dump_finish))) struct cw_lab_dump

void cw_lab_export_set(struct cw_lab_dump *dump, const char *value, const char *key, ...) CW_PRINTF(3, 4);

/** "*c xConfiguration KEY: "value"" or "*s KEY: "value"" a line. */
void cw_lab_export_dump_text(const struct cw_lab_dump *dump, bool status, struct cw_buffer *ret);
/** The same as elements with item="N". */
void cw_lab_export_dump_xml(
	const struct cw_lab_dump *dump, bool status, const char *release, struct cw_buffer *ret);

/** What a node's xConfiguration and xStatus hold. */
void cw_lab_export_configuration(
	const struct cw_lab_export *job, const struct cw_node *node, struct cw_lab_dump *ret);
void cw_lab_export_status(
	const struct cw_lab_export *job, const struct cw_node *node, struct cw_lab_dump *ret);

/* --- the forms --- */

CW_MUST_USE bool cw_lab_export_bundle(struct cw_lab_export *job, const struct cw_node *node);
CW_MUST_USE bool cw_lab_export_rest(struct cw_lab_export *job, const struct cw_node *node);
CW_MUST_USE bool cw_lab_export_snapshot(struct cw_lab_export *job, const struct cw_node *node);
CW_MUST_USE bool cw_lab_export_axl(struct cw_lab_export *job);
CW_MUST_USE bool cw_lab_export_session(struct cw_lab_export *job, const struct cw_node *node);
CW_MUST_USE bool cw_lab_export_loose(struct cw_lab_export *job, const struct cw_node *node);

/** A log and a capture of the links of this node, for its archive. */
CW_MUST_USE bool cw_lab_export_log(
	const struct cw_lab_export *job, const struct cw_node *node, struct cw_buffer *ret);
CW_MUST_USE bool cw_lab_export_capture(
	const struct cw_lab_export *job, const struct cw_node *node, struct cw_buffer *ret);

/**
 * One of the deployment's addresses of the node, else one of a documentation network (RFC 5737) by its place;
 * the last of that network for NULL, an endpoint. Returns `text`.
 */
#define CW_LAB_EXPORT_ADDRESS_SIZE 16
const char *cw_lab_export_address(
	const struct cw_lab_export *job, const struct cw_node *node, char text[CW_LAB_EXPORT_ADDRESS_SIZE]);

/* The client's port of the check's link `i`, in every box's log and capture. */
#define CW_LAB_EXPORT_PORT(i) (25001 + (unsigned)((i) % 4000))

#endif
