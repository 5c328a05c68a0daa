package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.forge.ForgeException.Kind;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Method;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Review;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.State;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The pull requests of one repository at its Git server: what the plugin asks of every kind of server. Blocking, each
 * answer bounded in size and time. Safe for any thread. Everything throws {@link ForgeException}, and may be repeated.
 */
public abstract class PullRequests {

    final ForgeClient client;

    PullRequests(ForgeClient client) {
        this.client = client;
    }

    /** What a pull request is opened with. */
    public record NewPullRequest(String head, String base, String title, String body) {}

    /**
     * The pull request of a branch, whoever opened it: the open one, or else the newest.
     *
     * @param head the branch; of this repository, not of a fork
     */
    public final Optional<PullRequest> find(String head, String base) {
        return number(head, base).map(this::get);
    }

    /** Those that are open and whose branches begin so. */
    public final List<PullRequest> openOf(String headPrefix, String base) {
        return openNumbers(headPrefix, base).stream().map(this::get).toList();
    }

    /** Opens it; where one is open already for this branch, because an answer was lost for example, that one. */
    public final PullRequest create(NewPullRequest proposal) {
        try {
            return get(open(proposal));
        } catch (ForgeException e) {
            if (e.kind() != Kind.REFUSED) {
                throw e;
            }
            return find(proposal.head(), proposal.base())
                    .filter(PullRequest::isOpen)
                    .orElseThrow(() -> e);
        }
    }

    /** As it stands now. */
    public abstract PullRequest get(long number);

    /** Gives it another title and body. */
    public abstract void describe(PullRequest request, String title, String body);

    /**
     * Merges it, unless its head is not {@link PullRequest#headCommit()} any more. The server may take its time: the pull
     * request says that it is merged some time later. Where a queue makes the merges into its base, it is handed over.
     *
     * @param method one of {@link #methods()}
     * @param subject first line of the message, where the method makes a commit
     * @param body the rest of the message
     * @throws ForgeException of the kind {@link Kind#REFUSED} with the server's reason
     */
    public abstract void merge(PullRequest request, Method method, String subject, String body);

    /**
     * Has the server merge it by itself as soon as the rules of its base allow it: by the queue of the base where there is
     * one, else by auto-merge. Does nothing where the server has it.
     *
     * @param method one of {@link #methods()}; a queue merges by its own method
     * @throws ForgeException of the kind {@link Kind#REFUSED} with the server's reason
     */
    public abstract void handOver(PullRequest request, Method method, String subject, String body);

    /** Whether the server can be asked to merge by itself what its rules do not allow yet. */
    public boolean canHandOver() {
        return true;
    }

    /**
     * Takes back what the server was to merge by itself, whoever handed it over; does nothing where it has nothing.
     *
     * @param request as it was looked at just now
     */
    public abstract void takeBack(PullRequest request);

    /**
     * Closes it without a merge. Servers differ in what they answer where it was merged meanwhile, so it is looked at again.
     *
     * @return how it ended: merged, or closed
     */
    public final State close(PullRequest request) {
        Optional<ForgeException> refusal = Optional.empty();
        try {
            decline(request);
        } catch (ForgeException e) {
            if (e.mayPass()) {
                throw e;
            }
            refusal = Optional.of(e);
        }
        State now = get(request.number()).state();
        if (now == State.OPEN && refusal.isPresent()) {
            throw refusal.get();
        }
        return now == State.MERGED ? State.MERGED : State.CLOSED;
    }

    abstract void decline(PullRequest request);

    /**
     * Keeps one comment: writes it, or changes the one that has the marker.
     *
     * @param marker text that no other comment contains, which the text contains
     */
    public final void comment(PullRequest request, String marker, String text) {
        for (JsonNode comment : comments(request)) {
            if (textOf(comment).contains(marker)) {
                if (textOf(comment).equals(text) || edited(request, comment, text)) {
                    return;
                }
            }
        }
        addComment(request, text);
    }

    /** Somebody else's comment, which has the marker because it quotes, cannot be edited. */
    private boolean edited(PullRequest request, JsonNode comment, String text) {
        try {
            editComment(request, comment, text);
            return true;
        } catch (ForgeException e) {
            if (e.kind() == Kind.FORBIDDEN || e.kind() == Kind.NOT_FOUND || e.kind() == Kind.REFUSED) {
                return false;
            }
            throw e;
        }
    }

    /** Asks for reviews; who was asked already is not asked again. Names are those of the server. */
    public abstract void requestReviewers(PullRequest request, List<String> reviewers);

    /** Adds labels, where {@link #hasLabels()}. */
    public abstract void label(PullRequest request, List<String> labels);

    /** How many characters a description may have. */
    public int longestText() {
        return 30_000;
    }

    /** Whether pull requests have labels here. */
    public boolean hasLabels() {
        return true;
    }

    /** How it can be asked to merge. */
    public Set<Method> methods() {
        return Set.of(Method.values());
    }

    /**
     * Sets a status of the pull request's head commit; the same context again replaces it.
     *
     * @param description one line, cut to what the server takes
     * @param target where people read more
     */
    public abstract void status(
            PullRequest request, String context, Outcome outcome, String description, String target);

    /** The number of the open pull request of a branch, or else of the newest. */
    abstract Optional<Long> number(String head, String base);

    abstract List<Long> openNumbers(String headPrefix, String base);

    /** Opens it, and gives its number. */
    abstract long open(NewPullRequest proposal);

    abstract List<JsonNode> comments(PullRequest request);

    abstract String textOf(JsonNode comment);

    abstract void addComment(PullRequest request, String text);

    abstract void editComment(PullRequest request, JsonNode comment, String text);

    /** The number of the open one among those that a list tells, or else the highest. */
    static Optional<Long> best(List<JsonNode> found, String numberField, Predicate<JsonNode> isOpen) {
        Comparator<JsonNode> order = Comparator.<JsonNode, Boolean>comparing(isOpen::test)
                .thenComparing(request -> request.path(numberField).asLong());
        return found.stream()
                .max(order)
                .map(request -> request.path(numberField).asLong());
    }

    /** The numbers of those in a list that have such a branch. */
    static List<Long> numbers(List<JsonNode> found, String numberField, Predicate<JsonNode> fits) {
        return found.stream()
                .filter(fits)
                .map(request -> request.path(numberField).asLong())
                .toList();
    }

    /** Which commit stood on a branch when each approved last, for servers whose approvals name none. */
    static final class Standing {

        private final NavigableMap<Instant, String> commits = new TreeMap<>();
        private final Map<String, Instant> approved = new HashMap<>();

        void stood(JsonNode since, JsonNode commit) {
            time(since).ifPresent(at -> commits.putIfAbsent(at, commit.asText()));
        }

        void approved(String who, JsonNode at) {
            time(at).ifPresent(time -> approved.merge(who, time, (one, other) -> one.isAfter(other) ? one : other));
        }

        /** By who approved. */
        Map<String, String> commits() {
            Map<String, String> reviewed = new HashMap<>();
            approved.forEach((who, at) -> Optional.ofNullable(commits.floorEntry(at))
                    .ifPresent(commit -> reviewed.put(who, commit.getValue())));
            return reviewed;
        }
    }

    /** The last decision of each, in the order they were first heard; a decision that was withdrawn is none. */
    static final class Decisions {

        private final Map<String, Review> byLogin = new LinkedHashMap<>();

        void approves(String login, Optional<String> email, Optional<String> commit) {
            approves(login, login, email, commit);
        }

        void approves(String login, String account, Optional<String> email, Optional<String> commit) {
            byLogin.put(account, new Review(login, true, account, email, commit));
        }

        void wantsChanges(String login) {
            byLogin.put(login, new Review(login, false));
        }

        void withdraws(String login) {
            byLogin.remove(login);
        }

        List<Review> list() {
            return List.copyOf(byLogin.values());
        }
    }

    /** Where a server takes no commit to compare with: refuses what has moved since it was looked at. */
    static void requireHead(PullRequest request, JsonNode commit) {
        if (!commit.asText().equals(request.headCommit())) {
            throw new ForgeException(
                    Kind.REFUSED,
                    "The branch of " + request.url() + " has moved to " + cut(commit.asText(), 12)
                            + ": check it again.",
                    null,
                    null);
        }
    }

    /** For a part of a path or a value of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A text that is there and not empty. */
    static Optional<String> some(JsonNode text) {
        return Optional.of(text.asText("")).filter(value -> !value.isEmpty() && !text.isNull());
    }

    /** An instant in ISO 8601, with or without an offset. */
    static Optional<Instant> time(JsonNode text) {
        try {
            return some(text).map(value -> OffsetDateTime.parse(value).toInstant());
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }

    static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
