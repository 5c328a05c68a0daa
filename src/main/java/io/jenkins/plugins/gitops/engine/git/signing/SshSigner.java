package io.jenkins.plugins.gitops.engine.git.signing;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.transport.SshKeys;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * Signs commits as {@code git} does with {@code gpg.format=ssh}: OpenSSH's PROTOCOL.sshsig, namespace {@code git}. RSA,
 * ECDSA and Ed25519 keys; GitHub, GitLab and {@code git verify-commit} know it.
 */
public final class SshSigner implements CommitSigner {

    static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
    static final String NAMESPACE = "git";
    private static final String HASH = "sha512";

    private final KeyPair key;

    /**
     * @param privateKey PEM or OpenSSH text
     * @param passphrase null when there is none
     * @throws RepositoryException if the key cannot be read
     */
    public SshSigner(String privateKey, @Nullable String passphrase) {
        this.key = SshKeys.parse(privateKey, passphrase);
    }

    @Override
    public String sign(byte[] commit) {
        try {
            return armour(signature(signedData(commit, HASH, "")));
        } catch (Exception e) {
            throw new RepositoryException(
                    "The commit cannot be signed with the SSH key; use an RSA, ECDSA or Ed25519 key", e);
        }
    }

    @Override
    public String publicKey() {
        return PublicKeyEntry.toString(key.getPublic());
    }

    /** What the key itself signs: PROTOCOL.sshsig, 3. */
    static byte[] signedData(byte[] commit, String hash, String reserved) throws NoSuchAlgorithmException {
        Buffer signed = new ByteArrayBuffer();
        signed.putRawBytes(MAGIC);
        signed.putString(NAMESPACE);
        signed.putString(reserved);
        signed.putString(hash);
        signed.putBytes(MessageDigest.getInstance(hash.equals("sha256") ? "SHA-256" : "SHA-512")
                .digest(commit));
        return signed.getCompactData();
    }

    @SuppressWarnings("PMD.SignatureDeclareThrowsException") // the signature's own contract
    private byte[] signature(byte[] content) throws Exception {
        String keyType = KeyUtils.getKeyType(key);
        // PROTOCOL.sshsig, 2: RSA keys sign with SHA-2 only.
        String algorithm = keyType.equals("ssh-rsa") ? "rsa-sha2-512" : keyType;
        Signature signer = BuiltinSignatures.fromFactoryName(algorithm).create();
        signer.initSigner(null, key.getPrivate());
        signer.update(null, content);
        Buffer signature = new ByteArrayBuffer();
        signature.putString(algorithm);
        signature.putBytes(signer.sign(null));
        Buffer publicKey = new ByteArrayBuffer();
        publicKey.putRawPublicKey(key.getPublic());
        Buffer blob = new ByteArrayBuffer();
        blob.putRawBytes(MAGIC);
        blob.putUInt(1);
        blob.putBytes(publicKey.getCompactData());
        blob.putString(NAMESPACE);
        blob.putString("");
        blob.putString(HASH);
        blob.putBytes(signature.getCompactData());
        return blob.getCompactData();
    }

    private static String armour(byte[] blob) {
        String text = Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(blob);
        return "-----BEGIN SSH SIGNATURE-----\n" + text + "\n-----END SSH SIGNATURE-----";
    }
}
