package io.jenkins.plugins.gitops.engine.gate;

import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A gate's events and state as sentences, for the log, the page and refusals. What people and servers wrote becomes one
 * line, so that nobody forges a line of a log.
 */
public final class GateMessages {

    private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");

    private GateMessages() {}

    /** How it ended, as the rest of a sentence that begins "it"; for an open gate: "is open". */
    public static String ending(Gate gate) {
        GateEvent last = gate.last();
        String at = " at " + Durations.time(last.at());
        return switch (gate.status()) {
            case OPEN -> "is open";
            case APPROVED -> "was approved at " + Durations.time(grantedAt(gate));
            case OVERRIDDEN ->
                "was overridden by " + gate.overrides().get(0).by().id() + " at " + Durations.time(grantedAt(gate));
            case REJECTED ->
                "was rejected by " + ((GateEvent.Rejected) last).by().id() + at + " ("
                        + ((GateEvent.Rejected) last).reason() + ")";
            case EXPIRED -> "expired" + at;
            case SUPERSEDED -> "was superseded by " + ((GateEvent.Superseded) last).by() + at;
            case CLOSED -> "was closed" + at + " (" + ((GateEvent.Closed) last).reason() + ")";
        };
    }

    private static Instant grantedAt(Gate gate) {
        return gate.granted().orElseThrow().at();
    }

    /**
     * Why the gate stands where it stands: what an open one waits for, or how another one ended.
     *
     * @param results what the checks say now, by id
     */
    public static String explain(Gate gate, Map<String, CheckResult> results, Instant now) {
        return oneLine(explanation(gate, results, now) + gateChanges(gate.subject()) + changed(gate) + skipped(gate));
    }

    /** Sentences that name the commits which come through this gate and changed it, for the page and the log. */
    private static String gateChanges(GateSubject subject) {
        return subject instanceof GateSubject.Promotion promotion
                ? promotion.gateChanges().stream()
                        .map(commit -> " " + gateChange(promotion, commit) + ".")
                        .collect(Collectors.joining())
                : "";
    }

    /** A clause about a commit that changed the gate. */
    public static String gateChange(GateSubject.Promotion promotion, GateSubject.CommitSummary commit) {
        return "Commit " + CommitInfo.abbreviate(commit.commit()) + " (" + commit.subject() + ") by "
                + String.join(", ", commit.authors()) + " changed this gate since " + promotion.target()
                + " was deployed last";
    }

    private static String changed(Gate gate) {
        return gate.amended().map(amended -> " " + amended.change() + ".").orElse("");
    }

    private static String skipped(Gate gate) {
        return gate.skipped() == 0
                ? ""
                : " Stored events that could not be read and were skipped: " + gate.skipped() + ".";
    }

    private static String explanation(Gate gate, Map<String, CheckResult> results, Instant now) {
        if (gate.status() != GateStatus.OPEN) {
            return "The gate for " + gate.subject().target() + " " + ending(gate) + ".";
        }
        List<Requirement> open = Requirement.of(gate, results, now).stream()
                .filter(requirement -> !requirement.holds())
                .toList();
        return open.isEmpty()
                ? "The gate for " + gate.subject().target() + " has all its requirements met."
                : "The gate for " + gate.subject().target() + " waits for "
                        + open.stream().map(GateMessages::clause).collect(Collectors.joining("; ")) + ".";
    }

    /**
     * One sentence: what a decision leads to at once.
     *
     * @param decided the gate as the decision would leave it
     */
    public static String next(Gate decided, Map<String, CheckResult> results, Instant now) {
        Map<String, CheckResult> known = new HashMap<>(decided.results());
        known.putAll(results);
        List<String> open = Requirement.of(decided, known, now).stream()
                .filter(requirement -> !requirement.holds())
                .map(Requirement::id)
                .toList();
        if (!open.isEmpty()) {
            return "The gate then still waits for " + String.join(", ", open) + ".";
        }
        return decided.subject() instanceof GateSubject.Promotion promotion
                ? "All requirements are met then: " + promotion.target() + " is promoted at once."
                : "All requirements are met then: the run continues at once.";
    }

    /** How a gate that is not open ended. */
    public static String explain(Gate ended) {
        return explain(ended, ended.results(), ended.last().at());
    }

    private static String clause(Requirement requirement) {
        return requirement.id() + " (" + requirement.reason()
                + (requirement.until() == null ? "" : ", until " + Durations.time(requirement.until())) + ")";
    }

    /** One line about an event, for the log. */
    public static String line(GateEvent event) {
        return oneLine(text(event));
    }

    private static String oneLine(String text) {
        return LINE_BREAKS.matcher(text).replaceAll(" ");
    }

    private static String text(GateEvent event) {
        if (event instanceof GateEvent.Opened opened) {
            return opened(opened.subject());
        } else if (event instanceof GateEvent.Amended amended) {
            return "Gate changed" + comment(amended.change());
        } else if (event instanceof GateEvent.Approved approved) {
            return "Approved by " + approved.by().id()
                    + (approved.review() == null
                            ? ""
                            : " as " + approved.review().login() + " on "
                                    + approved.review().url())
                    + comment(approved.comment());
        } else if (event instanceof GateEvent.Withdrawn withdrawn) {
            return withdrawn.reason() == null
                    ? withdrawn.by().id() + " withdrew the approval"
                    : "The approval of " + withdrawn.by().id() + " no longer counts: " + withdrawn.reason();
        } else if (event instanceof GateEvent.Ticked ticked) {
            return ticked.by().id() + " ticked '" + ticked.item() + "'";
        } else if (event instanceof GateEvent.Unticked unticked) {
            return unticked.by().id() + " unticked '" + unticked.item() + "'";
        } else if (event instanceof GateEvent.Rejected rejected) {
            return "Rejected by " + rejected.by().id() + comment(rejected.reason());
        } else if (event instanceof GateEvent.Overridden overridden) {
            return "OVERRIDDEN by " + overridden.by().id() + comment(overridden.reason()) + ", skips "
                    + String.join(", ", overridden.skipped());
        } else if (event instanceof GateEvent.Checked checked) {
            return "Check " + checked.result().check() + " "
                    + checked.result().state().name().toLowerCase(Locale.ROOT)
                    + comment(checked.result().reason())
                    + (checked.result().until() == null
                            ? ""
                            : ", until " + Durations.time(checked.result().until()));
        } else if (event instanceof GateEvent.Superseded superseded) {
            return "Superseded by " + superseded.by();
        } else if (event instanceof GateEvent.Closed closed) {
            return "Gate closed" + comment(closed.reason());
        } else if (event instanceof GateEvent.Promoted promoted) {
            return "Promoted with commit " + CommitInfo.abbreviate(promoted.commit());
        } else if (event instanceof GateEvent.Reminded) {
            return "Reminder: the gate is still open";
        } else if (event instanceof GateEvent.Reopened reopened) {
            return "Gate reopened" + comment(reopened.reason());
        } else if (event instanceof GateEvent.Expired) {
            return "The gate expired: it was not decided in time";
        }
        return "All requirements are met";
    }

    private static String opened(GateSubject subject) {
        if (subject instanceof GateSubject.Question question) {
            return "Gate opened: " + question.question();
        }
        GateSubject.Promotion promotion = (GateSubject.Promotion) subject;
        String from =
                switch (promotion.origin()) {
                    case ROLLBACK -> ", back to the release of " + CommitInfo.abbreviate(promotion.sourceCommit());
                    case LIVE, CHOSEN ->
                        promotion.sourceEnvironment().isEmpty() ? "" : ", from " + promotion.sourceEnvironment();
                };
        String why = promotion.reason() == null ? "" : " (" + promotion.reason() + ")";
        return (promotion.procedure() == GateSubject.Procedure.HOTFIX ? "Hotfix gate" : "Gate") + " opened for "
                + promotion.target() + from + why + ": "
                + promotion.changes().stream()
                        .filter(ImageChange::isChange)
                        .map(ImageChange::versions)
                        .collect(Collectors.joining(", "));
    }

    private static String comment(String text) {
        return text.isEmpty() ? "" : ": " + text;
    }
}
