package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hook of docs/security.md. */
class SecurityDocumentTest {

    private static final Pattern SCRIPT = Pattern.compile("^```sh\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    @ParameterizedTest
    @CsvSource({
        "GL_USERNAME, anna, refs/heads/main, 0",
        "GL_USERNAME, anna, refs/notes/gitops, 1",
        "GL_USERNAME, anna, refs/gitops/locks, 1",
        "GITHUB_USER_LOGIN, anna, refs/notes/gitops, 1",
        "REMOTE_USER, anna, refs/gitops/turns/shop, 1",
        "REMOTE_USER, jenkins-gitops, refs/notes/gitops, 0",
        "GL_USERNAME, jenkins-gitops, refs/gitops/locks, 0",
        "UNRELATED, jenkins-gitops, refs/notes/gitops, 1"
    })
    void theHookLetsNobodyElseWriteThePluginsRefs(String variable, String user, String ref, int expected)
            throws IOException, InterruptedException {
        Matcher script = SCRIPT.matcher(Files.readString(SourceTree.root().resolve("docs/security.md")));
        assertThat(script.find()).isTrue();
        ProcessBuilder hook = new ProcessBuilder("sh", "-c", script.group(1)).redirectErrorStream(true);
        hook.environment().keySet().removeAll(Set.of("GL_USERNAME", "GITHUB_USER_LOGIN", "REMOTE_USER"));
        hook.environment().put(variable, user);

        Process process = hook.start();
        try (var pushed = process.outputWriter(StandardCharsets.US_ASCII)) {
            pushed.write("%040x %040x refs/heads/other\n%040x %040x %s\n".formatted(1, 2, 3, 4, ref));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(expected);
        assertThat(said).isEqualTo(expected == 0 ? "" : "Only jenkins-gitops writes " + ref + "\n");
    }
}
