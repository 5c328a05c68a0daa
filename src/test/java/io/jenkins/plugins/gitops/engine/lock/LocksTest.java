package io.jenkins.plugins.gitops.engine.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocksTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    @Test
    void theFileIsReadAsItWasWritten() {
        Locks locks = new Locks(List.of(
                new Lock("1", "shop", "prod", "dora", NOON, null, "moves", Lock.Scope.PROMOTIONS, null),
                new Lock(
                        "2",
                        "*",
                        "*",
                        "anna",
                        NOON,
                        NOON.plusSeconds(60),
                        "incident 7",
                        Lock.Scope.PROMOTIONS_AND_ROLLBACKS,
                        "https://ci.example.org/job/stop/1/")));

        byte[] file = LocksFile.write(locks);

        assertThat(new String(file, StandardCharsets.UTF_8)).isEqualTo("""
            {
              "locks" : [ {
                "id" : "1",
                "application" : "shop",
                "environment" : "prod",
                "by" : "dora",
                "at" : "2026-03-02T12:00:00Z",
                "reason" : "moves",
                "stops" : "promotions"
              }, {
                "id" : "2",
                "application" : "*",
                "environment" : "*",
                "by" : "anna",
                "at" : "2026-03-02T12:00:00Z",
                "until" : "2026-03-02T12:01:00Z",
                "reason" : "incident 7",
                "stops" : "promotions and rollbacks",
                "run" : "https://ci.example.org/job/stop/1/"
              } ]
            }
            """);
        assertThat(LocksFile.read("it", file)).isEqualTo(locks);
    }

    @ParameterizedTest
    @CsvSource({
        "shop, prod, true",
        "*, prod, true",
        "shop, *, true",
        "*, *, true",
        "sh*, p*d, true",
        "shop, staging, false",
        "shopping, prod, false",
        "*x, *, false",
        "sho, *, false"
    })
    void patternsStandForNames(String application, String environment, boolean locked) {
        Locks locks = new Locks(List.of(lock("1", application, environment, null)));

        assertThat(locks.stopping("shop", "prod", NOON).isPresent()).isEqualTo(locked);
    }

    @Test
    void theOneThatEndsLastIsNamedAndThoseThatHaveEndedDoNotCount() {
        Locks locks = new Locks(List.of(
                lock("1", "shop", "prod", NOON.plusSeconds(60)),
                lock("2", "*", "prod", NOON.plusSeconds(120)),
                lock("3", "shop", "*", NOON.plusSeconds(90))));

        assertThat(locks.stopping("shop", "prod", NOON)).map(Lock::id).contains("2");
        assertThat(locks.on("shop", "prod", NOON.plusSeconds(60)))
                .extracting(Lock::id)
                .containsExactly("2", "3");
        assertThat(locks.stopping("shop", "prod", NOON.plusSeconds(120))).isEmpty();
    }

    @Test
    void aChangeForgetsWhatHasEnded() {
        Locks locks = new Locks(List.of(lock("1", "shop", "prod", NOON.plusSeconds(60)), lock("2", "a", "b", null)));
        Instant later = NOON.plusSeconds(60);

        Locks more = locks.with(new Lock("3", "c", "d", "dora", later, null, "why", Lock.Scope.PROMOTIONS, null));

        assertThat(more.locks()).extracting(Lock::id).containsExactly("2", "3");
        assertThat(more.without(List.of("2"), later).locks())
                .extracting(Lock::id)
                .containsExactly("3");
    }

    @Test
    void aThousandLocksAreEnough() {
        Locks full = new Locks(IntStream.range(0, Locks.MOST)
                .mapToObj(i -> lock("l" + i, "a" + i, "*", null))
                .toList());

        assertThatThrownBy(() -> LocksFile.write(full.with(lock("one-more", "a", "b", null))))
                .isInstanceOf(RefusedException.class)
                .hasMessage("There are 1000 locks already: unlock some first.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"locks\": null}",
                "{\"locks\": [null]}",
                "{\"locks\": [{}]}",
                "{\"locks\": {\"a\": 1}}",
                "not json",
                "{\"locks\": [{\"id\":\"1\",\"application\":\"shop\",\"environment\":\"prod\",\"by\":\"eve\\nLifted\","
                        + "\"at\":\"2026-03-02T12:00:00Z\",\"reason\":\"x\",\"stops\":\"promotions\"}]}",
                "{\"locks\": [{\"id\":\"1\",\"application\":\"shop/../x\",\"environment\":\"prod\",\"by\":\"eve\","
                        + "\"at\":\"2026-03-02T12:00:00Z\",\"reason\":\"x\",\"stops\":\"promotions\"}]}",
                "{\"locks\": [{\"id\":\"1\",\"application\":\"shop\",\"environment\":\"prod\",\"by\":\"eve\","
                        + "\"at\":\"2026-03-02T12:00:00Z\",\"reason\":\"x\",\"stops\":\"nothing\"}]}",
                "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
            })
    void aHostileFileIsOneSentence(String content) {
        assertThatThrownBy(() -> LocksFile.read("locks.json", content.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(RefusedException.class)
                .message()
                .startsWith("Nobody knows what is locked, because locks.json cannot be read (")
                .endsWith("): repair it, or delete the ref to remove every lock.")
                .doesNotContain("\n");
    }

    @Test
    void aFileOfMoreThanOneMebibyteIsNotRead() {
        assertThatThrownBy(() -> LocksFile.read("locks.json", new byte[(1 << 20) + 1]))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("it is larger than 1 MiB");
    }

    @Test
    void whatALockNeedsIsSaid() {
        assertThatThrownBy(() -> new Lock("1", "shop", "prod", "dora", NOON, null, " ", Lock.Scope.PROMOTIONS, null))
                .hasMessage("A lock requires a reason.");
        assertThatThrownBy(() ->
                        new Lock("1", "shop", "prod", "dora", NOON, null, "x".repeat(501), Lock.Scope.PROMOTIONS, null))
                .hasMessage("The reason of a lock is one line of at most 500 characters: shorten it.");
        assertThatThrownBy(() -> lock("1", "shop prod", "prod", null))
                .hasMessage("Invalid 'application' of a lock: write a name as gitops.yaml has it, or a pattern of at"
                        + " most 100 characters such as shop-* or *.");
        assertThatThrownBy(() -> lock("1", "shop", "prod", NOON))
                .hasMessage("The lock would end at 2026-03-02T12:00:00Z, which is not in the future: give a later"
                        + " 'until', or none.");
    }

    private static Lock lock(String id, String application, String environment, Instant until) {
        return new Lock(id, application, environment, "dora", NOON, until, "why", Lock.Scope.PROMOTIONS, null);
    }
}
