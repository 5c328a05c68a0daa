package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values at declared places: from the declaration to the edited file, and back. */
class FieldsTest {

    private static final String HEX = "1".repeat(64);

    /** A line break is written as a slash in the tables, HEX stands for a digest's digits. */
    private static String text(String written) {
        return written.replace(" / ", "\n").replace("HEX", HEX) + "\n";
    }

    private static Application application(String file, String fields) {
        String declaration = """
            version: 1
            applications:
              shop:
                images: { api: ghcr.io/acme/api }
                versions:
                  redis: { chart: oci://ghcr.io/acme/charts/redis }
                  platform: { git: https://github.com/acme/platform }
                  users: { value: number }
                  beta: { value: boolean }
                  motto: { value: text }
                environments:
                  prod:
                    manifests: other.yaml
                    repositories: { api: registry.prod.example }
                    fields:
            """;
        for (String field : fields.split(" & ")) {
            declaration += "          - { file: " + file + ", " + field + " }\n";
        }
        for (String name : List.of("redis: chart", "platform: ref", "users: value", "beta: value", "motto: value")) {
            String[] is = name.split(": ");
            declaration +=
                    "          - { file: rest.yaml, path: " + is[0] + ", is: { " + is[1] + ": " + is[0] + " } }\n";
        }
        return DeclarationReader.read("gitops.yaml", declaration.getBytes(StandardCharsets.UTF_8))
                .application("shop");
    }

    private static Map<String, Version> release(Application application, String versions) {
        Map<String, String> given = new TreeMap<>();
        for (String one : text(versions).strip().split(", ")) {
            given.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        return Bump.references(application.images(), application.versions(), given, "shop");
    }

    private static Snapshot snapshot(Map<String, String> files) {
        return new Snapshot(
                "c".repeat(40),
                path -> Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    private static final String REST = "{redis: 1.0.0, platform: v1, users: 1, beta: true, motto: x}\n";

    private static String edited(String file, String fields, String before, String versions) {
        Application application = application(file, fields);
        ReleaseEdit.Place place = Bump.place(application, "prod");
        Map<String, Version> release = release(application, versions);
        ReleaseEdit edit = new ReleaseEdit(new ManifestFiles());
        Map<String, byte[]> contents = edit.apply(
                        snapshot(Map.of(file, before, "rest.yaml", REST, "other.yaml", "{}\n")),
                        List.of(place),
                        release)
                .contents();
        return contents.containsKey(file) ? new String(contents.get(file), StandardCharsets.UTF_8) : before;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        c.yaml | path: 'dependencies[name=redis].version', is: { chart: redis } | dependencies: / - name: redis / # of the cache /   version: ~17.1.0 # { } / - name: web /   version: 1.0.0 | redis=19.1.0+7 | dependencies: / - name: redis / # of the cache /   version: 19.1.0+7 # { } / - name: web /   version: 1.0.0
        a.yaml | path: spec.source.targetRevision, is: { chart: redis } | spec: {source: {chart: redis, repoURL: 'https://charts.x', targetRevision: 17.1.0}} | redis=19.1.0 | spec: {source: {chart: redis, repoURL: 'https://charts.x', targetRevision: 19.1.0}}
        a.yaml | path: spec.source.targetRevision, is: { ref: platform } | spec: {source: {repoURL: 'https://github.com/acme/platform.git', targetRevision: HEAD}} | platform=v1.4.0 | spec: {source: {repoURL: 'https://github.com/acme/platform.git', targetRevision: v1.4.0}}
        k.yaml | path: 'resources[~github.com/acme/platform]', is: { ref: platform } | resources: / - ../base / - https://github.com/acme/platform//deploy?ref=v1.3.0&timeout=9 # p | platform=v1.4.0 | resources: / - ../base / - https://github.com/acme/platform//deploy?ref=v1.4.0&timeout=9 # p
        a.yaml | path: 'spec.params[name=image.tag].value', is: { tag: api } | spec: {params: [{name: image.repository, value: mirror.x/api}, {name: image.tag, value: '1.0'}]} | api=2.0 | spec: {params: [{name: image.repository, value: mirror.x/api}, {name: image.tag, value: '2.0'}]}
        v.yaml | path: a.tag, is: { tag: api } & path: a.digest, is: { digest: api } | a: {tag: 1.0, digest: 'sha256:HEX'} | api=2.0 | a: {tag: '2.0', digest: ''}
        v.yaml | path: a.tag, is: { tag: api } & path: a.digest, is: { digest: api } | a: {tag: "1.0", digest: ""} | api=2.0@sha256:HEX | a: {tag: "2.0", digest: "sha256:HEX"}
        v.yaml | path: a.ref, is: { reference: api } | a: {ref: mirror.x/team/api:1.0} | api=2.0 | a: {ref: mirror.x/team/api:2.0}
        v.yaml | path: a.ref, is: { reference: api } | a: {ref: ""} | api=2.0 | a: {ref: "registry.prod.example/acme/api:2.0"}
        v.yaml | path: a.repo, is: { repository: api } & path: a.tag, is: { tag: api } | a: {repo: ghcr.io/acme/api, tag: v1} | api=v2 | a: {repo: registry.prod.example/acme/api, tag: v2}
        v.yaml | path: a.reg, is: { registry: api } & path: a.repo, is: { repository: api } & path: a.tag, is: { tag: api } | a: {reg: ghcr.io, repo: acme/api, tag: v1} | api=v2 | a: {reg: registry.prod.example, repo: acme/api, tag: v2}
        v.yaml | path: replicas, is: { value: users } | replicas: 3 # few | users=30 | replicas: 30 # few
        v.yaml | path: replicas, is: { value: users } | replicas: "3" | users=30 | replicas: "30"
        v.yaml | path: on, is: { value: beta } | on: false | beta=true | on: true
        v.yaml | path: motto, is: { value: motto } | motto: a b | motto=more: or less | motto: "more: or less"
        v.json | path: 'image.tag', is: { tag: api } | { "image": { "tag": "1.0" }, "x": [1, 2] } | api=2.0 | { "image": { "tag": "2.0" }, "x": [1, 2] }
        p/app.env | key: API_VERSION, is: { tag: api } | # API_VERSION=0 / export API_VERSION="1.0" # now / B=1 | api=2.0 | # API_VERSION=0 / export API_VERSION="2.0" # now / B=1
        app.properties | key: api.version, is: { tag: api } | a: 1 / api.version = 1.0 / b: 1 / b: 2 | api=2.0 | a: 1 / api.version = 2.0 / b: 1 / b: 2
        a.env | key: V, is: { tag: api } | \uFEFFV=1.0 / W=1 | api=2.0 | \uFEFFV=2.0 / W=1
        .env.prod | key: API, is: { reference: api } | API=ghcr.io/acme/api:1.0 | api=2.0@sha256:HEX | API=ghcr.io/acme/api:2.0@sha256:HEX
        a.yaml | document: { kind: App, name: two }, path: v, is: { chart: redis } | kind: App / metadata: {name: one} / v: 1.0.0 / --- / kind: App / metadata: {name: two} / v: 1.0.0 | redis=2.0.0 | kind: App / metadata: {name: one} / v: 1.0.0 / --- / kind: App / metadata: {name: two} / v: 2.0.0
        a.yaml | document: { index: 1 }, path: v, is: { chart: redis } | v: 1.0.0 / --- / v: 1.0.0 | redis=2.0.0 | v: 1.0.0 / --- / v: 2.0.0
        a.yaml | path: w, is: { chart: redis } | v: 1.0.0 / --- / w: 1.0.0 | redis=2.0.0 | v: 1.0.0 / --- / w: 2.0.0
        k.yaml | path: 'configMapGenerator[name=app].literals[~API_VERSION=]', is: { tag: api } | configMapGenerator: / - name: app /   literals: [A=1, API_VERSION=1.0] | api=2.0 | configMapGenerator: / - name: app /   literals: [A=1, API_VERSION=2.0]
        k.yaml | path: 'patches[0].patch.spec.image', is: { reference: api } | `patches: / # the image / - patch: |- /     kind: Pod # it /     spec: /       image: ghcr.io/acme/api:1.0 # now /   target: {kind: Pod}` | api=2.0 | `patches: / # the image / - patch: |- /     kind: Pod # it /     spec: /       image: ghcr.io/acme/api:2.0 # now /   target: {kind: Pod}`
        k.yaml | path: 'patches[0].patch[0].value', is: { tag: api } & path: 'patches[0].patch[1].value', is: { digest: api } | `patches: / - patch: |- /     - {op: add, path: /tag, value: "1.0"} /     - {op: add, path: /digest, value: ""}` | api=2.0@sha256:HEX | `patches: / - patch: |- /     - {op: add, path: /tag, value: "2.0"} /     - {op: add, path: /digest, value: "sha256:HEX"}`
        c.yaml | path: 'data."app.yaml".version', is: { chart: redis } & path: 'data."app.yaml".users', is: { value: users } | `data: /   app.yaml: | /     version: 1.0.0 /     users: 3 /   b: x` | redis=2.0.0, users=4 | `data: /   app.yaml: | /     version: 2.0.0 /     users: 4 /   b: x`
        k.yaml | path: 'helmCharts[name=redis].version', is: { chart: redis } | helmCharts: / - name: redis /   repo: https://charts.x /   version: 17.0.0 | redis=19.0.0 | helmCharts: / - name: redis /   repo: https://charts.x /   version: 19.0.0
        d.yaml | path: a.v, is: { chart: redis } | a: {v: 1.0.0, v2: 1, v2: 2} | redis=2.0.0 | a: {v: 2.0.0, v2: 1, v2: 2}
        """)
    void aValueIsWrittenAtItsPlace(String file, String fields, String before, String versions, String after) {
        assertThat(edited(file, fields, text(before), versions)).isEqualTo(text(after));
        // Twice is once.
        assertThat(edited(file, fields, text(after), versions)).isEqualTo(text(after));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        v.yaml | path: v, is: { chart: redis } | v: 1.0.0 | redis=^19 | '^19' is a range of versions: release one version of the chart, for example 19.1.0.
        v.yaml | path: v, is: { chart: redis } | v: 1.0.0 | redis=19.x | '19.x' is a range of versions: release one version of the chart, for example 19.1.0.
        v.yaml | path: v, is: { chart: redis } | v: 1.0.0 | redis=latest | 'latest' is not the version of a chart, for example 19.1.0.
        v.yaml | path: v, is: { ref: platform } | v: v1 | platform=main | 'main' cannot be released: it names a branch, which moves; use a tag or a commit.
        v.yaml | path: v, is: { ref: platform } | v: v1 | platform=1.* | '1.*' is a range of versions: release one tag or commit, for example v1.4.0.
        v.yaml | path: v, is: { value: users } | v: 1 | users=many | 'many' is not a number, which the value is declared as.
        v.yaml | path: v, is: { value: beta } | v: true | beta=yes | 'yes' is neither true nor false, which the value is declared as.
        v.yaml | path: v, is: { chart: redis } | v: true | redis=1.0.0 | v.yaml:1:4: the value here is not a version; correct the path to where one is.
        v.yaml | path: v, is: { chart: redis } | v: {} | redis=1.0.0 | v.yaml:1:4: 'v' is an empty map, not one value; correct the path to the value.
        v.yaml | path: v, is: { chart: redis } | w: 1 | redis=1.0.0 | v.yaml:1:1: there is no 'v': the file holds a map of w; correct the path or add the key.
        v.yaml | path: s.v, is: { chart: redis } | s: {chart: web, v: 1.0} | redis=1.0.0 | v.yaml:1:20: the value here is the version of web, and not of chart oci://ghcr.io/acme/charts/redis; correct the place, or declare that address.
        v.yaml | path: s.v, is: { ref: platform } | s: {repoURL: 'git@github.com:acme/other.git', v: v1} | platform=v2 | v.yaml:1:50: the value here is the version of other, and not of repository https://github.com/acme/platform; correct the place, or declare that address.
        v.yaml | path: 'r[0]', is: { ref: platform } | r: ['https://github.com/acme/other?ref=v1'] | platform=v2 | v.yaml:1:5: the value here is a URL of another repository and not of repository https://github.com/acme/platform; correct the place, or declare that address.
        v.yaml | path: 'r[0]', is: { ref: platform } | r: ['https://github.com/acme/platform'] | platform=v2 | v.yaml:1:5: the value here is a URL without a ref; add '?ref=' to it, or correct the place to where the ref is.
        v.yaml | path: 'r[~platform]', is: { ref: platform } | r: [platform?ref=v1, a/platform?ref=v1] | platform=v2 | v.yaml:1:22: two items match [~platform], the first on line 1; remove one.
        v.yaml | path: v, is: { tag: api } | v: ghcr.io/acme/api:1 | api=2 | v.yaml:1:4: the value here is a whole image; declare it with 'is: { reference: api }'.
        v.yaml | path: v, is: { reference: api } | v: v1.0 | api=2 | v.yaml:1:4: the value here is a version without its image; declare it with 'is: { tag: api }'.
        v.yaml | path: v, is: { reference: api } | v: ghcr.io/acme/job:1 | api=2 | v.yaml:1:4: the value here is another image, ghcr.io/acme/job, and not registry.prod.example/acme/api; correct the place, or declare that repository.
        v.yaml | path: replicas, is: { tag: api } | replicas: 3 | api=2 | v.yaml:1:11: the value here is not a version; correct the path to where the tag is.
        v.yaml | path: on, is: { tag: api } | on: true | api=2 | v.yaml:1:5: the value here is neither an image nor a version; correct the path to where one is.
        v.yaml | path: i.tag, is: { tag: api } | i: {repository: ghcr.io/acme/job, tag: v1} | api=2 | v.yaml:1:40: 'i.tag' is the version of another image, ghcr.io/acme/job, and not of registry.prod.example/acme/api; correct the path, or declare that repository.
        v.yaml | path: i.tag, is: { tag: api } | i: {tag: v1, digest: 'sha256:HEX'} | api=2 | v.yaml:1:10: beside 'i.tag' is a digest, which decides what runs; declare the path 'i', so that both change.
        v.yaml | path: d, is: { digest: api } | d: 'sha256:HEX' | api=2 | v.yaml:1:4: the value here is a digest, and registry.prod.example/acme/api:2 has none; release it with its digest.
        v.yaml | path: v, is: { chart: redis } | kind: A / metadata: {name: x} / v: 1.0 / --- / kind: A / metadata: {name: y} / v: 1.0 | redis=2.0 | v.yaml:7:4: 'v' is in A x (line 1) and in A y (line 5); say which with 'document'.
        v.yaml | path: w, is: { chart: redis } | v: 1.0 / --- / v: 1.0 | redis=2.0 | v.yaml:1:1: no document of the file has 'w'; correct the path or add the key.
        v.yaml | document: { kind: B }, path: v, is: { chart: redis } | kind: A / v: 1.0 | redis=2.0 | v.yaml:1:1: no document of the file is kind B: it holds A (line 1); correct 'document'.
        v.yaml | document: { kind: A }, path: v, is: { chart: redis } | kind: A / v: 1 / --- / kind: A | redis=2.0 | v.yaml:4:1: A (line 1) and A (line 4) both are kind A; say which with 'name', 'namespace' or 'index'.
        v.yaml | path: v, is: { chart: redis } | v: '{{ .Values.v }}' | redis=2.0 | v.yaml:1:4: a template is here; name the place of the value that it is rendered with.
        a.env | key: V, is: { tag: api } | W=1 | api=2 | a.env:1:1: there is no key 'V'; correct it or add the line.
        a.env | key: V, is: { tag: api } | V=1.0 / V=2.0 | api=2 | a.env:2:3: the key 'V' is here a second time, first on line 1; remove one.
        a.env | key: TAG, is: { tag: api } | TAG=${X} | api=2 | a.env:1:5: the value of 'TAG' is a template; name a key that has the value.
        a.env | key: TAG, is: { tag: api } | TAG=1.0\\ / 2 | api=2 | a.env:1:5: the value of 'TAG' is on several lines; name a key that has the value.
        a.env | key: M, is: { value: motto } | M=a | motto=a b | a.env:1:3: the value of 'M' cannot hold the new one without quotes; add quotes in the file.
        """)
    void aWrongPlaceOrVersionIsRefused(String file, String fields, String before, String versions, String sentence) {
        assertThatThrownBy(() -> edited(file, fields, text(before), versions))
                .isInstanceOf(GitOpsException.class)
                .hasMessage(sentence.replace("HEX", HEX));
    }

    @Test
    void whatAnEnvironmentRunsComesBackFromItsFields() {
        Application application = application(
                "v.yaml", "path: t, is: { tag: api } & path: d, is: { digest: api } & path: c, is: { chart: redis }");
        String file = "{t: '1.0', d: 'sha256:" + HEX + "', c: 17.1.0}\n";

        Map<String, Version> images = new ReleaseEdit(new ManifestFiles())
                .images(
                        snapshot(Map.of("v.yaml", file, "rest.yaml", REST, "other.yaml", "{}\n")),
                        Bump.place(application, "prod"));

        assertThat(images.get("api")).hasToString("ghcr.io/acme/api:1.0@sha256:" + HEX);
        assertThat(images.get("redis")).hasToString("17.1.0");
        assertThat(images.get("beta")).hasToString("true");
    }
}
