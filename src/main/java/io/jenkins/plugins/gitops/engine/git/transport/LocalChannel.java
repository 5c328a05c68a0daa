package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/** A bare repository on this machine, served in process as a stateless service would. For tests. */
public final class LocalChannel implements Channel {

    private final Path directory;

    public LocalChannel(@NonNull Path directory) {
        this.directory = directory;
    }

    @Override
    public Conversation open(Service service) throws IOException {
        Repository repository;
        try {
            repository = new FileRepositoryBuilder()
                    .setGitDir(directory.toFile())
                    .setMustExist(true)
                    .setBare()
                    .build();
        } catch (IOException e) {
            throw new WireException(WireException.Kind.FINAL, "there is no repository at " + directory, e);
        }
        return service == Service.UPLOAD_PACK ? new Reading(repository) : new Writing(repository);
    }

    @Override
    public long contacts() {
        return 1;
    }

    @Override
    public void close() {
        // Nothing is kept open.
    }

    private record Reading(Repository repository) implements Conversation {

        @Override
        public InputStream greeting() throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            server().sendAdvertisedRefs(advertiser(out), null);
            return new ByteArrayInputStream(out.toByteArray());
        }

        @Override
        public boolean stateless() {
            return true;
        }

        @Override
        public InputStream ask(byte[] request) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                server().upload(new ByteArrayInputStream(request), out, null);
            } catch (IOException | RuntimeException e) {
                throw ServerMessages.error(HttpFailures.reason(e));
            }
            return new ByteArrayInputStream(out.toByteArray());
        }

        @Override
        public void close() {
            repository.close();
        }

        private UploadPack server() {
            UploadPack server = new UploadPack(repository);
            server.setBiDirectionalPipe(false);
            server.setExtraParameters(List.of("version=2"));
            return server;
        }
    }

    private record Writing(Repository repository) implements Conversation {

        @Override
        public InputStream greeting() throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new ReceivePack(repository).sendAdvertisedRefs(advertiser(out));
            return new ByteArrayInputStream(out.toByteArray());
        }

        @Override
        public boolean stateless() {
            return true;
        }

        @Override
        public InputStream ask(byte[] request) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ReceivePack server = new ReceivePack(repository);
            server.setBiDirectionalPipe(false);
            server.receive(new ByteArrayInputStream(request), out, null);
            return new ByteArrayInputStream(out.toByteArray());
        }

        @Override
        public void close() {
            repository.close();
        }
    }

    private static PacketLineOutRefAdvertiser advertiser(OutputStream out) {
        return new PacketLineOutRefAdvertiser(new PacketLineOut(out));
    }
}
