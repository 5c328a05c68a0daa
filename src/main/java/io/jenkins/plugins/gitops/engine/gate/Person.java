package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Somebody who decides, as the caller has just authenticated and authorised them.
 *
 * @param id the user's id
 * @param name the full name, for people to read
 * @param email or null; with id and name it says whether an author of the change is this person
 * @param groups that the user belongs to
 * @param permissions that the user has on the job now
 * @param directory the rules by which ids and groups compare
 * @param barred a clause that says why the account decides nothing at all, for example that it is disabled; empty for
 *     one in good standing
 */
public record Person(
        String id,
        String name,
        @Nullable String email,
        Set<String> groups,
        Set<Permission> permissions,
        Directory directory,
        Optional<String> barred) {

    private static final String USER = "user:";
    private static final String GROUP = "group:";

    /** What Jenkins calls everybody, everybody who is signed in, itself, and an author whom it does not know. */
    private static final List<String> NOBODY = List.of("anonymous", "authenticated", "SYSTEM", "unknown");

    public Person {
        groups = Set.copyOf(groups);
        permissions = Set.copyOf(permissions);
    }

    /** One in good standing whose id and groups are the same in capitals. */
    public Person(String id, String name, @Nullable String email, Set<String> groups, Set<Permission> permissions) {
        this(id, name, email, groups, permissions, new Directory() {}, Optional.empty());
    }

    /** What a caller may let a person do at a gate. */
    public enum Permission {
        APPROVE,
        OVERRIDE
    }

    /** Whoever keeps the users and groups; without more rules, capitals make no difference. */
    public interface Directory {

        /** What two ways to write the id of one user have in common. */
        default String userKey(String id) {
            return id.toLowerCase(Locale.ENGLISH);
        }

        /** What two ways to write the name of one group have in common. */
        default String groupKey(String group) {
            return group.toLowerCase(Locale.ENGLISH);
        }

        /** Whether a group may have this name; asked where a user has it too. */
        default boolean mayBeGroup(String name) {
            return false;
        }
    }

    /** A clause that says why this is nobody who could decide; empty for a person in good standing. */
    public Optional<String> refusal() {
        return id.isBlank() || NOBODY.stream().anyMatch(this::isUser)
                ? Optional.of("is not a user account: sign in with an account of your own")
                : barred;
    }

    /**
     * Whether the person is one of those: {@code user:<id>}, {@code group:<name>}, or without a prefix either of them. A
     * user who is named as a group may be is not meant by that name alone.
     */
    boolean isAmong(Collection<String> usersOrGroups) {
        return usersOrGroups.stream()
                .anyMatch(entry -> entry.startsWith(USER)
                        ? isUser(entry.substring(USER.length()))
                        : entry.startsWith(GROUP)
                                ? isIn(entry.substring(GROUP.length()))
                                : isIn(entry) || isUser(entry) && !directory.mayBeGroup(entry));
    }

    /** Whether one of those, without a prefix, is this person's id and may be the name of a group, too. */
    boolean sharesItsNameWithGroup(Collection<String> usersOrGroups) {
        return usersOrGroups.stream().anyMatch(entry -> isUser(entry) && directory.mayBeGroup(entry));
    }

    /** Whether the id is this user's. */
    public boolean isUser(String other) {
        return same(other, id, directory::userKey);
    }

    private boolean isIn(String group) {
        return NOBODY.stream().noneMatch(nobody -> same(group, nobody, directory::groupKey))
                && groups.stream().anyMatch(own -> same(group, own, directory::groupKey));
    }

    /** Letters that only Unicode takes for each other, as the Kelvin sign for a k, are not the same. */
    private static boolean same(String one, String other, UnaryOperator<String> key) {
        return key.apply(one).equals(key.apply(other)) && withoutAscii(one).equals(withoutAscii(other));
    }

    private static String withoutAscii(String text) {
        return text.replaceAll("\\p{ASCII}+", "-").toLowerCase(Locale.ENGLISH);
    }

    /** Whether one of those authors, written as Git or as Jenkins writes them, is this person. */
    boolean isOneOf(Collection<String> authors) {
        return authors.stream()
                .anyMatch(author -> isUser(author)
                        || isUser(named(author))
                        || isUser(angled(author))
                        || isCalled(author)
                        || isCalled(named(author))
                        || isAt(author)
                        || isAt(angled(author)));
    }

    private boolean isCalled(String author) {
        return !author.isEmpty() && same(author, name, Person::lowerCase);
    }

    private boolean isAt(String address) {
        return email != null && !address.isEmpty() && same(address, email, Person::lowerCase);
    }

    private static String lowerCase(String text) {
        return text.toLowerCase(Locale.ENGLISH);
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

    /** Whether both are one account, so that nobody counts twice. */
    boolean wrote(Signature signature) {
        return directory.userKey(signature.id()).equals(directory.userKey(id));
    }

    /** How events keep the person. */
    Signature signature() {
        return new Signature(id, name);
    }

    /** Who did something, as it is remembered. */
    public record Signature(String id, String name) {

        @Override
        public String toString() {
            return id;
        }
    }
}
