package io.jenkins.plugins.gitops.standalone;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.StandardLocation;
import org.jvnet.hudson.annotation_indexer.Indexed;

/**
 * Lists which classes carry an {@link Indexed} annotation, such as {@code @Symbol}, where Jenkins looks for it at run
 * time: {@code META-INF/services/annotations/<annotation>}, one binary class name a line. In the official build the
 * annotation-indexer that comes with Jenkins core does this.
 */
@SupportedAnnotationTypes("*")
public final class IndexedAnnotations extends AbstractProcessor {

    private final Map<String, Set<String>> classesByAnnotation = new TreeMap<>();

    @Override
    @NonNull
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(@NonNull Set<? extends TypeElement> annotations, @NonNull RoundEnvironment round) {
        for (TypeElement annotation : annotations) {
            if (annotation.getAnnotation(Indexed.class) != null) {
                Set<String> classes = classesByAnnotation.computeIfAbsent(
                        annotation.getQualifiedName().toString(), name -> new TreeSet<>());
                round.getElementsAnnotatedWith(annotation).forEach(element -> classes.add(enclosingClass(element)));
            }
        }
        if (round.processingOver()) {
            classesByAnnotation.forEach(this::write);
        }
        return false;
    }

    private String enclosingClass(Element element) {
        Element type = element;
        while (!(type instanceof TypeElement)) {
            type = type.getEnclosingElement();
        }
        return processingEnv.getElementUtils().getBinaryName((TypeElement) type).toString();
    }

    private void write(String annotation, Set<String> classes) {
        try (Writer index = processingEnv
                .getFiler()
                .createResource(StandardLocation.CLASS_OUTPUT, "", "META-INF/services/annotations/" + annotation)
                .openWriter()) {
            index.write(String.join("\n", classes) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot index " + annotation, e);
        }
    }
}
