package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {

    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "nginx:1.27,                     nginx,                       1.27",
        "ghcr.io/acme/shop-api:3f2a9c1,  ghcr.io/acme/shop-api,       3f2a9c1",
        "localhost:5000/a/b:v1,          localhost:5000/a/b,          v1",
        "localhost:5000/a,               localhost:5000/a,            ",
        "'[::1]:5000/a__b/c-d:_1',       '[::1]:5000/a__b/c-d',       _1",
    })
    void aReferenceIsTakenApart(String text, String repository, String tag) {
        ImageReference reference = ImageReference.parse(text);

        assertThat(reference.repository()).isEqualTo(repository);
        assertThat(reference.tagName().orElse(null)).isEqualTo(tag);
        assertThat(reference).hasToString(text);
    }

    @Test
    void aDigestMayFollowTheTag() {
        ImageReference reference = ImageReference.parse("a/b:1@" + DIGEST);

        assertThat(reference).isEqualTo(new ImageReference("a/b", "1", DIGEST)).hasToString("a/b:1@" + DIGEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":1",
                "a:",
                "a/B:1",
                "a b:1",
                "a/b:1 ",
                "a/b:-x",
                "a//b",
                "a/b@sha256:12",
                "a/b@",
                "a/b:1:2",
                "/a:1",
                "a/b:\n1",
                "a/../b:1",
                "http://a/b:1",
                "a/b:é"
            })
    void whatIsNotAReferenceIsRefused(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text)).isInstanceOf(InvalidImageException.class);
    }

    @Test
    void aTagIsAtMost128CharactersLong() {
        assertThat(ImageReference.parse("a:" + "x".repeat(128)).tagName()).isPresent();
        assertThatThrownBy(() -> ImageReference.parse("a:" + "x".repeat(129)))
                .isInstanceOf(InvalidImageException.class);
    }

    @Test
    void aVersionCompletesAKnownRepository() {
        assertThat(ImageReference.parse("a/b", "1.20")).hasToString("a/b:1.20");
        assertThat(ImageReference.parse("a/b", DIGEST)).hasToString("a/b@" + DIGEST);
        assertThat(ImageReference.parse("a/b", "1.20@" + DIGEST)).hasToString("a/b:1.20@" + DIGEST);
        assertThat(ImageReference.parse("a/b", "mirror.example/c:2")).hasToString("mirror.example/c:2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "latest", "Latest", "stable", "main", "master", "edge", "dev", "nightly", "HEAD", "trunk", "canary"
            })
    void aMutableTagIsNoRelease(String tag) {
        assertThatThrownBy(() -> ImageReference.parse("a/b:" + tag).requireImmutable())
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContaining("a/b:" + tag)
                .hasMessageContaining("use a tag that stays");
    }

    @Test
    void aMutableTagBesideADigestIsARelease() {
        ImageReference pinned = ImageReference.parse("a/b:latest@" + DIGEST);

        assertThat(pinned.requireImmutable()).isSameAs(pinned);
    }

    /** {@code "ghcr.io/acme/api:${env.TAG}"} of a variable that is not set. */
    @Test
    void theTagNullIsNoRelease() {
        assertThatThrownBy(() -> ImageReference.parse("a/b:null").requireImmutable())
                .hasMessage(
                        "'a/b:null' cannot be released: its tag is 'null', which a variable gives that is not set.");
    }

    @Test
    void aReferenceWithoutTagAndDigestIsNoRelease() {
        assertThatThrownBy(() -> ImageReference.parse("a/b").requireImmutable())
                .hasMessage("'a/b' cannot be released: it has neither a tag nor a digest.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1.2.3+45           | '1.2.3+45' is not a tag: '+' is not allowed; registries accept 1.2.3_45 or"
                        + " 1.2.3-45.",
                "feature/login-7    | 'feature/login-7' is not a tag: '/' is not allowed; use for example"
                        + " feature-login-7.",
                "release 7          | 'release 7' is not a tag: the character U+0020 is not allowed; use for example"
                        + " release-7.",
                "${TAG}             | '${TAG}' is not a tag: '${' begins a template that was not resolved",
                "{{ .Values.tag }}  | '{{ .Values.tag }}' is not a tag: '{{' begins a template that was not resolved",
                "-1                 | '-1' is not a tag: it starts with '-'",
                "sha256:ABAB        | 'sha256:ABAB' is not a digest: it is 'sha256:' and 64 lower-case",
                "1.2.3@sha256:ABAB  | 'sha256:ABAB' is not a digest",
                "1:2:3              | '1:2:3' is not a tag: ':' is not allowed; use for example 1-2-3.",
                "%TAG%              | '%TAG%' is not a tag: '%' is not allowed; use for example TAG.",
                "SHA256:abc         | 'SHA256:abc' is not a digest",
                "sha512:abc         | 'sha512:abc' is not a digest: it is 'sha256:' and 64 lower-case hexadecimal"
                        + " digits, or 'sha512:' and 128.",
                "https://x.y/a:1    | 'https://x.y/a:1' is not an image reference: write it without 'https://'.",
                "ghcr.io/acme/API:1 | 'ghcr.io/acme/API' is not an image repository",
            })
    void aVersionIsRefusedByWhatIsWrongWithIt(String version, String sentence) {
        assertThatThrownBy(() -> ImageReference.parse("a/b", version))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageStartingWith(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2\u20283", "1.2\u20293", "1.2\u00853", "1.2\n3", "1.2\u00003"})
    void aLineSeparatorInATagIsNamedAndBreaksNoLine(String version) {
        assertThatThrownBy(() -> ImageReference.parse("a/b", version))
                .hasMessageStartingWith("'1.2?3' is not a tag: the character U+")
                .hasMessageContaining(String.format("U+%04X is not allowed", version.codePointAt(3)));
    }

    @Test
    void aTagThatIsTooLongIsNotRepeatedWhole() {
        assertThatThrownBy(() -> ImageReference.parse("a/b", "x".repeat(4000)))
                .hasMessageEndingWith("…' is not a tag: it is longer than 128 characters.")
                .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(300));
    }

    @Test
    void aVersionOfAnotherKindComesBackFromJson() throws Exception {
        ObjectMapper json = new ObjectMapper();
        for (Version version : List.of(
                new NamedVersion("19.1.0+7"),
                new NamedVersion("v2"),
                new NamedVersion("localhost:8080"),
                new NamedVersion("=3"),
                new NamedVersion("main"),
                ImageReference.parse("nginx"),
                ImageReference.parse("ghcr.io/acme/api:1.4"))) {
            assertThat(json.readValue(json.writeValueAsString(version), Version.class))
                    .isEqualTo(version);
        }
    }

    /** Of Docker Hub the registry may be left out, and of its official images the folder. */
    @ParameterizedTest
    @CsvSource({
        "nginx,                   docker.io/library/nginx,   true",
        "nginx,                   index.docker.io/nginx,     true",
        "library/nginx,           docker.io/nginx,           true",
        "library/nginx,           nginx,                     true",
        "acme/api,                docker.io/acme/api,        true",
        "ghcr.io/acme/api,        ghcr.io/acme/api,          true",
        "nginx,                   acme/nginx,                false",
        "library/nginx,           quay.io/library/nginx,     false",
        "ghcr.io/acme/api,        docker.io/acme/api,        false",
        "acme/api,                acme/apis,                 false",
    })
    void spellingsOfOneRepositoryAreTheSame(String one, String other, boolean same) {
        assertThat(ImageReference.isSameRepository(one, other)).isEqualTo(same);
        assertThat(ImageReference.isSameRepository(other, one)).isEqualTo(same);
    }
}
