package io.jenkins.plugins.gitops.playground.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.playground.replay.Replayed.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code make replay} counts. */
class ReplayTest {

    private static Replayed replayed(String path, String before, String after) {
        Replayed replayed = new Replayed();
        new FileReplay(
                        path,
                        (before.replace(" / ", "\n") + "\n").getBytes(StandardCharsets.UTF_8),
                        (after.replace(" / ", "\n") + "\n").getBytes(StandardCharsets.UTF_8),
                        other -> Optional.empty(),
                        "c0ffee",
                        replayed)
                .run();
        return replayed;
    }

    /** A slash stands for a line break. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        EQUAL | kustomization.yaml | images: / - name: ghcr.io/acme/api /   newTag: 1.0.0 | images: / - name: ghcr.io/acme/api /   newTag: 1.1.0
        EQUAL | a.yaml | {kind: Pod, spec: {containers: [{image: 'nginx:1.27'}]}} | {kind: Pod, spec: {containers: [{image: 'nginx:1.28'}]}}
        EQUAL | a.yaml | {kind: HelmRelease, spec: {chart: {spec: {chart: redis, version: 1.0.0}}}} | {kind: HelmRelease, spec: {chart: {spec: {chart: redis, version: 1.1.0}}}}
        EQUAL | kustomization.yaml | resources: ['github.com/acme/x//a?ref=v1.0.0'] | resources: ['github.com/acme/x//a?ref=v1.1.0']
        EQUAL | v.yaml | {api: {image: {repository: acme/api, tag: v1}}} | {api: {image: {repository: acme/api, tag: v2}}}
        EQUAL | v.yaml | {talosVersion: v1.0.0} | {talosVersion: v1.1.0}
        EXPLAINED | v.yaml | {talosVersion: v1.0.0, x: 1} | {talosVersion: v1.1.0, x: 2}
        EXPLAINED | v.yaml | talosVersion: v1.0.0 # old | talosVersion: v1.1.0 # new
        EXPLAINED | v.yaml | talosVersion: v1.0.0 | talosVersion: v1.1.0 / more: 1
        EQUAL | k.yaml | `patches: / - patch: |- /     kind: Pod /     image: nginx:1.27` | `patches: / - patch: |- /     kind: Pod /     image: nginx:1.28`
        REFUSED | a.yaml | {kind: Pod, spec: {containers: [{image: 'nginx:1.27'}]}} | {kind: Pod, spec: {containers: [{image: 'nginx:latest'}]}}
        WITHOUT_PLACE | t.yaml | {{- if .x }} / tag: v1.0.0 | {{- if .x }} / tag: v1.1.0
        """)
    void aChangeIsCountedByWhatTheEditorMakesOfIt(Outcome outcome, String path, String before, String after) {
        Replayed replayed = replayed(path, before, after);

        assertThat(replayed.total()).isOne();
        assertThat(replayed.count(outcome)).isOne();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {replicas: 3} | {replicas: 4}
        {apiVersion: apps/v1beta1} | {apiVersion: apps/v1}
        {image: 'a/b:1.0'} | {image: 'a/c:1.0'}
        {host: 10.0.0.1} | {host: 10.0.0.2}
        [{name: a, version: 1.0.0}] | [{name: b, version: 2.0.0}]
        """)
    void whatIsNoOtherVersionOfTheSameThingIsNotCounted(String before, String after) {
        assertThat(replayed("v.yaml", before, after).total()).isZero();
    }

    @Test
    void theHistoryOfACloneIsWalked(@TempDir Path clone) throws Exception {
        TestGit.run(clone, "init", "-q", "-b", "main");
        for (int i = 0; i < 3; i++) {
            Files.writeString(clone.resolve("values.yaml"), "appVersion: 1." + i + ".0\n");
            TestGit.run(clone, "add", ".");
            TestGit.run(clone, "commit", "-q", "-m", "Version " + i);
        }
        Replayed replayed = new Replayed();

        int commits = Replay.walk(clone, 10, true, path -> path.endsWith(".yaml"), () -> false, replayed);

        assertThat(commits).isEqualTo(2);
        assertThat(replayed.count(Outcome.EQUAL)).isEqualTo(2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        replayed.print(new PrintStream(out, true, StandardCharsets.UTF_8), 5);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("2 version changes; 100.00 % of the attempted are equal or explained, 0.00 % have no place");
    }
}
