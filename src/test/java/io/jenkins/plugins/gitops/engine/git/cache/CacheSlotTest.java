package io.jenkins.plugins.gitops.engine.git.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheSlotTest {

    private static final String URL = "https://git.example.com/acme/config.git";

    @TempDir
    private Path root;

    @Test
    void anotherProcessTakesAnotherDirectory() throws Exception {
        try (CacheSlot mine = CacheSlot.take(root, URL)) {
            assertThat(takenByAnotherProcess()).isNotEqualTo(mine.store().directory());

            CacheSlot.trim(root, 0, Instant.now().plusSeconds(60));
            try (CacheSlot second = CacheSlot.take(root, URL)) {
                assertThat(second.store().directory()).isNotEqualTo(mine.store().directory());
            }
            assertThat(takenByAnotherProcess())
                    .as("though this process has looked at its directory again")
                    .isNotEqualTo(mine.store().directory());
            assertThat(mine.store().directory()).isDirectory();
        }
    }

    @Test
    void aDirectoryThatWasLeftIsTakenAgain() throws Exception {
        Path first;
        try (CacheSlot slot = CacheSlot.take(root, URL)) {
            first = slot.store().directory();
        }
        assertThat(takenByAnotherProcess()).isEqualTo(first);
        try (CacheSlot slot = CacheSlot.take(root, URL)) {
            assertThat(slot.store().directory()).isEqualTo(first);
        }
    }

    @Test
    void whatNobodyUsesIsTrimmed() throws Exception {
        Path left;
        try (CacheSlot slot = CacheSlot.take(root, URL)) {
            left = slot.store().directory();
        }
        Files.writeString(left.resolve("file"), "12345");

        CacheSlot.trim(root, 0, Instant.EPOCH);

        assertThat(left).doesNotExist();
    }

    private Path takenByAnotherProcess() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CacheSlotTest.class.getName(),
                        root.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String taken = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return Path.of(taken);
    }

    /** Takes a directory under the root that is given, and prints it. */
    public static void main(String[] arguments) throws IOException {
        try (CacheSlot slot = CacheSlot.take(Path.of(arguments[0]), URL)) {
            System.out.print(slot.store().directory());
        }
    }
}
