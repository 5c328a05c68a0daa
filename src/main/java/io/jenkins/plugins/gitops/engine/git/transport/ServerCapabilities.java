package io.jenkins.plugins.gitops.engine.git.transport;

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
public record ServerCapabilities(int version, boolean partial, boolean shallow) {

    private static final String VERSION_2 = "version 2";

    /**
     * Of an advertisement.
     *
     * @throws WireException if the repository is not one of SHA-1: no other is read or written
     */
    static ServerCapabilities of(Channel.Greeting greeting) throws WireException {
        List<String> packets = packets(greeting.text());
        boolean two = packets.contains(VERSION_2);
        List<String> all = two
                ? packets
                : packets.stream()
                        .filter(line -> line.indexOf('\0') >= 0)
                        .limit(1)
                        .flatMap(line -> words(line.substring(line.indexOf('\0') + 1)))
                        .toList();
        Optional<String> other = values(all, "object-format=")
                .filter(format -> !format.equals("sha1"))
                .findFirst();
        if (other.isPresent()) {
            throw new WireException(
                    WireException.Kind.FINAL,
                    "the repository's object format is " + GitFailures.oneLine(other.get())
                            + " and only sha1 is supported");
        }
        List<String> fetch =
                two ? values(all, "fetch=").flatMap(ServerCapabilities::words).toList() : all;
        return new ServerCapabilities(two ? 2 : 0, two && fetch.contains("filter"), fetch.contains("shallow"));
    }

    private static Stream<String> values(List<String> capabilities, String key) {
        return capabilities.stream().filter(line -> line.startsWith(key)).map(line -> line.substring(key.length()));
    }

    private static Stream<String> words(String line) {
        return Stream.of(line.strip().split(" "));
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
    public ServerCapabilities withoutPartial() {
        return new ServerCapabilities(version, false, shallow);
    }
}
