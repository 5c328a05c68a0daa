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
                "reference already exists",
                "reference does not exist",
                "The branch cannot be modified because the reference is being updated by another user. Please try"
                        + " again."
            })
    void anotherWriterWasFirst(String reason) {
        assertThatCode(() -> ReceivePack.requireMoved(reason, List.of())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Internal Server Error",
                "internal server error (500)",
                "Service Unavailable",
                "fatal error in commit_refs",
                "TF400898: An Internal Error Occurred. Activity Id: 9a1b.",
                "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource",
                "timeout",
                "transaction aborted",
                "The repository is temporarily read-only, please try again later"
            })
    void aServersFaultPasses(String reason) {
        assertThatThrownBy(() -> ReceivePack.requireMoved(reason, List.of()))
                .hasFieldOrPropertyWithValue("kind", Kind.LATER)
                .hasMessageContaining(reason);
    }

    /** The hook itself does not know: the server behind it did not answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GitLab: Internal API unreachable",
                "GitLab: API is not accessible",
                "GitLab: Internal API error (502)",
                "Gitea: Internal Server Connection Error",
                "Forgejo: Internal Server Error"
            })
    void aHookThatGotNoAnswerIsAskedAgain(String printed) {
        assertThatThrownBy(() -> ReceivePack.requireMoved("pre-receive hook declined", List.of(printed)))
                .hasFieldOrPropertyWithValue("kind", Kind.LATER)
                .hasMessage("(pre-receive hook declined): " + printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pre-receive hook declined",
                "push declined due to repository rule violations",
                "TF402462: The branch is locked by zoe",
                "TF401027: You need the Git 'GenericContribute' permission to perform this action.",
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
