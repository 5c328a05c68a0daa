package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Somebody who decides, as the caller has just authenticated and authorised them. Ids and groups compare without
 * case: Jenkins' default strategy does, and a stricter one could only let the same person count twice.
 *
 * @param id the user's id
 * @param name the full name, for people to read
 * @param email or null; with id and name it says whether an author of the change is this person
 * @param groups that the user belongs to
 * @param permissions that the user has on the job now
 * @param userKey what two ways to write the id of one user have in common, by the rules of whoever keeps the users
 * @param groupKey the same for groups
 */
public record Person(
        String id,
        String name,
        @Nullable String email,
        Set<String> groups,
        Set<Permission> permissions,
        UnaryOperator<String> userKey,
        UnaryOperator<String> groupKey) {

    private static final String USER = "user:";
    private static final String GROUP = "group:";

    public Person {
        groups = Set.copyOf(groups);
        permissions = Set.copyOf(permissions);
    }

    /** One whose id and groups are the same in capitals. */
    public Person(String id, String name, @Nullable String email, Set<String> groups, Set<Permission> permissions) {
        this(
                id,
                name,
                email,
                groups,
                permissions,
                key -> key.toLowerCase(Locale.ENGLISH),
                key -> key.toLowerCase(Locale.ENGLISH));
    }

    /** What a caller may let a person do at a gate. */
    public enum Permission {
        APPROVE,
        OVERRIDE
    }

    /** Whether the person is one of those: {@code user:<id>}, {@code group:<name>}, or without a prefix either of them. */
    boolean isAmong(Collection<String> usersOrGroups) {
        return usersOrGroups.stream()
                .anyMatch(entry -> entry.startsWith(USER)
                        ? isUser(entry.substring(USER.length()))
                        : entry.startsWith(GROUP)
                                ? isIn(entry.substring(GROUP.length()))
                                : isUser(entry) || isIn(entry));
    }

    private boolean isUser(String other) {
        return userKey.apply(other).equals(userKey.apply(id));
    }

    private boolean isIn(String group) {
        return groups.stream().map(groupKey).anyMatch(groupKey.apply(group)::equals);
    }

    /** Whether one of those authors, written as Git or as Jenkins writes them, is this person. */
    boolean isOneOf(Collection<String> authors) {
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
    Signature signature() {
        return new Signature(id, name);
    }

    /** Who did something, as it is remembered. */
    public record Signature(String id, String name) {

        /** One and the same for every way to write the id. */
        String key() {
            return id.toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return id;
        }
    }
}
