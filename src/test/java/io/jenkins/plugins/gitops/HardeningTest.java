package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What browsers and Pipeline scripts reach, and what runs on Jenkins' own threads: rules for every class and file. */
class HardeningTest {

    private static final List<JavaClass> CLASSES = new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.jenkins.plugins.gitops")
                    .stream()
                    .toList();

    private static final Pattern ENDPOINT = Pattern.compile("do[A-Z].*");

    private static final Set<String> VERBS = Set.of(
            "org.kohsuke.stapler.verb.GET",
            "org.kohsuke.stapler.verb.POST",
            "org.kohsuke.stapler.interceptor.RequirePOST");

    /** What waits for a network, or for somebody who does. */
    private static final Pattern WAITS =
            Pattern.compile("(.*\\.engine\\.git\\.ConfigRepository\\.(tip|at|commit|history|files|isAncestor)"
                    + "|.*\\.engine\\.argocd\\.ArgoCd\\.(list|watch|observe|refresh|renewRefresh|sync|withdraw)"
                    + "|.*\\.engine\\.registry\\.ImageRegistry\\..*"
                    + "|java\\.net\\.http\\.HttpClient\\.send"
                    + "|java\\.util\\.concurrent\\.(Future|CompletableFuture)\\.(get|join)"
                    + "|java\\.lang\\.Thread\\.(sleep|join))\\(.*");

    private static final Pattern SECRET_HOLDER =
            Pattern.compile("record (\\w+)\\([^{]*?(?:String|char\\[\\]|byte\\[\\]) "
                    + "(?:password|passphrase|secret|token|privateKey|kubeconfig)\\b[^{]*\\{");

    @Test
    void everyMethodThatABrowserCallsSaysWhichVerbItAnswers() {
        List<JavaMethod> endpoints = CLASSES.stream()
                .filter(type -> !type.getPackageName().contains(".engine"))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> ENDPOINT.matcher(method.getName()).matches())
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                .toList();

        assertThat(endpoints)
                .hasSizeGreaterThan(60)
                .allSatisfy(
                        endpoint -> assertThat(VERBS).as(endpoint.getFullName()).anyMatch(endpoint::isAnnotatedWith));
    }

    @Test
    void everyViewEscapesWhatItShows() throws IOException {
        assertThat(sources("src/main/resources", "jelly"))
                .hasSizeGreaterThan(20)
                .allSatisfy(view -> assertThat(Files.readString(view))
                        .as(view.toString())
                        .startsWith("<?jelly escape-by-default='true'?>")
                        .doesNotContain("<j:out", "escapeText=\"false\"", "escapeText='false'"));
    }

    @Test
    void noScriptWritesHtml() throws IOException {
        assertThat(sources("src/main/webapp", "js"))
                .isNotEmpty()
                .allSatisfy(script -> assertThat(Files.readString(script))
                        .as(script.toString())
                        .doesNotContain(
                                "innerHTML",
                                "outerHTML",
                                "insertAdjacentHTML",
                                "document.write",
                                "createContextualFragment",
                                "eval(",
                                "new Function("));
    }

    @Test
    void nothingIsOfferedToScriptsPastTheSandbox() throws IOException {
        try (Stream<Path> files = Files.walk(SourceTree.root().resolve("src").resolve("main"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .hasSizeGreaterThan(300)
                    .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("whitelist"));
        }
        assertThat(sources("src/main/java", "java"))
                .allSatisfy(source -> assertThat(Files.readString(source))
                        .as(source.toString())
                        .doesNotContainIgnoringCase("whitelist"));
    }

    /** A record shows its parts in logs and messages unless it says otherwise. */
    @Test
    void aRecordThatHoldsASecretDoesNotShowIt() throws IOException {
        List<String> holders = new ArrayList<>();
        for (Path source : sources("src/main/java", "java")) {
            String text = Files.readString(source);
            for (Matcher record = SECRET_HOLDER.matcher(text); record.find(); ) {
                holders.add(record.group(1));
                assertThat(text.substring(record.end(), endOfBody(text, record.end())))
                        .as(record.group(1) + " in " + source)
                        .contains("String toString()");
            }
        }
        assertThat(holders).contains("UserPassword", "SshKey", "RegistryLogin", "ControllerProxy");
    }

    /** @param begin behind the brace that opens it */
    private static int endOfBody(String text, int begin) {
        int open = 1;
        int at = begin;
        for (; open > 0 && at < text.length(); at++) {
            open += text.charAt(at) == '{' ? 1 : text.charAt(at) == '}' ? -1 : 0;
        }
        return at;
    }

    /** They run on the thread of a Pipeline, or of Jenkins' start, and hold up every other one. */
    @Test
    void noStepWaitsForANetworkWhereItStartsResumesOrStops() {
        List<JavaMethod> begins = CLASSES.stream()
                .filter(type -> type.isAssignableTo("org.jenkinsci.plugins.workflow.steps.StepExecution"))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> Set.of("start", "onResume", "stop").contains(method.getName()))
                .toList();

        assertThat(begins)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(method -> assertThat(calledBy(method))
                        .as(method.getFullName())
                        .noneMatch(called -> WAITS.matcher(called).matches()));
        assertThat(begins.stream().flatMap(method -> calledBy(method).stream()))
                .hasSizeGreaterThan(40)
                .anyMatch(called -> called.contains(".engine."));
    }

    /** What is called on the same thread: lambdas are handed to others. */
    private static Set<String> calledBy(JavaMethod begin) {
        Set<String> called = new HashSet<>();
        Set<JavaCodeUnit> seen = new HashSet<>(Set.of(begin));
        Deque<JavaCodeUnit> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            for (JavaMethodCall call : open.pop().getMethodCallsFromSelf()) {
                if (!call.isDeclaredInLambda()) {
                    called.add(call.getTarget().getFullName());
                    call.getTarget()
                            .resolveMember()
                            .ifPresent(target ->
                                    withOverriding(target).filter(seen::add).forEach(open::push));
                }
            }
        }
        return called;
    }

    private static Stream<JavaMethod> withOverriding(JavaMethod method) {
        List<JavaClass> parameters = method.getRawParameterTypes();
        return Stream.concat(
                Stream.of(method),
                method.getOwner().getAllSubclasses().stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(other -> other.getName().equals(method.getName())
                                && other.getRawParameterTypes().equals(parameters)));
    }

    private static List<Path> sources(String folder, String extension) throws IOException {
        try (Stream<Path> files = Files.walk(SourceTree.root().resolve(folder))) {
            return files.filter(file -> file.toString().endsWith("." + extension))
                    .toList();
        }
    }
}
