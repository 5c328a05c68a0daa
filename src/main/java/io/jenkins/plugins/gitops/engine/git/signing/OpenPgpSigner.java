package io.jenkins.plugins.gitops.engine.git.signing;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPDigestCalculatorProviderBuilder;

/**
 * Signs commits as {@code git} does with {@code gpg.format=openpgp}: a detached, armoured signature of the commit's
 * bytes. RSA, ECDSA and Ed25519 keys and their subkeys; {@code git verify-commit}, GitHub and GitLab know it.
 */
public final class OpenPgpSigner implements CommitSigner {

    private final PGPPublicKeyRing ring;
    private final PGPPublicKey publicKey;
    private final PGPPrivateKey privateKey;
    private final InstantSource clock;

    /**
     * @param privateKey what {@code gpg --armor --export-secret-keys} prints; of several keys the first
     * @param passphrase null when there is none
     * @param clock dates signatures
     * @throws RepositoryException if the key cannot be read or cannot sign
     */
    public OpenPgpSigner(String privateKey, @Nullable String passphrase, InstantSource clock) {
        PGPSecretKeyRing secrets = ring(privateKey);
        PGPSecretKey key = choose(secrets, clock.instant());
        this.ring = secrets.toCertificate();
        this.publicKey = key.getPublicKey();
        this.privateKey = open(key, passphrase);
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

    @Override
    public String publicKey() {
        try {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            try (ArmoredOutputStream armour =
                    ArmoredOutputStream.builder().clearHeaders().build(text)) {
                ring.encode(armour);
            }
            return text.toString(StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new RepositoryException("The public part of the OpenPGP key cannot be written", e);
        }
    }

    private PGPSignature signature(byte[] commit) throws PGPException {
        int algorithm = publicKey.getAlgorithm();
        PGPSignatureGenerator generator = new PGPSignatureGenerator(
                new BcPGPContentSignerBuilder(algorithm, HashAlgorithmTags.SHA512), publicKey);
        generator.init(PGPSignature.BINARY_DOCUMENT, privateKey);
        PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
        hashed.setSignatureCreationTime(true, Date.from(clock.instant()));
        hashed.setIssuerFingerprint(false, publicKey);
        generator.setHashedSubpackets(hashed.generate());
        PGPSignatureSubpacketGenerator unhashed = new PGPSignatureSubpacketGenerator();
        unhashed.setIssuerKeyID(false, publicKey.getKeyID());
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

    /**
     * Chooses as {@code gpg} does: the newest key that may sign, subkeys before the primary key, and neither revoked,
     * expired nor kept elsewhere (a primary key exported with its subkeys alone, or one on a card).
     *
     * @throws RepositoryException if no key of it can sign
     */
    private static PGPSecretKey choose(PGPSecretKeyRing ring, Instant now) {
        return keys(ring.getSecretKeys())
                .filter(candidate -> signs(candidate, now))
                .max(Comparator.<PGPSecretKey, Boolean>comparing(candidate -> !candidate.isMasterKey())
                        .thenComparing(candidate -> candidate.getPublicKey().getCreationTime()))
                .orElseThrow(() -> new RepositoryException("The OpenPGP key " + shown(ring.getSecretKey())
                        + " has no signing key that is neither expired nor revoked; export a key that has one"));
    }

    private static PGPPrivateKey open(PGPSecretKey key, @Nullable String passphrase) {
        char[] secret = passphrase == null ? new char[0] : passphrase.toCharArray();
        try {
            // A passphrase is hashed over and over: Java's own digests are much faster at it.
            return key.extractPrivateKey(
                    new BcPBESecretKeyDecryptorBuilder(new JcaPGPDigestCalculatorProviderBuilder().build())
                            .build(secret));
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
    static boolean mayKeySign(PGPPublicKey key) {
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
