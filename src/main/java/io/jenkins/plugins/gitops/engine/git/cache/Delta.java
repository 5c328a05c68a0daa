package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayOutputStream;

/**
 * A delta in Git's form (gitformat-pack, "Deltified representation") for an edit at one place: what stands before and
 * after it is copied from the base.
 */
final class Delta {

    private static final int LONGEST_COPY = 0xffff;
    private static final int LONGEST_INSERT = 0x7f;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Delta() {}

    @NonNull
    static byte[] between(@NonNull byte[] base, @NonNull byte[] target) {
        int shorter = Math.min(base.length, target.length);
        int prefix = 0;
        while (prefix < shorter && base[prefix] == target[prefix]) {
            prefix++;
        }
        int suffix = 0;
        while (suffix < shorter - prefix && base[base.length - 1 - suffix] == target[target.length - 1 - suffix]) {
            suffix++;
        }
        Delta delta = new Delta();
        delta.size(base.length);
        delta.size(target.length);
        delta.copy(0, prefix);
        delta.insert(target, prefix, target.length - suffix);
        delta.copy(base.length - suffix, base.length);
        return delta.out.toByteArray();
    }

    private void size(int size) {
        int rest = size;
        while (rest > 0x7f) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private void copy(int from, int to) {
        for (int start = from; start < to; start += LONGEST_COPY) {
            copyOne(start, Math.min(LONGEST_COPY, to - start));
        }
    }

    private void copyOne(int offset, int length) {
        ByteArrayOutputStream operands = new ByteArrayOutputStream();
        int command = 0x80;
        for (int i = 0; i < 4; i++) {
            command |= operand(operands, offset >>> (8 * i)) << i;
        }
        for (int i = 0; i < 2; i++) {
            command |= operand(operands, length >>> (8 * i)) << (4 + i);
        }
        out.write(command);
        out.writeBytes(operands.toByteArray());
    }

    private static int operand(ByteArrayOutputStream operands, int value) {
        int low = value & 0xff;
        if (low != 0) {
            operands.write(low);
        }
        return low == 0 ? 0 : 1;
    }

    private void insert(byte[] content, int from, int to) {
        for (int start = from; start < to; start += LONGEST_INSERT) {
            int length = Math.min(LONGEST_INSERT, to - start);
            out.write(length);
            out.write(content, start, length);
        }
    }
}
