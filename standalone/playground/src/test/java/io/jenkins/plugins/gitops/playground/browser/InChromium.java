package io.jenkins.plugins.gitops.playground.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a {@link Tab} of its own, without cookies, of one browser that all tests of the process share. Where no
 * Chromium is installed such tests skip themselves visibly.
 */
public final class InChromium implements ParameterResolver {

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(InChromium.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Tab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Optional<Chromium> browser = context.getRoot()
                .getStore(OURS)
                .computeIfAbsent(Chromium.class, unused -> new Shared(start()), Shared.class)
                .browser();
        assumeTrue(browser.isPresent(), "no Chromium on the PATH: page tests are skipped");
        Tab tab = browser.get().open();
        context.getStore(OURS).put(Tab.class, tab);
        return tab;
    }

    private static Optional<Chromium> start() {
        try {
            return Chromium.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** JUnit closes it when the last test of the process has ended. */
    private record Shared(Optional<Chromium> browser) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            if (browser.isPresent()) {
                browser.get().close();
            }
        }
    }
}
