package io.jenkins.plugins.gitops.engine.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.merge.MergeStrategy;
import org.eclipse.jgit.merge.ThreeWayMerger;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * A repository in memory, served over HTTP by JGit in this JVM: for tests that look at what is committed hundreds of times,
 * where a process of git for each request would take minutes. What it answers is an {@link HttpHandler} of any server.
 */
public final class MemoryGit implements HttpHandler {

    private static final PersonIdent SOMEBODY = new PersonIdent("Somebody", "somebody@example.org");

    private final InMemoryRepository repository = new InMemoryRepository(new DfsRepositoryDescription("config"));

    /** Whether a request is heard. */
    public volatile BooleanSupplier hearing = () -> true;
    /** Whether one that was heard, and is done, gets its answer. */
    public volatile BooleanSupplier answering = () -> true;

    public MemoryGit() {
        repository.getConfig().setBoolean("uploadpack", null, "allowFilter", true);
        repository.getConfig().setBoolean("uploadpack", null, "allowAnySHA1InWant", true);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!hearing.getAsBoolean()) {
            exchange.close();
            return;
        }
        byte[] answer;
        String type;
        String query = String.valueOf(exchange.getRequestURI().getRawQuery());
        String service = query.startsWith("service=")
                ? query.substring("service=".length())
                : exchange.getRequestURI().getPath().replaceFirst(".*/", "");
        try (InputStream body = body(exchange)) {
            boolean isAdvertised = exchange.getRequestURI().getPath().endsWith("/info/refs");
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            synchronized (this) {
                serve(service, isAdvertised, exchange.getRequestHeaders().getFirst("Git-Protocol"), body, out);
            }
            answer = out.toByteArray();
            type = "application/x-" + service + (isAdvertised ? "-advertisement" : "-result");
        }
        if (!answering.getAsBoolean()) {
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static InputStream body(HttpExchange exchange) throws IOException {
        boolean isZipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        return isZipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
    }

    private void serve(String service, boolean isAdvertised, String protocol, InputStream in, ByteArrayOutputStream out)
            throws IOException {
        PacketLineOutRefAdvertiser advertiser = new PacketLineOutRefAdvertiser(new PacketLineOut(out));
        if (service.equals("git-upload-pack")) {
            UploadPack upload = new UploadPack(repository);
            upload.setBiDirectionalPipe(false);
            upload.setExtraParameters(protocol == null ? List.of() : Arrays.asList(protocol.split(":")));
            if (isAdvertised) {
                upload.sendAdvertisedRefs(advertiser, service);
            } else {
                upload.upload(in, out, null);
            }
            return;
        }
        ReceivePack receive = new ReceivePack(repository);
        receive.setBiDirectionalPipe(false);
        receive.setAllowNonFastForwards(true);
        if (isAdvertised) {
            PacketLineOut first = new PacketLineOut(out);
            first.writeString("# service=" + service + "\n");
            first.end();
            receive.sendAdvertisedRefs(advertiser);
        } else {
            receive.receive(in, out, null);
        }
    }

    /** The commit at the tip of a branch; empty where the branch does not exist. */
    public Optional<String> tip(String branch) {
        return ref("refs/heads/" + branch);
    }

    /** The commit that a ref names in full; empty where there is none. */
    public Optional<String> ref(String name) {
        return known(() -> Optional.ofNullable(repository.resolve(name))).map(ObjectId::name);
    }

    /** Somebody commits files to a branch, which is made where it does not exist; gives the commit. */
    public String commit(String branch, String message, Map<String, String> files) {
        return commit(branch, tip(branch), message, files);
    }

    /** The same on another commit than the tip, as somebody does who pushes with force. */
    public String commit(String branch, Optional<String> parent, String message, Map<String, String> files) {
        return known(() -> {
            DirCache index = DirCache.newInCore();
            try (ObjectInserter inserter = repository.newObjectInserter();
                    RevWalk walk = new RevWalk(repository)) {
                if (parent.isPresent()) {
                    DirCacheBuilder builder = index.builder();
                    builder.addTree(
                            new byte[0],
                            0,
                            walk.getObjectReader(),
                            walk.parseCommit(ObjectId.fromString(parent.get())).getTree());
                    builder.finish();
                }
                DirCacheEditor editor = index.editor();
                for (Map.Entry<String, String> file : files.entrySet()) {
                    ObjectId blob =
                            inserter.insert(Constants.OBJ_BLOB, file.getValue().getBytes(StandardCharsets.UTF_8));
                    editor.add(new DirCacheEditor.PathEdit(file.getKey()) {
                        @Override
                        public void apply(DirCacheEntry entry) {
                            entry.setFileMode(FileMode.REGULAR_FILE);
                            entry.setObjectId(blob);
                        }
                    });
                }
                editor.finish();
                String tree = index.writeTree(inserter).name();
                inserter.flush();
                String commit = commitTree(tree, message, parent.map(List::of).orElse(List.of()));
                set(branch, commit);
                return commit;
            }
        });
    }

    /** A commit that no branch has yet. */
    public String commitTree(String tree, String message, List<String> parents) {
        return known(() -> {
            try (ObjectInserter inserter = repository.newObjectInserter()) {
                CommitBuilder commit = new CommitBuilder();
                commit.setTreeId(ObjectId.fromString(tree));
                commit.setParentIds(parents.stream().map(ObjectId::fromString).toList());
                commit.setAuthor(SOMEBODY);
                commit.setCommitter(SOMEBODY);
                commit.setMessage(message);
                ObjectId made = inserter.insert(commit);
                inserter.flush();
                return made.name();
            }
        });
    }

    /** Sets a branch, whatever it held. */
    public void set(String branch, String commit) {
        known(() -> {
            RefUpdate update = repository.updateRef("refs/heads/" + branch);
            update.setNewObjectId(ObjectId.fromString(commit));
            return update.forceUpdate();
        });
    }

    public void delete(String branch) {
        known(() -> {
            RefUpdate update = repository.updateRef("refs/heads/" + branch);
            update.setForceUpdate(true);
            return update.delete();
        });
    }

    /** The tree of a merge of two commits; empty where they conflict. */
    public Optional<String> merged(String base, String head) {
        return known(() -> {
            ThreeWayMerger merger = MergeStrategy.RECURSIVE.newMerger(repository, true);
            if (!merger.merge(ObjectId.fromString(base), ObjectId.fromString(head))) {
                return Optional.empty();
            }
            return Optional.of(merger.getResultTreeId().name());
        });
    }

    /** The messages of a commit and those before it, along first parents, the newest first. */
    public List<String> messages(String commit) {
        return known(() -> {
            List<String> messages = new ArrayList<>();
            try (RevWalk walk = new RevWalk(repository)) {
                for (RevCommit at = walk.parseCommit(ObjectId.fromString(commit)); at != null; ) {
                    messages.add(at.getFullMessage());
                    at = at.getParentCount() == 0 ? null : walk.parseCommit(at.getParent(0));
                }
            }
            return messages;
        });
    }

    public List<String> parents(String commit) {
        return known(() -> {
            try (RevWalk walk = new RevWalk(repository)) {
                return Arrays.stream(
                                walk.parseCommit(ObjectId.fromString(commit)).getParents())
                        .map(RevCommit::name)
                        .toList();
            }
        });
    }

    public boolean isAncestor(String older, String newer) {
        return known(() -> {
            try (RevWalk walk = new RevWalk(repository)) {
                return walk.isMergedInto(
                        walk.parseCommit(ObjectId.fromString(older)), walk.parseCommit(ObjectId.fromString(newer)));
            }
        });
    }

    /** Path to content of all files of a commit. */
    public Map<String, String> files(String commit) {
        return known(() -> {
            Map<String, String> files = new TreeMap<>();
            try (RevWalk walk = new RevWalk(repository);
                    TreeWalk tree = new TreeWalk(repository)) {
                tree.addTree(walk.parseCommit(ObjectId.fromString(commit)).getTree());
                tree.setRecursive(true);
                while (tree.next()) {
                    files.put(
                            tree.getPathString(),
                            new String(
                                    walk.getObjectReader()
                                            .open(tree.getObjectId(0))
                                            .getBytes(),
                                    StandardCharsets.UTF_8));
                }
            }
            return files;
        });
    }

    private synchronized <T> T known(Callable<T> question) {
        try {
            return question.call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
