/**
 * Alerts by name and by what makes OpenSSL send them. Private to the live layer.
 */
#ifndef CW_LIVE_TLS_ALERTS_H
#define CW_LIVE_TLS_ALERTS_H

/** The X509_V_ERR_… that OpenSSL answers with this alert; there is no other way to choose one. */
int cw_tls_verify_error(int alert);

#endif
