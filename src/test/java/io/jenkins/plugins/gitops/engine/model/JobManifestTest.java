package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manifest of a check's Job. */
class JobManifestTest {

    private static final String FILE = "envs/staging/verify/job.yaml";
    private static final String MANIFEST = """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: ignored
          namespace: shop
          finalizers: [example.org/never]
          labels: { team: shop, app.kubernetes.io/managed-by: somebody }
        spec:
          template: { spec: { restartPolicy: Never } }
        status: { succeeded: 1 }
        """;

    private static JobManifest read(String manifest, @CheckForNull String namespace) {
        return JobManifest.read(FILE, manifest.getBytes(StandardCharsets.UTF_8), namespace);
    }

    @Test
    void onlyWhatDescribesTheJobIsCreated() {
        ObjectNode job = read(MANIFEST, null)
                .named(
                        "verify-a",
                        Map.of("app.kubernetes.io/managed-by", "gitops-promotion"),
                        Map.of("gitops-promotion.jenkins.io/check", "a"),
                        60);

        assertThat(job)
                .hasToString("{\"apiVersion\":\"batch/v1\",\"kind\":\"Job\",\"metadata\":{\"name\":\"verify-a\","
                        + "\"namespace\":\"shop\",\"labels\":{\"team\":\"shop\",\"app.kubernetes.io/managed-by\":"
                        + "\"gitops-promotion\"},\"annotations\":{\"gitops-promotion.jenkins.io/check\":\"a\"}},"
                        + "\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Never\"}},"
                        + "\"ttlSecondsAfterFinished\":60}}");
    }

    @Test
    void theManifestSaysHowLongItIsKept() {
        ObjectNode job = read(MANIFEST.replace("spec:\n", "spec:\n  ttlSecondsAfterFinished: 5\n"), null)
                .named("verify-a", Map.of(), Map.of(), 60);

        assertThat(job.at("/spec/ttlSecondsAfterFinished").asInt()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        kind: Job              | kind: Deployment          | 1: 'kubernetesJob' takes a Job of batch/v1, and this is Deployment of batch/v1.
        apiVersion: batch/v1   | apiVersion: batch/v1beta1 | 1: 'kubernetesJob' takes a Job of batch/v1, and this is Job of batch/v1beta1.
        "  namespace: shop"    | "  other: x"              | 3: the Job has no namespace; add it here, or as 'namespace' of the check.
        "  namespace: shop"    | "  namespace: ../kube"    | 5: '../kube' is not a namespace; correct it.
        spec:                  | other:                    | 1: the Job has no 'spec'; add it.
        "status: .*"           | "---"                     | 11: a second document begins here; write everything into one document.
        """)
    void whatIsNotOneJobIsRefused(String part, String instead, String sentence) {
        assertThatThrownBy(() ->
                        read(MANIFEST.replaceFirst(part, instead.equals("---") ? "---\nkind: Job" : instead), null))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageStartingWith(FILE + ":" + sentence);
    }

    @Test
    void whatIsTooLargeIsRefused() {
        assertThatThrownBy(() -> read(MANIFEST + "#".repeat(256 << 10), null))
                .hasMessage(FILE + ":1: the manifest is larger than 256 KiB; make it smaller.");
    }

    @Test
    void theNamespaceOfTheCheckIsTheOneThatIsAllowed() {
        assertThat(read(MANIFEST, "shop").namespace()).isEqualTo("shop");
        assertThat(read(MANIFEST.replace("  namespace: shop\n", ""), "other").namespace())
                .isEqualTo("other");
        assertThatThrownBy(() -> read(MANIFEST, "other"))
                .hasMessage(FILE
                        + ":5: the Job is for the namespace 'shop', and the check for 'other'; correct one of them.");
    }
}
