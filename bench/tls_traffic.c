/* Real TLS 1.2 sessions over the loopback interface, for the captures of bench/capture: mutual, no
 * resumption, RSA-2048 chains of five on both sides.
 *
 *     tls_traffic SESSIONS shared|distinct BYTES-PER-SESSION
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORKERS 2 /* of either side */

struct plan {
	int sessions; /* of one worker */
	bool distinct;
	size_t bytes;
	int listener;
	struct sockaddr_in address;
};

static EVP_PKEY *key;
static X509 *root, *middle, *server_leaf;

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "tls_traffic: %s failed\n", what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

static void add_extension(X509 *cert, int kind, const char *value)
{
	X509V3_CTX context;
	X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
	check(extension && X509_add_ext(cert, extension, -1), "an extension");
	X509_EXTENSION_free(extension);
}

static X509 *issue(const char *name, long serial, const X509 *issuer, bool ca)
{
	X509 *cert = X509_new();
	char san[128];
	snprintf(san, sizeof san, "DNS:%s", name);
	check(cert && X509_set_version(cert, X509_VERSION_3), "a certificate");
	ASN1_INTEGER_set(X509_get_serialNumber(cert), serial);
	X509_NAME *subject = X509_get_subject_name(cert);
	X509_NAME_add_entry_by_txt(subject, "C", MBSTRING_ASC, (const unsigned char *)"US", -1, -1, 0);
	X509_NAME_add_entry_by_txt(
		subject, "O", MBSTRING_ASC, (const unsigned char *)"Acme Corporation", -1, -1, 0);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(cert, issuer ? X509_get_subject_name(issuer) : subject);
	X509_gmtime_adj(X509_getm_notBefore(cert), -86400);
	X509_gmtime_adj(X509_getm_notAfter(cert), 86400L * 365);
	X509_set_pubkey(cert, key);
	add_extension(cert, NID_basic_constraints, ca ? "critical,CA:TRUE" : "CA:FALSE");
	add_extension(cert, NID_subject_key_identifier, "hash");
	if (!ca) {
		add_extension(cert, NID_ext_key_usage, "serverAuth,clientAuth");
		add_extension(cert, NID_subject_alt_name, san);
	}
	check(X509_sign(cert, key, EVP_sha256()) > 0, "signing");
	return cert;
}

static int accept_any(X509_STORE_CTX *context, void *unused)
{
	(void)context;
	(void)unused;
	return 1;
}

static SSL_CTX *new_context(const SSL_METHOD *method)
{
	SSL_CTX *context = SSL_CTX_new(method);
	check(context && SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION), "a TLS context");
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_cert_verify_callback(context, accept_any, NULL);
	SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
	check(SSL_CTX_add1_chain_cert(context, middle) && SSL_CTX_add1_chain_cert(context, root), "a chain");
	return context;
}

static void set_identity(SSL *ssl, X509 *leaf)
{
	check(SSL_use_certificate(ssl, leaf) && SSL_use_PrivateKey(ssl, key), "an identity");
	SSL_add1_chain_cert(ssl, middle);
	SSL_add1_chain_cert(ssl, root);
}

/* Without it each flight waits for the other side's delayed acknowledgement. */
static void send_at_once(int handle)
{
	int on = 1;
	setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void *serve(void *argument)
{
	const struct plan *plan = argument;
	SSL_CTX *context = new_context(TLS_server_method());
	SSL_CTX_add_client_CA(context, root);
	char block[16384] = "";
	for (int i = 0; i < plan->sessions; i++) {
		int socket = accept(plan->listener, NULL, NULL);
		send_at_once(socket);
		SSL *ssl = SSL_new(context);
		set_identity(ssl, server_leaf);
		SSL_set_fd(ssl, socket);
		check(SSL_accept(ssl) == 1, "SSL_accept");
		for (size_t sent = 0; sent < plan->bytes; sent += sizeof block)
			check(SSL_write(ssl, block, sizeof block) > 0, "SSL_write");
		SSL_shutdown(ssl);
		shutdown(socket, SHUT_WR);
		while (SSL_read(ssl, block, sizeof block) > 0)
			;
		SSL_free(ssl);
		close(socket);
	}
	SSL_CTX_free(context);
	return NULL;
}

static void connect_once(const struct plan *plan, SSL_CTX *context, X509 *leaf)
{
	char block[65536];
	int handle = socket(AF_INET, SOCK_STREAM, 0);
	check(handle >= 0 &&
			connect(handle, (const struct sockaddr *)&plan->address, sizeof plan->address) == 0,
		"connect");
	send_at_once(handle);
	SSL *ssl = SSL_new(context);
	set_identity(ssl, leaf);
	SSL_set_fd(ssl, handle);
	check(SSL_connect(ssl) == 1, "SSL_connect");
	while (SSL_read(ssl, block, sizeof block) > 0)
		;
	SSL_shutdown(ssl);
	SSL_free(ssl);
	close(handle);
}

static X509 *client_leaf;

static void *work(void *argument)
{
	static int workers;
	int worker = __atomic_fetch_add(&workers, 1, __ATOMIC_RELAXED);
	const struct plan *plan = argument;
	SSL_CTX *context = new_context(TLS_client_method());
	for (int i = 0; i < plan->sessions; i++) {
		char name[64];
		int number = worker * plan->sessions + i;
		snprintf(name, sizeof name, "c%d.acme.test", number);
		X509 *leaf = plan->distinct ? issue(name, 1000 + number, middle, false) : client_leaf;
		connect_once(plan, context, leaf);
		if (plan->distinct)
			X509_free(leaf);
	}
	SSL_CTX_free(context);
	return NULL;
}

static void listen_at(struct plan *plan)
{
	socklen_t size = sizeof plan->address;
	plan->address.sin_family = AF_INET;
	plan->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	plan->listener = socket(AF_INET, SOCK_STREAM, 0);
	check(bind(plan->listener, (struct sockaddr *)&plan->address, size) == 0 &&
			listen(plan->listener, 64) == 0 &&
			getsockname(plan->listener, (struct sockaddr *)&plan->address, &size) == 0,
		"listening");
}

int main(int argc, char **argv)
{
	check(argc == 4, "reading the arguments: SESSIONS shared|distinct BYTES");
	struct plan plan = {
		.sessions = atoi(argv[1]) / WORKERS,
		.distinct = strcmp(argv[2], "distinct") == 0,
		.bytes = strtoul(argv[3], NULL, 10),
	};
	pthread_t threads[2 * WORKERS];
	key = EVP_RSA_gen(2048);
	root = issue("Acme Root CA", 1, NULL, true);
	middle = issue("Acme Issuing CA", 2, root, true);
	server_leaf = issue("e1.acme.test", 3, middle, false);
	client_leaf = issue("c1.acme.test", 4, middle, false);
	listen_at(&plan);
	for (int i = 0; i < 2 * WORKERS; i++)
		check(pthread_create(&threads[i], NULL, i % 2 ? work : serve, &plan) == 0, "a thread");
	for (int i = 0; i < 2 * WORKERS; i++)
		pthread_join(threads[i], NULL);
	X509_free(root);
	X509_free(middle);
	X509_free(server_leaf);
	X509_free(client_leaf);
	EVP_PKEY_free(key);
	return 0;
}
