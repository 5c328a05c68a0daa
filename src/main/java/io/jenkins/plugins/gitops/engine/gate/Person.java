package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;

/**
 * Somebody who decides, as the caller has just authenticated and authorised them. Ids and groups compare without
 * case: Jenkins' default strategy does, and a stricter one could only let the same person count twice.
 *
 * @param id the user's id
 * @param name the full name, for people to read
 * @param email or null; with id and name it says whether an author of the change is this person
 * @param groups that the user belongs to
 * @param permissions that the user has on the job now
 */
public record Person(
        @NonNull String id,
        @NonNull String name,
        @Nullable String email,
        @NonNull Set<String> groups,
        @NonNull Set<Permission> permissions) {

    public Person {
        groups = Set.copyOf(groups);
        permissions = Set.copyOf(permissions);
    }

    /** What a caller may let a person do at a gate. */
    public enum Permission {
        APPROVE,
        OVERRIDE
    }

    /** Whether the person is one of those, by id or by group. */
    boolean isAmong(@NonNull Collection<String> usersOrGroups) {
        return usersOrGroups.stream()
                .anyMatch(entry -> entry.equalsIgnoreCase(id) || groups.stream().anyMatch(entry::equalsIgnoreCase));
    }

    /** Whether one of those authors, written as Git or as Jenkins writes them, is this person. */
    boolean isOneOf(@NonNull Collection<String> authors) {
        return authors.stream()
                .anyMatch(author -> author.equalsIgnoreCase(id)
                        || author.equalsIgnoreCase(name)
                        || named(author).equalsIgnoreCase(name)
                        || named(author).equalsIgnoreCase(id)
                        || (email != null
                                && (author.equalsIgnoreCase(email)
                                        || angled(author).equalsIgnoreCase(email))));
    }

    /** The address in {@code Name <address>}, or nothing. */
    private static String angled(String author) {
        int from = author.indexOf('<');
        return from >= 0 && author.endsWith(">") ? author.substring(from + 1, author.length() - 1) : "";
    }

    /** The name in {@code Name <address>}, or nothing. */
    private static String named(String author) {
        int from = author.indexOf('<');
        return from > 0 && author.endsWith(">") ? author.substring(0, from).strip() : "";
    }

    /** How events keep the person. */
    @NonNull
    Signature signature() {
        return new Signature(id, name);
    }

    /** Who did something, as it is remembered. */
    public record Signature(@NonNull String id, @NonNull String name) {

        /** One and the same for every way to write the id. */
        @NonNull
        String key() {
            return id.toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return id;
        }
    }
}
