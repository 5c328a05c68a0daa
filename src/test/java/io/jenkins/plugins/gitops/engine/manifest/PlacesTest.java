package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Places as charts and resources have them: written by the key that is read, or refused with what is there. */
class PlacesTest {

    private static final Map<String, String> REPOSITORIES = Map.of("api", "ghcr.io/acme/api");
    private static final String DIGEST = "1".repeat(64);

    /** A line break is written as a slash in the tables, HEX stands for a digest's digits. */
    private static String text(String written) {
        return written.replace(" / ", "\n").replace("HEX", DIGEST) + "\n";
    }

    private static String write(ManifestFile file, String content) {
        return new String(
                new ManifestFiles()
                        .write(
                                file,
                                content.getBytes(StandardCharsets.UTF_8),
                                REPOSITORIES,
                                Map.of("api", ImageReference.parse("ghcr.io/acme/api:2.0.0"))),
                StandardCharsets.UTF_8);
    }

    private static ManifestFile values(String path) {
        return new ManifestFile.HelmValues("v.yaml", Map.of("api", path));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        image     | image: {name: ghcr.io/acme/api, version: 1.0.0}                    | image: {name: ghcr.io/acme/api, version: 2.0.0}
        image     | image: {repo: ghcr.io/acme/api, tag: 1.0.0}                        | image: {repo: ghcr.io/acme/api, tag: 2.0.0}
        image     | image: {registry: ghcr.io, image: acme/api, tag: 1.0.0}            | image: {registry: ghcr.io, image: acme/api, tag: 2.0.0}
        image     | image: {imageName: mirror.x/acme/api, tag: 1.0.0}                  | image: {imageName: mirror.x/acme/api, tag: 2.0.0}
        image     | image: {repository: '{{ .r }}/api', tag: 1.0.0}                    | image: {repository: '{{ .r }}/api', tag: 2.0.0}
        image     | image: {tag: 1.0.0, sha256: HEX}                                   | image: {tag: 2.0.0, sha256: ""}
        image     | image: {tag: 1.0.0@sha256:HEX}                                     | image: {tag: 2.0.0}
        image.tag | image: {repository: mirror.x/acme/api, tag: 1.0.0}                 | image: {repository: mirror.x/acme/api, tag: 2.0.0}
        version   | {name: redis, repository: 'https://charts.x/stable', version: 1.0} | {name: redis, repository: 'https://charts.x/stable', version: 2.0.0}
        image     | image: {registry: mirror.x/, repository: acme, name: api, tag: 1.0.0} | image: {registry: mirror.x/, repository: acme, name: api, tag: 2.0.0}
        web       | web: {image: acme/api, tag: 1.0.0, initImage: 'ghcr.io/acme/api:1'} | web: {image: acme/api, tag: 2.0.0, initImage: 'ghcr.io/acme/api:1'}
        image     | image: {tag: 'sha256:HEX'}                                         | image: {tag: '2.0.0'}
        image     | image: 'ghcr.io/acme/api:1.0.0+a7def07'                            | image: 'ghcr.io/acme/api:2.0.0'
        image     | image: {repository: ghcr.io/acme/api, tag: 1.0, prefix: x, stage: prod} | image: {repository: ghcr.io/acme/api, tag: 2.0.0, prefix: x, stage: prod}
        image.tag | image: {tag: 1.0.0, x: 1, x: 2, digest: ""}                        | image: {tag: 2.0.0, x: 1, x: 2, digest: ""}
        workerTag | {workerTag: 1.0.0, apiImage: ghcr.io/acme/other, apiDigest: 'sha256:HEX'} | {workerTag: 2.0.0, apiImage: ghcr.io/acme/other, apiDigest: 'sha256:HEX'}
        v.image   | kind: A / v: {image: 'mirror.x/acme/other:1'} / --- / kind: A / v: {image: 'mirror.x/acme/api:1'} | kind: A / v: {image: 'mirror.x/acme/other:1'} / --- / kind: A / v: {image: 'mirror.x/acme/api:2.0.0'}
        tag       | {name: web, tag: 1.0.0}                                            | {name: web, tag: 2.0.0}
        image     | image: v1.0.0                                                      | image: 2.0.0
        v.image   | kind: A / v: {image: 'ghcr.io/acme/other:1'} / --- / kind: A / v: {image: 'ghcr.io/acme/api:1'} | kind: A / v: {image: 'ghcr.io/acme/other:1'} / --- / kind: A / v: {image: 'ghcr.io/acme/api:2.0.0'}
        """)
    void aVersionIsWrittenByTheKeyThatIsThere(String path, String before, String after) {
        assertThat(write(values(path), text(before))).isEqualTo(text(after));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        image            | image: {repo: ghcr.io/acme/other, tag: 1.0.0}              | 'image' is another image, ghcr.io/acme/other, and not ghcr.io/acme/api;
        image            | image: {image: ghcr.io/acme/other, tag: 1.0.0}             | 'image' is another image, ghcr.io/acme/other, and not ghcr.io/acme/api;
        image            | image: {repository: ghcr.io/acme/api:1.0.0}                | 'image.repository' holds a version besides the repository;
        image            | image: {repository: ghcr.io/acme/api@sha256:HEX, tag: 1.0} | 'image.repository' holds a version besides the repository;
        image            | image: {tag: 1.0.0, sha256sum: HEX}                        | 'image' has a digest under sha256sum, which would decide what runs;
        image            | image: {name: ghcr.io/acme/api, imageTag: 1.0.0}           | 'image' has no key tag, but imageTag;
        image            | image: {repository: ghcr.io/acme/api, commit: 1a2b3c4}     | 'image' has no key tag, but commit;
        image            | image: {repository: ghcr.io/acme/api, imageTag: ""}        | 'image' has no key tag, but imageTag;
        image            | image: {repository: ghcr.io/acme/api, tagOverride:}        | 'image' has no key tag, but tagOverride;
        image            | image: {repository: ghcr.io/acme/api, tags: [1.0, 1.1]}    | 'image' has no key tag, but tags;
        image            | image: {tag: 1.0, overrideTag: 1.1}                        | 'image' has a key tag and overrideTag;
        image            | image: {tag: 1.0, fullImage: 'ghcr.io/acme/api:1.0'}       | 'image' has a whole image under fullImage, which would decide what runs;
        image            | image: {tag: 1.0, digests: {amd64: 'sha256:HEX'}}          | 'image' has a digest under digests, which would decide what runs;
        image            | image: {tag: 1.0, useDigest: true, digest: 'sha256:HEX'}   | 'image.useDigest' makes the chart read the digest, and ghcr.io/acme/api:2.0.0 has none;
        image            | {image: ghcr.io/acme/api, imageTag: 1.0}                   | 'image' is a repository without a version; declare the path of its version
        web.image        | web: {image: ghcr.io/acme/api, tag: ""}                    | 'web.image' is a repository without a version; declare the path of its version
        web.image        | web: {image: 'ghcr.io/acme/api:1', digest: 'sha256:HEX'}   | beside 'web.image' is a digest, which decides what runs;
        web.imageTag     | web: {imageRepository: ghcr.io/acme/worker, imageTag: 1.0} | 'web.imageTag' is the version of another image, ghcr.io/acme/worker, and not of
        web.imageTag     | web: {imageTag: 1.0, imageDigest: 'sha256:HEX'}            | beside 'web.imageTag' is a digest, which decides what runs; remove it from the file
        image.tag        | image: {tag: 1.0, imageDigest: 'sha256:HEX'}               | beside 'image.tag' is a digest, which decides what runs; declare the path 'image'
        p[name=image.tag].value | p: [{name: image.tag, value: 1}, {name: image.digest, value: 'sha256:HEX'}] | beside 'p[name=image.tag].value' is a digest, which decides what runs;
        image.digest     | image: {digest: 'sha256:HEX'}                              | 'image.digest' holds only a digest and cannot hold ghcr.io/acme/api:2.0.0; release a digest of
        image            | image: '${R}/api:1'                                        | a template is here;
        image.tag        | image: {tag: '${TAG}'}                                     | a template is here;
        image.tag        | image: {tag: '1.0 beta'}                                   | the value here is not a tag: the character U+0020 is not allowed
        image.tag        | image: {tag: ':1.0'}                                       | the value here is not a tag: ':' is not allowed
        targetRevision   | targetRevision: 1.*                                        | the value here is not a tag: '*' is not allowed
        db.password      | db: {password: s3cr3t/with/slash}                          | 'db.password' is another image and not ghcr.io/acme/api;
        image.tag        | image: {tag: !vault '$ANSIBLE_VAULT;1.1;AES256'}           | the value here is encrypted; keep images unencrypted
        image.tag        | image: {tag: 'ENC[PKCS7,MIIB]'}                            | the value here is encrypted; keep images unencrypted
        image            | image: {name: api, pullPolicy: Always}                     | 'image' is a map of name, pullPolicy: neither a map with
        image.tag        | image: {repository: ghcr.io/acme/worker, tag: 1.0.0}       | 'image.tag' is the version of another image, ghcr.io/acme/worker, and not of
        image.tag        | image: {tag: 1.0.0, digest: 'sha256:HEX'}                  | beside 'image.tag' is a digest, which decides what runs; declare the path 'image'
        image.version    | image: {version: 1.0.0, sha: HEX}                          | beside 'image.version' is a digest, which decides what runs;
        image.repository | image: {repository: ghcr.io/acme/api, tag: 1.0.0}          | 'image.repository' is a repository without a version; declare the path of its version
        p[name=image.repository].value | p: [{name: image.repository, value: ghcr.io/acme/api}] | 'p[name=image.repository].value' is a repository without a version;
        image            | image: true                                                | the value here is neither an image nor a version;
        image            | image: 3                                                   | the value here is neither an image nor a version;
        imageTag         | imageTag: true                                             | the value here is neither an image nor a version;
        replicas         | replicas: 3                                                | the value here is neither an image nor a version;
        values           | values: "a: 1\\nimage: ghcr.io/acme/api:1"                 | the value here is a string of several lines; YAML inside a string cannot be edited
        image            | {image: {tag: 1.0}, sops: {mac: x}}                        | the file is encrypted with SOPS
        TAG              | TAG: 1.0 / sops_mac: x                                     | the file is encrypted with SOPS
        image            | ﻿version https://git-lfs.github.com/spec/v1 / oid x   | the file is a pointer of Git LFS
        image            | # STRONGBOX ENCRYPTED RESOURCE ; See x / abc                | the file is encrypted with Strongbox
        image            | /annex/objects/SHA256E-s1--a                              | the file is a pointer of git-annex
        image            | U2FsdGVkX1abc                                              | the file is encrypted with transcrypt
        image            | <<<<<<< HEAD / image: 1 / ======= / image: 2: 3 / >>>>>>> x | a merge conflict begins here; resolve it
        """)
    void whatTheDeploymentWouldNotReadIsRefused(String path, String content, String sentence) {
        assertThatThrownBy(() -> write(values(path), text(content)))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageContaining(": " + sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {apiVersion: argoproj.io/v1alpha1, kind: Application}   | this is an Application of argoproj.io/v1alpha1, not a kustomization file;
        {apiVersion: v2, name: chart}                           | this is a file of v2, not a kustomization file;
        {kind: HelmRelease}                                     | this is a HelmRelease, not a kustomization file;
        {kind: kustomization, images: []}                       | kustomize does not know the kind kustomization; write Kustomization
        imageTags: [{name: ghcr.io/acme/api, newTag: 1.0}]      | imageTags is the old name of images, and kustomize reads it, too; rename the key to images
        {apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, spec: {images: [{name: ghcr.io/acme/api, newTag: 1}]}} | this is a Kustomization of kustomize.toolkit.fluxcd.io/v1, not a kustomization file;
        image: {repository: ghcr.io/acme/api, tag: 1.0}         | kustomize knows none of these keys: this is a map of image, not a kustomization file;
        images: [ghcr.io/acme/api:1.0]                          | an entry of images is a map with a name, but this is one value;
        images: {ghcr.io/acme/api: 1.0}                         | images must be a list, but is a map of ghcr.io/acme/api
        """)
    void whatIsNoKustomizationIsRefused(String content, String sentence) {
        assertThatThrownBy(() -> write(new ManifestFile.Kustomization("k.yaml"), text(content)))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageContaining(": " + sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        images: [{name: ghcr.io/acme/api, newTag: 1.0+5}]        | images: [{name: ghcr.io/acme/api, newTag: 2.0.0}]
        images: [{name: x, newName: 'ghcr.io/acme/api@sha256:HEX'}] | images: [{name: x, newName: 'ghcr.io/acme/api:2.0.0'}]
        {kind: Kustomization, images: [{name: ghcr.io/acme/api, newTag: v1}], kind: Kustomization} | {kind: Kustomization, images: [{name: ghcr.io/acme/api, newTag: 2.0.0}], kind: Kustomization}
        images: [{name: x, newName: 'ghcr.io/acme/api:1.0+5'}]   | images: [{name: x, newName: 'ghcr.io/acme/api:2.0.0'}]
        """)
    void anEntryIsWrittenWhateverVersionItHad(String before, String after) {
        assertThat(write(new ManifestFile.Kustomization("k.yaml"), text(before)))
                .isEqualTo(text(after));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        volumes: [{image: {reference: 'ghcr.io/acme/api:1', pullPolicy: Always}}] | volumes: [{image: {reference: 'ghcr.io/acme/api:2.0.0', pullPolicy: Always}}]
        spec: {imageName: 'ghcr.io/acme/api:1'}                                   | spec: {imageName: 'ghcr.io/acme/api:2.0.0'}
        spec: {runnerImage: 'ghcr.io/acme/api:1'}                                 | spec: {runnerImage: 'ghcr.io/acme/api:2.0.0'}
        {kind: ConfigMap, data: {image: 'ghcr.io/acme/api:1'}}                    | {kind: ConfigMap, data: {image: 'ghcr.io/acme/api:1'}}
        {kind: A, spec: {template: {metadata: {image: 'ghcr.io/acme/api:1'}}}}    | {kind: A, spec: {template: {metadata: {image: 'ghcr.io/acme/api:1'}}}}
        {kind: Prometheus, spec: {baseImage: ghcr.io/acme/api, tag: 1.0}}         | {kind: Prometheus, spec: {baseImage: ghcr.io/acme/api, tag: 1.0}}
        {kind: A, spec: {image: 'ghcr.io/acme/api:1.0+5'}}                        | {kind: A, spec: {image: 'ghcr.io/acme/api:2.0.0'}}
        """)
    void imagesOfResourcesAreFoundUnderTheKeysThatNameThem(String before, String after) {
        assertThat(write(new ManifestFile.KubernetesManifest("m.yaml"), text(before)))
                .isEqualTo(text(after));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec: {image: 'ghcr.io/acme/api:${TAG}'}", "spec: {image: 'ghcr.io/acme/api:{{ .tag }}'}"})
    void aTemplateInPlaceOfAContainersVersionIsRefused(String content) {
        assertThatThrownBy(() -> write(new ManifestFile.KubernetesManifest("m.yaml"), text(content)))
                .hasMessage("m.yaml:1:15: a template is here; name the place of the value that it is rendered with.");
    }

    @ParameterizedTest
    @CsvSource({"1.0.0+5, 2.0.0", "VERSION=1.0.0, VERSION=2.0.0", "ghcr.io/acme/api:1.0+5, ghcr.io/acme/api:2.0.0"})
    void aVersionFileIsWrittenWhateverVersionItHad(String before, String after) {
        ManifestFile file = new ManifestFile.VersionFile("VERSION", "api");

        assertThat(write(file, text(before))).isEqualTo(text(after));
        if (before.contains("+")) {
            assertThat(new ManifestFiles().images(file, text(before).getBytes(StandardCharsets.UTF_8), REPOSITORIES))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        feature/x     | the value here is not a tag: '/' is not allowed.
        ${TAG}        | the value here is not a tag: '${' begins a template that was not resolved.
        1.0\u00a0beta | the value here is not a tag: the character U+00A0 is not allowed.
        """)
    void whatIsNoVersionInAVersionFileIsRefusedAsOne(String content, String sentence) {
        assertThatThrownBy(() -> write(new ManifestFile.VersionFile("VERSION", "api"), text(content)))
                .hasMessage("VERSION:1:1: " + sentence);
    }
}
