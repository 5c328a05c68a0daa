package io.jenkins.plugins.gitops.checks;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.objectweb.asm.Opcodes;

/** Access flags by name; those that only an implementation cares about are left out. */
final class Flags {

    private static final Map<Integer, String> ALIKE = Map.of(
            Opcodes.ACC_PUBLIC, "public",
            Opcodes.ACC_PROTECTED, "protected",
            Opcodes.ACC_STATIC, "static",
            Opcodes.ACC_FINAL, "final");

    private static final Map<Integer, String> OF_TYPES = Map.of(
            Opcodes.ACC_ABSTRACT, "abstract",
            Opcodes.ACC_INTERFACE, "interface",
            Opcodes.ACC_ENUM, "enum",
            Opcodes.ACC_ANNOTATION, "annotation");

    private static final Map<Integer, String> OF_MEMBERS =
            Map.of(Opcodes.ACC_ABSTRACT, "abstract", Opcodes.ACC_ENUM, "enum");

    private Flags() {}

    @NonNull
    static Set<String> ofType(int flags) {
        return names(flags, OF_TYPES);
    }

    @NonNull
    static Set<String> ofMember(int flags) {
        return names(flags, OF_MEMBERS);
    }

    /** Whether others can compile against it: public or protected, and written by a person. */
    static boolean isAccessible(int flags) {
        return (flags & (Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)) != 0 && (flags & Opcodes.ACC_SYNTHETIC) == 0;
    }

    private static Set<String> names(int flags, Map<Integer, String> special) {
        Map<Integer, String> all = new TreeMap<>(ALIKE);
        all.putAll(special);
        Set<String> names = new TreeSet<>();
        all.forEach((flag, name) -> {
            if ((flags & flag) != 0) {
                names.add(name);
            }
        });
        return names;
    }
}
