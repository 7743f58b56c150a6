/**
 * A deployment file that is written: its lines (keys, texts and lists, each with its comment), and its sections, one file
 * each. For deployment_write*.c alone.
 *
 * A text that YAML would read as something else is quoted; one that no file can hold is remembered in the writer, and the
 * whole fails.
 */
#ifndef CW_CONFIG_DEPLOYMENT_WRITE_PARTS_H
#define CW_CONFIG_DEPLOYMENT_WRITE_PARTS_H

#include "config/deployment_write.h"

struct cw_deployment_writer {
	struct cw_buffer *out;
	cw_deployment_comment comment; /* or NULL */
	void *user;
	struct cw_deployment_place place;
	int indent;		      /* columns before a key */
	bool dash;		      /* the next key begins an item of a list */
	const char *refused;	      /* the first text that cannot be written */
	const struct cw_zone *unlike; /* the first zone of the long form whose ends have unlike credentials */
};

void cw_deployment_write_text(struct cw_deployment_writer *writer, const char *text);
void cw_deployment_write_path(struct cw_deployment_writer *writer, const char *path);
void cw_deployment_write_end_line(struct cw_deployment_writer *writer);
void cw_deployment_write_begin_line(struct cw_deployment_writer *writer, const char *key);
void cw_deployment_write_pair(struct cw_deployment_writer *writer, const char *key, const char *text);
void cw_deployment_write_word(struct cw_deployment_writer *writer, const char *key, const char *word);
void cw_deployment_write_list(struct cw_deployment_writer *writer, const char *key,
	const struct cw_strings *list, void (*write)(struct cw_deployment_writer *writer, const char *text));
void cw_deployment_write_one_or_list(struct cw_deployment_writer *writer, const char *key,
	const struct cw_strings *list, void (*write)(struct cw_deployment_writer *writer, const char *text));
void cw_deployment_write_names(
	struct cw_deployment_writer *writer, const char *key, const struct cw_strings *list);
void cw_deployment_write_password_file(struct cw_deployment_writer *writer, const char *of, const char *path);
/** A key of the file itself, with an empty line before it. */
void cw_deployment_write_section(struct cw_deployment_writer *writer, const char *key);

/* --- deployment_write.c --- */

size_t cw_deployment_write_count(const struct cw_deployment *deployment, enum cw_node_kind kind);

/* --- deployment_write_zones.c --- */

/** The zone that `traversal:` of both groups stands for, or NULL where it takes `zones:` to say it. */
const struct cw_zone *cw_deployment_write_short_zone(const struct cw_deployment *deployment);
/** `traversal:` of a group. */
void cw_deployment_write_traversal(
	struct cw_deployment_writer *writer, const struct cw_zone *zone, const struct cw_group *group);
/** `zones:`, where it takes them. */
void cw_deployment_write_zones(struct cw_deployment_writer *writer, const struct cw_deployment *deployment);

/* --- deployment_write_endpoints.c --- */

void cw_deployment_write_domains(struct cw_deployment_writer *writer, const struct cw_deployment *deployment);
void cw_deployment_write_endpoints(
	struct cw_deployment_writer *writer, const struct cw_deployment *deployment);

#endif
