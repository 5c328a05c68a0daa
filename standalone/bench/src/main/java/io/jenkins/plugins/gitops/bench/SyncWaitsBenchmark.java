package io.jenkins.plugins.gitops.bench;

import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWait;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWaits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Many waits over 200 Applications, and beside them as many pollers that ask once a second as {@code argocd app wait}
 * and shell loops do: what each costs, and how long a change takes to be noticed. The cluster is in memory, so that the
 * figures are those of the waiting alone.
 *
 * <p>Usage: {@code SyncWaitsBenchmark [waits …]}, default 1000 and 10000.
 */
public final class SyncWaitsBenchmark {

    private static final int APPLICATIONS = 200;
    private static final long PATIENCE_SECONDS = 120;

    private SyncWaitsBenchmark() {}

    public static void main(String[] arguments) throws InterruptedException {
        List<Integer> counts = arguments.length == 0
                ? List.of(1_000, 10_000)
                : List.of(arguments).stream().map(Integer::valueOf).toList();
        System.out.printf(
                "%-8s %7s %9s %8s %9s %8s %8s%n", "", "waits", "requests", "threads", "kB/wait", "p50 ms", "p99 ms");
        waits(200);
        for (int count : counts) {
            waits(count);
            pollers(count);
        }
    }

    private static void waits(int count) throws InterruptedException {
        MemoryCluster cluster = new MemoryCluster(APPLICATIONS);
        long heapBefore = heap();
        int threadsBefore = Thread.activeCount();
        Latencies latencies = new Latencies(cluster, count);
        try (SyncWaits waits = new SyncWaits(name -> cluster, InstantSource.system(), new Random(1))) {
            List<SyncWait> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(waits.await(request(i), latencies.listener(i % APPLICATIONS)));
            }
            while (!all.stream().allMatch(wait -> wait.status().summary().contains("before"))) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            int threads = Thread.activeCount() - threadsBefore;
            double heap = (heap() - heapBefore) / 1_024.0 / count;
            cluster.release();
            latencies.await();
            latencies.print("waits", count, cluster.requests(), threads, heap);
        }
    }

    private static void pollers(int count) throws InterruptedException {
        MemoryCluster cluster = new MemoryCluster(APPLICATIONS);
        int threadsBefore = Thread.activeCount();
        Latencies latencies = new Latencies(cluster, count);
        for (int i = 0; i < count; i++) {
            int number = i % APPLICATIONS;
            Thread poller = new Thread(() -> poll(cluster, latencies, number));
            poller.setDaemon(true);
            poller.start();
        }
        TimeUnit.SECONDS.sleep(3);
        int threads = Thread.activeCount() - threadsBefore;
        cluster.release();
        latencies.await();
        latencies.print("pollers", count, cluster.requests(), threads, Double.NaN);
    }

    private static void poll(MemoryCluster cluster, Latencies latencies, int number) {
        try {
            TimeUnit.MILLISECONDS.sleep(new Random().nextInt(1_000));
            while (!cluster.isLive(number)) {
                TimeUnit.SECONDS.sleep(1);
            }
            latencies.noticed(number);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static SyncRequest request(int number) {
        return new SyncRequest(
                "wait-" + number,
                List.of(AwaitedApplications.named("main", MemoryCluster.name(number % APPLICATIONS))),
                new Expectation(Optional.of(MemoryCluster.AFTER), Map.of(), Optional.empty(), Optional.empty()),
                Policy.DEFAULT,
                Optional.of(
                        (ancestor, descendant) -> ancestor.equals(MemoryCluster.BEFORE) || ancestor.equals(descendant)),
                Instant.now().plus(Duration.ofMinutes(10)));
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** From a change in the cluster to the waiter that hears of it. */
    private static final class Latencies {

        private final MemoryCluster cluster;
        private final CountDownLatch open;
        private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

        Latencies(MemoryCluster cluster, int count) {
            this.cluster = cluster;
            this.open = new CountDownLatch(count);
        }

        Consumer<SyncStatus> listener(int number) {
            return status -> {
                if (!status.isPending()) {
                    noticed(number);
                }
            };
        }

        void noticed(int number) {
            nanos.add(System.nanoTime() - cluster.changedAt(number));
            open.countDown();
        }

        void await() throws InterruptedException {
            if (!open.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(open.getCount() + " waiters never heard");
            }
        }

        void print(String who, int count, int requests, int threads, double heap) {
            List<Long> sorted = nanos.stream().sorted().toList();
            System.out.printf(
                    "%-8s %7d %9d %8d %9.1f %8.1f %8.1f%n",
                    who,
                    count,
                    requests,
                    threads,
                    heap,
                    sorted.get(sorted.size() / 2) / 1e6,
                    sorted.get(sorted.size() * 99 / 100) / 1e6);
        }
    }
}
