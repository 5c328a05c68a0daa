package io.jenkins.plugins.gitops.engine.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.PlainTree;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file that one environment takes from another as it is, as long as what reads it there can. */
public final class CarriedFile {

    private static final String SEALED = "ENC[AES256_GCM,";

    /** Lists of recipients in SOPS' metadata. */
    private static final String KINDS = "age|pgp|kms|gcp_kms|azure_kv|hc_vault";

    /** The same in the formats without nesting: all but the data key that is encrypted for the recipient. */
    private static final Pattern FLAT = Pattern.compile(
            "(?m)^(?:sops_)?(" + KINDS + ")__list_(\\d+)__map_(?!enc\\b|created_at\\b)(\\w+)\\s*=\\s*(.*?)\\s*$");

    private CarriedFile() {}

    /**
     * Refuses what could not be read in its new place.
     *
     * @param from path of the file that is carried
     * @param path where it goes
     * @param old what is there now; empty for a new file
     * @param place the target, for messages
     * @throws EditRefusedException if the file is a pointer to its content, or sealed for others than the old one
     */
    public static void require(String from, byte[] content, String path, Optional<byte[]> old, String place) {
        SealedFile.reason(content).ifPresent(reason -> {
            throw new EditRefusedException(
                    from, reason + ", so it is unknown whether " + place + " can read it; leave it out of 'carries'");
        });
        String text = new String(content, StandardCharsets.ISO_8859_1);
        if (!text.contains(SEALED)) {
            return;
        }
        if (old.isEmpty()) {
            throw new EditRefusedException(
                    from,
                    "the file is encrypted with SOPS, and " + place + " has none at " + path
                            + " that shows which keys it reads; add one there first, or leave it out of 'carries'");
        }
        Set<String> wanted = recipients(from, content);
        Set<String> there = recipients(path, old.get());
        if (wanted.isEmpty() || !wanted.equals(there)) {
            throw new EditRefusedException(
                    from,
                    "the file is encrypted with SOPS for other keys than " + path + " of " + place
                            + "; encrypt both for the same, or leave it out of 'carries'");
        }
    }

    /**
     * Whom SOPS encrypted a file for; none where that cannot be read.
     *
     * @see <a href="https://github.com/getsops/sops/blob/main/stores/stores.go">the metadata of SOPS</a>
     */
    private static Set<String> recipients(String path, byte[] content) {
        Set<String> recipients = new TreeSet<>();
        Matcher flat = FLAT.matcher(new String(content, StandardCharsets.UTF_8));
        while (flat.find()) {
            recipients.add(flat.group(1) + flat.group(2) + " " + flat.group(3) + "=" + flat.group(4));
        }
        try {
            YamlFile file = YamlFile.parse(path, content);
            for (YamlNode document : file.documents()) {
                file.key(document, "sops").ifPresent(sops -> add(new PlainTree(file).of(sops.value()), recipients));
            }
        } catch (EditRefusedException notYaml) {
            // Then it has the form without nesting.
        }
        return recipients;
    }

    private static void add(JsonNode metadata, Set<String> recipients) {
        metadata.path("key_groups").forEach(group -> add(group, recipients));
        for (String kind : KINDS.split("\\|")) {
            for (JsonNode recipient : metadata.path(kind)) {
                Map<String, String> known = new TreeMap<>();
                recipient
                        .properties()
                        .forEach(one -> known.put(one.getKey(), one.getValue().asText()));
                known.keySet().removeAll(Set.of("enc", "created_at"));
                recipients.add(kind + " " + known);
            }
        }
    }
}
