package io.jenkins.plugins.gitops.engine.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Argo CD is told of the source commit. */
class CommitReferenceTest {

    private static final String SHA = "0123456789abcdef0123456789abcdef01234567";

    @Test
    void everythingThatIsKnownIsATrailer() {
        CommitReference reference = new CommitReference(
                SHA,
                "https://git.example.org/acme/shop.git",
                "Dora D. <dora@example.org>",
                "2026-11-30T12:00:00+01:00",
                "Sell more");

        assertThat(reference.trailers().list())
                .extracting(trailer -> trailer.key() + ": " + trailer.value())
                .containsExactly(
                        "Argocd-reference-commit-sha: " + SHA,
                        "Argocd-reference-commit-repourl: https://git.example.org/acme/shop.git",
                        "Argocd-reference-commit-author: Dora D. <dora@example.org>",
                        "Argocd-reference-commit-date: 2026-11-30T12:00:00+01:00",
                        "Argocd-reference-commit-subject: Sell more");
        assertThat(CommitReference.of(reference.trailers())).contains(reference);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        https://robot:secret@git.example.org/a/b.git | https://git.example.org/a/b.git
        https://secret@git.example.org/a/b           | https://git.example.org/a/b
        git@git.example.org:acme/shop.git            | ssh://git.example.org/acme/shop.git
        ssh://git@git.example.org:2222/a/b           | ssh://git.example.org:2222/a/b
        https://a:b@c@git.example.org/a              |
        javascript:alert(1)                          |
        file:///etc/passwd                           |
        /srv/git/shop                                |
        """)
    void addressesAreUrlsWithoutSecrets(String given, String written) {
        Trailers trailers = new CommitReference(SHA, given, null, null, null).trailers();

        assertThat(trailers.values("Argocd-reference-commit-repourl"))
                .isEqualTo(written == null ? List.of() : List.of(written));
    }

    @Test
    void whatArgoCdWouldNotReadIsLeftOut() {
        assertThat(new CommitReference("5ource", "https://a.example/b", null, null, null).trailers())
                .isEqualTo(Trailers.NONE);
        assertThat(new CommitReference(
                                SHA,
                                null,
                                "Eve\nGitOps-Approved-By: mary <eve@example.org>",
                                "yesterday",
                                "Sell more\nGitOps-Approved-By: mary")
                        .trailers()
                        .list())
                .extracting(trailer -> trailer.key() + ": " + trailer.value())
                .containsExactly("Argocd-reference-commit-sha: " + SHA, "Argocd-reference-commit-subject: Sell more");
    }
}
