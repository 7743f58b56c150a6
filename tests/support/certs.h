/**
 * Certificates and CRLs for tests, made from one line of text at test time and called by name.
 *
 *     test_make_certs("root ca; inter ca by=root; leaf by=inter eku=server,client san=DNS:e1.acme.test");
 *     struct cw_cert *leaf = test_cert("leaf");
 *
 * Statements are separated by ";": a name, then words. A word is a flag or key=value; no spaces inside.
 *
 *     ca, end           basic constraints CA:TRUE or CA:FALSE (neither: no such extension)
 *     by=NAME           issued by that certificate and its key (default: self-signed)
 *     key=KEY           the key called KEY (default: the certificate's own name); made at the first use
 *     kind=KIND         of what kind that key is made ("rsa:1024"; default "ec")
 *     signer=KEY        signed with this key in place of the issuer's (with by=)
 *     cn=CN             the subject is "CN=CN" (default: the name); subject=… gives it whole
 *     issuer=…          this name as issuer
 *     from=D, until=D   days from TEST_AT, or seconds with "s" behind (default -10 and 365)
 *     san=, eku=, permit=, exclude=, digest=, serial=, pathlen=, crls=, aia=   as struct cw_issue_spec has
 * them ku=A+B            of sign, encipher, agree, certsign, crlsign noski, noaki, aki, critical, v1, corrupt
 *     rawfrom=, rawuntil=   a date as it stands: U (UTCTime) or G (GeneralizedTime) and its text ("U2711201200Z")
 *     broken            an extended key usage that cannot be read
 *     ext=NAME:VALUE    an extension as OpenSSL's configuration has it, "|" for ";"; any number of them:
 *                       ext=policyConstraints:critical,requireExplicitPolicy:0 ext=nameConstraints:DER:0500
 *
 * Everything belongs to the module until test_certs_finish; keys live on, since making them is slow.
 */
#ifndef TEST_SUPPORT_CERTS_H
#define TEST_SUPPORT_CERTS_H

#include "pki/crl.h"
#include "pki/pool.h"
#include "support/instant.h"
#include "trust/trust_list.h"

#include <openssl/evp.h>

/** Makes the certificates of the statements. A name that is there already is replaced. */
void test_make_certs(const char *statements);

/** Releases all certificates and CRLs; the keys stay. */
void test_certs_finish(void);
/** Releases the keys, too. */
void test_keys_finish(void);
/** The same for cmocka's group teardown. */
int test_certs_teardown(void **state);

struct cw_cert *test_cert(const char *name);
/** The name of a certificate made here, or "?" (NULL: "-"). */
const char *test_cert_name(const struct cw_cert *cert);
EVP_PKEY *test_key(const char *name);

/**
 * "by=NAME revoked=A,B this=D next=D key=KEY corrupt scope=URL": a CRL in the name of NAME, `scope`: for the
 * certificates alone that name this address.
 */
struct cw_crl *test_crl(const char *words);

/** The named certificates ("leaf inter"), in order, into `ret`; how many. */
size_t test_certs(const char *names, struct cw_cert *ret[], size_t max);
/** A trust list of them; the caller finishes it. */
void test_list(const char *names, struct cw_trust_list *ret);
/** A pool of them, each noted as being in "NAME.pem"; the caller frees it. */
struct cw_pool *test_pool(const char *names);

#endif
