package io.jenkins.plugins.gitops.engine.git.signing;

import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/**
 * Verifies what {@link OpenPgpSigner} and {@code gpg} sign. A key that is revoked verifies nothing; one that has expired
 * verifies what it signed before.
 */
final class OpenPgpVerifier {

    private static final Set<Integer> HASHES =
            Set.of(HashAlgorithmTags.SHA256, HashAlgorithmTags.SHA384, HashAlgorithmTags.SHA512);

    private final Map<Long, Key> keys = new HashMap<>();

    /** @param primary what vouches for it; the same where it is a primary key itself */
    private record Key(PGPPublicKey key, PGPPublicKey primary) {

        boolean mayHaveSigned(Instant at) {
            return OpenPgpSigner.mayKeySign(key) && isValid(key, at) && isValid(primary, at);
        }

        private static boolean isValid(PGPPublicKey key, Instant at) {
            Instant created = key.getCreationTime().toInstant();
            long seconds = key.getValidSeconds();
            return !key.hasRevocation()
                    && !at.isBefore(created)
                    && (seconds == 0 || at.isBefore(created.plusSeconds(seconds)));
        }
    }

    private OpenPgpVerifier() {}

    /** @throws RepositoryException if one of the texts is no armoured public key */
    static OpenPgpVerifier of(List<String> armoured) {
        OpenPgpVerifier verifier = new OpenPgpVerifier();
        armoured.forEach(verifier::add);
        return verifier;
    }

    private void add(String armoured) {
        try {
            byte[] bytes = (armoured.strip() + "\n").getBytes(StandardCharsets.UTF_8);
            boolean some = false;
            for (PGPPublicKeyRing ring : new PGPPublicKeyRingCollection(
                    PGPUtil.getDecoderStream(new ByteArrayInputStream(bytes)), new BcKeyFingerprintCalculator())) {
                PGPPublicKey primary = ring.getPublicKey();
                ring.getPublicKeys().forEachRemaining(key -> keys.put(key.getKeyID(), new Key(key, primary)));
                some = true;
            }
            if (some) {
                return;
            }
        } catch (IOException | PGPException | RuntimeException e) {
            throw unreadable(e);
        }
        throw unreadable(new IOException("no key in it"));
    }

    private static RepositoryException unreadable(Exception e) {
        return new RepositoryException(
                "An OpenPGP public key of the trusted signers cannot be read; give what gpg --armor --export prints",
                e);
    }

    boolean isValid(byte[] content, String armoured) {
        try {
            byte[] bytes = armoured.getBytes(StandardCharsets.US_ASCII);
            Object first =
                    new BcPGPObjectFactory(PGPUtil.getDecoderStream(new ByteArrayInputStream(bytes))).nextObject();
            return first instanceof PGPSignatureList list && list.size() == 1 && isValid(content, list.get(0));
        } catch (IOException | PGPException | RuntimeException notReadable) {
            return false;
        }
    }

    private boolean isValid(byte[] content, PGPSignature signature) throws PGPException {
        Key key = keys.get(signature.getKeyID());
        if (key == null
                || signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT
                || !HASHES.contains(signature.getHashAlgorithm())
                || signature.getCreationTime() == null
                || !key.mayHaveSigned(signature.getCreationTime().toInstant())) {
            return false;
        }
        signature.init(new BcPGPContentVerifierBuilderProvider(), key.key());
        signature.update(content);
        return signature.verify();
    }
}
