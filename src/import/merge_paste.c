#include "import/merge_paste.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NAME_SIZE 512

/*
 * A list of a voice node that was pasted entry by entry is only known in part. What it holds is known by name:
 * `show cert list trust` gives NAME_SERIAL.pem, where NAME is the common name with blanks as "_". An entry that
 * has the name of an issuer of some certificate here is needed to judge; once all of those were had, the list is
 * as good as whole, since the others are the issuer of nothing.
 */

/* "Acme Root CA" as a file's name has it. */
static void file_name(const char *common, char ret[NAME_SIZE])
{
	size_t i = 0;
	for (; common[i] && i + 1 < NAME_SIZE; i++)
		ret[i] = common[i] == ' ' ? '_' : common[i];
	ret[i] = 0;
}

/* The last attribute of an issuer's text that is a common name; "" where there is none. */
static void issuer_name(const struct cw_cert *cert, char ret[NAME_SIZE])
{
	const char *text = cw_cert_issuer_text(cert);
	const char *found = NULL;
	char name[NAME_SIZE];
	for (const char *at = text; (at = strstr(at, "CN=")); at += 3)
		found = at + 3;
	ret[0] = 0;
	if (!found)
		return;
	size_t length = strcspn(found, ",");
	if (length >= sizeof name)
		return;
	memcpy(name, found, length);
	name[length] = 0;
	file_name(name, ret);
}

/* The entry's name begins with an issuer's name: "_" and the serial number follow, or ".pem". */
static bool names_issuer(const char *entry, const char *issuer)
{
	size_t length = strlen(issuer);
	return length && strncasecmp(entry, issuer, length) == 0 &&
		(entry[length] == '_' || entry[length] == '.');
}

static bool is_issuer(const struct cw_imported *imported, const char *entry)
{
	for (size_t i = 0; i < imported->evidence->cert_count; i++) {
		char issuer[NAME_SIZE];
		issuer_name(imported->evidence->certs[i].cert, issuer);
		if (names_issuer(entry, issuer))
			return true;
	}
	return false;
}

static bool serial_in(const struct cw_cert *cert, const char *entry)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cw_cert_x509(cert));
	const char *at = strrchr(entry, '_');
	if (!at)
		return true;
	at++;
	at += strspn(at, "0");
	for (int i = 0; i < serial->length; i++) {
		char byte[3];
		snprintf(byte, sizeof byte, "%02x", serial->data[i]);
		const char *digits = byte;
		while (i == 0 && *digits == '0')
			digits++;
		if (strncasecmp(at, digits, strlen(digits)) != 0)
			return false;
		at += strlen(digits);
	}
	return *at == '.' || !*at;
}

/* One of the certificates that were had is this entry. */
static bool was_had(const struct cw_imported_certs *certs, const char *entry)
{
	for (size_t i = 0; i < certs->count; i++) {
		char name[NAME_SIZE];
		const char *common = cw_cert_common_name(certs->items[i]);
		if (!common)
			continue;
		file_name(common, name);
		if (names_issuer(entry, name) && serial_in(certs->items[i], entry))
			return true;
	}
	return false;
}

/* The listed name behind "tomcat-trust/", where it is of this list. */
static const char *entry_of(const char *listed, enum cw_imported_store store)
{
	const char *key = cw_imported_store_key(store);
	size_t length = strlen(key);
	return strncasecmp(listed, key, length) == 0 && listed[length] == '/' ? listed + length + 1 : NULL;
}

/* Appends the commands for what is missing of a list; nothing: the list is complete enough. */
static bool missing_entries(const struct cw_imported *imported, const struct cw_imported_box *box,
	enum cw_imported_store store, struct cw_buffer *ret)
{
	bool listed = false;
	for (size_t i = 0; i < box->listed.count; i++) {
		const char *entry = entry_of(box->listed.items[i].text, store);
		if (!entry)
			continue;
		listed = true;
		if (is_issuer(imported, entry) && !was_had(&box->stores[store], entry))
			cw_buffer_printf(ret, "show cert trust %s\n", box->listed.items[i].text);
	}
	return listed;
}

static bool has_list(const struct cw_imported_box *box, enum cw_imported_store store)
{
	return store == CW_IMPORTED_TOMCAT_TRUST ||
		(store == CW_IMPORTED_CALLMANAGER_TRUST && box->role == CW_IMPORTED_CUCM);
}

static void set_complete(struct cw_imported_certs *certs)
{
	certs->known = true;
	certs->partial = false;
}

static void ask_lists(const struct cw_imported *imported, struct cw_imported_box *box, struct cw_buffer *ret)
{
	bool list = false;
	for (unsigned i = CW_IMPORTED_TOMCAT_TRUST; i < CW_IMPORTED_STORES; i++) {
		struct cw_imported_certs *certs = &box->stores[i];
		size_t before = ret->length;
		if (!has_list(box, i) || (certs->known && !certs->partial))
			continue;
		if (!missing_entries(imported, box, i, ret))
			list = true;
		else if (ret->length == before)
			set_complete(certs);
	}
	if (list)
		cw_buffer_text(ret, "show cert list trust\n");
}

static void ask_identities(const struct cw_imported_box *box, struct cw_buffer *ret)
{
	if (!box->identities[CW_IMPORTED_TOMCAT].known)
		cw_buffer_text(ret, "show cert own tomcat\n");
	if (box->role == CW_IMPORTED_CUCM && !box->identities[CW_IMPORTED_CALLMANAGER].known)
		cw_buffer_text(ret, "show cert own CallManager\n");
}

bool cw_merge_paste_ask(struct cw_imported *imported, struct cw_error *error)
{
	for (size_t i = 0; i < imported->box_count; i++) {
		struct cw_imported_box *box = &imported->boxes[i];
		AUTO_BUFFER lines = {0};
		AUTO_BUFFER where = {0};
		if (box->group == CW_IMPORTED_NONE || box->role < CW_IMPORTED_CUCM)
			continue;
		ask_identities(box, &lines);
		ask_lists(imported, box, &lines);
		if (!lines.length)
			continue;
		cw_buffer_printf(&where, "set cli pagination off\n%s", cw_buffer_string(&lines));
		if (!cw_buffer_ok(&lines, error) || !cw_buffer_ok(&where, error) ||
			!cw_imported_ask(imported, "node",
				"What has @? Import the text of a session with its command line:", box->fqdn,
				cw_buffer_string(&where), error))
			return false;
	}
	return true;
}
