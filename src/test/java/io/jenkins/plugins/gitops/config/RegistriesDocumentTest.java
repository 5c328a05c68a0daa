package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.config.ControllerProxy.AwsClients;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The configuration in docs/registries.md is one: every key is a property, every rule can be read. */
class RegistriesDocumentTest {

    private static final Pattern BLOCK = Pattern.compile("```yaml\\R(.*?)```", Pattern.DOTALL);

    @Test
    void theDocumentedRegistriesAndRulesCanBeConfigured() throws Exception {
        Map<?, ?> gitops = (Map<?, ?>) ((Map<?, ?>) documented().get("unclassified")).get("gitops");
        RegistryConnector opening = new RegistryConnector(
                OciSettings.usual(HttpClients.DEFAULT), new AwsClients(Optional.empty()), (id, at) -> null);

        for (Object entry : (List<?>) gitops.get("registries")) {
            Map<?, ?> properties = (Map<?, ?>) entry;
            ConfiguredRegistry registry = new ConfiguredRegistry((String) properties.get("host"));
            set(registry, properties, "host");
            assertThat(ConfiguredRegistry.DescriptorImpl.checkedHost(registry.getHost())
                            .kind
                            .name())
                    .isEqualTo("OK");
            assertThat(ConfiguredRegistry.DescriptorImpl.checkedRole(registry.getRole(), registry.getHost())
                            .kind
                            .name())
                    .isEqualTo("OK");
            if (registry.getCredentialsId() == null) {
                assertThat(opening.open(registry)).isNotNull();
            }
        }
        ConfiguredImagePolicy policy = new ConfiguredImagePolicy();
        set(policy, (Map<?, ?>) gitops.get("imagePolicy"), "");
        assertThat(policy.read()).isNotEqualTo(ImagePolicy.DEFAULT);
    }

    private static void set(Object bean, Map<?, ?> properties, String except) throws ReflectiveOperationException {
        for (Map.Entry<?, ?> property : properties.entrySet()) {
            String name = (String) property.getKey();
            if (!name.equals(except)) {
                String setter = "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
                Class<?> type = property.getValue() instanceof Integer ? int.class : String.class;
                Method method = bean.getClass().getMethod(setter, type);
                method.invoke(bean, property.getValue());
            }
        }
    }

    private static Map<?, ?> documented() throws IOException {
        Path fromRoot = Path.of("docs/registries.md");
        Path document = Files.exists(fromRoot) ? fromRoot : Path.of("../..").resolve(fromRoot);
        Matcher block = BLOCK.matcher(Files.readString(document));
        assertThat(block.find()).isTrue();
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(block.group(1));
    }
}
