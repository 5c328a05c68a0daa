package io.jenkins.plugins.gitops.engine.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a notification, whoever sent it. */
class AlertNotificationTest {

    @Test
    void whatAlertmanagerSendsIsRead() throws IOException {
        AlertNotification read = read("""
            {
              "version": "4",
              "groupKey": "{}:{service=\\"shop\\"}",
              "truncatedAlerts": 0,
              "status": "firing",
              "receiver": "jenkins",
              "alerts": [
                {
                  "status": "firing",
                  "labels": { "alertname": "ShopErrors", "service": "shop", "severity": "critical" },
                  "annotations": { "summary": "5 % of the requests fail" },
                  "startsAt": "2026-03-02T12:00:01.5Z",
                  "endsAt": "0001-01-01T00:00:00Z",
                  "generatorURL": "http://prometheus/graph",
                  "fingerprint": "c0ffee0123456789"
                },
                {
                  "status": "resolved",
                  "labels": { "alertname": "ShopSlow", "service": "shop" },
                  "annotations": {},
                  "startsAt": "2026-03-02T13:00:00+02:00",
                  "endsAt": "2026-03-02T12:00:00+02:00",
                  "fingerprint": "0123456789abcdef"
                }
              ]
            }
            """);

        assertThat(read)
                .isEqualTo(new AlertNotification(
                        java.util.List.of(
                                new Alert(
                                        Alert.Status.FIRING,
                                        "c0ffee0123456789",
                                        Map.of("alertname", "ShopErrors", "service", "shop", "severity", "critical"),
                                        "5 % of the requests fail",
                                        Instant.parse("2026-03-02T12:00:01.5Z")),
                                new Alert(
                                        Alert.Status.RESOLVED,
                                        "0123456789abcdef",
                                        Map.of("alertname", "ShopSlow", "service", "shop"),
                                        "",
                                        Instant.parse("2026-03-02T11:00:00Z"))),
                        0));
    }

    @Test
    void whatGrafanaSendsIsRead() throws IOException {
        AlertNotification read = read("""
            {
              "receiver": "jenkins", "status": "firing", "orgId": 1, "version": "1", "truncatedAlerts": 3,
              "alerts": [
                {
                  "status": "firing",
                  "labels": { "alertname": "ShopErrors", "grafana_folder": "shop" },
                  "annotations": { "summary": "errors" },
                  "startsAt": "2026-03-02T12:00:00.000000001Z",
                  "values": { "B": 22, "C": 1 }, "valueString": "[ var='B' ]",
                  "silenceURL": "http://grafana/alerting/silence/new"
                }
              ],
              "title": "[FIRING:1]", "state": "alerting", "message": "**Firing**"
            }
            """);

        assertThat(read.leftOut()).isEqualTo(3);
        assertThat(read.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.line()).isEqualTo("ShopErrors{grafana_folder=\"shop\"}: errors");
            assertThat(alert.fingerprint()).as("made of the labels").matches("[0-9a-f]{32}");
        });
    }

    @Test
    void whatIsTooMuchOrNotReadableIsLeftOutAndCounted() throws IOException {
        String good = alert("firing", "2026-03-02T12:00:00Z");

        assertThat(read("{\"alerts\":[" + good + "," + alert("firing", "today") + "," + alert("lit", "") + ",7]}"))
                .satisfies(read -> {
                    assertThat(read.alerts()).hasSize(1);
                    assertThat(read.leftOut()).isEqualTo(3);
                });
        String many = IntStream.range(0, 510).mapToObj(at -> good).collect(Collectors.joining(","));
        assertThat(read("{\"alerts\":[" + many + "],\"truncatedAlerts\":5}")).satisfies(read -> {
            assertThat(read.alerts()).hasSize(AlertNotification.MOST_ALERTS);
            assertThat(read.leftOut()).isEqualTo(15);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alerts", "[]", "{}", "{\"alerts\": {}}", "{\"alerts\": [", "null"})
    void anythingElseIsRefusedWithASentence(String body) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("; send what Alertmanager's webhook_config sends.");
    }

    @Test
    void anAlertIsOneLineOfBoundedLength() throws IOException {
        String labels = IntStream.range(0, 100)
                .mapToObj(at -> "\"label" + at + "\":\"" + "x".repeat(200) + "\"")
                .collect(Collectors.joining(","));
        AlertNotification read =
                read("{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"alertname\":\"A\\nB\"," + labels
                        + "},\"annotations\":{\"summary\":\"first\\n\\u2028second " + "y".repeat(5_000)
                        + "\"},\"startsAt\":\"2026-03-02T12:00:00Z\"}]}");

        assertThat(read.alerts().get(0).line())
                .startsWith("A B{label0=\"x")
                .contains("}: first second yy")
                .hasSizeLessThan(500)
                .doesNotContain("\n", "\u2028");
    }

    private static String alert(String status, String startsAt) {
        return "{\"status\":\"" + status + "\",\"labels\":{\"alertname\":\"A\"},\"startsAt\":\"" + startsAt + "\"}";
    }

    private static AlertNotification read(String body) throws IOException {
        return AlertNotification.read(body.getBytes(StandardCharsets.UTF_8));
    }
}
