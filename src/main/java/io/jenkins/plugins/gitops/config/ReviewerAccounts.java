package io.jenkins.plugins.gitops.config;

import hudson.security.AccessControlled;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Review;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.promotion.Reviewers;
import io.jenkins.plugins.gitops.security.CurrentPerson;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Users of Jenkins by the logins that an administrator entered for them: {@code server/login: user}, one a line. A user does
 * not choose logins, or somebody else's review could become one's own. A login without a line is known by its e-mail address
 * at those servers alone that an administrator trusts with it.
 *
 * @param place where the user's permissions are asked: a run or a job
 */
public record ReviewerAccounts(AccessControlled place) implements Reviewers {

    private static final Pattern LINE = Pattern.compile("(?<server>[^/\\s:]+)/(?<login>\\S.*?)\\s*:\\s+(?<user>\\S.*)");

    private static final Pattern SERVER = Pattern.compile("[^/\\s:@]+");

    @Override
    public Optional<Person> person(String host, Review review) {
        GitOpsConfiguration known = GitOpsConfiguration.get();
        List<String> users = users(known.getReviewers(), host, review.account());
        if (users.isEmpty() && isTrusted(known.getReviewersByEmail(), host)) {
            users = review.email().map(CurrentPerson::withMailAddress).orElse(List.of());
        }
        return only(users).flatMap(user -> CurrentPerson.of(user, place));
    }

    /** Whether the server's word on e-mail addresses counts. */
    private static boolean isTrusted(List<String> servers, String host) {
        return servers.stream().anyMatch(host::equalsIgnoreCase);
    }

    /** The user whom the lines name for a login; empty where none does, or several name different ones. */
    static Optional<String> user(List<String> lines, String host, String account) {
        return only(users(lines, host, account));
    }

    private static Optional<String> only(List<String> users) {
        return users.size() == 1 ? Optional.of(users.get(0)) : Optional.empty();
    }

    private static List<String> users(List<String> lines, String host, String account) {
        return lines.stream()
                .map(LINE::matcher)
                .filter(line -> line.matches() && key(line).equals(key(host, account)))
                .map(line -> line.group("user"))
                .distinct()
                .toList();
    }

    private static String key(Matcher line) {
        return key(line.group("server"), line.group("login"));
    }

    /** Servers and the logins of their users are the same in capitals. */
    private static String key(String host, String login) {
        return (host + "/" + login).toLowerCase(Locale.ENGLISH);
    }

    /** What is wrong with the names of servers, as a sentence. */
    static Optional<String> problemOfServers(List<String> servers) {
        return servers.stream()
                .filter(server -> !SERVER.matcher(server).matches())
                .findFirst()
                .map(wrong -> "Enter the name of a server, for example git.example.com, instead of '" + wrong + "'.");
    }

    /** What is wrong with the lines, as a sentence. */
    static Optional<String> problem(List<String> lines) {
        Map<String, String> users = new HashMap<>();
        for (String text : lines) {
            Matcher line = LINE.matcher(text);
            if (!line.matches()) {
                return Optional.of("Enter server/login: user, for example github.com/octo-alice: alice.");
            }
            String before = users.putIfAbsent(key(line), line.group("user"));
            if (before != null && !before.equals(line.group("user"))) {
                return Optional.of("The login " + line.group("login") + " at " + line.group("server")
                        + " has two users: remove one of the lines.");
            }
        }
        return Optional.empty();
    }
}
