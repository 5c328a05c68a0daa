package io.jenkins.plugins.gitops.checks;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InnerClassNode;

/** Reads a {@link ClassShape} from a class file. */
final class ShapeReader {

    private ShapeReader() {}

    @NonNull
    static ClassShape read(@NonNull byte[] classFile) {
        ClassNode node = new ClassNode();
        new ClassReader(classFile)
                .accept(node, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        Map<String, ClassShape.Member> members = new TreeMap<>();
        node.fields.forEach(field -> add(
                members,
                new ClassShape.Member(
                        field.name + " " + field.desc,
                        field.access,
                        annotations(field.visibleAnnotations, field.invisibleAnnotations),
                        "")));
        node.methods.forEach(method -> add(
                members,
                new ClassShape.Member(
                        method.name + method.desc,
                        method.access,
                        annotations(method.visibleAnnotations, method.invisibleAnnotations),
                        method.annotationDefault == null ? "" : text(method.annotationDefault))));
        List<String> supertypes = Stream.concat(Stream.ofNullable(node.superName), node.interfaces.stream())
                .filter(type -> !type.equals("java/lang/Object"))
                .toList();
        return new ClassShape(
                node.name,
                flags(node),
                supertypes,
                annotations(node.visibleAnnotations, node.invisibleAnnotations),
                members);
    }

    private static void add(Map<String, ClassShape.Member> members, ClassShape.Member member) {
        members.put(member.signature(), member);
    }

    /** A nested type's own flags stand in its InnerClasses entry: those of the class itself cannot say static. */
    private static int flags(ClassNode node) {
        return node.innerClasses.stream()
                .filter(inner -> inner.name.equals(node.name))
                .map((InnerClassNode inner) -> inner.access)
                .findFirst()
                .orElse(node.access);
    }

    private static Map<String, String> annotations(List<AnnotationNode> visible, List<AnnotationNode> invisible) {
        Map<String, String> texts = new TreeMap<>();
        Stream.of(visible, invisible)
                .filter(nodes -> nodes != null)
                .flatMap(List::stream)
                .forEach(node -> texts.put(node.desc, text(node)));
        return texts;
    }

    private static String text(Object value) {
        if (value instanceof AnnotationNode annotation) {
            return annotation.desc + elements(annotation);
        }
        if (value instanceof String[] constant) {
            return constant[1];
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ShapeReader::text).sorted().collect(Collectors.joining(", ", "[", "]"));
        }
        return String.valueOf(value);
    }

    private static String elements(AnnotationNode annotation) {
        List<Object> pairs = annotation.values == null ? List.of() : annotation.values;
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            elements.add(pairs.get(i) + "=" + text(pairs.get(i + 1)));
        }
        return elements.stream().sorted().collect(Collectors.joining(", ", "(", ")"));
    }
}
