package io.jenkins.plugins.gitops;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Applies to every test, see {@code META-INF/services}: waits give up late, because a loaded machine can be slow, and
 * look often, because it seldom is.
 */
public final class PatientWaits implements BeforeAllCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(PATIENCE);
        Awaitility.setDefaultPollInterval(LOOK_EVERY);
        Awaitility.setDefaultPollDelay(Duration.ZERO);
    }
}
