package io.jenkins.plugins.gitops.playground;

import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import java.io.IOException;
import java.nio.file.Files;

/** The ledger of a playground's config repository, rebuilt from Git. */
record LedgerReadings(PlaygroundFixture playground) {

    /** As the controller has kept it up since it started. */
    Ledger ofTheController() {
        return read(GitOpsServices.get().ledgers(), GitOpsServices.get().repository(remote()));
    }

    /** From a clone made now, by somebody who has nothing else. */
    Ledger ofAFreshClone() throws IOException {
        try (GitConfigRepositories elsewhere =
                new GitConfigRepositories(Files.createTempDirectory(playground.folder(), "fresh"))) {
            return read(new Ledgers(), elsewhere.open(remote()));
        }
    }

    private Ledger read(Ledgers ledgers, ConfigRepository repository) {
        return ledgers.of(repository, "main", playground.playground().world().declaration(), Progress.SILENT);
    }

    private Remote remote() {
        return new Remote(playground.playground().world().cloneUrl());
    }
}
