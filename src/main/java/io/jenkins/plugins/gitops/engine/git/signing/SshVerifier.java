package io.jenkins.plugins.gitops.engine.git.signing;

import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** Verifies what {@link SshSigner} and {@code ssh-keygen -Y sign} sign (OpenSSH's PROTOCOL.sshsig). */
final class SshVerifier {

    private static final Set<String> HASHES = Set.of("sha256", "sha512");

    /** PROTOCOL.sshsig, 2: RSA keys sign with SHA-2 only. */
    private static final Set<String> RSA = Set.of("rsa-sha2-256", "rsa-sha2-512");

    /** Public keys, as Base64 of their form in SSH. */
    private final Set<String> trusted;

    private SshVerifier(Set<String> trusted) {
        this.trusted = Set.copyOf(trusted);
    }

    /** @throws RepositoryException if a line is no public key */
    static SshVerifier of(List<String> lines) {
        return new SshVerifier(lines.stream().map(SshVerifier::key).collect(Collectors.toSet()));
    }

    private static String key(String line) {
        String[] words = line.split("\\s+", 3);
        try {
            byte[] blob = Base64.getDecoder().decode(words[words.length > 1 ? 1 : 0]);
            if (new ByteArrayBuffer(blob).getString().equals(words[0])) {
                new ByteArrayBuffer(blob).getRawPublicKey();
                return Base64.getEncoder().encodeToString(blob);
            }
        } catch (Exception e) {
            throw unreadable(line, e);
        }
        throw unreadable(line, new IllegalArgumentException("no such type of key"));
    }

    private static RepositoryException unreadable(String line, Exception e) {
        String shown = line.length() > 40 ? line.substring(0, 40) + "…" : line;
        return new RepositoryException(
                "\"" + shown
                        + "\" of the trusted signers is not a public key; write lines such as 'ssh-ed25519 AAAA… name' or"
                        + " what gpg --armor --export prints",
                e);
    }

    boolean isValid(byte[] content, String armoured) {
        try {
            String base64 =
                    armoured.lines().filter(line -> !line.startsWith("-----")).collect(Collectors.joining());
            return isValid(content, new ByteArrayBuffer(Base64.getDecoder().decode(base64)));
        } catch (Exception notReadable) {
            return false;
        }
    }

    @SuppressWarnings("PMD.SignatureDeclareThrowsException") // the signature's own contract
    private boolean isValid(byte[] content, Buffer blob) throws Exception {
        byte[] magic = new byte[SshSigner.MAGIC.length];
        blob.getRawBytes(magic);
        boolean known = Arrays.equals(magic, SshSigner.MAGIC) && blob.getUInt() == 1;
        byte[] publicKey = blob.getBytes();
        String namespace = blob.getString();
        String reserved = blob.getString();
        String hash = blob.getString();
        Buffer signature = new ByteArrayBuffer(blob.getBytes());
        if (!known
                || !namespace.equals(SshSigner.NAMESPACE)
                || !HASHES.contains(hash)
                || !trusted.contains(Base64.getEncoder().encodeToString(publicKey))) {
            return false;
        }
        String keyType = new ByteArrayBuffer(publicKey).getString();
        String algorithm = signature.getString();
        if (keyType.equals("ssh-rsa") ? !RSA.contains(algorithm) : !algorithm.equals(keyType)) {
            return false;
        }
        Signature verifier = BuiltinSignatures.fromFactoryName(algorithm).create();
        verifier.initVerifier(null, new ByteArrayBuffer(publicKey).getRawPublicKey());
        verifier.update(null, SshSigner.signedData(content, hash, reserved));
        return verifier.verify(null, signature.getBytes());
    }
}
