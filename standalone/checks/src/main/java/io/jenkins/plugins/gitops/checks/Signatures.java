package io.jenkins.plugins.gitops.checks;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code make signatures JARS=<folder>}: compares every type of {@code standalone/jenkins-api} with the jars of a real
 * Jenkins and of its plugins, and exits with 1 when one differs.
 */
public final class Signatures {

    /** The stand-in is the declarations' own. */
    private static final String OWN = "io/jenkins/plugins/gitops/";

    private Signatures() {}

    /** @param arguments the jar with the declarations, the folder with the real jars */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println(
                    "usage: Signatures <declarations.jar> <folder with the jars of Jenkins and its plugins>");
            System.exit(2);
        }
        try (ClassShapes declared = ClassShapes.in(Path.of(arguments[0]));
                ClassShapes real = ClassShapes.in(Path.of(arguments[1]))) {
            List<String> differences = differences(declared, real);
            differences.forEach(System.err::println);
            Set<String> types = types(declared);
            long members = types.stream()
                    .flatMap(name -> declared.find(name).stream())
                    .flatMap(ClassShape::accessibleMembers)
                    .count();
            System.out.println(types.size() + " types and " + members + " members compared, " + differences.size()
                    + " differences");
            System.exit(differences.isEmpty() ? 0 : 1);
        }
    }

    @NonNull
    static List<String> differences(@NonNull ClassShapes declared, @NonNull ClassShapes real) {
        return types(declared).stream()
                .flatMap(name -> declared.find(name).stream())
                .flatMap(type -> Comparison.differences(type, real).stream())
                .toList();
    }

    private static Set<String> types(ClassShapes declared) {
        return declared.names().stream()
                .filter(name -> !name.startsWith(OWN))
                .filter(name -> declared.find(name).stream().anyMatch(type -> Flags.isAccessible(type.flags())))
                .collect(Collectors.toSet());
    }
}
