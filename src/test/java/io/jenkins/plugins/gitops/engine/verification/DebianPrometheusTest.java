package io.jenkins.plugins.gitops.engine.verification;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Against a real Prometheus, where its package is installed. */
class DebianPrometheusTest extends PrometheusContract {

    @TempDir
    private static Path folder;

    private static DebianPrometheus prometheus;

    @BeforeAll
    static void start() throws IOException {
        DebianPrometheus.assumeInstalled();
        prometheus = new DebianPrometheus(folder);
        prometheus.export("""
            # TYPE shop_errors gauge
            shop_errors{pod="a"} 3
            shop_errors{pod="b"} 4
            """);
    }

    @AfterAll
    static void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    @BeforeEach
    void begin() {
        awaitData();
    }

    @Override
    URI address() {
        return prometheus.address();
    }
}
