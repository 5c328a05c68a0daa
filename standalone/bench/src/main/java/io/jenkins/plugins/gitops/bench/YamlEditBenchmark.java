package io.jenkins.plugins.gitops.bench;

import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One tag changed in a kustomization of 100 lines (4.5 kB), 100 kB and 1 MB: time must grow with the size and no faster. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class YamlEditBenchmark {

    @Param({"4500", "100000", "1000000"})
    public int bytes;

    private final ManifestFiles files = new ManifestFiles();
    private final ManifestFile file = new ManifestFile.Kustomization("kustomization.yaml");
    private byte[] content;
    private Map<String, String> repositories;
    private Map<String, Version> release;

    @Setup
    public void prepare() {
        content = KustomizationText.ofAtLeast(bytes);
        String repository = KustomizationText.repositoryInTheMiddle(content);
        repositories = Map.of("api", repository);
        release = Map.of("api", new ImageReference(repository, "v2.0.0", null));
    }

    /** Parse, find, splice, parse again and compare. */
    @Benchmark
    public byte[] writeOneTag() {
        return files.write(file, content, repositories, release);
    }

    /** The parser's share of it, once. */
    @Benchmark
    public YamlFile parse() {
        return YamlFile.parse("kustomization.yaml", content);
    }

    @Benchmark
    public Map<String, Version> readOneImage() {
        return files.images(file, content, repositories);
    }
}
