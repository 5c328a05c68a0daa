package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that never come to an end are cut off: by what they send, and on disk. */
class EndlessServerTest {

    private static final long MIB = 1 << 20;
    private static final String TIP = "0123456789012345678901234567890123456789";
    private static final RepositorySettings SMALL = RepositorySettings.DEFAULT
            .with(new OperationLimits(2, Duration.ofMinutes(2), 1 << 20, 1 << 20))
            .caching(1, Duration.ofDays(1), 1000);

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong sent = new AtomicLong();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void anEndlessListOfRefsIsCut() throws IOException {
        answer("/config.git/info/refs", "application/x-git-upload-pack-advertisement", (question, out) -> {
            out.write(packet("# service=git-upload-pack\n"));
            out.write("0000".getBytes(StandardCharsets.US_ASCII));
            out.write(packet(TIP + " refs/heads/a\0shallow\n"));
            for (int i = 0; ; i++) {
                out.write(packet(TIP + " refs/heads/" + "b".repeat(1000) + i + "\n"));
            }
        });

        assertThatThrownBy(this::readTip)
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("the server sends more than the 32 MiB of refs and messages");

        assertThat(sent.get()).isLessThan(64 * MIB);
    }

    @Test
    void anEndlessPackIsCutAndLeavesNothingOnDisk() throws IOException {
        advertiseProtocol2();
        byte[] blob = blob(60_000);
        answer("/config.git/git-upload-pack", "application/x-git-upload-pack-result", (question, out) -> {
            if (listsRefs(question, out)) {
                return;
            }
            out.write(packet("packfile\n"));
            out.write(sideBand(packHeader(1_000_000)));
            byte[] packet = sideBand(blob);
            while (true) {
                out.write(packet);
            }
        });

        assertThatThrownBy(this::readTip)
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("the server sends more than the 64 MiB that the cache may take");

        assertThat(bytesBelow(directory)).isLessThan(MIB);
    }

    /** What a pack announces, and the clause that refuses it. */
    enum Announced {
        BILLIONS_OF_OBJECTS(-1, "the server sends a pack of 4294967295 objects"),
        A_DIRECTORY_OF_GIGABYTES(
                1, "the server sends an object that takes 2000000000 bytes of memory, and 134217728 are accepted") {
            @Override
            void write(OutputStream out) throws IOException {
                out.write(sideBand(header(2, 2_000_000_000)));
            }
        },
        A_DELTA_THAT_EXPANDS_TO_GIGABYTES(
                2, "the server sends an object that takes 2000000000 bytes of memory, and 134217728 are accepted") {
            @Override
            void write(OutputStream out) throws IOException {
                byte[] base = blob(1000);
                out.write(sideBand(base));
                out.write(sideBand(delta(base.length, 1000, 2_000_000_000)));
            }
        },
        DELTAS_OF_DELTAS(1000, "the server sends deltas that expand to more than 512 MiB which are needed at once") {
            @Override
            void write(OutputStream out) throws IOException {
                byte[] base = blob(1000);
                out.write(sideBand(base));
                int distance = base.length;
                for (int i = 0; i < 999; i++) {
                    byte[] next = delta(distance, i == 0 ? 1000 : 1_000_000, 1_000_000);
                    out.write(sideBand(next));
                    distance = next.length;
                }
            }
        };

        final int objects;
        final String clause;

        Announced(int objects, String clause) {
            this.objects = objects;
            this.clause = clause;
        }

        void write(OutputStream out) throws IOException {
            out.write(sideBand(new byte[1000]));
        }
    }

    /** At once: JGit reserves memory for what is announced. */
    @ParameterizedTest
    @EnumSource
    void aPackThatWouldTakeMemoryWithoutBoundIsRefused(Announced announced) throws IOException {
        advertiseProtocol2();
        answer("/config.git/git-upload-pack", "application/x-git-upload-pack-result", (question, out) -> {
            if (listsRefs(question, out)) {
                return;
            }
            out.write(packet("packfile\n"));
            out.write(sideBand(packHeader(announced.objects)));
            announced.write(out);
            out.write("0000".getBytes(StandardCharsets.US_ASCII));
        });

        assertThatThrownBy(this::readTip)
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining(announced.clause);

        assertThat(bytesBelow(directory)).isLessThan(MIB);
    }

    @Test
    void endlessOutputOfAHookIsCut() throws IOException {
        try (ConfigRepositoryFixture fixture = new ConfigRepositoryFixture(directory, SMALL)) {
            fixture.commitWithGit(Map.of("log", ""));
            Path hook = Files.createDirectories(fixture.bare.resolve("hooks")).resolve("pre-receive");
            Files.writeString(hook, "#!/bin/sh\nyes 'a line of a hook that never ends' >&2\n");
            assertThat(hook.toFile().setExecutable(true)).isTrue();
            List<String> log = new ArrayList<>();

            assertThatThrownBy(() -> fixture.open().commit(request("endless", append("log", "a")), log::add))
                    .hasMessageContaining("It is not known whether the commit with bump id endless reached branch main")
                    .hasMessageContaining("the server sends more than the 32 MiB of refs and messages");

            assertThat(log.stream().filter(line -> line.startsWith("remote: "))).hasSize(201);
        }
    }

    private void readTip() throws IOException {
        try (GitConfigRepositories repositories = new GitConfigRepositories(directory, SMALL)) {
            repositories
                    .open(new Remote("http://127.0.0.1:" + server.getAddress().getPort() + "/config.git"))
                    .tip("main", Progress.SILENT);
        }
    }

    /** What a server says, until the client hangs up. */
    private interface Speech {
        void to(String question, OutputStream out) throws IOException;
    }

    private void answer(String path, String contentType, Speech speech) {
        server.createContext(path, exchange -> {
            try (HttpExchange open = exchange) {
                boolean zipped = "gzip".equals(open.getRequestHeaders().getFirst("Content-Encoding"));
                InputStream body = zipped ? new GZIPInputStream(open.getRequestBody()) : open.getRequestBody();
                String question = new String(body.readAllBytes(), StandardCharsets.ISO_8859_1);
                open.getResponseHeaders().set("Content-Type", contentType);
                open.sendResponseHeaders(200, 0);
                speech.to(question, new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        write(new byte[] {(byte) one}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        open.getResponseBody().write(bytes, offset, length);
                        sent.addAndGet(length);
                    }
                });
            }
        });
    }

    private static byte[] packet(String content) {
        return (String.format("%04x", content.length() + 4) + content).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] sideBand(byte[] content) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(String.format("%04x", content.length + 5).getBytes(StandardCharsets.US_ASCII));
        packet.write(1);
        packet.write(content);
        return packet.toByteArray();
    }

    private void advertiseProtocol2() {
        answer("/config.git/info/refs", "application/x-git-upload-pack-advertisement", (question, out) -> {
            out.write(packet("# service=git-upload-pack\n"));
            out.write("0000".getBytes(StandardCharsets.US_ASCII));
            out.write(packet("version 2\n"));
            out.write(packet("ls-refs\n"));
            out.write(packet("fetch=shallow\n"));
            out.write("0000".getBytes(StandardCharsets.US_ASCII));
        });
    }

    private static boolean listsRefs(String question, OutputStream out) throws IOException {
        boolean lists = question.contains("command=ls-refs");
        if (lists) {
            out.write(packet(TIP + " refs/heads/main\n"));
            out.write("0000".getBytes(StandardCharsets.US_ASCII));
        }
        return lists;
    }

    private static byte[] packHeader(int objects) {
        return ByteBuffer.allocate(12)
                .put("PACK".getBytes(StandardCharsets.US_ASCII))
                .putInt(2)
                .putInt(objects)
                .array();
    }

    /** Type and size of an object of a pack (gitformat-pack). */
    private static byte[] header(int type, long size) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        long left = size >> 4;
        header.write((left > 0 ? 0x80 : 0) | type << 4 | (int) size & 15);
        for (; left > 0; left >>= 7) {
            header.write((left > 127 ? 0x80 : 0) | (int) left & 127);
        }
        return header.toByteArray();
    }

    private static byte[] blob(int size) {
        byte[] content = new byte[size];
        new Random(1).nextBytes(content);
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.writeBytes(header(3, size));
        object.writeBytes(deflated(content));
        return object.toByteArray();
    }

    /** A delta to what begins so many bytes before it, which says how large that is, and what it makes of it. */
    private static byte[] delta(int distance, int before, int after) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int size : new int[] {before, after}) {
            int left = size;
            for (; left > 127; left >>= 7) {
                content.write(0x80 | left & 127);
            }
            content.write(left);
        }
        content.writeBytes(new byte[] {1, 'x'});
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.writeBytes(header(6, content.size()));
        if (distance > 127) {
            object.write(0x80 | (distance >> 7) - 1);
        }
        object.write(distance & 127);
        object.writeBytes(deflated(content.toByteArray()));
        return object.toByteArray();
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater();
        deflater.setInput(content);
        deflater.finish();
        byte[] buffer = new byte[content.length * 2 + 100];
        int length = deflater.deflate(buffer);
        deflater.end();
        return Arrays.copyOf(buffer, length);
    }

    private static long bytesBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        }
    }
}
