package io.jenkins.plugins.gitops.checks;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a class file says about a type and its members, without code.
 *
 * @param name internal name, for example {@code hudson/model/Run}
 * @param flags access flags, those of the nested type where it is one
 * @param supertypes internal names, the superclass first; without {@code java/lang/Object}
 * @param annotations descriptor to its text, values in alphabetical order
 * @param members by name and descriptor
 */
record ClassShape(
        @NonNull String name,
        int flags,
        @NonNull List<String> supertypes,
        @NonNull Map<String, String> annotations,
        @NonNull Map<String, Member> members) {

    /**
     * A field, method or constructor.
     *
     * @param signature name and descriptor, for example {@code getUrl()Ljava/lang/String;}
     * @param defaultValue of an annotation's element as text; empty if there is none
     */
    record Member(
            @NonNull String signature,
            int flags,
            @NonNull Map<String, String> annotations,
            @NonNull String defaultValue) {

        boolean isConstructor() {
            return signature.startsWith("<init>");
        }
    }

    /** The members that others can compile against. */
    @NonNull
    Stream<Member> accessibleMembers() {
        return members.values().stream().filter(member -> Flags.isAccessible(member.flags()));
    }
}
