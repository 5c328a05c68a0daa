package io.jenkins.plugins.gitops.steps.changes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.gitops.engine.changes.ChangedFiles;
import io.jenkins.plugins.gitops.engine.changes.ComparisonBase;
import io.jenkins.plugins.gitops.engine.changes.SourceCheckout;
import io.jenkins.plugins.gitops.engine.changes.SourceRepository;
import io.jenkins.plugins.gitops.steps.support.AgentCall;
import java.io.File;
import java.io.IOException;
import java.util.Optional;
import jenkins.agents.ControllerToAgentFileCallable;

/**
 * The sources where they are checked out, which usually is on an agent. Nothing of what is read there is decided there: rules
 * and kinds are the controller's business.
 *
 * @param directory the step's own
 * @param top the workspace that it is in, where it is known
 */
record Workspace(FilePath directory, @CheckForNull String top) {

    /** What is checked out; without a commit where it is no Git repository. */
    SourceCheckout checkout() throws IOException, InterruptedException {
        return AgentCall.ask(directory, new Look(top));
    }

    ChangedFiles compare(ComparisonBase base) throws IOException, InterruptedException {
        return AgentCall.ask(directory, new Compare(top, base));
    }

    private static Optional<SourceRepository> repository(File directory, @CheckForNull String top) throws IOException {
        return SourceRepository.of(directory, top == null ? null : new File(top));
    }

    private record Look(@CheckForNull String top) implements ControllerToAgentFileCallable<SourceCheckout> {

        @Override
        public SourceCheckout invoke(File directory, VirtualChannel channel) throws IOException {
            Optional<SourceRepository> found = repository(directory, top);
            if (found.isEmpty()) {
                return SourceCheckout.NONE;
            }
            try (SourceRepository repository = found.get()) {
                return repository.checkout();
            }
        }
    }

    private record Compare(@CheckForNull String top, ComparisonBase base)
            implements ControllerToAgentFileCallable<ChangedFiles> {

        @Override
        public ChangedFiles invoke(File directory, VirtualChannel channel) throws IOException {
            try (SourceRepository repository =
                    repository(directory, top).orElseThrow(() -> new IOException("the repository is gone"))) {
                return repository.compare(base);
            }
        }
    }
}
