package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.Requirement;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * What a pull request says of its release to those who read it there, and the status of its commit. Pure.
 *
 * @param request the commit
 * @param changes what it changes
 * @param gate as it stands; empty where there is none
 */
record PullRequestText(CommitRequest request, List<ImageChange> changes, Optional<GateView> gate) {

    private static final int MOST_CHANGES = 200;
    private static final int MOST_REQUIREMENTS = 50;
    /** What GitHub takes, which takes least. */
    private static final int LONGEST_STATUS = 140;

    private static final int LONGEST_END = 400;
    private static final String STATE = "Jenkins keeps this text up to date ";

    /** @param longest so many characters at most */
    String body(int longest) {
        Trailers trailers = new Trailers(request.trailers());
        StringBuilder body = new StringBuilder(code(request.subject())).append("\n\n");
        changes.stream()
                .filter(ImageChange::isChange)
                .limit(MOST_CHANGES)
                .forEach(change ->
                        body.append("- ").append(code(change.toString())).append('\n'));
        line(body, "Environment", trailers.values(Trailers.ENVIRONMENT));
        line(body, "Reason", trailers.values(Trailers.REASON));
        line(body, "Hotfix", trailers.values(Trailers.HOTFIX));
        line(body, "Started by", trailers.values(Trailers.STARTED_BY));
        gate.ifPresentOrElse(
                open -> requirements(body, open),
                () -> line(body, "Approved by", trailers.values(Trailers.APPROVED_BY)));
        trailers.value(Trailers.RUN)
                .filter(run -> run.matches("https?://[!-~&&[^<>]]+"))
                .ifPresent(run -> body.append("\n**Run:** <").append(run).append(">\n"));
        String text = body.length() <= longest - LONGEST_END
                ? body.toString()
                : body.substring(0, longest - LONGEST_END - 1) + "…";
        return text + "\nThe branch belongs to Jenkins: commits that others push to it are replaced. Closing this pull"
                + " request rejects the release.\n\n" + state(text) + "\n";
    }

    private static void requirements(StringBuilder body, GateView gate) {
        body.append("\n**Gate:** ").append(plain(gate.explanation())).append("\n\n");
        gate.requirements().stream()
                .limit(MOST_REQUIREMENTS)
                .forEach(requirement -> body.append("- ")
                        .append(
                                switch (requirement.state()) {
                                    case MET -> "met: ";
                                    case PENDING -> "waiting: ";
                                    case FAILED -> "not met: ";
                                    case WAIVED -> "waived: ";
                                })
                        .append(code(requirement.id()))
                        .append(", ")
                        .append(plain(requirement.reason()))
                        .append('\n'));
        line(
                body,
                "Approved by",
                gate.approvals().stream().map(vote -> vote.by().id()).toList());
    }

    /** Tells whether a text is the one that was written last, wherever servers put line ends. */
    private static String state(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return STATE + "(%08x).".formatted(sum.getValue());
    }

    /** Whether somebody else's text is this one still. */
    boolean isIn(String told, int longest) {
        return told.contains(body(longest).lines().reduce((first, last) -> last).orElseThrow());
    }

    /** Whether the plugin has ended what it does with a pull request that it opened. */
    static boolean isComplete(String told) {
        return told.contains(STATE);
    }

    /** What the status of the commit is. */
    Outcome outcome() {
        if (missing().isEmpty()) {
            return Outcome.PASSED;
        }
        return missing().stream().anyMatch(requirement -> requirement.state() == Requirement.State.FAILED)
                ? Outcome.FAILED
                : Outcome.PENDING;
    }

    /** The same in a line. */
    String status() {
        String all = missing().stream()
                .map(requirement -> requirement.id() + ": " + requirement.reason())
                .collect(Collectors.joining("; "));
        String line = all.isEmpty() ? "All requirements are met" : "Waits for " + all;
        String printable = line.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
        return printable.length() <= LONGEST_STATUS ? printable : printable.substring(0, LONGEST_STATUS - 1) + "…";
    }

    /** None of a gate that has let it pass: what was met then is met. */
    private List<Requirement> missing() {
        return gate.filter(open -> !open.status().isGranted())
                .map(open -> open.requirements().stream()
                        .filter(requirement -> requirement.state() == Requirement.State.PENDING
                                || requirement.state() == Requirement.State.FAILED)
                        .toList())
                .orElse(List.of());
    }

    private static void line(StringBuilder body, String title, List<String> values) {
        if (!values.isEmpty()) {
            body.append("\n**")
                    .append(title)
                    .append(":** ")
                    .append(plain(String.join(", ", values)))
                    .append('\n');
        }
    }

    /** Names and versions, which may be copied. */
    private static String code(String text) {
        return "`" + text.replaceAll("[\\p{Cntrl}`]+", " ") + "`";
    }

    /** What people wrote is text: no markup, and nobody is mentioned. */
    static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\\n]]+", " ")
                .replaceAll("([\\\\`*_\\[\\]<>|#!])", "\\\\$1")
                .replace("@", "@\u200b");
    }
}
