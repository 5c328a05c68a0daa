package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.zip.Deflater;
import org.eclipse.jgit.lib.Constants;

/**
 * A thin pack (gitformat-pack) of exactly the new objects: its cost depends on the edit, not on the tree. A tree or
 * file goes as the difference to its earlier version, which the server has.
 */
public final class PackBytes {

    private static final int REF_DELTA = 7;
    private static final int WORTH_A_DELTA = 128;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    private final Deflater deflater = new Deflater();

    private PackBytes() {}

    /** The pack of everything that was made. */
    @NonNull
    public static byte[] of(@NonNull NewObjects objects) {
        PackBytes pack = new PackBytes();
        try {
            return pack.write(objects.made());
        } finally {
            pack.deflater.end();
        }
    }

    private byte[] write(Collection<GitObject> objects) {
        out.writeBytes(Constants.PACK_SIGNATURE);
        int32(2);
        int32(objects.size());
        objects.forEach(this::write);
        MessageDigest checksum = Constants.newMessageDigest();
        checksum.update(out.toByteArray());
        out.writeBytes(checksum.digest());
        return out.toByteArray();
    }

    private void write(GitObject object) {
        if (object.base().isPresent() && object.content().length > WORTH_A_DELTA) {
            GitObject.Base base = object.base().get();
            byte[] delta = Delta.between(base.content(), object.content());
            if (delta.length < object.content().length) {
                header(REF_DELTA, delta.length);
                byte[] id = new byte[Constants.OBJECT_ID_LENGTH];
                base.id().copyRawTo(id, 0);
                out.writeBytes(id);
                deflate(delta);
                return;
            }
        }
        header(object.type(), object.content().length);
        deflate(object.content());
    }

    private void header(int type, int size) {
        int rest = size >>> 4;
        int first = type << 4 | size & 0x0f;
        while (rest != 0) {
            out.write(first | 0x80);
            first = rest & 0x7f;
            rest >>>= 7;
        }
        out.write(first);
    }

    private void deflate(byte[] content) {
        deflater.reset();
        deflater.setInput(content);
        deflater.finish();
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
    }

    private void int32(int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(value >>> shift);
        }
    }
}
