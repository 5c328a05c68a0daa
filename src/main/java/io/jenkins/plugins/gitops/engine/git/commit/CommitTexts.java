package io.jenkins.plugins.gitops.engine.git.commit;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.GpgSignature;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.FooterLine;
import org.eclipse.jgit.revwalk.RevCommit;

/** Between requests and commit objects. */
final class CommitTexts {

    private CommitTexts() {}

    /**
     * The commit's content.
     *
     * @param parent the zero id for none
     */
    static byte[] write(CommitRequest request, ObjectId tree, ObjectId parent, Instant when) {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        if (!parent.equals(ObjectId.zeroId())) {
            commit.setParentId(parent);
        }
        commit.setAuthor(person(request.author(), when));
        commit.setCommitter(person(request.committer().orElse(request.author()), when));
        commit.setMessage(message(request));
        Optional<CommitSigner> signer = request.signer();
        if (signer.isPresent()) {
            String signature = signer.get().sign(bytes(commit));
            commit.setGpgSignature(new GpgSignature(signature.getBytes(StandardCharsets.US_ASCII)));
        }
        return bytes(commit);
    }

    /** Subject, body, and the trailers as the last paragraph; the bump id is the last of them. */
    static String message(CommitRequest request) {
        StringBuilder message = new StringBuilder(request.subject().strip()).append("\n\n");
        if (!request.body().isBlank()) {
            message.append(request.body().strip()).append("\n\n");
        }
        for (Trailer trailer : request.trailers()) {
            message.append(trailer.key()).append(": ").append(trailer.value()).append('\n');
        }
        return message.append(CommitRequest.BUMP_ID_TRAILER)
                .append(": ")
                .append(request.bumpId())
                .append('\n')
                .toString();
    }

    static CommitInfo read(RevCommit commit) {
        PersonIdent author = commit.getAuthorIdent();
        List<Trailer> trailers = commit.getFooterLines().stream()
                .filter(line -> Trailer.isKey(line.getKey()))
                .map(line -> new Trailer(line.getKey(), line.getValue()))
                .toList();
        return new CommitInfo(
                commit.name(),
                text(author == null ? null : author.getName()),
                text(author == null ? null : author.getEmailAddress()),
                Instant.ofEpochSecond(commit.getCommitTime()),
                commit.getFullMessage(),
                trailers);
    }

    static Optional<String> bumpId(RevCommit commit) {
        return commit.getFooterLines().stream()
                .filter(line -> line.getKey().equalsIgnoreCase(CommitRequest.BUMP_ID_TRAILER))
                .map(FooterLine::getValue)
                .reduce((first, last) -> last);
    }

    private static byte[] bytes(CommitBuilder commit) {
        try {
            return commit.build();
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("UTF-8 is always there", e);
        }
    }

    private static PersonIdent person(Identity identity, Instant when) {
        return new PersonIdent(identity.name(), identity.email(), when, ZoneOffset.UTC);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
