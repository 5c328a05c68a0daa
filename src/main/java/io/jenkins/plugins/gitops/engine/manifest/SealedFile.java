package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Files that an edit would break: encrypted ones, ones under a checksum, and pointers to the content. */
final class SealedFile {

    private static final String KEEP_APART = "keep images in a file that is not encrypted";

    /** How a file begins, and what it is then, with a remedy behind a semicolon. */
    private static final Map<String, String> BEGINNINGS = new LinkedHashMap<>();

    static {
        BEGINNINGS.put("\0GITCRYPT", "the file is encrypted with git-crypt; " + KEEP_APART);
        BEGINNINGS.put(
                "version https://git-lfs.github.com/spec/",
                "the file is a pointer of Git LFS, its content is elsewhere; keep images in a file outside of Git LFS");
        BEGINNINGS.put(
                "version https://hawser.github.com/spec/",
                "the file is a pointer of Git LFS, its content is elsewhere; keep images in a file outside of Git LFS");
        BEGINNINGS.put("$ANSIBLE_VAULT;", "the file is encrypted with Ansible Vault; " + KEEP_APART);
        BEGINNINGS.put("age-encryption.org/", "the file is encrypted with age; " + KEEP_APART);
        BEGINNINGS.put("-----BEGIN AGE ENCRYPTED FILE", "the file is encrypted with age; " + KEEP_APART);
        BEGINNINGS.put("U2FsdGVkX1", "the file is encrypted with transcrypt; " + KEEP_APART);
        BEGINNINGS.put("# STRONGBOX ENCRYPTED RESOURCE", "the file is encrypted with Strongbox; " + KEEP_APART);
        BEGINNINGS.put(
                "/annex/objects/",
                "the file is a pointer of git-annex, its content is elsewhere; keep images in a file outside of"
                        + " git-annex");
        BEGINNINGS.put("-----BEGIN PGP MESSAGE", "the file is encrypted with OpenPGP; " + KEEP_APART);
    }

    private SealedFile() {}

    /** @throws EditRefusedException if the content cannot be read as it is */
    static void requireText(String path, byte[] content) {
        sentence(content).ifPresent(sentence -> {
            throw new EditRefusedException(path, sentence);
        });
    }

    /** Why the content cannot be read as it is, without a remedy; empty if it can. */
    static Optional<String> reason(byte[] content) {
        return sentence(content).map(sentence -> sentence.substring(0, sentence.indexOf(';')));
    }

    private static Optional<String> sentence(byte[] content) {
        String head = new String(content, 0, Math.min(content.length, 100), StandardCharsets.ISO_8859_1)
                .replaceFirst("^\u00EF\u00BB\u00BF", "");
        return BEGINNINGS.entrySet().stream()
                .filter(entry -> head.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /**
     * SOPS' checksum covers the values that are not encrypted, too, unless the file says otherwise.
     *
     * @see <a href="https://github.com/getsops/sops#message-authentication-code">SOPS on its MAC</a>
     */
    static void requireNoChecksum(YamlFile file) {
        for (YamlNode document : file.documents()) {
            Optional<YamlNode> sops = file.key(document, "sops").map(LocatedNode::node);
            sops.ifPresent(map -> requireNoChecksum(file, map, "mac", map));
            // As the formats without nesting have it.
            file.key(document, "sops_mac").ifPresent(mac -> requireNoChecksum(file, document, "sops_mac", mac.node()));
        }
    }

    private static void requireNoChecksum(YamlFile file, YamlNode map, String mac, YamlNode at) {
        boolean encryptedOnly =
                file.text(map, mac + "_only_encrypted").filter("true"::equals).isPresent();
        if (file.key(map, mac).isPresent() && !encryptedOnly) {
            throw file.refuse(
                    at,
                    "the file is encrypted with SOPS, and its checksum covers values that are not encrypted, too: an"
                            + " edit would make it unreadable; keep images in a file of their own, or encrypt with"
                            + " mac_only_encrypted");
        }
    }

    /** @throws InvalidImageException if a value is encrypted */
    static void requireUnsealed(String text) {
        if (text.startsWith("ENC[AES256_GCM,")) {
            throw InvalidImageException.unnamed("is encrypted with SOPS; keep images unencrypted");
        }
        if (text.startsWith("ENC[") || text.startsWith("$ANSIBLE_VAULT;")) {
            throw InvalidImageException.unnamed("is encrypted; keep images unencrypted");
        }
    }
}
