package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;

/** Pushing one branch: reads the tip, then moves it from there. */
public final class ReceivePack implements Closeable {

    private static final int MESSAGES_KEPT = 20;
    private static final Pattern PROGRESS = Pattern.compile("^[\\w ]+: +\\d+% \\(\\d+/\\d+\\)");

    private final Conversation conversation;
    private final String ref;
    private final Advertisement advertisement;

    private ReceivePack(Conversation conversation, String ref, Advertisement advertisement) {
        this.conversation = conversation;
        this.ref = ref;
        this.advertisement = advertisement;
    }

    /** Connects and reads the advertisement: one request over HTTP. */
    @NonNull
    public static ReceivePack open(@NonNull Channel channel, @NonNull String branch) throws IOException {
        Conversation conversation = channel.open(Service.RECEIVE_PACK);
        try {
            String ref = Refs.named(branch);
            Advertisement advertisement = Advertisement.read(conversation.greeting(), ref);
            advertisement.capabilities().requireSha1();
            if (!advertisement.capabilities().has("report-status")) {
                throw new WireException(WireException.Kind.FINAL, "the server does not report how a push ended");
            }
            return new ReceivePack(conversation, ref, advertisement);
        } catch (IOException | RuntimeException e) {
            conversation.close();
            throw e;
        }
    }

    /** Where the branch stood when the connection was made; empty when there is none. */
    @NonNull
    public Optional<ObjectId> tip() {
        return advertisement.tip();
    }

    /**
     * Moves the branch, if it still stands at {@code from}. Call it once.
     *
     * @param from the zero id to make the branch, if there still is none
     * @param pack everything of {@code to} that {@code from} lacks; may be thin
     * @param messages told what the server prints
     * @throws WireException of kind {@link WireException.Kind#BROKEN} when the branch may or may not have moved
     */
    @NonNull
    public PushAnswer push(
            @NonNull ObjectId from, @NonNull ObjectId to, @NonNull byte[] pack, @NonNull Consumer<String> messages)
            throws IOException {
        boolean sideBand = advertisement.capabilities().has("side-band-64k");
        String wishes = "report-status" + (sideBand ? " side-band-64k" : "") + " agent=" + Agent.NAME;
        byte[] request = new Request()
                .line(from.name() + " " + to.name() + " " + ref + "\0 " + wishes)
                .flush()
                .raw(pack)
                .toBytes();
        List<String> printed = new ArrayList<>();
        Consumer<String> keeping =
                text -> text.lines().filter(ReceivePack::isMessage).forEach(line -> {
                    String clean = ServerMessages.oneLine(line);
                    if (printed.size() == MESSAGES_KEPT) {
                        printed.remove(0);
                    }
                    printed.add(clean);
                    messages.accept(clean);
                });
        InputStream answer = conversation.ask(request);
        if (sideBand) {
            // The report may span packets of the side band, so it is gathered before it is read.
            try (SideBand report = new SideBand(new PacketReader(answer), keeping)) {
                answer = new ByteArrayInputStream(report.readNBytes(1 << 16));
            }
        }
        return report(new PacketReader(answer), printed);
    }

    /** Not how far it got: {@code Resolving deltas: 100% (1/1), done.} */
    private static boolean isMessage(String line) {
        return !line.isBlank() && !PROGRESS.matcher(line).find();
    }

    private PushAnswer report(PacketReader packets, List<String> printed) throws IOException {
        PushAnswer verdict = null;
        String unpack = "ok";
        while (packets.next() == PacketReader.Type.DATA) {
            String line = packets.text();
            if (line.startsWith("unpack ")) {
                unpack = line.substring("unpack ".length());
            } else if (line.equals("ok " + ref)) {
                verdict = new PushAnswer.Accepted();
            } else if (line.startsWith("ng " + ref + " ")) {
                verdict = PushAnswer.ng(line.substring(ref.length() + 4), printed);
            }
        }
        if (!unpack.equals("ok")) {
            return new PushAnswer.Refused("unpack failed: " + ServerMessages.oneLine(unpack), printed);
        }
        if (verdict == null) {
            throw new WireException(WireException.Kind.BROKEN, "the server did not say how the push ended");
        }
        return verdict;
    }

    @Override
    public void close() {
        conversation.close();
    }
}
