package io.jenkins.plugins.gitops.engine.registry.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Content digests as manifests write them. */
final class Digests {

    private static final Pattern FORM = Pattern.compile("sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}");

    private Digests() {}

    static boolean isDigest(String text) {
        return FORM.matcher(text).matches();
    }

    static String sha256(byte[] content) {
        return "sha256:" + hash("SHA-256", content);
    }

    /** Whether the content has the digest, in the digest's own algorithm. */
    static boolean matches(String digest, byte[] content) {
        String algorithm = digest.startsWith("sha512:") ? "SHA-512" : "SHA-256";
        return digest.endsWith(":" + hash(algorithm, content));
    }

    private static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(algorithm + " is part of every Java platform", e);
        }
    }
}
