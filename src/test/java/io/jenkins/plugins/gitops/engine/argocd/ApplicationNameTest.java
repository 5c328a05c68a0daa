package io.jenkins.plugins.gitops.engine.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that reach Kubernetes or Argo CD cannot lead a request elsewhere. */
class ApplicationNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "../../../../api/v1/namespaces/x", "a/b", "a%2fb", "Argocd", "-a", "a-", "a.b", "a\n"})
    void aNamespaceThatIsNoneIsRefusedByName(String namespace) {
        assertThatThrownBy(() -> new AwaitedApplications("main", namespace, "shop", Map.of()))
                .isInstanceOf(ArgoCdException.class)
                .hasMessageContaining("is not a valid namespace name");
        assertThatThrownBy(() -> new ApplicationName(namespace, "shop")).isInstanceOf(ArgoCdException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../shop", "shop?x=1", "shop/../..", "Shop", "shop..prod", "shop\n", "shop#"})
    void anApplicationNameThatIsNoneIsRefusedByName(String name) {
        assertThatThrownBy(() -> AwaitedApplications.named("main", name))
                .isInstanceOf(ArgoCdException.class)
                .hasMessageContaining("is not a valid Application name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "team", "team=", "=shop", "team=shop,", "team in (a)", "team=a b", "team=a&x=1", "-a=b"})
    void aSelectorThatIsNoneIsRefusedByName(String selector) {
        assertThatThrownBy(() -> AwaitedApplications.labels(selector + (selector.endsWith(",") ? " " : "")))
                .isInstanceOf(ArgoCdException.class)
                .hasMessageContaining("is not a list of equal labels");
    }

    @ParameterizedTest
    @CsvSource({"team,'a,b'", "'team,x',a", "team,'a=b'", "'',a", "team,''", "'team\n',a"})
    void aLabelThatIsNoneIsRefusedByName(String key, String value) {
        assertThatThrownBy(() -> new AwaitedApplications("main", null, null, Map.of(key, value)))
                .isInstanceOf(ArgoCdException.class)
                .hasMessageContaining("is not a list of equal labels");
    }

    @Test
    void whatKubernetesTakesIsTaken() {
        assertThat(AwaitedApplications.labels("team=shop, acme.example/tier==web"))
                .containsOnly(Map.entry("team", "shop"), Map.entry("acme.example/tier", "web"));
        assertThat(new ApplicationName("team-a", "shop.prod-1")).hasToString("team-a/shop.prod-1");
    }
}
