#include "admin/desk/desk_parts.h"

#include <stdlib.h>
#include <string.h>

#define WRONG "Invalid username or password"

/* A password that is being compared, for who waits at his browser. */
struct login {
	struct cw_desk_waiter waiter; /* first: who has it has this */
	struct cw_desk *desk;
	struct cw_web_exchange *exchange;
};

/* `trouble` NULL: he was not here yet. */
static void put_page(struct cw_web_exchange *exchange, unsigned status, const char *trouble)
{
	struct cw_desk_page page = {.answer.status = status};
	struct cw_html *html = &page.html;
	cw_desk_page_head(&page, "Log in", NULL);
	if (trouble) {
		cw_html_open(html, "p");
		cw_html_attribute(html, "class", "trouble");
		cw_html_attribute(html, "role", "alert");
		cw_html_text(html, trouble);
		cw_html_close(html, "p");
	}
	cw_desk_page_form(&page, "/login", false);
	cw_desk_page_input(&page, "text", "user", "User name");
	cw_desk_page_input(&page, "password", "password", "Password");
	cw_desk_page_button(&page, "Log in");
	cw_html_close(html, "form");
	cw_desk_page_end(&page, exchange);
}

void cw_desk_login_page(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_desk *desk = context;
	if (desk->users)
		put_page(exchange, 200, NULL);
	else
		cw_web_exchange_fault(exchange, 404, "nobody logs in here");
}

static void on_left(struct cw_desk_waiter *waiter)
{
	struct login *login = (struct login *)waiter;
	cw_desk_users_forget(login->desk->users, login);
	free(login);
}

/* Where jobs are under way it ends with the last of them, and cannot be found until then. */
static void end_visitor(struct cw_desk *desk, struct cw_desk_visitor *visitor)
{
	if (!visitor->jobs) {
		cw_desk_visitor_drop(desk, visitor);
		return;
	}
	visitor->token[0] = '\0';
	visitor->seen = 0;
}

/* A session of his own, with a new cookie: one that somebody brought ends. */
static void on_done(void *context, const struct cw_admin_account *account)
{
	struct login *login = context;
	struct cw_desk *desk = login->desk;
	struct cw_web_exchange *exchange = login->exchange;
	AUTO_WEB_ANSWER answer = {0};
	struct cw_desk_visitor *visitor = NULL;
	cw_web_exchange_set_context(exchange, NULL);
	free(login);
	if (!account) {
		put_page(exchange, 401, WRONG);
		return;
	}
	visitor = cw_desk_visitor(desk, exchange);
	if (visitor)
		end_visitor(desk, visitor);
	visitor = cw_desk_visitor_add(desk, exchange, account);
	if (!visitor) {
		cw_web_exchange_fault(exchange, 503, "out of memory");
		return;
	}
	cw_desk_visitor_cookie(desk, visitor, &answer);
	cw_web_answer_redirect(&answer, "/");
	cw_web_exchange_answer(exchange, &answer);
}

void cw_desk_login_begin(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_web_form *form = cw_web_exchange_form(exchange);
	struct cw_desk *desk = context;
	struct cw_error error;
	if (!desk->users) {
		cw_web_exchange_fault(exchange, 404, "nobody logs in here");
		return;
	}
	struct login *login = calloc(1, sizeof *login);
	if (!login) {
		cw_web_exchange_fault(exchange, 503, "out of memory");
		return;
	}
	*login = (struct login){{on_left}, desk, exchange};
	const struct cw_desk_users_owner owner = {on_done, login};
	if (cw_desk_users_check(desk->users, cw_web_form_value(form, "user"),
		    cw_web_form_value(form, "password"), cw_web_exchange_address(exchange), &owner, &error)) {
		cw_web_exchange_set_context(exchange, &login->waiter);
		return;
	}
	free(login);
	put_page(exchange, 429, error.message);
}

void cw_desk_login_end(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk *desk = context;
	struct cw_desk_visitor *visitor = cw_desk_visitor(desk, exchange);
	AUTO_WEB_ANSWER answer = {0};
	end_visitor(desk, visitor);
	cw_web_answer_redirect(&answer, desk->users ? "/login" : "/");
	cw_web_exchange_answer(exchange, &answer);
}
