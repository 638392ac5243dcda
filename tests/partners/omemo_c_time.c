/* What the C libraries of other clients cost: the measures of crates/omemo/benches/omemo.rs, with ciphers by OpenSSL and stores in
 * memory. omemo_c.py --time compiles it, with -DOMEMO_C for libomemo-c and without for libsignal-protocol-c, and runs it with
 * "legacy" or "omemo2".
 *
 * Their calls take a session from its stored bytes and put it back: of ours, "state from and to bytes" does the same. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#ifdef OMEMO_C
#include <omemo/key_helper.h>
#include <omemo/protocol.h>
#include <omemo/session_builder.h>
#include <omemo/session_cipher.h>
#include <omemo/session_pre_key.h>
#include <omemo/signal_protocol.h>
#else
#include <signal/key_helper.h>
#include <signal/protocol.h>
#include <signal/session_builder.h>
#include <signal/session_cipher.h>
#include <signal/session_pre_key.h>
#include <signal/signal_protocol.h>
#endif

#define ROOM 65536
#define TURNS_OF 5

static int omemo2;
static signal_context *context;
static const uint8_t keys[48] = {7};

static void check(int code, const char *what) {
    if (code < 0) {
        fprintf(stderr, "%s: the library says %d\n", what, code);
        exit(1);
    }
}

/* Ciphers. */

static int fill(uint8_t *data, size_t length, void *user) {
    (void)user;
    return RAND_bytes(data, (int)length) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static int hmac_begin(void **mac, const uint8_t *key, size_t length, void *user) {
    (void)user;
    *mac = HMAC_CTX_new();
    return HMAC_Init_ex(*mac, key, (int)length, EVP_sha256(), NULL) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static int hmac_more(void *mac, const uint8_t *data, size_t length, void *user) {
    (void)user;
    return HMAC_Update(mac, data, length) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static int hmac_end(void *mac, signal_buffer **out, void *user) {
    uint8_t bytes[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    (void)user;
    if (HMAC_Final(mac, bytes, &length) != 1) return SG_ERR_UNKNOWN;
    *out = signal_buffer_create(bytes, length);
    return 0;
}

static void hmac_drop(void *mac, void *user) {
    (void)user;
    HMAC_CTX_free(mac);
}

static int hash_begin(void **hash, void *user) {
    (void)user;
    *hash = EVP_MD_CTX_new();
    return EVP_DigestInit_ex(*hash, EVP_sha512(), NULL) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static int hash_more(void *hash, const uint8_t *data, size_t length, void *user) {
    (void)user;
    return EVP_DigestUpdate(hash, data, length) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static int hash_end(void *hash, signal_buffer **out, void *user) {
    uint8_t bytes[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    (void)user;
    if (EVP_DigestFinal_ex(hash, bytes, &length) != 1) return SG_ERR_UNKNOWN;
    *out = signal_buffer_create(bytes, length);
    return EVP_DigestInit_ex(hash, EVP_sha512(), NULL) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static void hash_drop(void *hash, void *user) {
    (void)user;
    EVP_MD_CTX_free(hash);
}

static int aes_cbc(signal_buffer **out, const uint8_t *key, size_t key_length, const uint8_t *iv, const uint8_t *data, size_t length,
                 int encrypt) {
    const EVP_CIPHER *kind = key_length == 32 ? EVP_aes_256_cbc() : key_length == 24 ? EVP_aes_192_cbc() : EVP_aes_128_cbc();
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    uint8_t *bytes = malloc(length + 32);
    int first = 0, last = 0;
    int good = EVP_CipherInit_ex(cipher, kind, NULL, key, iv, encrypt) && EVP_CipherUpdate(cipher, bytes, &first, data, (int)length) &&
               EVP_CipherFinal_ex(cipher, bytes + first, &last);
    if (good) *out = signal_buffer_create(bytes, (size_t)(first + last));
    EVP_CIPHER_CTX_free(cipher);
    free(bytes);
    return good ? 0 : SG_ERR_UNKNOWN;
}

static int seal(signal_buffer **out, int mode, const uint8_t *key, size_t key_length, const uint8_t *iv, size_t iv_length,
                const uint8_t *data, size_t length, void *user) {
    (void)mode, (void)iv_length, (void)user;
    return aes_cbc(out, key, key_length, iv, data, length, 1);
}

static int unseal(signal_buffer **out, int mode, const uint8_t *key, size_t key_length, const uint8_t *iv, size_t iv_length,
                  const uint8_t *data, size_t length, void *user) {
    (void)mode, (void)iv_length, (void)user;
    return aes_cbc(out, key, key_length, iv, data, length, 0);
}

/* A device, which knows one other. */

struct device {
    uint32_t number;
    ratchet_identity_key_pair *identity;
    session_pre_key *prekey;
    session_signed_pre_key *signed_prekey;
    signal_buffer *identity_public, *identity_private, *prekey_record, *signed_record;
    uint8_t session[ROOM];
    size_t session_length;
    signal_protocol_store_context *store;
    signal_protocol_address peer;
};

struct message {
    uint8_t bytes[1024];
    size_t length;
    int exchange;
};

static int load_session(signal_buffer **record, signal_buffer **user_record, const signal_protocol_address *address, void *user) {
    struct device *device = user;
    (void)user_record, (void)address;
    if (!device->session_length) return 0;
    *record = signal_buffer_create(device->session, device->session_length);
    return 1;
}

static int store_session(const signal_protocol_address *address, uint8_t *record, size_t length, uint8_t *user_record,
                         size_t user_length, void *user) {
    struct device *device = user;
    (void)address, (void)user_record, (void)user_length;
    if (length > ROOM) return SG_ERR_NOMEM;
    memcpy(device->session, record, length);
    device->session_length = length;
    return 0;
}

static int has_session(const signal_protocol_address *address, void *user) {
    (void)address;
    return ((struct device *)user)->session_length > 0;
}

static int load_prekey(signal_buffer **record, uint32_t number, void *user) {
    (void)number;
    *record = signal_buffer_copy(((struct device *)user)->prekey_record);
    return 0;
}

static int load_signed(signal_buffer **record, uint32_t number, void *user) {
    (void)number;
    *record = signal_buffer_copy(((struct device *)user)->signed_record);
    return 0;
}

static int keep_key(uint32_t number, uint8_t *record, size_t length, void *user) {
    (void)number, (void)record, (void)length, (void)user;
    return 0;
}

static int has_key(uint32_t number, void *user) {
    (void)number, (void)user;
    return 1;
}

/* A pre-key stays, so that a session can be made with it again and again. */
static int remove_key(uint32_t number, void *user) {
    (void)number, (void)user;
    return 0;
}

static int load_identity(signal_buffer **public, signal_buffer **private, void *user) {
    struct device *device = user;
    *public = signal_buffer_copy(device->identity_public);
    *private = signal_buffer_copy(device->identity_private);
    return 0;
}

static int load_number(void *user, uint32_t *number) {
    *number = ((struct device *)user)->number;
    return 0;
}

static int save_identity(const signal_protocol_address *address, uint8_t *key, size_t length, void *user) {
    (void)address, (void)key, (void)length, (void)user;
    return 0;
}

static int trust(const signal_protocol_address *address, uint8_t *key, size_t length, void *user) {
    (void)address, (void)key, (void)length, (void)user;
    return 1;
}

static struct device *device_new(uint32_t number, const char *peer, int32_t peer_number) {
    struct device *device = calloc(1, sizeof *device);
    signal_protocol_key_helper_pre_key_list_node *list = NULL;
    device->number = number;
    device->peer = (signal_protocol_address){peer, strlen(peer), peer_number};
    check(signal_protocol_key_helper_generate_identity_key_pair(&device->identity, context), "identity");
    check(signal_protocol_key_helper_generate_signed_pre_key(&device->signed_prekey, device->identity, 1, 0, context), "signed pre-key");
    check(signal_protocol_key_helper_generate_pre_keys(&list, 1, 1, context), "pre-keys");
    device->prekey = signal_protocol_key_helper_key_list_element(list);
    check(ec_public_key_serialize(&device->identity_public, ratchet_identity_key_pair_get_public(device->identity)), "public");
    check(ec_private_key_serialize(&device->identity_private, ratchet_identity_key_pair_get_private(device->identity)), "private");
    check(session_pre_key_serialize(&device->prekey_record, device->prekey), "pre-key record");
    check(session_signed_pre_key_serialize(&device->signed_record, device->signed_prekey), "signed pre-key record");

    check(signal_protocol_store_context_create(&device->store, context), "store");
    signal_protocol_session_store sessions = {.load_session_func = load_session, .store_session_func = store_session,
                                              .contains_session_func = has_session, .user_data = device};
    check(signal_protocol_store_context_set_session_store(device->store, &sessions), "sessions");
    signal_protocol_pre_key_store prekeys = {load_prekey, keep_key, has_key, remove_key, NULL, device};
    check(signal_protocol_store_context_set_pre_key_store(device->store, &prekeys), "pre-keys");
    signal_protocol_signed_pre_key_store signed_prekeys = {load_signed, keep_key, has_key, remove_key, NULL, device};
    check(signal_protocol_store_context_set_signed_pre_key_store(device->store, &signed_prekeys), "signed pre-keys");
    signal_protocol_identity_key_store identities = {load_identity, load_number, save_identity, trust, NULL, device};
    check(signal_protocol_store_context_set_identity_key_store(device->store, &identities), "identities");
    return device;
}

static void initiate(struct device *device, struct device *peer) {
    session_pre_key_bundle *bundle = NULL;
    session_builder *builder = NULL;
    const uint8_t *signature = session_signed_pre_key_get_signature(peer->signed_prekey);
#ifdef OMEMO_C
    if (omemo2) signature = session_signed_pre_key_get_signature_omemo(peer->signed_prekey);
#endif
    check(session_pre_key_bundle_create(&bundle, peer->number, (int)peer->number, session_pre_key_get_id(peer->prekey),
                                        ec_key_pair_get_public(session_pre_key_get_key_pair(peer->prekey)), 1,
                                        ec_key_pair_get_public(session_signed_pre_key_get_key_pair(peer->signed_prekey)), signature,
                                        64, ratchet_identity_key_pair_get_public(peer->identity)),
          "bundle");
    check(session_builder_create(&builder, device->store, &device->peer, context), "builder");
#ifdef OMEMO_C
    if (omemo2) session_builder_set_version(builder, 4);
#endif
    check(session_builder_process_pre_key_bundle(builder, bundle), "a session");
    session_builder_free(builder);
    SIGNAL_UNREF(bundle);
}

static session_cipher *cipher_of(struct device *device) {
    session_cipher *cipher = NULL;
    check(session_cipher_create(&cipher, device->store, &device->peer, context), "cipher");
#ifdef OMEMO_C
    if (omemo2) session_cipher_set_version(cipher, 4);
#endif
    return cipher;
}

static void encrypt_to(struct device *device, struct message *out) {
    session_cipher *cipher = cipher_of(device);
    ciphertext_message *message = NULL;
    check(session_cipher_encrypt(cipher, keys, sizeof keys, &message), "encrypt");
    signal_buffer *bytes = ciphertext_message_get_serialized(message);
    out->length = signal_buffer_len(bytes);
    if (out->length > sizeof out->bytes) exit(1);
    memcpy(out->bytes, signal_buffer_data(bytes), out->length);
    out->exchange = ciphertext_message_get_type(message) == CIPHERTEXT_PREKEY_TYPE;
    SIGNAL_UNREF(message);
    session_cipher_free(cipher);
}

static void decrypt_at(struct device *device, const struct message *in) {
    session_cipher *cipher = cipher_of(device);
    signal_buffer *plaintext = NULL;
    if (in->exchange) {
        pre_key_signal_message *message = NULL;
#ifdef OMEMO_C
        check(omemo2 ? pre_key_signal_message_deserialize_omemo(&message, in->bytes, in->length, device->peer.device_id, context)
                     : pre_key_signal_message_deserialize(&message, in->bytes, in->length, context),
              "a key exchange");
#else
        check(pre_key_signal_message_deserialize(&message, in->bytes, in->length, context), "a key exchange");
#endif
        check(session_cipher_decrypt_pre_key_signal_message(cipher, message, NULL, &plaintext), "decrypt");
        SIGNAL_UNREF(message);
    } else {
        signal_message *message = NULL;
#ifdef OMEMO_C
        check(omemo2 ? signal_message_deserialize_omemo(&message, in->bytes, in->length, context)
                     : signal_message_deserialize(&message, in->bytes, in->length, context),
              "a message");
#else
        check(signal_message_deserialize(&message, in->bytes, in->length, context), "a message");
#endif
        check(session_cipher_decrypt_signal_message(cipher, message, NULL, &plaintext), "decrypt");
        SIGNAL_UNREF(message);
    }
    if (signal_buffer_len(plaintext) != sizeof keys) exit(1);
    signal_buffer_bzero_free(plaintext);
    session_cipher_free(cipher);
}

/* Measures. */

static struct device *alice, *bob, saved;
static struct message message, scratch;

static void keep(struct device *device) { memcpy(saved.session, device->session, saved.session_length = device->session_length); }

static void back(struct device *device) { memcpy(device->session, saved.session, device->session_length = saved.session_length); }

static void encrypt_alice(void) { encrypt_to(alice, &scratch); }
static void decrypt_bob(void) { decrypt_at(bob, &message); }
static void decrypt_alice(void) { decrypt_at(alice, &message); }
static void initiate_alice(void) { initiate(alice, bob); }

static void thousand(void) {
    for (int turn = 0; turn < 1000 / (2 * TURNS_OF); turn++) {
        for (int nth = 0; nth < TURNS_OF; nth++) encrypt_to(alice, &scratch), decrypt_at(bob, &scratch);
        for (int nth = 0; nth < TURNS_OF; nth++) encrypt_to(bob, &scratch), decrypt_at(alice, &scratch);
    }
}

static int by_size(const void *one, const void *other) {
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* The median of so many, each from the same state of one device. */
static void measure(const char *name, struct device *device, void (*what)(void), int times) {
    double *each = calloc((size_t)times, sizeof *each);
    keep(device);
    for (int nth = -times / 10; nth < times; nth++) {
        struct timespec begin, end;
        back(device);
        clock_gettime(CLOCK_MONOTONIC, &begin);
        what();
        clock_gettime(CLOCK_MONOTONIC, &end);
        if (nth >= 0) each[nth] = (double)(end.tv_sec - begin.tv_sec) * 1e6 + (double)(end.tv_nsec - begin.tv_nsec) / 1e3;
    }
    back(device);
    qsort(each, (size_t)times, sizeof *each, by_size);
    printf("%-42s %12.2f µs\n", name, each[times / 2]);
    free(each);
}

int main(int count, char **words) {
    omemo2 = count > 1 && !strcmp(words[1], "omemo2");
    signal_crypto_provider provider = {fill,      hmac_begin, hmac_more, hmac_end, hmac_drop, hash_begin,
                                       hash_more, hash_end,   hash_drop, seal,     unseal,    NULL};
    check(signal_context_create(&context, NULL), "context");
    check(signal_context_set_crypto_provider(context, &provider), "ciphers");
    alice = device_new(1, "bob", 2);
    bob = device_new(2, "alice", 1);

    measure("set-up, initiator with bundle", alice, initiate_alice, 500);
    initiate(alice, bob);
    encrypt_to(alice, &message);
    measure("set-up, responder with first message", bob, decrypt_bob, 500);
    decrypt_at(bob, &message);
    encrypt_to(bob, &message);
    decrypt_at(alice, &message);

    measure("encrypt", alice, encrypt_alice, 2000);
    encrypt_to(alice, &message);
    decrypt_at(bob, &message);
    encrypt_to(alice, &message);
    measure("decrypt, same chain", bob, decrypt_bob, 2000);
    encrypt_to(bob, &message);
    measure("decrypt, ratchet turns", alice, decrypt_alice, 1000);
    decrypt_at(alice, &message);
    measure("encrypt, ratchet turns", alice, encrypt_alice, 2000);
    encrypt_to(alice, &message);
    decrypt_at(bob, &message);
    for (int nth = 0; nth < 3; nth++) {
        struct timespec begin, end;
        clock_gettime(CLOCK_MONOTONIC, &begin);
        thousand();
        clock_gettime(CLOCK_MONOTONIC, &end);
        double passed = (double)(end.tv_sec - begin.tv_sec) * 1e3 + (double)(end.tv_nsec - begin.tv_nsec) / 1e6;
        if (nth == 2) printf("%-42s %12.2f ms\n", "1,000 messages, turns of five", passed);
    }
    return 0;
}
