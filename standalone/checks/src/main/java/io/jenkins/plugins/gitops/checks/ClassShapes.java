package io.jenkins.plugins.gitops.checks;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The class files of jars, read when asked for. The first jar that has a class wins, in the order of their names. */
final class ClassShapes implements AutoCloseable {

    private static final String SUFFIX = ".class";

    private final Map<String, JarFile> jarByClass = new HashMap<>();
    private final Map<String, ClassShape> shapes = new ConcurrentHashMap<>();
    private final List<JarFile> jars;

    private ClassShapes(List<JarFile> jars) {
        this.jars = jars;
        for (JarFile jar : jars) {
            jar.stream()
                    .map(entry -> entry.getName())
                    .filter(entry -> entry.endsWith(SUFFIX) && !entry.startsWith("META-INF/"))
                    .forEach(
                            entry -> jarByClass.putIfAbsent(entry.substring(0, entry.length() - SUFFIX.length()), jar));
        }
    }

    /** @param place a jar, or a folder of jars, searched to any depth */
    @NonNull
    static ClassShapes in(@NonNull Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return new ClassShapes(files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(ClassShapes::open)
                    .toList());
        }
    }

    @NonNull
    Set<String> names() {
        return new TreeSet<>(jarByClass.keySet());
    }

    @NonNull
    Optional<ClassShape> find(@NonNull String name) {
        return jarByClass.containsKey(name) ? Optional.of(shapes.computeIfAbsent(name, this::read)) : Optional.empty();
    }

    private ClassShape read(String name) {
        JarFile jar = jarByClass.get(name);
        try (InputStream bytes = jar.getInputStream(jar.getEntry(name + SUFFIX))) {
            return ShapeReader.read(bytes.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " in " + jar.getName(), e);
        }
    }

    private static JarFile open(Path file) {
        try {
            return new JarFile(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + file, e);
        }
    }

    @Override
    public void close() throws IOException {
        for (JarFile jar : jars) {
            jar.close();
        }
    }
}
