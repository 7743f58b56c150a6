#include "report/cert_report.h"

#include "pki/cert_details.h"
#include "report/text/layout.h"
#include "trust/names.h"

#define LABEL_WIDTH 11

static void labelled(struct cw_buffer *ret, const char *label, const struct cw_buffer *words)
{
	AUTO_BUFFER prefix = {0};
	cw_buffer_printf(&prefix, "  %-*s", LABEL_WIDTH, label);
	cw_layout_wrap(ret, cw_buffer_string(&prefix), LABEL_WIDTH + 2, cw_buffer_string(words));
	ret->failed |= prefix.failed || words->failed;
}

static void who(struct cw_buffer *ret, const struct cw_cert *cert)
{
	AUTO_BUFFER words = {0};
	const char *subject = cw_cert_subject_text(cert);
	cw_buffer_text(&words, *subject ? subject : "(no name)");
	labelled(ret, "Who", &words);
}

static bool is_dns_address(const struct cw_san *san)
{
	uint8_t ip[16];
	size_t length;
	return san->kind == CW_SAN_DNS && cw_name_is_ip(san->text, ip, &length);
}

static void for_whom(struct cw_buffer *ret, const struct cw_cert *cert)
{
	const struct cw_sans *sans = cw_cert_sans(cert);
	AUTO_BUFFER words = {0};
	for (size_t i = 0; i < sans->count; i++) {
		cw_buffer_text(&words, i ? ", " : "");
		cw_name_show_san(&words, &sans->items[i]);
		if (is_dns_address(&sans->items[i]))
			cw_buffer_text(&words,
				" (an IP address written as a DNS name: no one compares it with an address)");
	}
	if (!sans->count && cw_cert_is_ca(cert))
		return;
	if (!sans->count)
		cw_buffer_text(&words, "no names (no subjectAltName)");
	labelled(ret, "For", &words);
}

static void until_when(struct cw_buffer *ret, const struct cw_cert *cert, cw_time at)
{
	char from[CW_TIME_TEXT_SIZE], to[CW_TIME_TEXT_SIZE];
	cw_time begin = cw_cert_not_before(cert), end = cw_cert_not_after(cert);
	AUTO_BUFFER words = {0};
	cw_buffer_printf(&words, "%s to %s", cw_time_format_date(begin, from), cw_time_format(end, to));
	if (at < begin)
		cw_buffer_text(&words, ": not valid yet");
	else if (at > end)
		cw_buffer_printf(&words, ": expired %lld days ago", (long long)((at - end) / CW_DAY));
	else
		cw_buffer_printf(&words, ": %lld days left", (long long)((end - at) / CW_DAY));
	labelled(ret, "Valid", &words);
}

static void key_usages(struct cw_buffer *words, const struct cw_cert *cert)
{
	if (!cw_cert_has_key_usage(cert))
		return;
	uint32_t mask;
	const char *name;
	for (size_t bit = 0; (name = cw_cert_key_usage_name(bit, &mask)); bit++)
		if (cw_cert_key_usage(cert) & mask)
			cw_buffer_printf(words, "%s%s", words->length ? ", " : "", name);
}

static const char *purposes(const struct cw_eku *eku)
{
	if (!eku->present)
		return "any purpose (no extended key usage)";
	if (eku->server_auth && eku->client_auth)
		return "server and client (serverAuth, clientAuth)";
	if (eku->server_auth)
		return "server only (serverAuth, no clientAuth)";
	return eku->client_auth ? "client only (clientAuth, no serverAuth)" : "neither server nor client";
}

static void what_for(struct cw_buffer *ret, const struct cw_cert *cert)
{
	AUTO_BUFFER words = {0};
	if (cw_cert_is_ca(cert)) {
		cw_buffer_text(&words, "CA: signs other certificates");
		if (cw_cert_path_length(cert) >= 0)
			cw_buffer_printf(
				&words, ", with at most %ld CAs below it", cw_cert_path_length(cert));
	}
	if (!cw_cert_is_ca(cert) || cw_cert_eku(cert)->present)
		cw_buffer_printf(&words, "%s%s", words.length ? "; " : "", purposes(cw_cert_eku(cert)));
	labelled(ret, "Good for", &words);
	AUTO_BUFFER usages = {0};
	key_usages(&usages, cert);
	if (usages.length)
		labelled(ret, "Key usage", &usages);
}

static const char *whose_name(const struct cw_cert *cert)
{
	if (!cw_cert_details_checkable(cert))
		return " (the signature cannot be checked here)";
	return cw_cert_self_issued(cert) ? " (its own name, but another key signed it)" : "";
}

static void signed_by(struct cw_buffer *ret, const struct cw_cert *cert)
{
	AUTO_BUFFER words = {0};
	if (cw_cert_self_signed(cert))
		cw_buffer_text(&words, "itself (self-signed)");
	else
		cw_buffer_printf(&words, "%s%s", cw_cert_issuer_text(cert), whose_name(cert));
	cw_buffer_text(&words, ", ");
	cw_cert_details_signature(cert, &words);
	labelled(ret, "Signed by", &words);
}

static void identity(struct cw_buffer *ret, const struct cw_cert *cert)
{
	char key[CW_KEY_TEXT_SIZE];
	uint8_t sha1[CW_SHA1_SIZE];
	AUTO_BUFFER words = {0};
	cw_buffer_text(&words, cw_cert_key_text(cw_cert_key(cert), key));
	labelled(ret, "Key", &words);
	AUTO_BUFFER fingerprint = {0};
	cw_buffer_text(&fingerprint, cw_cert_sha256_text(cert));
	labelled(ret, "SHA-256", &fingerprint);
	AUTO_BUFFER old_fingerprint = {0};
	cw_cert_sha1(cert, sha1);
	cw_buffer_hex(&old_fingerprint, sha1, sizeof sha1);
	labelled(ret, "SHA-1", &old_fingerprint);
}

static void addresses(struct cw_buffer *ret, const char *label, const struct cw_strings *urls)
{
	AUTO_BUFFER words = {0};
	for (size_t i = 0; i < urls->count; i++)
		cw_buffer_printf(&words, "%s%s", i ? " " : "", urls->items[i]);
	if (words.length)
		labelled(ret, label, &words);
}

/* What decides over a certificate and is seldom looked at. */
static void oddities(struct cw_buffer *ret, const struct cw_cert *cert)
{
	AUTO_BUFFER constraints = {0}, critical = {0}, precertificate = {0};
	cw_cert_details_constraints(cert, &constraints);
	if (constraints.length)
		labelled(ret, "May issue", &constraints);
	cw_cert_details_critical(cert, &critical);
	if (critical.length) {
		cw_buffer_text(&critical,
			": a critical extension that OpenSSL does not know, which makes everybody "
			"refuse the certificate");
		labelled(ret, "Critical", &critical);
	}
	if (cw_cert_details_is_precertificate(cert)) {
		cw_buffer_text(&precertificate,
			"made for a Certificate Transparency log (RFC 6962), to be used by no "
			"one: take the certificate that the CA issued after it");
		labelled(ret, "Precert", &precertificate);
	}
}

static void certificate(struct cw_buffer *ret, const struct cw_bundle *bundle, size_t index, cw_time at)
{
	const struct cw_entry *entry = &bundle->entries[index];
	cw_buffer_printf(ret, "%s" CW_MARK_BOLD "%s, certificate %zu of %zu" CW_MARK_END,
		ret->length ? "\n" : "", bundle->path, entry->number, bundle->count);
	if (entry->line)
		cw_buffer_printf(ret, " (line %zu)", entry->line);
	cw_buffer_char(ret, '\n');
	who(ret, entry->cert);
	for_whom(ret, entry->cert);
	until_when(ret, entry->cert, at);
	what_for(ret, entry->cert);
	signed_by(ret, entry->cert);
	identity(ret, entry->cert);
	addresses(ret, "CRL at", cw_cert_crl_urls(entry->cert));
	addresses(ret, "Issuer at", cw_cert_issuer_urls(entry->cert));
	addresses(ret, "Odd OIDs", cw_cert_unknown_oids(entry->cert));
	oddities(ret, entry->cert);
}

static void crl(struct cw_buffer *ret, const struct cw_bundle *bundle, size_t index, cw_time at)
{
	const struct cw_crl *list = bundle->crls[index];
	char text[CW_TIME_TEXT_SIZE];
	cw_time next;
	cw_buffer_printf(ret, "%s" CW_MARK_BOLD "%s, revocation list %zu of %zu" CW_MARK_END "\n",
		ret->length ? "\n" : "", bundle->path, index + 1, bundle->crl_count);
	AUTO_BUFFER issuer = {0};
	cw_buffer_text(&issuer, cw_crl_issuer_text(list));
	labelled(ret, "Of", &issuer);
	AUTO_BUFFER valid = {0};
	cw_buffer_text(&valid, cw_time_format_date(cw_crl_this_update(list), text));
	if (cw_crl_next_update(list, &next))
		cw_buffer_printf(
			&valid, " to %s%s", cw_time_format(next, text), at > next ? ": expired" : "");
	labelled(ret, "Valid", &valid);
}

void cw_cert_report_notes(struct cw_buffer *ret, const struct cw_bundle *bundle)
{
	for (size_t i = 0; i < bundle->notes.count; i++) {
		cw_buffer_text(ret, i || !ret->length ? "" : "\n");
		cw_layout_wrap(ret, "note: ", 2, bundle->notes.items[i]);
	}
}

void cw_cert_report_text(struct cw_buffer *ret, const struct cw_bundle *bundle, cw_time at)
{
	for (size_t i = 0; i < bundle->count; i++)
		certificate(ret, bundle, i, at);
	for (size_t i = 0; i < bundle->crl_count; i++)
		crl(ret, bundle, i, at);
	if (!bundle->count && !bundle->crl_count)
		cw_buffer_printf(ret, "%s%s: holds no certificate\n", ret->length ? "\n" : "", bundle->path);
	cw_cert_report_notes(ret, bundle);
	if (bundle->key_count)
		cw_buffer_printf(ret, "\n%s: also holds %zu private key%s; keep it to yourself\n",
			bundle->path, bundle->key_count, bundle->key_count == 1 ? "" : "s");
}
