package io.jenkins.plugins.gitops.engine.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications.Selector;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that reach Kubernetes or Argo CD cannot lead a request elsewhere. */
class ApplicationNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "../../../../api/v1/namespaces/x", "a/b", "a%2fb", "Argocd", "-a", "a-", "a.b", "a\n"})
    void aNamespaceThatIsNoneIsRefusedByName(String namespace) {
        assertThatThrownBy(() -> new AwaitedApplications("main", Optional.of(namespace), new Selector.ByName("shop")))
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

    @Test
    void whatKubernetesTakesIsTaken() {
        assertThat(new ApplicationName("team-a", "shop.prod-1")).hasToString("team-a/shop.prod-1");
    }
}
