package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.gate.Requirement;
import io.jenkins.plugins.gitops.security.CurrentPerson;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;

/** The gates that wait, of every run and job, each with the page where people decide: of promotions, and questions. */
@Extension
public class OpenGates {

    /** Of a request: what was counted for it. */
    private static final String YOURS = OpenGates.class.getName() + ".yours";

    /** By the id of the gate. */
    private final Map<String, GateRecords> records = new ConcurrentHashMap<>();

    public static OpenGates get() {
        return ExtensionList.lookupSingleton(OpenGates.class);
    }

    /**
     * A gate as the user sees it.
     *
     * @param application empty for a question, as is {@code environment}
     * @param from environment that the release comes from; empty where nothing comes before
     * @param question in one line, or null for a promotion
     * @param job full name
     * @param url of its page, relative to Jenkins, with a final slash
     * @param explanation one sentence: what it waits for
     * @param approvals what it says of its approvals, or null where it asks for none
     * @param yours whether an approval by the user would count now
     */
    public record Waiting(
            String id,
            String application,
            String environment,
            String from,
            @CheckForNull String question,
            String job,
            String url,
            Instant openedAt,
            String explanation,
            @CheckForNull String approvals,
            boolean yours) {}

    /** A gate has opened or was resumed. */
    void add(String gate, GateRecords kept) {
        records.put(gate, kept);
    }

    /** A gate has ended. */
    void remove(String gate) {
        records.remove(gate);
    }

    /**
     * Those that the current user may see, in the order in which they opened.
     *
     * @param promotions whether those of a job, by its full name, are meant
     * @param questions likewise
     */
    public List<Waiting> toWhoeverAsks(Predicate<String> promotions, Predicate<String> questions) {
        Map<String, Person> asking = new HashMap<>();
        return visible(promotions, questions)
                .map(seen -> seen.waiting(seen.isYours(asking)))
                .toList();
    }

    /** How many gates wait for an approval by the current user; counted once for each request. */
    public long yours() {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        if (request != null && request.getAttribute(YOURS) instanceof Long known) {
            return known;
        }
        Map<String, Person> asking = new HashMap<>();
        long yours = visible(job -> true, job -> true)
                .filter(seen -> seen.isYours(asking))
                .count();
        if (request != null) {
            request.setAttribute(YOURS, yours);
        }
        return yours;
    }

    private Stream<Visible> visible(Predicate<String> promotions, Predicate<String> questions) {
        return GitOpsServices.get().gates().all().stream().flatMap(live -> {
            GateRecords kept = records.get(live.id());
            GateSubject subject = live.gate().subject();
            return kept != null
                            && (subject instanceof GateSubject.Promotion ? promotions : questions).test(kept.job())
                            && live.gate().status() == GateStatus.OPEN
                            && kept.place().hasPermission(GitOpsPermissions.VIEW)
                    ? Stream.of(new Visible(live, subject, kept))
                    : Stream.empty();
        });
    }

    /** An open gate that the current user may see. */
    private record Visible(LiveGate live, GateSubject subject, GateRecords kept) {

        /**
         * Whether an approval by the current user would count now.
         *
         * @param asking who that is, by job: groups and permissions may differ
         */
        boolean isYours(Map<String, Person> asking) {
            return kept.isApprover()
                    && kept.approveRefusal(
                                    live, asking.computeIfAbsent(kept.job(), job -> CurrentPerson.at(kept.place())))
                            .isEmpty();
        }

        Waiting waiting(boolean yours) {
            GateView view = live.view();
            Optional<String> approvals = view.requirements().stream()
                    .filter(requirement -> requirement.id().equals(Gate.APPROVALS))
                    .map(Requirement::reason)
                    .findFirst();
            Optional<GateSubject.Promotion> promotion = Optional.of(subject)
                    .filter(GateSubject.Promotion.class::isInstance)
                    .map(GateSubject.Promotion.class::cast);
            return new Waiting(
                    live.id(),
                    promotion.map(GateSubject.Promotion::application).orElse(""),
                    promotion.map(GateSubject.Promotion::environment).orElse(""),
                    promotion.map(GateSubject.Promotion::sourceEnvironment).orElse(""),
                    subject instanceof GateSubject.Question asked ? asked.question() : null,
                    kept.job(),
                    kept.getEndpoint(),
                    view.openedAt(),
                    view.explanation(),
                    approvals.orElse(null),
                    yours);
        }
    }
}
