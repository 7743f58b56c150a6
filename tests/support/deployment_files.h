/**
 * The files that deployments in tests name: certificates, keys and CRLs, in every form, made in the test
 * folder. The dates are far apart and no test asks the clock.
 *
 *     root.pem            the root CA                     issuing.pem   an intermediate below it
 *     NAME/server.pem     leaf of NAME, by the root       NAME/key.pem  its key
 *     chain.pem           c1's leaf, issuing, root        chain.p7b     the same as PKCS#7 (DER), leaf last
 *     c1.der              c1's leaf as DER                c1.p12        leaf, key and root; password "secret"
 *     both.pem            c1's leaf and its key           crl.pem       a CRL of the root
 *     ca-and-crl.pem      root and CRL                    other-key.pem a key that fits nothing
 *     store/              a.pem (issuing), b.der (root), notes in .hidden, a folder
 *     locked-key.pem      c1's key, password "secret"     secret.txt    "secret" and a line end
 *     odd/a.pem           words                           odd-fingerprints.txt  SHA-1, too few and too many
 * digits empty.pem, utf16.pem, broken.pem (line 3 is cut off), words.txt
 */
#ifndef TEST_SUPPORT_DEPLOYMENT_FILES_H
#define TEST_SUPPORT_DEPLOYMENT_FILES_H

/** Makes the test folder (support/folder.h) and all files in it; NAME is each of c1 c2 e1 e2 pub front. */
void test_deployment_files(void);

/** The same for cmocka's group setup; test_folder_teardown ends it. */
int test_deployment_setup(void **state);

#endif
