package io.jenkins.plugins.gitops.engine;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;

/** Commands of the machine that a test may have to do without. */
public final class Command {

    private Command() {}

    /** Runs it; false when it fails or is not there. */
    public static boolean succeeds(@NonNull String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
