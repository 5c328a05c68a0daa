package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.beans.Introspector;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.POST;

/** What a Pipeline or Configuration as Code can say, the forms can say too; and whom the forms answer. */
class FormsOfParametersTest {

    private static final List<JavaClass> CLASSES = new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.jenkins.plugins.gitops")
                    .stream()
                    .toList();

    private static final Pattern FIELD = Pattern.compile("field=\"([^\"]+)\"");
    private static final Pattern PART = Pattern.compile("<st:include class=\"([^\"]+)\" page=\"([^\"]+)\"/>");
    private static final Pattern TEXT = Pattern.compile("\\$\\{%([^}]+)}");
    private static final Pattern ENDPOINT = Pattern.compile("do(Check|Fill|Test|Validate)[A-Z].*");
    private static final Set<String> QUESTIONS =
            Set.of("checkPermission", "hasPermission", "checkAnyPermission", "hasAnyPermission");

    static Stream<Class<?>> configured() {
        return CLASSES.stream()
                .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(type -> !type.isInterface())
                .<Class<?>>map(JavaClass::reflect)
                .filter(type -> !parameters(type).isEmpty());
    }

    @Test
    void stepsAndConfigurationAreAmongThem() {
        assertThat(configured().map(Class::getSimpleName))
                .contains(
                        "BumpImageStep",
                        "AwaitSyncStep",
                        "PromoteStep",
                        "ApprovalStep",
                        "RollbackStep",
                        "StatusStep",
                        "VerifyStep",
                        "GitOpsConfiguration",
                        "GitOpsFolderProperty",
                        "ConfiguredRepository",
                        "ArgoCdConnection");
    }

    @ParameterizedTest
    @MethodSource("configured")
    void everyParameterHasAFieldInTheForm(Class<?> type) throws IOException {
        assertThat(fields(type)).containsExactlyInAnyOrderElementsOf(parameters(type));
    }

    @ParameterizedTest
    @MethodSource("configured")
    void everyParameterHasHelp(Class<?> type) throws IOException {
        for (String parameter : parameters(type)) {
            assertThat(read(helped(type, parameter), "help-" + parameter + ".html"))
                    .contains("<div>", "</div>");
        }
    }

    @ParameterizedTest
    @MethodSource("configured")
    void everyTextOfTheFormIsInItsProperties(Class<?> type) throws IOException {
        Properties texts = new Properties();
        texts.load(type.getResourceAsStream(type.getSimpleName() + "/config.properties"));

        Set<String> used = new TreeSet<>(TEXT.matcher(read(type, "config.jelly"))
                .results()
                .map(found -> found.group(1))
                .toList());

        assertThat(texts.stringPropertyNames()).containsExactlyInAnyOrderElementsOf(used);
    }

    static Stream<JavaMethod> endpoints() {
        return CLASSES.stream()
                .filter(type -> type.isAssignableTo("hudson.model.Descriptor"))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(method -> ENDPOINT.matcher(method.getName()).matches());
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void aFormsEndpointAnswersPostsOnly(JavaMethod endpoint) {
        assertThat(endpoint.isAnnotatedWith(POST.class) || endpoint.isAnnotatedWith(RequirePOST.class))
                .as(endpoint.getFullName())
                .isTrue();
    }

    /** A list of the words of an enumeration tells nobody anything: it has no parameter and reads nothing. */
    @ParameterizedTest
    @MethodSource("endpoints")
    void aFormsEndpointLooksAtWhoAsks(JavaMethod endpoint) {
        boolean saysTheSameToAll =
                endpoint.getRawParameterTypes().isEmpty() && endpoint.getName().startsWith("doFill");

        assertThat(saysTheSameToAll || asksForPermission(endpoint, new HashSet<>()))
                .as(endpoint.getFullName())
                .isTrue();
    }

    @Test
    void thereAreEndpointsToLookAt() {
        assertThat(endpoints().map(JavaMethod::getName))
                .hasSizeGreaterThan(25)
                .contains("doTestConnection", "doFillCredentialsIdItems", "doCheckUrl", "doCheckTimeout");
    }

    private static boolean asksForPermission(JavaMethod method, Set<String> seen) {
        if (!seen.add(method.getFullName())) {
            return false;
        }
        return method.getCallsFromSelf().stream()
                .map(JavaAccess::getTarget)
                .anyMatch(target -> QUESTIONS.contains(target.getName())
                        || target.getOwner().getPackageName().startsWith("io.jenkins.plugins.gitops")
                                && target.getOwner().getAllMethods().stream()
                                        .filter(called -> called.getName().equals(target.getName()))
                                        .anyMatch(called -> asksForPermission(called, seen)));
    }

    /** One environment is a short way of writing a list of one: where there is a list, it has the field. */
    private static Set<String> parameters(Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.isAnnotationPresent(DataBoundConstructor.class)) {
                Stream.of(constructor.getParameters()).map(Parameter::getName).forEach(names::add);
            }
        }
        for (Method method : type.getMethods()) {
            if (method.isAnnotationPresent(DataBoundSetter.class) && isOurs(method)) {
                names.add(Introspector.decapitalize(method.getName().substring("set".length())));
            }
        }
        if (names.contains("environments")) {
            names.remove("environment");
        }
        return names;
    }

    /** As Jenkins looks for it: at the type, then at what it extends. */
    private static Class<?> helped(Class<?> type, String parameter) {
        String help = "/help-" + parameter + ".html";
        return Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getSuperclass)
                .filter(one -> one.getResource(one.getSimpleName() + help) != null)
                .findFirst()
                .orElse(type);
    }

    /** What a type inherits from another plugin's, that plugin's form asks for. */
    private static boolean isOurs(Method method) {
        return method.getDeclaringClass().getPackageName().startsWith("io.jenkins.plugins.gitops");
    }

    /** Those of the form, and of the parts that it has in common with others. */
    private static Set<String> fields(Class<?> type) throws IOException {
        String form = read(type, "config.jelly");
        Set<String> fields = new TreeSet<>();
        for (Matcher part = PART.matcher(form); part.find(); ) {
            fields.addAll(named(read(superclass(type, part.group(1)), part.group(2))));
        }
        fields.addAll(named(form));
        return fields;
    }

    private static List<String> named(String form) {
        return FIELD.matcher(form).results().map(found -> found.group(1)).toList();
    }

    private static Class<?> superclass(Class<?> type, String name) {
        return Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getSuperclass)
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " is no " + name));
    }

    private static String read(Class<?> type, String file) throws IOException {
        try (InputStream found = type.getResourceAsStream(type.getSimpleName() + "/" + file)) {
            assertThat(found).as("%s of %s", file, type.getName()).isNotNull();
            return new String(found.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
