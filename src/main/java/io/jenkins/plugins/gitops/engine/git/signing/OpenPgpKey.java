package io.jenkins.plugins.gitops.engine.git.signing;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPDigestCalculatorProviderBuilder;

/** The key of an exported key ring that signs. */
record OpenPgpKey(PGPPublicKey publicKey, PGPPrivateKey privateKey) {

    /**
     * Chooses as {@code gpg} does: the newest key that may sign, subkeys before the primary key, and neither revoked,
     * expired nor kept elsewhere (a primary key exported with its subkeys alone, or one on a card).
     *
     * @param text what {@code gpg --armor --export-secret-keys} prints
     * @param passphrase null when there is none
     * @throws RepositoryException if no key of it can sign or the passphrase is wrong
     */
    static OpenPgpKey read(String text, @Nullable String passphrase, Instant now) {
        PGPSecretKeyRing ring = ring(text);
        PGPSecretKey key = keys(ring.getSecretKeys())
                .filter(candidate -> signs(candidate, now))
                .max(Comparator.<PGPSecretKey, Boolean>comparing(candidate -> !candidate.isMasterKey())
                        .thenComparing(candidate -> candidate.getPublicKey().getCreationTime()))
                .orElseThrow(() -> new RepositoryException("The OpenPGP key " + shown(ring.getSecretKey())
                        + " holds no secret key for signing that is neither expired nor revoked;"
                        + " export one that does"));
        char[] secret = passphrase == null ? new char[0] : passphrase.toCharArray();
        try {
            // A passphrase is hashed over and over: Java's own digests are much faster at it.
            PGPPrivateKey opened = key.extractPrivateKey(
                    new BcPBESecretKeyDecryptorBuilder(new JcaPGPDigestCalculatorProviderBuilder().build())
                            .build(secret));
            return new OpenPgpKey(key.getPublicKey(), opened);
        } catch (PGPException e) {
            throw new RepositoryException(
                    "The OpenPGP key " + shown(key) + " cannot be opened; give the passphrase it is protected with", e);
        }
    }

    private static PGPSecretKeyRing ring(String text) {
        byte[] bytes = (text.strip() + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Iterator<PGPSecretKeyRing> rings = new PGPSecretKeyRingCollection(
                            PGPUtil.getDecoderStream(new ByteArrayInputStream(bytes)), new BcKeyFingerprintCalculator())
                    .iterator();
            if (rings.hasNext()) {
                return rings.next();
            }
        } catch (IOException | PGPException | RuntimeException e) {
            throw unreadable(e);
        }
        throw unreadable(null);
    }

    private static RepositoryException unreadable(@Nullable Exception e) {
        return new RepositoryException(
                "The OpenPGP private key cannot be read; give what gpg --armor --export-secret-keys prints", e);
    }

    private static boolean signs(PGPSecretKey key, Instant now) {
        PGPPublicKey known = key.getPublicKey();
        long seconds = known.getValidSeconds();
        boolean expired = seconds > 0
                && known.getCreationTime().toInstant().plusSeconds(seconds).isBefore(now);
        return key.isSigningKey()
                && !key.isPrivateKeyEmpty()
                && !known.hasRevocation()
                && !expired
                && mayKeySign(known);
    }

    /** RFC 9580, 5.2.3.29: what its owner lets it do; a key without flags may do whatever it can. */
    private static boolean mayKeySign(PGPPublicKey key) {
        List<Integer> flags = new ArrayList<>();
        key.getSignatures().forEachRemaining(signature -> {
            PGPSignatureSubpacketVector hashed = signature.getHashedSubPackets();
            boolean own = key.isMasterKey()
                    ? signature.isCertification() && signature.getKeyID() == key.getKeyID()
                    : signature.getSignatureType() == PGPSignature.SUBKEY_BINDING;
            if (own && hashed != null && hashed.getKeyFlags() != 0) {
                flags.add(hashed.getKeyFlags());
            }
        });
        return flags.isEmpty() || flags.stream().anyMatch(flag -> (flag & KeyFlags.SIGN_DATA) != 0);
    }

    private static Stream<PGPSecretKey> keys(Iterator<PGPSecretKey> keys) {
        return StreamSupport.stream(((Iterable<PGPSecretKey>) () -> keys).spliterator(), false);
    }

    private static String shown(PGPSecretKey key) {
        return String.format(Locale.ROOT, "%016X", key.getKeyID());
    }
}
