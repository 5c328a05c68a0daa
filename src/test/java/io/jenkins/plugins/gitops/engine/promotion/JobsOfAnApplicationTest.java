package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code jobs} of an application, and full names that Jenkins allows: what does not match exactly is left out. */
class JobsOfAnApplicationTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "team-shop/**|team-shop/deploy|true",
                "team-shop/**|team-shop|false",
                "team-shop/**|Team-Shop/deploy|false",
                "team-shop/**|team-shop /deploy|false",
                "team-shop/**| team-shop/deploy|false",
                "team-shop/**|t\u0435am-shop/deploy|false",
                "Team Shop/**|Team Shop/Deploy to prod|true",
                "Team Shop/*|Team Shop/a/b|false",
                "Team Shop/**|Team\u00a0Shop/deploy|false",
                "b\u00fccher/**|b\u00fccher/ausliefern|true",
                "b\u00fccher/**|bu\u0308cher/ausliefern|false",
                "\u96fb\u5b50/*|\u96fb\u5b50/\u90e8\u7f72|true",
                "team-shop/|team-shop|false",
                "team-shop/|team-shop/deploy|false",
                "/team-shop/**|team-shop/deploy|false",
                "team-shop/deploy|team-shop/deploy/|false",
                "team-shop/*/main|team-shop/deploy/feature%2Fa|false",
                "team-shop/*/*|team-shop/deploy/feature%2Fa|true",
                "team.shop/**|teamXshop/deploy|false",
                "(team)+/**|team/deploy|false",
                "[a-z]/**|a/deploy|false",
                "**|any/job at all|true",
                "*|folder/job|false"
            })
    void mayChangeItOnlyByItsExactName(String pattern, String job, boolean may) {
        Application shop = DeclarationReader.read(
                        "gitops.yaml",
                        Shop.DECLARATION
                                .replace("  shop:\n", "  shop:\n    jobs: ['" + pattern + "']\n")
                                .getBytes(StandardCharsets.UTF_8))
                .application("shop");

        if (may) {
            assertThatCode(() -> Declarations.requireJob(shop, Provenance.UNKNOWN.by(job)))
                    .doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> Declarations.requireJob(shop, Provenance.UNKNOWN.by(job)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("'applications.shop.jobs' in gitops.yaml allows only " + pattern + ";");
        }
    }
}
