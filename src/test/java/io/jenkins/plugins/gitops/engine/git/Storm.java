package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.FaultProxy.Direction;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer.Answer;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Draws faults of every kind for the connections and the answers of one server, and counts those that took place. */
final class Storm {

    /** What can go wrong. */
    enum Fault {
        CONNECTION_CUT_OR_STALLED,
        WRONG_STATUS,
        ANSWER_LOST,
        PUSH_REFUSED,
        CACHE_DAMAGED,
        DISK_FULL,
        WRITER_KILLED
    }

    private static final String REFUSE = "refuse";

    private final Random random;
    private final Path bare;
    private final List<Path> caches;
    private final Optional<SmallDisk> disk;
    private final Map<Fault, AtomicInteger> injected = new EnumMap<>(Fault.class);

    /**
     * @param bare the server's repository
     * @param caches directories whose files are damaged
     * @param disk filled up now and then, until somebody says so
     */
    Storm(long seed, @NonNull Path bare, @NonNull List<Path> caches, @NonNull Optional<SmallDisk> disk)
            throws IOException {
        this.random = new Random(seed);
        this.bare = bare;
        this.caches = List.copyOf(caches);
        this.disk = disk;
        for (Fault fault : Fault.values()) {
            injected.put(fault, new AtomicInteger());
        }
        Path hook = bare.resolve("hooks").resolve("pre-receive");
        Files.createDirectories(hook.getParent());
        Files.writeString(hook, """
            #!/bin/sh
            if [ -e "$GIT_DIR/refuse" ]; then
              rm -f "$GIT_DIR/refuse"
              echo "GH006: Protected branch update failed" >&2
              exit 1
            fi
            """);
        if (!hook.toFile().setExecutable(true)) {
            throw new IOException("The hook cannot be made executable");
        }
    }

    /** A clock that is up to eleven hours wrong, each time another way. */
    @NonNull
    InstantSource clock() {
        return () -> Instant.now().plusSeconds(within(-40_000, 40_000));
    }

    /** Whether there were so many faults, and some of each kind that this machine allows. */
    boolean isOver(int enough) {
        return faults() >= enough
                && Stream.of(Fault.values())
                        .filter(kind -> disk.isPresent() || kind != Fault.DISK_FULL)
                        .allMatch(kind -> faults(kind) > 0);
    }

    int faults() {
        return injected.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    int faults(@NonNull Fault kind) {
        return injected.get(kind).get();
    }

    /** Makes room again, once somebody was told that there is none. */
    void freeDisk() {
        if (disk.isPresent() && disk.get().free()) {
            struck(Fault.DISK_FULL);
        }
    }

    void struck(@NonNull Fault kind) {
        injected.get(kind).incrementAndGet();
    }

    /** For one connection. */
    @NonNull
    FaultProxy.Fault connection() {
        Direction direction = within(0, 1) == 0 ? Direction.TO_SERVER : Direction.TO_CLIENT;
        // Early enough that most connections meet their fate, late enough that some carry a whole push first.
        int bytes = within(0, direction == Direction.TO_SERVER ? 3000 : 1500);
        return within(0, 19) == 0
                ? new FaultProxy.Fault.Stall(direction, bytes)
                : new FaultProxy.Fault.Cut(direction, bytes);
    }

    /** For one request. */
    @NonNull
    Optional<Answer> answer(@NonNull Request request) {
        if (request.isPush() && request.method().equals("POST")) {
            strikeThePush();
        }
        return switch (within(0, 29)) {
            case 0 -> wrong(Answer.instead(500));
            case 1 -> wrong(Answer.instead(401));
            case 2 -> wrong(Answer.instead(403));
            case 3 -> wrong(Answer.instead(429).with("Retry-After", "0"));
            case 4 -> wrong(Answer.instead(503).with("Retry-After", String.valueOf(within(0, 1))));
            case 5 -> lost(Answer.afterwards(500));
            case 6 -> lost(Answer.afterwards(504));
            case 7 -> lost(Answer.none());
            default -> Optional.empty();
        };
    }

    private Optional<Answer> wrong(Answer answer) {
        struck(Fault.WRONG_STATUS);
        return Optional.of(answer);
    }

    private Optional<Answer> lost(Answer answer) {
        struck(Fault.ANSWER_LOST);
        return Optional.of(answer);
    }

    private void strikeThePush() {
        switch (within(0, 9)) {
            case 0 -> refuse();
            case 1 -> damage();
            case 2 -> disk.ifPresent(SmallDisk::fill);
            default -> {}
        }
    }

    private void refuse() {
        try {
            Files.writeString(bare.resolve(REFUSE), "");
            struck(Fault.PUSH_REFUSED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts some file of a cache short, as a crash of the machine would. */
    private void damage() {
        try (Stream<Path> files = Files.walk(caches.get(within(0, caches.size() - 1)))) {
            List<Path> candidates = files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock") && !file.endsWith("filler"))
                    .toList();
            Path victim = candidates.get(within(0, candidates.size() - 1));
            victim.toFile().setWritable(true);
            byte[] content = Files.readAllBytes(victim);
            Files.write(victim, new byte[content.length / 2]);
            struck(Fault.CACHE_DAMAGED);
        } catch (IOException | UncheckedIOException e) {
            // The file went away meanwhile: no fault took place.
        }
    }

    private synchronized int within(int from, int to) {
        return random.nextInt(from, to + 1);
    }
}
