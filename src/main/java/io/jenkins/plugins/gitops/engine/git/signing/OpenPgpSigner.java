package io.jenkins.plugins.gitops.engine.git.signing;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Date;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;

/**
 * Signs commits as {@code git} does with {@code gpg.format=openpgp}: a detached, armoured signature of the commit's
 * bytes. RSA, ECDSA and Ed25519 keys and their subkeys; {@code git verify-commit}, GitHub and GitLab know it.
 */
public final class OpenPgpSigner implements CommitSigner {

    private final OpenPgpKey key;
    private final InstantSource clock;

    /**
     * @param privateKey what {@code gpg --armor --export-secret-keys} prints; of several keys the first
     * @param passphrase null when there is none
     * @param clock dates signatures
     * @throws RepositoryException if the key cannot be read or cannot sign
     */
    public OpenPgpSigner(String privateKey, @Nullable String passphrase, InstantSource clock) {
        this.key = OpenPgpKey.read(privateKey, passphrase, clock.instant());
        this.clock = clock;
    }

    @Override
    public String sign(byte[] commit) {
        try {
            return armour(signature(commit));
        } catch (PGPException | IOException e) {
            throw new RepositoryException(
                    "The commit cannot be signed with the OpenPGP key; use an RSA, ECDSA or Ed25519 key", e);
        }
    }

    private PGPSignature signature(byte[] commit) throws PGPException {
        int algorithm = key.publicKey().getAlgorithm();
        PGPSignatureGenerator generator = new PGPSignatureGenerator(
                new BcPGPContentSignerBuilder(algorithm, HashAlgorithmTags.SHA512), key.publicKey());
        generator.init(PGPSignature.BINARY_DOCUMENT, key.privateKey());
        PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
        hashed.setSignatureCreationTime(true, Date.from(clock.instant()));
        hashed.setIssuerFingerprint(false, key.publicKey());
        generator.setHashedSubpackets(hashed.generate());
        PGPSignatureSubpacketGenerator unhashed = new PGPSignatureSubpacketGenerator();
        unhashed.setIssuerKeyID(false, key.publicKey().getKeyID());
        generator.setUnhashedSubpackets(unhashed.generate());
        generator.update(commit);
        return generator.generate();
    }

    private static String armour(PGPSignature signature) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (ArmoredOutputStream armour =
                ArmoredOutputStream.builder().clearHeaders().build(text)) {
            signature.encode(armour);
        }
        return text.toString(StandardCharsets.US_ASCII).replace("\r", "").strip();
    }
}
