package io.jenkins.plugins.gitops.engine.git.commit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A commit's content as it was signed, and the signature (gitformat-signature: the header {@code gpgsig}, whose further
 * lines begin with a space).
 *
 * @param signature empty when there is none, or when there are several, which no signer writes
 */
record SignedContent(byte[] content, Optional<String> signature) {

    private static final String HEADER = "gpgsig ";

    static SignedContent of(byte[] raw) {
        ByteArrayOutputStream content = new ByteArrayOutputStream(raw.length);
        StringBuilder signature = new StringBuilder();
        int signatures = 0;
        boolean inside = false;
        int at = 0;
        while (at < raw.length && raw[at] != '\n') {
            int end = at;
            while (end < raw.length && raw[end] != '\n') {
                end++;
            }
            boolean begins = startsWith(raw, at, HEADER);
            inside = begins || inside && raw[at] == ' ';
            signatures += begins ? 1 : 0;
            if (inside) {
                int from = at + (begins ? HEADER.length() : 1);
                signature
                        .append(new String(raw, from, end - from, StandardCharsets.US_ASCII))
                        .append('\n');
            } else {
                content.write(raw, at, Math.min(end + 1, raw.length) - at);
            }
            at = end + 1;
        }
        if (at < raw.length) {
            content.write(raw, at, raw.length - at);
        }
        return new SignedContent(
                content.toByteArray(), signatures == 1 ? Optional.of(signature.toString()) : Optional.empty());
    }

    private static boolean startsWith(byte[] raw, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= raw.length || raw[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
