package io.jenkins.plugins.gitops.engine.freeze.ical;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar.Freeze;
import io.jenkins.plugins.gitops.engine.freeze.Occurrences;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedBody;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The calendars that freezes name by their address. However many gates, steps and pages ask, an address is read once in an
 * interval, on threads of its own. When it cannot be read, the last copy that could counts, and its age is told; without
 * any copy everything that the calendar is for is frozen. Safe for any thread.
 */
public final class Calendars {

    /** How long a copy is used before the address is read again. */
    public static final Duration INTERVAL = Duration.ofMinutes(5);

    /** The same after a reading that failed. */
    static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    /** Of a calendar, from the request to its last byte. */
    private static final BodyLimits LIMITS = new BodyLimits(2 << 20, Duration.ofSeconds(20));

    private static final int MOST_ADDRESSES = 500;

    /** Far less than {@link ICalendar#AHEAD}. */
    private static final Duration EXPANDED_FOR = Duration.ofDays(1);

    private final HttpClients clients;
    private final Function<URI, Optional<String>> refusal;
    private final Executor executor;
    private final CalendarCache files;
    private final InstantSource clock;
    private final Cache<URI, Published> known =
            Caffeine.newBuilder().maximumSize(MOST_ADDRESSES).build();

    @Nullable
    private HttpClient client;

    /**
     * @param refusal a clause that says why an address is not asked; empty where it may be. May block
     * @param executor must not be a pool whose threads wait for calendars
     * @param files keeps the last copies
     */
    public Calendars(
            HttpClients clients,
            Function<URI, Optional<String>> refusal,
            Executor executor,
            CalendarCache files,
            InstantSource clock) {
        this.clients = clients;
        this.refusal = refusal;
        this.executor = executor;
        this.files = files;
        this.clock = clock;
    }

    /**
     * What a freeze says at an instant.
     *
     * @param freeze empty when promotions may pass
     * @param remark a clause on the age of its calendar's copy; empty while that is as new as it should be
     */
    public record Reading(Optional<Freeze> freeze, Optional<String> remark) {}

    /** By what is known of its calendar now; has it read in the background where that is old. Does not block. */
    public Reading at(FreezeCalendar freeze, Instant now) {
        URI address = freeze.calendar();
        if (address == null) {
            return new Reading(freeze.at(now), Optional.empty());
        }
        Published published = published(address);
        published.read();
        return published.at(freeze, now);
    }

    /** With the events of its calendar, as they are known; empty while they are not. Does not block. */
    public Optional<FreezeCalendar> known(FreezeCalendar freeze) {
        URI address = freeze.calendar();
        if (address == null) {
            return Optional.of(freeze);
        }
        Published published = published(address);
        published.read();
        Copy copy = published.state.copy();
        return Optional.ofNullable(copy).map(known -> freeze.with(known.events()));
    }

    /** Ends, normally in any case, when the calendars of these freezes have been read or tried within the interval. */
    public CompletableFuture<Void> read(Stream<FreezeCalendar> freezes) {
        return CompletableFuture.allOf(freezes.flatMap(freeze -> freeze.published().stream())
                .distinct()
                .map(address -> published(address).read())
                .toArray(CompletableFuture[]::new));
    }

    private Published published(URI address) {
        return known.get(address, Published::new);
    }

    /**
     * A calendar as it was read.
     *
     * @param events those that had not ended when it was expanded
     */
    private record Copy(CalendarCache.Saved saved, Occurrences events, Instant expandedAt) {

        static Copy of(CalendarCache.Saved saved, Instant now) {
            return new Copy(saved, ICalendar.read(saved.stream(), now), now);
        }
    }

    /**
     * What is known of an address.
     *
     * @param copy the last good one; null for none
     * @param problem why the last reading failed, a clause; null if it did not
     * @param triedAt when it ended; null for never
     */
    private record State(
            @Nullable Copy copy,
            @Nullable String problem,
            @Nullable Instant triedAt) {

        boolean isCurrent(Instant now) {
            return triedAt != null && now.isBefore(triedAt.plus(problem == null ? INTERVAL : AFTER_FAILURE));
        }
    }

    /** What is published at an address. */
    private final class Published {

        private final URI address;
        private CompletableFuture<Void> reading = CompletableFuture.completedFuture(null);
        private volatile State state = new State(null, null, null);

        Published(URI address) {
            this.address = address;
        }

        /** Reads it where what is known is old; ends when that is done. */
        synchronized CompletableFuture<Void> read() {
            if (reading.isDone() && !state.isCurrent(clock.instant())) {
                reading = CompletableFuture.supplyAsync(() -> refusal.apply(address), executor)
                        .thenCompose(refused -> refused.map(why ->
                                        CompletableFuture.<HttpResponse<byte[]>>failedFuture(new IOException(why)))
                                .orElseGet(this::send))
                        .handleAsync(this::next, executor)
                        .handle((next, broken) -> {
                            state = broken == null
                                    ? next
                                    : new State(state.copy(), BoundedBody.reason(broken), clock.instant());
                            return null;
                        });
            }
            return reading;
        }

        private CompletableFuture<HttpResponse<byte[]>> send() {
            return BoundedBody.sendAsync(
                    client(),
                    clients.request(address).header("Accept", "text/calendar").build(),
                    LIMITS);
        }

        private State next(@Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
            Instant now = clock.instant();
            String problem;
            try {
                if (response == null) {
                    problem = BoundedBody.reason(failure);
                } else if (response.statusCode() != 200) {
                    problem = "it answered with status " + response.statusCode();
                } else {
                    Copy read = Copy.of(new CalendarCache.Saved(response.body(), now), now);
                    files.save(address, read.saved());
                    return new State(read, null, now);
                }
            } catch (IllegalArgumentException unreadable) {
                problem = "its response is not a readable calendar (" + unreadable.getMessage() + ")";
            }
            return new State(lastGood(now), problem, now);
        }

        /** The last one that could be read, also before Jenkins was restarted; expanded anew each day. */
        @Nullable
        private Copy lastGood(Instant now) {
            Copy last = state.copy();
            try {
                return last == null
                        ? files.saved(address).map(saved -> Copy.of(saved, now)).orElse(null)
                        : now.isBefore(last.expandedAt().plus(EXPANDED_FOR)) ? last : Copy.of(last.saved(), now);
            } catch (IllegalArgumentException otherVersion) {
                return last;
            }
        }

        Reading at(FreezeCalendar freeze, Instant now) {
            State known = state;
            Copy copy = known.copy();
            String host = address.getHost();
            if (copy == null) {
                String why = known.problem() == null
                        ? " has not been read yet"
                        : " could not be read yet, because " + known.problem()
                                + ": mend it, or correct its address in gitops.yaml";
                return new Reading(Optional.of(new Freeze(null, "the calendar at " + host + why)), Optional.empty());
            }
            return new Reading(
                    freeze.with(copy.events()).at(now),
                    Optional.ofNullable(known.problem())
                            .map(why -> "the calendar at " + host + " is that of "
                                    + copy.saved().readAt().truncatedTo(ChronoUnit.SECONDS) + ", because " + why));
        }
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = clients.build("calendars");
        }
        return client;
    }
}
