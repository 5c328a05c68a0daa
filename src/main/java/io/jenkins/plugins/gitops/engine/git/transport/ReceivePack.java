package io.jenkins.plugins.gitops.engine.git.transport;

import io.jenkins.plugins.gitops.engine.git.cache.StoreRepository;
import io.jenkins.plugins.gitops.engine.git.cache.Trees;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TooLargePackException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.internal.JGitText;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.RemoteRefUpdate.Status;
import org.eclipse.jgit.transport.Transport;

/**
 * Pushing one branch through JGit: reads the tip, then moves it from there. A {@link PushConnection} runs no hook of the
 * local side, as {@link Transport#push} would.
 */
public final class ReceivePack implements Closeable {

    /** What hosts answer for one ref when another writer was first, or holds the ref's lock. */
    private static final List<String> MOVED = List.of(
            // Git: receive-pack
            "non-fast-forward",
            "fetch first",
            "stale info",
            "failed to update ref",
            "failed to lock",
            "reference already exists",
            "reference does not exist",
            "does not point to expected object",
            // GitHub, Gitea and others that pass on Git's own error
            "cannot lock ref",
            "unable to lock",
            // GitLab
            "incorrect old value provided",
            // JGit and Gerrit
            "non-fast forward",
            "invalid old id sent",
            "lock error",
            "lock failure",
            "lock_failure",
            // Azure DevOps
            "tf401028",
            "has already been updated by another client",
            // Bitbucket and CodeCommit
            "was updated by another",
            "being updated by another",
            "updated concurrently");

    /**
     * A fault of the server's that passes, as a status of 5xx would: GitHub's commit_refs, TF400898 and TF400733 of Azure
     * DevOps, Gerrit's and JGit's internal errors.
     */
    private static final Pattern LATER =
            Pattern.compile("internal (?:server )?error|fatal error in commit_refs|unavailable"
                    + "|time[d -]{0,2}out|try again|try later|too many|rate limit|exceeding usage|transaction aborted");

    /** What the hooks of GitLab, Gitea and Forgejo print when the server behind them does not answer. */
    private static final Pattern HOOK_UNANSWERED =
            Pattern.compile("(?i)\\b(?:gitlab|gitea|forgejo):.*(?:internal (?:api|server)|api is not"
                    + " accessible|unreachable|\\b50[0234]\\b)");

    /** Words of a hook or of a protected branch, which may quote any of the others: the same would be refused again. */
    private static final List<String> FINAL =
            List.of("hook declined", "protected branch", "pre-receive", "prohibited", "not permitted");

    private static final Set<Status> REPORTED =
            Set.of(Status.OK, Status.UP_TO_DATE, Status.REJECTED_NONFASTFORWARD, Status.REJECTED_REMOTE_CHANGED);

    private final Channel channel;
    private final StoreRepository local;
    private final String ref;
    private final Transport transport;
    private final PushConnection connection;

    private ReceivePack(
            Channel channel, StoreRepository local, String ref, Transport transport, PushConnection connection) {
        this.channel = channel;
        this.local = local;
        this.ref = ref;
        this.transport = transport;
        this.connection = connection;
    }

    /** Connects and reads the advertisement: one request over HTTP. */
    public static ReceivePack open(Channel channel, StoreRepository local, String branch) throws IOException {
        Channel.Greeting greeting = new Channel.Greeting(local);
        Transport transport = channel.open(local, greeting);
        try {
            transport.setPushThin(true);
            PushConnection connection = transport.openPush();
            ServerCapabilities.of(greeting);
            return new ReceivePack(channel, local, UploadPack.ref(branch), transport, connection);
        } catch (IOException | RuntimeException e) {
            transport.close();
            ServerCapabilities.of(greeting);
            throw GitFailures.of(e, channel);
        }
    }

    /** Where the branch stood when the connection was made; empty when there is none. */
    public Optional<ObjectId> tip() {
        return Optional.ofNullable(connection.getRef(ref)).map(Ref::getObjectId);
    }

    /** Where another branch stood then. */
    public Optional<ObjectId> tip(String branch) {
        return Optional.ofNullable(connection.getRef(UploadPack.ref(branch))).map(Ref::getObjectId);
    }

    /**
     * Moves the branch, if it still stands at {@code from}. Call it once.
     *
     * @param from the zero id to make the branch, if there still is none
     * @param objects everything of {@code to} that {@code from} lacks
     * @param messages told what the server prints, within bounds
     * @return false when somebody else was first: look again
     * @throws WireException of kind {@link Kind#BROKEN} when the branch may or may not have moved, of {@link Kind#REFUSED}
     *     when the same push would be refused again, of {@link Kind#LATER} when it may succeed later
     */
    public boolean push(ObjectId from, ObjectId to, Trees objects, Consumer<String> messages) throws IOException {
        return push(from, from, to, objects, messages);
    }

    /**
     * The same, to something that does not come from where the branch stands.
     *
     * @param below tip of a branch of the server, which {@code to} comes from
     * @param objects everything of {@code to} that {@code below} lacks
     */
    public boolean push(ObjectId from, ObjectId below, ObjectId to, Trees objects, Consumer<String> messages)
            throws IOException {
        PrintedLines printed = new PrintedLines(messages);
        RemoteRefUpdate update = new RemoteRefUpdate(local, null, to, ref, !from.equals(below), null, from);
        local.push(below, objects);
        try (printed) {
            connection.push(NullProgressMonitor.INSTANCE, Map.of(ref, update), printed);
        } catch (IOException | RuntimeException e) {
            printed.close();
            Optional<String> unpack = unpackFailure(e);
            throw unpack.isPresent()
                    ? refused("unpack failed: " + unpack.get(), printed.kept())
                    : GitFailures.of(e, channel);
        }
        Status status = update.getStatus();
        if (status == Status.REJECTED_OTHER_REASON || status == Status.REJECTED_NODELETE) {
            requireMoved(String.valueOf(update.getMessage()), printed.kept());
        } else if (!REPORTED.contains(status)) {
            throw new WireException(Kind.BROKEN, "the server did not report how the push ended");
        }
        return status == Status.OK || status == Status.UP_TO_DATE;
    }

    /**
     * Sorts the words after {@code ng <ref>}.
     *
     * @throws WireException unless another writer was first
     */
    static void requireMoved(String reason, List<String> printed) throws WireException {
        String lower = reason.toLowerCase(Locale.ROOT);
        if (FINAL.stream().anyMatch(lower::contains)) {
            throw printed.stream()
                            .anyMatch(line -> HOOK_UNANSWERED.matcher(line).find())
                    ? new WireException(Kind.LATER, refused(reason, printed).getMessage())
                    : refused(reason, printed);
        }
        if (MOVED.stream().noneMatch(lower::contains)) {
            throw LATER.matcher(lower).find()
                    ? new WireException(
                            Kind.LATER, "the server answered \"" + GitFailures.oneLine(reason) + "\" for the branch")
                    : refused(reason, printed);
        }
    }

    /** @param printed by the server, newest last */
    private static WireException refused(String reason, List<String> printed) {
        String lines = printed.isEmpty() ? "" : ": " + String.join(" | ", printed);
        return new WireException(Kind.REFUSED, "(" + GitFailures.oneLine(reason) + ")" + lines);
    }

    /** The server read the pack and could not use it. JGit has no type for that but for packs that are too large. */
    private static Optional<String> unpackFailure(Exception e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof TooLargePackException || e instanceof TooLargeObjectInPackException) {
            return Optional.of(message);
        }
        String unpack = MessageFormat.format(JGitText.get().errorOccurredDuringUnpackingOnTheRemoteEnd, "");
        int begins = message.indexOf(unpack);
        return e instanceof TransportException && begins >= 0
                ? Optional.of(message.substring(begins + unpack.length()))
                : Optional.empty();
    }

    @Override
    public void close() {
        connection.close();
        transport.close();
    }
}
