package io.jenkins.plugins.gitops.engine.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside a file of 100 MiB and a directory of a million entries, in a process whose heap would not hold them. */
class HugeObjectsTest {

    private static final int HUGE_FILE = 100 << 20;
    private static final int ENTRIES = 1_000_000;

    @TempDir
    Path directory;

    private ConfigRepositoryFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        String tree = insertObjects();
        fixture.git("update-ref", "refs/heads/main", fixture.git("commit-tree", tree, "-m", "Huge"));
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void areRefusedInLittleMemory() throws Exception {
        refusesInLittleMemory("parts", "ok.yaml: 2 bytes");
        fixture.git("config", "uploadpack.allowFilter", "false");
        refusesInLittleMemory("whole", "ok.yaml: 4 bytes");
    }

    /** By JGit, which needs no list of the entries as text. */
    private String insertObjects() throws IOException {
        try (FileRepository repository = new FileRepository(fixture.bare.toFile());
                ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId small = inserter.insert(Constants.OBJ_BLOB, "x\n".getBytes(StandardCharsets.UTF_8));
            ObjectId file = inserter.insert(Constants.OBJ_BLOB, HUGE_FILE, zeros());
            ObjectId many = inserter.insert(Constants.OBJ_TREE, entries(small));
            TreeFormatter root = new TreeFormatter();
            root.append("huge.yaml", FileMode.REGULAR_FILE, file);
            root.append("many", FileMode.TREE, many);
            root.append("ok.yaml", FileMode.REGULAR_FILE, small);
            String tree = inserter.insert(root).name();
            inserter.flush();
            return tree;
        }
    }

    /** In Git's order. */
    private static byte[] entries(ObjectId blob) {
        byte[] id = new byte[Constants.OBJECT_ID_LENGTH];
        blob.copyRawTo(id, 0);
        ByteArrayOutputStream entries = new ByteArrayOutputStream(40 << 20);
        for (int i = 1; i <= ENTRIES; i++) {
            entries.writeBytes(("100644 f" + (ENTRIES + i) + "\0").getBytes(StandardCharsets.US_ASCII));
            entries.writeBytes(id);
        }
        return entries.toByteArray();
    }

    private static InputStream zeros() {
        return new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                Arrays.fill(target, offset, offset + length, (byte) 0);
                return length;
            }
        };
    }

    private void refusesInLittleMemory(String cache, String read) throws IOException, InterruptedException {
        Path said = directory.resolve("said");
        Process reader = LittleMemoryReader.start(
                fixture.server.url(ConfigRepositoryFixture.NAME), directory.resolve(cache), said);
        assertThat(reader.waitFor()).isZero();
        assertThat(Files.readAllLines(said))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("huge.yaml: \"huge.yaml\" in the config repository is larger than"
                                        + " 10485760 bytes; only small text files are read and written"),
                        line -> assertThat(line)
                                .isEqualTo("many/f1000001: Directory \"many\" of the config repository has too many"
                                        + " entries (its listing is larger than 16777216 bytes); spread them over"
                                        + " subdirectories"),
                        line -> assertThat(line).isEqualTo(read),
                        line -> assertThat(line)
                                .startsWith("overwriting huge.yaml: \"huge.yaml\" in the config repository is larger"),
                        line -> assertThat(line).isEqualTo("ok.yaml: Committed"),
                        line -> assertThat(residentKiB(line)).isLessThan(256 * 1024));
        System.out.println("Beside a huge file and a huge directory, " + cache + ": "
                + Files.readAllLines(said).get(5));
    }

    private static int residentKiB(String line) {
        assumeFalse(line.endsWith("unknown"), "needs proc(5)");
        return Integer.parseInt(line.split(" ")[1]);
    }
}
