#include "lab/lab_realise.h"

#include "issue/issue_key.h"

#include <pthread.h>
#include <stdatomic.h>

/* What the two threads share: each takes the next certificate that has no key yet. */
struct work {
	struct cw_lab_plan *plan;
	const struct cw_lab_options *options;
	atomic_size_t next;
};

struct worker {
	struct work *work;
	bool tells; /* only the thread of the caller does */
	bool failed;
	struct cw_error error;
};

static void *make_keys(void *argument)
{
	struct worker *worker = argument;
	struct cw_lab_plan *plan = worker->work->plan;
	size_t place;
	while (!worker->failed && (place = atomic_fetch_add(&worker->work->next, 1)) < plan->cert_count) {
		struct cw_lab_plan_cert *cert = plan->certs[place];
		if (cert->unused || cert->key || cert->cert)
			continue;
		if (worker->tells && worker->work->options->progress)
			worker->work->options->progress(
				worker->work->options->progress_user, place, plan->cert_count);
		worker->failed = !cw_issue_key(
			cert->key_kind ? cert->key_kind : plan->key_kind, &cert->key, &worker->error);
	}
	return NULL;
}

/* Where there is no second thread to be had, the first does it all. */
static bool make_all_keys(
	struct cw_lab_plan *plan, const struct cw_lab_options *options, struct cw_error *error)
{
	struct work work = {.plan = plan, .options = options};
	struct worker workers[2] = {{.work = &work, .tells = true}, {.work = &work}};
	pthread_t second;
	bool two = pthread_create(&second, NULL, make_keys, &workers[1]) == 0;
	make_keys(&workers[0]);
	if (two)
		pthread_join(second, NULL);
	for (size_t i = 0; i < 2; i++) {
		if (!workers[i].failed)
			continue;
		*error = workers[i].error;
		return false;
	}
	return true;
}

/* RFC 5480 §3, RFC 3279 §2.3.1: only RSA keys encipher. */
static uint32_t key_usage(const struct cw_lab_plan_cert *cert)
{
	if (cert->spec.key_usage)
		return cert->spec.key_usage;
	return KU_DIGITAL_SIGNATURE | (EVP_PKEY_is_a(cert->key, "RSA") ? KU_KEY_ENCIPHERMENT : 0);
}

static bool sign(struct cw_lab_plan_cert *cert, struct cw_error *error)
{
	if (cert->cert)
		return true;
	if (cert->issuer && !sign(cert->issuer, error))
		return false;
	AUTO_BUFFER sans = {0};
	for (size_t i = 0; i < cert->sans.count; i++)
		cw_buffer_printf(&sans, "%s%s", i ? "," : "", cert->sans.items[i]);
	if (!cw_buffer_ok(&sans, error))
		return false;
	struct cw_issue_spec spec = cert->spec;
	spec.subject = cert->subject;
	spec.sans = cert->sans.count ? cw_buffer_string(&sans) : NULL;
	spec.key_usage = key_usage(cert);
	const struct cw_cert *issuer = cert->issuer ? cert->issuer->cert : NULL;
	EVP_PKEY *issuer_key = cert->issuer ? cert->issuer->key : NULL;
	return cw_issue(&spec, cert->key, issuer, issuer_key, &cert->cert, error) ||
		cw_error_prefix(error, "%s", cert->id);
}

bool cw_lab_realise(struct cw_lab_plan *plan, const struct cw_lab_options *options, struct cw_error *error)
{
	if (!make_all_keys(plan, options, error))
		return false;
	for (size_t i = 0; i < plan->cert_count; i++)
		if (!plan->certs[i]->unused && !sign(plan->certs[i], error))
			return false;
	return true;
}

static bool revoked_serials(
	const struct cw_lab_plan *plan, const struct cw_lab_plan_cert *issuer, struct cw_buffer *ret)
{
	for (size_t i = 0; i < plan->cert_count; i++) {
		if (!plan->certs[i]->revoked || plan->certs[i]->issuer != issuer)
			continue;
		AUTO(free) char *serial = cw_issue_serial(cw_cert_x509(plan->certs[i]->cert));
		if (!serial)
			return false;
		cw_buffer_printf(ret, "%s%s", ret->length ? "," : "", serial);
	}
	return !ret->failed;
}

bool cw_lab_realise_crl(const struct cw_lab_plan *plan, const struct cw_lab_crl *crl, struct cw_buffer *ret,
	struct cw_error *error)
{
	AUTO_BUFFER serials = {0};
	if (!revoked_serials(plan, crl->issuer, &serials))
		return cw_error_memory(error);
	const long days_old = crl->expired ? 31 : 1;
	const long days_left = crl->expired ? -1 : 30;
	const struct cw_issue_crl_spec spec = {
		.this_update = plan->at - days_old * CW_DAY,
		.next_update = plan->at + days_left * CW_DAY,
		.serials = cw_buffer_string(&serials),
		.number = 1,
	};
	return cw_issue_crl_der(&spec, cw_cert_x509(crl->issuer->cert), crl->issuer->key, ret, error);
}
