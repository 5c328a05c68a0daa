package io.jenkins.plugins.gitops.playground.jenkinsfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.playground.step.BuiltInSteps;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineExecutionTest {

    @TempDir
    private Path workspace;

    private record Ended(RunResult result, List<String> log) {}

    private Ended run(String jenkinsfile) {
        return run(jenkinsfile, Map.of("BRANCH_NAME", "develop", "BUILD_NUMBER", "7"), Map.of());
    }

    private Ended run(String jenkinsfile, Map<String, String> variables, Map<String, Object> parameters) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream console = new PrintStream(log, true, StandardCharsets.UTF_8);
        RunResult result = new PipelineExecution(
                        new Jenkinsfile(jenkinsfile),
                        new BuiltInSteps(),
                        new PipelineExecution.Start(variables, parameters, workspace, console))
                .run();
        return new Ended(result, log.toString(StandardCharsets.UTF_8).lines().toList());
    }

    @Test
    void stagesRunInOrderWithTheirEnvironment() {
        Ended ended = run("""
            pipeline {
                agent any
                environment {
                    REGISTRY = 'ghcr.io/acme'
                    IMAGE = "${REGISTRY}/shop-api"
                    TAG = sh(script: 'echo 4711', returnStdout: true).trim()
                }
                stages {
                    stage('Build') {
                        environment { IMAGE = "${env.IMAGE}:${TAG}" }
                        steps { sh 'echo building $IMAGE' }
                    }
                    stage('After') {
                        steps { echo "after ${IMAGE} on ${env.BRANCH_NAME}, ${env.MISSING}" }
                    }
                }
            }
            """);

        assertThat(ended.log())
                .containsSubsequence(
                        "[Pipeline] { (Build)",
                        "building ghcr.io/acme/shop-api:4711",
                        "[Pipeline] { (After)",
                        "after ghcr.io/acme/shop-api on develop, null",
                        "Finished: SUCCESS");
        assertThat(ended.result()).isEqualTo(RunResult.SUCCESS);
    }

    @Test
    void conditionsDecideWhichStagesRun() {
        Ended ended = run("""
            pipeline {
                agent any
                parameters { booleanParam(name: 'DEPLOY', defaultValue: true, description: '') }
                stages {
                    stage('a') { when { branch 'main' }; steps { echo 'never' } }
                    stage('b') { when { branch 'dev*' }; steps { echo 'ran b' } }
                    stage('c') { when { not { branch 'main' } }; steps { echo 'ran c' } }
                    stage('d') { when { expression { params.DEPLOY && currentBuild.number == 7 } }; steps { echo 'ran d' } }
                    stage('e') { when { allOf { branch 'develop'; environment name: 'BUILD_NUMBER', value: '8' } }; steps { echo 'never' } }
                    stage('f') { when { anyOf { branch 'main'; equals expected: 7, actual: currentBuild.number } }; steps { echo 'ran f' } }
                }
            }
            """);

        assertThat(ended.log())
                .contains("ran b", "ran c", "ran d", "ran f", "Stage \"a\" skipped due to when conditional")
                .doesNotContain("never");
    }

    @Test
    void aFailureSkipsTheStagesAfterItAndRunsThePostBlocks() {
        Ended ended = run("""
            pipeline {
                agent any
                stages {
                    stage('Test') {
                        steps { sh 'exit 3' }
                        post { failure { echo 'stage failed' }; success { echo 'never' } }
                    }
                    stage('Deploy') { steps { echo 'never' } }
                }
                post {
                    cleanup { echo 'last' }
                    always { echo "ended ${currentBuild.currentResult}" }
                    failure { echo 'pipeline failed' }
                    success { echo 'never' }
                }
            }
            """);

        assertThat(ended.log())
                .containsSubsequence(
                        "stage failed",
                        "Stage \"Deploy\" skipped due to earlier failure(s)",
                        "ERROR: script returned exit code 3",
                        "ended FAILURE",
                        "pipeline failed",
                        "last",
                        "Finished: FAILURE")
                .doesNotContain("never");
    }

    @Test
    void scriptBlocksAreGroovy() {
        Ended ended = run("""
            def shout(text) { text.toUpperCase() + '!' }
            pipeline {
                agent any
                stages {
                    stage('Script') {
                        steps {
                            script {
                                def names = ['api', 'worker']
                                names.each { name -> echo shout("${name}") }
                                env.RELEASE = names.join('+')
                                try { error 'expected' } catch (e) { echo "caught ${e.message}" }
                                retry(2) { sh 'test -e marker || { touch marker; exit 1; }' }
                                withEnv(['COLOUR=blue']) { sh 'echo sky $COLOUR' }
                            }
                            echo "released ${RELEASE}"
                        }
                    }
                }
            }
            """);

        assertThat(ended.log())
                .containsSubsequence(
                        "API!", "WORKER!", "caught expected", "Retrying", "sky blue", "released api+worker");
        assertThat(ended.result()).isEqualTo(RunResult.SUCCESS);
    }

    @Test
    void parallelStagesAllRunAndOneFailureFailsThemAll() {
        Ended ended = run("""
            pipeline {
                agent none
                stages {
                    stage('Checks') {
                        parallel {
                            stage('one') { steps { sh 'exit 1' } }
                            stage('two') { steps { sh 'echo two ran' } }
                        }
                    }
                    stage('After') { steps { echo 'never' } }
                }
            }
            """);

        assertThat(ended.log()).contains("two ran", "Finished: FAILURE").doesNotContain("never");
    }

    @Test
    void aTimeoutAbortsTheRun() {
        Ended ended = run("""
            pipeline {
                agent any
                stages {
                    stage('Slow') { steps { timeout(time: 50, unit: 'MILLISECONDS') { sh 'sleep 60' } } }
                }
                post { aborted { echo 'post aborted' } }
            }
            """);

        assertThat(ended.log()).containsSubsequence("Timeout has been exceeded", "post aborted", "Finished: ABORTED");
    }

    @Test
    void parametersCanBeGiven() {
        Ended ended = run("""
            pipeline {
                agent any
                parameters {
                    string(name: 'VERSION', defaultValue: '1.0', description: '')
                    choice(name: 'WHERE', choices: ['here', 'there'], description: '')
                }
                options { disableConcurrentBuilds() }
                stages { stage('s') { steps { sh 'echo "$VERSION $WHERE"' } } }
            }
            """, Map.of(), Map.of("VERSION", "2.0"));

        assertThat(ended.log()).contains("2.0 here", "[playground] ignored: options { … }");
    }
}
