package io.jenkins.plugins.gitops.playground.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The token against cross-site requests: only a page of this server knows it. Named as Jenkins names it. */
public final class Crumb {

    /** The header it travels in. */
    public static final String HEADER = "Jenkins-Crumb";

    private final String value;

    Crumb() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        value = HexFormat.of().formatHex(random);
    }

    @NonNull
    public String value() {
        return value;
    }

    boolean isIn(PageRequest request) {
        byte[] given = request.header(HEADER).orElse("").getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(given, value.getBytes(StandardCharsets.UTF_8));
    }
}
