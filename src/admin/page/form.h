/**
 * Forms: every one is posted to "/do/OPERATION", its fields are named as the operation's `with`, and its first field is
 * `csrf` (so that a server can refuse before it reads the rest).
 *
 * Whoever may not write sees what is set and cannot change it (a disabled fieldset). Forms that only ask carry `ask`, and
 * everybody may send them.
 */
#ifndef CW_ADMIN_PAGE_FORM_H
#define CW_ADMIN_PAGE_FORM_H

#include "admin/page/screen.h"

struct cw_form {
	struct cw_screen *screen;
	const char *id;	       /* before the ids of its fields */
	const char *operation; /* "zone/try" */
	bool upload;	       /* has file fields: multipart */
	bool ask;	       /* changes nothing */
	bool get; /* changes nothing and has an address of its own: GET of this page; `operation` is its name */
};

enum cw_form_kind { CW_FORM_TEXT, CW_FORM_PASSWORD, CW_FORM_FILE, CW_FORM_AREA, CW_FORM_TICK, CW_FORM_TIME };

struct cw_form_field {
	const char *name;
	const char *label;
	const char *value;    /* of a tick box: what it sends */
	const char *hint;     /* or NULL */
	const char *complete; /* autocomplete, or NULL: "off" */
	enum cw_form_kind kind;
	size_t number; /* of several fields of one name, from 1: they are sent as a list */
	bool required;
	bool ticked;
	bool fixed; /* shown, not to be changed */
};

struct cw_form_choice {
	const char *value;
	const char *label;
};

void cw_form_begin(struct cw_form *form);
void cw_form_end(struct cw_form *form);

/** What goes along unseen. NULL: nothing is sent. */
void cw_form_hidden(struct cw_form *form, const char *name, const char *value);
/** A labelled field. A value typed before (screen->sent) takes the place of `value`, except passwords. */
void cw_form_put(struct cw_form *form, const struct cw_form_field *field);
/** A labelled list to choose one from. */
void cw_form_select(struct cw_form *form, const struct cw_form_field *field,
	const struct cw_form_choice *choices, size_t count);
/** A button that sends the form; `name` and `value` may be NULL. */
void cw_form_button(struct cw_form *form, const char *label, const char *name, const char *value);
/** A button that sends the form to another operation. */
void cw_form_button_for(struct cw_form *form, const char *label, const char *operation);
/** The same, for what takes something away: it looks so. */
void cw_form_danger(struct cw_form *form, const char *label, const char *operation);

/** "Delete", told to whoever hears the page with what is deleted. */
void cw_form_delete(struct cw_form *form, const char *what);

/** A tick box without which the form is not sent: "I have read what this changes". */
void cw_form_confirm(struct cw_form *form, const char *label);

#endif
