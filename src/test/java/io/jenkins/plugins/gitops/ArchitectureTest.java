package io.jenkins.plugins.gitops;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Data flows one way: step, engine, port. */
@AnalyzeClasses(packages = "io.jenkins.plugins.gitops", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theEngineKnowsNoJenkins = noClasses()
            .that()
            .resideInAPackage("..gitops.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "hudson..", "jenkins..", "org.jenkinsci..", "org.kohsuke..", "com.cloudbees..", "net.sf.json..");

    @ArchTest
    static final ArchRule theEngineKnowsNothingOfTheStepsAboveIt = noClasses()
            .that()
            .resideInAPackage("..gitops.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..gitops.steps..",
                    "..gitops.config..",
                    "..gitops.pages..",
                    "..gitops.security..",
                    "..gitops.notify..");

    @ArchTest
    static final ArchRule theModelKnowsNoPort = noClasses()
            .that()
            .resideInAPackage("..gitops.engine.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..engine.git..", "..engine.argocd..", "..engine.registry..", "..engine.promotion..");

    @ArchTest
    static final ArchRule theLedgerKnowsNothingOfThoseWhoWriteIt = noClasses()
            .that()
            .resideInAPackage("..engine.ledger..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..engine.promotion");

    @ArchTest
    static final ArchRule theGateKnowsNothingOfThePromotionItGuards = noClasses()
            .that()
            .resideInAPackage("..engine.gate..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..engine.promotion");

    @ArchTest
    static final ArchRule thePartsOfTheEngineStandInOneOrder =
            slices().matching("io.jenkins.plugins.gitops.engine.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noPackageHasACycle =
            slices().matching("io.jenkins.plugins.gitops.(**)").should().beFreeOfCycles();

    /**
     * So no parameter of a request can name where to. Links that people follow are drawn by the pages. One takes no
     * parameter: the menu of the signed-in user links only to what is below the user's page.
     */
    @ArchTest
    static final ArchRule noEndpointSendsTheBrowserElsewhere = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.jenkins.plugins.gitops.pages.deployments.WaitingForMe")
            .should()
            .callMethodWhere(target(nameMatching("(?i).*redirect.*"))
                    .and(target(owner(not(resideInAnyPackage("io.jenkins.plugins.gitops..", "java.net.http.."))))))
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("(?i)(org\\.kohsuke|hudson|jenkins)\\..*redirect.*");

    /** What leaves a package; inside one, an exception may carry a finding to where it becomes a sentence. */
    @ArchTest
    static final ArchRule userErrorsEndAsOneSentence = classes()
            .that()
            .resideInAPackage("..gitops..")
            .and()
            .arePublic()
            .and()
            .areAssignableTo(RuntimeException.class)
            .should()
            .beAssignableTo("io.jenkins.plugins.gitops.engine.GitOpsException");

    /** A name means one thing. The cases of a sealed type may be named like what they are about. */
    @ArchTest
    static void noTypeOfTheEngineBearsTheNameOfAnother(JavaClasses classes) {
        List<JavaClass> engine = classes.stream()
                .filter(type -> type.getPackageName().startsWith("io.jenkins.plugins.gitops.engine"))
                .filter(type ->
                        !type.isAnonymousClass() && !type.getSimpleName().equals("package-info"))
                .toList();
        Map<String, List<JavaClass>> files = engine.stream()
                .filter(JavaClass::isTopLevelClass)
                .collect(Collectors.groupingBy(JavaClass::getSimpleName));

        assertThat(files.values()).allMatch(same -> same.size() == 1);
        assertThat(engine.stream()
                        .filter(JavaClass::isNestedClass)
                        .filter(type -> files.containsKey(type.getSimpleName()))
                        .filter(type -> type.getEnclosingClass()
                                .filter(around -> !type.isAssignableTo(around.getFullName()))
                                .isPresent()))
                .isEmpty();
    }
}
