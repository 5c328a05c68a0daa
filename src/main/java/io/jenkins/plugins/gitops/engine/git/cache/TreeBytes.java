package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/**
 * A tree object in Git's own bytes. Changing an entry copies all others unread, so odd modes and names survive.
 *
 * @param raw mode, space, name, NUL and 20 bytes of id, one after the other
 */
@SuppressWarnings("ArrayRecordComponent")
record TreeBytes(@NonNull byte[] raw) {

    static final TreeBytes EMPTY = new TreeBytes(new byte[0]);

    /**
     * @param mode as in {@link FileMode}
     * @param idOffset where the id stands in the tree
     */
    record Entry(int mode, @NonNull ObjectId id, int idOffset) {

        boolean isTree() {
            return FileMode.TREE.equals(mode);
        }

        boolean isFile() {
            return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
        }
    }

    @NonNull
    Optional<Entry> find(@NonNull String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        int position = 0;
        while (position < raw.length) {
            int space = indexOf(' ', position);
            int nul = indexOf('\0', space + 1);
            int end = nul + 1 + Constants.OBJECT_ID_LENGTH;
            if (end > raw.length) {
                throw damaged();
            }
            if (Arrays.equals(raw, space + 1, nul, wanted, 0, wanted.length)) {
                return Optional.of(new Entry(mode(position, space), ObjectId.fromRaw(raw, nul + 1), nul + 1));
            }
            position = end;
        }
        return Optional.empty();
    }

    @NonNull
    TreeBytes replace(@NonNull Entry entry, @NonNull ObjectId id) {
        byte[] changed = raw.clone();
        id.copyRawTo(changed, entry.idOffset());
        return new TreeBytes(changed);
    }

    /** Puts an entry where Git's order wants it: a directory sorts as if its name ended in a slash. */
    @NonNull
    TreeBytes insert(@NonNull String name, @NonNull FileMode mode, @NonNull ObjectId id) {
        byte[] key = sortKey(name.getBytes(StandardCharsets.UTF_8), FileMode.TREE.equals(mode.getBits()));
        int position = 0;
        while (position < raw.length) {
            int space = indexOf(' ', position);
            int nul = indexOf('\0', space + 1);
            byte[] other =
                    sortKey(Arrays.copyOfRange(raw, space + 1, nul), FileMode.TREE.equals(mode(position, space)));
            if (Arrays.compareUnsigned(other, key) > 0) {
                break;
            }
            position = nul + 1 + Constants.OBJECT_ID_LENGTH;
        }
        byte[] head = (Integer.toOctalString(mode.getBits()) + " " + name + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] changed = new byte[raw.length + head.length + Constants.OBJECT_ID_LENGTH];
        System.arraycopy(raw, 0, changed, 0, position);
        System.arraycopy(head, 0, changed, position, head.length);
        id.copyRawTo(changed, position + head.length);
        int after = position + head.length + Constants.OBJECT_ID_LENGTH;
        System.arraycopy(raw, position, changed, after, raw.length - position);
        return new TreeBytes(changed);
    }

    private int indexOf(char wanted, int from) {
        for (int i = from; i < raw.length; i++) {
            if (raw[i] == wanted) {
                return i;
            }
        }
        throw damaged();
    }

    private int mode(int from, int to) {
        int mode = 0;
        for (int i = from; i < to; i++) {
            if (raw[i] < '0' || raw[i] > '7' || i - from > 7) {
                throw damaged();
            }
            mode = mode << 3 | raw[i] - '0';
        }
        return mode;
    }

    private static byte[] sortKey(byte[] name, boolean tree) {
        if (!tree) {
            return name;
        }
        byte[] key = Arrays.copyOf(name, name.length + 1);
        key[name.length] = '/';
        return key;
    }

    private static RepositoryException damaged() {
        return new RepositoryException(
                "A directory of the config repository is damaged (its tree object has no end); run git fsck there");
    }
}
