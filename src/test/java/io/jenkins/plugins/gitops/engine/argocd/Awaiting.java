package io.jenkins.plugins.gitops.engine.argocd;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long tests wait for what must come: as long as the slowest machine may take, since it costs nothing elsewhere. */
public final class Awaiting {

    public static final Duration LONG = Duration.ofSeconds(90);

    private Awaiting() {}

    public static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(10)).atMost(LONG);
    }
}
