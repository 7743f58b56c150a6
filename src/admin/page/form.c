#include "admin/page/form.h"

#include <string.h>

static void begin_tag(struct cw_form *form)
{
	struct cw_html *html = &form->screen->html;
	cw_html_begin(html, "form", "form");
	cw_html_attribute(html, "id", form->id);
	cw_html_attribute(html, "method", form->get ? "get" : "post");
	if (form->get)
		cw_html_attributef(html, "action", "/%s", form->operation);
	else
		cw_html_attributef(html, "action", "/do/%s", form->operation);
	cw_html_attribute(html, "enctype", form->upload ? "multipart/form-data" : NULL);
}

void cw_form_begin(struct cw_form *form)
{
	bool open = form->ask || form->get || cw_screen_may_write(form->screen);
	begin_tag(form);
	if (!form->get)
		cw_form_hidden(form, "csrf", cw_screen_json_text(form->screen->page, "csrf"));
	if (!open)
		cw_html_element(&form->screen->html, "p", "note",
			"Your account is read-only: it cannot change this.");
	cw_html_begin(&form->screen->html, "fieldset", "fields");
	cw_html_flag(&form->screen->html, "disabled", !open);
}

void cw_form_end(struct cw_form *form)
{
	cw_html_close(&form->screen->html, "fieldset");
	cw_html_close(&form->screen->html, "form");
}

void cw_form_hidden(struct cw_form *form, const char *name, const char *value)
{
	struct cw_html *html = &form->screen->html;
	if (!value)
		return;
	cw_html_open(html, "input");
	cw_html_attribute(html, "type", "hidden");
	cw_html_attribute(html, "name", name);
	cw_html_attribute_lines(html, "value", value);
	cw_html_close(html, "input");
}

static void field_id(const struct cw_form *form, const struct cw_form_field *field, const char *attribute)
{
	if (field->number)
		cw_html_attributef(
			&form->screen->html, attribute, "%s-%s-%zu", form->id, field->name, field->number);
	else
		cw_html_attributef(&form->screen->html, attribute, "%s-%s", form->id, field->name);
}

static void label(struct cw_form *form, const struct cw_form_field *field)
{
	struct cw_html *html = &form->screen->html;
	cw_html_open(html, "label");
	field_id(form, field, "for");
	cw_html_text(html, field->label);
	cw_html_close(html, "label");
}

static void hint(struct cw_form *form, const struct cw_form_field *field)
{
	if (!field->hint)
		return;
	cw_html_begin(&form->screen->html, "p", "hint");
	cw_html_attributef(&form->screen->html, "id", "%s-%s-hint", form->id, field->name);
	cw_html_text(&form->screen->html, field->hint);
	cw_html_close(&form->screen->html, "p");
}

static void common(struct cw_form *form, const struct cw_form_field *field)
{
	struct cw_html *html = &form->screen->html;
	field_id(form, field, "id");
	cw_html_attribute(html, "name", field->name);
	cw_html_flag(html, "required", field->required);
	if (field->hint)
		cw_html_attributef(html, "aria-describedby", "%s-%s-hint", form->id, field->name);
}

/* What was typed before, so that nobody types it twice. Passwords are not sent back. */
static const char *value_of(const struct cw_form *form, const struct cw_form_field *field)
{
	const json_t *before = json_object_get(form->screen->sent, field->name);
	if (field->number)
		before = json_array_get(before, field->number - 1);
	const char *sent = json_string_value(before);
	if (field->kind == CW_FORM_PASSWORD || field->kind == CW_FORM_FILE)
		return NULL;
	if (field->kind == CW_FORM_TICK)
		return field->value;
	return sent ? sent : field->value;
}

static void input(struct cw_form *form, const struct cw_form_field *field)
{
	static const char *const types[] = {[CW_FORM_TEXT] = "text",
		[CW_FORM_PASSWORD] = "password",
		[CW_FORM_FILE] = "file",
		[CW_FORM_AREA] = "text",
		[CW_FORM_TICK] = "checkbox",
		[CW_FORM_TIME] = "time"};
	struct cw_html *html = &form->screen->html;
	bool typed = field->kind == CW_FORM_TEXT || field->kind == CW_FORM_PASSWORD;
	cw_html_open(html, "input");
	cw_html_attribute(html, "type", types[field->kind]);
	common(form, field);
	cw_html_attribute(html, "value", value_of(form, field));
	cw_html_flag(html, "checked", field->ticked);
	cw_html_flag(html, "readonly", field->fixed);
	if (typed)
		cw_html_attribute(html, "autocomplete", field->complete ? field->complete : "off");
	if (typed)
		cw_html_attribute(html, "spellcheck", "false");
	cw_html_close(html, "input");
}

static void area(struct cw_form *form, const struct cw_form_field *field)
{
	struct cw_html *html = &form->screen->html;
	cw_html_open(html, "textarea");
	common(form, field);
	cw_html_attribute(html, "rows", "6");
	cw_html_attribute(html, "spellcheck", "false");
	cw_html_flag(html, "readonly", field->fixed);
	cw_html_lines(html, value_of(form, field));
	cw_html_close(html, "textarea");
}

void cw_form_put(struct cw_form *form, const struct cw_form_field *field)
{
	struct cw_html *html = &form->screen->html;
	bool tick = field->kind == CW_FORM_TICK;
	cw_html_begin(html, "div", tick ? "field tick" : "field");
	if (tick)
		input(form, field);
	label(form, field);
	if (field->kind == CW_FORM_AREA)
		area(form, field);
	else if (!tick)
		input(form, field);
	hint(form, field);
	cw_html_close(html, "div");
}

void cw_form_select(struct cw_form *form, const struct cw_form_field *field,
	const struct cw_form_choice *choices, size_t count)
{
	struct cw_html *html = &form->screen->html;
	const char *chosen = value_of(form, field);
	cw_html_begin(html, "div", "field");
	label(form, field);
	cw_html_open(html, "select");
	common(form, field);
	for (size_t i = 0; i < count; i++) {
		cw_html_open(html, "option");
		cw_html_attribute(html, "value", choices[i].value);
		cw_html_flag(html, "selected", chosen && strcmp(chosen, choices[i].value) == 0);
		cw_html_text(html, choices[i].label);
		cw_html_close(html, "option");
	}
	cw_html_close(html, "select");
	hint(form, field);
	cw_html_close(html, "div");
}

void cw_form_button(struct cw_form *form, const char *text, const char *name, const char *value)
{
	struct cw_html *html = &form->screen->html;
	cw_html_begin(html, "button", "go");
	cw_html_attribute(html, "name", name);
	cw_html_attribute(html, "value", value);
	cw_html_text(html, text);
	cw_html_close(html, "button");
}

static void button_for(struct cw_form *form, const char *class, const char *text, const char *operation)
{
	struct cw_html *html = &form->screen->html;
	cw_html_begin(html, "button", class);
	cw_html_attributef(html, "formaction", "/do/%s", operation);
	cw_html_text(html, text);
	cw_html_close(html, "button");
}

void cw_form_button_for(struct cw_form *form, const char *text, const char *operation)
{
	button_for(form, "go", text, operation);
}

void cw_form_danger(struct cw_form *form, const char *text, const char *operation)
{
	button_for(form, "danger", text, operation);
}

void cw_form_delete(struct cw_form *form, const char *what)
{
	struct cw_html *html = &form->screen->html;
	cw_html_begin(html, "button", "danger");
	cw_html_attributef(html, "aria-label", "%s %s", cw_vendor_word(CW_WORD_DELETE), what);
	cw_html_text(html, cw_vendor_word(CW_WORD_DELETE));
	cw_html_close(html, "button");
}

void cw_form_confirm(struct cw_form *form, const char *text)
{
	cw_form_put(form,
		&(struct cw_form_field){.name = "confirm",
			.label = text,
			.value = "yes",
			.kind = CW_FORM_TICK,
			.required = true});
}
