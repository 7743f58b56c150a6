/**
 * Lines of a deployment file that is written: keys, texts and lists, each with its comment. For deployment_write*.c alone.
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

#endif
