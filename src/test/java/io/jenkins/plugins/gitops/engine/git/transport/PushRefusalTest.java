package io.jenkins.plugins.gitops.engine.git.transport;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Git hosts answer for one ref, word for word. */
class PushRefusalTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "non-fast-forward",
                "fetch first",
                "failed to update ref",
                "cannot lock ref 'refs/heads/main': is at 4f5c but expected 9a1b",
                "incorrect old value provided",
                "TF401028: The reference 'refs/heads/main' has already been updated by another client, so you cannot"
                        + " update it. Please try again.",
                "non-fast forward",
                "invalid old id sent",
                "failed to lock",
                "LOCK_FAILURE",
                "reference already exists"
            })
    void anotherWriterWasFirst(String reason) {
        assertThatCode(() -> ReceivePack.requireMoved(reason, List.of())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Internal Server Error", "internal server error (500)", "Service Unavailable"})
    void aServersFaultPasses(String reason) {
        assertThatThrownBy(() -> ReceivePack.requireMoved(reason, List.of()))
                .hasFieldOrPropertyWithValue("kind", Kind.LATER)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pre-receive hook declined",
                "protected branch hook declined",
                "hook declined: fetch first, says our policy",
                "prohibited by Gerrit: not permitted: update",
                "TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.",
                "deny updating a hidden ref"
            })
    void aHookOrAProtectedBranchRefusesForGood(String reason) {
        assertThatThrownBy(() -> ReceivePack.requireMoved(reason, List.of("why")))
                .hasFieldOrPropertyWithValue("kind", Kind.REFUSED)
                .hasMessage("(" + reason + "): why");
    }
}
