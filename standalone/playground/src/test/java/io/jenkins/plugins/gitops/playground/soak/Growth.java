package io.jenkins.plugins.gitops.playground.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What the process holds, looked at again and again; whether it holds more at the end than at the start. */
final class Growth {

    /** What was held at one time; threads of the soak's own peers and workers are left out. */
    record Sample(long threads, long files, long locks, long heapBytes) {

        static Sample now(Path home) throws IOException {
            System.gc();
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !thread.getName().startsWith("peer-")
                            && !thread.getName().startsWith("soak-"))
                    .count();
            return new Sample(
                    threads,
                    Optional.ofNullable(Path.of("/proc/self/fd").toFile().list())
                            .map(list -> list.length)
                            .orElse(0),
                    locks(home),
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }

        private static long locks(Path home) throws IOException {
            try (Stream<Path> found = Files.walk(home)) {
                return found.filter(file -> file.toString().endsWith("lock")).count();
            } catch (UncheckedIOException changing) {
                return 0;
            }
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%4d threads %5d files %4d locks %7.1f MiB",
                    threads,
                    files,
                    locks,
                    heapBytes / 1048576.0);
        }
    }

    private final List<Sample> samples = new ArrayList<>();

    void add(Sample sample) {
        samples.add(sample);
    }

    /**
     * Compares the medians of the first and the last quarter.
     *
     * @return what grew; empty when nothing did
     */
    Optional<String> verdict() {
        Sample first = median(samples.subList(0, samples.size() / 4));
        Sample last = median(samples.subList(samples.size() - samples.size() / 4, samples.size()));
        List<String> grown = new ArrayList<>();
        check(grown, "threads", first.threads(), last.threads(), 8);
        check(grown, "files", first.files(), last.files(), 16);
        check(grown, "locks", first.locks(), last.locks(), 4);
        check(grown, "heap bytes", first.heapBytes(), last.heapBytes(), 16L << 20);
        System.out.println("first quarter: " + first + "\nlast quarter:  " + last);
        return grown.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", grown));
    }

    private static void check(List<String> grown, String what, long first, long last, long tolerance) {
        if (last > first + tolerance) {
            grown.add(what + " grew from " + first + " to " + last);
        }
    }

    private static Sample median(List<Sample> of) {
        return new Sample(
                middle(of, Sample::threads),
                middle(of, Sample::files),
                middle(of, Sample::locks),
                middle(of, Sample::heapBytes));
    }

    private static long middle(List<Sample> of, ToLongFunction<Sample> field) {
        return of.stream()
                .sorted(Comparator.comparingLong(field))
                .mapToLong(field)
                .skip(of.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
