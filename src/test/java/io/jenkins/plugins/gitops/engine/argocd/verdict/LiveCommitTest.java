package io.jenkins.plugins.gitops.engine.argocd.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.Observation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** States as {@link StateText} has them; a commit by its first digit, - for none. */
class LiveCommitTest {

    private static final String SETTLED = "health Healthy; at 50; ";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        synced                           | sync Synced OURS; op Succeeded OURS                             | a
        nothing was ever synced          | sync Synced OURS                                                | a
        a newer commit is not synced yet | sync OutOfSync NEWER; op Succeeded OURS                         | a
        out of sync and never synced     | sync OutOfSync OURS                                             | -
        out of sync, the last sync failed | sync OutOfSync NEWER; op Failed NEWER "no"                     | -
        not compared yet                 | sync Unknown -                                                  | -
        a sync is under way              | sync Synced OURS; op Running OURS                               | -
        a sync is asked for              | sync Synced OURS; op Succeeded OURS; requested                  | -
        being deleted                    | sync Synced OURS; op Succeeded OURS; deleting                   | -
        health is from before the sync   | sync Synced OURS; op Succeeded OURS; finished 60                | -
        one of several sources           | sources charts@1 config@main; sync Synced 1.4.2,OURS            | a
        none of several sources          | sources charts@1 other@main; sync Synced 1.4.2,OURS             | -
        the only source, another address | sources mirror@main; sync Synced OURS                           | a
        hydrated                         | sync Synced HYDRATED; hydrator dry OURS hydrated HYDRATED       | a
        a newer commit was looked at     | sync Synced HYDRATED; hydrator dry OURS hydrated HYDRATED compared NEWER | a
        a newer commit is being hydrated | sync Synced HYDRATED; hydrator dry OURS hydrated HYDRATED compared NEWER phase Hydrating | a
        an older hydrated commit         | sync Synced HYDRATED0; hydrator dry OURS hydrated HYDRATED      | -
        """)
    void isTheCommitThatRunsSettled(String name, String state, String commit) {
        Observation application = StateText.parse(SETTLED + state).application();

        assertThat(application
                        .liveCommit("https://git.example.com/acme/config.git")
                        .map(found -> found.substring(0, 1))
                        .orElse("-"))
                .isEqualTo(commit);
    }

    @ParameterizedTest
    @CsvSource({"Progressing", "Degraded", "Missing", "Suspended", "Unknown"})
    void whatIsNotHealthyDoesNotCount(String health) {
        Observation application = StateText.parse("sync Synced OURS; op Succeeded OURS; at 50; health " + health)
                .application();

        assertThat(application.liveCommit("https://git.example.com/acme/config.git"))
                .isEmpty();
    }
}
