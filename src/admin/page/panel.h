/**
 * What several pages show alike: states, tables, certificates, findings, what a change does to links.
 *
 * The words of findings are those of the answer, or of the one table (trust/finding.h) where the answer has none.
 */
#ifndef CW_ADMIN_PAGE_PANEL_H
#define CW_ADMIN_PAGE_PANEL_H

#include "admin/page/form.h"

/** A sign and the state itself: "Active", "Failed", "Checking"; the sign's shape says what its colour says. */
void cw_panel_state(struct cw_screen *screen, const char *state);
/** The same for what has a verdict of its own: "pass", "warn", "unknown", "refused", or "none". */
void cw_panel_sign(struct cw_screen *screen, const char *verdict);
/** "pass", "warn", … of a state in the boxes' words. */
const char *cw_panel_verdict(const char *state);

/** Finding code with its meaning in a tooltip-free way: the code, and what it means in a <details>. */
void cw_panel_reason(struct cw_screen *screen, const char *code, const char *reason);

/** Rows of a name and a value. Begin and end with cw_html "dl"; nothing for an empty value. */
void cw_panel_fact(struct cw_screen *screen, const char *name, const char *value);
void cw_panel_factf(struct cw_screen *screen, const char *name, const char *format, ...) CW_PRINTF(3, 4);

/* A table whose cells bear their column's name, so that it is a list of cards on a phone. */
struct cw_panel_table {
	struct cw_screen *screen;
	const char *caption;
	const char *const *columns;
	size_t count;
	size_t at; /* the next cell's column */
};
void cw_panel_table_begin(struct cw_panel_table *table);
void cw_panel_table_end(struct cw_panel_table *table);
/** A row with its id, or NULL. */
void cw_panel_row(struct cw_panel_table *table, const char *id);
void cw_panel_row_end(struct cw_panel_table *table);
/** A cell for more; ends with cw_panel_cell_end. */
void cw_panel_cell(struct cw_panel_table *table);
void cw_panel_cell_end(struct cw_panel_table *table);
void cw_panel_cell_text(struct cw_panel_table *table, const char *text);
void cw_panel_cell_time(struct cw_panel_table *table, const char *time);

/** Subject, issuer, dates, names, purposes, digest of a CERTIFICATE or REQUEST. */
void cw_panel_certificate(struct cw_screen *screen, const json_t *certificate);
/** "Show (decoded)" and "Show (PEM file)": folded texts, by keys "decoded" and "pem". */
void cw_panel_shown(struct cw_screen *screen, const json_t *certificate);
/** A folded text of several lines. */
void cw_panel_folded(struct cw_screen *screen, const char *summary, const char *text);

/** FINDINGs with meaning and advice; nothing where there are none. */
void cw_panel_findings(struct cw_screen *screen, const json_t *findings);
/** Sentences as a list with a heading; nothing where there are none. */
void cw_panel_sentences(struct cw_screen *screen, const char *heading, const json_t *sentences);
/** What a change does: the links that it ends and begins, and what the node would not take. `what`: "upload", "change". */
void cw_panel_effect(struct cw_screen *screen, const json_t *answer, const char *what);

/** Where the answer wants a restart: the prompt, and the way to the page that does it. */
void cw_panel_restart(struct cw_screen *screen);

/** A part that the script renews, with "State now: reload" for who has none. Ends with cw_panel_live_end. */
void cw_panel_live(struct cw_screen *screen, const char *id);
void cw_panel_live_end(struct cw_screen *screen);

#endif
