package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BranchNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"main", "release/2.1", "feature/refs", "v1.2", "a@b", "deadbeef", "Größe", "HEADS", "x.locked"})
    void whatGitBranchShowsIsABranch(String name) {
        assertThat(BranchName.problem(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "refs/pull/7/head",
                "refs/heads/main",
                "refs/tags/v1",
                "HEAD",
                "HEAD~1",
                "main^",
                "main^{tree}",
                "main~3",
                "@",
                "@{u}",
                "main@{yesterday}",
                "main..evil",
                "a branch",
                "a\u00a0branch",
                "line\nbreak",
                "with:colon",
                "*",
                "what?",
                "[a]",
                "back\\slash",
                "-f",
                "/main",
                "main/",
                "a//b",
                ".hidden",
                "a/.hidden",
                "main.lock",
                "a.lock/b",
                "main.",
                "0123456789012345678901234567890123456789",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void everythingElseIsRefusedWithTheRemedy(String name) {
        assertThat(BranchName.problem(name).orElseThrow())
                .contains("is not the name of a branch; write it as 'git branch' shows it")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {251, 1_000_000})
    void aNameIsNotLongerThanAnyServerTakes(int length) {
        assertThat(BranchName.problem("x".repeat(length)).orElseThrow()).hasSizeLessThan(300);
    }
}
