package io.jenkins.plugins.gitops.engine.git.cache;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.Constants;

/**
 * Looks at a pack while it is received, before JGit does, and refuses what would take memory without bound: JGit reserves
 * it for as many objects, and for as large ones, as a pack announces, and holds the objects that deltas expand to.
 *
 * @see <a href="https://git-scm.com/docs/gitformat-pack">the format</a>
 */
final class PackGuard extends FilterInputStream {

    /** JGit takes some 60 bytes for each. */
    private static final long MOST_OBJECTS = 10_000_000;

    /** Of one object that is not read as a stream: whatever is no file, and what a delta expands to. In bytes. */
    private static final long LARGEST_HELD = 128L << 20;

    /** Of a delta and what it builds on, all of which may be held at once. */
    private static final int MOST_HELD_KIB = 512 << 10;

    /** Objects that count where a delta names its base by id, of which only JGit knows how it was made. */
    private static final int LARGE_KIB = 64;

    private static final int HEADER_LENGTH = 12;
    /** Of a delta's head: two numbers of 64 bits, in groups of 7. */
    private static final int DELTA_HEAD = 20;

    // The parts of a pack, one of which is read at a time. Neither a type nor a table of its own for a bump to load.
    private static final int HEADER = 0;
    private static final int TYPE = 1;
    private static final int SIZE = 2;
    private static final int OFFSET = 3;
    private static final int BASE_ID = 4;
    private static final int DATA = 5;
    private static final int REST = 6;

    private final StoreRepository repository;
    private final Inflater inflater = new Inflater();
    private final byte[] inflated = new byte[8192];
    private final byte[] head = new byte[DELTA_HEAD];
    private int part = HEADER;
    /** Bytes of this part so far. */
    private int length;

    private long position;
    private long left;
    private int type;
    private long size;
    private int shift;
    private long baseDistance;
    private long expanded;
    private int heldByBases;

    /** Where objects begin, and how much is held to expand them, in KiB. */
    private long[] begins = new long[64];

    private int[] held = new int[64];
    private int objects;
    private int heldById;

    /** @param repository told how much is received */
    PackGuard(InputStream in, StoreRepository repository) {
        super(in);
        this.repository = repository;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int most) throws IOException {
        int count = super.read(target, offset, most);
        if (count > 0) {
            repository.received(count);
            look(target, offset, count);
        }
        return count;
    }

    private void look(byte[] bytes, int offset, int count) throws IOException {
        int end = offset + count;
        int at = offset;
        while (at < end && part != REST) {
            if (part == DATA) {
                int rest = inflate(bytes, at, end - at);
                position += end - at - rest;
                at = end - rest;
            } else {
                next(bytes[at++] & 0xff);
                position++;
            }
        }
    }

    private void next(int value) throws ObjectTooLargeException {
        switch (part) {
            case HEADER -> {
                length++;
                if (length > HEADER_LENGTH - Integer.BYTES) {
                    left = left << 8 | value;
                }
                if (length == HEADER_LENGTH) {
                    if (left > MOST_OBJECTS) {
                        throw new ObjectTooLargeException("the server sends a pack of " + left + " objects");
                    }
                    begin();
                }
            }
            case TYPE -> {
                note();
                type = value >> 4 & 7;
                size = value & 15;
                shift = 4;
                if (value < 0x80) {
                    sized();
                } else {
                    part = SIZE;
                }
            }
            case SIZE -> {
                if (shift > 60) {
                    throw new ObjectTooLargeException("the server sends an object whose size has more than 64 bits");
                }
                size |= (long) (value & 0x7f) << shift;
                shift += 7;
                if (value < 0x80) {
                    sized();
                }
            }
            case OFFSET -> {
                baseDistance = (length++ == 0 ? 0 : baseDistance + 1) << 7 | value & 0x7f;
                if (value < 0x80) {
                    heldByBases = heldAt(begins[objects - 1] - baseDistance);
                    data();
                }
            }
            default -> {
                if (++length == Constants.OBJECT_ID_LENGTH) {
                    heldByBases = heldById;
                    data();
                }
            }
        }
    }

    private void begin() {
        part = left-- > 0 ? TYPE : REST;
    }

    private void note() {
        if (objects == begins.length) {
            begins = Arrays.copyOf(begins, objects * 2);
            held = Arrays.copyOf(held, objects * 2);
        }
        begins[objects++] = position;
        heldByBases = 0;
        baseDistance = 0;
        length = 0;
    }

    private int heldAt(long begin) {
        int base = Arrays.binarySearch(begins, 0, objects, begin);
        return base < 0 ? 0 : held[base];
    }

    private void sized() throws ObjectTooLargeException {
        if (size < 0 || type != Constants.OBJ_BLOB && size > LARGEST_HELD) {
            throw tooLarge(size);
        }
        switch (type) {
            case Constants.OBJ_OFS_DELTA -> part = OFFSET;
            case Constants.OBJ_REF_DELTA -> part = BASE_ID;
            default -> {
                hold(size);
                data();
            }
        }
    }

    private void data() {
        part = DATA;
        expanded = 0;
        inflater.reset();
    }

    private boolean isDelta() {
        return type == Constants.OBJ_OFS_DELTA || type == Constants.OBJ_REF_DELTA;
    }

    /** Returns how many bytes belong to what follows. */
    private int inflate(byte[] bytes, int offset, int count) throws IOException {
        inflater.setInput(bytes, offset, count);
        try {
            while (!inflater.finished()) {
                int more = inflater.inflate(inflated);
                if (more == 0 && !inflater.finished()) {
                    if (inflater.needsInput()) {
                        return 0;
                    }
                    throw damaged();
                }
                if (isDelta() && expanded < DELTA_HEAD) {
                    int taken = (int) Math.min(more, DELTA_HEAD - expanded);
                    System.arraycopy(inflated, 0, head, (int) expanded, taken);
                }
                expanded += more;
                if (expanded > size) {
                    throw damaged();
                }
            }
        } catch (DataFormatException e) {
            throw damaged();
        }
        if (isDelta()) {
            hold(resultSize());
        }
        begin();
        return inflater.getRemaining();
    }

    /** A delta begins with the size of its base, then its own when expanded. */
    private long resultSize() throws IOException {
        int at = 0;
        long result = 0;
        for (int number = 0; number < 2; number++) {
            result = 0;
            int bits = 0;
            int value;
            do {
                if (at >= Math.min(expanded, DELTA_HEAD) || bits > 56) {
                    throw damaged();
                }
                value = head[at++] & 0xff;
                result |= (long) (value & 0x7f) << bits;
                bits += 7;
            } while (value >= 0x80);
        }
        if (result > LARGEST_HELD) {
            throw tooLarge(result);
        }
        return result;
    }

    private void hold(long bytes) throws ObjectTooLargeException {
        int kib = (int) Math.min(Integer.MAX_VALUE / 2, bytes >> 10);
        held[objects - 1] = isDelta() ? heldByBases + kib : kib;
        if (type == Constants.OBJ_REF_DELTA && kib >= LARGE_KIB) {
            heldById += kib;
        }
        if (isDelta() && held[objects - 1] > MOST_HELD_KIB) {
            throw new ObjectTooLargeException("the server sends deltas that expand to more than "
                    + (MOST_HELD_KIB >> 10) + " MiB which are needed at once");
        }
    }

    private static ObjectTooLargeException tooLarge(long size) {
        return new ObjectTooLargeException("the server sends an object that takes " + size + " bytes of memory, and "
                + LARGEST_HELD + " are accepted");
    }

    private static CorruptObjectException damaged() {
        return new CorruptObjectException("the pack that the server sends is damaged");
    }

    /** Frees what it took to look; the stream is its owner's to close. */
    void release() {
        inflater.end();
    }
}
