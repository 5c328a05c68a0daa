package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Declarations that would mean something elsewhere, or take too much. */
class HostileDeclarationTest {

    /** They stand in trailers, addresses of pages and names of refs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "..",
                "a%2fb",
                "\\U0001F680",
                "\\u202Eabc",
                "a\\0b",
                "-a",
                "a b",
                "shop\\n",
                "\\u212Aa",
                "",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void namesThatMeanSomethingElsewhereAreRefused(String name) {
        String quoted = "\"" + name + "\"";
        assertThatThrownBy(() -> read(quoted, "dev", "")).isInstanceOf(InvalidDeclarationException.class);
        assertThatThrownBy(() -> read("shop", quoted, "")).isInstanceOf(InvalidDeclarationException.class);
    }

    @Test
    void aFileThatIsLargerThanAMebibyteIsRefusedUnread() {
        assertThatThrownBy(() -> read("shop", "dev", "#".repeat(1 << 20)))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("the file is larger than 1 MiB; make it smaller");
    }

    private static Declaration read(String application, String environment, String end) {
        String yaml = """
            version: 1
            applications:
              %s:
                images: { api: ghcr.io/acme/api }
                environments:
                  %s: { kustomization: k.yaml }
            """.formatted(application, environment);
        return DeclarationReader.read("gitops.yaml", (yaml + end).getBytes(StandardCharsets.UTF_8));
    }
}
