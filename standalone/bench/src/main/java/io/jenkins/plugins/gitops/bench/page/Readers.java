package io.jenkins.plugins.gitops.bench.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** People who ask for the same page, each again as soon as it is there. */
final class Readers {

    private Readers() {}

    /** Asks once, on a connection of its own; anything but success is an error. */
    @NonNull
    static byte[] ask(@NonNull String url) throws IOException {
        return ask(HttpClient.newHttpClient(), url);
    }

    /**
     * Asks again and again.
     *
     * @param people how many at once
     * @param times how often each asks
     */
    @NonNull
    static Latencies look(@NonNull String url, int people, int times) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(people);
        try {
            List<Future<long[]>> all = new ArrayList<>();
            for (int i = 0; i < people; i++) {
                all.add(threads.submit(() -> look(url, times)));
            }
            long[] nanos = new long[people * times];
            for (int i = 0; i < people; i++) {
                System.arraycopy(all.get(i).get(), 0, nanos, i * times, times);
            }
            return new Latencies(nanos);
        } catch (ExecutionException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static long[] look(String url, int times) throws IOException {
        HttpClient client = HttpClient.newHttpClient();
        ask(client, url);
        long[] nanos = new long[times];
        for (int i = 0; i < times; i++) {
            long begun = System.nanoTime();
            ask(client, url);
            nanos[i] = System.nanoTime() - begun;
        }
        return nanos;
    }

    private static byte[] ask(HttpClient client, String url) throws IOException {
        try {
            HttpResponse<byte[]> answer = client.send(
                    HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IOException(url + " answered " + answer.statusCode());
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
