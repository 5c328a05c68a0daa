package io.jenkins.plugins.gitops.checks;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compares a declared type with the real one. Every declared supertype must be one of the real type's, at any height;
 * every accessible member must be there or inherited, with the same descriptor and flags. A declared annotation must be
 * there with the same values; an annotation that changes how others compile or are indexed must be declared too.
 */
final class Comparison {

    /** Those that javac, the extension index or the annotation index act on. */
    private static final Set<String> BINDING = Set.of(
            "Ljava/lang/Deprecated;",
            "Ljava/lang/FunctionalInterface;",
            "Ljava/lang/annotation/Documented;",
            "Ljava/lang/annotation/Inherited;",
            "Ljava/lang/annotation/Repeatable;",
            "Ljava/lang/annotation/Retention;",
            "Ljava/lang/annotation/Target;",
            "Lnet/java/sezpoz/Indexable;",
            "Lorg/jvnet/hudson/annotation_indexer/Indexed;",
            "Lorg/kohsuke/accmod/Restricted;");

    private final ClassShapes real;
    private final List<String> differences = new ArrayList<>();

    private Comparison(ClassShapes real) {
        this.real = real;
    }

    /** What differs, a sentence each; empty when the declaration is right. */
    @NonNull
    static List<String> differences(@NonNull ClassShape declared, @NonNull ClassShapes real) {
        Comparison comparison = new Comparison(real);
        real.find(declared.name())
                .ifPresentOrElse(
                        found -> comparison.compare(declared, found),
                        () -> comparison.differences.add(declared.name() + " does not exist"));
        return comparison.differences;
    }

    private void compare(ClassShape declared, ClassShape found) {
        flags(declared.name(), Flags.ofType(declared.flags()), Flags.ofType(found.flags()));
        annotations(declared.name(), declared.annotations(), found.annotations());
        for (String supertype : declared.supertypes()) {
            if (ancestors(found).noneMatch(supertype::equals)) {
                differences.add(declared.name() + " is not a " + supertype);
            }
        }
        declared.accessibleMembers().forEach(member -> compare(declared, member, found));
    }

    private void compare(ClassShape type, ClassShape.Member declared, ClassShape found) {
        String place = type.name() + "." + declared.signature();
        Optional<ClassShape.Member> member = inherited(found, declared);
        if (member.isEmpty()) {
            differences.add(place + " does not exist");
            return;
        }
        flags(
                place,
                Flags.ofMember(declared.flags()),
                Flags.ofMember(member.get().flags()));
        annotations(place, declared.annotations(), member.get().annotations());
        if (!declared.defaultValue().equals(member.get().defaultValue())) {
            differences.add(place + " has the default " + declared.defaultValue() + ", but the real one "
                    + member.get().defaultValue());
        }
    }

    private Optional<ClassShape.Member> inherited(ClassShape found, ClassShape.Member declared) {
        ClassShape.Member own = found.members().get(declared.signature());
        if (own != null || declared.isConstructor()) {
            return Optional.ofNullable(own);
        }
        return found.supertypes().stream()
                .flatMap(name -> real.find(name).stream())
                .flatMap(supertype -> inherited(supertype, declared).stream())
                .findFirst();
    }

    private Stream<String> ancestors(ClassShape type) {
        return type.supertypes().stream()
                .flatMap(name ->
                        Stream.concat(Stream.of(name), real.find(name).stream().flatMap(this::ancestors)));
    }

    private void flags(String place, Set<String> declared, Set<String> found) {
        if (!declared.equals(found)) {
            differences.add(place + " is declared " + declared + ", but the real one is " + found);
        }
    }

    private void annotations(String place, Map<String, String> declared, Map<String, String> found) {
        declared.forEach((type, text) -> {
            if (!text.equals(found.get(type))) {
                differences.add(place + " is declared with " + text + ", but the real one has "
                        + found.getOrDefault(type, "no such annotation"));
            }
        });
        found.forEach((type, text) -> {
            if (BINDING.contains(type) && !declared.containsKey(type)) {
                differences.add(place + " lacks " + text);
            }
        });
    }
}
