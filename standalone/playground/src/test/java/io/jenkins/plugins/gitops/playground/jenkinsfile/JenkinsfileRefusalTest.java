package io.jenkins.plugins.gitops.playground.jenkinsfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.playground.step.BuiltInSteps;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot run is refused with its line, before anything ran if its structure is wrong. */
class JenkinsfileRefusalTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "stagez { }|Jenkinsfile:3: there is no 'stagez' in 'pipeline': did you mean 'stages'?",
                "libraries { }|Jenkinsfile:3: the playground does not run 'libraries' in 'pipeline': leave it out"
                        + " here, or try it in Jenkins.",
                "stages { }|Jenkinsfile:3: 'stages' has no stage: add stage('…') { … }.",
                "stages { stage('a') { } }|Jenkinsfile:3: a stage has one of 'steps', 'stages' and 'parallel', this"
                        + " one has 0.",
                "stages { stage('a') { matrix { } } }|Jenkinsfile:3: the playground does not run 'matrix' in 'stage':"
                        + " leave it out here, or try it in Jenkins.",
                "stages { stage('a') { when { brunch 'x' }; steps { } } }|Jenkinsfile:3: there is no 'brunch' in"
                        + " 'when': did you mean 'branch'?",
                "stages { stage('a') { steps { }; post { sucess { } } } }|Jenkinsfile:3: there is no 'sucess' in"
                        + " 'post': did you mean 'success'?",
                "stages { stage('a') { steps { } post { } } }|Jenkinsfile:3: 'post' follows another section on its"
                        + " line: start a new line.",
                "stages { if (true) { } }|Jenkinsfile:3: only sections are allowed in 'stages': move code into steps {"
                        + " script { … } }.",
                "stages { stage('a') { steps { ecko 'x' } } }|Jenkinsfile:3: there is no step 'ecko': did you mean"
                        + " 'echo'?",
                "stages { stage('a') { steps { echo TAG } } }|Jenkinsfile:3: there is no variable 'TAG': set it in"
                        + " environment { } or with 'def' before.",
                "stages { stage('a') { steps { echo( } } }|Jenkinsfile:3: this is not Groovy: unexpected token: }",
            })
    void theSentenceNamesTheLine(String section, String sentence) {
        assertThat(log("pipeline {\n    agent any\n    " + section + "\n}\n"))
                .contains("ERROR: " + sentence)
                .contains("Finished: FAILURE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node { }|Jenkinsfile:1: write exactly one pipeline { } block: only Declarative runs here.",
                "pipeline { }|Jenkinsfile:1: 'pipeline' has no 'agent': add one, Jenkins needs it.",
                "pipeline { agent any; agent any }|Jenkinsfile:1: 'agent' stands twice in 'pipeline': keep one.",
            })
    void aFileThatIsNotOnePipelineIsRefused(String file, String sentence) {
        assertThat(log(file)).contains("ERROR: " + sentence);
    }

    private static String log(String jenkinsfile) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream console = new PrintStream(log, true, StandardCharsets.UTF_8);
        new PipelineExecution(
                        new Jenkinsfile(jenkinsfile),
                        new BuiltInSteps(),
                        new PipelineExecution.Start(Map.of(), Map.of(), Path.of("."), console))
                .run();
        return log.toString(StandardCharsets.UTF_8);
    }
}
