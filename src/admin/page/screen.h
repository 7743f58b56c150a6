/**
 * One page in the making: its writer, the answer it is made of, and what stands around every page.
 *
 * Pages are pure: the JSON answer of one operation in, HTML out. They ask nobody, judge nothing and hold no state. The page's
 * row of the table (screens.h) says which operation that is; the screen's own header says what keys it reads.
 *
 * `answer.page`, added by the core to every answer: {"node","role","user","user_role","alarms":N,"csrf"}. `role` is the node's
 * ("expressway-c", "expressway-e", "cucm", "lab"); `user_role` is "read-write", "read-only" or "auditor". Without `user`
 * nobody is signed in, and the page has no menu.
 */
#ifndef CW_ADMIN_PAGE_SCREEN_H
#define CW_ADMIN_PAGE_SCREEN_H

#include "admin/page/html.h"
#include "admin/page/screen_json.h"
#include "admin/page/vendor_words.h"

/* Pages work with exactly this policy; the server sends it with each. `connect-src` is for the live state. */
#define CW_SCREEN_POLICY \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " \
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

/* Which nodes have the page. */
enum cw_screen_role {
	CW_SCREEN_ROLE_C = 1,
	CW_SCREEN_ROLE_E = 2,
	CW_SCREEN_ROLE_CUCM = 4,
	CW_SCREEN_ROLE_LAB = 8
};
#define CW_SCREEN_ROLE_EXPRESSWAY (CW_SCREEN_ROLE_C | CW_SCREEN_ROLE_E)
#define CW_SCREEN_ROLE_NODE (CW_SCREEN_ROLE_EXPRESSWAY | CW_SCREEN_ROLE_CUCM)
#define CW_SCREEN_ROLE_ANY (CW_SCREEN_ROLE_NODE | CW_SCREEN_ROLE_LAB)

/* How the information bar looks. */
enum cw_screen_kind { CW_SCREEN_INFORMATION, CW_SCREEN_GOOD, CW_SCREEN_WARNING, CW_SCREEN_REFUSED };

/* What the information bar says: the outcome of what was posted just now. `next` may be NULL. */
struct cw_screen_notice {
	enum cw_screen_kind kind;
	const char *text;
	const char *next;
};

struct cw_screen;

struct cw_screen_row {
	const char *name;	   /* of the page in its address: "servercertificate" */
	enum cw_vendor_word title; /* its heading */
	const char *where;	   /* in the menu: "Maintenance > Security"; "": on top */
	const char *operation;	   /* the contract's `do` whose answer it shows; NULL: none is wanted */
	const char *with;	   /* what of the address goes `with` it (screens.h); or NULL */
	unsigned roles;		   /* enum cw_screen_role */
	bool menu;		   /* stands in the menu */
	void (*body)(struct cw_screen *screen);
};

struct cw_screen {
	struct cw_html html;
	const struct cw_screen_row *row;
	const json_t *answer;  /* borrowed; may be NULL */
	const json_t *page;    /* answer.page */
	const char *operation; /* the one that was asked; "" for none */
	const json_t *sent;    /* what was typed before and came to nothing, to be filled in again; or NULL */
	const struct cw_screen_notice *notice;
	const struct cw_buffer *made; /* markup that the report made (the map), or NULL */
};

/** The signed-in user may change settings. */
bool cw_screen_may_write(const struct cw_screen *screen);
/** The node is one of these (enum cw_screen_role). */
bool cw_screen_is_role(const struct cw_screen *screen, unsigned roles);
/** The bit of a role by its name; 0 for an unknown one. */
unsigned cw_screen_role_named(const char *role);

/** What stands before and after the body. `rows` are those of the menu. */
void cw_screen_begin(struct cw_screen *screen, const struct cw_screen_row *rows, size_t count);
void cw_screen_end(struct cw_screen *screen);

/** A bar as the boxes have it, in yellow; `next` may be NULL. */
void cw_screen_bar(struct cw_screen *screen, enum cw_screen_kind kind, const char *text, const char *next);
/** A section with a heading of its own; `id` may be NULL. Ends with cw_screen_section_end. */
void cw_screen_section(struct cw_screen *screen, const char *id, const char *heading);
void cw_screen_section_end(struct cw_screen *screen);
/** A paragraph. */
void cw_screen_note(struct cw_screen *screen, const char *text);

#endif
