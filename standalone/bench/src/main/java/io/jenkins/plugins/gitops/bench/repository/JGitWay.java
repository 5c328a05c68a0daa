package io.jenkins.plugins.gitops.bench.repository;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * The best that JGit's own transport can do: a bare repository, depth 1, {@code blob:none}, the file by its id, trees
 * edited along the path, and a push on one connection when the tip is known.
 */
final class JGitWay implements Way {

    private static final String BRANCH = "refs/heads/main";
    private static final PersonIdent WHO = new PersonIdent("Bench", "bench@example.com");

    private final EngineWay.Cache cache;
    private Repository repository;
    private ObjectId known;

    JGitWay(@NonNull EngineWay.Cache cache) {
        this.cache = cache;
    }

    @Override
    public String title() {
        return cache == EngineWay.Cache.COLD ? "JGit transport, first contact" : "JGit transport, warm";
    }

    @Override
    public void prepare(Path scratch, String url, String tag) throws IOException {
        repository = new FileRepositoryBuilder()
                .setGitDir(scratch.resolve("jgit.git").toFile())
                .setBare()
                .build();
        repository.create(true);
        known = ObjectId.zeroId();
        if (cache == EngineWay.Cache.WARM) {
            bump(scratch, url, tag + "-before");
        }
    }

    @Override
    public void bump(Path scratch, String url, String tag) throws IOException {
        try (Transport transport = Transport.open(repository, new URIish(url))) {
            transport.setPushThin(true);
            try (PushConnection push = transport.openPush()) {
                ObjectId tip = push.getRef(BRANCH).getObjectId();
                if (!tip.equals(known)) {
                    fetch(url, tip);
                }
                ObjectId commit = commit(url, tip, tag);
                RemoteRefUpdate update = new RemoteRefUpdate(repository, null, commit, BRANCH, false, null, tip);
                push.push(NullProgressMonitor.INSTANCE, Map.of(BRANCH, update));
                if (update.getStatus() != RemoteRefUpdate.Status.OK) {
                    throw new IOException("push: " + update);
                }
                known = commit;
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private void fetch(String url, ObjectId wanted) throws IOException, URISyntaxException {
        try (Transport transport = Transport.open(repository, new URIish(url))) {
            transport.setDepth(1);
            transport.setFilterSpec(FilterSpec.fromFilterLine("blob:none"));
            fetch(transport, wanted);
        }
        known = wanted;
    }

    private static void fetch(Transport transport, ObjectId wanted) throws IOException {
        // No local ref is kept: JGit would claim to have all that it reaches, and the file would not be sent.
        try (FetchConnection connection = transport.openFetch(List.of())) {
            Ref ref = new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, wanted.name(), wanted);
            connection.fetch(NullProgressMonitor.INSTANCE, List.of(ref), Set.of());
        }
    }

    private ObjectId commit(String url, ObjectId tip, String tag) throws IOException, URISyntaxException {
        try (RevWalk walk = new RevWalk(repository);
                ObjectInserter inserter = repository.newObjectInserter()) {
            RevCommit parent = walk.parseCommit(tip);
            ObjectId blob;
            try (TreeWalk path = TreeWalk.forPath(repository, Shape.FILE, parent.getTree())) {
                blob = path.getObjectId(0);
            }
            if (!repository.getObjectDatabase().has(blob)) {
                try (Transport transport = Transport.open(repository, new URIish(url))) {
                    fetch(transport, blob);
                }
            }
            String file = new String(repository.open(blob).getBytes(), StandardCharsets.UTF_8);
            ObjectId changed = inserter.insert(
                    Constants.OBJ_BLOB, EngineWay.withTag(file, tag).getBytes(StandardCharsets.UTF_8));
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(replace(inserter, parent.getTree(), Shape.FILE.split("/"), 0, changed));
            commit.setParentId(tip);
            commit.setAuthor(WHO);
            commit.setCommitter(WHO);
            commit.setMessage("Bump to " + tag + "\n");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        }
    }

    private ObjectId replace(ObjectInserter inserter, ObjectId tree, String[] names, int depth, ObjectId blob)
            throws IOException {
        CanonicalTreeParser entries = new CanonicalTreeParser(new byte[0], repository.newObjectReader(), tree);
        TreeFormatter formatter = new TreeFormatter();
        for (; !entries.eof(); entries.next(1)) {
            String name = entries.getEntryPathString();
            ObjectId id = entries.getEntryObjectId();
            FileMode mode = entries.getEntryFileMode();
            if (name.equals(names[depth])) {
                id = depth == names.length - 1 ? blob : replace(inserter, id, names, depth + 1, blob);
            }
            formatter.append(name, mode, id);
        }
        return inserter.insert(formatter);
    }
}
