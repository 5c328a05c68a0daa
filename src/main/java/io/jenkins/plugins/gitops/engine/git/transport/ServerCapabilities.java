package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a server's {@code git-upload-pack} can be asked.
 *
 * @param version protocol 0 or 2
 * @param partial whether single objects can be fetched: a filter leaves the rest out and any id may be wanted, which
 *     Git's own server allows with version 2 only
 * @param shallow whether history can be cut at a depth
 */
public record ServerCapabilities(int version, Partial partial, Shallow shallow) {

    /** Whether parts of a tree can be fetched. */
    public enum Partial {
        YES,
        NO
    }

    /** Whether parts of a history can be fetched. */
    public enum Shallow {
        YES,
        NO
    }

    /**
     * Of an advertisement.
     *
     * @throws WireException if the repository is not one of SHA-1
     */
    @NonNull
    static ServerCapabilities of(@NonNull Channel.Greeting greeting) throws WireException {
        String text = greeting.text();
        requireSha1(text);
        boolean two = isVersion2(text);
        List<String> fetch = two
                ? capabilities(text)
                        .filter(line -> line.startsWith("fetch="))
                        .flatMap(line ->
                                Stream.of(line.substring("fetch=".length()).split(" ")))
                        .toList()
                : capabilities(text).toList();
        return new ServerCapabilities(
                two ? 2 : 0,
                two && fetch.contains("filter") ? Partial.YES : Partial.NO,
                fetch.contains("shallow") ? Shallow.YES : Shallow.NO);
    }

    /** Whether an advertisement begins protocol 2, which lists no refs and is the same every time. */
    static boolean isVersion2(@NonNull String advertisement) {
        return packets(advertisement).contains("version 2");
    }

    /** Only SHA-1 repositories are read and written. */
    static void requireSha1(@NonNull String advertisement) throws WireException {
        Optional<String> other = capabilities(advertisement)
                .filter(capability -> capability.startsWith("object-format=") && !capability.endsWith("=sha1"))
                .findFirst();
        if (other.isPresent()) {
            throw new WireException(
                    WireException.Kind.FINAL,
                    "the repository's object format is "
                            + ServerMessages.oneLine(other.get().substring("object-format=".length()))
                            + " and only sha1 is supported");
        }
    }

    /** One a line with protocol 2; with 0, after a NUL in the first line that has a ref. */
    private static Stream<String> capabilities(String advertisement) {
        List<String> packets = packets(advertisement);
        if (packets.contains("version 2")) {
            return packets.stream();
        }
        return packets.stream()
                .filter(line -> line.indexOf('\0') >= 0)
                .limit(1)
                .flatMap(line ->
                        Stream.of(line.substring(line.indexOf('\0') + 1).strip().split(" ")));
    }

    /** The lines of packets (gitprotocol-common); some servers end them with a line feed, others do not. */
    private static List<String> packets(String advertisement) {
        List<String> packets = new ArrayList<>();
        int position = 0;
        while (position + 4 <= advertisement.length()) {
            int length;
            try {
                length = Integer.parseInt(advertisement.substring(position, position + 4), 16);
            } catch (NumberFormatException e) {
                return packets;
            }
            int end = Math.min(advertisement.length(), position + Math.max(4, length));
            if (length > 4) {
                packets.add(advertisement.substring(position + 4, end).stripTrailing());
            }
            position = end;
        }
        return packets;
    }

    /** The same server, once it refused to hand out single objects. */
    @NonNull
    public ServerCapabilities withoutPartial() {
        return new ServerCapabilities(version, Partial.NO, shallow);
    }
}
