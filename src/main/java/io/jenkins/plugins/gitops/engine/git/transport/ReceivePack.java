package io.jenkins.plugins.gitops.engine.git.transport;

import io.jenkins.plugins.gitops.engine.git.cache.NewObjects;
import io.jenkins.plugins.gitops.engine.git.cache.StoreRepository;
import io.jenkins.plugins.gitops.engine.git.transport.PushAnswer.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.text.MessageFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TooLargePackException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.internal.JGitText;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;

/**
 * Pushing one branch through JGit: reads the tip, then moves it from there. A {@link PushConnection} runs no hook of the
 * local side, as {@link Transport#push} would.
 */
public final class ReceivePack implements Closeable {

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
        Transport transport = channel.open(local, Channel.Refs.LISTED, greeting);
        try {
            transport.setPushThin(true);
            PushConnection connection = transport.openPush();
            ServerCapabilities.of(greeting);
            return new ReceivePack(channel, local, UploadPack.ref(branch), transport, connection);
        } catch (IOException | RuntimeException e) {
            transport.close();
            ServerCapabilities.of(greeting);
            throw Failures.of(e, channel);
        }
    }

    /** Where the branch stood when the connection was made; empty when there is none. */
    public Optional<ObjectId> tip() {
        return Optional.ofNullable(connection.getRef(ref)).map(Ref::getObjectId);
    }

    /**
     * Moves the branch, if it still stands at {@code from}. Call it once.
     *
     * @param from the zero id to make the branch, if there still is none
     * @param objects everything of {@code to} that {@code from} lacks
     * @param messages told what the server prints, within bounds
     * @throws WireException of kind {@link WireException.Kind#BROKEN} when the branch may or may not have moved
     */
    public PushAnswer push(ObjectId from, ObjectId to, NewObjects objects, Consumer<String> messages)
            throws IOException {
        PrintedLines printed = new PrintedLines(messages);
        RemoteRefUpdate update = new RemoteRefUpdate(local, null, to, ref, false, null, from);
        local.push(from, objects);
        try (printed) {
            connection.push(NullProgressMonitor.INSTANCE, Map.of(ref, update), printed);
        } catch (IOException | RuntimeException e) {
            printed.close();
            Optional<String> unpack = unpackFailure(e);
            if (unpack.isPresent()) {
                return new PushAnswer(Kind.REFUSED, "unpack failed: " + Failures.oneLine(unpack.get()), printed.kept());
            }
            throw Failures.of(e, channel);
        }
        return switch (update.getStatus()) {
            case OK, UP_TO_DATE -> new PushAnswer(Kind.ACCEPTED, "", List.of());
            case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED ->
                new PushAnswer(Kind.MOVED, "the branch moved", List.of());
            case REJECTED_OTHER_REASON, REJECTED_NODELETE ->
                PushAnswer.ng(String.valueOf(update.getMessage()), printed.kept());
            case NOT_ATTEMPTED, AWAITING_REPORT, NON_EXISTING ->
                throw new WireException(WireException.Kind.BROKEN, "the server did not report how the push ended");
        };
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
