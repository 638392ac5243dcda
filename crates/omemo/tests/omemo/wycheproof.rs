//! AES-GCM against Project Wycheproof. (X25519 and Ed25519 are behind no public door: see `src/curve.rs`, `src/xeddsa.rs`.)

use causerie_omemo::{FileKey, Vault, payload};

use crate::seeded::{hex, to_hex};

#[test]
fn aes_gcm() {
    let (mut vaults, mut files, mut payloads) = (0, 0, 0);
    for line in
        include_str!("../vectors/wycheproof/aes_gcm.txt").lines().filter(|line| !line.starts_with('#'))
    {
        let columns: Vec<&str> = line.split(' ').collect();
        let [id, result, key, iv, aad, plaintext, ciphertext, tag] = columns[..] else { panic!("{line}") };
        let expected = (result == "valid").then(|| hex(plaintext));
        let (aad, ciphertext, tag) = (hex(aad), hex(ciphertext), hex(tag));
        if key.len() == 64 && iv.len() == 24 {
            let vault = Vault::from_key(&hex(key).try_into().unwrap());
            let sealed = [vec![1], hex(iv), ciphertext.clone(), tag.clone()].concat();
            let opened = vault.open(&aad, &sealed).ok().map(|value| value.to_vec());
            assert_eq!(opened, expected, "vault {id}");
            vaults += 1;
        }
        if key.len() == 64 && aad.is_empty() {
            let file_key = FileKey::from_fragment(&format!("{iv}{key}")).unwrap();
            let mut file = [ciphertext.clone(), tag.clone()].concat();
            let before = file.clone();
            let opened = file_key.decrypt(&mut file).ok().map(|()| file.clone());
            assert_eq!(opened, expected, "file {id}");
            if let Some(mut file) = opened {
                file_key.encrypt(&mut file);
                assert_eq!(to_hex(&file), to_hex(&before));
            } else {
                assert_eq!(file, before, "a refused file stays as it was");
            }
            files += 1;
        }
        if key.len() == 32 && aad.is_empty() {
            let keys = [hex(key), tag].concat();
            let opened = payload::decrypt_legacy(&keys, &hex(iv), &ciphertext).ok().map(|body| body.to_vec());
            assert_eq!(opened, expected, "payload {id}");
            payloads += 1;
        }
    }
    assert!(vaults > 50 && files > 20 && payloads > 20, "{vaults} {files} {payloads}");
}
