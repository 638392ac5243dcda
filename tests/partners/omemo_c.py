#!/usr/bin/env python3
"""Conversations between the locksmith and the C libraries of other clients, both ways, in both versions of OMEMO.

    omemo_c.py PROGRAM [--sessions 30] [--with "libomemo-c omemo2"]
    omemo_c.py --time

PROGRAM is the example `partner` of crates/omemo. Messages are lost, reordered, repeated and changed on the way. It ends with 1 if one
that should be read was not, if a repeated one was read twice, if a changed one was read, or if nothing of the kind came to pass.

With --time it compiles omemo_c_time.c and prints what the libraries cost. README.md here says what each needs.
"""

import argparse
import ctypes as c
import hashlib
import hmac
import json
import os
import random
import subprocess
import sys
import tempfile

BUFFER = c.c_void_p
LEGACY, OMEMO2 = "legacy", "omemo2"
PARTNERS = {
    f"libomemo-c {LEGACY}": ("libomemo-c.so.0", LEGACY),
    f"libomemo-c {OMEMO2}": ("libomemo-c.so.0", OMEMO2),
    f"libsignal-protocol-c {LEGACY}": ("libsignal-protocol-c.so.2.3.2", LEGACY),
}
CRYPTO = c.CDLL("libcrypto.so.3")
for name in ["EVP_CIPHER_CTX_new", "EVP_aes_128_cbc", "EVP_aes_192_cbc", "EVP_aes_256_cbc"]:
    getattr(CRYPTO, name).restype = c.c_void_p


class Address(c.Structure):
    _fields_ = [("name", c.c_char_p), ("name_len", c.c_size_t), ("device_id", c.c_int32)]


def aes_cbc(key, iv, data, encrypt):
    """AES-CBC with PKCS#7, or None when the padding is wrong."""
    context = c.c_void_p(CRYPTO.EVP_CIPHER_CTX_new())
    cipher = c.c_void_p(getattr(CRYPTO, f"EVP_aes_{len(key) * 8}_cbc")())
    out, first, last = c.create_string_buffer(len(data) + 32), c.c_int(), c.c_int()
    CRYPTO.EVP_CipherInit_ex(context, cipher, None, key, iv, c.c_int(encrypt))
    CRYPTO.EVP_CipherUpdate(context, out, c.byref(first), data, c.c_int(len(data)))
    good = CRYPTO.EVP_CipherFinal_ex(context, c.byref(out, first.value), c.byref(last))
    CRYPTO.EVP_CIPHER_CTX_free(context)
    return out.raw[: first.value + last.value] if good else None


class Library:
    """A C library of the libsignal lineage, with what it wants from its caller."""

    def __init__(self, file):
        self.lib = c.CDLL(file)
        for name in ["signal_buffer_create", "signal_buffer_data", "session_pre_key_get_key_pair", "ec_key_pair_get_public",
                     "ec_key_pair_get_private", "session_signed_pre_key_get_key_pair", "session_signed_pre_key_get_signature",
                     "session_signed_pre_key_get_signature_omemo", "ratchet_identity_key_pair_get_public",
                     "ratchet_identity_key_pair_get_private", "ciphertext_message_get_serialized",
                     "ec_public_key_get_ed", "signal_protocol_key_helper_key_list_element",
                     "signal_protocol_key_helper_key_list_next"]:
            if hasattr(self.lib, name):
                getattr(self.lib, name).restype = c.c_void_p
        self.lib.signal_buffer_len.restype = c.c_size_t
        self.contexts, self.counter, self.kept = {}, 0, []
        self.context = c.c_void_p()
        self.check(self.lib.signal_context_create(c.byref(self.context), None))
        self.check(self.lib.signal_context_set_crypto_provider(self.context, self.provider()))

    def check(self, code):
        if code < 0:
            raise OSError(f"the library says {code}")
        return code

    def callback(self, function, *types):
        wrapped = c.CFUNCTYPE(*types)(function)
        self.kept.append(wrapped)
        return c.cast(wrapped, c.c_void_p)

    def table(self, *callbacks):
        table = (c.c_void_p * len(callbacks))(*callbacks)
        self.kept.append(table)
        return table

    def buffer(self, data):
        return self.lib.signal_buffer_create(data, c.c_size_t(len(data)))

    def bytes(self, buffer):
        buffer = c.c_void_p(buffer) if isinstance(buffer, int) else buffer
        return c.string_at(self.lib.signal_buffer_data(buffer), self.lib.signal_buffer_len(buffer))

    def provider(self):
        out, size, pointer = c.POINTER(c.c_void_p), c.c_size_t, c.c_void_p

        def fill(data, length, _):
            c.memmove(data, os.urandom(length), length)
            return 0

        def start(make):
            def function(context, *rest):
                self.counter += 1
                self.contexts[self.counter] = make(*rest)
                context[0] = self.counter
                return 0
            return function

        def update(context, data, length, _):
            self.contexts[context].update(c.string_at(data, length))
            return 0

        def final(context, output, _):
            output[0] = self.buffer(self.contexts[context].digest())
            return 0

        def new_sha512(_):
            return hashlib.sha512()

        def final_sha512(context, output, _):
            output[0] = self.buffer(self.contexts[context].digest())
            self.contexts[context] = hashlib.sha512()
            return 0

        def cleanup(context, _):
            self.contexts.pop(context, None)

        def cipher(encrypt):
            def function(output, mode, key, key_length, iv, iv_length, data, length, _):
                assert mode == 2, "AES-CBC is all that these versions use"
                result = aes_cbc(c.string_at(key, key_length), c.string_at(iv, iv_length), c.string_at(data, length), encrypt)
                if result is None:
                    return -1000
                output[0] = self.buffer(result)
                return 0
            return function

        new_hmac = start(lambda key, length, _: hmac.new(c.string_at(key, length), digestmod=hashlib.sha256))
        cipher_types = (c.c_int, out, c.c_int, pointer, size, pointer, size, pointer, size, pointer)
        return self.table(
            self.callback(fill, c.c_int, pointer, size, pointer),
            self.callback(new_hmac, c.c_int, out, pointer, size, pointer),
            self.callback(update, c.c_int, pointer, pointer, size, pointer),
            self.callback(final, c.c_int, pointer, out, pointer),
            self.callback(cleanup, None, pointer, pointer),
            self.callback(start(new_sha512), c.c_int, out, pointer),
            self.callback(update, c.c_int, pointer, pointer, size, pointer),
            self.callback(final_sha512, c.c_int, pointer, out, pointer),
            self.callback(cleanup, None, pointer, pointer),
            self.callback(cipher(1), *cipher_types),
            self.callback(cipher(0), *cipher_types),
            None,
        )


class Theirs:
    """A device that is driven by the C library."""

    def __init__(self, library, version, device):
        self.library, self.lib, self.version, self.device = library, library.lib, version, device
        self.sessions, self.prekeys, self.signed = {}, {}, {}
        self.store = c.c_void_p()
        library.check(self.lib.signal_protocol_store_context_create(c.byref(self.store), library.context))
        self.make_keys()
        self.set_stores()
        self.address = Address(b"ours", 4, 1)

    def make_keys(self):
        library, lib = self.library, self.lib
        identity = c.c_void_p()
        library.check(lib.signal_protocol_key_helper_generate_identity_key_pair(c.byref(identity), library.context))
        self.identity_public = c.c_void_p(lib.ratchet_identity_key_pair_get_public(identity))
        private, public = BUFFER(), BUFFER()
        library.check(lib.ec_public_key_serialize(c.byref(public), self.identity_public))
        secret = c.c_void_p(lib.ratchet_identity_key_pair_get_private(identity))
        library.check(lib.ec_private_key_serialize(c.byref(private), secret))
        self.identity_bytes = library.bytes(public), library.bytes(private)

        signed = c.c_void_p()
        library.check(lib.signal_protocol_key_helper_generate_signed_pre_key(
            c.byref(signed), identity, c.c_uint32(1), c.c_uint64(0), library.context))
        pair = c.c_void_p(lib.session_signed_pre_key_get_key_pair(signed))
        suffix = "_omemo" if self.version == OMEMO2 else ""
        signature = getattr(lib, f"session_signed_pre_key_get_signature{suffix}")(signed)
        record = BUFFER()
        library.check(lib.session_signed_pre_key_serialize(c.byref(record), signed))
        self.signed[1] = library.bytes(record)
        bundle = {"ik": self.wire_identity(), "spk_id": 1, "spk": self.wire(pair), "sig": c.string_at(signature, 64).hex()}

        head = c.c_void_p()
        library.check(lib.signal_protocol_key_helper_generate_pre_keys(
            c.byref(head), c.c_uint(1), c.c_uint(100), library.context))
        bundle["prekeys"], node = [], head.value
        while node:
            prekey = c.c_void_p(lib.signal_protocol_key_helper_key_list_element(c.c_void_p(node)))
            number = lib.session_pre_key_get_id(prekey)
            record = BUFFER()
            library.check(lib.session_pre_key_serialize(c.byref(record), prekey))
            self.prekeys[number] = library.bytes(record)
            bundle["prekeys"].append([number, self.wire(c.c_void_p(lib.session_pre_key_get_key_pair(prekey)))])
            node = lib.signal_protocol_key_helper_key_list_next(c.c_void_p(node))
        self.published = bundle

    def bundle(self):
        left = [pair for pair in self.published["prekeys"] if pair[0] in self.prekeys]
        return {**self.published, "prekeys": left}

    def fingerprint(self):
        return self.identity_bytes[0][1:].hex()

    def wire_identity(self):
        if self.version == LEGACY:
            return self.identity_bytes[0].hex()
        return self.library.bytes(self.lib.ec_public_key_get_ed(self.identity_public)).hex()

    def wire(self, pair):
        out = BUFFER()
        self.library.check(self.lib.ec_public_key_serialize(c.byref(out), c.c_void_p(self.lib.ec_key_pair_get_public(pair))))
        data = self.library.bytes(out)
        return (data if self.version == LEGACY else data[1:]).hex()

    def set_stores(self):
        library, lib = self.library, self.lib
        out, size, pointer, number = c.POINTER(c.c_void_p), c.c_size_t, c.c_void_p, c.c_uint32

        def key(address):
            return (c.string_at(address.contents.name, address.contents.name_len), address.contents.device_id)

        def load_session(record, user, address, _):
            found = self.sessions.get(key(address))
            if found is None:
                return 0
            record[0] = library.buffer(found)
            return 1

        def store_session(address, record, length, user, user_length, _):
            self.sessions[key(address)] = c.string_at(record, length)
            return 0

        def has_session(address, _):
            return int(key(address) in self.sessions)

        def nothing(*_):
            return 0

        target = c.POINTER(Address)
        library.check(lib.signal_protocol_store_context_set_session_store(self.store, library.table(
            library.callback(load_session, c.c_int, out, out, target, pointer),
            library.callback(nothing, c.c_int, out, pointer, size, pointer),
            library.callback(store_session, c.c_int, target, pointer, size, pointer, size, pointer),
            library.callback(has_session, c.c_int, target, pointer),
            library.callback(nothing, c.c_int, target, pointer),
            library.callback(nothing, c.c_int, pointer, size, pointer),
            None, None)))

        def keys(store):
            def load(record, wanted, _):
                if wanted not in store:
                    return -1003
                record[0] = library.buffer(store[wanted])
                return 0

            def remove(wanted, _):
                store.pop(wanted, None)
                return 0

            return library.table(
                library.callback(load, c.c_int, out, number, pointer),
                library.callback(nothing, c.c_int, number, pointer, size, pointer),
                library.callback(lambda wanted, _: int(wanted in store), c.c_int, number, pointer),
                library.callback(remove, c.c_int, number, pointer),
                None, None)

        library.check(lib.signal_protocol_store_context_set_pre_key_store(self.store, keys(self.prekeys)))
        library.check(lib.signal_protocol_store_context_set_signed_pre_key_store(self.store, keys(self.signed)))

        def identity(public, private, _):
            public[0], private[0] = (library.buffer(data) for data in self.identity_bytes)
            return 0

        def registration(_, result):
            result[0] = self.device
            return 0

        library.check(lib.signal_protocol_store_context_set_identity_key_store(self.store, library.table(
            library.callback(identity, c.c_int, out, out, pointer),
            library.callback(registration, c.c_int, pointer, c.POINTER(number)),
            library.callback(nothing, c.c_int, target, pointer, size, pointer),
            library.callback(lambda *_: 1, c.c_int, target, pointer, size, pointer),
            None, None)))

    def key(self, data, kind):
        data, out = bytes.fromhex(data), c.c_void_p()
        decode = "curve_decode_point" if self.version == LEGACY else f"curve_decode_point_{kind}"
        self.library.check(getattr(self.lib, decode)(c.byref(out), data, c.c_size_t(len(data)), self.library.context))
        return out

    def initiate(self, bundle):
        prekey, builder, packed = random.choice(bundle["prekeys"]), c.c_void_p(), c.c_void_p()
        signature = bytes.fromhex(bundle["sig"])
        self.library.check(self.lib.session_pre_key_bundle_create(
            c.byref(packed), c.c_uint32(1), c.c_int(1), c.c_uint32(prekey[0]), self.key(prekey[1], "mont"),
            c.c_uint32(bundle["spk_id"]), self.key(bundle["spk"], "mont"), signature, c.c_size_t(64),
            self.key(bundle["ik"], "ed")))
        self.library.check(self.lib.session_builder_create(
            c.byref(builder), self.store, c.byref(self.address), self.library.context))
        if self.version == OMEMO2:
            self.lib.session_builder_set_version(builder, c.c_uint32(4))
        self.library.check(self.lib.session_builder_process_pre_key_bundle(builder, packed))

    def cipher(self):
        cipher = c.c_void_p()
        self.library.check(self.lib.session_cipher_create(
            c.byref(cipher), self.store, c.byref(self.address), self.library.context))
        if self.version == OMEMO2:
            self.lib.session_cipher_set_version(cipher, c.c_uint32(4))
        return cipher

    def encrypt(self, plaintext):
        cipher, message = self.cipher(), c.c_void_p()
        self.library.check(self.lib.session_cipher_encrypt(cipher, plaintext, c.c_size_t(len(plaintext)), c.byref(message)))
        data = self.library.bytes(self.lib.ciphertext_message_get_serialized(message))
        kex = self.lib.ciphertext_message_get_type(message) == 3
        self.lib.session_cipher_free(cipher)
        return data, kex

    def decrypt(self, data, kex):
        """The plaintext, or the number of the error."""
        cipher, message, plaintext = self.cipher(), c.c_void_p(), BUFFER()
        kind = "pre_key_signal_message" if kex else "signal_message"
        read = f"{kind}_deserialize" + ("_omemo" if self.version == OMEMO2 else "")
        rest = (c.c_uint32(1), self.library.context) if kex and self.version == OMEMO2 else (self.library.context,)
        code = getattr(self.lib, read)(c.byref(message), data, c.c_size_t(len(data)), *rest)
        if code >= 0:
            code = getattr(self.lib, f"session_cipher_decrypt_{kind}")(cipher, message, None, c.byref(plaintext))
        self.lib.session_cipher_free(cipher)
        return code if code < 0 else self.library.bytes(plaintext)


class Ours:
    """A device that is driven by crates/omemo."""

    def __init__(self, program, version, device, seed):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ask(do="new", seed=seed, device=device, version=version)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def initiate(self, bundle):
        answer = self.ask(do="initiate", peer="theirs", bundle=bundle)
        assert "refused" not in answer, answer

    def encrypt(self, plaintext):
        answer = self.ask(do="encrypt", peer="theirs", plaintext=plaintext.hex())
        return bytes.fromhex(answer["bytes"]), answer["kex"]

    def decrypt(self, data, kex):
        answer = self.ask(do="decrypt", peer="theirs", bytes=data.hex(), kex=kex)
        if answer.get("consumed") is not None:
            self.ask(do="consume", prekey=answer["consumed"])
        return answer["refused"] if "refused" in answer else bytes.fromhex(answer["plaintext"])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def varint(data, at):
    number = shift = 0
    while True:
        number |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return number, at


def message_in(data, kex, version):
    """Where in the bytes the message is that a MAC covers."""
    if not kex:
        return 0, len(data)
    at = 1 if version == LEGACY else 0
    while at < len(data):
        tag, at = varint(data, at)
        length, at = varint(data, at)
        if tag & 7 == 2:
            if tag >> 3 == (4 if version == LEGACY else 5):
                return at, at + length
            at += length
    raise ValueError("a key exchange without a message")


def tampered(data, kex, version):
    start, end = message_in(data, kex, version)
    at = random.randrange(start, end)
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1:]


def converse(library, program, version, seed, counts):
    """One session: a random schedule until all that was not lost has arrived."""
    random.seed(seed)
    ours, theirs = Ours(program, version, 1, seed), Theirs(library, version, 2)
    who_begins = seed % 3
    if who_begins != 1:
        ours.initiate(theirs.bundle())
    if who_begins != 0:
        theirs.initiate(ours.ask(do="bundle"))
    able = {"ours": who_begins != 1, "theirs": who_begins != 0}
    flying, read = [], []
    ends = {"ours": ours, "theirs": theirs}

    def write(end):
        plaintext = os.urandom(48 if version == OMEMO2 else 32)
        data, kex = ends[end].encrypt(plaintext)
        counts[f"{end} wrote"] += 1
        if random.random() < 0.05:
            counts["lost"] += 1
        else:
            flying.append(("theirs" if end == "ours" else "ours", data, kex, plaintext))

    def deliver():
        to, data, kex, plaintext = flying.pop(random.randrange(len(flying)) if random.random() < 0.5 else 0)
        if random.random() < 0.3:
            changed = tampered(data, kex, version)
            counts[f"changed to {to}"] += 1
            counts[f"changed read by {to}"] += isinstance(ends[to].decrypt(changed, kex), bytes)
        got = ends[to].decrypt(data, kex)
        counts[f"to {to}"] += 1
        if got != plaintext:
            counts[f"unread by {to}"] += 1
            print(f"  {version} seed {seed}: {to} could not read a message: {got}")
        able[to] = True
        read.append((to, data, kex))
        if random.random() < 0.3:
            to, data, kex = random.choice(read)
            counts[f"repeated to {to}"] += 1
            again = ends[to].decrypt(data, kex)
            counts[f"repeats read by {to}"] += isinstance(again, bytes)
            counts["repeats not called Duplicate"] += to == "ours" and again != "Duplicate"

    for _ in range(random.randrange(20, 80)):
        writers = [end for end in ends if able[end]]
        if random.random() < 0.55 or not flying:
            write(random.choice(writers))
        else:
            deliver()
    while flying:
        deliver()
    ours.close()


class Counts(dict):
    def __missing__(self, key):
        return 0


# What must not happen, and what must: otherwise nothing was tested.
WRONG = ["unread by ours", "unread by theirs", "repeats read by ours", "repeats not called Duplicate", "changed read by ours"]
NEEDED = ["to ours", "to theirs", "lost", "repeated to ours", "changed to ours"]


def talk(program, sessions, partners):
    """Whether all went as it must."""
    good = True
    for name in partners:
        file, version = PARTNERS[name]
        library, counts = Library(file), Counts()
        for seed in range(sessions):
            converse(library, program, version, seed, counts)
        print(f"{name}, {sessions} sessions: {json.dumps(counts, sort_keys=True)}")
        wrong = [what for what in WRONG if counts[what]] + [f"no message {what}" for what in NEEDED if not counts[what]]
        print(f"{name}: {', '.join(wrong)}" if wrong else f"{name}: nothing unread, no repeat and nothing changed was read")
        good = good and not wrong
    return good


def tell_times(partners):
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "omemo_c_time.c")
    with tempfile.TemporaryDirectory() as folder:
        for name in partners:
            library, version = name.split()
            program = os.path.join(folder, library)
            if not os.path.exists(program):
                define = ["-DOMEMO_C"] if library == "libomemo-c" else []
                libraries = ["-l" + library.removeprefix("lib"), "-lcrypto"]
                compiler = ["cc", "-O2", "-Wno-deprecated-declarations", *define, source, "-o", program, *libraries]
                subprocess.run(compiler, check=True)
            print(f"{name}:", flush=True)
            subprocess.run([program, version], check=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program", nargs="?", help="the example `partner` of crates/omemo")
    arguments.add_argument("--sessions", type=int, default=30, help="with each library and version")
    arguments.add_argument("--with", dest="partner", choices=PARTNERS, help="only this one")
    arguments.add_argument("--time", action="store_true", help="what they cost")
    wanted = arguments.parse_args()
    partners = [wanted.partner] if wanted.partner else list(PARTNERS)
    if wanted.time:
        tell_times(partners)
    elif wanted.program:
        sys.exit(0 if talk(wanted.program, wanted.sessions, partners) else 1)
    else:
        arguments.error("which program?")


main()
